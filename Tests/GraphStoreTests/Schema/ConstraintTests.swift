import Glibc
import LMDB
import PropertyGraph
import StoreTestSupport
import Testing

@testable import GraphStore

/// The code and message of what a closure throws.
func refusal(_ body: () throws -> Void) -> GraphStoreError? {
    do {
        try body()
        return nil
    } catch {
        return error as? GraphStoreError
    }
}

@Suite struct `Constraints` {
    @Test func `name what breaks them and how to mend it`() throws {
        let db = try GraphDatabase.temporary()
        try db.write { txn in
            for index in 0..<9 {
                try txn.createNode(
                    labels: ["Person"], properties: index == 4 ? ["age": "old"] : ["age": 30])
            }
        }
        let existence = try #require(
            refusal {
                _ = try db.write {
                    try $0.createExistenceConstraint(label: "Person", property: "email")
                }
            })
        #expect(existence.code == .existenceViolation)
        #expect(existence.nodes == (1...5).map { NodeID($0) })
        #expect(
            existence.message == "Existence constraint 'exists_Person_email' on Person is broken: "
                + "nodes 1, 2, 3, 4, 5 and 4 more have no 'email'. Set it, then create it "
                + "again.")
        let type = try #require(
            refusal {
                _ = try db.write {
                    try $0.createTypeConstraint(label: "Person", property: "age", type: .integer)
                }
            })
        #expect(type.code == .typeViolation)
        #expect(
            type.message == "Type constraint 'type_Person_age' on Person is broken: 'age' of node "
                + "5 must be INTEGER, and is STRING. Convert the value, then create it again.")
        #expect(try db.read { try $0.schemaObjects() } == [])
        #expect(try db.check().isClean)
    }

    @Test func `are created together with what makes them hold`() throws {
        let db = try GraphDatabase.temporary()
        let node = try db.write { try $0.createNode(labels: ["Person"]) }
        _ = try db.write { txn in
            try txn.createExistenceConstraint(label: "Person", property: "email")
            try txn.setProperty("email", of: node, to: "a@b")
        }
        // Broken and mended within one closure.
        try db.write { txn in
            try txn.setProperty("email", of: node, to: nil)
            try txn.setProperty("email", of: node, to: "c@d")
            let other = try txn.createNode(labels: ["Person"])
            try txn.deleteNode(other)
        }
        let broken = refusal { try db.write { try $0.setProperty("email", of: node, to: nil) } }
        #expect(broken?.code == .existenceViolation)
        #expect(try db.read { try $0.property("email", of: node) } == "c@d")
        try db.write { try $0.dropSchemaObject(named: "exists_Person_email") }
        try db.write { try $0.setProperty("email", of: node, to: nil) }
        #expect(try db.check().isClean)
    }

    @Test func `hold edges, of an inline property as well`() throws {
        let db = try GraphDatabase.temporary()
        let ends = try db.write { txn in
            try txn.setInlineProperty("w", of: "ROAD")
            try txn.createTypeConstraint(edgeType: "ROAD", property: "w", type: .float)
            try txn.createExistenceConstraint(edgeType: "ROAD", property: "w")
            try txn.createKeyConstraint(edgeType: "ROAD", properties: ["a", "b"])
            return (try txn.createNode(), try txn.createNode())
        }
        func road(_ properties: Properties) -> GraphStoreError.Code? {
            refusal {
                _ = try db.write {
                    try $0.createEdge("ROAD", from: ends.0, to: ends.1, properties: properties)
                }
            }?.code
        }
        #expect(road(["w": 1.5, "a": 1, "b": 1]) == nil)
        #expect(road(["w": 1, "a": 1, "b": 2]) == .typeViolation)
        #expect(road(["a": 1, "b": 2]) == .existenceViolation)
        #expect(road(["w": 1.5, "a": 1]) == .existenceViolation)
        #expect(road(["w": 1.5, "a": 1.0, "b": 1]) == .uniqueViolation)
        #expect(road(["w": 1.5, "a": 2, "b": 1]) == nil)
        #expect(try db.check().isClean)
    }

    @Test func `see what earlier closures of the group did`() throws {
        let db = try GraphDatabase.temporary()
        _ = try db.write { try $0.createExistenceConstraint(label: "A", property: "p") }
        let gate = WriterGate()
        try gate.hold(db)
        var slots: [ResultSlot<Bool>] = []
        for label in ["B", "A", "B"] as [Label] {
            let slot = ResultSlot<Bool>()
            try db.submit(
                {
                    try $0.createNode(labels: [label])
                    return true
                }, isHeavy: false, slot
            ) { slot.finish($0) }
            slots.append(slot)
        }
        gate.open()
        #expect(try slots[0].wait())
        #expect(refusal { _ = try slots[1].wait() }?.code == .existenceViolation)
        #expect(try slots[2].wait())
        #expect(try db.read { try $0.nodeCount() } == 2)
    }

    @Test func `hold rows that are loaded in bulk`() throws {
        let db = try GraphDatabase.temporary()
        let text = try #require(PropertyType("STRING | LIST<STRING>"))
        _ = try db.write { txn in
            try txn.createKeyConstraint(label: "P", properties: ["id"])
            try txn.createTypeConstraint(label: "P", property: "name", type: text)
            try txn.createExistenceConstraint(edgeType: "R", property: "w")
        }
        func load(_ rows: [[PropertyValue?]], _ weights: [PropertyValue?]) -> GraphStoreError? {
            refusal {
                var loader = try BulkLoader(into: db)
                let nodes = try loader.nodeLayout(labels: ["P"], keys: ["id", "name"])
                let edges = try loader.edgeLayout(type: "R", keys: ["w"])
                var last = NodeID(0)
                for row in rows { last = try loader.addNode(nodes, values: row) }
                for weight in weights {
                    try loader.addEdge(edges, source: last, target: last, values: [weight])
                }
                _ = try loader.finish()
            }
        }
        let absent = load([[1, "a"], [nil, "b"]], [])
        #expect(absent?.code == .existenceViolation)
        #expect(absent?.message.contains("node 2 of the load has no 'id'") == true)
        #expect(load([[1, "a"], [1, "b"]], [])?.code == .uniqueViolation)
        #expect(load([[1, "a"], [2, 7]], [])?.code == .typeViolation)
        #expect(load([[1, "a"]], [1, nil])?.code == .existenceViolation)
        #expect(try db.read { try $0.nodeCount() } == 0)
        #expect(load([[1, "a"], [2, nil], [3, ["x", "y"]], [4, []]], [1, 2.5]) == nil)
        #expect(try db.read { try $0.nodeCount() } == 4)
        #expect(try db.check().isClean)
    }

    @Test func `that an older program does not know keep it from writing`() throws {
        let directory = TemporaryDirectory()
        let path = directory.file("store")
        func head() throws -> FeatureBits {
            let db = try GraphDatabase(path: path)
            defer { db.close() }
            return db.format.features
        }
        do {
            let db = try GraphDatabase(path: path)
            _ = try db.write { try $0.createUniqueConstraint(label: "A", properties: ["p"]) }
            db.close()
        }
        #expect(try head().mustNotWrite == 0)
        do {
            let db = try GraphDatabase(path: path)
            _ = try db.write { try $0.createExistenceConstraint(label: "A", property: "p") }
            db.close()
        }
        var format = StoreFormat()
        format.features = try head()
        #expect(format.features.mustNotWrite == FeatureBits.newerObjects)
        #expect(format.features.mustRefuse == 0)
        format.features.mustNotWrite <<= 20
        #expect(refusal { try format.check(isReadOnly: false, path: path) }?.code == .formatTooNew)
        #expect(refusal { try format.check(isReadOnly: true, path: path) } == nil)
        do {
            let db = try GraphDatabase(path: path)
            // The table that an older program reads holds what it knows, and no more.
            let known = try db.read { txn in
                try txn.view.bytes.statistics(txn.tables.schema).entries
            }
            #expect(known == 1)
            try db.write { try $0.dropSchemaObject(named: "exists_A_p") }
            db.close()
        }
        #expect(try head().mustNotWrite == 0)
    }

    @Test func `are refused where a description tells of none`() throws {
        let db = try GraphDatabase.temporary()
        for object in [
            SchemaObject(
                name: "i", kind: .inlineProperty, entity: .node, labelOrType: "A",
                properties: ["p"]),
            SchemaObject(
                name: "t", kind: .type, entity: .node, labelOrType: "A", properties: ["p"]),
            SchemaObject(
                name: "e", kind: .existence, entity: .edge, labelOrType: "A",
                properties: ["p", "q"]),
            SchemaObject(name: "n", kind: .index, entity: .edge, labelOrType: "A", properties: []),
        ] {
            let error = refusal { _ = try db.write { try $0.createSchemaObject(object) } }
            #expect(error?.code == .invalidValue)
        }
    }

    @Test func `survive reopening, copying and a check that finds what broke them`() throws {
        let directory = TemporaryDirectory()
        let db = try GraphDatabase(path: directory.file("store"))
        try db.write { txn in
            try txn.createNode(labels: ["A"], properties: ["p": 1, "q": 2])
            try txn.createKeyConstraint(label: "A", properties: ["p"])
            try txn.createTypeConstraint(label: "A", property: "q", type: .integer)
        }
        try db.copy(to: directory.file("copy"), compacting: true)
        let objects = try db.read { try $0.schemaObjects() }
        db.close()
        let copy = try GraphDatabase(path: directory.file("copy"))
        #expect(try copy.read { try $0.schemaObjects() } == objects)
        #expect(
            refusal {
                _ = try copy.write { try $0.createNode(labels: ["A"], properties: ["p": 1]) }
            }?.code == .uniqueViolation)
        // A record that no writer of this program would have written.
        try copy.write { txn in
            let number = try txn.number(PropertyKey("q"))
            let label = try txn.number(Label("A"))
            try txn.putRecord(.node, 1, [label], [(number, "text")], spilledBefore: [])
            txn.state.mustStore = true
        }
        let codes = Set(try copy.check().findings.map { $0.code })
        #expect(codes.isSuperset(of: [.existence, .type]))
        copy.close()
    }
}

