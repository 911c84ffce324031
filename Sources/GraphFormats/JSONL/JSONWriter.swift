import PropertyGraph

/// Writes JSON bytes; what `JSONPropertyReader` reads back to the same values.
enum JSONWriter {
    /// Appends a string in quotes.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(0x22)
        for byte in text.utf8 {
            switch byte {
            case 0x22, 0x5C:
                bytes.append(0x5C)
                bytes.append(byte)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x0D: bytes.append(contentsOf: "\\r".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            case 0..<0x20:
                bytes.append(contentsOf: (byte < 0x10 ? "\\u000" : "\\u00").utf8)
                bytes.append(contentsOf: String(byte, radix: 16).utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(0x22)
    }

    /// Appends a value.
    static func append(_ value: PropertyValue, to bytes: inout [UInt8]) {
        switch value {
        case .boolean(let value): bytes.append(contentsOf: (value ? "true" : "false").utf8)
        case .integer(let value): bytes.append(contentsOf: String(value).utf8)
        case .double(let value):
            if value.isFinite {
                bytes.append(contentsOf: value.description.utf8)
            } else {
                append("float", ValueText.text(value), to: &bytes)
            }
        case .string(let value): append(value, to: &bytes)
        case .list(let elements):
            bytes.append(0x5B)
            for (index, element) in elements.enumerated() {
                if index > 0 { bytes.append(0x2C) }
                append(element, to: &bytes)
            }
            bytes.append(0x5D)
        case .vector(let elements):
            if elements.allSatisfy({ $0.isFinite }) {
                bytes.append(contentsOf: "{\"$type\":\"vector\",\"value\":[".utf8)
                bytes.append(
                    contentsOf: elements.map { $0.description }.joined(separator: ",").utf8)
                bytes.append(contentsOf: "]}".utf8)
            } else {
                append("vector", ValueText.text(value), to: &bytes)
            }
        default: append(value.typeName, ValueText.text(value), to: &bytes)
        }
    }

    private static func append(_ type: String, _ text: String, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: "{\"$type\":\"\(type)\",\"value\":".utf8)
        append(text, to: &bytes)
        bytes.append(0x7D)
    }

    /// Appends an object of properties in byte order of their keys.
    static func append(_ properties: Properties, to bytes: inout [UInt8]) {
        bytes.append(0x7B)
        var isFirst = true
        for (key, value) in properties.sorted(by: { $0.key < $1.key }) {
            if !isFirst { bytes.append(0x2C) }
            isFirst = false
            append(key.name, to: &bytes)
            bytes.append(0x3A)
            append(value, to: &bytes)
        }
        bytes.append(0x7D)
    }
}
