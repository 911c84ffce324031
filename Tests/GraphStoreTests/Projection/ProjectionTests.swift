import PropertyGraph
import Testing

@testable import GraphStore

@Suite struct `Projecting a graph` {
    @Test(arguments: UInt64(1)...8)
    func `agrees with the obvious way for any options`(seed: UInt64) throws {
        let db = try GraphDatabase.temporary()
        try RandomStore.fill(db, seed: seed)
        var random = SplitMix(seed &* 77)
        for _ in 0..<40 {
            let projection = RandomStore.projection(&random)
            let graph = try db.projection(projection)
            try NaiveProjection(projection, db).expect(graph, projection, "\(seed) \(projection)")
        }
    }

    @Test func `columns take the type of what they hold and follow their nodes and arcs`() throws {
        let db = try GraphDatabase.temporary()
        try RandomStore.fill(db, seed: 5)
        for direction in Projection.Direction.allCases {
            let graph = try db.projection(
                Projection(
                    labels: ["A", "B"], direction: direction,
                    nodeProperties: ["key", "minutes", "score", "done", "none"],
                    edgeProperties: ["w", "note"], includesEdgeIDs: true))
            let columns = graph.nodeColumns
            #expect(Set(columns.keys) == ["key", "minutes", "score", "done", "none"])
            try db.read { txn in
                for index in 0..<graph.nodeCount {
                    let node = try txn.node(NodeID(graph.id(of: UInt32(index))))
                    #expect(columns["key"]?.string(at: index) == node?["key"]?.stringValue)
                    #expect(
                        columns["minutes"]?.integer(at: index) == node?["minutes"]?.integerValue)
                    #expect(columns["score"]?.double(at: index) == node?["score"]?.doubleValue)
                    #expect(columns["done"]?.boolean(at: index) == node?["done"]?.booleanValue)
                    #expect(columns["none"]?.isPresent(index) == false)
                }
                let edges = try #require(graph.outgoing.edges)
                #expect(edges.count > 20)
                for arc in 0..<edges.count {
                    let edge = try txn.edge(EdgeID(edges[arc]))
                    let weight = graph.edgeColumns["w"]?.double(at: arc)
                    #expect(weight == edge?["w"]?.doubleValue)
                    let note = graph.edgeColumns["note"]?.string(at: arc)
                    #expect(note == edge?["note"]?.stringValue)
                }
            }
        }
    }

    @Test func `values of other and of mixed types become their texts`() throws {
        let db = try GraphDatabase.temporary()
        let long = String(repeating: "long ", count: 400)
        try db.write { txn in
            for value: PropertyValue in [
                1, 2.5, true, "e\u{301}", .string(long), .bytes([0, 255]), [1, 2],
                .date(CalendarDate(daysSinceEpoch: 19_000)), .vector([0.5]),
            ] {
                try txn.createNode(properties: ["mixed": value])
            }
            try txn.createNode()
            try txn.createNode(
                properties: ["day": .date(CalendarDate(daysSinceEpoch: 0))])
        }
        let graph = try db.projection(Projection(nodeProperties: ["mixed", "day"]))
        let column = try #require(graph.nodeColumns["mixed"])
        let expected: [String?] = [
            "1", "2.5", "true", "e\u{301}", long, "00ff", "[1, 2]", "2022-01-08", "[0.5]", nil, nil,
        ]
        let found = (0..<graph.nodeCount).map { column.string(at: $0) }
        #expect(
            found.map { $0.map { Array($0.utf8) } } == expected.map { $0.map { Array($0.utf8) } })
        #expect(graph.nodeColumns["day"]?.string(at: 10) == "1970-01-01")
        #expect(graph.nodeColumns["day"]?.string(at: 0) == nil)
    }

    @Test(arguments: ["Inline", "Recorded"] as [EdgeType])
    func `a weight that is no number is an error that names the edge`(type: EdgeType) throws {
        for value: PropertyValue in ["heavy", .double(.nan), true] {
            let db = try GraphDatabase.temporary()
            let edge = try db.write { txn in
                try txn.setInlineProperty("w", of: "Inline")
                let node = try txn.createNode()
                try txn.createEdge(type, from: node, to: node, properties: ["w": 1])
                return try txn.createEdge(type, from: node, to: node, properties: ["w": value])
            }
            let error = #expect(throws: GraphStoreError.self) {
                try db.projection(Projection(weight: "w"))
            }
            #expect(error?.code == .invalidWeight)
            #expect(error?.message.contains("edge \(edge)") == true)
            #expect(try db.projection(Projection()).edgeCount == 2)
        }
        let db = try GraphDatabase.temporary()
        let error = #expect(throws: GraphStoreError.self) {
            try db.projection(Projection(weight: "w", defaultWeight: .nan))
        }
        #expect(error?.code == .invalidWeight)
    }

    @Test func `a write transaction projects what it has changed so far`() throws {
        let db = try GraphDatabase.temporary()
        let counts = try db.write { txn in
            let gone = try txn.createNode()
            let first = try txn.createNode()
            let second = try txn.createNode()
            try txn.createEdge("T", from: first, to: second)
            try txn.detachDeleteNode(gone)
            let graph = try txn.projection(Projection())
            return [graph.nodeCount, graph.edgeCount, Int(graph.id(of: 0))]
        }
        #expect(counts == [2, 1, 2])
    }

    @Test(arguments: UInt64(1)...4)
    func `walking all edges and looking up those of the types find the same`(seed: UInt64) throws {
        let db = try GraphDatabase.temporary()
        try RandomStore.fill(db, seed: seed)
        var random = SplitMix(seed)
        for _ in 0..<30 {
            let projection = RandomStore.projection(&random)
            try db.read { txn in
                let view = txn.view
                let nodes = try view.projectedNodes(projection)
                let walked = try view.projectedEdges(projection, among: nodes, by: .table)
                let lookedUp = try view.projectedEdges(projection, among: nodes, by: .members)
                #expect(walked == lookedUp, "\(seed) \(projection)")
            }
        }
    }

    @Test func `a rare edge type is projected as any other`() throws {
        let db = try GraphDatabase.temporary()
        try RandomStore.fill(db, seed: 2, edges: 400)
        try db.write { txn in
            for node in try txn.nodeIDs().prefix(3) {
                try txn.createEdge("Rare", from: node, to: node, properties: ["w": 2])
            }
        }
        let projection = Projection(types: ["Rare"], weight: "w", includesEdgeIDs: true)
        let graph = try db.projection(projection)
        #expect(graph.edgeCount == 3)
        try NaiveProjection(projection, db).expect(graph, projection, "rare")
    }

    @Test func `an empty database has an empty projection`() throws {
        let db = try GraphDatabase.temporary()
        let graph = try db.projection(
            Projection(weight: "w", nodeProperties: ["a"], edgeProperties: ["b"]))
        #expect(graph.nodeCount == 0)
        #expect(graph.outgoing.arcCount == 0)
        #expect(graph.index(ofID: 1) == nil)
    }

    @Test(
        arguments: [
            [], [7], Array(3...90), [1, 2, 5, 64, 65, 200, 9_000], [1, 1 << 40, .max - 1, .max],
        ] as [[UInt64]])
    func `an id is found at its index and no other id is`(ids: [UInt64]) {
        let index = IDIndex(ids)
        for (row, id) in ids.enumerated() { #expect(index.index(of: id) == row) }
        var others = ids.flatMap { [$0 &- 1, $0 &+ 1, $0 &+ 64] }
        others += [0, .max, 1 << 20]
        for id in others where !ids.contains(id) { #expect(index.index(of: id) == nil) }
    }
}
