internal import Glibc

/// Directories that are built aside and appear in one step under their name.
public enum PublishedDirectory {
    /// - Throws: `.alreadyExists` unless nothing, or an empty directory, has that name;
    ///   `.notADirectory` where a file has.
    public static func requireFree(_ path: String) throws(LMDBError) {
        guard exists(path) else { return }
        guard isDirectory(path) else {
            throw LMDBError(ENOTDIR, cannot: "make a directory", path: path)
        }
        // An empty directory can be replaced by a rename.
        guard isEmptyDirectory(path) else {
            throw LMDBError(
                .alreadyExists,
                "'\(path)' exists already. Name another place, or remove it first.", path: path)
        }
    }

    /// Makes a directory beside `path`, on the same volume, for what will get that name.
    ///
    /// Leftovers of processes that died while building are removed.
    public static func makeBuildingPlace(for path: String) throws(LMDBError) -> String {
        let place = Place(path)
        place.removeLeftovers()
        let building =
            "\(place.path)\(infix)\(getpid())-\(UInt32.random(in: .min ... .max))"
        // SAFETY: the path is a valid C string for the call.
        guard unsafe mkdir(building, 0o755) == 0 else {
            throw LMDBError(errno, cannot: "create a directory", path: building)
        }
        return building
    }

    /// Flushes what was built, file by file, and gives it its name, for good.
    public static func publish(_ building: String, as path: String) throws(LMDBError) {
        let place = Place(path)
        for name in entries(building) {
            try DirectoryFlush.flush("\(building)/\(name)", shownAs: place.path)
        }
        try DirectoryFlush.flush(building, shownAs: place.path)
        // SAFETY: both paths are valid C strings for the call. It replaces an empty directory and
        // refuses any other.
        guard unsafe rename(building, place.path) == 0 else {
            throw LMDBError(errno, cannot: "rename '\(building)'", path: place.path)
        }
        try DirectoryFlush.flush(place.parent, shownAs: place.path)
    }

    /// A text that may name places where directories are built, with the names that those will
    /// get: people know `graph.cairn`, not `graph.cairn.building-812-3044`.
    ///
    /// - Complexity: O(length).
    public static func namingTargets(in text: String) -> String {
        guard text.contains(infix) else { return text }
        var result: [UInt8] = []
        var rest = Array(text.utf8)[...]
        let infix = Array(infix.utf8)
        while let byte = rest.first {
            if byte == infix[0], rest.starts(with: infix) {
                let end = rest.dropFirst(infix.count)
                    .firstIndex { !(0x30...0x39).contains($0) && $0 != UInt8(ascii: "-") }
                rest = rest[(end ?? rest.endIndex)...]
            } else {
                result.append(byte)
                rest = rest.dropFirst()
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Stands between the name a directory will get and the process that builds it.
    private static let infix = ".building-"

    /// Removes a directory and the files in it, or a file, as far as it can.
    public static func remove(_ path: String) {
        // SAFETY: the paths are valid C strings for the calls.
        if unsafe unlink(path) == 0 { return }
        for name in entries(path) { remove("\(path)/\(name)") }
        unsafe rmdir(path)
    }

    /// Makes a directory unless it is there; its parent must exist.
    ///
    /// - Throws: `.notADirectory`, `.noSuchFile`, `.accessDenied` and other system errors.
    public static func make(_ path: String) throws(LMDBError) {
        // SAFETY: the path is a valid C string for the call.
        if unsafe mkdir(path, 0o755) == 0 { return }
        guard errno == EEXIST else {
            throw LMDBError(errno, cannot: "create a directory", path: path)
        }
        guard isDirectory(path) else {
            throw LMDBError(ENOTDIR, cannot: "use a directory", path: path)
        }
    }

    /// Removes all files of a directory but these.
    public static func keepOnly(_ names: [String], in path: String) {
        for name in entries(path) where !names.contains(name) { remove("\(path)/\(name)") }
    }

    /// Whether a path names anything.
    public static func exists(_ path: String) -> Bool {
        // SAFETY: the path is a valid C string for the call.
        unsafe access(path, F_OK) == 0
    }

    /// The names in a directory, sorted; none when it cannot be read.
    public static func entries(_ path: String) -> [String] {
        // SAFETY: the stream is used by this call only, and closed at its end; names are copied.
        guard let stream = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    private static func isDirectory(_ path: String) -> Bool {
        // SAFETY: the path is a valid C string for the call.
        guard let stream = unsafe opendir(path) else { return errno != ENOTDIR }
        unsafe closedir(stream)
        return true
    }

    private static func isEmptyDirectory(_ path: String) -> Bool {
        // SAFETY: the path is a valid C string for the calls.
        guard let stream = unsafe opendir(path) else { return false }
        unsafe closedir(stream)
        return entries(path).isEmpty
    }

    /// A path without its last slashes, and the directory it stands in.
    private struct Place {
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

        func removeLeftovers() {
            let prefix = Array("\(name)\(infix)".utf8)
            for entry in entries(parent) where entry.utf8.starts(with: prefix) {
                let owner = entry.dropFirst("\(name)\(infix)".count).prefix { $0.isNumber }
                guard let pid = pid_t(owner), kill(pid, 0) != 0, errno == ESRCH else { continue }
                remove("\(parent)/\(entry)")
            }
        }
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
