package import GraphStore
internal import LMDB
internal import PropertyGraph
package import TestSupport

/// The store and the model disagree; the message says about what.
package struct Disagreement: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}

/// Throws unless two answers are the same.
package func expectSame<T: Equatable>(
    _ store: T, _ model: T, _ what: @autoclosure () -> String
) throws {
    if store != model {
        throw Disagreement(
            "\(what()):\n  store: \("\(store)".prefix(1500))\n  model: \("\(model)".prefix(1500))")
    }
}

/// Compares what a transaction reads with the model.
package enum Comparison {
    /// What the last transaction named, and the totals.
    package static func touched<R: GraphReading & ~Copyable>(
        _ txn: borrowing R, _ model: ModelGraph
    ) throws {
        try expectSame(try txn.position(), model.position, "position")
        try expectSame(try txn.nodeCount(), model.nodes.count, "number of nodes")
        try expectSame(try txn.edgeCount(), model.edges.count, "number of edges")
        for id in model.touchedNodes {
            try expectSame(try txn.node(id), model.nodes[id], "node \(id)")
            try expectSame(try txn.contains(id), model.nodes[id] != nil, "existence of node \(id)")
            let degree = (model.incident[id] ?? []).reduce(0) { sum, edge in
                sum + (model.edges[edge].map { $0.source == $0.target ? 2 : 1 } ?? 0)
            }
            try expectSame(try txn.degree(of: id, .both), degree, "degree of node \(id)")
        }
        for id in model.touchedEdges {
            try expectSame(try txn.edge(id), model.edges[id], "edge \(id)")
        }
    }

    /// Everything that can be read, but the answers of property scans.
    package static func everything<R: GraphReading & ~Copyable>(
        _ txn: borrowing R, _ model: ModelGraph
    ) throws {
        try graph(txn, model)
        let objects = try txn.schemaObjects().filter { $0.state == .online }.map {
            ModelGraph.SchemaObject($0)
        }
        try expectSame(Set(objects), Set(model.schema.values), "schema objects")
        for (name, entries) in model.byteTables {
            guard let table = txn.existingByteTable(name.name) else {
                // It may have been named only by a write that changed nothing.
                try expectSame(0, entries.count, "entries of byte table \(name)")
                continue
            }
            var found: [[UInt8]: [UInt8]] = [:]
            try txn.forEachEntry(of: table) { key, value in
                found[key.bytes()] = value.bytes()
                return true
            }
            try expectSame(found, entries, "byte table \(name)")
        }
    }

    /// Nodes, edges, neighbours and counts: what has a history.
    package static func graph<R: GraphReading & ~Copyable>(
        _ txn: borrowing R, _ model: ModelGraph
    ) throws {
        try touched(txn, model)
        try entities(txn, model)
        try adjacency(txn, model)
        try counts(txn, model)
    }

    private static func entities<R: GraphReading & ~Copyable>(
        _ txn: borrowing R, _ model: ModelGraph
    ) throws {
        var nodes: [Node] = []
        try txn.forEachNode {
            nodes.append($0)
            return true
        }
        try expectSame(nodes.map { $0.id }, model.nodeIDs(), "scan of nodes")
        for node in nodes { try expectSame(node, model.nodes[node.id], "scanned node \(node.id)") }
        var edges: [Edge] = []
        try txn.forEachEdge {
            edges.append($0)
            return true
        }
        try expectSame(edges.map { $0.id }, model.edgeIDs(), "scan of edges")
        for edge in edges { try expectSame(edge, model.edges[edge.id], "scanned edge \(edge.id)") }
        for node in nodes {
            for (key, value) in node.properties {
                try expectSame(
                    try txn.property(key, of: node.id), value, "property \(key) of node \(node.id)")
            }
        }
        for edge in edges {
            for (key, value) in edge.properties {
                try expectSame(
                    try txn.property(key, of: edge.id), value, "property \(key) of edge \(edge.id)")
            }
        }
    }

    /// Rows of a node by type, in one direction.
    private typealias Rows = [NodeID: [EdgeType: [Neighbor]]]

    private static func adjacency<R: GraphReading & ~Copyable>(
        _ txn: borrowing R, _ model: ModelGraph
    ) throws {
        var (out, into): (Rows, Rows) = ([:], [:])
        for edge in model.edges.values {
            out[edge.source, default: [:]][edge.type, default: []]
                .append(Neighbor(node: edge.target, edge: edge.id))
            into[edge.target, default: [:]][edge.type, default: []]
                .append(Neighbor(node: edge.source, edge: edge.id))
        }
        let types = Set(model.edges.values.map { $0.type })
        for id in model.nodes.keys {
            for (direction, rows) in [(Direction.outgoing, out), (.incoming, into)] {
                for type in types {
                    let expected = (rows[id]?[type] ?? []).sorted {
                        ($0.node, $0.edge) < ($1.node, $1.edge)
                    }
                    guard !expected.isEmpty else { continue }
                    let found = try txn.neighbors(of: id, direction, type: type)
                    try expectSame(found, expected, "\(direction) \(type) neighbours of \(id)")
                    let degree = try txn.degree(of: id, direction, type: type)
                    try expectSame(degree, expected.count, "\(direction) degree of \(id)")
                }
                // All types together: one after the other, in an order of the store's own.
                let found = try txn.neighbors(of: id, direction)
                var order: [EdgeType] = []
                for step in found {
                    guard let type = model.edges[step.edge]?.type else { continue }
                    if order.last != type { order.append(type) }
                }
                let sorted = (rows[id] ?? [:]).mapValues { rows in
                    rows.sorted { ($0.node, $0.edge) < ($1.node, $1.edge) }
                }
                try expectSame(
                    found, order.flatMap { sorted[$0] ?? [] }, "\(direction) neighbours of \(id)")
            }
        }
    }

    private static func counts<R: GraphReading & ~Copyable>(
        _ txn: borrowing R, _ model: ModelGraph
    ) throws {
        let labels = Set(model.nodes.values.flatMap { $0.labels })
        let types = Set(model.edges.values.map { $0.type })
        try expectSame(try txn.labels(), labels.sorted(), "labels in use")
        try expectSame(try txn.edgeTypes(), types.sorted(), "edge types in use")
        for label in labels {
            let expected = model.nodeIDs(label: label)
            try expectSame(try txn.nodeIDs(label: label), expected, "nodes with label \(label)")
            try expectSame(
                try txn.nodeCount(label: label), expected.count, "count of label \(label)")
            for type in types {
                for direction in [Direction.outgoing, .incoming] {
                    try expectSame(
                        try txn.edgeCount(type: type, label: label, direction),
                        model.edgeCount(
                            type: type, label: label, isOutgoing: direction == .outgoing),
                        "count of \(direction) \(type) at \(label)")
                }
            }
        }
        for type in types {
            let expected = model.edgeIDs(type: type)
            var found: [EdgeID] = []
            try txn.forEachEdgeID(type: type) {
                found.append($0)
                return true
            }
            try expectSame(found, expected, "edges of type \(type)")
            try expectSame(try txn.edgeCount(type: type), expected.count, "count of type \(type)")
        }
    }
}
