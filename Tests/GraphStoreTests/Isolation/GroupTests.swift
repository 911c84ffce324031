import LMDB
import PropertyGraph
import StoreTestSupport
import Synchronization
import TestSupport
import Testing

@testable import GraphStore

private struct Refused: Error {}

/// Counts what happens on the writer's thread.
private final class Tally: Sendable {
    private let count = Atomic<Int>(0)
    var value: Int { count.load(ordering: .sequentiallyConsistent) }
    func add() { count.add(1, ordering: .sequentiallyConsistent) }
}

/// Options with a map so small that the first larger write must grow it.
private func tightOptions() -> GraphDatabaseOptions {
    var options = GraphDatabaseOptions.patient
    options.initialMapSizeBytes = 1 << 20
    options.growthHeadroomBytes = 0
    return options
}

@Suite struct `Closures that share a commit` {
    @Test(arguments: 1...25 as ClosedRange<UInt64>)
    func `lose exactly what the failing ones did`(seed: UInt64) throws {
        var random = TestRandom(seed: seed)
        let db = try GraphDatabase.temporary(options: .patient)
        let hub = try db.write { txn in
            try txn.createUniqueConstraint(label: "Done", properties: ["i"])
            try txn.createIndex(label: "Done", properties: ["text"])
            return try txn.createNode(properties: ["sum": 0])
        }
        let gate = WriterGate()
        try gate.hold(db)
        var slots: [(slot: ResultSlot<Bool>, fails: Bool, i: Int64)] = []
        for i in 0..<12 as Range<Int64> {
            let (fails, breaks) = (random.percent(40), random.percent(15))
            let isBreaking = breaks && i > 0
            let slot = ResultSlot<Bool>()
            try db.submit(
                { txn in
                    let text = String(repeating: "t", count: Int(i) * 100)
                    let node = try txn.createNode(
                        labels: ["Done"], properties: ["i": .integer(i), "text": .string(text)])
                    try txn.createEdge("AT", from: node, to: hub, properties: ["i": .integer(i)])
                    let sum = try txn.property("sum", of: hub)?.integerValue ?? 0
                    try txn.setProperty("sum", of: hub, to: .integer(sum + i))
                    let table = try txn.byteTable("table \(i)")
                    try txn.put([1], [UInt8(i)], in: table)
                    // A second node with the same value breaks the constraint when it ends.
                    if isBreaking {
                        try txn.createNode(labels: ["Done"], properties: ["i": .integer(i)])
                    }
                    if fails { throw Refused() }
                    return true
                }, isHeavy: false, slot
            ) { slot.finish($0) }
            slots.append((slot, fails || isBreaking, i))
        }
        gate.open()
        var done: [Int64] = []
        for (slot, fails, i) in slots {
            let succeeded = (try? slot.wait()) != nil
            #expect(succeeded == !fails, "seed \(seed), closure \(i)")
            if succeeded { done.append(i) }
        }
        try db.read { txn in
            let found = try txn.nodeIDs(label: "Done").compactMap {
                try txn.property("i", of: $0)?.integerValue
            }
            #expect(found == done, "seed \(seed)")
            #expect(try txn.degree(of: hub, .incoming) == done.count)
            #expect(try txn.property("sum", of: hub) == .integer(done.reduce(0, +)))
            #expect(try txn.position() == UInt64(1 + done.count))
            for i in 0..<12 as Range<Int64> {
                #expect((txn.existingByteTable("table \(i)") != nil) == done.contains(i))
            }
        }
        #expect(try db.check().isClean, "seed \(seed)")
    }

    @Test func `see each other's position, and get one each`() throws {
        let db = try GraphDatabase.temporary(options: .patient)
        let gate = WriterGate()
        try gate.hold(db)
        let slots = (0..<3).map { _ in ResultSlot<UInt64>() }
        for slot in slots {
            try db.submit(
                { txn in
                    try txn.createNode()
                    return try txn.position()
                }, isHeavy: false, slot
            ) { slot.finish($0) }
        }
        gate.open()
        #expect(try slots.map { try $0.wait() } == [0, 1, 2])
    }

    @Test func `run alone when they are heavy`() throws {
        let db = try GraphDatabase.temporary(options: .patient)
        let gate = WriterGate()
        try gate.hold(db)
        var slots: [ResultSlot<UInt64>] = []
        for isHeavy in [false, false, true, false, false] {
            let slot = ResultSlot<UInt64>()
            try db.submit(
                { txn in
                    try txn.createNode()
                    return txn.lmdb.id
                }, isHeavy: isHeavy, slot
            ) { slot.finish($0) }
            slots.append(slot)
        }
        gate.open()
        let ids = try slots.map { try $0.wait() }
        let first = ids[0]
        // Small ones go first, together.
        #expect(ids == [first, first, first + 1, first, first])
    }
}

