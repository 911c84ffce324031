import PropertyGraph

extension JSON {
    /// A value of a property. Moments are ISO 8601 texts, bytes base64, points objects.
    init(_ value: PropertyValue) {
        switch value {
        case .boolean(let value): self = .boolean(value)
        case .integer(let value): self = .integer(value)
        case .double(let value): self = .double(value)
        case .string(let value): self = .string(value)
        case .bytes(let value): self = .string(Base64Text.encode(value))
        case .list(let elements): self = .array(elements.map { JSON($0) })
        case .date(let value): self = .string(value.description)
        case .localTime(let value): self = .string(value.description)
        case .zonedTime(let value): self = .string(value.description)
        case .localDateTime(let value): self = .string(value.description)
        case .zonedDateTime(let value): self = .string(value.description)
        case .duration(let value): self = .string(value.description)
        case .vector(let elements): self = .array(elements.map { JSON.float($0) })
        case .point(let point):
            var members: [(String, JSON)] = [
                ("srid", .integer(Int64(point.referenceSystem.rawValue))),
                ("x", .double(point.x)), ("y", .double(point.y)),
            ]
            if point.referenceSystem.isThreeDimensional { members.append(("z", .double(point.z))) }
            self = .object(members)
        }
    }

    /// A float with the digits of a float: 0.1, not the 0.10000000149011612 of its double.
    private static func float(_ value: Float) -> JSON {
        .double(Double(value.description) ?? Double(value))
    }

    /// Properties as an object, ascending by key.
    init(_ properties: Properties) {
        self = .object(
            properties.sorted { $0.key < $1.key }.map { ($0.key.name, JSON($0.value)) })
    }

    /// A node: id, labels, properties.
    init(_ node: Node) {
        self = .object([
            ("id", .unsigned(node.id.rawValue)),
            ("labels", .array(node.labels.map { .string($0.name) })),
            ("properties", JSON(node.properties)),
        ])
    }

    /// An edge: id, type, ends, properties.
    init(_ edge: Edge) {
        self = .object([
            ("id", .unsigned(edge.id.rawValue)),
            ("type", .string(edge.type.name)),
            ("source", .unsigned(edge.source.rawValue)),
            ("target", .unsigned(edge.target.rawValue)),
            ("properties", JSON(edge.properties)),
        ])
    }
}

/// Bytes as text (RFC 4648).
enum Base64Text {
    /// The text of bytes, padded.
    static func encode(_ bytes: [UInt8]) -> String {
        let alphabet = Array(
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits =
                group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << (8 * UInt32(3 - group.count))
            for place in 0..<4 {
                let index = Int(bits >> UInt32(18 - 6 * place)) & 63
                text.append(place <= group.count ? alphabet[index] : 0x3D)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text; nil unless it is what `encode` makes of them.
    static func decode(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        var (bits, count) = (UInt32(0), 0)
        for byte in text.utf8 where byte != 0x3D {
            guard let digit = digit(byte) else { return nil }
            bits = bits << 6 | digit
            count += 1
            guard count == 4 else { continue }
            for shift in [16, 8, 0] as [UInt32] {
                bytes.append(UInt8(truncatingIfNeeded: bits >> shift))
            }
            (bits, count) = (0, 0)
        }
        if count >= 2 { bytes.append(UInt8(truncatingIfNeeded: bits >> (count == 2 ? 4 : 10))) }
        if count == 3 { bytes.append(UInt8(truncatingIfNeeded: bits >> 2)) }
        return UTF8Order.equal(encode(bytes), text) ? bytes : nil
    }

    private static func digit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x41...0x5A: UInt32(byte - 0x41)
        case 0x61...0x7A: UInt32(byte - 0x61 + 26)
        case 0x30...0x39: UInt32(byte - 0x30 + 52)
        case 0x2B: 62
        case 0x2F: 63
        default: nil
        }
    }
}

/// Nodes and edges in words, for people.
enum ElementText {
    /// `name: Ada, born: 1815-12-10`: first what names things, then by key.
    static func properties(_ properties: Properties) -> String {
        let naming: [PropertyKey] = ["id", "key", "name", "title"]
        func rank(_ key: PropertyKey) -> Int { naming.firstIndex(of: key) ?? naming.count }
        return properties.sorted { (rank($0.key), $0.key) < (rank($1.key), $1.key) }
            .map { "\($0.key.name): \(value($0.value))" }.joined(separator: ", ")
    }

    /// A value; texts stand in quotes when they would be misread without.
    static func value(_ value: PropertyValue) -> String {
        JSON(value).cellText()
    }

    /// `:Person:Author`, or nothing.
    static func labels(_ labels: [Label]) -> String {
        labels.map { ":\($0.name)" }.joined()
    }

    /// `edge 3 (1 -KNOWS-> 2)`.
    static func words(_ edge: Edge) -> String {
        "edge \(edge.id) (\(edge.source) -\(edge.type.name)-> \(edge.target))"
    }
}
