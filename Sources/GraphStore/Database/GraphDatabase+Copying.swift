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
    /// - Throws: `.alreadyOpen`, naming the process, when another one has it open.
    public static func compact(path: String) throws -> (before: Int, after: Int) {
        try translatingErrors {
            var options = GraphDatabaseOptions()
            options.createsIfMissing = false
            let (environment, _, _) = try StoreOpening(path: path, options: options).open()
            defer { environment.close() }
            let before = environment.usedBytes
            // A process that opens the database meanwhile waits until the new file is in place
            // and this one is closed, so it never sees LMDB's facts about the old file.
            try environment.withSoleAccess { try replaceByCompacted(environment, path) }
            let (compacted, _, _) = try StoreOpening(path: path, options: options).open()
            defer { compacted.close() }
            return (before, compacted.usedBytes)
        }
    }

    private static func replaceByCompacted(_ environment: Environment, _ path: String) throws {
        let building = try PublishedDirectory.makeBuildingPlace(for: path)
        defer { PublishedDirectory.remove(building) }
        try environment.copy(to: building, compacting: true)
        try environment.replaceDataFile(byThatOf: building)
        environment.close()
    }
}
