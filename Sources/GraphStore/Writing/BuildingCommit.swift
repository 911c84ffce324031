internal import LMDB

extension Environment {
    /// Commits what `body` does in a store that nobody sees yet, and returns the state afterwards;
    /// the map grows as often as it must, and `body` runs again then.
    func commitGrowing(
        _ state: WriteState, _ tables: Tables, _ body: (inout WriteTransaction) throws -> Void
    ) throws -> WriteState {
        for _ in 0..<48 {
            if let changed = try attempt(state, tables, body) { return changed }
            try grow(toAtLeast: mapSizeBytes * 2)
        }
        throw GraphStoreError(.storage, "The database grew 48 times and found no room.")
    }

    /// The state after the transaction; nil when the map is full.
    private func attempt(
        _ state: WriteState, _ tables: Tables, _ body: (inout WriteTransaction) throws -> Void
    ) throws -> WriteState? {
        var txn = WriteTransaction(try beginWrite(), state, tables, StoreLimits())
        do {
            try body(&txn)
            try txn.storeCounts()
            try txn.storeHistory(now: txn.state.counters.lastCommitTime, atMost: .max)
            txn.state.counters.durablePosition = txn.state.counters.position
            try txn.storeCounters()
        } catch {
            if txn.lmdb.failure?.code == .mapFull { return nil }
            throw error
        }
        var changed = txn.state
        do {
            try txn.commit()
        } catch {
            if error.code == .mapFull { return nil }
            throw error
        }
        changed.settle()
        return changed
    }
}
