import CLMDB

/// A handle on one named table of an environment: an ordered map from byte keys to byte values.
///
/// Cheap to copy and valid until its environment is closed. Keys are 1…511 bytes in `memcmp`
/// order; values are shorter than 4 GiB.
public struct Table: Sendable, Hashable {
    /// The name the table was opened under.
    public let name: String
    /// LMDB's handle.
    let handle: MDB_dbi
    /// The environment object it belongs to; guards against mixing handles of two stores.
    let environmentNumber: UInt32

    /// Whether both are handles of one table of one environment.
    public static func == (left: Table, right: Table) -> Bool {
        left.handle == right.handle && left.environmentNumber == right.environmentNumber
    }

    /// Feeds the handle, not the name, which is compared by neither.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(handle)
        hasher.combine(environmentNumber)
    }

    /// The longest key LMDB 0.9 stores, in bytes.
    public static let maxKeyBytes = 511
    /// The longest value LMDB 0.9 stores, in bytes.
    public static let maxValueBytes = 0xFFFF_FFFF
}

/// The shape of one table, as its transaction sees it.
public struct TableFacts: Sendable, Hashable {
    /// The name of the table.
    public let name: String
    /// The number of records.
    public let entries: Int
    /// The number of levels of its tree; 0 when empty.
    public let depth: Int
    /// The number of inner pages.
    public let branchPages: Int
    /// The number of pages that hold records.
    public let leafPages: Int
    /// The number of pages that hold values too long for a leaf.
    public let overflowPages: Int

    /// All pages of the table.
    public var pages: Int { branchPages + leafPages + overflowPages }

    init(name: String, _ statistics: MDB_stat) {
        self.name = name
        entries = Int(clamping: statistics.ms_entries)
        depth = Int(clamping: statistics.ms_depth)
        branchPages = Int(clamping: statistics.ms_branch_pages)
        leafPages = Int(clamping: statistics.ms_leaf_pages)
        overflowPages = Int(clamping: statistics.ms_overflow_pages)
    }
}
