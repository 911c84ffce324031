extension Environment {
    /// How hard a commit works to reach the disk.
    public enum Sync: Sendable, Hashable {
        /// Data and meta page are flushed before `commit` returns: nothing committed is lost.
        case full
        /// Only data is flushed: a power cut may undo the last commit, and never corrupts.
        case noMetaSync
        /// Nothing is flushed: a power cut may destroy the file. Only for files not yet published.
        case none
    }

    /// What to open and how; the defaults suit a store that one program owns.
    public struct Options: Sendable {
        /// The size of the memory map in bytes: address space, not disk.
        ///
        /// `nil` means the larger of 1 GiB and four times the file, halved while the system
        /// refuses it. The map grows later by itself.
        public var mapSizeBytes: Int?
        /// The most named tables.
        public var maxTables: Int
        /// The most read transactions at once, over all processes.
        ///
        /// The process that creates the lock file fixes it for as long as any process has the
        /// store open.
        public var maxReaders: Int
        /// Opens without the right to write; works on a read-only volume.
        public var isReadOnly: Bool
        /// How hard a commit works to reach the disk.
        public var sync: Sync
        /// Creates the directory and an empty store where none exists.
        public var create: Bool
        /// The permission bits of created files; a created directory adds search rights to them.
        public var createMode: UInt32

        /// Creates options; see the properties.
        public init(
            mapSizeBytes: Int? = nil, maxTables: Int = 32, maxReaders: Int = 1022,
            isReadOnly: Bool = false, sync: Sync = .full, create: Bool = true,
            createMode: UInt32 = 0o644
        ) {
            self.mapSizeBytes = mapSizeBytes
            self.maxTables = maxTables
            self.maxReaders = maxReaders
            self.isReadOnly = isReadOnly
            self.sync = sync
            self.create = create
            self.createMode = createMode
        }
    }
}
