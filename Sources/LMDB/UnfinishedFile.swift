import Glibc

/// A data file whose making was cut off by a power loss.
///
/// LMDB begins a store with one write of two meta pages and leaves it to the first commit to flush
/// them. Until then the disk may hold any of their sectors and none of the others, and LMDB takes
/// such a file for one of another kind. Nothing can be in it: whoever makes a store here flushes
/// the metas before the first commit (``StorePlace/create(options:)``).
enum UnfinishedFile {
    private static let sectorBytes = 512

    /// Whether the file is part of what LMDB writes first, with zeros for what is missing.
    static func isOne(_ descriptor: Int32, path: String) throws(LMDBError) -> Bool {
        let pageBytes = Int(sysconf(Int32(_SC_PAGESIZE)))
        let size = try PageFile.size(of: descriptor, path: path)
        // A disk writes whole sectors: a file of another size was cut by something else.
        guard size <= 2 * pageBytes, size % sectorBytes == 0 else { return false }
        let bytes = try PageFile.bytes(of: descriptor, at: 0, count: size, path: path)
        var newMetas = 0
        var start = 0
        while start < bytes.count {
            let sector = Array(bytes[start..<min(start + sectorBytes, bytes.count)])
            if sector.contains(where: { $0 != 0 }) {
                guard start % pageBytes == 0, isNewMeta(sector) else { return false }
                newMetas += 1
            }
            start += sectorBytes
        }
        // With both it is whole.
        return newMetas < 2 || size < 2 * pageBytes
    }

    /// Whether a sector begins a meta page of a store without any commit.
    private static func isNewMeta(_ sector: [UInt8]) -> Bool {
        let head = Array(sector.prefix(MetaPages.headerBytes))
        guard let meta = try? MetaPages.parse(head, path: "") else { return false }
        return meta.transactionID == 0 && meta.mainRoot == MetaPages.noPage
            && sector.dropFirst(MetaPages.headerBytes).allSatisfy { $0 == 0 }
    }
}
