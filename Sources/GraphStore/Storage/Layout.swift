// The layout of a database, format version 1. Change the drawing and the version together.
//
// A database is a directory: `data.mdb` and `lock.mdb` (LMDB), `writer.lock` (the pid of the
// process that writes), `namespace.lock` (the PID namespace of those that have it open),
// `derived/` (files that can be rebuilt at any time). What is stored is in `data.mdb` alone.
//
// Integers in keys are big-endian, so that bytes order as numbers do; integers in values are
// little-endian. Names of labels, edge types and property keys are interned: `symbol` holds
// them once, everything else their 32-bit number. Ids of nodes and edges are 64-bit, ascending,
// never reused. The value codecs draw their own tables in `Encoding/`.
//
// | table    | key                                            | value                             |
// |----------|------------------------------------------------|-----------------------------------|
// | meta     | name (ASCII)                                   | see `MetaKey`: head, counters,    |
// |          |                                                | later schema objects, renames,    |
// |          |                                                | what `analyze` found, a limit of  |
// |          |                                                | size                              |
// | symbol   | kind u8 · number u32                           | name, UTF-8                       |
// | schema   | number u32                                     | `SchemaCodec`: index, unique      |
// |          |                                                | constraint, inline property; what |
// |          |                                                | came later stands in `meta`       |
// | stat     | kind u8 · label u32 · type u32 · direction u8  | count u64                         |
// | node     | node u64                                       | `Record`                          |
// | edge     | edge u64 >> 7                                  | `EdgeChunk`: 128 locators         |
// | edgerec  | edge u64                                       | `Record`, where properties remain |
// |          |                                                | beside the inline one             |
// | out, in  | node u64 · type u32 [ · neighbour u64 ·        | `AdjacencyBlock`; the first block |
// |          | edge u64 ]                                     | of a run has the short key        |
// | member   | kind u8 · symbol u32 · id u64 >> 13            | `IDContainer`: nodes of a label,  |
// |          |                                                | edges of a type                   |
// | index    | index u32 · `OrderedKey` · id u64 >> 13        | `IDContainer`                     |
// | unique   | constraint u32 · `OrderedKey`                  | ids u64 …; one, unless keys were  |
// |          |                                                | cut or a closure is under way     |
// | blob     | kind u8 · id u64 · property u32                | `ValueCodec` bytes over 512       |
// | log      | position u64 · part u32                        | `ChangeLogCodec`                  |
// | bytes    | byte table u32 · key                           | value                             |
// | history  | see `HistoryState.swift`                       | earlier states for as-of reads,   |
// |          |                                                | where they are kept               |
// | fulltext | reserved for later feature bits                |                                   |
// | vector   | reserved for later feature bits                |                                   |
// | derived  | reserved for later feature bits                |                                   |

internal import LMDB

/// The version of the layout above.
let currentFormatVersion: UInt32 = 1

/// Features a store may use beyond the layout, in three sets of bits: those an older program may
/// ignore, those it may read but not write over, and those it must refuse.
struct FeatureBits: Hashable, Sendable {
    var mayIgnore: UInt64 = 0
    var mustNotWrite: UInt64 = 0
    var mustRefuse: UInt64 = 0

    /// Must not write: earlier states are kept, which every writer has to do.
    static let history: UInt64 = 1
    /// Must not write: there are constraints or indexes under `MetaKey.object`, which every writer
    /// has to keep.
    static let newerObjects: UInt64 = 2
    /// Must not write: the file has a limit of size, which every writer has to obey.
    static let sizeLimit: UInt64 = 4

    /// The bits this program understands.
    static let understood = FeatureBits(mustNotWrite: history | newerObjects | sizeLimit)
}

/// The handles of all tables of an environment.
final class Tables: Sendable {
    let meta, symbol, schema, stat, node, edge, edgeRecord, out, `in`: Table
    let member, index, unique, blob, log, bytes, history: Table

    static let names = [
        "meta", "symbol", "schema", "stat", "node", "edge", "edgerec", "out", "in", "member",
        "index", "unique", "blob", "log", "bytes", "history",
    ]

    /// Takes the handles in the order of `names`.
    init?(_ handles: [Table]) {
        guard handles.count == Self.names.count else { return nil }
        meta = handles[0]
        symbol = handles[1]
        schema = handles[2]
        stat = handles[3]
        node = handles[4]
        edge = handles[5]
        edgeRecord = handles[6]
        out = handles[7]
        `in` = handles[8]
        member = handles[9]
        index = handles[10]
        unique = handles[11]
        blob = handles[12]
        log = handles[13]
        bytes = handles[14]
        history = handles[15]
    }

    /// Every table, for walks over the whole store.
    var all: [Table] {
        [
            meta, symbol, schema, stat, node, edge, edgeRecord, out, `in`, member, index, unique,
            blob, log, bytes, history,
        ]
    }
}

/// The keys of `meta`.
enum MetaKey {
    /// format u32 · mayIgnore u64 · mustNotWrite u64 · mustRefuse u64 · uuid 16 bytes.
    static let format = "format"
    /// `Counters`.
    static let counters = "counters"
    /// `HistoryState`, where earlier states are kept.
    static let history = "history"
    /// u64: the most bytes the file may have, where there is a limit.
    static let sizeLimit = "sizeLimit"
    /// u64: grows with every change of symbols or schema; a mirror of another version is stale.
    static let catalogVersion = "catalog"
    /// With a number u32 behind it: a `SchemaEntry` that format 1 does not know.
    static let object = "object"
    /// What `analyze` found; with a label or type and a property behind it, of that property.
    static let analysis = "analysis"
    /// `Rename`, oldest first: those that the change log reaches behind.
    static let renames = "renames"
}

/// The kinds of interned names.
enum SymbolKind: UInt8, CaseIterable, Sendable {
    case label = 1
    case edgeType = 2
    case propertyKey = 3
    case byteTable = 4

    /// The kind in a sentence.
    var phrase: String {
        switch self {
        case .label: "a label"
        case .edgeType: "an edge type"
        case .propertyKey: "a property"
        case .byteTable: "a byte table"
        }
    }
}

/// Whose ids a container, an index or a blob holds.
public enum EntityKind: UInt8, Hashable, Sendable, CaseIterable {
    /// Nodes.
    case node = 1
    /// Edges.
    case edge = 2
}
