internal import LMDB

extension GraphDatabase {
    /// Reads the whole database and proves that its parts agree.
    ///
    /// Names, records, locators, adjacency in both directions, members of labels and types,
    /// indexes, unique constraints, long values, counts and the change log are read and compared
    /// with each other, both ways. Damage is a finding of the report, never a trap; only a flipped
    /// bit in the structure of LMDB's own pages can defeat it, as it can any read.
    ///
    /// All of it happens in one snapshot on the calling thread. It blocks no writer; yet while it
    /// runs, pages it can see are not reused, so the file may grow.
    ///
    /// - Parameter progress: Called every few thousand records; an error it throws ends the check.
    /// - Throws: `.closed`, and what `progress` throws.
    /// - Complexity: O(records × log records) time; memory for the distinct counts only.
    public func check(
        progress: @escaping (CheckProgress) throws -> Void = { _ in }
    ) throws -> CheckReport {
        var run = StoreCheck(progress: progress)
        do {
            let transaction = try translatingErrors { try environment.startRead(isScoped: true) }
            // Read anew: the catalog in memory may be sounder than the one on the disk.
            let catalog = try translatingErrors { try Catalog(reading: transaction.view, tables) }
            let snapshot = ReadTransaction(transaction, CatalogSnapshot(catalog), tables)
            try run.checkAll(snapshot.view)
        } catch let error as GraphStoreError where error.code == .corrupted {
            // Without a catalog or counters nothing else can be interpreted.
            run.note(.head, "database", error.message)
        }
        return run.report
    }
}
