import Glibc
import Testing

@testable import LMDB

@Suite struct Readers {
    @Test func `the age of the oldest live read is watched`() throws {
        let store = try Store()
        #expect(store.environment.oldestReaderAge == nil)
        let first = try store.environment.beginRead()
        let early = try #require(store.environment.oldestReaderAge)
        try store.environment.read { _ in
            let later = store.environment.oldestReaderAge
            #expect(later.map { $0 >= early } == true)
        }
        let latest = try #require(store.environment.oldestReaderAge)
        #expect(latest >= early)
        // A duration of an hour would mean that another clock was read.
        #expect(latest < .seconds(3600))
        _ = consume first
        #expect(store.environment.oldestReaderAge == nil)
    }

    @Test func `ended reads wait in the pool and are used again`() throws {
        let store = try Store()
        for _ in 0..<100 { try store.environment.read { _ in } }
        let pooled = try store.environment.readers()
        #expect(pooled.count == 1)
        #expect(pooled.allSatisfy { $0.processID == getpid() && $0.transactionID == nil })
    }

    @Test func `a live read shows its snapshot in the reader table`() throws {
        let store = try Store()
        try store.put([("a", "1")])
        let transaction = try store.environment.beginRead()
        let id = transaction.id
        let live = try store.environment.readers().filter { $0.transactionID != nil }
        #expect(live.map(\.transactionID) == [id])
    }

    @Test func `the pool keeps no more than its bound`() throws {
        let store = try Store(options: .init(mapSizeBytes: 4 << 20, maxReaders: 200, sync: .none))
        try nest(store.environment, depth: 150)
        #expect(try store.environment.readers().count == store.environment.gate.pooledCount)
        #expect(store.environment.oldestReaderAge == nil)
    }

    private func nest(_ environment: Environment, depth: Int) throws {
        guard depth > 0 else { return }
        try environment.read { _ in try nest(environment, depth: depth - 1) }
    }

    @Test func `more reads than slots are an error that says how to mend it`() throws {
        let store = try Store(options: .init(mapSizeBytes: 4 << 20, maxReaders: 5, sync: .none))
        let refused = #expect(throws: LMDBError.self) { try nest(store.environment, depth: 6) }
        #expect(refused?.code == .readersFull)
        #expect(refused?.message.contains("maxReaders") == true)
        try nest(store.environment, depth: 5)
    }

    @Test func `a killed process leaves a stale reader that is reaped`() throws {
        let store = try Store()
        try store.put([("a", "1")])
        let peer = try Peer("hold-read", store.environment.path)
        #expect(peer.line() == "ready")
        let id = peer.processID
        #expect(try store.environment.readers().contains { $0.processID == id })
        #expect(try store.environment.reapStaleReaders() == 0)
        peer.kill()
        #expect(try store.environment.readers().contains { $0.processID == id })
        #expect(try store.environment.reapStaleReaders() == 1)
        #expect(try !store.environment.readers().contains { $0.processID == id })
    }

    @Test func `a full reader table is cleared of the dead before a read is refused`() throws {
        let store = try Store(options: .init(mapSizeBytes: 4 << 20, maxReaders: 2, sync: .none))
        try store.put([("a", "1")])
        for _ in 0..<2 {
            let peer = try Peer("hold-read", store.environment.path)
            #expect(peer.line() == "ready")
            peer.kill()
        }
        // Opening peers reap, too; at least one dead reader is left, and both slots are needed.
        try nest(store.environment, depth: 2)
    }

    @Test func `a write left open by a killed process does not block the next`() throws {
        let store = try Store()
        try store.put([("a", "1")])
        let peer = try Peer("hold-write", store.environment.path, "a")
        #expect(peer.line() == "ready")
        peer.kill()
        try store.put([("b", "2")])
        #expect(try store.get("a") == "1")
        #expect(try store.get("b") == "2")
    }

    @Test func `the listing of LMDB is understood`() {
        let text = """
                pid     thread     txnid
              4711 7f0a2c000b70 12
              4712 7f0a2c000b71 -

            """
        let readers = Environment.parseReaders(text)
        #expect(readers.map(\.processID) == [4711, 4712])
        #expect(readers.map(\.threadOrSlot) == [0x7F0A_2C00_0B70, 0x7F0A_2C00_0B71])
        #expect(readers.map(\.transactionID) == [12, nil])
        #expect(Environment.parseReaders("(no active readers)\n").isEmpty)
    }

    @Test func `facts count pages, readers and records`() throws {
        let store = try Store()
        _ = try store.environment.tables(["another"], create: true)
        try store.environment.write { txn in
            let value = [UInt8](repeating: 1, count: 500)
            for number in UInt64(0)..<2000 {
                try txn.put(store.table, FixedKey(be64: number).span, value.rawSpan)
            }
            let long = [UInt8](repeating: 2, count: 50_000)
            try txn.put(store.table, "long".utf8.span.rawSpan, long.rawSpan)
        }
        let full = try store.environment.facts()
        #expect(full.tables.map(\.name) == ["another", "things"])
        #expect(full.tables.map(\.entries) == [0, 2001])
        let things = try #require(full.tables.last)
        #expect(things.depth >= 2 && things.branchPages >= 1)
        #expect(things.leafPages * full.pageSize >= 2000 * 500)
        #expect(things.overflowPages * full.pageSize >= 50_000)
        #expect(full.mapSize == store.environment.mapSizeBytes)
        #expect(full.usedPages * full.pageSize == store.environment.usedBytes)
        #expect(full.maxReaders == 1022)
        #expect(full.readersInUse >= 1)

        try store.environment.write { txn in try txn.removeAll(store.table) }
        let empty = try store.environment.facts()
        #expect(empty.lastTransactionID == full.lastTransactionID + 1)
        #expect(empty.freePages >= things.pages)
        #expect(empty.freePages < empty.usedPages)
        #expect(empty.usedPages >= full.usedPages)
    }
}
