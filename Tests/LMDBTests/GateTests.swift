import Synchronization
import Testing

@testable import LMDB

@Suite struct `The gate of transactions` {
    @Test func `a drainer waits for live reads and holds new ones back`() throws {
        let gate = TransactionGate(slotCount: 8)
        let outer = try gate.enter(isScoped: true)
        let order = Mutex<[String]>([])
        let threads = Threads()
        threads.start {
            try gate.drain {
                order.withLock { $0.append("drained") }
                return .open
            }
        }
        // The drainer has announced itself once a nested read has to pass it.
        while !gate.isDraining {}
        threads.start {
            let late = try gate.enter(isScoped: true)
            order.withLock { $0.append("late read") }
            gate.leave(late)
        }
        let nested = try gate.enter(isScoped: true)
        order.withLock { $0.append("nested read") }
        gate.leave(nested)
        gate.leave(outer)
        try threads.join()
        #expect(order.withLock { $0 } == ["nested read", "drained", "late read"])
    }

    @Test func `a closed gate refuses everybody`() throws {
        let gate = TransactionGate(slotCount: 2)
        try gate.drain { .closed }
        #expect(throws: TransactionGate.Refusal.closed) {
            _ = try gate.enter(isScoped: true)
        }
        #expect(throws: TransactionGate.Refusal.closed) { try gate.enterWrite() }
        #expect(throws: TransactionGate.Refusal.closed) { try gate.drain { .open } }
    }

    @Test func `a failed gate lets only the closing drain through`() throws {
        let gate = TransactionGate(slotCount: 2)
        try gate.drain { .failed }
        #expect(throws: TransactionGate.Refusal.failed) {
            _ = try gate.enter(isScoped: true)
        }
        #expect(throws: TransactionGate.Refusal.failed) { try gate.enterWrite() }
        #expect(throws: TransactionGate.Refusal.failed) { try gate.drain { .open } }
        try gate.drain(evenFailed: true) { .closed }
    }

    @Test func `more reads than slots are refused`() throws {
        let gate = TransactionGate(slotCount: 3)
        let slots = try (0..<3).map { _ in try gate.enter(isScoped: false) }
        #expect(Set(slots) == [0, 1, 2])
        #expect(throws: TransactionGate.Refusal.slotsBusy) {
            _ = try gate.enter(isScoped: false)
        }
        gate.leave(slots[1])
        #expect(try gate.enter(isScoped: false) == slots[1])
    }

    @Test func `closing waits for transactions of other threads`() throws {
        let store = try Store()
        try store.put([("a", "1")])
        let environment = store.environment
        let table = store.table
        let inside = Signal()
        let mayLeave = Signal()
        let seen = Mutex<String?>(nil)
        let threads = Threads()
        threads.start {
            try environment.read { txn in
                inside.raise()
                mayLeave.wait()
                let value = try txn.view.get(table, "a".utf8.span.rawSpan)?.string()
                seen.withLock { $0 = value }
            }
        }
        inside.wait()
        threads.start { environment.close() }
        while !environment.gate.isDraining {}
        mayLeave.raise()
        try threads.join()
        #expect(seen.withLock { $0 } == "1")
        let refused = #expect(throws: LMDBError.self) { try store.get("a") }
        #expect(refused?.code == .closed)
    }

    @Test func `a closed environment says so everywhere`() throws {
        let store = try Store()
        let environment = store.environment
        environment.close()
        environment.close()
        func code(_ body: () throws -> Void) -> LMDBError.Code? {
            do {
                try body()
                return nil
            } catch {
                return (error as? LMDBError)?.code
            }
        }
        #expect(code { try environment.read { _ in } } == .closed)
        #expect(code { try environment.write { _ in } } == .closed)
        #expect(code { _ = try environment.tables(["new"], create: true) } == .closed)
        #expect(code { try environment.grow(toAtLeast: 1 << 30) } == .closed)
        #expect(code { try environment.sync(force: true) } == .closed)
        #expect(code { try environment.setSync(.full) } == .closed)
        #expect(code { _ = try environment.reapStaleReaders() } == .closed)
        #expect(code { _ = try environment.readers() } == .closed)
        #expect(code { _ = try environment.facts() } == .closed)
        #expect(
            code {
                try environment.copy(to: store.scratch.file("copy"), compacting: false)
            } == .closed)
        #expect(environment.usedBytes == 0)
        #expect(Scratch.names(in: store.scratch.path) == ["store"])
    }

    @Test func `closing inside a transaction is a programmer error`() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            let store = try FleetingStore()
            try store.environment.read { _ in store.environment.close() }
        }
        #expect(result?.says("inside a transaction of the same thread") == true)
    }

    @Test func `a write used on another thread is a programmer error`() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            let store = try FleetingStore()
            let threads = Threads()
            let environment = store.environment
            let carrier = Carrier()
            threads.start { carrier.transaction = try environment.beginWrite() }
            try threads.join()
            carrier.transaction = nil
        }
        #expect(result?.says("on another thread than the one that began it") == true)
    }

    private final class Carrier: @unchecked Sendable {
        // Sendable: touched by one thread at a time, ordered by a join.
        var transaction: WriteTransaction?
    }

    @Test func `readers, writers, growth and listing get along`() throws {
        let store = try Store(options: .init(mapSizeBytes: 1 << 20, sync: .none))
        let environment = store.environment
        let table = store.table
        try environment.write { txn in
            try txn.put(table, "n".utf8.span.rawSpan, FixedKey(be64: 0).span)
        }
        try Threads.run(6) { index in
            for round in 0..<120 {
                switch (index, round % 10) {
                case (0, _), (1, _):
                    try environment.write { txn in
                        let old =
                            try txn.view.get(table, "n".utf8.span.rawSpan)?.loadBE64(at: 0) ?? 0
                        try txn.put(table, "n".utf8.span.rawSpan, FixedKey(be64: old + 1).span)
                    }
                case (2, 0):
                    try environment.grow(toAtLeast: environment.mapSizeBytes + 1)
                case (3, 0):
                    _ = try environment.readers()
                    try environment.reapStaleReaders()
                case (3, 1):
                    _ = try environment.facts()
                default:
                    try environment.read { outer in
                        let one = try outer.view.get(table, "n".utf8.span.rawSpan)?.loadBE64(at: 0)
                        try environment.read { inner in
                            let two = try inner.view.get(table, "n".utf8.span.rawSpan)?.loadBE64(
                                at: 0)
                            guard let one, let two, two >= one else {
                                throw SystemFailure(code: -1)
                            }
                        }
                    }
                }
            }
        }
        let total = try environment.read { txn in
            try txn.view.get(table, "n".utf8.span.rawSpan)?.loadBE64(at: 0)
        }
        #expect(total == 240)
    }
}

extension TransactionGate {
    /// A read that has no transaction.
    fileprivate func enter(isScoped: Bool) throws(Refusal) -> Int {
        unsafe try enterRead(isScoped: isScoped).slot
    }

    fileprivate func leave(_ slot: Int) {
        unsafe leaveRead(slot, kept: nil)
    }
}

extension ExitTest.Result {
    /// Whether the process wrote this to its standard error. Optimised code traps without a word,
    /// so there it is enough that the process ended.
    func says(_ text: String) -> Bool {
        #if DEBUG
            String(decoding: standardErrorContent, as: UTF8.self).contains(text)
        #else
            true
        #endif
    }
}
