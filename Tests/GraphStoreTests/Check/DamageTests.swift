import LMDB
import PropertyGraph
import StoreTestSupport
import TestSupport
import Testing

@testable import GraphStore

/// A store whose records can be damaged and mended again, below the graph.
private struct Victim {
    let db: GraphDatabase

    init() throws {
        db = try GraphDatabase.temporary()
        try Sample.fill(db, edges: 200)
    }

    /// Every record of a table.
    func records(_ table: Table) throws -> [(key: [UInt8], value: [UInt8])] {
        try db.environment.read { txn in
            var records: [(key: [UInt8], value: [UInt8])] = []
            var cursor = try txn.view.cursor(table)
            while try cursor.next() { records.append((cursor.key.bytes(), cursor.value.bytes())) }
            return records
        }
    }

    /// Stores, or with nil removes, a record.
    func set(_ table: Table, _ key: [UInt8], _ value: [UInt8]?) throws {
        try db.environment.write { txn in
            if let value {
                try txn.put(table, key.rawSpan, value.rawSpan)
            } else {
                _ = try txn.delete(table, key.rawSpan)
            }
        }
    }

    /// Reads everything; damage may throw, and must not trap.
    func readEverything() {
        _ = try? db.read { txn in
            _ = try? txn.forEachNode { _ in true }
            _ = try? txn.forEachEdge { _ in true }
            for id in (try? txn.nodeIDs()) ?? [] {
                _ = try? txn.edges(of: id, .both)
                _ = try? txn.degree(of: id, .both)
            }
            for object in (try? txn.schemaObjects()) ?? [] where object.entity == .node {
                guard let key = object.properties.first else { continue }
                for order in [ScanOrder.byID, .ascending, .descending] {
                    _ = try? txn.nodeIDs(
                        label: Label(object.labelOrType), where: key, .exists, order: order)
                }
                _ = try? txn.nodeIDs(
                    label: Label(object.labelOrType), where: key,
                    .range(from: .including("a"), to: nil))
            }
            _ = try? txn.changes(from: 1)
            _ = try? txn.labels()
        }
    }

    private struct Undone: Error {}

    /// Writes here and there, without keeping any of it; damage may throw, and must not trap.
    func writeHereAndThere() {
        for id in [1, 2, 3, 8, 20] as [UInt64] {
            _ = try? db.write { txn in
                _ = try? txn.setProperty("v", of: NodeID(id), to: .integer(7))
                _ = try? txn.addLabel("Value", to: NodeID(id))
                _ = try? txn.removeLabel("Value", from: NodeID(id))
                _ = try? txn.setProperty("w", of: EdgeID(id), to: 3)
                _ = try? txn.createEdge("LINK", from: NodeID(1), to: NodeID(id))
                _ = try? txn.detachDeleteNode(NodeID(id))
                throw Undone()
            }
        }
    }
}

@Suite struct `A damaged store` {
    @Test func `is clean before it is damaged`() throws {
        let victim = try Victim()
        let report = try victim.db.check()
        #expect(report.isClean, "\(report.findings.prefix(3))")
        #expect(report.counts.nodes == Sample.values.count - 1)
        #expect(report.counts.adjacencyRows == report.counts.edges * 2)
        #expect(report.counts.blobs >= 2)
        #expect(report.counts.positions == 5)
        #expect(report.counts.adjacencyBlocks > 80)
    }

    @Test func `tells of every record that is missing`() throws {
        let victim = try Victim()
        let tables = victim.db.tables
        for table in tables.all where ![tables.meta, tables.bytes].contains(table) {
            var random = TestRandom(seed: 1)
            let records = try victim.records(table)
            let chosen = records.count <= 5 ? records : (0..<5).map { _ in random.pick(records) }
            for (key, value) in chosen {
                try victim.set(table, key, nil)
                let report = try victim.db.check()
                #expect(!report.isClean, "table \(table.name), key \(key)")
                victim.readEverything()
                try victim.set(table, key, value)
            }
        }
        #expect(try victim.db.check().isClean)
    }

    @Test(arguments: 1...2 as ClosedRange<UInt64>)
    func `gives errors and findings, and never a trap`(seed: UInt64) throws {
        var random = TestRandom(seed: seed)
        let victim = try Victim()
        let tables = victim.db.tables
        var found = 0
        for _ in 0..<30 {
            let table = random.pick(tables.all.filter { $0 != tables.history })
            let (key, value) = random.pick(try victim.records(table))
            var damaged = value
            switch random.below(4) {
            case 0: damaged = Array(value.prefix(random.below(value.count + 1)))
            case 1: damaged.append(contentsOf: [UInt8](repeating: 0xFF, count: 1 + random.below(9)))
            case 2: damaged = (0..<random.below(40)).map { _ in UInt8(random.below(256)) }
            default:
                for _ in 0..<(1 + random.below(3)) where !damaged.isEmpty {
                    damaged[random.below(damaged.count)] ^= 1 << UInt8(random.below(8))
                }
            }
            try victim.set(table, key, damaged)
            if try !victim.db.check().isClean { found += 1 }
            victim.readEverything()
            victim.writeHereAndThere()
            try victim.set(table, key, value)
        }
        // Flips in texts and times are changes like any other, and nothing can tell.
        #expect(found > 10, "seed \(seed)")
        let report = try victim.db.check()
        #expect(report.isClean, "seed \(seed): \(report.findings.prefix(3))")
    }

    @Test func `tells of what is too much`() throws {
        let victim = try Victim()
        let tables = victim.db.tables
        var container = ByteWriter()
        IDContainer.encode([100], into: &container)
        let extra: [(Table, FixedKey, [UInt8])] = [
            (tables.stat, Statistic.label(77).key, [1, 0, 0, 0, 0, 0, 0, 0]),
            (tables.member, FixedKey.member(.node, 1, 1 << 20), container.bytes),
            (tables.blob, FixedKey.blob(.node, 1, 9), [0x40]),
            (tables.log, FixedKey.log(9, 0), [1]),
            (tables.history, FixedKey(be64: 1), [1]),
            (tables.edgeRecord, FixedKey(be64: 9_999), [0, 0, 0]),
            (tables.bytes, FixedKey(be32: 99), [1]),
            (tables.node, FixedKey(be64: 1 << 40), [0, 0, 0]),
        ]
        for (table, key, value) in extra {
            let bytes = key.span.bytes()
            try victim.set(table, bytes, value)
            #expect(try !victim.db.check().isClean, "table \(table.name)")
            try victim.set(table, bytes, nil)
        }
        #expect(try victim.db.check().isClean)
    }

    @Test func `reports progress, and stops when asked`() throws {
        struct Stop: Error {}
        let victim = try Victim()
        var tables: [String] = []
        _ = try victim.db.check { tables.append($0.table) }
        #expect(Set(tables).isSuperset(of: ["node", "edge", "out", "in", "log"]))
        #expect(throws: Stop.self) { try victim.db.check { _ in throw Stop() } }
    }

    @Test(arguments: [1, 4_095, 4_096, 8_192, 40_000])
    func `that was cut short is refused at opening`(size: Int) throws {
        let directory = TemporaryDirectory()
        let db = try GraphDatabase(path: directory.file("store"))
        try Sample.fill(db, edges: 200)
        db.close()
        let file = directory.file("store/data.mdb")
        let bytes = TemporaryDirectory.bytes(of: file)
        try #require(bytes.count > 100_000)
        TemporaryDirectory.write(Array(bytes.prefix(size)), to: file)
        #expect(throws: GraphStoreError.self) { try GraphDatabase(path: directory.file("store")) }
    }
}