@Suite struct `The types of properties` {
    @Test func `are read in any case, with synonyms, and written in one way`() {
        let pairs = [
            "integer": "INTEGER", "BOOL": "BOOLEAN", "list < string not null >": "LIST<STRING>",
            "FLOAT|integer": "INTEGER | FLOAT", "array<zoned datetime>": "LIST<ZONED DATETIME>",
            "timestamp without  time zone": "LOCAL DATETIME", "Vector": "VECTOR",
            "list<int> | int": "INTEGER | LIST<INTEGER>",
        ]
        for (text, name) in pairs { #expect(PropertyType(text)?.description == name) }
        for text in ["", "NUMBER", "LIST", "LIST<>", "LIST<LIST<INT>>", "LIST<VECTOR>", "INT |"] {
            #expect(PropertyType(text) == nil, "\(text)")
        }
    }

    @Test func `hold the values of that type and no others`() throws {
        let samples: [(PropertyValue, String)] = [
            (true, "BOOLEAN"), (1, "INTEGER"), (1.0, "FLOAT"), ("a", "STRING"),
            (.bytes([1]), "BYTES"), (.date(CalendarDate(daysSinceEpoch: 1)), "DATE"),
            (.vector([1]), "VECTOR"), ([1, 2], "LIST<INTEGER>"), (["a"], "LIST<STRING>"),
        ]
        for (value, name) in samples {
            let type = try #require(PropertyType(name))
            #expect(PropertyType(of: value) == type)
            for (other, _) in samples { #expect(type.contains(other) == (other == value)) }
        }
        #expect(PropertyType(of: []) == nil)
        #expect(PropertyType("LIST<DATE>")?.contains([]) == true)
        #expect(PropertyType("DATE")?.contains([]) == false)
    }
}
