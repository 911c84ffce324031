import LMDB
import PropertyGraph
import StoreTestSupport
import Synchronization
import Testing

@testable import GraphStore

/// A clock that goes on when it is told to.
private final class TestClock: Sendable {
    private let time = Atomic<UInt64>(1)

    func advance(by nanoseconds: UInt64) {
        time.add(nanoseconds, ordering: .sequentiallyConsistent)
    }

    /// A database whose groups are closed after 100 ns of this clock.
    func database() throws -> GraphDatabase {
        var options = GraphDatabaseOptions()
        options.groupTime.nanoseconds = 100
        options.groupTime.clock = { self.time.load(ordering: .sequentiallyConsistent) }
        return try GraphDatabase.temporary(options: options)
    }
}

/// What the closures of a test did: in which LMDB transaction each was committed, and how often
/// each ran.
private final class Journal: Sendable {
    private let runs = Mutex<[String: Int]>([:])

    func note(_ name: String) { runs.withLock { $0[name, default: 0] += 1 } }

    func runs(of name: String) -> Int { runs.withLock { $0[name] ?? 0 } }
}

extension GraphDatabase {
    /// Queues a closure that makes a node named so and returns its LMDB transaction.
    fileprivate func queue(
        _ name: String, isHeavy: Bool = false, _ journal: Journal? = nil,
        _ body: @escaping @Sendable (inout GraphStore.WriteTransaction) throws -> Void = { _ in }
    ) throws -> ResultSlot<UInt64> {
        let slot = ResultSlot<UInt64>()
        try submit(
            { txn in
                journal?.note(name)
                try txn.createNode(properties: ["name": .string(name)])
                try body(&txn)
                return txn.lmdb.id
            }, isHeavy: isHeavy, slot
        ) { slot.finish($0) }
        return slot
    }

    fileprivate func names() throws -> [String] {
        try read { txn in
            try txn.nodeIDs().compactMap { try txn.property("name", of: $0)?.stringValue }
        }
    }
}

private func groupedWriteThread(_ db: GraphDatabase) throws -> UInt {
    try db.write { _ in ThreadIdentity.current }
}

/// More changes than pass between two looks at the clock.
private func makeManyNodes(_ txn: inout GraphStore.WriteTransaction) throws {
    for _ in 0..<40 { try txn.createNode() }
}

@Suite struct `A turn to write` {
    @Test func `is taken by the caller when nobody else writes`() throws {
        let db = try GraphDatabase.temporary(options: .patient)
        let thread = try db.write { _ in ThreadIdentity.current }
        #expect(thread == ThreadIdentity.current)
        #expect(try db.writeAlone { _ in ThreadIdentity.current } == thread)
    }

    @Test func `is the writer's for those who suspend, and for those who gather`() async throws {
        let db = try GraphDatabase.temporary(options: .patient)
        let first: UInt = try await db.write { _ in ThreadIdentity.current }
        let second: UInt = try await db.write { _ in ThreadIdentity.current }
        #expect(first == second)
        var options = GraphDatabaseOptions()
        options.durability = .grouped(maxDelay: .zero)
        let grouped = try GraphDatabase.temporary(options: options)
        #expect(try groupedWriteThread(grouped) != ThreadIdentity.current)
    }

    @Test func `is waited for by callers while another has it`() throws {
        let db = try GraphDatabase.temporary(options: .patient)
        let gate = WriterGate()
        // The gate is held by a caller's own turn, not by the writer's thread.
        let entered = Monitor(false)
        let holder = try TestThread {
            try db.write { txn in
                try txn.createNode()
                entered.update { $0 = true }
                gate.waitUntilOpen()
            }
        }
        _ = entered.wait { $0 ? true : nil }
        let slots = try ["a", "b"].map { try db.queue($0) }
        gate.open()
        try holder.join()
        let ids = try slots.map { try $0.wait() }
        #expect(ids[0] == ids[1])
        #expect(try db.names() == ["a", "b"])
    }

    @Test func `goes to small closures before a heavy one that waits, and then to it`() throws {
        let db = try GraphDatabase.temporary(options: .patient)
        let gate = WriterGate()
        try gate.hold(db)
        let load = try db.queue("load", isHeavy: true)
        let index = try db.queue("index", isHeavy: true)
        let small = try ["a", "b"].map { try db.queue($0) }
        gate.open()
        let first = try small[0].wait()
        #expect(try small[1].wait() == first)
        #expect(try load.wait() == first + 1)
        #expect(try index.wait() == first + 2)
        #expect(try db.names() == ["a", "b", "load", "index"])
    }

