public import LMDB
public import PropertyGraph

/// What went wrong in the store: a code for programs, a message for people.
///
/// The message says what failed, where, and how to mend it.
public struct GraphStoreError: Error, Sendable, CustomStringConvertible {
    /// What kind of failure it is. The set is open: later versions add codes.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The name, in upper snake case.
        public let rawValue: String
        /// Makes a code by name.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The node does not exist in this snapshot.
        public static let nodeNotFound = Code(rawValue: "NODE_NOT_FOUND")
        /// The edge does not exist in this snapshot.
        public static let edgeNotFound = Code(rawValue: "EDGE_NOT_FOUND")
        /// The node still has edges; delete them first or detach.
        public static let nodeHasEdges = Code(rawValue: "NODE_HAS_EDGES")
        /// Two nodes or edges carry the same value of a unique constraint.
        public static let uniqueViolation = Code(rawValue: "UNIQUE_VIOLATION")
        /// A property that a constraint demands is absent.
        public static let existenceViolation = Code(rawValue: "EXISTENCE_VIOLATION")
        /// A value is of another type than a constraint demands.
        public static let typeViolation = Code(rawValue: "TYPE_VIOLATION")
        /// A value that a property cannot hold.
        public static let invalidValue = Code(rawValue: "INVALID_VALUE")
        /// A name that is empty or too long.
        public static let invalidName = Code(rawValue: "INVALID_NAME")
        /// No label, edge type or property of that name.
        public static let nameNotFound = Code(rawValue: "NAME_NOT_FOUND")
        /// A label, edge type or property of that name exists already.
        public static let nameExists = Code(rawValue: "NAME_EXISTS")
        /// An index or constraint of that name or over those properties exists already.
        public static let schemaExists = Code(rawValue: "SCHEMA_EXISTS")
        /// No index or constraint of that name.
        public static let schemaNotFound = Code(rawValue: "SCHEMA_NOT_FOUND")
        /// The directory holds no database.
        public static let notADatabase = Code(rawValue: "NOT_A_DATABASE")
        /// The directory holds a database already.
        public static let databaseExists = Code(rawValue: "DATABASE_EXISTS")
        /// The store was written by a later version.
        public static let formatTooNew = Code(rawValue: "FORMAT_TOO_NEW")
        /// This process has the database open already.
        public static let alreadyOpen = Code(rawValue: "ALREADY_OPEN")
        /// The database was closed.
        public static let closed = Code(rawValue: "CLOSED")
        /// The database was opened for reading only.
        public static let readOnly = Code(rawValue: "READ_ONLY")
        /// Another process writes and did not finish in time.
        public static let writerTimeout = Code(rawValue: "WRITER_TIMEOUT")
        /// Earlier states are not kept, or not of the moment asked for.
        public static let historyUnavailable = Code(rawValue: "HISTORY_UNAVAILABLE")
        /// A position that was waited for has not come in time.
        public static let positionTimeout = Code(rawValue: "POSITION_TIMEOUT")
        /// The position is of another history of the database, as after restoring a backup.
        public static let otherHistory = Code(rawValue: "OTHER_HISTORY")
        /// A backup is damaged, incomplete, or cannot be made or restored as asked.
        public static let backup = Code(rawValue: "BACKUP")
        /// A limit of size or count was reached.
        public static let limitExceeded = Code(rawValue: "LIMIT_EXCEEDED")
        /// Bytes that this program did not write so.
        public static let corrupted = Code(rawValue: "CORRUPTED")
        /// After a failed sync nothing in memory can be trusted; open the database again.
        public static let writesStopped = Code(rawValue: "WRITES_STOPPED")
        /// The caller asked to stop.
        public static let cancelled = Code(rawValue: "CANCELLED")
        /// The calls were made in an order that cannot work.
        public static let misuse = Code(rawValue: "MISUSE")
        /// The storage layer failed; `cause` tells how.
        public static let storage = Code(rawValue: "STORAGE")
        /// A file beside the store could not be read or written.
        public static let file = Code(rawValue: "FILE")
    }

    /// What kind of failure it is.
    public let code: Code
    /// What failed, where, and how to mend it.
    public let message: String
    /// The failure of the storage layer behind it, if any.
    public let cause: LMDBError?
    /// The nodes a violation is about.
    public let nodes: [NodeID]
    /// Where in the text of a query the store was asked, in UTF-8 bytes; nil when no query asked.
    /// Set by query languages.
    public var textRange: Range<Int>?

    /// Makes an error.
    public init(_ code: Code, _ message: String, cause: LMDBError? = nil, nodes: [NodeID] = []) {
        self.code = code
        self.message = message
        self.cause = cause
        self.nodes = nodes
    }

    /// The message.
    public var description: String { message }
}

extension GraphStoreError {
    /// Says a failure of the storage layer in this module's words.
    init(_ error: LMDBError) {
        let code: Code =
            switch error.code {
            case .alreadyOpen, .inUse: .alreadyOpen
            case .closed: .closed
            case .readOnly: .readOnly
            case .writerTimeout: .writerTimeout
            case .corrupted, .versionMismatch: .corrupted
            case .notLMDB: .notADatabase
            default: .storage
            }
        self.init(code, PublishedDirectory.namingTargets(in: error.message), cause: error)
    }

    static func corrupted(_ what: String) -> GraphStoreError {
        GraphStoreError(
            .corrupted,
            "Damaged data: \(what). Run `cairn check` on the database, and restore a backup if it "
                + "confirms the damage.")
    }

    static func nodeNotFound(_ id: NodeID) -> GraphStoreError {
        GraphStoreError(
            .nodeNotFound,
            "There is no node \(id) in this snapshot. It was never created, or was deleted.",
            nodes: [id])
    }

    static func edgeNotFound(_ id: EdgeID) -> GraphStoreError {
        GraphStoreError(
            .edgeNotFound,
            "There is no edge \(id) in this snapshot. It was never created, or was deleted.")
    }
}

/// Runs a body and says failures of the storage layer as `GraphStoreError`.
@inline(__always)
func translatingErrors<R: ~Copyable>(_ body: () throws -> R) throws -> R {
    do {
        return try body()
    } catch let error as LMDBError {
        throw GraphStoreError(error)
    }
}
