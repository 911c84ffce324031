internal import LMDB

/// The most a database file may grow to: the smaller of what the store says to all processes
/// (`GraphDatabase.setSizeLimit`) and what this one says to itself
/// (`GraphDatabaseOptions.maximumSizeBytes`).
///
/// The map is never larger, so the file cannot be either. A commit that leaves more pages in use than
/// before is refused while some room is left: deleting needs pages too, for LMDB copies what it changes.
struct SizeLimit: Sendable {
    let bytes: Int

    init(bytes: Int) { self.bytes = bytes }

    /// The smaller of two limits, if there is any.
    init?(_ own: Int?, _ stored: Int?) {
        guard let bytes = [own, stored].compactMap({ $0 }).min() else { return nil }
        self.bytes = bytes
    }

    /// The least that makes sense: an empty database needs some of it, and deleting more.
    static let leastBytes = 1 << 20

    /// What only commits may use that shrink the data.
    var reserve: Int { min(max(bytes / 16, 512 << 10), 64 << 20, bytes / 4) }

    /// A map no larger than the file may become. One that is larger already must be left room to
    /// delete in.
    func mapBytes(file: Int) -> Int { file < bytes ? bytes : file + reserve }

    /// Throws when a transaction made the data grow beyond the limit.
    func check(pagesBefore: Int, _ txn: borrowing WriteTransaction, path: String) throws {
        // Deleting is logged, so that pages may grow by it before they shrink.
        let entities = txn.state.counts[.nodes, default: 0] &+ txn.state.counts[.edges, default: 0]
        let pages = try txn.pagesInUse()
        guard entities >= 0, pages > pagesBefore, pages * DataFile.usualPageSize > bytes - reserve
        else { return }
        throw error(path)
    }

    func error(_ path: String) -> GraphStoreError {
        GraphStoreError(
            .limitExceeded,
            "The database at '\(path)' may grow to \(bytes) bytes, and this write would not fit; "
                + "nothing of it was kept. Delete data, compact the database, or raise the limit: "
                + "`setSizeLimit` or `cairn quota`, and `maximumSizeBytes` of this process.")
    }
}

extension GraphDatabase {
    /// Limits the size of the file for every process that writes, changes the limit, or (with nil)
    /// ends it. It is part of the store: copies, backups and compacted stores keep it.
    ///
    /// A write that does not fit throws `.limitExceeded` and leaves nothing; reads go on, and so do
    /// writes that delete. A limit below the present size lets nothing else be written.
    /// `GraphDatabaseOptions.maximumSizeBytes` limits one process further.
    ///
    /// - Parameter bytes: At least 1 MiB.
    /// - Throws: `.invalidValue` for less; as `write`.
    public func setSizeLimit(_ bytes: Int?) throws {
        if let bytes, bytes < SizeLimit.leastBytes {
            throw GraphStoreError(
                .invalidValue,
                "A database cannot be limited to \(bytes) bytes: it needs \(SizeLimit.leastBytes) "
                    + "or more.")
        }
        try writeAlone { try $0.setSizeLimit(bytes) }
    }

    /// Returns the limit that the store sets to every process; nil when there is none.
    public func sizeLimit() throws -> Int? {
        try read { try $0.view.sizeLimit() }
    }
}

extension GraphView {
    /// The most bytes the file may have; nil when the store does not say.
    func sizeLimit() throws -> Int? {
        guard let value = try bytes.get(tables.meta, FixedKey(ascii: MetaKey.sizeLimit).span)
        else { return nil }
        guard value.byteCount == 8 else { throw GraphStoreError.corrupted("the limit of size") }
        return Int(clamping: value.loadLE64(at: 0))
    }
}

extension WriteTransaction {
    mutating func setSizeLimit(_ bytes: Int?) throws {
        state.mustStore = true
        state.sizeLimit = bytes
        let key = FixedKey(ascii: MetaKey.sizeLimit)
        guard let bytes else {
            _ = try lmdb.delete(tables.meta, key.span)
            return try changeFeatures { $0.mustNotWrite &= ~FeatureBits.sizeLimit }
        }
        scratch.removeAll()
        scratch.appendLE64(UInt64(clamping: bytes))
        try putScratch(tables.meta, key.span)
        try changeFeatures { $0.mustNotWrite |= FeatureBits.sizeLimit }
    }

    /// The pages of all tables, as this transaction has them.
    ///
    /// - Complexity: O(tables).
    func pagesInUse() throws -> Int {
        let view = view
        return try tables.all.reduce(0) { try $0 + view.bytes.statistics($1).pages }
    }
}
