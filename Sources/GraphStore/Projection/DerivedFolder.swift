internal import LMDB
internal import PropertyGraph

/// The directory of a database for graphs in files.
///
/// A file is named after the store, the projection, and the position and token it was made at, and
/// is used only while the store is there: after a restore, or after lost relaxed commits, the same
/// position may hold other content, and then it has another token.
struct DerivedFolder {
    private let directory: String
    private let mode: UInt32

    /// Nil for a temporary database, and on machines whose byte order is not that of the files.
    init?(_ environment: Environment) {
        guard let directory = environment.derivedDirectory, 1.littleEndian == 1 else { return nil }
        self.directory = directory
        mode = environment.options.createMode
    }

    /// The graph of the file with this stamp; nil when there is none, or it is damaged.
    func graph(_ stamp: GraphFileStamp) -> CSRGraph? {
        GraphFileReader(path: directory + "/" + stamp.name, stamp: stamp)?.graph()
    }

    /// Makes a graph the file of its stamp.
    ///
    /// - Throws: `LMDBError` where the directory cannot be written.
    func publish(_ graph: CSRGraph, _ stamp: GraphFileStamp) throws(LMDBError) {
        var file = try PublishedFile(in: directory, mode: mode)
        try GraphFileWriter(graph, stamp).write(to: &file)
        try file.publish(as: stamp.name)
    }

    /// Removes the files of a store that are of no more use, unless somebody else is at it.
    ///
    /// Files at another position than the current one will never be used again, whatever their
    /// projection. The names are listed before the position is read: another process may publish
    /// at a newer one in between, and its file is then not in the list.
    ///
    /// - Parameter current: Reads the position and token the store is at.
    func tidy(
        identity: String, keeping name: String,
        current: () throws -> (position: UInt64, token: UInt64)
    ) rethrows {
        guard let lock = TidyingLock(in: directory, mode: mode) else { return }
        let prefix = GraphFileStamp.namePrefix(identity: identity)
        let names = PublishedDirectory.entries(directory).filter {
            $0.hasPrefix(prefix) && $0.hasSuffix(".csr") && $0 != name
        }
        if !names.isEmpty {
            let (position, token) = try current()
            let suffix = GraphFileStamp.nameSuffix(position: position, token: token)
            for name in names where !name.hasSuffix(suffix) {
                PublishedFile.remove(directory + "/" + name)
            }
        }
        _ = consume lock
    }
}
