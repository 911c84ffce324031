/// Values beside the structure of a `CSRGraph`: one for each node, or one for each outgoing arc.
public struct CSRColumn: Sendable {
    /// What the column holds.
    public enum Values: Sendable {
        /// 64-bit integers.
        case integers(CSRBuffer<Int64>)
        /// Doubles.
        case doubles(CSRBuffer<Double>)
        /// Booleans, one byte each.
        case booleans(CSRBuffer<UInt8>)
        /// UTF-8 text: `count + 1` offsets into the bytes.
        case strings(offsets: CSRBuffer<UInt64>, bytes: CSRBuffer<UInt8>)
        /// UTF-8 text that repeats: each distinct text once, as in `strings`, and the number of its
        /// own for each row; 0 where the value is absent.
        case dictionary(
            codes: CSRBuffer<UInt32>, offsets: CSRBuffer<UInt64>, bytes: CSRBuffer<UInt8>)
    }

    /// The values; where one is absent, zero or empty.
    public let values: Values
    /// One bit a row, least significant first, set where a value is present; nil when all are.
    public let presence: CSRBuffer<UInt64>?
    /// How many rows it has.
    public let count: Int
    /// Whether every value is known to be the one that was stored: no integer became a double, and
    /// nothing became text.
    public let isExact: Bool

    /// Makes a column of values that may be absent.
    public init(_ values: Values, presence: CSRBuffer<UInt64>? = nil, isExact: Bool = false) {
        self.values = values
        self.presence = presence
        self.isExact = isExact
        switch values {
        case .integers(let buffer): count = buffer.count
        case .doubles(let buffer): count = buffer.count
        case .booleans(let buffer): count = buffer.count
        case .strings(let offsets, _): count = max(offsets.count - 1, 0)
        case .dictionary(let codes, _, _): count = codes.count
        }
    }

    /// Makes a column of texts, absent where nil.
    public init(strings: [String?]) {
        var bytes: [UInt8] = []
        var offsets: [UInt64] = [0]
        for string in strings {
            bytes.append(contentsOf: (string ?? "").utf8)
            offsets.append(UInt64(bytes.count))
        }
        self.init(
            .strings(offsets: CSRBuffer(offsets), bytes: CSRBuffer(bytes)),
            presence: Self.presence(strings.map { $0 != nil }))
    }

    /// Makes a column of integers, absent where nil.
    public init(integers: [Int64?]) {
        self.init(
            .integers(CSRBuffer(integers.map { $0 ?? 0 })),
            presence: Self.presence(integers.map { $0 != nil }))
    }

    /// Makes a column of doubles, absent where nil.
    public init(doubles: [Double?]) {
        self.init(
            .doubles(CSRBuffer(doubles.map { $0 ?? 0 })),
            presence: Self.presence(doubles.map { $0 != nil }))
    }

    /// Makes a column of booleans, absent where nil.
    public init(booleans: [Bool?]) {
        self.init(
            .booleans(CSRBuffer(booleans.map { $0 == true ? 1 : 0 })),
            presence: Self.presence(booleans.map { $0 != nil }))
    }

    /// Whether the row has a value.
    public func isPresent(_ row: Int) -> Bool {
        guard let presence else { return true }
        return presence[row >> 6] >> UInt64(row & 63) & 1 == 1
    }

    /// The integer of a row; nil when absent or of another type.
    public func integer(at row: Int) -> Int64? {
        guard case .integers(let buffer) = values, isPresent(row) else { return nil }
        return buffer[row]
    }

    /// The number of a row as a double; nil when absent or no number.
    public func double(at row: Int) -> Double? {
        guard isPresent(row) else { return nil }
        switch values {
        case .doubles(let buffer): return buffer[row]
        case .integers(let buffer): return Double(buffer[row])
        default: return nil
        }
    }

    /// The boolean of a row; nil when absent or of another type.
    public func boolean(at row: Int) -> Bool? {
        guard case .booleans(let buffer) = values, isPresent(row) else { return nil }
        return buffer[row] != 0
    }

    /// The text of a row; nil when absent or of another type.
    ///
    /// - Complexity: O(length): the text is copied.
    public func string(at row: Int) -> String? {
        guard isPresent(row) else { return nil }
        switch values {
        case .strings(let offsets, let bytes): return Self.text(row, offsets, bytes)
        case .dictionary(let codes, let offsets, let bytes):
            return Self.text(Int(codes[row]), offsets, bytes)
        default: return nil
        }
    }

    private static func text(
        _ index: Int, _ offsets: CSRBuffer<UInt64>, _ bytes: CSRBuffer<UInt8>
    ) -> String? {
        guard index >= 0, index + 1 < offsets.count else { return nil }
        let start = Int(clamping: offsets[index])
        let end = Int(clamping: offsets[index + 1])
        guard start <= end, end <= bytes.count else { return nil }
        var text: [UInt8] = []
        text.reserveCapacity(end - start)
        for place in start..<end { text.append(bytes[place]) }
        return String(decoding: text, as: UTF8.self)
    }

    private static func presence(_ present: [Bool]) -> CSRBuffer<UInt64>? {
        if present.allSatisfy({ $0 }) { return nil }
        var words = [UInt64](repeating: 0, count: (present.count + 63) / 64)
        for (row, isPresent) in present.enumerated() where isPresent {
            words[row >> 6] |= 1 << UInt64(row & 63)
        }
        return CSRBuffer(words)
    }
}
