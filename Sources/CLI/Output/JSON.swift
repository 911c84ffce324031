/// A JSON value (RFC 8259) whose members keep their order.
enum JSON: Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case unsigned(UInt64)
    case double(Double)
    case string(String)
    case array([JSON])
    case object([(String, JSON)])

    /// A count.
    static func count(_ value: Int) -> JSON { .integer(Int64(value)) }

    /// A text, or null.
    static func optional(_ text: String?) -> JSON { text.map { .string($0) } ?? .null }
}

extension JSON {
    /// Appends the text on one line.
    ///
    /// JSON has no infinities and no NaN: they are the strings `"Infinity"`, `"-Infinity"` and
    /// `"NaN"`. Other doubles are written with the fewest digits that read back the same.
    func write(to bytes: inout [UInt8]) {
        switch self {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .boolean(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value): bytes.append(contentsOf: String(value).utf8)
        case .unsigned(let value): bytes.append(contentsOf: String(value).utf8)
        case .double(let value): Self.write(value, to: &bytes)
        case .string(let value): Self.write(value, to: &bytes)
        case .array(let elements):
            bytes.append(0x5B)
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(0x2C) }
                element.write(to: &bytes)
            }
            bytes.append(0x5D)
        case .object(let members):
            bytes.append(0x7B)
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(0x2C) }
                Self.write(member.0, to: &bytes)
                bytes.append(0x3A)
                member.1.write(to: &bytes)
            }
            bytes.append(0x7D)
        }
    }

    /// Appends the text for people: members and elements on lines of their own, unless they are
    /// all scalars of a short list.
    func writeIndented(to bytes: inout [UInt8], depth: Int = 0) {
        switch self {
        case .array(let elements) where elements.contains { !$0.isScalar }:
            bytes.append(0x5B)
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(0x2C) }
                Self.newLine(depth + 1, &bytes)
                element.writeIndented(to: &bytes, depth: depth + 1)
            }
            Self.newLine(depth, &bytes)
            bytes.append(0x5D)
        case .object(let members) where !members.isEmpty:
            bytes.append(0x7B)
            for (index, member) in members.enumerated() {
                if index > 0 { bytes.append(0x2C) }
                Self.newLine(depth + 1, &bytes)
                Self.write(member.0, to: &bytes)
                bytes.append(contentsOf: [0x3A, 0x20])
                member.1.writeIndented(to: &bytes, depth: depth + 1)
            }
            Self.newLine(depth, &bytes)
            bytes.append(0x7D)
        default: write(to: &bytes)
        }
    }

    private var isScalar: Bool {
        switch self {
        case .array, .object: false
        default: true
        }
    }

    private static func newLine(_ depth: Int, _ bytes: inout [UInt8]) {
        bytes.append(0x0A)
        for _ in 0..<depth { bytes.append(contentsOf: [0x20, 0x20]) }
    }

    private static func write(_ value: Double, to bytes: inout [UInt8]) {
        if value.isFinite {
            bytes.append(contentsOf: value.description.utf8)
        } else {
            write(text(value), to: &bytes)
        }
    }

    /// A double as text, also when JSON has no number for it.
    static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        return value.description
    }

    private static func write(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(0x22)
        for byte in text.utf8 {
            switch byte {
            case 0x22: bytes.append(contentsOf: [0x5C, 0x22])
            case 0x5C: bytes.append(contentsOf: [0x5C, 0x5C])
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x0D: bytes.append(contentsOf: "\\r".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            case 0..<0x20, 0x7F:
                let digits = String(byte, radix: 16)
                bytes.append(contentsOf: "\\u00".utf8)
                if digits.utf8.count == 1 { bytes.append(0x30) }
                bytes.append(contentsOf: digits.utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(0x22)
    }
}

extension JSON {
    /// The value in a cell of a table, a line of plain text or a field of CSV.
    func cellText(separator: String = ", ") -> String {
        switch self {
        case .null: return ""
        case .boolean(let value): return value ? "true" : "false"
        case .integer(let value): return String(value)
        case .unsigned(let value): return String(value)
        case .double(let value): return Self.text(value)
        case .string(let value): return value
        case .array(let elements):
            return elements.map { $0.cellText(separator: separator) }.joined(separator: separator)
        case .object:
            var bytes: [UInt8] = []
            write(to: &bytes)
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// Whether the value is a number, and so stands at the right of its column.
    var isNumber: Bool {
        switch self {
        case .integer, .unsigned, .double: true
        default: false
        }
    }
}
