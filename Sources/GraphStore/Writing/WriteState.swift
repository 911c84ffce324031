internal import LMDB
internal import PropertyGraph

/// What a write transaction knows beside the bytes: a value, so that a closure that fails is
/// undone by putting the earlier value back.
struct WriteState: Sendable {
    var counters: Counters
    private(set) var catalog: Catalog
    private(set) var snapshot: CatalogSnapshot
    /// Changes of counts not stored yet.
    var counts: [Statistic: Int64] = [:]
    /// How earlier states are kept; nil when they are not.
    var history: HistoryState?
    /// The most bytes the file may have, as the store says; nil where it says nothing.
    var sizeLimit: Int?
    /// Keys of unique constraints that held more than one id at some moment of this closure.
    var suspects: [UniqueSuspect] = []
    /// What broke an existence, type or key constraint at some moment of this closure.
    var doubts: Set<Doubt> = []
    /// Constraints created in this closure: all they are about is looked at when it ends.
    var unproven: [UInt32] = []
    /// Operations of this closure, for the change log.
    var log = ChangeLogBuffer()
    /// How many changes this closure has logged.
    var changeCount = 0
    /// Whether this closure changed anything.
    var isChanged = false
    /// Whether names or ids were set aside that must be kept though nothing changed.
    var mustStore = false

    init(
        counters: Counters, catalog: Catalog, history: HistoryState? = nil, sizeLimit: Int? = nil
    ) {
        self.counters = counters
        self.history = history
        self.sizeLimit = sizeLimit
        self.catalog = catalog
        snapshot = CatalogSnapshot(catalog)
    }

    /// Changes the catalog; transactions that look afterwards see it.
    mutating func changeCatalog<R>(_ body: (inout Catalog) throws -> R) rethrows -> R {
        defer { snapshot = CatalogSnapshot(catalog, isPending: true) }
        return try body(&catalog)
    }

    /// Notes that all of it was committed.
    mutating func settle() {
        mustStore = false
        if snapshot.isPending { snapshot = CatalogSnapshot(catalog) }
    }

    mutating func count(_ statistic: Statistic, _ change: Int64) {
        counts[statistic, default: 0] += change
    }

    /// Forgets what belongs to one closure, before the next one of the group.
    mutating func beginClosure() {
        suspects.removeAll(keepingCapacity: true)
        doubts.removeAll(keepingCapacity: true)
        unproven.removeAll()
        log.removeAll()
        changeCount = 0
        isChanged = false
    }
}

/// A key of a unique constraint to be looked at when the closure ends.
struct UniqueSuspect: Sendable {
    let entry: SchemaEntry
    let key: [UInt8]
}

/// An entity to be looked at again when the closure ends, for one constraint.
struct Doubt: Hashable, Sendable {
    let entry: UInt32
    let id: UInt64
}

/// Properties by number, ascending.
typealias NumberedProperties = [(key: UInt32, value: PropertyValue)]

extension NumberedProperties {
    func value(_ key: UInt32) -> PropertyValue? { first { $0.key == key }?.value }
}
