/// A generator of random numbers that gives the same ones for the same seed: SplitMix64.
///
/// - SeeAlso: Steele, Lea, Flood, *Fast Splittable Pseudorandom Number Generators* (2014).
public struct TestRandom: RandomNumberGenerator, Sendable {
    private var state: UInt64

    /// Makes the generator of a seed.
    public init(seed: UInt64) { state = seed }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }

    /// A number from 0 up to, without, `bound`, which must be positive.
    public mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

    /// True in so many of a hundred cases.
    public mutating func percent(_ chance: Int) -> Bool { below(100) < chance }

    /// An element of a collection that is not empty.
    public mutating func pick<T>(_ choices: [T]) -> T { choices[below(choices.count)] }
}
