import LMDB
import PropertyGraph
import StoreTestSupport
import TestSupport
import Testing

@testable import GraphStore

@Suite struct `Building an index in slices` {
    private func options(slices: Int, automatic: Bool = true) -> GraphDatabaseOptions {
        var options = GraphDatabaseOptions()
        options.indexSliceCount = slices
        options.buildsIndexes = automatic
        return options
    }

    private func fill(_ db: GraphDatabase, _ count: Int) throws {
        try db.write { txn in
            for index in 0..<count {
                try txn.createNode(
                    labels: index % 3 == 0 ? ["A", "B"] : ["A"],
                    properties: ["p": .integer(Int64(index % 97)), "u": .integer(Int64(index))])
            }
        }
    }

    private func state(_ db: GraphDatabase, _ name: String) throws -> SchemaState? {
        try db.read { try $0.schemaObjects().first { $0.name == name }?.state }
    }

    /// Every answer through the index equals the one without.
    private func compare(_ db: GraphDatabase) throws {
        try db.read { txn in
            for value in 0..<97 as Range<Int64> {
                let with = try txn.nodeIDs(label: "A", where: "p", .equals(.integer(value)))
                let without = try txn.nodeIDs(
                    label: "A", where: "p", .equals(.integer(value)), using: .never)
                #expect(with == without)
            }
        }
    }

    @Test func `goes on by itself until it is online, while others write`() throws {
        let directory = TemporaryDirectory()
        let db = try GraphDatabase(path: directory.file("store"), options: options(slices: 50))
        try fill(db, 2_000)
        let object = try db.write {
            try $0.createIndex(label: "A", properties: ["p"], building: .inSlices)
        }
        #expect(object.state == .building(done: 0))
        var random = TestRandom(seed: 1)
        for _ in 0..<60 {
            let id = NodeID(UInt64(1 + random.below(2_000)))
            let value = PropertyValue.integer(Int64(random.below(97)))
            try db.write { txn in
                guard try txn.contains(id) else { return }
                if value == 5 { return try txn.deleteNode(id) }
                try txn.setProperty("p", of: id, to: value)
                try txn.createNode(labels: ["A"], properties: ["p": value])
            }
        }
        var seen: [Double] = []
        try db.waitForIndexes { objects in
            for case .building(let done) in objects.map({ $0.state }) { seen.append(done) }
        }
        #expect(seen == seen.sorted())
        #expect(try state(db, "index_A_p") == .online)
        try compare(db)
        #expect(try db.check().isClean)
        db.close()
        // A program of the first version may write again.
        let again = try GraphDatabase(path: directory.file("store"))
        #expect(again.format.features.mustNotWrite == 0)
    }

    @Test(arguments: 0..<6) func `goes on after a restart from where it was`(slices: Int) throws {
        let directory = TemporaryDirectory()
        let path = directory.file("store")
        do {
            let db = try GraphDatabase(path: path, options: options(slices: 100, automatic: false))
            try fill(db, 500)
            _ = try db.write {
                try $0.createIndex(label: "A", properties: ["p"], building: .inSlices)
            }
            for _ in 0..<slices { _ = try db.write { try $0.buildSlice(atMost: 100) } }
            #expect(try db.check().isClean)
            try compare(db)
            db.close()
        }
        var readOnly = options(slices: 100)
        readOnly.isReadOnly = true
        do {
            let db = try GraphDatabase(path: path, options: readOnly)
            try compare(db)
            #expect(refusal { try db.waitForIndexes() }?.code == .readOnly)
            db.close()
        }
        let db = try GraphDatabase(path: path, options: options(slices: 100))
        try db.waitForIndexes()
        #expect(try state(db, "index_A_p") == .online)
        let known = try db.read { txn in
            try txn.view.bytes.statistics(txn.tables.schema).entries
        }
        #expect(known == 1)
        try compare(db)
        #expect(try db.check().isClean)
    }

