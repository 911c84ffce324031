/// What `GraphDatabase.check` found, and what it looked at.
public struct CheckReport: Sendable {
    /// What kind of damage it is.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The name, in upper snake case.
        public let rawValue: String
        /// Makes a code by name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The structure of the file's pages is damaged; nothing was read through it.
        public static let page = Code(rawValue: "PAGE")
        /// The storage layer could not read on; the rest of that table was not checked.
        public static let unreadable = Code(rawValue: "UNREADABLE")
        /// A key or value is not of the form its table has.
        public static let malformed = Code(rawValue: "MALFORMED")
        /// Format, counters or version do not make sense.
        public static let head = Code(rawValue: "HEAD")
        /// A number has no name, or a schema object refers to none.
        public static let symbol = Code(rawValue: "SYMBOL")
        /// Something that must exist does not.
        public static let missing = Code(rawValue: "MISSING")
        /// Something is listed or stored that nothing refers to.
        public static let leftOver = Code(rawValue: "LEFT_OVER")
        /// Two places disagree about the same fact.
        public static let mismatch = Code(rawValue: "MISMATCH")
        /// Rows, ids or keys are out of order or repeated.
        public static let order = Code(rawValue: "ORDER")
        /// A kept count differs from the recount.
        public static let count = Code(rawValue: "COUNT")
        /// Two nodes or edges break a unique constraint.
        public static let unique = Code(rawValue: "UNIQUE")
        /// A property that a constraint demands is absent.
        public static let existence = Code(rawValue: "EXISTENCE")
        /// A value is of another type than a constraint demands.
        public static let type = Code(rawValue: "TYPE")
        /// The change log has a gap, or a position that cannot be read.
        public static let changeLog = Code(rawValue: "CHANGE_LOG")
        /// Earlier states have a gap, or cannot belong to this store.
        public static let history = Code(rawValue: "HISTORY")
        /// An id is not below the next one to be given.
        public static let identity = Code(rawValue: "IDENTITY")
        /// A derived file is damaged; it is made anew when it is asked for.
        public static let derived = Code(rawValue: "DERIVED")
    }

    /// One piece of damage.
    public struct Finding: Sendable, CustomStringConvertible {
        /// What kind of damage it is.
        public let code: Code
        /// Where: the table, and the id or name there.
        public let place: String
        /// What is wrong.
        public let message: String

        /// One line for people.
        public var description: String { "\(code.rawValue) \(place): \(message)" }

        /// How to mend it.
        public var remedy: String {
            switch code {
            case .derived: "Delete the file; it is made anew when it is asked for."
            case .page, .unreadable, .malformed, .head, .symbol:
                "Restore a backup; without one, `cairn salvage` gets out what can be read."
            default:
                "Restore a backup; without one, `cairn salvage` builds a clean database from the "
                    + "records, with its indexes and counts made anew."
            }
        }
    }

    /// How much was looked at.
    public struct Counts: Hashable, Sendable {
        /// Pages whose structure was proved, free ones included.
        public internal(set) var pages = 0
        /// Nodes whose records were decoded.
        public internal(set) var nodes = 0
        /// Edges whose locators were decoded.
        public internal(set) var edges = 0
        /// Records of edges that were decoded.
        public internal(set) var edgeRecords = 0
        /// Rows of adjacency, each edge in both directions.
        public internal(set) var adjacencyRows = 0
        /// Blocks of adjacency.
        public internal(set) var adjacencyBlocks = 0
        /// Ids listed under labels and edge types.
        public internal(set) var members = 0
        /// Ids listed in indexes and unique constraints.
        public internal(set) var indexEntries = 0
        /// Values kept apart because they are long.
        public internal(set) var blobs = 0
        /// Names of labels, edge types, property keys and byte tables.
        public internal(set) var symbols = 0
        /// Indexes, constraints and inline properties.
        public internal(set) var schemaObjects = 0
        /// Counts kept at commit.
        public internal(set) var statistics = 0
        /// Positions of the change log.
        public internal(set) var positions = 0
        /// Entries of byte tables.
        public internal(set) var byteEntries = 0
        /// Derived files.
        public internal(set) var derivedFiles = 0
    }

    /// The most findings that are kept; further ones are only counted.
    public static let maximumFindings = 1_000

    /// The first findings, in the order they were made.
    public internal(set) var findings: [Finding] = []
    /// How many findings there are, also beyond those kept.
    public internal(set) var findingCount = 0
    /// How much was looked at.
    public internal(set) var counts = Counts()
    /// The position of the snapshot that was checked.
    public internal(set) var position: UInt64 = 0

    /// Whether nothing was found.
    public var isClean: Bool { findingCount == 0 }
}

/// How far a check is.
public struct CheckProgress: Hashable, Sendable {
    /// The table at hand; `pages` while the structure of the file is proved.
    public let table: String
    /// Records, or pages, looked at so far.
    public let done: Int
    /// Records of all tables, or pages of the file.
    public let total: Int
}
