import CLMDB
import Glibc

extension Environment {
    /// Copies the store, as of one snapshot, to a directory that is absent or empty.
    ///
    /// Written aside, flushed and then renamed, so the target is either whole or untouched; nothing
    /// is left behind on failure. Works while others read and write; a long copy is a long reader.
    ///
    /// - Parameters:
    ///   - directory: The target; its parent must exist, on the same volume as the target.
    ///   - compacting: Whether to leave out free pages and lay tables out in order: slower, smaller.
    /// - Throws: `.alreadyExists`, `.noSpace`, `.accessDenied`, `.noSuchFile` (no parent),
    ///   `.badTransaction` inside a write of the same thread, `.closed`.
    public func copy(to directory: String, compacting: Bool) throws(LMDBError) {
        if gate.ownsWrite() { throw error(.insideWrite, cannot: "copy the store") }
        let target = CopyTarget(directory)
        try target.refuseOccupied()
        let aside = try target.makeAside()
        do {
            try copyData(to: aside, compacting: compacting)
            try target.publish(aside)
        } catch {
            target.discard(aside)
            throw error
        }
    }

    private func copyData(to aside: String, compacting: Bool) throws(LMDBError) {
        while true {
            let returnCode = try withOpenMap(cannot: "copy the store") {
                () throws(LMDBError) -> Int32 in
                // SAFETY: inside the gate the environment is open and its map stays.
                unsafe mdb_env_copy2(pointer, aside, compacting ? UInt32(MDB_CP_COMPACT) : 0)
            }
            if returnCode == MDB_MAP_RESIZED {
                unsafe unlink(aside + "/data.mdb")
                try adoptMap()
                continue
            }
            guard returnCode == 0 else {
                throw LMDBError(returnCode, cannot: "copy the store to '\(aside)'", path: path)
            }
            return
        }
    }
}

/// The directory that a copy is made for.
private struct CopyTarget {
    let path: String
    let parent: String
    let name: String

    init(_ directory: String) {
        var trimmed = directory
        while trimmed.utf8.count > 1, trimmed.utf8.last == UInt8(ascii: "/") {
            trimmed.removeLast()
        }
        path = trimmed
        if let slash = trimmed.utf8.lastIndex(of: UInt8(ascii: "/")) {
            parent = slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
            name = String(trimmed[trimmed.utf8.index(after: slash)...])
        } else {
            parent = "."
            name = trimmed
        }
    }

    /// Throws `.alreadyExists` unless the target is absent or an empty directory.
    func refuseOccupied() throws(LMDBError) {
        // SAFETY: plain calls on a stream that is closed before return.
        guard let stream = unsafe opendir(path) else {
            if errno == ENOENT { return }
            throw LMDBError(errno, cannot: "copy the store", path: path)
        }
        defer { unsafe closedir(stream) }
        var entries = 0
        while unsafe readdir(stream) != nil { entries += 1 }
        // `.` and `..` are always there.
        if entries > 2 { throw LMDBError(ENOTEMPTY, cannot: "copy the store", path: path) }
    }

    /// Creates the directory in which the copy is written.
    func makeAside() throws(LMDBError) -> String {
        for attempt in 0..<1000 {
            let aside = "\(parent)/.\(name).copy-\(getpid())-\(attempt)"
            if unsafe mkdir(aside, 0o755) == 0 { return aside }
            guard errno == EEXIST else {
                throw LMDBError(errno, cannot: "create '\(aside)'", path: path)
            }
        }
        throw LMDBError(EEXIST, cannot: "create a directory beside", path: path)
    }

    /// Flushes the copy and gives it its name.
    func publish(_ aside: String) throws(LMDBError) {
        try DirectoryFlush.flush(aside + "/data.mdb", shownAs: path)
        try DirectoryFlush.flush(aside, shownAs: path)
        // rename(2) replaces an empty directory and refuses any other.
        guard unsafe rename(aside, path) == 0 else {
            throw LMDBError(errno, cannot: "publish the copy", path: path)
        }
        try DirectoryFlush.flush(parent, shownAs: path)
    }

    func discard(_ aside: String) {
        unsafe unlink(aside + "/data.mdb")
        unsafe rmdir(aside)
    }
}

/// Making names and contents durable.
enum DirectoryFlush {
    /// Flushes a file or the names in a directory.
    static func flush(_ file: String, shownAs path: String) throws(LMDBError) {
        let descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw LMDBError(errno, cannot: "flush '\(file)'", path: path)
        }
        defer { close(descriptor) }
        // Some file systems do not flush directories and say EINVAL.
        guard fsync(descriptor) == 0 || errno == EINVAL else {
            throw LMDBError(errno, cannot: "flush '\(file)'", path: path)
        }
    }
}