@Suite struct `A database that must grow` {
    @Test func `runs a closure again, and keeps its work once`() throws {
        let directory = TemporaryDirectory()
        let db = try GraphDatabase(path: directory.file("store"), options: tightOptions())
        let runs = Tally()
        try db.write { txn in
            runs.add()
            for _ in 0..<20 {
                try txn.createNode(properties: ["x": .bytes([UInt8](repeating: 7, count: 100_000))])
            }
        }
        #expect(runs.value > 1)
        #expect(try db.read { try $0.nodeCount() } == 20)
        #expect(try db.read { try $0.nodeIDs().last } == NodeID(20))
        #expect(try db.check().isClean)
        db.close()
    }

    // A member that failed was told so at once; when a later member made the map grow, all ran
    // again, and it was told twice, which traps a continuation. Now nobody is told before the
    // commit.
    @Test func `tells each closure of a group once`() throws {
        let directory = TemporaryDirectory()
        let db = try GraphDatabase(path: directory.file("store"), options: tightOptions())
        let gate = WriterGate()
        try gate.hold(db)
        var members: [(slot: ResultSlot<Bool>, told: Tally)] = []
        for member in 0..<4 {
            let (slot, told) = (ResultSlot<Bool>(), Tally())
            try db.submit(
                { txn in
                    try txn.createNode(properties: ["member": .integer(Int64(member))])
                    if member == 1 { throw Refused() }
                    if member == 2 {
                        let large = [UInt8](repeating: 7, count: 600_000)
                        try txn.createNode(properties: ["x": .bytes(large)])
                    }
                    return true
                }, isHeavy: false, slot
            ) {
                told.add()
                slot.finish($0)
            }
            members.append((slot, told))
        }
        gate.open()
        let outcomes = members.map { (try? $0.slot.wait()) != nil }
        #expect(outcomes == [true, false, true, true])
        db.close()
        #expect(members.map { $0.told.value } == [1, 1, 1, 1])
    }

    // A closure that caught the storage failure of a full map and returned was acknowledged,
    // though its transaction could only abort.
    @Test func `does not take a caught storage failure for success`() throws {
        let directory = TemporaryDirectory()
        let db = try GraphDatabase(path: directory.file("store"), options: tightOptions())
        try db.write { txn in
            let large = [UInt8](repeating: 7, count: 600_000)
            do { try txn.createNode(properties: ["x": .bytes(large)]) } catch {}
        }
        #expect(try db.read { try $0.nodeCount() } == 1)
        db.close()
    }

    // Reads of one thread could not nest while another waited to grow the map: the inner one
    // waited for the growth, which waited for the outer one. Now snapshots are scoped reads.
    @Test func `lets reads nest while growth waits for them`() throws {
        let directory = TemporaryDirectory()
        let db = try GraphDatabase(path: directory.file("store"), options: tightOptions())
        let slot = ResultSlot<Bool>()
        let started = Monitor(false)
        try db.read { _ in
            try db.submit(
                { txn in
                    started.update { $0 = true }
                    let large = [UInt8](repeating: 7, count: 600_000)
                    try txn.createNode(properties: ["x": .bytes(large)])
                    return true
                }, isHeavy: false, slot
            ) { slot.finish($0) }
            _ = started.wait { $0 ? true : nil }
            for _ in 0..<2_000 {
                let count = try db.read { try $0.nodeCount() }
                #expect(count == 0)
            }
        }
        #expect(try slot.wait())
        #expect(try db.read { try $0.nodeCount() } == 1)
        db.close()
    }

    @Test func `says when it may not grow further, and goes on with what fits`() throws {
        let directory = TemporaryDirectory()
        var options = tightOptions()
        options.maximumSizeBytes = 2 << 20
        let db = try GraphDatabase(path: directory.file("store"), options: options)
        let error = #expect(throws: GraphStoreError.self) {
            try db.write { txn in
                let large = [UInt8](repeating: 7, count: 1_100_000)
                _ = try txn.createNode(properties: ["x": .bytes(large)])
            }
        }
        #expect(error?.code == .limitExceeded)
        try db.write { txn in _ = try txn.createNode() }
        #expect(try db.read { try $0.nodeCount() } == 1)
        #expect(try db.check().isClean)
        db.close()
    }
}