    @Test func `of a unique constraint fails on equal values, names them, and leaves nothing`()
        throws
    {
        let db = try GraphDatabase.temporary(options: options(slices: 64))
        try fill(db, 600)
        let twins = try db.write { txn in
            [
                try txn.createNode(labels: ["A"], properties: ["u": 7.0]),
                try txn.createNode(labels: ["A"], properties: ["u": 1e9]),
            ]
        }
        let begun = refusal {
            _ = try db.write { txn in
                try txn.createUniqueConstraint(
                    label: "A", properties: ["u"], name: "u", building: .inSlices)
            }
        }
        #expect(begun == nil)
        try db.waitForIndexes()
        guard case .failed(let reason)? = try state(db, "u") else {
            Issue.record("it did not fail")
            return
        }
        #expect(reason.contains("nodes 8 and \(twins[0]) have u = 7"))
        // Nothing is held to it any more, and nothing is left of it.
        _ = try db.write { try $0.createNode(labels: ["A"], properties: ["u": 7]) }
        let left = try db.read { txn in
            try txn.view.bytes.statistics(txn.tables.unique).entries
        }
        #expect(left == 0)
        #expect(try db.check().isClean)
        let again = refusal {
            _ = try db.write { try $0.createUniqueConstraint(label: "A", properties: ["u"]) }
        }
        #expect(again?.code == .schemaExists)
        try db.write { txn in
            try txn.dropSchemaObject(named: "u")
            for id in try txn.nodeIDs(label: "A", where: "u", .equals(7)) where id != NodeID(8) {
                try txn.deleteNode(id)
            }
        }
        _ = try db.write {
            try $0.createKeyConstraint(
                label: "A", properties: ["u"], name: "u", building: .inSlices)
        }
        try db.waitForIndexes()
        #expect(try state(db, "u") == .online)
        #expect(try db.check().isClean)
    }

    @Test func `of a key constraint fails on an absent value`() throws {
        let db = try GraphDatabase.temporary(options: options(slices: 64))
        try fill(db, 200)
        let node = try db.write { try $0.createNode(labels: ["A"]) }
        _ = try db.write {
            try $0.createKeyConstraint(label: "A", properties: ["u"], building: .inSlices)
        }
        try db.waitForIndexes()
        guard case .failed(let reason)? = try state(db, "key_A_u") else {
            Issue.record("it did not fail")
            return
        }
        #expect(reason.contains("node \(node) has no 'u'"))
        #expect(try db.check().isClean)
    }

    @Test func `holds new values to the part of a unique constraint that is there`() throws {
        let db = try GraphDatabase.temporary(options: options(slices: 64, automatic: false))
        try fill(db, 300)
        _ = try db.write {
            try $0.createUniqueConstraint(label: "A", properties: ["u"], building: .inSlices)
        }
        _ = try db.write { try $0.buildSlice(atMost: 100) }
        let clash = refusal {
            _ = try db.write { try $0.createNode(labels: ["A"], properties: ["u": 5]) }
        }
        #expect(clash?.code == .uniqueViolation)
        // Not met yet: the slice that comes there will find it.
        _ = try db.write { try $0.createNode(labels: ["A"], properties: ["u": 200]) }
        #expect(try db.check().isClean)
        try db.waitForIndexes()
        guard case .failed? = try state(db, "unique_A_u") else {
            Issue.record("it did not fail")
            return
        }
    }

    @Test func `can be dropped under way, and rows loaded in bulk take part in it`() throws {
        let db = try GraphDatabase.temporary(options: options(slices: 64, automatic: false))
        try fill(db, 300)
        func begin() throws {
            _ = try db.write {
                try $0.createIndex(label: "A", properties: ["p"], name: "i", building: .inSlices)
            }
            _ = try db.write { try $0.buildSlice(atMost: 100) }
        }
        try begin()
        try db.write { try $0.dropSchemaObject(named: "i") }
        #expect(try db.read { try $0.schemaObjects() } == [])
        #expect(try db.check().isClean)
        // Ids set aside before the building begins, rows written while it is under way.
        var loader = try BulkLoader(into: db)
        let layout = try loader.nodeLayout(labels: ["A"], keys: ["p"])
        for index in 0..<500 {
            _ = try loader.addNode(layout, values: [.integer(Int64(index % 97))])
        }
        try begin()
        _ = try loader.finish()
        #expect(try db.check().isClean)
        try db.waitForIndexes()
        try compare(db)
        #expect(try db.check().isClean)
    }

    @Test func `tells the feed when it is online`() throws {
        let db = try GraphDatabase.temporary(options: options(slices: 64))
        try fill(db, 200)
        _ = try db.write {
            try $0.createIndex(label: "A", properties: ["p"], building: .inSlices)
        }
        try db.waitForIndexes()
        let sets = try db.read { try $0.changes(from: 2) }
        #expect(sets.count == 1)
        guard case .schemaCreated(let object)? = sets.first?.changes.first else {
            Issue.record("the feed says nothing of it")
            return
        }
        #expect(object.name == "index_A_p")
    }
}
