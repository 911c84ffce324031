import PropertyGraph

@testable import Cypher

extension CypherValue {
    /// The value as the conformance suite writes it.
    func canonical(sortsLists: Bool) -> String {
        switch self {
        case .null: return "null"
        case .boolean(let value): return String(value)
        case .integer(let value): return String(value)
        case .float(let value): return Literals.float(value)
        case .string(let value): return Literals.quoted(value)
        case .list(let elements):
            var texts = elements.map { $0.canonical(sortsLists: sortsLists) }
            if sortsLists { texts.sort() }
            return "[" + texts.joined(separator: ", ") + "]"
        case .map(let entries):
            let texts = entries.map { "\($0.key): \($0.value.canonical(sortsLists: sortsLists))" }
            return "{" + texts.sorted().joined(separator: ", ") + "}"
        case .node(let node): return Self.text(node, sortsLists)
        case .relationship(let edge): return Self.text(edge, sortsLists)
        case .path(let nodes, let edges):
            var text = "<" + Self.text(nodes[0], sortsLists)
            for (place, edge) in edges.enumerated() {
                let isForward = edge.source == nodes[place].id
                let middle = Self.text(edge, sortsLists)
                text += isForward ? "-\(middle)->" : "<-\(middle)-"
                text += Self.text(nodes[place + 1], sortsLists)
            }
            return text + ">"
        case .property(let value): return Literals.quoted(Value(value).text)
        }
    }

    private static func text(_ node: Node, _ sortsLists: Bool) -> String {
        Literals.node(node.labels.map(\.name), text(node.properties, sortsLists))
    }

    private static func text(_ edge: Edge, _ sortsLists: Bool) -> String {
        Literals.relationship(edge.type.name, text(edge.properties, sortsLists))
    }

    private static func text(_ properties: Properties, _ sortsLists: Bool) -> String {
        let texts = properties.map { key, value in
            "\(key.name): \(CypherValue(value).canonical(sortsLists: sortsLists))"
        }
        return "{" + texts.sorted().joined(separator: ", ") + "}"
    }
}
