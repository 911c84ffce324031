import PropertyGraph
import StoreTestSupport
import Testing

@testable import GraphStore

@Suite struct `Renaming` {
    /// Two people who know each other, with an index and a constraint.
    private func people(_ path: String) throws -> GraphDatabase {
        let db = try GraphDatabase(path: path)
        try db.write { txn in
            try txn.createIndex(label: "Person", properties: ["name"])
            try txn.createExistenceConstraint(edgeType: "KNOWS", property: "since")
            let ada = try txn.createNode(labels: ["Person"], properties: ["name": "Ada"])
            let bob = try txn.createNode(labels: ["Person"], properties: ["name": "Bob"])
            try txn.createEdge("KNOWS", from: ada, to: bob, properties: ["since": 1])
        }
        return db
    }

    @Test func `changes a name wherever it stands, at once and for other processes`() throws {
        let directory = TemporaryDirectory()
        let db = try people(directory.file("store"))
        try db.write { txn in
            try txn.rename(Label("Person"), to: "Human")
            try txn.rename(EdgeType("KNOWS"), to: "MET")
            try txn.rename(PropertyKey("name"), to: "called")
            // Seen within the closure too.
            #expect(try txn.nodeIDs(label: "Human").count == 2)
        }
        db.close()
        let again = try GraphDatabase(path: directory.file("store"))
        try again.read { txn in
            #expect(try txn.labels() == ["Human"])
            #expect(try txn.edgeTypes() == ["MET"])
            #expect(try txn.node(label: "Human", "called", "Bob") == NodeID(2))
            #expect(try txn.node(label: "Person", "name", "Bob") == nil)
            #expect(try txn.neighbors(of: NodeID(1), .outgoing, type: "MET").count == 1)
            let objects = try txn.schemaObjects()
            #expect(objects.map { $0.labelOrType } == ["MET", "Human"])
            #expect(objects.map { $0.name } == ["exists_KNOWS_since", "index_Person_name"])
        }
        let broken = refusal {
            _ = try again.write { try $0.createEdge("MET", from: NodeID(2), to: NodeID(1)) }
        }
        #expect(broken?.message.contains("on MET is broken") == true)
        #expect(try again.check().isClean)
    }

    @Test func `refuses a name that is there, and one that is not`() throws {
        let directory = TemporaryDirectory()
        let db = try people(directory.file("store"))
        _ = try db.write { try $0.createNode(labels: ["Robot"]) }
        let merging = refusal { try db.write { try $0.rename(Label("Robot"), to: "Person") } }
        #expect(merging?.code == .nameExists)
        #expect(
            merging?.message == "There is a label 'Person' already, or was one, and a rename does "
                + "not merge two. Choose a name that was never used, or change the nodes one by "
                + "one.")
        let missing = refusal { try db.write { try $0.rename(EdgeType("X"), to: "Y") } }
        #expect(missing?.code == .nameNotFound)
        let empty = refusal { try db.write { try $0.rename(PropertyKey("name"), to: "") } }
        #expect(empty?.code == .invalidName)
        // To itself changes nothing, and there and back again is allowed.
        let position = try db.read { try $0.position() }
        try db.write { try $0.rename(Label("Robot"), to: "Robot") }
        #expect(try db.read { try $0.position() } == position)
        try db.write { try $0.rename(Label("Robot"), to: "Droid") }
        try db.write { try $0.rename(Label("Droid"), to: "Robot") }
        #expect(try db.read { try $0.nodeIDs(label: "Robot").count } == 1)
    }

    @Test func `leaves the feed as it was, also when names change places`() throws {
        let directory = TemporaryDirectory()
        let db = try GraphDatabase(path: directory.file("store"))
        try db.write { txn in
            try txn.createNode(labels: ["A"], properties: ["p": 1])
            try txn.createNode(labels: ["B"], properties: ["p": 2])
        }
        let before = try db.read { try $0.changes(from: 1) }
        try db.write { txn in
            try txn.addLabel("C", to: NodeID(1))
            try txn.rename(Label("A"), to: "T")
            try txn.rename(Label("B"), to: "A")
            try txn.rename(Label("T"), to: "B")
            try txn.createNode(labels: ["A"])
        }
        let sets = try db.read { try $0.changes(from: 1) }
        #expect(Array(sets.prefix(1)) == before)
        #expect(
            sets[1].changes == [
                .labelsChanged(NodeID(1), before: ["A"], after: ["A", "C"]),
                .renamed(.label, before: "A", after: "T"),
                .renamed(.label, before: "B", after: "A"),
                .renamed(.label, before: "T", after: "B"),
                .nodeCreated(Node(id: NodeID(3), labels: ["A"], properties: [:])),
            ])
        db.close()
        let again = try GraphDatabase(path: directory.file("store"))
        #expect(try again.read { try $0.changes(from: 1) } == sets)
        #expect(try again.read { try $0.node(NodeID(1))?.labels } == ["B", "C"])
    }

    @Test func `forgets earlier names with the log that needs them`() throws {
        let directory = TemporaryDirectory()
        var options = GraphDatabaseOptions()
        options.changeLogRetention = 5
        let db = try GraphDatabase(path: directory.file("store"), options: options)
        _ = try db.write { try $0.createNode(labels: ["A0"]) }
        for round in 0..<40 {
            try db.write { try $0.rename(Label("A\(round)"), to: Label("A\(round + 1)")) }
        }
        try db.read { txn in
            #expect(txn.view.catalog.renames.count < 12)
            let sets = try txn.changes(from: try txn.firstLoggedPosition())
            for set in sets {
                let round = Int(set.position) - 2
                #expect(
                    set.changes == [
                        .renamed(.label, before: "A\(round)", after: "A\(round + 1)")
                    ])
            }
        }
    }

    @Test func `shows earlier states under today's names`() throws {
        let directory = TemporaryDirectory()
        let db = try people(directory.file("store"))
        try db.setHistory(HistoryRetention())
        let then = try db.read { try $0.position() }
        try db.write { try $0.setProperty("name", of: NodeID(1), to: "Ada L.") }
        try db.write { try $0.rename(PropertyKey("name"), to: "called") }
        try db.read(asOf: .position(then)) { txn in
            let name = try txn.property("called", of: NodeID(1))
            let found = try txn.node(label: "Person", "called", "Ada")
            let before = try txn.property("name", of: NodeID(1))
            #expect(name == "Ada")
            #expect(found == NodeID(1))
            #expect(before == nil)
        }
        #expect(try db.check().isClean)
    }

    @Test func `makes projections by name anew`() throws {
        let directory = TemporaryDirectory()
        let db = try people(directory.file("store"))
        let live = db.liveProjection(Projection(types: ["KNOWS"]))
        #expect(try live.graph().edgeCount == 1)
        try db.write { try $0.rename(EdgeType("KNOWS"), to: "MET") }
        #expect(try live.graph().edgeCount == 0)
        #expect(try db.projection(Projection(types: ["KNOWS"])).edgeCount == 0)
        #expect(try db.projection(Projection(types: ["MET"])).edgeCount == 1)
    }
}
