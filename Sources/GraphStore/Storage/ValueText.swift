internal import PropertyGraph

/// Values as they stand in error messages.
enum ValueText {
    /// At most about forty characters of a value.
    static func short(_ value: PropertyValue) -> String {
        switch value {
        case .boolean(let value): String(value)
        case .integer(let value): String(value)
        case .double(let value): String(value)
        case .string(let value): "'" + (value.count > 40 ? value.prefix(40) + "…" : value) + "'"
        default: "a \(value.typeName)"
        }
    }
}
