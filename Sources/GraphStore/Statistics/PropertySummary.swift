internal import LMDB
internal import PropertyGraph

/// Gathers what `PropertyStatistics` says of one property, value by value, in bounded memory.
struct PropertySummary {
    /// Values that common ones and the histogram are found from.
    static let sampleSize = 4_096
    /// Common values that are kept.
    static let maximumCommon = 32
    /// Pieces of the histogram.
    static let pieces = 64
    /// Longer texts, bytes and lists are cut for the sample.
    private static let cutLength = 64

    private var present = 0
    /// Values too long to be sampled; they only count as present and distinct.
    private var long = 0
    private var distinct = DistinctCounter()
    private var least: PropertyValue?
    private var greatest: PropertyValue?
    private var sample: [PropertyValue] = []
    private var random: SplitMix

    init(seed: UInt64) { random = SplitMix(state: seed) }

    mutating func add(_ value: PropertyValue) {
        present += 1
        let key = OrderedKey.encode([value]).bytes
        distinct.add(key.rawSpan.hash64())
        // Vectors have an order, and nobody asks by it.
        if case .vector = value {
            long += 1
            return
        }
        if least.map({ OrderedKey.compare(value, $0) < 0 }) ?? true { least = Self.cut(value) }
        if greatest.map({ OrderedKey.compare(value, $0) > 0 }) ?? true {
            greatest = Self.cut(value)
        }
        let seen = present - long
        if sample.count < Self.sampleSize {
            sample.append(Self.cut(value))
        } else {
            // Algorithm R: each value is in the sample with the same chance.
            let place = Int(random.next() % UInt64(seen))
            if place < Self.sampleSize { sample[place] = Self.cut(value) }
        }
    }

    /// Adds a value that is kept apart, of which the beginning is known.
    mutating func addLong(_ hash: UInt64) {
        present += 1
        long += 1
        distinct.add(hash)
    }

    private static func cut(_ value: PropertyValue) -> PropertyValue {
        switch value {
        case .string(let text) where text.utf8.count > cutLength:
            var short = ""
            for character in text.unicodeScalars {
                if short.utf8.count >= cutLength { break }
                short.unicodeScalars.append(character)
            }
            return .string(short)
        case .bytes(let bytes) where bytes.count > cutLength:
            return .bytes(Array(bytes.prefix(cutLength)))
        case .list(let elements) where elements.count > 8:
            return cut(.list(Array(elements.prefix(8))))
        case .list(let elements): return .list(elements.map { cut($0) })
        default: return value
        }
    }

    /// What was gathered, of so many nodes or edges.
    func statistics(of count: Int) -> PropertyStatistics {
        let sorted = sample.sorted { OrderedKey.compare($0, $1) < 0 }
        var groups: [(start: Int, count: Int)] = []
        for place in sorted.indices {
            if let last = groups.last, OrderedKey.compare(sorted[last.start], sorted[place]) == 0 {
                groups[groups.count - 1].count += 1
            } else {
                groups.append((place, 1))
            }
        }
        let isComplete = present - long <= Self.sampleSize
        let chosen = common(groups, sorted.count)
        let scale =
            count > 0 && !sorted.isEmpty
            ? Double(present - long) / Double(sorted.count) / Double(count) : 0
        var rest: [PropertyValue] = []
        for group in groups where !chosen.contains(group.start) {
            rest.append(contentsOf: sorted[group.start..<(group.start + group.count)])
        }
        var bounds: [PropertyValue] = []
        if !rest.isEmpty {
            let pieces = max(1, min(Self.pieces, rest.count - 1))
            for piece in 0...pieces { bounds.append(rest[piece * (rest.count - 1) / pieces]) }
        }
        let values = groups.filter { chosen.contains($0.start) }
            .sorted { ($1.count, $0.start) < ($0.count, $1.start) }
            .map { group in
                PropertyStatistics.CommonValue(
                    value: sorted[group.start], share: Double(group.count) * scale)
            }
        let (different, isExact) = distinct.estimate
        return PropertyStatistics(
            count: count, present: present, distinct: min(different, present),
            isDistinctExact: isExact, minimum: least, maximum: greatest, common: values,
            bounds: bounds, histogramShare: Double(rest.count) * scale,
            isSampleComplete: isComplete && long == 0)
    }

    /// The groups, by their starts, that are worth a place of their own: all when they are few,
    /// else those a quarter more frequent than the average, as PostgreSQL's ANALYZE has it.
    private func common(
        _ groups: [(start: Int, count: Int)], _ total: Int
    ) -> Set<Int> {
        if groups.count <= Self.maximumCommon { return Set(groups.map { $0.start }) }
        let average = Double(total) / Double(max(1, groups.count))
        let frequent = groups.filter { $0.count > 1 && Double($0.count) > 1.25 * average }
            .sorted { ($1.count, $0.start) < ($0.count, $1.start) }
        return Set(frequent.prefix(Self.maximumCommon).map { $0.start })
    }
}

/// Random numbers from a seed, so that the same data give the same statistics.
///
/// - SeeAlso: Steele, Lea, Flood, *Fast Splittable Pseudorandom Number Generators* (2014).
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
