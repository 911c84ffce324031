internal import LMDB
internal import PropertyGraph

/// Gathers the values of one property, row by row, and decides at the end which type they share.
///
/// Numbers may be set in any order, texts in ascending rows. A row that is never set is absent.
struct ColumnBuilder {
    /// What a row holds, and what its word means.
    enum Kind {
        static let absent: UInt8 = 0
        /// The integer.
        static let integer: UInt8 = 1
        /// The bits of the double.
        static let double: UInt8 = 2
        /// 0 or 1.
        static let boolean: UInt8 = 3
        /// Where the text begins; it ends where the next one begins.
        static let string: UInt8 = 4
        /// As for a string, the text of a value of another type.
        static let other: UInt8 = 5
    }

    private(set) var kinds: [UInt8]
    private(set) var words: [UInt64]
    private var text: [UInt8] = []

    init(count: Int) {
        kinds = [UInt8](repeating: Kind.absent, count: count)
        words = [UInt64](repeating: 0, count: count)
    }

    var count: Int { kinds.count }
    /// How many bytes of text were set so far.
    var textBytes: Int { text.count }

    @inline(__always)
    mutating func set(_ row: Int, integer: Int64) {
        kinds[row] = Kind.integer
        words[row] = UInt64(bitPattern: integer)
    }

    @inline(__always)
    mutating func set(_ row: Int, double: Double) {
        kinds[row] = Kind.double
        words[row] = double.bitPattern
    }

    /// Sets a value of any type.
    mutating func set(_ row: Int, _ value: PropertyValue) {
        switch value {
        case .integer(let integer): set(row, integer: integer)
        case .double(let double): set(row, double: double)
        case .boolean(let boolean):
            kinds[row] = Kind.boolean
            words[row] = boolean ? 1 : 0
        case .string(let string):
            begin(row, Kind.string)
            text.append(contentsOf: string.utf8)
        default:
            begin(row, Kind.other)
            text.append(contentsOf: ColumnText.text(of: value).utf8)
        }
    }

    /// Sets a text that is known to be UTF-8.
    mutating func set(_ row: Int, utf8 bytes: RawSpan) {
        begin(row, Kind.string)
        for offset in 0..<bytes.byteCount { text.append(bytes.loadUInt8(at: offset)) }
    }

    private mutating func begin(_ row: Int, _ kind: UInt8) {
        kinds[row] = kind
        words[row] = UInt64(text.count)
    }

    /// The column, of the narrowest type that holds all its values.
    func column() -> CSRColumn {
        var seen: UInt8 = 0
        for kind in kinds { seen |= 1 &<< kind }
        let presence = seen & 1 == 0 ? nil : presenceBits()
        switch seen & ~1 {
        case 0, 1 << Kind.integer:
            return CSRColumn(
                .integers(buffer { Int64(bitPattern: words[$0]) }), presence: presence,
                isExact: true)
        case 1 << Kind.double, 1 << Kind.double | 1 << Kind.integer:
            return CSRColumn(
                .doubles(buffer { number(at: $0) ?? 0 }), presence: presence,
                isExact: seen & 1 << Kind.integer == 0)
        case 1 << Kind.boolean:
            return CSRColumn(
                .booleans(buffer { UInt8(truncatingIfNeeded: words[$0]) }), presence: presence,
                isExact: true)
        case 1 << Kind.string, 1 << Kind.other, 1 << Kind.string | 1 << Kind.other:
            return CSRColumn(
                .strings(
                    offsets: CSRBuffer(copying: textOffsets()), bytes: CSRBuffer(copying: text)),
                presence: presence, isExact: seen & 1 << Kind.other == 0
            ).dictionaryEncoded()
        default: return CSRColumn(mixedTexts(), presence: presence).dictionaryEncoded()
        }
    }

    /// The number of a row as a double; nil when it holds none.
    @inline(__always)
    func number(at row: Int) -> Double? {
        switch kinds[row] {
        case Kind.integer: Double(Int64(bitPattern: words[row]))
        case Kind.double: Double(bitPattern: words[row])
        default: nil
        }
    }

    private func buffer<Element: CSRElement>(_ value: (Int) -> Element) -> CSRBuffer<Element> {
        CSRBuffer(count: count) { span in
            for row in span.indices { span[row] = value(row) }
        }
    }

    private func presenceBits() -> CSRBuffer<UInt64> {
        CSRBuffer(count: (count + 63) / 64) { span in
            for row in kinds.indices where kinds[row] != Kind.absent {
                span[row &>> 6] |= 1 &<< UInt64(row & 63)
            }
        }
    }

    /// Where the text of each row begins, and the end of all.
    private func textOffsets() -> [UInt64] {
        var offsets = [UInt64](repeating: UInt64(text.count), count: count + 1)
        for row in kinds.indices.reversed() {
            offsets[row] = kinds[row] >= Kind.string ? words[row] : offsets[row + 1]
        }
        return offsets
    }

    private func mixedTexts() -> CSRColumn.Values {
        let old = textOffsets()
        var bytes: [UInt8] = []
        var offsets: [UInt64] = [0]
        offsets.reserveCapacity(count + 1)
        for row in kinds.indices {
            switch kinds[row] {
            case Kind.integer:
                bytes.append(contentsOf: String(Int64(bitPattern: words[row])).utf8)
            case Kind.double:
                bytes.append(contentsOf: Double(bitPattern: words[row]).description.utf8)
            case Kind.boolean:
                bytes.append(contentsOf: (words[row] == 1 ? "true" : "false").utf8)
            case Kind.absent: break
            default: bytes.append(contentsOf: text[Int(old[row])..<Int(old[row + 1])])
            }
            offsets.append(UInt64(bytes.count))
        }
        return .strings(offsets: CSRBuffer(copying: offsets), bytes: CSRBuffer(copying: bytes))
    }
}

/// Values of any type as text, for columns that have no type of their own for them.
enum ColumnText {
    /// Numbers in decimal, moments in ISO 8601, bytes in hexadecimal, lists in brackets.
    static func text(of value: PropertyValue) -> String {
        switch value {
        case .boolean(let value): String(value)
        case .integer(let value): String(value)
        case .double(let value): value.description
        case .string(let value): value
        case .bytes(let value): hexadecimal(value)
        case .list(let elements): "[" + elements.map(text).joined(separator: ", ") + "]"
        case .vector(let elements):
            "[" + elements.map { $0.description }.joined(separator: ", ") + "]"
        case .date(let value): value.description
        case .localTime(let value): value.description
        case .zonedTime(let value): value.description
        case .localDateTime(let value): value.description
        case .zonedDateTime(let value): value.description
        case .duration(let value): value.description
        case .point(let value): value.description
        }
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(2 * bytes.count)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension CSRBuffer {
    /// Copies an array, as `init(_:)` does; being of this module, it is compiled for the type at
    /// hand, which makes it forty times as fast.
    init(copying elements: [Element]) {
        self.init(count: elements.count) { span in
            for index in elements.indices { span[index] = elements[index] }
        }
    }
}
