import GraphStore
import PropertyGraph
import Testing

/// The obvious way to a projection: every node and edge into dictionaries.
struct NaiveProjection {
    struct Arc: Comparable {
        let neighbor: UInt64
        let edge: UInt64
        let weight: Double

        static func < (lhs: Arc, rhs: Arc) -> Bool {
            (lhs.neighbor, lhs.edge) < (rhs.neighbor, rhs.edge)
        }
    }

    let ids: [UInt64]
    let edgeCount: Int
    let outgoing: [UInt64: [Arc]]
    let incoming: [UInt64: [Arc]]

    init(_ projection: Projection, _ db: GraphDatabase) throws {
        var nodes: [UInt64] = []
        var edges: [Edge] = []
        try db.read { txn in
            try txn.forEachNode { node in
                let isWanted =
                    projection.labels.map { $0.contains { node.labels.contains($0) } } ?? true
                if isWanted { nodes.append(node.id.rawValue) }
                return true
            }
            try txn.forEachEdge { edge in
                edges.append(edge)
                return true
            }
        }
        ids = nodes.sorted()
        let known = Set(nodes)
        edges = edges.filter {
            (projection.types?.contains($0.type) ?? true) && known.contains($0.source.rawValue)
                && known.contains($0.target.rawValue)
        }
        var chosen: [(source: UInt64, target: UInt64, edge: UInt64, weight: Double)] = []
        for edge in edges {
            var (source, target) = (edge.source.rawValue, edge.target.rawValue)
            if projection.direction == .reversed { swap(&source, &target) }
            let value = projection.weight.flatMap { edge[$0]?.doubleValue }
            chosen.append((source, target, edge.id.rawValue, value ?? projection.defaultWeight))
        }
        if projection.isSimple {
            chosen = Self.simplified(chosen, projection.direction == .undirected)
        }
        edgeCount = chosen.count
        var out: [UInt64: [Arc]] = [:]
        var into: [UInt64: [Arc]] = [:]
        for arc in chosen {
            let forth = Arc(neighbor: arc.target, edge: arc.edge, weight: arc.weight)
            let back = Arc(neighbor: arc.source, edge: arc.edge, weight: arc.weight)
            out[arc.source, default: []].append(forth)
            if projection.direction == .undirected {
                if arc.source != arc.target { out[arc.target, default: []].append(back) }
            } else {
                into[arc.target, default: []].append(back)
            }
        }
        outgoing = out.mapValues { $0.sorted() }
        incoming =
            projection.direction == .undirected ? outgoing : into.mapValues { $0.sorted() }
    }

    private static func simplified(
        _ arcs: [(source: UInt64, target: UInt64, edge: UInt64, weight: Double)],
        _ isUndirected: Bool
    ) -> [(source: UInt64, target: UInt64, edge: UInt64, weight: Double)] {
        var best: [[UInt64]: (source: UInt64, target: UInt64, edge: UInt64, weight: Double)] = [:]
        for arc in arcs where arc.source != arc.target {
            var key = [arc.source, arc.target]
            if isUndirected { key.sort() }
            if let rival = best[key], (rival.weight, rival.edge) < (arc.weight, arc.edge) {
                continue
            }
            best[key] = arc
        }
        return Array(best.values)
    }

    /// Records how a graph differs.
    func expect(_ graph: CSRGraph, _ projection: Projection, _ note: String) {
        #expect(graph.nodeCount == ids.count, "\(note)")
        #expect(graph.edgeCount == edgeCount, "\(note)")
        #expect(graph.isDirected == (projection.direction != .undirected), "\(note)")
        #expect(graph.isWeighted == (projection.weight != nil), "\(note)")
        let found = (0..<UInt32(graph.nodeCount)).map { graph.id(of: $0) }
        #expect(found == ids, "\(note)")
        for (index, id) in ids.enumerated() {
            #expect(graph.index(ofID: id) == UInt32(index), "\(note)")
        }
        guard found == ids else { return }
        expect(graph.outgoing, outgoing, graph, projection, note)
        let hasIncoming = projection.includesIncoming || projection.direction == .undirected
        #expect((graph.incoming != nil) == hasIncoming, "\(note)")
        if let rows = graph.incoming { expect(rows, incoming, graph, projection, note) }
    }

