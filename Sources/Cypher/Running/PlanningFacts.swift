internal import GraphStore
internal import PropertyGraph

/// What a plan is chosen by: counts of the labels and types that a query names, and indexes.
struct PlanningFacts: Sendable {
    let position: UInt64
    private var nodes: [Label: Int] = [:]
    private var edges: [EdgeType: Int] = [:]
    private let allNodes: Int
    private let allEdges: Int
    private var indexes: Set<Compiler.IndexKey> = []
    private var distinct: [Compiler.IndexKey: Int] = [:]

    init<T: GraphReading & ~Copyable>(_ words: Set<String>, _ txn: borrowing T) throws {
        position = try txn.position()
        for label in try txn.labels() where words.contains(label.name) {
            nodes[label] = try txn.nodeCount(label: label)
        }
        for type in try txn.edgeTypes() where words.contains(type.name) {
            edges[type] = try txn.edgeCount(type: type)
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

    /// Whether a plan that was chosen by these still fits those: the same indexes, and counts of
    /// the same order.
    func resembles(_ other: PlanningFacts) -> Bool {
        func isNear(_ left: Int, _ right: Int) -> Bool {
            abs(left - right) <= max(100, min(left, right))
        }
        guard indexes == other.indexes, isNear(allNodes, other.allNodes),
            isNear(allEdges, other.allEdges)
        else { return false }
        return other.nodes.allSatisfy { isNear($0.value, nodes[$0.key] ?? 0) }
            && other.edges.allSatisfy { isNear($0.value, edges[$0.key] ?? 0) }
    }
}
