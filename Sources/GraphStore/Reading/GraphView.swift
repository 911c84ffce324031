internal import LMDB
internal import PropertyGraph

/// What a transaction reads through: the bytes of its snapshot and the names valid in it.
///
/// It cannot outlive its transaction; the compiler checks it.
public struct GraphView: ~Escapable {
    let bytes: TransactionView
    let snapshot: CatalogSnapshot
    let tables: Tables
    /// Changes of counts that a write transaction has not stored yet.
    let pendingCounts: [Statistic: Int64]
    /// Counters that a write transaction has not stored yet; nil reads the stored ones.
    let pendingCounters: Counters?
    /// The earlier position that is read; nil for the newest of the snapshot.
    let past: PastSnapshot?

    @_lifetime(copy bytes)
    init(
        _ bytes: TransactionView, _ snapshot: CatalogSnapshot, _ tables: Tables,
        pendingCounts: [Statistic: Int64] = [:], pendingCounters: Counters? = nil,
        past: PastSnapshot? = nil
    ) {
        self.bytes = bytes
        self.snapshot = snapshot
        self.tables = tables
        self.pendingCounts = pendingCounts
        self.pendingCounters = pendingCounters
        self.past = past
    }

    /// Lent in place: a copy would count a dozen references.
    var catalog: Catalog {
        @inline(__always) _read { yield snapshot.catalog }
    }
}

/// Everything that can be read, in a `ReadTransaction` and in a `WriteTransaction` alike.
///
/// All methods throw `GraphStoreError`. Beside what a method says of itself that is `.corrupted`, where
/// what is stored contradicts itself, and `.storage`, where it cannot be read; what closures throw is
/// passed on.
public protocol GraphReading: ~Copyable {
    /// The snapshot to read from; used by the methods of this protocol.
    var view: GraphView { @_lifetime(borrow self) get }
}

/// A snapshot of the graph, lent to the closure of `GraphDatabase.read`.
///
/// It sees the commit that was newest when it began, and nothing later. It takes no lock and
/// blocks no writer; yet while it lives, pages it can see are not reused, so keep it short.
public struct ReadTransaction: ~Copyable, GraphReading {
    let lmdb: LMDB.ReadTransaction
    let snapshot: CatalogSnapshot
    let tables: Tables
    let past: PastSnapshot?

    init(
        _ lmdb: consuming LMDB.ReadTransaction, _ snapshot: CatalogSnapshot, _ tables: Tables,
        past: PastSnapshot? = nil
    ) {
        self.lmdb = lmdb
        self.snapshot = snapshot
        self.tables = tables
        self.past = past
    }

    /// The snapshot to read from.
    public var view: GraphView {
        @_lifetime(borrow self)
        get { GraphView(lmdb.view, snapshot, tables, past: past) }
    }
}
