internal import LMDB

/// A directory of pieces, each a directory of its own that appeared in one step.
///
/// | name                         | holds                                                      |
/// |------------------------------|------------------------------------------------------------|
/// | `POSITION-full/`             | `data.mdb`: a compacted copy of a database; `manifest`     |
/// | `POSITION-increment/`        | `data.mdb`: a store with the names, the schema and the     |
/// |                              | change log up to POSITION alone; `manifest`                |
///
/// POSITION has 20 digits, so that names sort by it.
struct BackupFolder {
    struct Piece {
        let name: String
        let manifest: BackupManifest
    }

    let path: String
    /// By position, a whole database before an increment that ends with it.
    let pieces: [Piece]
    /// Pieces whose manifest is missing or damaged.
    let unreadable: [String]

    /// - Throws: Why the directory or a manifest cannot be read now. It may be sound, so it must not
    ///   be passed over.
    init(_ path: String) throws(LMDBError) {
        self.path = path
        var pieces: [Piece] = []
        var unreadable: [String] = []
        for name in try PublishedDirectory.names(in: path)
        where name.utf8.count > 20 && (name.hasSuffix("-full") || name.hasSuffix("-increment")) {
            let text = try DataFile.text("\(path)/\(name)/manifest", limit: 4_096) ?? ""
            if let manifest = BackupManifest(text), Self.name(of: manifest) == name {
                pieces.append(Piece(name: name, manifest: manifest))
            } else {
                unreadable.append(name)
            }
        }
        self.pieces = pieces.sorted {
            ($0.manifest.end.position, $0.manifest.after == nil ? 0 : 1)
                < ($1.manifest.end.position, $1.manifest.after == nil ? 0 : 1)
        }
        self.unreadable = unreadable
    }

    static func name(of manifest: BackupManifest) -> String {
        let digits = String(manifest.end.position)
        return String(repeating: "0", count: 20 - digits.count) + digits
            + "-\(manifest.kind.rawValue)"
    }

    /// What a piece says, when its data is as it was written.
    ///
    /// - Throws: Why its data cannot be read.
    func soundPiece(_ name: String) throws(LMDBError) -> BackupManifest? {
        guard let piece = pieces.first(where: { $0.name == name }),
            DataFile.size(dataFile(piece)) == piece.manifest.bytes,
            try DataFile.checksum(dataFile(piece)).checksum == piece.manifest.checksum
        else { return nil }
        return piece.manifest
    }

    /// The position in the name of a piece; nil where it has none.
    static func position(inName name: String) -> UInt64? { UInt64(name.prefix(20)) }

    func dataFile(_ piece: Piece) -> String { "\(path)/\(piece.name)/data.mdb" }

    /// The newest whole database and all increments that follow from it.
    var newestChain: [Piece] {
        pieces.last { $0.manifest.after == nil }.map { chain(from: $0) } ?? []
    }

    /// A whole database and the increments that follow from it, one from the other.
    func chain(from full: Piece) -> [Piece] {
        var chain = [full]
        var end = full.manifest.end
        while let next = pieces.first(where: {
            $0.manifest.after == end && $0.manifest.store == full.manifest.store
                && $0.manifest.end.position > end.position
        }) {
            chain.append(next)
            end = next.manifest.end
        }
        return chain
    }
}
