package import GraphStore
internal import PropertyGraph
package import TestSupport

/// A copy of a graph that is kept up to date from the change feed alone.
package struct FeedReplica {
    private var graph = ModelGraph()
    private var schema: Set<ModelGraph.SchemaObject> = []
    private var position: UInt64 = 0
    private var time = Int64.min

    /// A copy of an empty graph.
    package init() {}

    /// Follows the feed to its end, and compares with the model.
    package mutating func follow<R: GraphReading & ~Copyable>(
        _ txn: borrowing R, _ model: ModelGraph
    )
        throws
    {
        while true {
            let sets = try txn.changes(from: position + 1, limit: 17)
            for set in sets {
                try expectSame(set.position, position + 1, "position in the feed")
                guard set.microsecondsSinceEpoch >= time else {
                    throw Disagreement("the feed's time goes back at position \(set.position)")
                }
                (position, time) = (set.position, set.microsecondsSinceEpoch)
                for change in set.changes { try apply(change) }
            }
            if sets.isEmpty { break }
        }
        try expectSame(position, model.position, "end of the feed")
        try expectSame(graph.nodes, model.nodes, "nodes by the feed")
        try expectSame(graph.edges, model.edges, "edges by the feed")
        try expectSame(schema, Set(model.schema.values), "schema by the feed")
    }

    private mutating func apply(_ change: Change) throws {
        switch change {
        case .nodeCreated(let node):
            try expectSame(graph.nodes[node.id], nil, "node before its creation")
            graph.replay(node: node, node.id)
        case .nodeDeleted(let node):
            try expectSame(graph.nodes[node.id], node, "node before its deletion")
            graph.replay(node: nil, node.id)
        case .labelsChanged(let id, let before, let after):
            try expectSame(graph.nodes[id]?.labels, before, "labels before")
            var node = graph.nodes[id]
            node?.labels = after
            graph.replay(node: node, id)
        case .nodeChanged(let id, let changes):
            var node = graph.nodes[id]
            for change in changes {
                try expectSame(node?[change.key], change.before, "property before")
                node?.properties[change.key] = change.after
            }
            graph.replay(node: node, id)
        case .edgeCreated(let edge):
            try expectSame(graph.edges[edge.id], nil, "edge before its creation")
            graph.replay(edge: edge, edge.id)
        case .edgeDeleted(let edge):
            try expectSame(graph.edges[edge.id], edge, "edge before its deletion")
            graph.replay(edge: nil, edge.id)
        case .edgeChanged(let id, let changes):
            var edge = graph.edges[id]
            for change in changes {
                try expectSame(edge?[change.key], change.before, "property before")
                edge?.properties[change.key] = change.after
            }
            graph.replay(edge: edge, id)
        case .schemaCreated(let object): schema.insert(ModelGraph.SchemaObject(object))
        case .schemaDropped(let object): schema.remove(ModelGraph.SchemaObject(object))
        case .renamed(let kind, let before, let after):
            let name =
                switch kind {
                case .label: NamedThing(.label, before)
                case .edgeType: NamedThing(.edgeType, before)
                case .propertyKey: NamedThing(.propertyKey, before)
                }
            graph.rename(name, to: after)
            schema = Set(schema.map { name.renamed($0, after) })
        case .bulkLoaded, .byteTableChanged: break
        }
    }
}