    @Test func `goes to small closures between two heavy ones`() throws {
        let db = try GraphDatabase.temporary(options: .patient)
        let gate = WriterGate()
        try gate.hold(db)
        let late = Mutex<ResultSlot<UInt64>?>(nil)
        let load = try db.queue("load", isHeavy: true) { _ in
            let other = try TestThread {
                let slot = try db.queue("small")
                late.withLock { $0 = slot }
            }
            try other.join()
        }
        let index = try db.queue("index", isHeavy: true)
        gate.open()
        let ids = (try load.wait(), try index.wait())
        let slot = try #require(late.withLock { $0 })
        #expect(try slot.wait() == ids.0 + 1)
        #expect(ids.1 == ids.0 + 2)
    }

    @Test func `comes to all that wait when the database is closed`() throws {
        let db = try GraphDatabase.temporary(options: .patient)
        let gate = WriterGate()
        try gate.hold(db)
        let slots = try (0..<5).map { try db.queue("\($0)", isHeavy: $0 == 2) }
        let closing = try TestThread { db.close() }
        gate.open()
        try closing.join()
        for slot in slots { #expect(throws: Never.self) { try slot.wait() } }
        #expect(throws: GraphStoreError.self) { try db.write { _ in } }
    }

    @Test func `waits for as many as wrote last, when writes are to share a flush`() throws {
        let queue = Monitor(WriteQueue())
        func add() {
            let isAwaited = queue.withLock { queue in
                queue.add(WriteRequest(body: { _ in }, isHeavy: false, finish: { _ in }))
                return queue.isAwaited
            }
            if isAwaited { queue.notify() }
        }
        for _ in 0..<3 { add() }
        queue.withLock { queue in
            _ = queue.next()
            queue.noteClients()
        }
        let counts = Mutex<[Int]>([])
        let thread = try TestThread {
            // An hour would be noticed.
            var gathering = Gathering(.grouped(maxDelay: .seconds(3_600)))
            gathering.wait(for: queue)
            counts.withLock { $0.append(queue.withLock { $0.smallCount }) }
        }
        for _ in 0..<3 { add() }
        try thread.join()
        #expect(counts.withLock { $0 } == [3])
    }

    @Test func `is not held back for the sake of a single client`() throws {
        let queue = Monitor(WriteQueue())
        queue.withLock { queue in
            let request = WriteRequest(body: { _ in }, isHeavy: false, finish: { _ in })
            queue.add(request)
            _ = queue.next()
            queue.noteClients()
            queue.add(request)
        }
        var gathering = Gathering(.durable)
        // Waiting for company would fail by the clock of whoever runs this.
        gathering.note(flush: .max)
        gathering.wait(for: queue)
        #expect(queue.withLock { ($0.smallCount, $0.clients) } == (1, 1))
    }
}

@Suite struct `The time that closures share a commit` {
    @Test func `lets no further one begin when it is over`() throws {
        let clock = TestClock()
        let db = try clock.database()
        let gate = WriterGate()
        try gate.hold(db)
        let slots = [
            try db.queue("a"), try db.queue("b") { _ in clock.advance(by: 200) },
            try db.queue("c"), try db.queue("d"),
        ]
        gate.open()
        let ids = try slots.map { try $0.wait() }
        #expect(ids == [ids[0], ids[0], ids[0] + 1, ids[0] + 1])
        #expect(try db.names() == ["a", "b", "c", "d"])
    }

