import CLMDB
import Synchronization

/// What a store consists of, at one snapshot.
public struct EnvironmentFacts: Sendable, Hashable {
    /// The size of a page, in bytes.
    public let pageSize: Int
    /// The size of the memory map, in bytes.
    public let mapSize: Int
    /// Pages up to the highest one ever used; times `pageSize`, the size of the file.
    public let usedPages: Int
    /// Pages among `usedPages` that no table uses; later commits fill them once no reader needs
    /// them.
    public let freePages: Int
    /// The last committed transaction.
    public let lastTransactionID: UInt64
    /// Free pages by the commit that set them free, oldest first: a snapshot that is older keeps them
    /// from being used.
    public let freedPages: [FreedPages]
    /// The size of the shared reader table.
    public let maxReaders: Int
    /// Entries of the reader table that are taken, pooled ones included.
    public let readersInUse: Int
    /// The tables that this environment has opened, in the order of their names' bytes.
    public let tables: [TableFacts]
}

/// The pages that one commit set free and that were not used since.
public struct FreedPages: Sendable, Hashable {
    /// The commit.
    public let transactionID: UInt64
    /// How many pages.
    public let pages: Int
}

extension Environment {
    struct PageUsage {
        let pageSize: Int
        let usedPages: Int
    }

    /// Counts pages, readers and the records of the opened tables.
    ///
    /// - Throws: `.closed`, `.corrupted`.
    /// - Complexity: O(free list + tables).
    public func facts() throws -> EnvironmentFacts {
        let tables = openTables.withLock { known in
            known.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map(\.value)
        }
        return try read { transaction in
            let view = transaction.view
            let shapes = try tables.map { try view.statistics($0) }
            let freedPages = try freedPages(view)
            return try withOpenMap(cannot: "read facts") { () throws(LMDBError) in
                var info = unsafe MDB_envinfo()
                var shape = MDB_stat()
                // SAFETY: inside the gate the environment is open; both are locals.
                try check(unsafe mdb_env_info(pointer, &info), cannot: "read facts")
                try check(unsafe mdb_env_stat(pointer, &shape), cannot: "read facts")
                return unsafe EnvironmentFacts(
                    pageSize: Int(shape.ms_psize), mapSize: info.me_mapsize,
                    usedPages: info.me_last_pgno + 1,
                    freePages: freedPages.reduce(0) { $0 + $1.pages },
                    lastTransactionID: UInt64(info.me_last_txnid), freedPages: freedPages,
                    maxReaders: Int(info.me_maxreaders), readersInUse: Int(info.me_numreaders),
                    tables: shapes)
            }
        }
    }

    /// Reads LMDB's table 0: each record lists the pages that one commit set free.
    private func freedPages(
        _ view: borrowing TransactionView
    ) throws(LMDBError) -> [FreedPages] {
        let freeList = Table(name: "free list", handle: 0, environmentNumber: number)
        var cursor = try view.cursor(freeList)
        var freed: [FreedPages] = []
        while try cursor.next() {
            // The value is an array of words, its own length first.
            guard let count = cursor.value.loadLE64IfPresent(at: 0),
                let commit = cursor.key.loadLE64IfPresent(at: 0)
            else { continue }
            freed.append(FreedPages(transactionID: commit, pages: Int(clamping: count)))
        }
        return freed
    }

    /// The numbers of the free pages of the newest commit.
    ///
    /// - Complexity: O(free list).
    package func freePageNumbers() throws -> [UInt64] {
        try read { transaction in
            let freeList = Table(name: "free list", handle: 0, environmentNumber: number)
            var cursor = try transaction.view.cursor(freeList)
            var pages: [UInt64] = []
            while try cursor.next() {
                let value = cursor.value
                guard let count = value.loadLE64IfPresent(at: 0) else { continue }
                for index in 0..<Int(clamping: count) {
                    if let page = value.loadLE64IfPresent(at: 8 + index * 8) { pages.append(page) }
                }
            }
            return pages
        }
    }

    func pageUsage(cannot action: String) throws(LMDBError) -> PageUsage {
        try withOpenMap(cannot: action) { () throws(LMDBError) -> PageUsage in
            var info = unsafe MDB_envinfo()
            var shape = MDB_stat()
            // SAFETY: inside the gate the environment is open; both are locals.
            try check(unsafe mdb_env_info(pointer, &info), cannot: action)
            try check(unsafe mdb_env_stat(pointer, &shape), cannot: action)
            return unsafe PageUsage(
                pageSize: Int(shape.ms_psize), usedPages: info.me_last_pgno + 1)
        }
    }
}
