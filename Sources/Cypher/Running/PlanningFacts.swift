internal import GraphStore
internal import PropertyGraph

/// What a plan is chosen by: counts of the labels and types that a query names, and indexes.
struct PlanningFacts: Sendable {
    /// Names and schema are the same as long as this is; nil where nothing tells.
    private var catalogStamp: UInt64?
    private var nodes: [Label: Int] = [:]
    private var edges: [EdgeType: Int] = [:]
    private let allNodes: Int
    private let allEdges: Int
    private var indexes: Set<Compiler.IndexKey> = []
    private var distinct: [Compiler.IndexKey: Int] = [:]

    init<T: GraphReading & ~Copyable>(_ words: Set<String>, _ txn: borrowing T) throws {
        catalogStamp = txn.catalogStamp
        for word in words {
            let (label, type) = (Label(word), EdgeType(word))
            if let count = try txn.nodeCount(ofKnown: label) { nodes[label] = count }
            if let count = try txn.edgeCount(ofKnown: type) { edges[type] = count }
        }
        allNodes = try txn.nodeCount()
        allEdges = try txn.edgeCount()
        for object in try txn.schemaObjects()
        where object.entity == .node && object.properties.count == 1 && object.kind.isOrdered
            && object.state == .online && words.contains(object.labelOrType)
        {
            guard let property = object.properties.first else { continue }
            let key = Compiler.IndexKey(label: Label(object.labelOrType), property: property)
            indexes.insert(key)
            let count = nodes[key.label] ?? 0
            distinct[key] = object.kind.isUnique ? count : max(1, count / 10)
        }
    }

    var knowledge: Compiler.Knowledge {
        Compiler.Knowledge(
            nodeCount: { [nodes, allNodes] label in label.map { nodes[$0] ?? 0 } ?? allNodes },
            hasIndex: { [indexes] in
                indexes.contains(Compiler.IndexKey(label: $0, property: $1))
            },
            edgeCount: { [edges, allEdges] type in type.map { edges[$0] ?? 0 } ?? allEdges },
            distinct: { [distinct] in
                distinct[Compiler.IndexKey(label: $0, property: $1)] ?? 10
            })
    }

    /// Whether names and schema are those that a transaction sees, and counts of the same order.
    func hold<T: GraphReading & ~Copyable>(in txn: borrowing T) throws -> Bool {
        guard let stamp = txn.catalogStamp, stamp == catalogStamp,
            Self.isNear(allNodes, try txn.nodeCount()), Self.isNear(allEdges, try txn.edgeCount())
        else { return false }
        for (label, count) in nodes where !Self.isNear(count, try txn.nodeCount(label: label)) {
            return false
        }
        for (type, count) in edges where !Self.isNear(count, try txn.edgeCount(type: type)) {
            return false
        }
        return true
    }

    /// Whether a plan that was chosen by these still fits those: the same indexes, and counts of
    /// the same order.
    func resembles(_ other: PlanningFacts) -> Bool {
        guard indexes == other.indexes, Self.isNear(allNodes, other.allNodes),
            Self.isNear(allEdges, other.allEdges)
        else { return false }
        return other.nodes.allSatisfy { Self.isNear($0.value, nodes[$0.key] ?? 0) }
            && other.edges.allSatisfy { Self.isNear($0.value, edges[$0.key] ?? 0) }
    }

    /// These for later comparisons, with the names and schema of others that they resemble.
    func updated(to other: PlanningFacts) -> PlanningFacts {
        var updated = self
        updated.catalogStamp = other.catalogStamp
        for label in other.nodes.keys { updated.nodes[label] = nodes[label] ?? 0 }
        for type in other.edges.keys { updated.edges[type] = edges[type] ?? 0 }
        return updated
    }

    private static func isNear(_ left: Int, _ right: Int) -> Bool {
        abs(left - right) <= max(100, min(left, right))
    }
}
