internal import PropertyGraph

extension Value {
    /// The value as `toString` gives it: text as it is, numbers in decimal, moments in ISO 8601.
    var text: String {
        switch self {
        case .null: "null"
        case .boolean(let value): String(value)
        case .integer(let value): String(value)
        case .float(let value): Self.text(of: value)
        case .string(let value): value
        case .list(let elements): "[\(elements.map(\.text).joined(separator: ", "))]"
        case .map(let map):
            "{\(map.entries.map { "\($0.key): \($0.value.text)" }.joined(separator: ", "))}"
        case .node(let id): "node \(id)"
        case .relationship(let id): "relationship \(id)"
        case .path(let path): "path of \(path.relationships.count) relationships"
        case .date(let value): value.description
        case .localTime(let value): value.description
        case .time(let value): value.description
        case .localDateTime(let value): value.description
        case .dateTime(let value): value.description
        case .duration(let value): value.description
        case .point(let value): value.description
        case .bytes(let value): value.map { String($0, radix: 16) }.joined()
        case .vector(let value): value.description
        }
    }

    /// A float as the language writes it, `1.5`, and `1.0E100` where an exponent is shorter: its
    /// grammar has no plus in an exponent.
    static func text(of value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        let parts = String(value).split(separator: "e")
        guard parts.count == 2, let exponent = Int(parts[1]) else { return String(value) }
        return "\(parts[0])\(parts[0].contains(".") ? "" : ".0")E\(exponent)"
    }
}
