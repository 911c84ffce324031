/// Numbers of shortest paths beyond what a double can hold: on a grid of 1,000 by 1,000 nodes there
/// are more than 10³⁰⁰ to most, and infinities would make nonsense of all shares.
///
/// A count is `value × 2⁵¹²ᵉ` with `value` from 2⁻²⁵⁶ up to 2²⁵⁶. Only ratios of counts are ever
/// asked for, between nodes next to each other.
enum PathCounts {
    private static let top = 0x1p256
    private static let down = 0x1p-512
    private static let up = 0x1p512

    /// Adds a count to another; what is 2⁵¹² times less is lost, as in any sum of doubles.
    @inline(__always)
    static func add(
        _ value: Double, _ exponent: Int32, to sum: inout Double, _ sumExponent: inout Int32
    ) {
        if exponent == sumExponent {
            sum += value
        } else if exponent == sumExponent &+ 1 {
            sum = sum * down + value
            sumExponent = exponent
        } else if exponent &+ 1 == sumExponent {
            sum += value * down
        } else if exponent > sumExponent {
            sum = value
            sumExponent = exponent
        }
        normalise(&sum, &sumExponent)
    }

    /// Brings a value below 2²⁵⁶.
    @inline(__always)
    static func normalise(_ value: inout Double, _ exponent: inout Int32) {
        while value >= top {
            value *= down
            exponent &+= 1
        }
    }

    /// What the ratio of two values is to be multiplied with.
    @inline(__always)
    static func factor(_ exponent: Int32, over other: Int32) -> Double {
        if exponent == other { return 1 }
        if exponent &+ 1 == other { return down }
        return exponent < other ? 0 : up
    }
}
