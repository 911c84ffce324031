import Testing

@testable import LMDB

@Suite struct Savepoints {
    @Test func `rolling back restores overwritten, deleted and new keys`() throws {
        let store = try Store()
        try store.put([("a", "1"), ("b", "2")])
        try store.environment.write { txn in
            txn.beginSavepoint()
            try txn.put(store.table, "a".utf8.span.rawSpan, "9".utf8.span.rawSpan)
            _ = try txn.delete(store.table, "b".utf8.span.rawSpan)
            try txn.put(store.table, "c".utf8.span.rawSpan, "3".utf8.span.rawSpan)
            try txn.rollBackToSavepoint()
        }
        #expect(try store.pairs().count == 2)
        #expect(try store.get("a") == "1")
        #expect(try store.get("b") == "2")
    }

    @Test func `releasing keeps the changes`() throws {
        let store = try Store()
        try store.environment.write { txn in
            txn.beginSavepoint()
            try txn.put(store.table, "a".utf8.span.rawSpan, "1".utf8.span.rawSpan)
            txn.releaseSavepoint()
            txn.beginSavepoint()
            try txn.put(store.table, "b".utf8.span.rawSpan, "2".utf8.span.rawSpan)
            try txn.rollBackToSavepoint()
        }
        #expect(try store.pairs().count == 1)
        #expect(try store.get("a") == "1")
    }

    @Test func `rolling back undoes the emptying of a table`() throws {
        let store = try Store()
        try store.put((0..<500).map { ("key\($0)", String(repeating: "v", count: $0)) })
        let before = try store.pairs()
        try store.environment.write { txn in
            txn.beginSavepoint()
            try txn.put(store.table, "key7".utf8.span.rawSpan, "x".utf8.span.rawSpan)
            try txn.removeAll(store.table)
            try txn.put(store.table, "new".utf8.span.rawSpan, "x".utf8.span.rawSpan)
            try txn.rollBackToSavepoint()
        }
        #expect(try store.pairs() == before)
    }

