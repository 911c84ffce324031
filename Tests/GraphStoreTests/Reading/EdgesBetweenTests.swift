import GraphStore
import PropertyGraph
import TestSupport
import Testing

@Suite struct `Edges between two nodes` {
    @Test(arguments: UInt64(1)...6)
    func `are those that lead from one to the other, found without reading the rest`(
        seed: UInt64
    ) throws {
        var random = TestRandom(seed: seed)
        let db = try GraphDatabase.temporary()
        let nodes = try db.write { txn in try (0..<40).map { _ in try txn.createNode() } }
        var ends: [(NodeID, NodeID)] = []
        // The first node is a hub of many blocks, with so many edges to one neighbour that they
        // alone span blocks.
        for _ in 0..<1_500 { ends.append((nodes[0], random.pick(nodes))) }
        for _ in 0..<900 { ends.append((nodes[0], nodes[7])) }
        for _ in 0..<600 { ends.append((random.pick(nodes), random.pick(nodes))) }
        ends.shuffle(using: &random)
        let types: [EdgeType] = ["A", "B", "C"]
        let chosen = ends.map { _ in random.pick(types) }
        try db.write { [ends] txn in
            for (index, pair) in ends.enumerated() {
                try txn.createEdge(chosen[index], from: pair.0, to: pair.1)
            }
        }
        try db.read { txn in
            for source in nodes {
                let all = try txn.edges(of: source)
                for target in nodes {
                    for type in types {
                        let expected = all.filter { $0.target == target && $0.type == type }
                        let found = try txn.edgeIDs(from: source, to: target, type: type)
                        #expect(found == expected.map(\.id))
                        let has = try txn.hasEdge(from: source, to: target, type: type)
                        #expect(has == !expected.isEmpty)
                    }
                    let found = try txn.edgeIDs(from: source, to: target)
                    #expect(found == all.filter { $0.target == target }.map(\.id))
                }
            }
            let absent = try txn.edgeIDs(from: NodeID(999), to: nodes[0])
            #expect(absent.isEmpty)
            let unknown = try txn.edgeIDs(from: nodes[0], to: nodes[7], type: "NEVER")
            #expect(unknown.isEmpty)
        }
    }
}
