import Synchronization
import Testing

@testable import LMDB

@Suite struct `Growing the map` {
    private static let small = Environment.Options(mapSizeBytes: 1 << 20, sync: .none)

    @Test func `a write that does not fit is run again on a larger map`() throws {
        let store = try Store(options: Self.small)
        var runs = 0
        try store.environment.write { txn in
            runs += 1
            let value = [UInt8](repeating: 1, count: 3000)
            for number in UInt64(0)..<1000 {
                try txn.put(store.table, FixedKey(be64: number).span, value.rawSpan)
            }
        }
        #expect(runs > 1)
        #expect(store.environment.mapSizeBytes >= 4 << 20)
        #expect(try store.pairs().count == 1000)
    }

    @Test func `a write that hides the full map from us is run again all the same`() throws {
        struct Wrapped: Error {}
        let store = try Store(options: Self.small)
        try store.environment.write { txn in
            do {
                let value = [UInt8](repeating: 1, count: 1 << 20)
                try txn.put(store.table, "big".utf8.span.rawSpan, value.rawSpan)
            } catch {
                throw Wrapped()
            }
        }
        try store.environment.write { txn in
            let value = [UInt8](repeating: 1, count: 4 << 20)
            try? txn.put(store.table, "bigger".utf8.span.rawSpan, value.rawSpan)
        }
        #expect(try store.pairs().map(\.value.count) == [1 << 20, 4 << 20])
    }