    @Test(arguments: 0..<3)
    func `ends one that takes too long, which runs again after the others`(place: Int) throws {
        let clock = TestClock()
        let db = try clock.database()
        let journal = Journal()
        let gate = WriterGate()
        try gate.hold(db)
        var slots: [String: ResultSlot<UInt64>] = [:]
        let order = ["a", "b", "c"]
        for (index, name) in order.enumerated() {
            slots[name] = try db.queue(name, journal) { txn in
                guard index == place else { return }
                clock.advance(by: 200)
                try makeManyNodes(&txn)
            }
        }
        gate.open()
        let ids = try order.map { try #require(try slots[$0]?.wait()) }
        let others = order.indices.filter { $0 != place }
        #expect(others.allSatisfy { ids[$0] < ids[place] }, "\(ids)")
        #expect(order.map { journal.runs(of: $0) } == order.indices.map { $0 == place ? 2 : 1 })
        #expect(try db.names() == others.map { order[$0] } + [order[place]])
        #expect(try db.read { try $0.nodeCount() } == 43)
        #expect(try db.check().isClean)
    }

    @Test func `is not outwitted by a closure that goes on after the error`() throws {
        let clock = TestClock()
        let db = try clock.database()
        let journal = Journal()
        let gate = WriterGate()
        try gate.hold(db)
        let small = try db.queue("small", journal)
        let long = try db.queue("long", journal) { txn in
            clock.advance(by: 200)
            for _ in 0..<40 { _ = try? txn.createNode() }
        }
        gate.open()
        #expect(try small.wait() < long.wait())
        #expect(journal.runs(of: "long") == 2)
        #expect(try db.read { try $0.nodeCount() } == 42)
        #expect(try db.check().isClean)
    }

    @Test func `does not bind a closure that is alone`() throws {
        let clock = TestClock()
        let db = try clock.database()
        let journal = Journal()
        try db.write { txn in
            journal.note("alone")
            clock.advance(by: 200)
            try makeManyNodes(&txn)
        }
        #expect(journal.runs(of: "alone") == 1)
        #expect(try db.read { try $0.nodeCount() } == 40)
    }
}

@Suite struct `A change in slices` {
    @Test func `writes every item once, in order, and lets others in between`() throws {
        let clock = TestClock()
        let db = try clock.database()
        let ids = Mutex<[UInt64]>([])
        let small = Mutex<ResultSlot<UInt64>?>(nil)
        let progress = Mutex<[Int]>([])
        let count = try db.writeInSlices(
            of: 0..<10, holding: .nanoseconds(100),
            progress: { done in progress.withLock { $0.append(done) } }
        ) { txn, item in
            try txn.createNode(properties: ["name": .string("\(item)")])
            ids.withLock { $0.append(txn.lmdb.id) }
            clock.advance(by: 30)
            guard item == 5 else { return }
            let other = try TestThread {
                let slot = try db.queue("small")
                small.withLock { $0 = slot }
            }
            try other.join()
        }
        #expect(count == 10)
        // Four items fill 100 ns; the small one comes after the slice in which it was queued.
        #expect(progress.withLock { $0 } == [4, 8, 10])
        let id = try #require(small.withLock { $0 }).wait()
        let first = ids.withLock { $0[0] }
        #expect(ids.withLock { $0 } == [0, 0, 0, 0, 1, 1, 1, 1, 3, 3].map { first + $0 })
        #expect(id == first + 2)
        #expect(try db.names() == ["0", "1", "2", "3", "4", "5", "6", "7", "small", "8", "9"])
    }

    @Test func `keeps earlier slices when an item fails, and says how far it came`() throws {
        let clock = TestClock()
        let db = try clock.database()
        struct Refused: Error {}
        var done = 0
        #expect(throws: Refused.self) {
            try db.writeInSlices(of: 0..<10, holding: .nanoseconds(100), progress: { done = $0 }) {
                txn, item in
                try txn.createNode(properties: ["name": .string("\(item)")])
                clock.advance(by: 40)
                if item == 4 { throw Refused() }
            }
        }
        #expect(done == 3)
        #expect(try db.names() == ["0", "1", "2"])
        #expect(try db.check().isClean)
    }

    @Test func `takes more items than are kept at hand`() throws {
        let db = try GraphDatabase.temporary()
        let count = try db.writeInSlices(of: 0..<3_000, holding: .seconds(3_600)) { txn, item in
            try txn.createNode(properties: ["i": .integer(Int64(item))])
        }
        #expect(count == 3_000)
        let found = try db.read { txn in
            try txn.nodeIDs().compactMap { try txn.property("i", of: $0)?.integerValue }
        }
        #expect(found == Array(0..<3_000))
        // Doubling from 256: 256, 512, 1024, 1208.
        #expect(try db.read { try $0.position() } == 4)
    }
}
