/// What a walk over the pages of a data file found, and where its space is.
public struct PageReport: Sendable {
    /// One piece of damage.
    public struct Finding: Hashable, Sendable {
        /// The table, where it is known, and the page.
        public let place: String
        /// What is wrong.
        public let message: String
    }

    /// One tree of pages: a table, or the list of free pages.
    public struct Tree: Hashable, Sendable {
        /// The name of the table.
        public let name: String
        /// Records.
        public internal(set) var entries = 0
        /// Levels; 0 when empty.
        public internal(set) var depth = 0
        /// Inner pages.
        public internal(set) var branchPages = 0
        /// Pages of records.
        public internal(set) var leafPages = 0
        /// Pages of values too long for a leaf.
        public internal(set) var overflowPages = 0
        /// Bytes in use in all of them, the page headers apart.
        public internal(set) var usedBytes = 0

        /// All pages.
        public var pages: Int { branchPages + leafPages + overflowPages }
    }

    /// The most findings that are kept; further ones are only counted.
    public static let maximumFindings = 1_000

    /// The first findings.
    public internal(set) var findings: [Finding] = []
    /// How many findings there are.
    public internal(set) var findingCount = 0
    /// The size of a page, in bytes.
    public internal(set) var pageSize = 0
    /// Pages of the file that were ever used.
    public internal(set) var pages = 0
    /// Pages among them that later commits may fill.
    public internal(set) var freePages = 0
    /// The tables, and what LMDB keeps for itself: the tree of tables and that of free pages.
    public internal(set) var trees: [Tree] = []
    /// The commit that was walked.
    public internal(set) var transactionID: UInt64 = 0

    /// Whether nothing was found.
    public var isClean: Bool { findingCount == 0 }

    mutating func note(_ place: String, _ message: String) {
        findingCount += 1
        guard findings.count < Self.maximumFindings else { return }
        findings.append(Finding(place: place, message: message))
    }
}
