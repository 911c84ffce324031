import GraphStore
import PropertyGraph

/// A change in words for people and in members for programs.
struct ChangeText {
    /// What kind of change it is, in camel case.
    let kind: String
    /// One line for people.
    let sentence: String
    /// The members of its JSON object.
    let members: [(String, JSON)]

    init(_ change: Change) {
        switch change {
        case .nodeCreated(let node):
            kind = "nodeCreated"
            sentence = "+ \(Self.words(node))"
            members = [("node", JSON(node))]
        case .nodeDeleted(let node):
            kind = "nodeDeleted"
            sentence = "- \(Self.words(node))"
            members = [("node", JSON(node))]
        case .labelsChanged(let id, let before, let after):
            kind = "labelsChanged"
            sentence = "~ node \(id) \(ElementText.labels(before)) → \(ElementText.labels(after))"
            members = [
                ("id", .unsigned(id.rawValue)), ("before", Self.names(before)),
                ("after", Self.names(after)),
            ]
        case .nodeChanged(let id, let changes):
            kind = "nodeChanged"
            sentence = "~ node \(id) \(Self.words(changes))"
            members = [("id", .unsigned(id.rawValue)), ("properties", Self.object(changes))]
        case .edgeCreated(let edge):
            kind = "edgeCreated"
            sentence = "+ \(Self.words(edge))"
            members = [("edge", JSON(edge))]
        case .edgeDeleted(let edge):
            kind = "edgeDeleted"
            sentence = "- \(Self.words(edge))"
            members = [("edge", JSON(edge))]
        case .edgeChanged(let id, let changes):
            kind = "edgeChanged"
            sentence = "~ edge \(id) \(Self.words(changes))"
            members = [("id", .unsigned(id.rawValue)), ("properties", Self.object(changes))]
        case .schemaCreated(let object):
            kind = "schemaCreated"
            sentence = "+ \(Self.words(object))"
            members = Self.members(object)
        case .schemaDropped(let object):
            kind = "schemaDropped"
            sentence = "- \(Self.words(object))"
            members = Self.members(object)
        case .bulkLoaded(let nodes, let edges):
            kind = "bulkLoaded"
            sentence =
                "+ \(NumberText.grouped(nodes)) nodes and \(NumberText.grouped(edges)) edges at once"
            members = [("nodes", .count(nodes)), ("edges", .count(edges))]
        case .renamed(let what, let before, let after):
            kind = "renamed"
            sentence = "~ \(what.rawValue) \(before) is called \(after)"
            members = [
                ("of", .string(what.rawValue)), ("before", .string(before)),
                ("after", .string(after)),
            ]
        case .byteTableChanged(let name):
            kind = "byteTableChanged"
            sentence = "~ table \(name)"
            members = [("table", .string(name))]
        }
    }

    private static func words(_ node: Node) -> String {
        var text = "node \(node.id)"
        if !node.labels.isEmpty { text += " " + ElementText.labels(node.labels) }
        if !node.properties.isEmpty { text += "  " + ElementText.properties(node.properties) }
        return text
    }

    private static func words(_ edge: Edge) -> String {
        let text = "edge \(edge.id)  \(edge.source) -\(edge.type.name)-> \(edge.target)"
        return edge.properties.isEmpty
            ? text : text + "  " + ElementText.properties(edge.properties)
    }

    private static func words(_ changes: [PropertyChange]) -> String {
        changes.map { change in
            let before = change.before.map { ElementText.value($0) } ?? "absent"
            let after = change.after.map { ElementText.value($0) } ?? "absent"
            return "\(change.key.name): \(before) → \(after)"
        }.joined(separator: ", ")
    }

    private static func words(_ object: SchemaObject) -> String {
        let keys = object.properties.map(\.name).joined(separator: ", ")
        let type = object.type.map { " IS :: \($0)" } ?? ""
        return "\(object.kind.word) '\(object.name)' on \(object.labelOrType)(\(keys))\(type)"
    }

    private static func names(_ labels: [Label]) -> JSON { .array(labels.map { .string($0.name) }) }

    private static func object(_ changes: [PropertyChange]) -> JSON {
        .object(
            changes.map { change in
                let before = change.before.map { JSON($0) } ?? .null
                let after = change.after.map { JSON($0) } ?? .null
                return (change.key.name, .object([("before", before), ("after", after)]))
            })
    }

    private static func members(_ object: SchemaObject) -> [(String, JSON)] {
        var members: [(String, JSON)] = [
            ("kind", .string(object.kind.word)), ("name", .string(object.name)),
            ("on", .string(object.labelOrType)),
            ("properties", .array(object.properties.map { .string($0.name) })),
        ]
        if let type = object.type { members.append(("type", .string(type.description))) }
        return members
    }
}
