internal import Glibc

/// Directories that are built aside and appear in one step under their name.
public enum PublishedDirectory {
    /// - Throws: `.alreadyExists` unless nothing, or an empty directory, has that name.
    public static func requireFree(_ path: String) throws(LMDBError) {
        guard exists(path) else { return }
        // An empty directory can be replaced by a rename.
        guard isEmptyDirectory(path) else {
            throw LMDBError(
                .keyExists,
                "'\(path)' exists already. Name another place, or remove it first.", path: path)
        }
    }

    /// Makes a directory beside `path`, on the same volume, for what will get that name.
    ///
    /// Leftovers of processes that died while building are removed.
    public static func makeBuildingPlace(for path: String) throws(LMDBError) -> String {
        var target = path
        while target.count > 1, target.hasSuffix("/") { target.removeLast() }
        removeLeftovers(of: target)
        let building = "\(target).building-\(getpid())-\(UInt32.random(in: .min ... .max))"
        // SAFETY: the path is a valid C string for the call.
        guard unsafe mkdir(building, 0o755) == 0 else {
            throw LMDBError(errno, cannot: "create a directory", path: building)
        }
        return building
    }

    /// Renames what was built, and flushes the directory it stands in.
    public static func publish(_ building: String, as path: String) throws(LMDBError) {
        var target = path
        while target.count > 1, target.hasSuffix("/") { target.removeLast() }
        // SAFETY: both paths are valid C strings for the calls.
        if isEmptyDirectory(target) { unsafe rmdir(target) }
        guard unsafe rename(building, target) == 0 else {
            throw LMDBError(errno, cannot: "rename '\(building)'", path: target)
        }
        let parent =
            target.contains("/")
            ? String(target[..<(target.lastIndex(of: "/") ?? target.startIndex)]) : "."
        let descriptor = unsafe open(
            parent.isEmpty ? "/" : parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    /// Removes a directory and the files in it, as far as it can.
    public static func remove(_ path: String) {
        for name in entries(path) {
            let child = "\(path)/\(name)"
            // SAFETY: the paths are valid C strings for the calls.
            if unsafe unlink(child) != 0 { remove(child) }
        }
        unsafe rmdir(path)
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

    private static func isEmptyDirectory(_ path: String) -> Bool {
        // SAFETY: the path is a valid C string for the calls.
        guard let stream = unsafe opendir(path) else { return false }
        unsafe closedir(stream)
        return entries(path).isEmpty
    }

    private static func removeLeftovers(of path: String) {
        let slash = path.lastIndex(of: "/")
        let parent = slash.map { String(path[..<$0]) } ?? "."
        let prefix = (slash.map { String(path[path.index(after: $0)...]) } ?? path) + ".building-"
        for name in entries(parent.isEmpty ? "/" : parent) where name.hasPrefix(prefix) {
            let owner = name.dropFirst(prefix.count).prefix { $0.isNumber }
            guard let pid = pid_t(owner), kill(pid, 0) != 0, errno == ESRCH else { continue }
            remove("\(parent)/\(name)")
        }
    }
}
