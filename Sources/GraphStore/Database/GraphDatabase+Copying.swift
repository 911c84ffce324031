internal import LMDB

extension GraphDatabase {
    /// Copies the database, as of now, into a directory that does not exist or is empty.
    ///
    /// Ids, positions and the change log are kept. Reads and writes go on meanwhile; the copy is a
    /// long reader. It is written aside, flushed and renamed, so the target is whole or absent.
    ///
    /// - Parameter compacting: Leaves out free pages; slower and smaller.
    /// - Throws: `GraphStoreError`.
    public func copy(to directory: String, compacting: Bool = false) throws {
        try translatingErrors { try environment.copy(to: directory, compacting: compacting) }
    }

    /// Rewrites a database without its free pages, in its place. No process may have it open.
    ///
    /// - Returns: Bytes before and after.
    /// - Throws: `.writerTimeout` when another process writes; `.alreadyOpen` when one reads.
    public static func compact(path: String) throws -> (before: Int, after: Int) {
        try translatingErrors {
            var options = GraphDatabaseOptions()
            options.createsIfMissing = false
            let (environment, _, _) = try StoreOpening(path: path, options: options).open()
            defer { environment.close() }
            let lock = try environment.acquireWriterLock(timeout: options.writerTimeout)
            let others = try environment.readers().map { $0.processID }.filter { !$0.isSelf }
            if let other = others.first {
                throw GraphStoreError(
                    .alreadyOpen,
                    "Process \(other) has the database at '\(path)' open. Close it there, then "
                        + "compact; or copy it compacted to another place.")
            }
            let before = environment.usedBytes
            let building = try PublishedDirectory.makeBuildingPlace(for: path)
            defer { PublishedDirectory.remove(building) }
            try environment.copy(to: building, compacting: true)
            try environment.replaceDataFile(byThatOf: building)
            _ = consume lock
            environment.close()
            let (compacted, _, _) = try StoreOpening(path: path, options: options).open()
            defer { compacted.close() }
            return (before, compacted.usedBytes)
        }
    }
}

extension Int32 {
    fileprivate var isSelf: Bool { self == Environment.processID }
}
