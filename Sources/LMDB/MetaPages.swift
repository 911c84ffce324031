import CLMDB
import Glibc

/// The two meta pages at the start of `data.mdb`, read without mapping the file.
///
/// LMDB maps a file and trusts it: a file cut short becomes a bus error at some later read. So the
/// metas are compared with the size of the file before LMDB sees it. Layout of LMDB 0.9 on a
/// 64-bit little-endian machine, per page:
///
/// | offset | bytes | meaning |
/// |---|---|---|
/// | 0 | 8 | page number |
/// | 10 | 2 | page flags; 0x08 marks a meta page |
/// | 16 | 4 | magic 0xBEEFC0DE |
/// | 20 | 4 | format version, 1 |
/// | 32 | 8 | map size |
/// | 40 | 4 | page size (in the record of the free list) |
/// | 80 | 8 | root page of the free list, all ones when empty |
/// | 128 | 8 | root page of the table of tables, all ones when empty |
/// | 136 | 8 | last used page |
/// | 144 | 8 | transaction id; the meta with the larger one counts |
struct MetaPages {
    let pageSize: Int
    let freeRoot: UInt64
    let mainRoot: UInt64
    let lastPage: UInt64
    let transactionID: UInt64

    static let magic: UInt32 = 0xBEEF_C0DE
    static let version: UInt32 = 1
    static let headerBytes = 152
    static let noPage = UInt64.max

    /// Verifies a data file and returns its size in bytes, 0 when it holds no store yet.
    ///
    /// - Parameters:
    ///   - file: The data file.
    ///   - path: The directory, for messages.
    ///   - mayBeEmpty: Whether a file that is absent, empty, or whose making was cut off is a store
    ///     yet to be created.
    static func verify(file: String, path: String, mayBeEmpty: Bool) throws(LMDBError) -> Int {
        let descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT, mayBeEmpty { return 0 }
            throw LMDBError(errno, cannot: "open the store", path: path)
        }
        defer { close(descriptor) }
        // Another process may be writing a meta page while it is read here: look again before
        // calling a file damaged.
        var attempt = 1
        while true {
            do {
                return try verify(descriptor, path: path, mayBeEmpty: mayBeEmpty)
            } catch  where error.code == .corrupted && attempt < 4 {
                attempt += 1
            }
        }
    }

    private static func verify(
        _ descriptor: Int32, path: String, mayBeEmpty: Bool
    ) throws(LMDBError) -> Int {
        let first = try PageFile.bytes(of: descriptor, at: 0, count: headerBytes, path: path)
        if first.isEmpty {
            if mayBeEmpty { return 0 }
            throw damage("the file is empty", path: path)
        }
        if mayBeEmpty, try UnfinishedFile.isOne(descriptor, path: path) { return 0 }
        let meta = try parse(first, path: path)
        let second = try PageFile.bytes(
            of: descriptor, at: meta.pageSize, count: headerBytes, path: path)
        let other = try parse(second, path: path)
        let newest = other.transactionID > meta.transactionID ? other : meta
        // The size is taken after the metas: a writer extends the file before it writes a meta.
        let fileBytes = try PageFile.size(of: descriptor, path: path)
        try newest.compare(withFileOf: fileBytes, descriptor: descriptor, path: path)
        return fileBytes
    }

    static func parse(_ bytes: [UInt8], path: String) throws(LMDBError) -> MetaPages {
        let page = bytes.rawSpan
        guard let magic = page.loadLE32IfPresent(at: 16), magic == Self.magic else {
            if bytes.count < 20 { throw damage("a meta page is cut short", path: path) }
            throw LMDBError(
                .notLMDB,
                "Cannot open '\(path)': 'data.mdb' is not an LMDB store. Check the path.",
                path: path)
        }
        guard bytes.count == headerBytes else {
            throw damage("a meta page is cut short", path: path)
        }
        let version = page.loadLE32(at: 20)
        guard version == Self.version else {
            throw LMDBError(
                .versionMismatch,
                "Cannot open '\(path)': its LMDB format is version \(version), this program reads "
                    + "version \(Self.version). Export it with the program that wrote it.",
                path: path)
        }
        let pageSize = Int(page.loadLE32(at: 40))
        guard page.loadLE16(at: 10) & 0x08 != 0, (512...65536).contains(pageSize),
            pageSize & (pageSize - 1) == 0
        else {
            throw damage("a meta page makes no sense", path: path)
        }
        return MetaPages(
            pageSize: pageSize, freeRoot: page.loadLE64(at: 80), mainRoot: page.loadLE64(at: 128),
            lastPage: page.loadLE64(at: 136), transactionID: page.loadLE64(at: 144))
    }

    /// Throws `.corrupted` when pages that are in use lie beyond the end of the file.
    ///
    /// Free pages may: see ``FreeListFile``.
    private func compare(
        withFileOf fileBytes: Int, descriptor: Int32, path: String
    ) throws(LMDBError) {
        let filePages = UInt64(fileBytes / pageSize)
        guard lastPage >= filePages else { return }
        let list = FreeListFile(
            descriptor: descriptor, pageSize: pageSize, filePages: filePages, path: path)
        let unwritten = try list.pagesBeyondFile(root: freeRoot)
        if lastPage - filePages < UInt64(unwritten.count),
            (filePages...lastPage).allSatisfy(unwritten.contains)
        {
            return
        }
        throw Self.damage(
            "it has \(filePages) pages and should have \(lastPage &+ 1): it was cut short",
            path: path)
    }

    static func damage(_ fault: String, path: String) -> LMDBError {
        LMDBError(
            .corrupted,
            "Cannot open '\(path)': 'data.mdb' is damaged: \(fault). Restore a backup.",
            path: path)
    }
}

/// Reading a file by offset.
enum PageFile {
    /// Up to `count` bytes at an offset; fewer at the end of the file.
    static func bytes(
        of descriptor: Int32, at offset: Int, count: Int, path: String
    ) throws(LMDBError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            // SAFETY: the range `filled..<count` lies inside the array's buffer.
            let got = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe pread(
                    descriptor, buffer.baseAddress.map { unsafe $0 + filled }, count - filled,
                    off_t(offset + filled))
            }
            if got < 0 {
                if errno == EINTR { continue }
                throw LMDBError(errno, cannot: "read 'data.mdb'", path: path)
            }
            if got == 0 { break }
            filled += got
        }
        bytes.removeLast(count - filled)
        return bytes
    }

    /// The size of an open file, in bytes.
    static func size(of descriptor: Int32, path: String) throws(LMDBError) -> Int {
        var facts = stat()
        // SAFETY: `facts` outlives the call.
        guard unsafe fstat(descriptor, &facts) == 0 else {
            throw LMDBError(errno, cannot: "read the size of 'data.mdb'", path: path)
        }
        return Int(facts.st_size)
    }
}
