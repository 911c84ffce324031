import Glibc

extension Environment {
    /// Opens an empty store that vanishes when it is closed or the process ends.
    ///
    /// The files lie in a private directory and are unlinked at once, so no path leads to them and
    /// nothing is left behind, whatever happens. Nothing is flushed. To empty the store, clear its
    /// tables; to keep it, ``copy(to:compacting:)`` it.
    ///
    /// - Parameters:
    ///   - parent: Where to put the directory; by default `TMPDIR`, else `/tmp`.
    ///   - options: `isReadOnly`, `create`, `createMode` and `sync` are ignored.
    /// - Throws: As `open`.
    public static func temporary(
        in parent: String? = nil, options: Options = Options()
    ) throws(LMDBError) -> Environment {
        var options = options
        options.isReadOnly = false
        options.create = true
        options.createMode = 0o600
        options.sync = .none
        let directory = try makePrivateDirectory(in: parent ?? temporaryRoot())
        defer { discard(directory) }
        return try open(at: directory, options: options, isTemporary: true)
    }

    private static func temporaryRoot() -> String {
        // SAFETY: the string is copied at once.
        guard let value = unsafe getenv("TMPDIR") else { return "/tmp" }
        let text = unsafe String(cString: value)
        return text.isEmpty ? "/tmp" : text
    }

    private static func makePrivateDirectory(in parent: String) throws(LMDBError) -> String {
        for attempt in 0..<10_000 {
            let directory = "\(parent)/cairn-\(getpid())-\(attempt)"
            if unsafe mkdir(directory, 0o700) == 0 { return directory }
            guard errno == EEXIST else {
                throw LMDBError(errno, cannot: "create a temporary store", path: parent)
            }
        }
        throw LMDBError(EEXIST, cannot: "create a temporary store", path: parent)
    }

    /// Takes the names away; open files live on.
    private static func discard(_ directory: String) {
        for name in ["data.mdb", "lock.mdb", NamespaceGuard.fileName] {
            unsafe unlink(directory + "/" + name)
        }
        unsafe rmdir(directory)
    }
}
