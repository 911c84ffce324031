internal import LMDB

/// The most a database file may grow to (`GraphDatabaseOptions.maximumSizeBytes`).
///
/// The map is never larger, so the file cannot be either. A commit that leaves more pages in use than
/// before is refused while some room is left: deleting needs pages too, for LMDB copies what it changes.
struct SizeLimit: Sendable {
    let bytes: Int

    /// What only commits may use that shrink the data.
    var reserve: Int { min(max(bytes / 16, 512 << 10), 64 << 20, bytes / 4) }

    /// Throws when a transaction made the data grow beyond the limit.
    func check(pagesBefore: Int, _ txn: borrowing WriteTransaction, path: String) throws {
        // Deleting is logged, so that pages may grow by it before they shrink.
        let entities = txn.state.counts[.nodes, default: 0] &+ txn.state.counts[.edges, default: 0]
        let pages = try txn.pagesInUse()
        guard entities >= 0, pages > pagesBefore, pages * DataFile.usualPageSize > bytes - reserve
        else { return }
        throw error(path)
    }

    func error(_ path: String) -> GraphStoreError {
        GraphStoreError(
            .limitExceeded,
            "The database at '\(path)' may grow to \(bytes) bytes, and this write would not fit; "
                + "nothing of it was kept. Delete data, compact the database, or raise "
                + "`maximumSizeBytes`.")
    }
}

extension WriteTransaction {
    /// The pages of all tables, as this transaction has them.
    ///
    /// - Complexity: O(tables).
    func pagesInUse() throws -> Int {
        let view = view
        return try tables.all.reduce(0) { try $0 + view.bytes.statistics($1).pages }
    }
}
