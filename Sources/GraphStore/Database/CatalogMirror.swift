internal import LMDB
internal import Synchronization

/// The catalog that was read last, shared by the transactions of this process.
///
/// A snapshot uses it only if its own catalog version is the same; additions reach it only after
/// the commit that made them.
final class CatalogMirror: Sendable {
    private struct Known {
        var snapshot = CatalogSnapshot(Catalog())
        /// The committed LMDB transaction whose catalog was looked up last; 0 when none was.
        var transaction: UInt64 = 0
        /// The catalog it sees, with its counters.
        var seen = CatalogSnapshot(Catalog())
    }

    private let latest = Mutex(Known())
    /// Called after a commit that leaves an index to be built in slices.
    private let whenBuilding = Mutex<(@Sendable () -> Void)?>(nil)

    func callWhenBuilding(_ body: @escaping @Sendable () -> Void) {
        whenBuilding.withLock { $0 = body }
    }

    /// The catalog as a read transaction sees it, with the counters: those of its commit, which
    /// most often was asked for before.
    ///
    /// Not for write transactions: the number of one that is aborted is given out again.
    func snapshot(ofCommitted view: TransactionView, _ tables: Tables) throws -> CatalogSnapshot {
        let transaction = view.id
        let known = latest.withLock { $0.transaction == transaction ? $0.seen : nil }
        if let known { return known }
        // Counters that cannot be read are told of where they are asked for.
        let snapshot = CatalogSnapshot(
            try snapshot(of: view, tables).catalog, counters: try? Counters(reading: view, tables))
        latest.withLock {
            $0.transaction = transaction
            $0.seen = snapshot
        }
        return snapshot
    }

    /// The catalog as a snapshot sees it.
    func snapshot(of view: TransactionView, _ tables: Tables) throws -> CatalogSnapshot {
        let version = try Catalog.version(reading: view, tables)
        let known = latest.withLock { $0.snapshot }
        if known.catalog.version == version { return known }
        let loaded = CatalogSnapshot(try Catalog(reading: view, tables))
        remember(loaded)
        return loaded
    }

    /// Takes the catalog of a commit of this process.
    func offer(_ snapshot: CatalogSnapshot) {
        remember(snapshot)
        if snapshot.catalog.hasBuilding { whenBuilding.withLock { $0 }?() }
    }

    /// Remembers a committed catalog, unless a later one is known.
    private func remember(_ snapshot: CatalogSnapshot) {
        latest.withLock { known in
            if known.snapshot.catalog.version < snapshot.catalog.version {
                known.snapshot = snapshot
            }
        }
    }
}
