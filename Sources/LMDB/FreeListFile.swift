/// The list of free pages, read from the file without mapping it.
///
/// LMDB does not write a page that a transaction took from the end of the file and gave back before
/// its commit. A sound file may therefore lack its last pages, but every lacking page is free. This
/// reader tells that case from a file that was cut short.
///
/// Layout of LMDB 0.9 on a 64-bit little-endian machine:
///
/// | offset | bytes | meaning |
/// |---|---|---|
/// | 0 | 8 | page number |
/// | 10 | 2 | flags: 1 branch, 2 leaf, 4 overflow |
/// | 12 | 2 | end of the array of node offsets (overflow: 4 bytes, number of pages) |
/// | 16 | 2 each | offsets of the nodes in the page |
///
/// A node: low and high half of the value's size (2 + 2), flags (2; 1: the value lies on overflow
/// pages), key size (2), key, value. In a branch the first six bytes are the child's page number.
/// A value of this table is an array of words: their count, then the numbers of free pages.
struct FreeListFile {
    let descriptor: Int32
    let pageSize: Int
    /// The number of whole pages in the file.
    let filePages: UInt64
    let path: String

    private static let branch: UInt16 = 1
    private static let leaf: UInt16 = 2
    private static let overflow: UInt16 = 4
    private static let headerBytes = 16
    private static let nodeBytes = 8
    /// LMDB's own limit on the depth of a tree.
    private static let maxDepth = 32

    /// The free pages at or beyond the end of the file.
    ///
    /// - Throws: `.corrupted` if the list itself is damaged or cut.
    /// - Complexity: O(pages of the free list).
    func pagesBeyondFile(root: UInt64) throws(LMDBError) -> Set<UInt64> {
        var found: Set<UInt64> = []
        if root != .max { try collect(root, depth: 0, into: &found) }
        return found
    }

    private func collect(
        _ page: UInt64, depth: Int, into found: inout Set<UInt64>
    ) throws(LMDBError) {
        guard depth < Self.maxDepth else { throw damage }
        let bytes = try read(page, pages: 1)
        let span = bytes.rawSpan
        let flags = span.loadLE16(at: 10)
        let end = Int(span.loadLE16(at: 12))
        guard end >= Self.headerBytes, end <= pageSize else { throw damage }
        for position in stride(from: Self.headerBytes, to: end, by: 2) {
            let node = Int(span.loadLE16(at: position))
            guard node + Self.nodeBytes <= pageSize else { throw damage }
            let size = UInt64(span.loadLE32(at: node))
            let nodeFlags = span.loadLE16(at: node + 4)
            if flags & Self.branch != 0 {
                try collect(size | UInt64(nodeFlags) << 32, depth: depth + 1, into: &found)
                continue
            }
            guard flags & Self.leaf != 0 else { throw damage }
            let value = node + Self.nodeBytes + Int(span.loadLE16(at: node + 6))
            if nodeFlags & 1 != 0 {
                guard let first = span.loadLE64IfPresent(at: value) else { throw damage }
                let pages = (UInt64(Self.headerBytes) + size - 1) / UInt64(pageSize) + 1
                let long = try read(first, pages: pages)
                guard long.rawSpan.loadLE16(at: 10) & Self.overflow != 0 else { throw damage }
                try note(long.rawSpan, at: Self.headerBytes, size: size, into: &found)
            } else {
                try note(span, at: value, size: size, into: &found)
            }
        }
    }

    /// Picks the pages beyond the file out of one record's value.
    private func note(
        _ span: RawSpan, at offset: Int, size: UInt64, into found: inout Set<UInt64>
    ) throws(LMDBError) {
        guard let list = span.sliceIfPresent(at: offset, count: Int(size)),
            let count = list.loadLE64IfPresent(at: 0), count < size / 8
        else { throw damage }
        for index in 1..<Int(count) + 1 {
            let page = list.loadLE64(at: index * 8)
            if page >= filePages { found.insert(page) }
        }
    }

    private func read(_ page: UInt64, pages: UInt64) throws(LMDBError) -> [UInt8] {
        guard page < filePages, pages <= filePages - page else { throw damage }
        let count = Int(pages) * pageSize
        let bytes = try PageFile.bytes(
            of: descriptor, at: Int(page) * pageSize, count: count, path: path)
        guard bytes.count == count else { throw damage }
        return bytes
    }

    private var damage: LMDBError {
        MetaPages.damage("its list of free pages is cut short or makes no sense", path: path)
    }
}
