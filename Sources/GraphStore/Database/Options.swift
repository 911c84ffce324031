/// What an acknowledged write survives.
public enum Durability: Hashable, Sendable {
    /// A write returns after it is on the disk: it survives a power loss.
    case durable
    /// The same guarantee, waiting up to `maxDelay` for other writes to share a flush with.
    case grouped(maxDelay: Duration)
    /// A write returns before the last flush: a power loss may undo the last writes, and never
    /// damages the database. A crash of the process loses nothing.
    case relaxed
}

/// How a database is opened; every field has a sensible default.
public struct GraphDatabaseOptions: Sendable {
    /// What an acknowledged write survives.
    public var durability: Durability = .durable
    /// Opens without the right or the wish to write; works on a read-only file system.
    public var isReadOnly = false
    /// Makes the database when the directory holds none.
    public var createsIfMissing = true
    /// How long a write waits for another process that writes.
    public var writerTimeout: Duration = .seconds(30)
    /// How many positions the change log keeps; 0 keeps none.
    public var changeLogRetention: UInt64 = 1_000_000
    /// Limits on names and values.
    public var limits = StoreLimits()
    /// The most the file may grow to by this process, in bytes, rounded up to a MiB; nil means as far
    /// as the volume and `GraphDatabase.setSizeLimit`, which holds for every process, allow.
    ///
    /// A write that does not fit throws `.limitExceeded` and leaves nothing; reads go on, and so do
    /// writes that delete.
    public var maximumSizeBytes: Int?
    /// Tells of transactions that take long; nil tells of none.
    public var slowTransactions: SlowTransactions?
    /// Whether indexes that are built in slices are gone on with at once. For tests.
    package var buildsIndexes = true
    /// How many nodes or edges a slice of an index enters.
    package var indexSliceCount = 2_000
    /// The memory map to begin with; nil leaves it to the storage layer. For tests of growth.
    package var initialMapSizeBytes: Int?
    /// How long closures share a commit before it is made.
    package var groupTime = GroupTime()
    /// The map grows ahead of a group when less is free, for a commit needs pages as well.
    package var growthHeadroomBytes = 32 << 20

    /// The default options.
    public init() {}
}
