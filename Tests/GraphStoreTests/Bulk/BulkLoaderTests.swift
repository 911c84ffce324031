import Foundation
import GraphStore
import PropertyGraph
import Testing

/// A directory that is removed when the test ends.
final class ScratchDirectory {
    let path: String
    init() {
        path = NSTemporaryDirectory() + "cairn-test-\(UUID().uuidString)"
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }
    func child(_ name: String) -> String { path + "/" + name }
}

@Suite struct `Bulk loading` {
    struct Row {
        let source: Int
        let target: Int
        let type: Int
        let weight: Int?
    }

    static func rows(_ seed: UInt64, nodes: Int, count: Int) -> [Row] {
        var random = SplitMix(seed)
        return (0..<count).map { _ in
            // One in four edges meets the first node, so that there is a hub.
            let target = random.next() % 4 == 0 ? 0 : Int(random.next() % UInt64(nodes))
            return Row(
                source: Int(random.next() % UInt64(nodes)), target: target,
                type: Int(random.next() % 3),
                weight: random.next() % 5 == 0 ? nil : Int(random.next() % 1000))
        }
    }

    static func load(_ loader: consuming BulkLoader, _ rows: [Row], nodes: Int) throws
        -> BulkLoadSummary
    {
        var loader = loader
        try loader.declareUnique(label: "N", key: "k")
        try loader.declareIndex(label: "Even", key: "s")
        try loader.declareInline(type: "T1", key: "w")
        let odd = try loader.nodeLayout(labels: ["N"], keys: ["k", "s"])
        let even = try loader.nodeLayout(labels: ["N", "Even"], keys: ["k", "s"])
        let types = try (0..<3).map {
            try loader.edgeLayout(type: EdgeType("T\($0)"), keys: ["w", "note"])
        }
        var ids: [NodeID] = []
        for index in 0..<nodes {
            let values: [PropertyValue?] = [
                .integer(Int64(index)),
                index % 7 == 0
                    ? .string(String(repeating: "x", count: 700)) : .string("s\(index % 5)"),
            ]
            ids.append(try loader.addNode(index % 2 == 0 ? even : odd, values: values))
        }
        for row in rows {
            try loader.addEdge(
                types[row.type], source: ids[row.source], target: ids[row.target],
                values: [
                    row.weight.map { .double(Double($0) / 10) },
                    (row.weight ?? 1) % 9 == 0 ? "note" : nil,
                ])
        }
        return try loader.finish()
    }

    static func expect(_ db: GraphDatabase, _ rows: [Row], nodes: Int, offset: Int) throws {
        try db.read { txn in
            #expect(try count(txn.nodeCount()) == nodes + offset)
            var expected: [UInt64: [UInt64]] = [:]
            for (index, row) in rows.enumerated() {
                let id = EdgeID(UInt64(index + 1))
                let edge = try txn.edge(id)
                #expect(edge?.type == EdgeType("T\(row.type)"))
                #expect(edge?["w"] == row.weight.map { .double(Double($0) / 10) })
                expected[edge?.target.rawValue ?? 0, default: []].append(edge?.source.rawValue ?? 0)
            }
            for (node, sources) in expected {
                let neighbors = try txn.neighbors(of: NodeID(node), .incoming)
                #expect(neighbors.map { $0.node.rawValue }.sorted() == sources.sorted())
                let degree = try txn.degree(of: NodeID(node), .incoming)
                #expect(degree == sources.count)
            }
            for value in ["s1", "s3"] as [PropertyValue] {
                let indexed = try txn.nodeIDs(label: "Even", where: "s", .equals(value))
                let read = try txn.nodeIDs(label: "Even", where: "s", .equals(value), using: .never)
                #expect(indexed == read)
                #expect(!indexed.isEmpty)
            }
            let type = rows.filter { $0.type == 2 }.count
            #expect(try count(txn.edgeCount(type: "T2")) == type)
            #expect(try count(txn.edgeCount(type: "T2", label: "N", .outgoing)) == type)
        }
    }

    static func count(_ value: Int) -> Int { value }

    @Test(arguments: [UInt64(1), 2, 3], [64 << 20, 1 << 12, .max])
    func `brings every node and edge into a new database, sorted in memory or on disk`(
        seed: UInt64, memory: Int
    ) throws {
        let scratch = ScratchDirectory()
        let rows = Self.rows(seed, nodes: 300, count: 9_000)
        var options = BulkLoadOptions()
        options.sortMemoryBytes = memory
        let loader = try BulkLoader(creating: scratch.child("db"), options: options)
        let summary = try Self.load(loader, rows, nodes: 300)
        #expect(summary.nodes == 300)
        #expect(summary.edges == 9_000)
        let db = try GraphDatabase(path: scratch.child("db"))
        try Self.expect(db, rows, nodes: 300, offset: 0)
        try db.write { txn in _ = try txn.createNode(labels: ["N"], properties: ["k": 5_000]) }
        db.close()
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["db"])
    }

    @Test func `adds to a database that has nodes, in one step`() throws {
        let db = try GraphDatabase.temporary()
        try db.write { txn in _ = try txn.createNode(labels: ["Other"]) }
        let rows = Self.rows(9, nodes: 200, count: 3_000)
        let loader = try BulkLoader(into: db)
        _ = try Self.load(loader, rows, nodes: 200)
        try Self.expect(db, rows, nodes: 200, offset: 1)
        let changes = try db.read { try $0.changes(from: $0.position()).first?.changes }
        #expect(changes?.last == .bulkLoaded(nodes: 200, edges: 3_000))
        // What was declared came in the same step.
        #expect(changes?.count == 4)
    }

    @Test func `a duplicate key names both nodes and leaves nothing`() throws {
        let scratch = ScratchDirectory()
        var loader = try BulkLoader(creating: scratch.child("db"))
        try loader.declareUnique(label: "N", key: "k")
        let layout = try loader.nodeLayout(labels: ["N"], keys: ["k"])
        _ = try loader.addNode(layout, values: [1])
        _ = try loader.addNode(layout, values: [.double(1)])
        do {
            _ = try loader.finish()
            Issue.record("The load ended well.")
        } catch let error as GraphStoreError {
            #expect(error.code == .uniqueViolation)
            #expect(error.nodes == [NodeID(1), NodeID(2)])
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == [])
    }
}

/// A small generator that gives the same numbers everywhere.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
