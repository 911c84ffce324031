internal import LMDB
internal import PropertyGraph

extension GraphReading where Self: ~Copyable {
    /// The number of the last transaction this snapshot contains; 0 for an empty database.
    ///
    /// Inside a write it is that of the transaction before; its own is one more, if it changes
    /// anything.
    public func position() throws -> UInt64 {
        let view = view
        return try view.past?.position ?? view.counters().position
    }

    /// The first position the change log still holds.
    public func firstLoggedPosition() throws -> UInt64 { try view.counters().firstLoggedPosition }

    /// Returns what the transactions from a position on changed, oldest first.
    ///
    /// Only durable positions are given: with `.relaxed` durability the last ones may still be
    /// lost, and are not.
    ///
    /// - Parameter limit: At most so many transactions.
    /// - Throws: `.limitExceeded` when the log no longer holds the position.
    public func changes(from position: UInt64, limit: Int = 1_000) throws -> [ChangeSet] {
        let view = view
        let counters = try view.counters()
        guard position >= counters.firstLoggedPosition || position > counters.position else {
            throw GraphStoreError(
                .limitExceeded,
                "The change log begins at position \(counters.firstLoggedPosition); position "
                    + "\(position) is no longer kept. Read the graph anew, then follow from its "
                    + "position, or raise the retention.")
        }
        var result: [ChangeSet] = []
        var next = position
        while next <= counters.durablePosition, result.count < limit {
            result.append(try view.changeSet(next))
            next += 1
        }
        return result
    }

    /// Returns what the transactions after a position changed, oldest first.
    ///
    /// - Parameter token: The token of that position, as its change set gave it. A database that
    ///   was restored from a backup gives the same positions to other transactions; the token
    ///   tells. Nil trusts the position.
    /// - Throws: `.otherHistory`; `.limitExceeded` when the log no longer holds what follows.
    public func changes(
        after position: UInt64, token: UInt64?, limit: Int = 1_000
    ) throws -> [ChangeSet] {
        if let token, position > 0 {
            let view = view
            let counters = try view.counters()
            let isKept = position >= counters.firstLoggedPosition && position <= counters.position
            let found = isKept ? try view.changeSet(position).token : token
            if position > counters.position || found != token {
                throw GraphStoreError(
                    .otherHistory,
                    "Position \(position) of this database is not the transaction that was "
                        + "followed: it was restored from a backup, or lost its last commits. Read "
                        + "the graph anew, then follow from its position \(counters.position).")
            }
        }
        return try changes(from: position + 1, limit: limit)
    }
}

extension GraphView {
    func counters() throws -> Counters {
        if let pendingCounters { return pendingCounters }
        if let known = snapshot.counters { return known }
        return try Counters(reading: bytes, tables)
    }

    /// Whether a position had this token, as far as the change log tells.
    func isHistory(_ position: UInt64, _ token: UInt64) throws -> Bool {
        let counters = try counters()
        if position == counters.position { return token == counters.lastToken }
        guard position < counters.position, position >= counters.firstLoggedPosition,
            let value = try bytes.get(tables.log, FixedKey.log(position, 0).span),
            value.byteCount >= ChangeLogBuffer.headerBytes
        else { return false }
        return value.loadLE64(at: 1) == token
    }

    func changeSet(_ position: UInt64) throws -> ChangeSet {
        var stored: [UInt8] = []
        var cursor = try bytes.cursor(tables.log)
        var found = try cursor.seek(to: FixedKey.log(position, 0).span)
        guard found else {
            throw GraphStoreError.corrupted("the change log has no position \(position)")
        }
        let prefix = FixedKey(be64: position)
        while found, cursor.key.hasPrefix(prefix.span) {
            stored.append(contentsOf: cursor.value.bytes(at: 0, count: cursor.value.byteCount))
            found = try cursor.next()
        }
        var reader = ChangeLogReader(stored, catalog, position)
        return try reader.changeSet(position)
    }
}
