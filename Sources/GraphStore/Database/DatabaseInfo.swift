internal import LMDB
internal import PropertyGraph

/// What a database consists of, and where its space goes.
public struct DatabaseInfo: Sendable {
    /// One table of the layout.
    public struct TableUse: Sendable {
        /// Its name in the layout.
        public let name: String
        /// What it holds, in words.
        public let purpose: String
        /// Its records.
        public let records: Int
        /// The bytes of its pages.
        public let bytes: Int
        /// Its inner pages, its pages of records, and those of values too long for a page.
        public let branchPages, leafPages, overflowPages: Int
        /// Records' bytes on these pages over the bytes of the pages, 0 to 1; nil unless the pages
        /// were walked.
        public let fill: Double?
    }

    /// A process or thread that holds a snapshot.
    public struct Reader: Sendable {
        /// The process.
        public let processID: Int
        /// The storage layer's mark of the thread or transaction within the process.
        public let thread: UInt64
        /// How many commits its snapshot is behind.
        public let commitsBehind: Int
        /// Bytes of free pages that it keeps from being reused.
        public let heldBytes: Int
    }

    /// The directory.
    public let path: String
    /// The format version.
    public let formatVersion: Int
    /// The identity of the store, 32 hexadecimal digits.
    public let identity: String
    /// The number of the last transaction.
    public let position: UInt64
    /// When it was committed, microseconds since 1970 UTC; 0 when nothing was.
    public let lastCommitMicroseconds: Int64
    /// The first position the change log holds.
    public let firstLoggedPosition: UInt64
    /// Counts.
    public let nodes, edges, labels, edgeTypes, propertyKeys, schemaObjects: Int
    /// The bytes of the file in use.
    public let fileBytes: Int
    /// The bytes within, free for later writes; `compact` gives them back.
    public let freeBytes: Int
    /// The address space set aside; grows by itself.
    public let mapBytes: Int
    /// Derived files that can be rebuilt at any time: their number.
    public let derivedFiles: Int
    /// Their bytes.
    public let derivedBytes: Int
    /// How earlier states are kept; nil when they are not.
    public let history: HistoryInfo?
    /// The most bytes the file may have in any process; nil when there is no limit.
    public let sizeLimit: Int?
    /// How long the oldest read of this process has lasted; nil when none is under way. `info`
    /// itself is not counted.
    public let oldestReadAge: Duration?
    /// The tables, largest first.
    public let tables: [TableUse]
    /// Snapshots held now, oldest first; they keep free pages from being reused.
    public let readers: [Reader]
}

extension GraphDatabase {
    /// Returns what the database consists of, and where its space goes.
    ///
    /// - Parameter walkingPages: Reads every page, to tell how full they are.
    /// - Complexity: O(free pages + tables), and O(pages) when they are walked.
    /// - Throws: `GraphStoreError`.
    public func info(walkingPages: Bool = false) throws -> DatabaseInfo {
        let oldestReadAge = environment.oldestReaderAge
        let walk = walkingPages ? try translatingErrors { try environment.walkPages() } : nil
        let facts = try translatingErrors { try environment.facts() }
        let held = try translatingErrors { try environment.readers() }
        let uses = facts.tables.compactMap { table -> DatabaseInfo.TableUse? in
            guard let purpose = Tables.purposes[table.name], table.entries > 0 else { return nil }
            let tree = walk?.trees.first { UTF8Order.equal($0.name, table.name) }
            return DatabaseInfo.TableUse(
                name: table.name, purpose: purpose, records: table.entries,
                bytes: table.pages * facts.pageSize, branchPages: table.branchPages,
                leafPages: table.leafPages, overflowPages: table.overflowPages,
                fill: tree.map { Double($0.usedBytes) / Double($0.pages * facts.pageSize) })
        }
        let derived = (path.isEmpty ? [] : PublishedDirectory.entries(path + "/derived"))
            .filter { $0.hasSuffix(".csr") }
        let derivedBytes = derived.reduce(0) {
            $0 + (DataFile.size("\(path)/derived/\($1)") ?? 0)
        }
        let history = try history()
        return try read { txn in
            let counters = try txn.view.counters()
            return DatabaseInfo(
                path: path, formatVersion: Int(format.version), identity: format.identity,
                position: counters.position, lastCommitMicroseconds: counters.lastCommitTime,
                firstLoggedPosition: counters.firstLoggedPosition,
                nodes: try txn.nodeCount(), edges: try txn.edgeCount(),
                labels: try txn.labels().count, edgeTypes: try txn.edgeTypes().count,
                propertyKeys: txn.propertyKeys().count,
                schemaObjects: try txn.schemaObjects().count,
                fileBytes: facts.usedPages * facts.pageSize,
                freeBytes: facts.freePages * facts.pageSize, mapBytes: facts.mapSize,
                derivedFiles: derived.count, derivedBytes: derivedBytes, history: history,
                sizeLimit: try txn.view.sizeLimit(),
                oldestReadAge: oldestReadAge, tables: uses.sorted { $0.bytes > $1.bytes },
                readers: readers(held, facts))
        }
    }

    private func readers(
        _ held: [ReaderInfo], _ facts: EnvironmentFacts
    ) -> [DatabaseInfo.Reader] {
        let last = facts.lastTransactionID
        return held.compactMap { reader in
            reader.transactionID.map { snapshot in
                let pages = facts.freedPages.reduce(0) {
                    $1.transactionID > snapshot ? $0 + $1.pages : $0
                }
                return DatabaseInfo.Reader(
                    processID: Int(reader.processID), thread: reader.threadOrSlot,
                    commitsBehind: Int(clamping: last &- min(snapshot, last)),
                    heldBytes: pages * facts.pageSize)
            }
        }
        .sorted { $0.commitsBehind > $1.commitsBehind }
    }
}

extension Tables {
    static let purposes = [
        "meta": "head and counters", "symbol": "names of labels, types and properties",
        "schema": "indexes and constraints", "stat": "counts", "node": "nodes and their properties",
        "edge": "where edges run", "edgerec": "properties of edges", "out": "outgoing adjacency",
        "in": "incoming adjacency", "member": "nodes by label, edges by type",
        "index": "property indexes", "unique": "unique constraints", "blob": "long values",
        "log": "change log", "bytes": "byte tables of other modules", "history": "earlier states",
    ]
}
