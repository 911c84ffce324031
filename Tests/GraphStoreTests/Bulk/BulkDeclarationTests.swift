import Foundation
import GraphStore
import PropertyGraph
import Testing

@Suite struct `Declaring in a bulk load` {
    /// Where a load goes.
    enum Place: CaseIterable { case fresh, open }

    /// One object of each kind, over nodes and over edges.
    static let objects: [SchemaObject] = [
        SchemaObject(
            name: "names", kind: .key, entity: .node, labelOrType: "P", properties: ["a", "b"]),
        SchemaObject(
            kind: .unique, entity: .node, labelOrType: "P", properties: ["c", "a"]),
        SchemaObject(kind: .existence, entity: .node, labelOrType: "P", properties: ["c"]),
        SchemaObject(
            kind: .type, entity: .node, labelOrType: "P", properties: ["c"],
            type: .integer.union(.string)),
        SchemaObject(kind: .index, entity: .node, labelOrType: "Q", properties: ["b", "c"]),
        SchemaObject(kind: .key, entity: .edge, labelOrType: "T", properties: ["k"]),
        SchemaObject(kind: .existence, entity: .edge, labelOrType: "T", properties: ["w"]),
        SchemaObject(
            kind: .type, entity: .edge, labelOrType: "T", properties: ["w"], type: .float),
        SchemaObject(kind: .unique, entity: .edge, labelOrType: "T", properties: ["w", "k"]),
        SchemaObject(kind: .index, entity: .edge, labelOrType: "T", properties: ["n"]),
        SchemaObject(kind: .inlineProperty, entity: .edge, labelOrType: "T", properties: ["w"]),
    ]

    /// Values of `a`, `b`, `c` of nodes and `k`, `w`, `n` of edges.
    struct Rows {
        var nodes: [[PropertyValue?]] = [
            ["x", 1, 7], ["x", 2, "seven"], ["y", 1, 7],
            [.string(String(repeating: "long", count: 300)), 1, 8],
        ]
        var edges: [[PropertyValue?]] = [
            [1, .double(0.5), "n"], [2, .double(0.5), nil], ["three", .double(.nan), "n"],
        ]
    }

    /// Loads rows; an open database holds two nodes before.
    private func load(_ rows: Rows, _ place: Place, _ scratch: ScratchDirectory) throws
        -> BulkLoadSummary
    {
        let path = scratch.child("db")
        var loader: BulkLoader
        var database: GraphDatabase?
        switch place {
        case .fresh: loader = try BulkLoader(creating: path)
        case .open:
            let db = try GraphDatabase(path: path)
            try db.write { txn in
                let a = try txn.createNode(labels: ["P"], properties: ["a": 0, "b": 0, "c": 0])
                try txn.createEdge("T", from: a, to: a, properties: ["k": 0, "w": .double(9)])
            }
            database = db
            loader = try BulkLoader(into: db)
        }
        defer { database?.close() }
        for object in Self.objects { try loader.declare(object) }
        // Twice is once, under any name.
        try loader.declare(
            SchemaObject(
                name: "again", kind: .existence, entity: .node, labelOrType: "P",
                properties: ["c"]))
        let nodes = try loader.nodeLayout(labels: ["P", "Q"], keys: ["a", "b", "c"])
        let edges = try loader.edgeLayout(type: "T", keys: ["k", "w", "n"])
        var ids: [NodeID] = []
        for row in rows.nodes { ids.append(try loader.addNode(nodes, values: row)) }
        for row in rows.edges {
            try loader.addEdge(edges, source: ids[0], target: ids[1], values: row)
        }
        return try loader.finish()
    }

    @Test(arguments: Place.allCases)
    func `every kind holds for what was loaded, and from then on`(place: Place) throws {
        let scratch = ScratchDirectory()
        let summary = try load(Rows(), place, scratch)
        #expect(summary.nodes == 4 && summary.edges == 3)
        let db = try GraphDatabase(path: scratch.child("db"))
        defer { db.close() }
        let objects = try db.read { try $0.schemaObjects() }
        #expect(Set(objects) == Set(Self.objects))
        #expect(objects.allSatisfy { $0.state == .online })
        #expect(try db.check().isClean)
        let found = try db.read { txn in
            try txn.nodeIDs(label: "Q", where: "c", .equals(7)).count
        }
        #expect(found == 2)
        #expect(throws: GraphStoreError.self) {
            try db.write { txn in
                _ = try txn.createNode(labels: ["P"], properties: ["a": "z", "b": 1])
            }
        }
    }

    @Test(arguments: Place.allCases)
    func `a row that breaks one ends the load, and leaves neither rows nor constraints`(
        place: Place
    ) throws {
        let breaches: [(GraphStoreError.Code, (inout Rows) -> Void)] = [
            (.existenceViolation, { $0.nodes[2][0] = nil }),
            (.existenceViolation, { $0.nodes[1][2] = nil }),
            (.existenceViolation, { $0.edges[1][1] = nil }),
            (.existenceViolation, { $0.edges[2][0] = nil }),
            (.typeViolation, { $0.nodes[0][2] = .boolean(true) }),
            (.typeViolation, { $0.edges[0][1] = 1 }),
            (.uniqueViolation, { $0.nodes[1][1] = 1 }),
            (.uniqueViolation, { $0.edges[1][0] = .double(1) }),
        ]
        for (number, (code, breach)) in breaches.enumerated() {
            let scratch = ScratchDirectory()
            var rows = Rows()
            breach(&rows)
            let error = #expect(throws: GraphStoreError.self, "breach \(number)") {
                try load(rows, place, scratch)
            }
            #expect(error?.code == code, "breach \(number): \(error?.message ?? "")")
            #expect(error?.message.contains("drop the constraint") == false)
            guard place == .open else {
                #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == [])
                continue
            }
            let db = try GraphDatabase(path: scratch.child("db"))
            #expect(try db.read { try $0.schemaObjects() } == [])
            #expect(try db.read { try $0.nodeCount() } == 1)
            #expect(try db.check().isClean)
            db.close()
        }
    }

    @Test func `what is there already is held to it, too`() throws {
        let scratch = ScratchDirectory()
        let db = try GraphDatabase(path: scratch.child("db"))
        defer { db.close() }
        try db.write { txn in _ = try txn.createNode(labels: ["P"], properties: ["x": 1]) }
        var loader = try BulkLoader(into: db)
        try loader.declare(
            SchemaObject(kind: .existence, entity: .node, labelOrType: "P", properties: ["c"]))
        let layout = try loader.nodeLayout(labels: ["P"], keys: ["c"])
        _ = try loader.addNode(layout, values: [1])
        let error = GraphStoreError.Code.existenceViolation
        do {
            _ = try loader.finish()
            Issue.record("The load ended well.")
        } catch let found as GraphStoreError {
            #expect(found.code == error && found.nodes == [NodeID(1)])
        }
        #expect(try db.read { try $0.schemaObjects() } == [])
    }

    @Test(arguments: Place.allCases)
    func `one that stands in the way of another is refused at once`(place: Place) throws {
        let scratch = ScratchDirectory()
        let path = scratch.child("db")
        var loader =
            switch place {
            case .fresh: try BulkLoader(creating: path)
            case .open: try BulkLoader(into: GraphDatabase(path: path))
            }
        try loader.declareUnique(label: "P", key: "a")
        let key = SchemaObject(
            kind: .key, entity: .node, labelOrType: "P", properties: ["a"])
        let error = #expect(throws: GraphStoreError.self) { try loader.declare(key) }
        #expect(error?.code == .schemaExists)
    }
}
