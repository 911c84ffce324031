import Cypher
import GraphStore
import PropertyGraph

/// Values of queries as JSON that can be read back without loss: floats have a point or say so,
/// nodes, relationships, paths and temporal values are objects with a member `$type`.
enum QueryJSON {
    static func value(_ value: CypherValue) -> JSON {
        switch value {
        case .null: return .null
        case .boolean(let value): return .boolean(value)
        case .integer(let value): return .integer(value)
        case .float(let value):
            return value.isFinite ? .double(value) : typed("float", .string(JSON.text(value)))
        case .string(let value): return .string(value)
        case .list(let elements): return .array(elements.map { self.value($0) })
        case .map(let entries):
            let sorted = entries.sorted { UTF8Order.precedes($0.key, $1.key) }
            let object = JSON.object(sorted.map { ($0.key, self.value($0.value)) })
            return entries["$type"] == nil ? object : typed("map", object)
        case .node(let node): return self.node(node)
        case .relationship(let edge): return relationship(edge)
        case .path(let nodes, let edges):
            return .object([
                ("$type", .string("path")), ("nodes", .array(nodes.map { self.node($0) })),
                ("relationships", .array(edges.map { relationship($0) })),
            ])
        case .property(let value): return property(value)
        }
    }

    private static func typed(_ type: String, _ value: JSON) -> JSON {
        .object([("$type", .string(type)), ("value", value)])
    }

    private static func node(_ node: Node) -> JSON {
        .object([
            ("$type", .string("node")), ("id", .unsigned(node.id.rawValue)),
            ("labels", .array(node.labels.map { .string($0.name) })),
            ("properties", properties(node.properties)),
        ])
    }

    private static func relationship(_ edge: Edge) -> JSON {
        .object([
            ("$type", .string("relationship")), ("id", .unsigned(edge.id.rawValue)),
            ("type", .string(edge.type.name)), ("start", .unsigned(edge.source.rawValue)),
            ("end", .unsigned(edge.target.rawValue)), ("properties", properties(edge.properties)),
        ])
    }

    private static func properties(_ properties: Properties) -> JSON {
        .object(
            properties.sorted { $0.key < $1.key }
                .map { ($0.key.name, value(CypherValue($0.value))) })
    }

    private static func property(_ value: PropertyValue) -> JSON {
        let text: String
        switch value {
        case .date(let value): text = value.description
        case .localTime(let value): text = value.description
        case .zonedTime(let value): text = value.description
        case .localDateTime(let value): text = value.description
        case .zonedDateTime(let value): text = value.description
        case .duration(let value): text = value.description
        case .point(let value): text = value.description
        default: return JSON(value)
        }
        return typed(value.typeName, .string(text))
    }

    // MARK: Parameters

    /// A value from JSON; nil when a typed value cannot be read.
    static func value(_ json: JSON) -> CypherValue? {
        switch json {
        case .null: return .null
        case .boolean(let value): return .boolean(value)
        case .integer(let value): return .integer(value)
        case .unsigned(let value): return Int64(exactly: value).map { .integer($0) }
        case .double(let value): return .float(value)
        case .string(let value): return .string(value)
        case .array(let elements):
            let values = elements.compactMap { value($0) }
            return values.count == elements.count ? .list(values) : nil
        case .object(let members):
            if let type = json["$type"]?.stringValue { return typed(type, json["value"] ?? .null) }
            return map(members)
        }
    }

    private static func map(_ members: [(String, JSON)]) -> CypherValue? {
        var entries: [String: CypherValue] = [:]
        for member in members {
            guard let value = value(member.1) else { return nil }
            entries[member.0] = value
        }
        return .map(entries)
    }

    private static func typed(_ type: String, _ json: JSON) -> CypherValue? {
        if type == "map", case .object(let members) = json { return map(members) }
        guard let text = json.stringValue else { return nil }
        switch type {
        case "float": return Double(text).map { .float($0) }
        case "date": return CalendarDate(iso: text).map { .property(.date($0)) }
        case "localtime": return LocalTime(iso: text).map { .property(.localTime($0)) }
        case "time": return ZonedTime(iso: text).map { .property(.zonedTime($0)) }
        case "localdatetime":
            return LocalDateTime(iso: text).map { .property(.localDateTime($0)) }
        case "datetime": return ZonedDateTime(iso: text).map { .property(.zonedDateTime($0)) }
        case "duration": return TemporalDuration(iso: text).map { .property(.duration($0)) }
        case "point": return Point(text: text).map { .property(.point($0)) }
        default: return nil
        }
    }
}
