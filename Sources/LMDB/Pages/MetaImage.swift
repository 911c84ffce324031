/// What a meta page says, with everything that a walk needs; see ``MetaPages`` for the layout.
struct MetaImage: Equatable {
    let index: Int
    let pageSize: Int
    let mapSize: UInt64
    let freeTree: TreeRecord
    let mainTree: TreeRecord
    let lastPage: UInt64
    let transactionID: UInt64

    /// LMDB's record of one tree.
    ///
    /// | offset | bytes | meaning |
    /// |---|---|---|
    /// | 0 | 4 | unused; in the record of the free list, the page size |
    /// | 4 | 2 | flags; 0x08 for the free list, 0 for a table of ours |
    /// | 6 | 2 | depth |
    /// | 8 | 8 each | inner pages, leaf pages, overflow pages, records, root page |
    struct TreeRecord: Equatable {
        static let size = 48
        let flags: UInt16
        let depth: UInt16
        let branchPages, leafPages, overflowPages, entries, root: UInt64

        init(_ bytes: RawSpan, at offset: Int) {
            flags = bytes.loadLE16(at: offset + 4)
            depth = bytes.loadLE16(at: offset + 6)
            branchPages = bytes.loadLE64(at: offset + 8)
            leafPages = bytes.loadLE64(at: offset + 16)
            overflowPages = bytes.loadLE64(at: offset + 24)
            entries = bytes.loadLE64(at: offset + 32)
            root = bytes.loadLE64(at: offset + 40)
        }

        var isEmpty: Bool { root == MetaPages.noPage }
    }

    /// Takes a meta page apart.
    ///
    /// - Returns: What it says, or what is wrong with it.
    static func read(
        _ descriptor: Int32, index: Int, pageSize: Int, path: String
    ) throws(LMDBError) -> (meta: MetaImage?, fault: String?) {
        let bytes = try PageFile.bytes(
            of: descriptor, at: index * pageSize, count: MetaPages.headerBytes, path: path)
        guard bytes.count == MetaPages.headerBytes else { return (nil, "it is cut short") }
        let span = bytes.rawSpan
        guard span.loadLE32(at: 16) == MetaPages.magic, span.loadLE32(at: 20) == MetaPages.version
        else { return (nil, "it is no meta page of LMDB 0.9") }
        let meta = MetaImage(
            index: index, pageSize: Int(span.loadLE32(at: 40)), mapSize: span.loadLE64(at: 32),
            freeTree: TreeRecord(span, at: 40), mainTree: TreeRecord(span, at: 88),
            lastPage: span.loadLE64(at: 136), transactionID: span.loadLE64(at: 144))
        return (meta, meta.fault(span, pageSize: pageSize))
    }

    private func fault(_ span: RawSpan, pageSize: Int) -> String? {
        if span.loadLE64(at: 0) != UInt64(index) { return "its page number is wrong" }
        if span.loadLE16(at: 10) != 0x08 { return "its flags are \(span.loadLE16(at: 10))" }
        if span.loadLE64(at: 24) != 0 { return "it asks for a fixed address" }
        if self.pageSize != pageSize { return "its page size is \(self.pageSize)" }
        if freeTree.flags != 0x08 { return "the flags of the free list are \(freeTree.flags)" }
        if mainTree.flags != 0 { return "the flags of the tree of tables are \(mainTree.flags)" }
        if lastPage == 0 || lastPage > 1 << 47 { return "its last page is \(lastPage)" }
        // Commits write the two in turn.
        if transactionID != 0, transactionID & 1 != UInt64(index) {
            return "commit \(transactionID) belongs into the other meta page"
        }
        return nil
    }
}
