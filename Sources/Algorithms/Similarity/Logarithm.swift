#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// The natural logarithm of the system's mathematics.
func naturalLogarithm(_ value: Double) -> Double { log(value) }

/// The exponential function of the system's mathematics.
func exponential(_ value: Float) -> Float { exp(value) }
