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
                try txn.put(store.table, "a".utf8.span.rawSpan, "1".utf8.span.rawSpan)
                throw Stop()
            }
        }
        #expect(try store.get("a") == nil)
    }

    @Test func `a transaction that is dropped or aborted leaves nothing`() throws {
        let store = try Store()
        do {
            var txn = try store.environment.beginWrite()
            try txn.put(store.table, "a".utf8.span.rawSpan, "1".utf8.span.rawSpan)
        }
        var txn = try store.environment.beginWrite()
        try txn.put(store.table, "b".utf8.span.rawSpan, "1".utf8.span.rawSpan)
        txn.abort()
        #expect(try store.pairs().isEmpty)
    }

    @Test func `records come in the order of their bytes`() throws {
        let store = try Store()
        let keys: [[UInt8]] = [[0xFF], [1, 2], [1], [0], [1, 0], [0x7F, 0xFF], [0x80]]
        try store.environment.write { txn in
            for key in keys { try txn.put(store.table, key.rawSpan, key.rawSpan) }
        }
        let sorted = keys.sorted { $0.lexicographicallyPrecedes($1) }
        #expect(try store.pairs().map(\.key) == sorted)
        #expect(try store.pairs().map(\.value) == sorted)
    }

    @Test func `values of every size come back whole`() throws {
        let store = try Store()
        let sizes = [0, 1, 7, 511, 1000, 2000, 4096, 5000, 100_000]
        try store.environment.write { txn in
            for size in sizes {
                let value = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
                try txn.put(store.table, FixedKey(be64: UInt64(size)).span, value.rawSpan)
            }
        }
        for size in sizes {
            let found = try store.environment.read { txn in
                try txn.view.get(store.table, FixedKey(be64: UInt64(size)).span)?.bytes()
            }
            #expect(found == (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        }
    }

    @Test func `a write sees its own changes and others do not`() throws {
        let store = try Store()
        try store.put([("a", "old")])
        var txn = try store.environment.beginWrite()
        try txn.put(store.table, "a".utf8.span.rawSpan, "new".utf8.span.rawSpan)
        let inside = try txn.view.get(store.table, "a".utf8.span.rawSpan)?.string()
        #expect(inside == "new")
        #expect(try store.get("a") == "old")
        try txn.commit()
        #expect(try store.get("a") == "new")
    }

    @Test func `a snapshot does not see later commits`() throws {
        let store = try Store()
        try store.put([("a", "old")])
        let snapshot = try store.environment.beginRead()
        try store.put([("a", "new")])
        let seen = try snapshot.view.get(store.table, "a".utf8.span.rawSpan)?.string()
        #expect(seen == "old")
        let later = try store.environment.beginRead()
        #expect(later.id > snapshot.id)
        #expect(later.view.id == later.id)
    }

    @Test func `insert refuses a key that is present`() throws {
        let store = try Store()
        try store.environment.write { txn in
            let first = try txn.insert(store.table, "a".utf8.span.rawSpan, "1".utf8.span.rawSpan)
            let second = try txn.insert(store.table, "a".utf8.span.rawSpan, "2".utf8.span.rawSpan)
            #expect(first && !second)
        }
        #expect(try store.get("a") == "1")
    }

    @Test func `delete tells whether the key was there`() throws {
        let store = try Store()
        try store.put([("a", "1"), ("b", "2")])
        try store.environment.write { txn in
            let first = try txn.delete(store.table, "a".utf8.span.rawSpan)
            let second = try txn.delete(store.table, "a".utf8.span.rawSpan)
            let empty = try txn.delete(store.table, "".utf8.span.rawSpan)
            #expect(first && !second && !empty)
        }
        #expect(try store.pairs().count == 1)
    }

    @Test func `appending keeps the order and refuses to break it`() throws {
        let store = try Store()
        try store.environment.write { txn in
            for number in UInt64(0)..<1000 {
                let key = FixedKey(be64: number)
                try txn.append(store.table, key.span, key.span)
            }
            let refused = #expect(throws: LMDBError.self) {
                try txn.append(store.table, FixedKey(be64: 500).span, "x".utf8.span.rawSpan)
            }
            #expect(refused?.code == .outOfOrder)
            try txn.append(store.table, FixedKey(be64: 1000).span, "x".utf8.span.rawSpan)
        }
        #expect(try store.pairs().count == 1001)
    }

    @Test func `removing all empties one table and leaves the other`() throws {
        let store = try Store()
        let other = try store.environment.tables(["other"], create: true)[0]
        try store.put([("a", "1"), ("b", "2")])
        try store.environment.write { txn in
            try txn.put(other, "c".utf8.span.rawSpan, "3".utf8.span.rawSpan)
            try txn.removeAll(store.table)
        }
        #expect(try store.pairs().isEmpty)
        let kept = try store.environment.read { txn in try Pair.all(in: other, of: txn.view) }
        #expect(kept.count == 1)
        try store.put([("z", "26")])
        #expect(try store.pairs().count == 1)
    }

    @Test func `an empty key is never found and never stored`() throws {
        let store = try Store()
        #expect(try store.get("") == nil)
        let refused = #expect(throws: LMDBError.self) { try store.put([("", "1")]) }
        #expect(refused?.code == .emptyKey)
    }

    @Test func `the longest key fits and one byte more is refused with its size`() throws {
        let store = try Store()
        let longest = String(repeating: "k", count: Table.maxKeyBytes)
        try store.put([(longest, "1")])
        #expect(try store.get(longest) == "1")
        let refused = #expect(throws: LMDBError.self) { try store.put([(longest + "k", "1")]) }
        #expect(refused?.code == .keyTooLong)
        #expect(refused?.message.contains("512 bytes, more than 511") == true)
        #expect(refused?.message.contains("table 'things'") == true)
        #expect(try store.get(longest + "k") == nil)
    }

    @Test func `a value of 4 GiB is refused with its size`() throws {
        let store = try Store()
        let refused = #expect(throws: LMDBError.self) {
            try store.environment.checkSizes(
                keyBytes: 1, valueBytes: Table.maxValueBytes + 1, table: store.table)
        }
        #expect(refused?.code == .valueTooLarge)
        #expect(refused?.message.contains("4294967296 bytes, more than 4294967295") == true)
    }

    @Test func `a refused key leaves the transaction usable`() throws {
        let store = try Store()
        try store.environment.write { txn in
            try txn.put(store.table, "a".utf8.span.rawSpan, "1".utf8.span.rawSpan)
            #expect(throws: LMDBError.self) {
                try txn.put(store.table, "".utf8.span.rawSpan, "1".utf8.span.rawSpan)
            }
            #expect(txn.failure == nil)
            try txn.put(store.table, "b".utf8.span.rawSpan, "2".utf8.span.rawSpan)
        }
        #expect(try store.pairs().count == 2)
    }

    @Test func `tables opened again are equal, and absent ones are named`() throws {
        let store = try Store()
        let again = try store.environment.tables(["things"], create: false)
        #expect(again == [store.table])
        let refused = #expect(throws: LMDBError.self) {
            try store.environment.tables(["things", "nothing"], create: false)
        }
        #expect(refused?.code == .notFound)
        #expect(refused?.message.contains("table 'nothing'") == true)
    }

    @Test func `more tables than allowed are refused`() throws {
        let store = try Store(options: .init(mapSizeBytes: 8 << 20, maxTables: 2, sync: .none))
        let refused = #expect(throws: LMDBError.self) {
            try store.environment.tables(["one", "two"], create: true)
        }
        #expect(refused?.code == .tablesFull)
        #expect(try store.environment.tables(["one"], create: true).count == 1)
    }

    @Test func `a temporary store works, can be copied, and leaves no file`() throws {
        let scratch = try Scratch()
        do {
            let environment = try Environment.temporary(in: scratch.path)
            #expect(Scratch.names(in: scratch.path).isEmpty)
            let table = try environment.tables(["things"], create: true)[0]
            let lock = try environment.acquireWriterLock(timeout: .zero)
            try environment.write { txn in
                try txn.put(table, "a".utf8.span.rawSpan, "1".utf8.span.rawSpan)
            }
            _ = consume lock
            try environment.copy(to: scratch.file("kept"), compacting: true)
        }
        #expect(Scratch.names(in: scratch.path) == ["kept"])
        let kept = try Environment.open(at: scratch.file("kept"))
        let table = try kept.tables(["things"], create: false)[0]
        #expect(
            try kept.read { txn in try txn.view.get(table, "a".utf8.span.rawSpan)?.string() } == "1"
        )
    }
}
