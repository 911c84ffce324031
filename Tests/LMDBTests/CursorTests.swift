import Testing

@testable import LMDB

@Suite struct `Moving a cursor` {
    private func moves(over keys: [UInt64]) throws -> Moves {
        let store = try Store()
        try store.environment.write { txn in
            for key in keys {
                try txn.put(store.table, FixedKey(be64: key).span, "\(key)".utf8.span.rawSpan)
            }
        }
        return Moves(store: store)
    }

    /// Plays a list of moves on one cursor and returns where each ended.
    struct Moves {
        let store: Store

        enum Move {
            case first, last, next, previous
            case atOrAfter(UInt64), atOrBefore(UInt64), to(UInt64), before(UInt64)
        }

        func play(_ moves: Move...) throws -> [UInt64?] {
            try store.environment.read { txn in
                var cursor = try txn.view.cursor(store.table)
                var places: [UInt64?] = []
                for move in moves {
                    let found =
                        switch move {
                        case .first: try cursor.first()
                        case .last: try cursor.last()
                        case .next: try cursor.next()
                        case .previous: try cursor.previous()
                        case .atOrAfter(let key):
                            try cursor.seek(atOrAfter: FixedKey(be64: key).span)
                        case .atOrBefore(let key):
                            try cursor.seek(atOrBefore: FixedKey(be64: key).span)
                        case .to(let key): try cursor.seek(to: FixedKey(be64: key).span)
                        case .before(let key): try cursor.seek(before: FixedKey(be64: key).span)
                        }
                    guard found == cursor.isOnRecord else { throw SystemFailure(code: 0) }
                    guard found else {
                        places.append(nil)
                        continue
                    }
                    let key = cursor.key.loadBE64(at: 0)
                    guard cursor.value.string() == "\(key)" else { throw SystemFailure(code: 1) }
                    places.append(key)
                }
                return places
            }
        }
    }

    @Test func `on an empty table every move finds nothing`() throws {
        let cursor = try moves(over: [])
        #expect(try cursor.play(.first, .last, .next, .previous) == [nil, nil, nil, nil])
        #expect(try cursor.play(.next, .next, .previous) == [nil, nil, nil])
        #expect(
            try cursor.play(.atOrAfter(1), .atOrBefore(1), .to(1), .before(1))
                == [nil, nil, nil, nil])
    }

    @Test func `on a single record moves end on it or beside it`() throws {
        let cursor = try moves(over: [5])
        #expect(try cursor.play(.first, .next, .next, .previous) == [5, nil, nil, 5])
        #expect(try cursor.play(.last, .previous, .previous, .next) == [5, nil, nil, 5])
        #expect(try cursor.play(.next, .next) == [5, nil])
        #expect(try cursor.play(.previous, .previous) == [5, nil])
        #expect(try cursor.play(.atOrAfter(5), .atOrAfter(4), .atOrAfter(6)) == [5, 5, nil])
        #expect(try cursor.play(.atOrBefore(5), .atOrBefore(6), .atOrBefore(4)) == [5, 5, nil])
        #expect(try cursor.play(.to(5), .to(4), .to(6)) == [5, nil, nil])
        #expect(try cursor.play(.before(5), .before(6)) == [nil, 5])
    }

    @Test func `on many records all moves agree with a sorted list`() throws {
        let keys = (UInt64(0)..<3000).map { $0 * 3 }
        let cursor = try moves(over: keys)
        for probe: UInt64 in [0, 1, 2, 3, 4500, 4501, 8996, 8997, 8998, 20_000] {
            let places = try cursor.play(
                .atOrAfter(probe), .atOrBefore(probe), .to(probe), .before(probe))
            #expect(places[0] == keys.first { $0 >= probe })
            #expect(places[1] == keys.last { $0 <= probe })
            #expect(places[2] == keys.first { $0 == probe })
            #expect(places[3] == keys.last { $0 < probe })
        }
    }

    @Test func `after running off an end the other direction comes back`() throws {
        let cursor = try moves(over: [1, 2, 3])
        #expect(try cursor.play(.last, .next, .previous, .previous) == [3, nil, 3, 2])
        #expect(try cursor.play(.first, .previous, .next, .next) == [1, nil, 1, 2])
        #expect(try cursor.play(.atOrAfter(9), .next, .previous) == [nil, nil, 3])
        #expect(try cursor.play(.atOrBefore(0), .previous, .next) == [nil, nil, 1])
        #expect(try cursor.play(.to(2), .next, .previous, .previous) == [2, 3, 2, 1])
        #expect(try cursor.play(.to(9), .next) == [nil, 1])
        #expect(try cursor.play(.to(9), .previous) == [nil, 3])
    }

    @Test func `a whole walk visits every record once in both directions`() throws {
        let store = try Store()
        try store.environment.write { txn in
            for key in UInt64(0)..<5000 {
                try txn.append(store.table, FixedKey(be64: key).span, FixedKey(be64: key).span)
            }
        }
        let (forward, backward) = try store.environment.read { txn in
            var forward: [UInt64] = []
            var backward: [UInt64] = []
            var cursor = try txn.view.cursor(store.table)
            while try cursor.next() { forward.append(cursor.key.loadBE64(at: 0)) }
            while try cursor.previous() { backward.append(cursor.key.loadBE64(at: 0)) }
            return (forward, backward)
        }
        #expect(forward == Array(0..<5000))
        #expect(backward == (0..<5000).reversed())
    }

    @Test func `an empty key seeks before everything`() throws {
        let store = try Store()
        try store.put([("a", "1"), ("b", "2")])
        let places = try store.environment.read { txn in
            let nothing: [UInt8] = []
            var cursor = try txn.view.cursor(store.table)
            return [
                try cursor.seek(atOrAfter: nothing.rawSpan) ? cursor.key.string() : nil,
                try cursor.seek(atOrBefore: nothing.rawSpan) ? cursor.key.string() : nil,
                try cursor.seek(to: nothing.rawSpan) ? cursor.key.string() : nil,
            ]
        }
        #expect(places == ["a", nil, nil])
    }

    @Test func `spans of earlier positions stay valid`() throws {
        let store = try Store()
        try store.put([("a", "1"), ("b", "2")])
        let both = try store.environment.read { txn in
            var cursor = try txn.view.cursor(store.table)
            guard try cursor.next() else { return "" }
            let first = cursor.value
            guard try cursor.next() else { return "" }
            return (first.string() ?? "") + (cursor.value.string() ?? "")
        }
        #expect(both == "12")
    }

    @Test func `a cursor over a write sees its changes`() throws {
        let store = try Store()
        try store.put([("a", "1")])
        try store.environment.write { txn in
            try txn.put(store.table, "b".utf8.span.rawSpan, "2".utf8.span.rawSpan)
            let seen = try Pair.all(in: store.table, of: txn.view).count
            #expect(seen == 2)
        }
    }

    @Test func `reading the key of no record is a programmer error`() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            let store = try FleetingStore()
            try store.environment.read { txn in
                let cursor = try txn.view.cursor(store.table)
                _ = cursor.key.byteCount
            }
        }
        #expect(result?.says("its last move failed") == true)
    }

    @Test func `a table of another environment is a programmer error`() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            let store = try FleetingStore()
            let other = try FleetingStore()
            _ = try store.environment.read { txn in
                try txn.view.get(other.table, "a".utf8.span.rawSpan)?.byteCount
            }
        }
        #expect(result?.says("with another environment than the one it came from") == true)
    }
}
