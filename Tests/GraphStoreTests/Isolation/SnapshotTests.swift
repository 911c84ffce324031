import PropertyGraph
import StoreTestSupport
import TestSupport
import Testing

@testable import GraphStore

@Suite struct `Snapshots` {
    private static func bank(_ options: GraphDatabaseOptions) throws -> GraphDatabase {
        let db = try GraphDatabase.temporary(options: options)
        try db.write { txn in
            for _ in 0..<8 {
                try txn.createNode(labels: ["Account"], properties: ["amount": 100])
            }
        }
        return db
    }

    @Test(arguments: [Durability.durable, .grouped(maxDelay: .milliseconds(1)), .relaxed])
    func `never show half of a transfer`(durability: Durability) async throws {
        var options = GraphDatabaseOptions()
        options.durability = durability
        let db = try Self.bank(options)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for writer in 0..<3 as Range<UInt64> {
                group.addTask {
                    var random = TestRandom(seed: writer)
                    for _ in 0..<60 {
                        let from = NodeID(UInt64(1 + random.below(8)))
                        let to = NodeID(UInt64(1 + random.below(8)))
                        try await db.write { txn in
                            for (account, change) in [(from, -5 as Int64), (to, 5)] {
                                let old = try txn.property("amount", of: account)?.integerValue
                                try txn.setProperty(
                                    "amount", of: account, to: .integer((old ?? 0) + change))
                            }
                        }
                    }
                }
            }
            for _ in 0..<2 {
                group.addTask {
                    for _ in 0..<120 {
                        let sum = try await db.read { txn in
                            var sum: Int64 = 0
                            try txn.forEachNode(label: "Account") {
                                sum += $0["amount"]?.integerValue ?? 0
                                return true
                            }
                            return sum
                        }
                        #expect(sum == 800)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try db.check().isClean)
    }

    @Test func `stay as they were while the graph changes`() throws {
        let db = try Self.bank(GraphDatabaseOptions())
        try db.read { snapshot in
            try db.write { txn in
                try txn.createNode(labels: ["New label"], properties: ["new key": 1])
                try txn.deleteNode(NodeID(1))
                try txn.setProperty("amount", of: NodeID(2), to: "gone")
                try txn.createIndex(label: "Account", properties: ["amount"])
            }
            #expect(try snapshot.nodeIDs().count == 8)
            #expect(try snapshot.node(NodeID(1))?["amount"] == 100)
            #expect(try snapshot.property("amount", of: NodeID(2)) == 100)
            #expect(try snapshot.nodeIDs(label: "New label").isEmpty)
            #expect(try snapshot.schemaObjects().isEmpty)
            #expect(try snapshot.position() == 1)
            let found = try snapshot.nodeIDs(label: "Account", where: "amount", .equals(100))
            #expect(found.count == 8)
        }
        try db.read { txn throws in
            #expect(try txn.nodeIDs(label: "New label") == [NodeID(9)])
            #expect(try txn.position() == 2)
        }
    }

    @Test func `of relaxed commits feed only what is durable`() throws {
        let directory = TemporaryDirectory()
        var options = GraphDatabaseOptions()
        options.durability = .relaxed
        let db = try GraphDatabase(path: directory.file("store"), options: options)
        try db.write { txn in _ = try txn.createNode() }
        #expect(try db.read { try $0.changes(from: 1) }.isEmpty)
        try db.write { txn in _ = try txn.createNode() }
        #expect(try db.read { try $0.changes(from: 1) }.map { $0.position } == [1])
        db.close()
        options.durability = .durable
        let again = try GraphDatabase(path: directory.file("store"), options: options)
        try again.write { txn in _ = try txn.createNode() }
        #expect(try again.read { try $0.changes(from: 1) }.map { $0.position } == [1, 2, 3])
        again.close()
    }
}

@Suite struct `Opening a database` {
    @Test func `twice in one process is refused until the first is closed`() throws {
        let directory = TemporaryDirectory()
        let db = try GraphDatabase(path: directory.file("store"))
        let error = #expect(throws: GraphStoreError.self) {
            try GraphDatabase(path: directory.file("../") + lastName(directory) + "/store")
        }
        #expect(error?.code == .alreadyOpen)
        try db.write { txn in _ = try txn.createNode() }
        db.close()
        let again = try GraphDatabase(path: directory.file("store"))
        #expect(try again.read { try $0.nodeCount() } == 1)
        again.close()
    }

    private func lastName(_ directory: TemporaryDirectory) -> String {
        String(directory.path.split(separator: "/").last ?? "")
    }

    @Test func `for reading only reads, and refuses to write`() throws {
        let directory = TemporaryDirectory()
        var options = GraphDatabaseOptions()
        options.isReadOnly = true
        #expect(throws: GraphStoreError.self) {
            try GraphDatabase(path: directory.file("store"), options: options)
        }
        let writer = try GraphDatabase(path: directory.file("store"))
        try writer.write { txn in
            _ = try txn.createNode(labels: ["A"], properties: ["p": 1])
        }
        writer.close()
        let db = try GraphDatabase(path: directory.file("store"), options: options)
        #expect(try db.read { try $0.node(NodeID(1))?["p"] } == 1)
        let error = #expect(throws: GraphStoreError.self) {
            try db.write { txn in _ = try txn.createNode() }
        }
        #expect(error?.code == .readOnly)
        #expect(try db.check().isClean)
        db.close()
    }

    @Test func `that was closed refuses reads and writes`() throws {
        let directory = TemporaryDirectory()
        let db = try GraphDatabase(path: directory.file("store"))
        db.close()
        db.close()
        for body in [
            { _ = try db.read { try $0.nodeCount() } },
            { try db.write { txn in _ = try txn.createNode() } },
        ] {
            let error = #expect(throws: GraphStoreError.self) { try body() }
            #expect(error?.code == .closed)
        }
    }
}
