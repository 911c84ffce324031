internal import LMDB
internal import PropertyGraph

/// The directory of a database for graphs in files.
///
/// A file is named after the store, the projection, and the position and token it was made at, and
/// is used only while the store is there: after a restore, or after lost relaxed commits, the same
/// position may hold other content, and then it has another token.
struct DerivedFolder {
    let directory: String
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

    /// Whether there is a file with this stamp.
    func hasFile(_ stamp: GraphFileStamp) -> Bool {
        let name = stamp.name
        return PublishedDirectory.entries(directory).contains { $0 == name }
    }

    /// The newest graph of the same projection at an earlier position, and that position.
    ///
    /// - Parameter isKnown: Whether a position and its token belong to the store's history.
    func earlierGraph(
        _ stamp: GraphFileStamp, isKnown: (_ position: UInt64, _ token: UInt64) throws -> Bool
    ) rethrows -> (graph: CSRGraph, position: UInt64)? {
        let earlier = PublishedDirectory.entries(directory).compactMap { name in
            stamp.earlier(named: name)
        }
        for candidate in earlier.sorted(by: { $0.position > $1.position }) {
            guard try isKnown(candidate.position, candidate.token) else { continue }
            if let graph = graph(candidate) { return (graph, candidate.position) }
        }
        return nil
    }

    /// Makes a graph the file of its stamp; where it fails, nothing is left of the file.
    ///
    /// - Parameter ask: Called every few milliseconds while it is written; what it throws ends that.
    /// - Throws: `LMDBError` where the directory cannot be written; what `ask` throws.
    func publish(_ graph: CSRGraph, _ stamp: GraphFileStamp, asking ask: () throws -> Void) throws {
        var file = try PublishedFile(in: directory, mode: mode)
        try GraphFileWriter(graph, stamp).write(to: &file, asking: ask)
        // Flushing cannot be ended, so it is not begun for nobody.
        try ask()
        try file.publish(as: stamp.name)
    }

    /// Removes the files of a store that are of no more use, unless somebody else is at it.
    ///
    /// Of each projection the newest stays that belongs to the store's history as far as the change
    /// log tells it: the next graph can be made from it. The names are listed before the history is
    /// read: another process may publish at a newer position in between, and its file is then not
    /// in the list.
    ///
    /// - Parameter history: Tells of each position and token whether they belong to the history.
    func tidy(
        identity: String,
        history: ([(position: UInt64, token: UInt64)]) throws -> [Bool]
    ) rethrows {
        guard let lock = TidyingLock(in: directory, mode: mode) else { return }
        let names = PublishedDirectory.entries(directory)
            .compactMap { GraphFileStamp.Name($0, identity: identity) }
            .sorted { $0.position > $1.position }
        if !names.isEmpty {
            let isKnown = try history(names.map { ($0.position, $0.token) })
            var seen: Set<Substring> = []
            for (name, isKnown) in zip(names, isKnown) {
                if isKnown, seen.insert(name.projection).inserted { continue }
                PublishedFile.remove(directory + "/" + name.text)
            }
        }
        _ = consume lock
    }
}
