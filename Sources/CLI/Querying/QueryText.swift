import Cypher
import PropertyGraph

/// Values of queries for people: nodes as `(:Label {key: value})`, paths as they run.
enum QueryText {
    static func cell(_ value: CypherValue) -> JSON {
        switch value {
        case .null: .null
        case .boolean(let value): .boolean(value)
        case .integer(let value): .integer(value)
        case .float(let value): .double(value)
        case .string(let value): .string(value)
        default: .string(text(value))
        }
    }

    /// A field of CSV: a number, a temporal value or a point as it is written, a list of such with
    /// semicolons between; what has names for its parts as JSON.
    static func field(_ value: CypherValue) -> JSON {
        switch value {
        case .list(let elements): .array(elements.map { field($0) })
        case .map, .node, .relationship, .path: QueryJSON.value(value)
        default: cell(value)
        }
    }

    private static func text(_ value: CypherValue) -> String {
        switch value {
        case .null: return "null"
        case .boolean(let value): return String(value)
        case .integer(let value): return String(value)
        case .float(let value): return JSON.text(value)
        case .string(let value): return quoted(value)
        case .list(let elements): return "[\(elements.map(text).joined(separator: ", "))]"
        case .map(let entries):
            let sorted = entries.sorted { UTF8Order.precedes($0.key, $1.key) }
            return "{\(sorted.map { "\($0.key): \(text($0.value))" }.joined(separator: ", "))}"
        case .node(let node): return self.node(node)
        case .relationship(let edge): return "[\(relationship(edge))]"
        case .path(let nodes, let edges):
            guard let first = nodes.first else { return "" }
            var path = node(first)
            for (place, edge) in edges.enumerated() where place + 1 < nodes.count {
                let isForward = edge.source == nodes[place].id
                path += isForward ? "-[\(relationship(edge))]->" : "<-[\(relationship(edge))]-"
                path += node(nodes[place + 1])
            }
            return path
        case .property(.point(let point)): return point.description
        case .property(let value): return JSON(value).cellText()
        }
    }

    /// A text as a query has it.
    private static func quoted(_ text: String) -> String {
        var result = "'"
        for character in text.unicodeScalars {
            if character == "'" || character == "\\" { result += "\\" }
            result.unicodeScalars.append(character)
        }
        return result + "'"
    }

    private static func node(_ node: Node) -> String {
        let labels = node.labels.map { ":\($0.name)" }.joined()
        let properties = properties(node.properties)
        return "(\([labels, properties].filter { !$0.isEmpty }.joined(separator: " ")))"
    }

    private static func relationship(_ edge: Edge) -> String {
        [":\(edge.type.name)", properties(edge.properties)].filter { !$0.isEmpty }
            .joined(separator: " ")
    }

    private static func properties(_ properties: Properties) -> String {
        if properties.isEmpty { return "" }
        let sorted = properties.sorted { $0.key < $1.key }
        return
            "{\(sorted.map { "\($0.key): \(text(CypherValue($0.value)))" }.joined(separator: ", "))}"
    }
}
