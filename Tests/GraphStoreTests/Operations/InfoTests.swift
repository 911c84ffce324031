import LMDB
import PropertyGraph
import StoreTestSupport
import Testing

@testable import GraphStore

@Suite struct `Information about a database` {
    @Test func `explains every byte of the file`() throws {
        let directory = TemporaryDirectory()
        let db = try GraphDatabase(path: directory.file("store"))
        try Sample.fill(db, edges: 300)
        let info = try db.info(walkingPages: true)
        let walk = try db.environment.walkPages()
        let known = info.tables.reduce(0) { $0 + $1.bytes } + info.freeBytes
        // What is left is LMDB's own: two meta pages, the tree of tables and the list of free pages.
        #expect(info.fileBytes - known <= 8 * walk.pageSize)
        for table in info.tables {
            #expect(table.fill.map { $0 > 0 && $0 <= 1 } == true, "\(table.name)")
            #expect(
                (table.branchPages + table.leafPages + table.overflowPages) * walk.pageSize
                    == table.bytes)
        }
        #expect(try db.info().tables.allSatisfy { $0.fill == nil })
    }

    @Test func `tells what compacting gives back`() throws {
        let directory = TemporaryDirectory()
        let path = directory.file("store")
        let db = try GraphDatabase(path: path)
        for _ in 0..<40 {
            try db.write { txn in
                for number in 0..<50 {
                    try txn.createNode(
                        properties: ["t": .string(String(repeating: "t", count: number * 4))])
                }
            }
        }
        for id in try db.read({ try $0.nodeIDs() }) where id.rawValue % 3 != 0 {
            try db.write { try $0.deleteNode(id) }
        }
        let info = try db.info()
        db.close()
        let (before, after) = try GraphDatabase.compact(path: path)
        // The list of free pages goes with them, a few pages more.
        #expect((0..<10 * 4_096).contains(before - after - info.freeBytes))
    }

    @Test func `names old readers, and what they keep`() throws {
        let directory = TemporaryDirectory()
        let db = try GraphDatabase(path: directory.file("store"))
        try Sample.fill(db, edges: 120)
        let reader = try db.environment.beginRead()
        for number in 0..<10 {
            try db.write { try $0.setProperty("n", of: NodeID(1), to: .integer(Int64(number))) }
        }
        let old = try #require(try db.info().readers.first)
        #expect(old.processID == Int(Environment.processID))
        #expect(old.commitsBehind == 10)
        #expect(old.heldBytes > 0)
        #expect(try db.info().oldestReadAge != nil)
        _ = consume reader
        #expect(try db.info().oldestReadAge == nil)
    }
}
