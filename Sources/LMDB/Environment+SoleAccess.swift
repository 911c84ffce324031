import Glibc
import Synchronization

extension Environment {
    /// Runs `body` while no other process has the store open; those that try to open it wait.
    ///
    /// For what may not be done under the eyes of others, such as putting another data file in
    /// place: LMDB keeps facts about the file in `lock.mdb`, which would then be false for whoever
    /// still has the old one. Threads of this process are not held back.
    ///
    /// - Throws: `.inUse`, without waiting, if another process has the store open; `.closed`; what
    ///   `body` throws.
    public func withSoleAccess<R>(_ body: () throws -> R) throws -> R {
        if isTemporary { return try body() }
        let isAlone = namespace.withLock { $0?.tryAlone() }
        guard let isAlone else {
            throw LMDBError.closed(cannot: "take the store alone", path: path)
        }
        guard isAlone else {
            let others = Set(try readers().map(\.processID)).subtracting([getpid()]).sorted()
            let names =
                others.isEmpty ? "" : " (\(others.map(String.init).joined(separator: ", ")))"
            throw LMDBError(
                .inUse,
                "Cannot take '\(path)' alone: another process\(names) has it open. Close it there, "
                    + "then try again.", path: path)
        }
        defer { namespace.withLock { $0?.shareAgain() } }
        return try body()
    }
}
