internal import LMDB
internal import Synchronization

/// The catalog that was read last, shared by the transactions of this process.
///
/// A snapshot uses it only if its own catalog version is the same; additions reach it only after
/// the commit that made them.
final class CatalogMirror: Sendable {
    private let latest: Mutex<CatalogSnapshot>

    init() { latest = Mutex(CatalogSnapshot(Catalog())) }

    /// The catalog as a snapshot sees it.
    func snapshot(of view: TransactionView, _ tables: Tables) throws -> CatalogSnapshot {
        let version = try Catalog.version(reading: view, tables)
        let known = latest.withLock { $0 }
        if known.catalog.version == version { return known }
        let loaded = CatalogSnapshot(try Catalog(reading: view, tables))
        offer(loaded)
        return loaded
    }

    /// Remembers a committed catalog, unless a later one is known.
    func offer(_ snapshot: CatalogSnapshot) {
        latest.withLock { known in
            if known.catalog.version < snapshot.catalog.version { known = snapshot }
        }
    }
}