    @Test func `ending a savepoint that was not begun is a programmer error`() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            let store = try FleetingStore()
            try store.environment.write { txn in txn.releaseSavepoint() }
        }
        #expect(result?.says("No savepoint is open") == true)
    }

    /// The truth: two tables as dictionaries, and their copies at each open savepoint.
    private struct Oracle {
        var tables: [[[UInt8]: [UInt8]]] = [[:], [:]]
        var saved: [[[[UInt8]: [UInt8]]]] = []

        func pairs(_ table: Int) -> [Pair] {
            tables[table].sorted { $0.key.lexicographicallyPrecedes($1.key) }
                .map { Pair(key: $0.key, value: $0.value) }
        }
    }

    @Test(arguments: UInt64(1)...30)
    func `rolled back is as if it had never run`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let store = try Store()
        let tables = try store.environment.tables(["things", "others"], create: true)
        var oracle = Oracle()
        for _ in 0..<4 {
            let commits = Int.random(in: 0..<4, using: &random) > 0
            let before = oracle.tables
            var txn = try store.environment.beginWrite()
            for _ in 0..<150 {
                try step(&txn, tables, &oracle, &random)
            }
            while txn.savepointDepth > 0 {
                try endSavepoint(&txn, &oracle, rollsBack: .random(using: &random))
            }
            for index in tables.indices {
                let inside = try Pair.all(in: tables[index], of: txn.view)
                #expect(inside == oracle.pairs(index), "seed \(seed)")
            }
            if commits {
                try txn.commit()
            } else {
                txn.abort()
                oracle.tables = before
            }
            for index in tables.indices {
                let outside = try store.environment.read { txn in
                    try Pair.all(in: tables[index], of: txn.view)
                }
                #expect(outside == oracle.pairs(index), "seed \(seed)")
            }
        }
    }

    private func endSavepoint(
        _ txn: inout WriteTransaction, _ oracle: inout Oracle, rollsBack: Bool
    ) throws {
        guard let saved = oracle.saved.popLast() else { return }
        if rollsBack {
            try txn.rollBackToSavepoint()
            oracle.tables = saved
        } else {
            txn.releaseSavepoint()
        }
    }

    private func step(
        _ txn: inout WriteTransaction, _ tables: [Table], _ oracle: inout Oracle,
        _ random: inout SplitMix64
    ) throws {
        let index = Int.random(in: 0..<2, using: &random)
        let table = tables[index]
        let key = Self.key(&random)
        switch Int.random(in: 0..<130, using: &random) {
        case 100..<115: try replace(&txn, table, key, &oracle.tables[index], &random)
        case 115..<130: try replaceLast(&txn, table, key, &oracle.tables[index], &random)
        case 0..<45:
            let value = Self.value(&random)
            try txn.put(table, key.rawSpan, value.rawSpan)
            oracle.tables[index][key] = value
        case 45..<60:
            let value = Self.value(&random)
            let isNew = try txn.insert(table, key.rawSpan, value.rawSpan)
            #expect(isNew == (oracle.tables[index][key] == nil))
            if isNew { oracle.tables[index][key] = value }
        case 60..<78:
            let wasThere = try txn.delete(table, key.rawSpan)
            #expect(wasThere == (oracle.tables[index].removeValue(forKey: key) != nil))
        case 78..<83:
            var last = oracle.pairs(index).last?.key ?? [0]
            last.append(1)
            guard last.count <= Table.maxKeyBytes else { return }
            try txn.append(table, last.rawSpan, key.rawSpan)
            oracle.tables[index][last] = key
        case 83:
            try txn.removeAll(table)
            oracle.tables[index] = [:]
        case 84..<93 where txn.savepointDepth < 3:
            txn.beginSavepoint()
            oracle.saved.append(oracle.tables)
        default:
            try endSavepoint(&txn, &oracle, rollsBack: .random(using: &random))
        }
    }

    private static func outcome(_ random: inout SplitMix64) -> Replacement {
        [.store, .store, .remove, .keep][Int.random(in: 0..<4, using: &random)]
    }

    private func replace(
        _ txn: inout WriteTransaction, _ table: Table, _ key: [UInt8],
        _ truth: inout [[UInt8]: [UInt8]], _ random: inout SplitMix64
    ) throws {
        let (outcome, value) = (Self.outcome(&random), Self.value(&random))
        var seen: [UInt8]?
        var output = ByteWriter()
        try txn.replace(table, key.rawSpan, &output) { old, output in
            if let old { seen = old.bytes(at: 0, count: old.byteCount) }
            output.append(value.rawSpan)
            return outcome
        }
        #expect(seen == truth[key])
        switch outcome {
        case .store: truth[key] = value
        case .remove: truth[key] = nil
        case .keep: break
        }
    }

    private func replaceLast(
        _ txn: inout WriteTransaction, _ table: Table, _ wanted: [UInt8],
        _ truth: inout [[UInt8]: [UInt8]], _ random: inout SplitMix64
    ) throws {
        let (outcome, value) = (Self.outcome(&random), Self.value(&random))
        let prefix = Array(wanted.prefix(Int.random(in: 1...wanted.count, using: &random)))
        var seen: [UInt8]?
        var output = ByteWriter()
        try txn.replaceLast(table, atOrBefore: wanted.rawSpan, under: prefix.rawSpan, &output) {
            key, old, output in
            if let key { seen = key.bytes(at: 0, count: key.byteCount) }
            output.append(value.rawSpan)
            return outcome
        }
        let last = truth.keys.filter { !wanted.lexicographicallyPrecedes($0) }
            .max { $0.lexicographicallyPrecedes($1) }
        let expected = last.flatMap { $0.starts(with: prefix) ? $0 : nil }
        #expect(seen == expected)
        switch outcome {
        case .store: truth[expected ?? prefix] = value
        case .remove: if let expected { truth[expected] = nil }
        case .keep: break
        }
    }

    /// Few enough keys that most are met again.
    private static func key(_ random: inout SplitMix64) -> [UInt8] {
        let number = UInt8.random(in: 0..<60, using: &random)
        return [UInt8](repeating: number, count: Int(number % 7) + 1)
    }

    /// Mostly short values, now and then one that needs pages of its own.
    private static func value(_ random: inout SplitMix64) -> [UInt8] {
        let long = Int.random(in: 0..<20, using: &random) == 0
        let count = Int.random(in: 0..<(long ? 9000 : 60), using: &random)
        return [UInt8](repeating: UInt8(truncatingIfNeeded: random.next()), count: count)
    }
}
