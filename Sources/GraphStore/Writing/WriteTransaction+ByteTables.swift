internal import LMDB
internal import PropertyGraph

/// An ordered table of bytes that another module keeps in the same environment; its writes commit
/// together with those of the graph.
public struct ByteTable: Hashable, Sendable {
    let number: UInt32
    /// Its name in the database.
    public let name: String
}

extension WriteTransaction {
    /// Returns the byte table of a name, creating it on first use.
    ///
    /// - Throws: `.invalidName`, `.limitExceeded`.
    public mutating func byteTable(_ name: String) throws -> ByteTable {
        if let number = state.catalog.number(.byteTable, name) {
            return ByteTable(number: number, name: name)
        }
        return ByteTable(number: try intern(.byteTable, name), name: name)
    }

    /// Stores a value under a key of at most 500 bytes.
    public mutating func put(_ key: [UInt8], _ value: [UInt8], in table: ByteTable) throws {
        let full = ByteTableKey.full(table, key)
        try lmdb.put(tables.bytes, full.span, value.rawSpan)
        try log { $0.byteTableChanged(table.name) }
    }

    /// Removes a key; returns whether it was there.
    @discardableResult
    public mutating func remove(_ key: [UInt8], from table: ByteTable) throws -> Bool {
        let full = ByteTableKey.full(table, key)
        let wasThere = try lmdb.delete(tables.bytes, full.span)
        if wasThere { try log { $0.byteTableChanged(table.name) } }
        return wasThere
    }
}

extension GraphReading where Self: ~Copyable {
    /// Returns the byte table of a name; nil when it was never written.
    public func existingByteTable(_ name: String) -> ByteTable? {
        view.catalog.number(.byteTable, name).map { ByteTable(number: $0, name: name) }
    }

    /// Returns the value under a key; nil when absent.
    public func value(of key: [UInt8], in table: ByteTable) throws -> [UInt8]? {
        let view = view
        let full = ByteTableKey.full(table, key)
        guard let bytes = try view.bytes.get(view.tables.bytes, full.span) else { return nil }
        return bytes.bytes(at: 0, count: bytes.byteCount)
    }

    /// Calls `body` for each (key, value) from a key on, ascending, until it returns false.
    ///
    /// The spans are valid during the call only.
    public func forEachEntry(
        of table: ByteTable, from start: [UInt8] = [],
        _ body: (RawSpan, RawSpan) throws -> Bool
    ) throws {
        let view = view
        let prefix = FixedKey(be32: table.number)
        var cursor = try view.bytes.cursor(view.tables.bytes)
        var found = try cursor.seek(atOrAfter: ByteTableKey.full(table, start).span)
        while found, cursor.key.hasPrefix(prefix.span) {
            let key = cursor.key
            guard try body(key.extracting(4..<key.byteCount), cursor.value) else { return }
            found = try cursor.next()
        }
    }
}

enum ByteTableKey {
    static func full(_ table: ByteTable, _ key: [UInt8]) -> ByteWriter {
        var full = ByteWriter()
        full.appendBE32(table.number)
        full.append(key.rawSpan)
        return full
    }
}
