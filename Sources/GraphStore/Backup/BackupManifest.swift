internal import LMDB
internal import PropertyGraph

/// What a piece of a backup says of itself, as text in the file `manifest` beside its `data.mdb`.
///
/// One fact a line, a word and its value; the last line is the checksum of all lines before it.
///
/// | line                   | meaning                                                           |
/// |------------------------|-------------------------------------------------------------------|
/// | `cairn-backup 1`       | version of this text                                              |
/// | `kind full`            | or `increment`: the change log behind an earlier piece            |
/// | `store HEX`            | identity of the database                                          |
/// | `after N HEX`          | of an increment: the position it follows, and that one's token    |
/// | `position N HEX`       | the last position it holds, and its token                         |
/// | `committed N`          | when that was committed, microseconds since 1970 UTC              |
/// | `made N`               | when the piece was made                                           |
/// | `nodes N`, `edges N`   | how many there were at that position                              |
/// | `bytes N`              | size of `data.mdb`                                                |
/// | `checksum HEX`         | of `data.mdb`: XXH64 of the XXH64s of its pieces of 1 MiB         |
/// | `sum HEX`              | XXH64 of the lines above                                          |
struct BackupManifest: Equatable {
    /// A position and the token that tells it from the same one of another history.
    struct Place: Equatable {
        let position: UInt64
        let token: UInt64
    }

    var store: String
    var after: Place?
    var end: Place
    var committed: Int64
    var made: Int64
    var nodes: Int
    var edges: Int
    var bytes: Int
    var checksum: UInt64

    var kind: BackupPiece.Kind { after == nil ? .full : .increment }

    var text: String {
        var lines = ["cairn-backup 1", "kind \(kind.rawValue)", "store \(store)"]
        if let after { lines.append("after \(after.position) \(Self.hexadecimal(after.token))") }
        lines += [
            "position \(end.position) \(Self.hexadecimal(end.token))", "committed \(committed)",
            "made \(made)", "nodes \(nodes)", "edges \(edges)", "bytes \(bytes)",
            "checksum \(Self.hexadecimal(checksum))",
        ]
        let body = lines.map { $0 + "\n" }.joined()
        return body + "sum \(Self.hexadecimal(body.utf8.span.rawSpan.hash64()))\n"
    }

    init(
        store: String, after: Place?, end: Place, committed: Int64, made: Int64, nodes: Int,
        edges: Int, bytes: Int, checksum: UInt64
    ) {
        self.store = store
        self.after = after
        self.end = end
        self.committed = committed
        self.made = made
        self.nodes = nodes
        self.edges = edges
        self.bytes = bytes
        self.checksum = checksum
    }

    /// Reads the text; nil when a byte of it is not as it was written.
    init?(_ text: String) {
        var facts: [String: [Substring]] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let first = words.first else { return nil }
            facts[String(first)] = Array(words.dropFirst())
        }
        func number<N: LosslessStringConvertible>(_ word: String) -> N? {
            facts[word]?.first.flatMap { N(String($0)) }
        }
        func place(_ word: String) -> Place? {
            guard let words = facts[word], words.count == 2, let position = UInt64(words[0]),
                let token = UInt64(words[1], radix: 16)
            else { return nil }
            return Place(position: position, token: token)
        }
        guard let store = facts["store"]?.first, let end = place("position"),
            let committed: Int64 = number("committed"), let made: Int64 = number("made"),
            let nodes: Int = number("nodes"), let edges: Int = number("edges"),
            let bytes: Int = number("bytes"),
            let checksum = facts["checksum"]?.first.flatMap({ UInt64($0, radix: 16) })
        else { return nil }
        self.init(
            store: String(store), after: place("after"), end: end, committed: committed,
            made: made, nodes: nodes, edges: edges, bytes: bytes, checksum: checksum)
        // Whatever was changed, the text made of it is then another one.
        guard self.text.utf8.elementsEqual(text.utf8) else { return nil }
    }

    private static func hexadecimal(_ value: UInt64) -> String { String(value, radix: 16) }
}

/// One piece of a backup: a whole database, or the changes behind an earlier piece.
public struct BackupPiece: Sendable, Hashable {
    /// What a piece holds.
    public enum Kind: String, Hashable, Sendable {
        /// A whole database.
        case full
        /// The change log behind an earlier piece.
        case increment
    }

    /// Its folder in the backup.
    public let name: String
    /// What it holds.
    public let kind: Kind
    /// The position it begins behind: 0 for a whole database.
    public let afterPosition: UInt64
    /// The last position it holds.
    public let position: UInt64
    /// When that position was committed, microseconds since 1970 UTC; 0 when there is none.
    public let committedMicroseconds: Int64
    /// When the piece was made, microseconds since 1970 UTC.
    public let madeMicroseconds: Int64
    /// Nodes and edges at that position.
    public let nodes, edges: Int
    /// The size of its data, in bytes.
    public let bytes: Int

    init(_ name: String, _ manifest: BackupManifest) {
        self.name = name
        kind = manifest.kind
        afterPosition = manifest.after?.position ?? 0
        position = manifest.end.position
        committedMicroseconds = manifest.committed
        madeMicroseconds = manifest.made
        nodes = manifest.nodes
        edges = manifest.edges
        bytes = manifest.bytes
    }
}
