import Foundation
import Testing

@testable import LMDB

@Suite struct `Reading ahead` {
    @Test func `an opened file is not read ahead, so that the first look-up is quick`() throws {
        let store = try Store(options: .init(sync: .none))
        #expect(try Self.readsAhead(store) == false)
    }

    @Test func `a file that is read much is read ahead`() throws {
        let store = try Store(options: .init(sync: .none))
        for look in 1...Environment.readsWithoutReadAhead {
            #expect(try Self.readsAhead(store) == false, "before look-up \(look)")
            _ = try store.environment.read { txn in
                try txn.view.get(store.table, "nothing".utf8.span.rawSpan)?.byteCount
            }
        }
        #expect(try Self.readsAhead(store) == true)
    }

    @Test func `steps of a cursor are reads`() throws {
        let store = try Store(options: .init(sync: .none))
        try store.environment.write { txn in
            for number in 0..<UInt64(Environment.readsWithoutReadAhead) {
                let key = FixedKey(be64: number)
                try txn.put(store.table, key.span, key.span)
            }
        }
        try store.environment.read { txn in
            var cursor = try txn.view.cursor(store.table)
            while try cursor.next() {}
        }
        #expect(try Self.readsAhead(store) == true)
    }

    @Test func `a larger map is read ahead where the smaller one was`() throws {
        let store = try Store(options: .init(mapSizeBytes: 1 << 20, sync: .none))
        try store.environment.write { txn in
            let value = [UInt8](repeating: 1, count: 3000)
            for number in UInt64(0)..<1000 {
                try txn.put(store.table, FixedKey(be64: number).span, value.rawSpan)
            }
        }
        #expect(try Self.readsAhead(store) == false)
        try store.environment.read { txn in
            var cursor = try txn.view.cursor(store.table)
            while try cursor.next() {}
        }
        try store.environment.grow(toAtLeast: store.environment.mapSizeBytes * 2)
        #expect(try Self.readsAhead(store) == true)
    }

    /// What the system says of the map: it lists `rr`, random reads, among its flags, or does not.
    private static func readsAhead(_ store: Store) throws -> Bool? {
        let path = store.environment.realPath + "/data.mdb"
        // Not by its name: this file has no size, and grows while it is read.
        let file = try #require(FileHandle(forReadingAtPath: "/proc/self/smaps"))
        let maps = String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
        var isOurs = false
        for line in maps.split(separator: "\n") {
            if line.contains(" r") && line.contains("-") && line.contains(":") && line.contains("/")
            {
                isOurs = line.hasSuffix(path)
            } else if isOurs, line.hasPrefix("VmFlags:") {
                return !line.split(separator: " ").contains("rr")
            }
        }
        return nil
    }
}
