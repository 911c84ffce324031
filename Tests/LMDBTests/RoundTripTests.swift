import Testing

@testable import LMDB

@Suite struct `Storing and reading` {
    @Test func `a committed value is read back`() throws {
        let store = try Store()
        try store.put([("a", "1"), ("b", "2")])
        #expect(try store.get("a") == "1")
        #expect(try store.get("b") == "2")
        #expect(try store.get("c") == nil)
    }

    @Test func `a write that throws leaves nothing`() throws {
        struct Stop: Error {}
        let store = try Store()
        #expect(throws: Stop.self) {
            try store.environment.write { txn in
                try txn.put(store.table, "a".utf8.rawSpan, "1".utf8.rawSpan)
                throw Stop()
            }
        }
        #expect(try store.get("a") == nil)
    }

    @Test func `a savepoint is undone`() throws {
        let store = try Store()
        try store.put([("a", "1"), ("b", "2")])
        try store.environment.write { txn in
            txn.beginSavepoint()
            try txn.put(store.table, "a".utf8.rawSpan, "9".utf8.rawSpan)
            _ = try txn.delete(store.table, "b".utf8.rawSpan)
            try txn.put(store.table, "c".utf8.rawSpan, "3".utf8.rawSpan)
            try txn.rollBackToSavepoint()
        }
        #expect(try store.pairs().count == 2)
        #expect(try store.get("a") == "1")
        #expect(try store.get("b") == "2")
    }
}
