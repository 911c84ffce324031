import PropertyGraph
import StoreTestSupport
import Synchronization
import Testing

@testable import GraphStore

/// Collects what is told.
private final class Told: Sendable {
    private let list = Mutex<[SlowTransaction]>([])
    func add(_ transaction: SlowTransaction) { list.withLock { $0.append(transaction) } }
    var all: [SlowTransaction] { list.withLock { $0 } }
}

@Suite struct `Slow transactions` {
    private struct Refused: Error {}

    private func database(_ threshold: Duration, _ told: Told) throws -> GraphDatabase {
        var options = GraphDatabaseOptions()
        // Looking for indexes to go on with is a read as well.
        options.buildsIndexes = false
        options.slowTransactions = SlowTransactions(threshold: threshold) { told.add($0) }
        return try GraphDatabase.temporary(options: options)
    }

    @Test func `are told of, with where the time went`() throws {
        let told = Told()
        let db = try database(.zero, told)
        try db.write { txn in for _ in 0..<5 { _ = try txn.createNode() } }
        #expect(throws: Refused.self) { try db.write { _ in throw Refused() } }
        _ = try db.read { try $0.nodeCount() }
        let all = told.all
        #expect(all.map { $0.kind } == [.write, .failedWrite, .read])
        #expect(all[0].changes == 5)
        for transaction in all {
            #expect(transaction.inQueue >= .zero && transaction.inClosure >= .zero)
            #expect(
                transaction.total == transaction.inQueue + transaction.inClosure
                    + transaction.inCommit)
        }
        #expect(all[0].description.hasPrefix("slow write: "))
        #expect(all[0].description.hasSuffix("5 changes)"))
    }

    @Test func `are those above the threshold only`() throws {
        let told = Told()
        let db = try database(.seconds(3_600), told)
        try db.write { _ = try $0.createNode() }
        _ = try db.read { try $0.nodeCount() }
        #expect(told.all.isEmpty)
    }
}