    private func expect(
        _ rows: CSRRows, _ expected: [UInt64: [Arc]], _ graph: CSRGraph, _ projection: Projection,
        _ note: String
    ) {
        for (index, id) in ids.enumerated() {
            let range = rows.range(of: UInt32(index))
            let row = expected[id] ?? []
            #expect(range.map { graph.id(of: rows.targets[$0]) } == row.map(\.neighbor), "\(note)")
            if let weights = rows.weights {
                #expect(range.map { weights[$0] } == row.map(\.weight), "\(note)")
            }
            if projection.includesEdgeIDs {
                #expect(range.map { rows.edges?[$0] } == row.map(\.edge), "\(note)")
            } else {
                #expect(rows.edges == nil)
            }
        }
    }
}

/// Makes databases of all that a projection has to cope with.
enum RandomStore {
    static let labels: [Label] = ["A", "B", "C"]
    static let types: [EdgeType] = ["Inline", "Recorded", "Bare"]

    /// Fills a database: several labels on a node, loops, parallel edges, weights inline and in
    /// records and absent, ids with holes.
    static func fill(_ db: GraphDatabase, seed: UInt64, nodes: Int = 40, edges: Int = 220) throws {
        try db.write { txn in
            var random = SplitMix(seed)
            try txn.setInlineProperty("w", of: "Inline")
            var ids: [NodeID] = []
            for index in 0..<nodes {
                let chosen = labels.filter { _ in random.next() % 2 == 0 }
                ids.append(
                    try txn.createNode(
                        labels: chosen, properties: nodeProperties(index, &random)))
            }
            var made: [EdgeID] = []
            for _ in 0..<edges {
                let type = types[Int(random.next() % 3)]
                // Few targets, so that there are parallel edges and a hub.
                let source = ids[Int(random.next() % UInt64(nodes))]
                let target = ids[Int(random.next() % UInt64(max(nodes / 4, 1)))]
                var properties: Properties = [:]
                if type != "Bare", random.next() % 4 != 0 {
                    let tenths = Int64(random.next() % 6)
                    properties["w"] =
                        random.next() % 3 == 0 ? .integer(tenths) : .double(Double(tenths) / 10)
                }
                if random.next() % 3 == 0 { properties["note"] = .string("n\(random.next() % 9)") }
                made.append(
                    try txn.createEdge(type, from: source, to: target, properties: properties))
            }
            for id in made where random.next() % 8 == 0 { try txn.deleteEdge(id) }
            for id in ids where random.next() % 8 == 0 { try txn.detachDeleteNode(id) }
        }
    }

    private static func nodeProperties(_ index: Int, _ random: inout SplitMix) -> Properties {
        var properties: Properties = ["key": .string("k\(index)")]
        if random.next() % 3 != 0 { properties["minutes"] = .integer(Int64(index)) }
        properties["score"] =
            index % 2 == 0 ? .integer(Int64(index)) : .double(Double(index) + 0.5)
        if index % 5 == 0 { properties["done"] = .boolean(index % 10 == 0) }
        return properties
    }

    /// A projection drawn from all combinations of options.
    static func projection(_ random: inout SplitMix) -> Projection {
        let labelSets: [[Label]?] = [
            nil, nil, ["A"], ["B", "A"], ["C", "Unknown", "C"], ["Unknown"], [],
        ]
        let typeSets: [[EdgeType]?] = [
            nil, nil, ["Inline"], ["Recorded", "Inline"], ["Bare", "Unknown"], [],
        ]
        return Projection(
            labels: labelSets[Int(random.next() % 7)], types: typeSets[Int(random.next() % 6)],
            direction: Projection.Direction.allCases[Int(random.next() % 3)],
            weight: [nil, "w", "w", "unused"][Int(random.next() % 4)],
            defaultWeight: random.next() % 2 == 0 ? 1 : 0.25, isSimple: random.next() % 2 == 0,
            includesIncoming: random.next() % 2 == 0, includesEdgeIDs: random.next() % 3 != 0)
    }
}
