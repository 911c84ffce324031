internal import LMDB

/// Where one property stands in every record that begins with the same bytes.
///
/// Most records of a label are alike: the same flags, labels and property ids, which is all that
/// decides where a property is. So a scan reads these once, and of each record that follows only
/// whether they are the same, and the value.
struct PropertyPlace {
    /// The bytes of the beginning, and which they are.
    private let low: UInt64
    private let lowMask: UInt64
    private let high: UInt64
    private let highMask: UInt64
    /// Where the property is among those of the record; nil where it is absent.
    let place: Int?
    private let endsStart: Int
    private let endWidth: Int
    private let valuesStart: Int

    /// Beginnings that can be told in two words; others are read again for each record.
    private static let longest = 16

    /// Reads it from a record; nil when the header is damaged.
    ///
    /// - Parameter label: A label without which the property counts as absent.
    init?(_ bytes: RawSpan, of property: UInt32, label: UInt32?) {
        guard let record = RecordView(bytes) else { return nil }
        let hasLabel = label.map { record.hasLabel($0) } ?? true
        place = hasLabel ? record.find(property) : nil
        (endsStart, endWidth, valuesStart) = record.tables
        // A position stands in the header and is another in each record.
        guard record.since == nil, endsStart <= Self.longest, bytes.byteCount >= Self.longest
        else {
            // No bits of a word are never 1, so no record fits.
            (low, lowMask, high, highMask) = (1, 0, 0, 0)
            return
        }
        lowMask = Self.mask(endsStart)
        highMask = Self.mask(endsStart &- 8)
        low = bytes.loadLE64(at: 0) & lowMask
        high = bytes.loadLE64(at: 8) & highMask
    }

    /// A word of so many bytes, from the lowest.
    private static func mask(_ count: Int) -> UInt64 {
        if count <= 0 { return 0 }
        return count >= 8 ? .max : 1 &<< UInt64(count &* 8) &- 1
    }

    /// Whether a record begins with the same bytes.
    @inline(__always)
    func fits(_ bytes: RawSpan) -> Bool {
        bytes.byteCount >= max(Self.longest, valuesStart)
            && bytes.loadLE64(at: 0) & lowMask == low && bytes.loadLE64(at: 8) & highMask == high
    }

    /// The bytes of the property's value in such a record; nil when damaged.
    @inline(__always)
    func valueRange(at place: Int, in bytes: RawSpan) -> Range<Int>? {
        let end = endsStart &+ place &* endWidth
        let from = place == 0 ? 0 : bytes.fixedWidth(at: end &- endWidth, endWidth)
        let to = bytes.fixedWidth(at: end, endWidth)
        guard from < to, to <= UInt64(bytes.byteCount &- valuesStart) else { return nil }
        return (valuesStart &+ Int(from))..<(valuesStart &+ Int(to))
    }
}