    @Test func `a failed transaction refuses all and commits its first failure`() throws {
        let store = try Store(options: Self.small)
        var txn = try store.environment.beginWrite()
        let value = [UInt8](repeating: 1, count: 2 << 20)
        let first = #expect(throws: LMDBError.self) {
            try txn.put(store.table, "big".utf8.span.rawSpan, value.rawSpan)
        }
        #expect(first?.code == .mapFull)
        let second = #expect(throws: LMDBError.self) {
            try txn.put(store.table, "a".utf8.span.rawSpan, "1".utf8.span.rawSpan)
        }
        #expect(second?.code == .mapFull)
        var committed: LMDBError?
        do throws(LMDBError) {
            try txn.commit()
        } catch {
            committed = error
        }
        #expect(committed?.code == .mapFull)
        #expect(try store.pairs().isEmpty)
        try store.put([("a", "1")])
    }

    @Test func `growing inside a transaction of the same thread is an error, not a hang`() throws {
        let store = try Store(options: Self.small)
        let inRead = #expect(throws: LMDBError.self) {
            try store.environment.read { _ in try store.environment.grow(toAtLeast: 4 << 20) }
        }
        #expect(inRead?.code == .badTransaction)
        #expect(inRead?.message.contains("inside a read") == true)
        let inWrite = #expect(throws: LMDBError.self) {
            try store.environment.write { _ in try store.environment.grow(toAtLeast: 4 << 20) }
        }
        #expect(inWrite?.code == .badTransaction)
        let nested = #expect(throws: LMDBError.self) {
            try store.environment.write { _ in try store.environment.write { _ in } }
        }
        #expect(nested?.code == .badTransaction)
        #expect(nested?.message.contains("do not nest") == true)
        try store.environment.grow(toAtLeast: 4 << 20)
        #expect(store.environment.mapSizeBytes == 4 << 20)
    }

    @Test func `growing never shrinks`() throws {
        let store = try Store()
        let size = store.environment.mapSizeBytes
        try store.environment.grow(toAtLeast: 1)
        #expect(store.environment.mapSizeBytes == size)
    }

    @Test func `a size beyond the address space is refused and changes nothing`() throws {
        let store = try Store(options: Self.small)
        let refused = #expect(throws: LMDBError.self) {
            try store.environment.grow(toAtLeast: .max)
        }
        #expect(refused?.code == .outOfMemory)
        #expect(store.environment.mapSizeBytes == 1 << 20)
        try store.put([("a", "1")])
        #expect(try store.get("a") == "1")
    }

    @Test func `a map that is asked too large at open is halved until it fits`() throws {
        let scratch = try Scratch()
        let environment = try Environment.open(
            at: scratch.file("store"), options: .init(mapSizeBytes: 1 << 50, sync: .none))
        #expect(environment.mapSizeBytes < 1 << 48)
        #expect(environment.mapSizeBytes >= 1 << 30)
    }

    @Test func `the map doubles under four readers that never see a torn state`() throws {
        let store = try Store(options: Self.small)
        let environment = store.environment
        let table = store.table
        try write(generation: 0, to: environment, table)
        let done = Atomic<Bool>(false)
        let reads = Atomic<Int>(0)
        let threads = Threads()
        try withExtendedLifetime(done) {
            let flag = Flag()
            for _ in 0..<4 {
                threads.start {
                    repeat {
                        try Self.checkGeneration(of: environment, table)
                        flag.countRead()
                    } while !flag.isRaised
                }
            }
            for generation in UInt64(1)...40 {
                try write(generation: generation, to: environment, table)
            }
            flag.raise()
            try threads.join()
            reads.store(flag.reads, ordering: .relaxed)
            done.store(true, ordering: .relaxed)
        }
        #expect(reads.load(ordering: .relaxed) >= 4)
        #expect(environment.mapSizeBytes >= 8 << 20)
    }

    private final class Flag: Sendable {
        private let raised = Atomic<Bool>(false)
        private let count = Atomic<Int>(0)
        // Relaxed: the flag only ends a loop, and joining the threads orders the count.
        var isRaised: Bool { raised.load(ordering: .relaxed) }
        var reads: Int { count.load(ordering: .relaxed) }
        func raise() { raised.store(true, ordering: .relaxed) }
        func countRead() { count.add(1, ordering: .relaxed) }
    }

    /// Rewrites all records and adds some, all carrying one number.
    private func write(generation: UInt64, to environment: Environment, _ table: Table) throws {
        try environment.write { txn in
            var value = ByteWriter()
            value.appendBE64(generation)
            for _ in 0..<100 { value.appendBE64(generation) }
            for number in 0..<(generation * 150 + 10) {
                try txn.put(table, FixedKey(be64: number).span, value.span)
            }
        }
    }

    private static func checkGeneration(of environment: Environment, _ table: Table) throws {
        try environment.read { txn in
            var cursor = try txn.view.cursor(table)
            guard try cursor.first() else { throw SystemFailure(code: -1) }
            let generation = cursor.value.loadBE64(at: 0)
            var count: UInt64 = 1
            while try cursor.next() {
                guard cursor.value.loadBE64(at: 800) == generation else {
                    throw SystemFailure(code: -2)
                }
                count += 1
            }
            guard count == generation * 150 + 10 else { throw SystemFailure(code: -3) }
        }
    }

    @Test func `a store grown by another process is adopted by reads and by writes`() throws {
        let store = try Store(options: Self.small)
        try store.put([("a", "1")])
        let path = store.environment.path
        let first = try Peer("fill", path, "64", "4000")
        #expect(first.line() == "done")
        #expect(first.wait() == 0)
        #expect(try store.pairs().count == 4001)
        let adopted = store.environment.mapSizeBytes
        #expect(adopted >= 64 << 20)

        let second = try Peer("fill", path, "256", "80000")
        #expect(second.line() == "done")
        #expect(second.wait() == 0)
        try store.put([("b", "2")])
        #expect(store.environment.mapSizeBytes >= 128 << 20)
        #expect(try store.get("b") == "2")
    }

    @Test func `inside its own transaction a thread is told instead of waiting for itself`() throws
    {
        let store = try Store(options: Self.small)
        let outer = try store.environment.read { outer in
            let peer = try Peer("fill", store.environment.path, "64", "4000")
            #expect(peer.line() == "done")
            _ = peer.wait()
            let refused = #expect(throws: LMDBError.self) {
                try store.environment.read { _ in }
            }
            #expect(refused?.code == .badTransaction)
            return outer.id
        }
        #expect(outer > 0)
        #expect(try store.pairs().count == 4000)
    }
}
