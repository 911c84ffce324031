import PropertyGraph

/// How the text of an attribute in GraphML or GEXF becomes a value, and the other way.
enum XMLValueType: Hashable {
    /// A scalar in its usual text; dates, points and so on as in CSV.
    case value(ValueType)
    /// A JSON value: lists, and texts that XML cannot hold.
    case json

    /// The namespace of what these formats have no words for.
    static let namespace = "urn:cairn:xml"

    /// An attribute of this namespace, as the stream names it.
    static func qualified(_ name: String) -> String { "\(namespace)\n\(name)" }

    /// The type that keeps a value exactly.
    init(of value: PropertyValue) {
        switch value {
        case .list: self = .json
        case .string(let text): self = XMLText.isPlain(text) ? .value(ValueType(.string)) : .json
        default: self = .value(ValueType(of: value))
        }
    }

    /// The type of an attribute: its own name, Cairn's name beside it, whether it is a list.
    ///
    /// - Returns: nil when the name is unknown.
    init?(name: String, precise: String?, isList: Bool) {
        if isList || precise.map({ UTF8Order.equal($0, "json") }) ?? false {
            self = .json
        } else if let type = ValueType(name: precise ?? name), !type.isList {
            self = .value(type)
        } else {
            return nil
        }
    }

    /// Cairn's name, where the format has no word for the type.
    var precise: String? {
        switch self {
        case .json: return "json"
        case .value(let type):
            switch type.scalar {
            case .boolean, .integer, .double, .string: return nil
            default: return type.scalar.rawValue
            }
        }
    }

    /// The name that GraphML and GEXF share, given the one for integers.
    func plainName(integer: String) -> String {
        guard case .value(let type) = self else { return "string" }
        switch type.scalar {
        case .boolean: return "boolean"
        case .integer: return integer
        case .double: return "double"
        default: return "string"
        }
    }

    /// Reads a value; nil when there is none: an empty text that is no string.
    func value(_ text: String, depth: Int) throws(ValueFailure) -> PropertyValue? {
        let bytes = Array(text.utf8)
        switch self {
        case .value(let type):
            if type.scalar == .string {
                return try ValueText.scalar(bytes.span, bytes.indices, as: type)
            }
            guard let first = bytes.firstIndex(where: { $0 > 0x20 }),
                let last = bytes.lastIndex(where: { $0 > 0x20 })
            else {
                return type.scalar == .vector || type.scalar == .bytes
                    ? try ValueText.scalar(bytes.span, 0..<0, as: type) : nil
            }
            return try ValueText.scalar(bytes.span, first..<last + 1, as: type)
        case .json:
            var index = 0
            do throws(JSONScanner.Failure) {
                let value = try JSONPropertyReader.value(bytes.span, &index, depth: depth)
                JSONScanner.skipBlanks(bytes.span, &index)
                guard index == bytes.count else {
                    throw JSONScanner.Failure(message: "There is more after it.", position: index)
                }
                return value
            } catch {
                throw ValueFailure("The value is no JSON: \(error.message)", code: error.code)
            }
        }
    }

    /// Writes a value; read again it is the same.
    func text(_ value: PropertyValue) -> String {
        guard self == .json else { return ValueText.text(value) }
        var bytes: [UInt8] = []
        JSONWriter.append(value, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Text in XML.
enum XMLText {
    /// Whether XML 1.0 can hold a text: no control character but tab and line ends, no U+FFFE.
    static func isPlain(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0x09, 0x0A, 0x0D: true
            case 0..<0x20, 0xFFFE, 0xFFFF: false
            default: true
            }
        }
    }

    /// Appends text, escaped for an element or a quoted attribute.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case 0x26: bytes.append(contentsOf: "&amp;".utf8)
            case 0x3C: bytes.append(contentsOf: "&lt;".utf8)
            case 0x3E: bytes.append(contentsOf: "&gt;".utf8)
            case 0x22: bytes.append(contentsOf: "&quot;".utf8)
            // Written plainly they would come back as a space or a line feed.
            case 0x09: bytes.append(contentsOf: "&#9;".utf8)
            case 0x0A: bytes.append(contentsOf: "&#10;".utf8)
            case 0x0D: bytes.append(contentsOf: "&#13;".utf8)
            default: bytes.append(byte)
            }
        }
    }

    /// The text, or an error that says where to go with it.
    static func checked(_ text: String, _ what: String) throws(FormatError) -> String {
        guard isPlain(text) else {
            throw FormatError(
                .badValue,
                "\(what) has a control character in its name, which XML cannot hold; export "
                    + "JSONL instead.")
        }
        return text
    }
}

/// Labels as one text: `:Person:Author`, as Neo4j writes them, or a JSON array where a label
/// holds a colon.
enum LabelText {
    /// Reads `:A:B`.
    static func labels(_ text: String) -> [Label] {
        text.split(separator: ":").map { Label(String($0)) }
    }

    /// Reads a JSON array of strings.
    static func labels(json text: String) throws(ValueFailure) -> [Label] {
        let value = try XMLValueType.json.value(text, depth: 2)
        guard case .list(let elements)? = value else {
            throw ValueFailure("Labels are a JSON array of strings here.")
        }
        return elements.compactMap { $0.stringValue.map { Label($0) } }
    }

    /// Writes `:A:B`.
    static func text(_ labels: [Label]) -> String { labels.map { ":\($0.name)" }.joined() }

    /// The JSON array, where the other text would not give the labels back.
    static func json(_ labels: [Label]) -> String? {
        guard labels.contains(where: { $0.name.isEmpty || $0.name.utf8.contains(0x3A) }) else {
            return nil
        }
        return XMLValueType.json.text(.list(labels.map { .string($0.name) }))
    }
}
