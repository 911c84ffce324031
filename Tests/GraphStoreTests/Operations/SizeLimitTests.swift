import PropertyGraph
import StoreTestSupport
import Testing

@testable import GraphStore

@Suite struct `A database with a limit of size` {
    private func fill(_ db: GraphDatabase) -> GraphStoreError.Code? {
        do {
            for number in 0..<10_000 {
                try db.write { txn in
                    for _ in 0..<60 {
                        let text = PropertyValue.string(String(repeating: "x", count: 300))
                        try txn.createNode(
                            labels: ["Filler"],
                            properties: ["n": .integer(Int64(number)), "t": text])
                    }
                }
            }
            return nil
        } catch {
            return (error as? GraphStoreError)?.code
        }
    }

    @Test func `refuses what does not fit, keeps all else, and lets delete`() throws {
        let directory = TemporaryDirectory()
        var options = GraphDatabaseOptions()
        options.maximumSizeBytes = 4 << 20
        options.changeLogRetention = 4
        let db = try GraphDatabase(path: directory.file("store"), options: options)
        #expect(fill(db) == .limitExceeded)
        let full = try db.read { try $0.nodeCount() }
        #expect(full > 1_000)
        #expect(TemporaryDirectory.bytes(of: directory.file("store/data.mdb")).count <= 4 << 20)
        #expect(fill(db) == .limitExceeded)
        #expect(try db.read { try $0.nodeCount() } >= full)
        #expect(try db.check().isClean)
        // Deleting makes room, for as much again.
        let ids = try db.read { try $0.nodeIDs() }
        for start in stride(from: 0, to: ids.count - 200, by: 100) {
            try db.write { txn in for id in ids[start..<start + 100] { try txn.deleteNode(id) } }
        }
        #expect(fill(db) == .limitExceeded)
        #expect(try db.read { try $0.nodeCount() } > full / 2)
        #expect(try db.check().isClean)
        #expect(TemporaryDirectory.bytes(of: directory.file("store/data.mdb")).count <= 4 << 20)
        db.close()
        // A limit below what is there lets read and delete.
        options.maximumSizeBytes = 1 << 20
        let tight = try GraphDatabase(path: directory.file("store"), options: options)
        #expect(fill(tight) == .limitExceeded)
        let some = try tight.read { try $0.nodeIDs().prefix(20) }
        try tight.write { txn in for id in some { try txn.deleteNode(id) } }
        #expect(try tight.check().isClean)
    }

    @Test func `obeys the limit that the store sets to all, in every copy of it`() throws {
        let directory = TemporaryDirectory()
        let path = directory.file("store")
        let open = try GraphDatabase(path: path)
        #expect(throws: GraphStoreError.self) { try open.setSizeLimit(1 << 19) }
        try open.write { _ = try $0.createNode(labels: ["First"]) }
        try open.backup(to: directory.file("backup"))
        try open.setSizeLimit(4 << 20)
        // At once, though the map was made for more.
        #expect(fill(open) == .limitExceeded)
        #expect(TemporaryDirectory.bytes(of: path + "/data.mdb").count <= 4 << 20)
        try open.backup(to: directory.file("backup"), .increment)
        try open.copy(to: directory.file("copy"))
        try Backup(at: directory.file("backup")).restore(to: directory.file("restored"))
        open.close()
        _ = try GraphDatabase.compact(path: path)
        for name in ["store", "copy", "restored"] {
            let db = try GraphDatabase(path: directory.file(name))
            #expect(try db.sizeLimit() == 4 << 20, "\(name)")
            #expect(try db.info().sizeLimit == 4 << 20, "\(name)")
            #expect(fill(db) == .limitExceeded, "\(name)")
            let bytes = TemporaryDirectory.bytes(of: directory.file(name + "/data.mdb")).count
            #expect(bytes <= 4 << 20, "\(name)")
            #expect(try db.check().isClean, "\(name)")
            db.close()
        }
        // Programs that do not know limits are told not to write.
        let bit = FeatureBits.sizeLimit
        let limited = try GraphDatabase(path: path)
        #expect(limited.format.features.mustNotWrite & bit == bit)
        limited.close()
        // The smaller of two holds, and none is none.
        var options = GraphDatabaseOptions()
        options.maximumSizeBytes = 8 << 20
        let db = try GraphDatabase(path: path, options: options)
        #expect(fill(db) == .limitExceeded)
        #expect(TemporaryDirectory.bytes(of: path + "/data.mdb").count <= 4 << 20)
        try db.setSizeLimit(nil)
        #expect(fill(db) == .limitExceeded)
        #expect(TemporaryDirectory.bytes(of: path + "/data.mdb").count > 4 << 20)
        #expect(try db.sizeLimit() == nil)
        #expect(try db.check().isClean)
        db.close()
        #expect(try GraphDatabase(path: path).format.features.mustNotWrite & bit == 0)
    }

    @Test func `fails the closure that does not fit, and not those it shares a commit with`() throws
    {
        let directory = TemporaryDirectory()
        var options = GraphDatabaseOptions()
        options.maximumSizeBytes = 4 << 20
        let db = try GraphDatabase(path: directory.file("store"), options: options)
        let gate = WriterGate()
        try gate.hold(db)
        let slots = (0..<3).map { _ in ResultSlot<Void>() }
        for (index, slot) in slots.enumerated() {
            let size = index == 1 ? 3_000_000 : 10
            try db.submit(
                {
                    _ = try $0.createNode(properties: [
                        "x": .bytes([UInt8](repeating: 1, count: size))
                    ])
                },
                isHeavy: false, slot
            ) { slot.finish($0) }
        }
        gate.open()
        try slots[0].wait()
        let error = #expect(throws: GraphStoreError.self) { try slots[1].wait() }
        #expect(error?.code == .limitExceeded)
        try slots[2].wait()
        #expect(try db.read { try $0.nodeCount() } == 2)
    }
}
