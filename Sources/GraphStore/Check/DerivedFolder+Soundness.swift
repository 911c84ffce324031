internal import LMDB
internal import PropertyGraph

extension DerivedFolder {
    /// The graphs of a store in files, and whether each holds together by its checksums.
    func soundness(identity: String) -> [(name: String, isSound: Bool)] {
        PublishedDirectory.entries(directory).compactMap { text in
            GraphFileStamp.Name(text, identity: identity).map { name in
                (text, isSound(name, identity: identity))
            }
        }
    }

    private func isSound(_ name: GraphFileStamp.Name, identity: String) -> Bool {
        let path = directory + "/" + name.text
        // A file that was tidied away meanwhile is no damage.
        guard PublishedDirectory.exists(path) else { return true }
        guard let projection = CSRStorage.map(path: path).flatMap({ Self.projection($0.bytes) })
        else { return !PublishedDirectory.exists(path) }
        let stamp = GraphFileStamp(
            identity: identity, position: name.position, token: name.token,
            projection: projection)
        return GraphFileReader(path: path, stamp: stamp)?.graph() != nil
    }

    /// The text of the projection, as the header says it.
    private static func projection(_ file: RawSpan) -> [UInt8]? {
        guard let count = file.loadLE32IfPresent(at: 72),
            let length = file.loadLE32IfPresent(at: 76)
        else { return nil }
        let start = GraphFileLayout.fixedBytes + Int(count) * GraphFileLayout.sectionBytes
        return file.sliceIfPresent(at: start, count: Int(length))?.bytes()
    }
}
