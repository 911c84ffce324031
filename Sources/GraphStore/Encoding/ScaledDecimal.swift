/// A double written as a whole number over a power of ten, where that gives back the same bits.
///
/// Most stored doubles were decimals with few digits (0.7, 12.25): 7 / 10 is the double nearest
/// to 0.7 because IEEE division rounds correctly and both operands are exact. Two or four bytes
/// then replace eight, and nothing is lost. A value that fits at one exponent fits at the next.
enum ScaledDecimal {
    /// The largest power of ten in use.
    static let maximumExponent = 6

    /// Ten to the power of an exponent; 1 for exponents out of range.
    @inline(__always)
    static func scale(_ exponent: Int) -> Double {
        switch exponent {
        case 1: 10
        case 2: 100
        case 3: 1_000
        case 4: 10_000
        case 5: 100_000
        case 6: 1_000_000
        default: 1
        }
    }

    /// The whole number that gives back `value` at this exponent, if a 32-bit one does.
    @inline(__always)
    static func numerator(of value: Double, exponent: Int) -> Int32? {
        let scaled = value * scale(exponent)
        // The comparison is false for NaN and infinities as well.
        guard scaled.magnitude <= 2_147_483_647 else { return nil }
        // Rounding by hand spares a call; where it errs, the quotient tells.
        let numerator = Int32(scaled + (scaled < 0 ? -0.5 : 0.5))
        return self.value(numerator, exponent).bitPattern == value.bitPattern ? numerator : nil
    }

    /// The smallest exponent at which a 32-bit whole number gives back `value`.
    static func exponent(of value: Double, from lowest: Int = 0) -> Int? {
        guard lowest <= maximumExponent else { return nil }
        for exponent in lowest...maximumExponent {
            if numerator(of: value, exponent: exponent) != nil { return exponent }
        }
        return nil
    }

    /// The double that a numerator and an exponent stand for.
    @inline(__always)
    static func value(_ numerator: Int32, _ exponent: Int) -> Double {
        Double(numerator) / scale(exponent)
    }

    /// Whether a 32-bit float holds `value` exactly. NaNs are left to 64 bits, payload and all.
    static func isSingle(_ value: Double) -> Bool {
        Double(Float(value)).bitPattern == value.bitPattern && !value.isNaN
    }
}

/// The fewest bytes that hold a signed number in two's complement: 1 to 8.
@inline(__always)
func signedByteCount(_ value: Int64) -> Int {
    let magnitude = value ^ (value &>> 63)
    return (72 &- magnitude.leadingZeroBitCount) &>> 3
}
