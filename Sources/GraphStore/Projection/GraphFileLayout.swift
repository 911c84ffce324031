// A derived file: the graph of one projection at one position of one store. Format version 1.
//
// Everything in front of the first section is the header. Numbers are little-endian; a machine of
// the other byte order neither writes nor reads such files. Sections hold numbers as they lie in
// memory, so that the file is mapped and used without reading it.
//
// | offset | size    | meaning                                                                 |
// |--------|---------|-------------------------------------------------------------------------|
// | 0      | 8       | "CairnCSR"                                                              |
// | 8      | 4       | format version                                                          |
// | 12     | 4       | flags: bit 0 directed, bit 1 has incoming rows                          |
// | 16     | 8       | XXH64 of the header from offset 24 on, seeded with version << 32 + flags |
// | 24     | 8       | header length, a multiple of 64                                         |
// | 32     | 8       | file length                                                             |
// | 40     | 8       | position of the store                                                   |
// | 48     | 8       | token of that position                                                  |
// | 56     | 8       | number of nodes                                                         |
// | 64     | 8       | number of edges                                                         |
// | 72     | 4       | number of sections                                                      |
// | 76     | 4       | length of the projection's text                                         |
// | 80     | 4       | length of the column names                                              |
// | 84     | 4       | 0                                                                       |
// | 88     | 32      | identity of the store, hexadecimal                                      |
// | 120    | 8       | 0                                                                       |
// | 128    | 40 each | sections, as below                                                      |
// |        | …       | the projection's text, then the names of columns, UTF-8                 |
// |        | …       | zeros up to the header length                                           |
//
// | offset | size | meaning of a section                                                       |
// |--------|------|----------------------------------------------------------------------------|
// | 0      | 2    | `Part`                                                                     |
// | 2      | 2    | `Element`                                                                  |
// | 4      | 4    | where the column's name begins among the names; 0 for rows                 |
// | 8      | 4    | length of the name                                                         |
// | 12     | 4    | of a column's values or text offsets, bit 0: they are as stored, none was  |
// |        |      | converted; else 0                                                          |
// | 16     | 8    | offset in the file, a multiple of 64                                       |
// | 24     | 8    | number of elements                                                         |
// | 32     | 8    | checksum: XXH64 of the XXH64s of its pieces of 1 MiB                       |
//
// A column of texts is its offsets and its bytes. Where texts repeat, these hold each distinct text
// once, and the column's values, as uint32, say for each row which one it is.

internal import LMDB
internal import PropertyGraph

/// The numbers of the layout above.
enum GraphFileLayout {
    /// "CairnCSR".
    static let magic: UInt64 = 0x5253_436E_7269_6143
    static let version: UInt32 = 1
    static let alignment = 64
    static let fixedBytes = 128
    static let sectionBytes = 40
    static let identityBytes = 32
    static let pieceBytes = 1 << 20

    static let directedFlag: UInt32 = 1
    static let incomingFlag: UInt32 = 2

    /// Where the checksum's bytes begin.
    static let checkedFrom = 24

    static func aligned(_ bytes: Int) -> Int { (bytes &+ alignment &- 1) / alignment &* alignment }

    static func headerChecksum(_ header: RawSpan, flags: UInt32) -> UInt64 {
        header.extracting(checkedFrom..<header.byteCount)
            .hash64(seed: UInt64(version) << 32 | UInt64(flags))
    }
}

/// What must be the same for a file to be used.
struct GraphFileStamp: Hashable {
    /// The store: 32 hexadecimal digits.
    let identity: String
    let position: UInt64
    let token: UInt64
    /// `Projection.canonicalText`.
    let projection: [UInt8]

    /// The name of the file.
    var name: String {
        Self.prefix(identity) + String(projection.rawSpan.hash64(), radix: 16) + "-\(position)-"
            + String(token, radix: 16) + ".csr"
    }

    fileprivate static func prefix(_ identity: String) -> String { identity.prefix(8) + "-" }

    /// What a name says: `STORE-PROJECTION-POSITION-TOKEN.csr`.
    struct Name {
        let text: String
        /// The projection, as a hash.
        let projection: Substring
        let position: UInt64
        let token: UInt64

        /// Nil for files that are no graphs of the store.
        init?(_ text: String, identity: String) {
            guard text.hasPrefix(GraphFileStamp.prefix(identity)), text.hasSuffix(".csr") else {
                return nil
            }
            let parts = text.dropLast(4).split(separator: "-", omittingEmptySubsequences: false)
            guard parts.count == 4, let position = UInt64(parts[2]),
                let token = UInt64(parts[3], radix: 16)
            else { return nil }
            (self.text, projection) = (text, parts[1])
            (self.position, self.token) = (position, token)
        }
    }

    /// The stamp of a file of the same projection at an earlier position; nil for other files.
    func earlier(named text: String) -> GraphFileStamp? {
        guard let name = Name(text, identity: identity), name.position < position else {
            return nil
        }
        let stamp = GraphFileStamp(
            identity: identity, position: name.position, token: name.token, projection: projection)
        return stamp.name == text ? stamp : nil
    }
}

/// One array of the graph: what it is, and for a column its name.
struct GraphFileSection {
    enum Part: UInt16 {
        case outgoingOffsets = 1
        case outgoingTargets, outgoingWeights, outgoingEdges
        case incomingOffsets, incomingTargets, incomingWeights, incomingEdges
        case nodeIDs
        case nodeValues, nodePresence, nodeTextOffsets, nodeText
        case edgeValues, edgePresence, edgeTextOffsets, edgeText
    }

    enum Element: UInt16 {
        case uint8 = 1
        case uint32, uint64, int64, double

        var bytes: Int {
            switch self {
            case .uint8: 1
            case .uint32: 4
            case .uint64, .int64, .double: 8
            }
        }
    }

    let part: Part
    let element: Element
    let name: [UInt8]
    let offset: Int
    let count: Int
    let checksum: UInt64
    /// Whether it belongs to a column of values as they were stored.
    var isExact = false

    var byteCount: Int { count * element.bytes }

    /// How many pieces have a checksum of their own.
    var pieces: Int {
        (byteCount + GraphFileLayout.pieceBytes - 1) / GraphFileLayout.pieceBytes
    }

    /// The bytes of a piece within the section.
    func piece(_ index: Int) -> Range<Int> {
        let start = index * GraphFileLayout.pieceBytes
        return start..<min(start + GraphFileLayout.pieceBytes, byteCount)
    }

    /// The checksum of the section from those of its pieces.
    static func checksum(_ pieces: [UInt64]) -> UInt64 {
        var writer = ByteWriter(capacity: 8 * pieces.count)
        for piece in pieces { writer.appendLE64(piece) }
        return writer.span.hash64()
    }
}
