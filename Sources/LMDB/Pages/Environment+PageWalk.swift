import CLMDB
import Glibc

extension Environment {
    /// Proves the structure of every page of the newest commit, by bounded reads of the file.
    ///
    /// Others may read and write meanwhile: a snapshot keeps its pages from being reused. The map
    /// is not read, so that no damage can crash the walk.
    ///
    /// - Parameter progress: Called every few thousand pages; an error it throws ends the walk.
    /// - Throws: `.closed`, `.ioError`, and what `progress` throws.
    /// - Complexity: O(pages) time; two bits of memory a page.
    public func walkPages(
        progress: @escaping (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
    ) throws -> PageReport {
        // A walk is tried anew when two commits come before it has read its meta page.
        for _ in 0..<1_000 {
            let transaction = try startRead(isScoped: true)
            let walk = try DataFile.walk(
                try descriptor(), transactionID: transaction.id, path: path, progress: progress)
            _ = consume transaction
            if let walk { return walk }
        }
        throw LMDBError(
            .other, "Cannot walk the pages of '\(path)': it changes too fast. Try again.",
            path: path)
    }

    /// LMDB's own descriptor of the data file, open as long as the environment: no path leads to
    /// the file of a temporary store.
    private func descriptor() throws(LMDBError) -> Int32 {
        var descriptor: Int32 = -1
        // SAFETY: the caller holds a transaction, so the environment is open; a local is filled.
        try check(unsafe mdb_env_get_fd(pointer, &descriptor), cannot: "walk the pages")
        return descriptor
    }
}

/// The data file of a store, read by offset.
public enum DataFile {
    /// The size of a page in files made on this machine, in bytes.
    public static let usualPageSize = Int(sysconf(Int32(_SC_PAGESIZE)))

    /// Proves the structure of every page of a data file that nobody changes, such as a backup's.
    ///
    /// - Parameter path: The directory, for messages.
    /// - Throws: `.noSuchFile`, `.accessDenied`, `.ioError`, and what `progress` throws.
    public static func walk(
        _ file: String, path: String,
        progress: @escaping (_ done: Int, _ total: Int) throws -> Void = { _, _ in }
    ) throws -> PageReport {
        let descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw LMDBError(errno, cannot: "read 'data.mdb'", path: path)
        }
        defer { close(descriptor) }
        return try walk(descriptor, transactionID: nil, path: path, progress: progress)
            ?? PageReport()
    }

    /// Walks one commit, the newest when none is named; nil when its meta page is overwritten.
    static func walk(
        _ descriptor: Int32, transactionID: UInt64?, path: String,
        progress: @escaping (_ done: Int, _ total: Int) throws -> Void
    ) throws -> PageReport? {
        switch try meta(descriptor, transactionID, path) {
        case .damaged(let report): return report
        case .overwritten: return nil
        case .sound(let meta):
            // The size is taken after the meta: a writer extends the file first.
            let size = try PageFile.size(of: descriptor, path: path)
            var walk = PageWalk(descriptor, meta, fileBytes: size, path: path, progress: progress)
            try walk.run()
            return walk.report
        }
    }

    private enum Meta {
        case sound(MetaImage)
        case damaged(PageReport)
        case overwritten
    }

    /// The meta page of a commit, when both make sense.
    private static func meta(
        _ descriptor: Int32, _ transactionID: UInt64?, _ path: String
    ) throws(LMDBError) -> Meta {
        let pageSize = try pageSize(descriptor, path)
        var report = PageReport()
        // A commit of another process may be writing one of them: look again before calling it
        // damaged.
        for _ in 0..<4 {
            report = PageReport()
            var metas: [MetaImage] = []
            for index in 0..<2 {
                let (meta, fault) = try MetaImage.read(
                    descriptor, index: index, pageSize: pageSize, path: path)
                if let fault { report.note("meta page \(index)", fault) }
                if let meta, fault == nil { metas.append(meta) }
            }
            guard metas.count == 2 else { continue }
            let ids = metas.map { $0.transactionID }.sorted()
            guard ids[1] &- ids[0] == 1 || ids[1] == 0 else {
                report.note(
                    "meta page \(metas[0].transactionID == ids[0] ? 0 : 1)",
                    "commits \(ids[0]) and \(ids[1]) do not follow each other")
                continue
            }
            let wanted = transactionID ?? ids[1]
            if let meta = metas.last(where: { $0.transactionID == wanted }) { return .sound(meta) }
            return .overwritten
        }
        return .damaged(report)
    }

    /// The page size by the first meta page, where that makes sense; else this machine's.
    static func pageSize(_ descriptor: Int32, _ path: String) throws(LMDBError) -> Int {
        let head = try PageFile.bytes(of: descriptor, at: 0, count: 44, path: path)
        guard let stored = head.rawSpan.loadLE32IfPresent(at: 40) else { return usualPageSize }
        let size = Int(stored)
        return (512...65_536).contains(size) && size & (size - 1) == 0 ? size : usualPageSize
    }
}
