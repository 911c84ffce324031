/// Counts distinct values by their hashes in bounded memory: exactly while there are few, and from
/// the smallest hashes when there are many.
///
/// With k smallest hashes of n distinct ones, spread evenly over [0, 1), the largest of them is
/// about k / n. The standard error is 1 / √(k − 2): 2.2 % here.
///
/// - SeeAlso: Bar-Yossef, Jayram, Kumar, Sivakumar, Trevisan, *Counting Distinct Elements in a Data
///   Stream* (2002); Beyer et al., *On Synopses for Distinct-Value Estimation* (2007), whose
///   unbiased estimator (k − 1) / U is used.
struct DistinctCounter {
    /// The hashes an estimate is made of.
    static let capacity = 2_048

    /// All hashes seen that are at most `limit`.
    private var hashes: Set<UInt64> = []
    private var limit = UInt64.max

    mutating func add(_ hash: UInt64) {
        guard hash <= limit, hashes.insert(hash).inserted, hashes.count >= 2 * Self.capacity else {
            return
        }
        let kept = hashes.sorted().prefix(Self.capacity)
        hashes = Set(kept)
        limit = kept.last ?? limit
    }

    /// How many there are, and whether that is exact.
    var estimate: (count: Int, isExact: Bool) {
        guard limit < .max else { return (hashes.count, true) }
        let smallest = hashes.sorted().prefix(Self.capacity)
        guard let last = smallest.last else { return (0, true) }
        let share = (Double(last) + 1) / 0x1p64
        // Hashes made to be small would claim more than there can be.
        return (Int(min(Double(smallest.count - 1) / share, 1e18).rounded()), false)
    }
}
