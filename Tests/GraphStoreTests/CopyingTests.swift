import GraphStore
import PropertyGraph
import Testing

@Suite struct `Copying and compacting` {
    static func fill(_ path: String) throws -> (UInt64, Int) {
        let db = try GraphDatabase(path: path)
        defer { db.close() }
        try db.write { txn in
            for index in 0..<2_000 {
                _ = try txn.createNode(labels: ["N"], properties: ["k": .integer(Int64(index))])
            }
        }
        try db.write { txn in
            for id in 1...1_500 { try txn.deleteNode(NodeID(UInt64(id))) }
        }
        return (try db.read { try $0.position() }, try db.info().fileBytes)
    }

    @Test func `a compacted database is smaller and keeps ids and positions`() throws {
        let scratch = ScratchDirectory()
        let (position, _) = try Self.fill(scratch.child("db"))
        let sizes = try GraphDatabase.compact(path: scratch.child("db"))
        #expect(sizes.after < sizes.before)
        let db = try GraphDatabase(path: scratch.child("db"))
        #expect(try db.read { try $0.position() } == position)
        #expect(try db.read { try $0.nodeIDs(label: "N").first } == NodeID(1_501))
        #expect(try db.write { try $0.createNode() } == NodeID(2_001))
    }

    @Test func `a copy is a database of its own`() throws {
        let scratch = ScratchDirectory()
        _ = try Self.fill(scratch.child("db"))
        let db = try GraphDatabase(path: scratch.child("db"))
        try db.copy(to: scratch.child("copy"))
        try db.write { txn in try txn.deleteNode(NodeID(1_501)) }
        let copy = try GraphDatabase(path: scratch.child("copy"))
        #expect(try copy.read { try $0.nodeCount() } == 500)
        #expect(try db.read { try $0.nodeCount() } == 499)
        #expect(throws: GraphStoreError.self) { try db.copy(to: scratch.child("copy")) }
    }

    @Test func `info says where the space goes`() throws {
        let scratch = ScratchDirectory()
        _ = try Self.fill(scratch.child("db"))
        let info = try GraphDatabase(path: scratch.child("db")).info()
        #expect(info.nodes == 500)
        #expect(info.tables.reduce(0) { $0 + $1.bytes } + info.freeBytes <= info.fileBytes)
        #expect(info.tables.contains { $0.name == "node" && $0.records == 500 })
        #expect(info.freeBytes > 0)
    }
}
