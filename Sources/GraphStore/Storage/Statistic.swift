internal import LMDB

/// A number kept exact at every commit: the key of a row in `stat`.
enum Statistic: Hashable, Sendable {
    case nodes
    case edges
    case label(UInt32)
    case type(UInt32)
    /// Edges of a type that leave (`isOut`) or reach nodes with a label.
    case labelType(UInt32, UInt32, isOut: Bool)

    /// kind u8 · label u32 · type u32 · direction u8.
    var key: FixedKey {
        var key = FixedKey()
        switch self {
        case .nodes: Self.append(0, 0, 0, 0, to: &key)
        case .edges: Self.append(1, 0, 0, 0, to: &key)
        case .label(let label): Self.append(2, label, 0, 0, to: &key)
        case .type(let type): Self.append(3, 0, type, 0, to: &key)
        case .labelType(let label, let type, let isOut):
            Self.append(4, label, type, isOut ? 0 : 1, to: &key)
        }
        return key
    }

    init?(_ key: RawSpan) {
        guard key.byteCount == 10 else { return nil }
        let label = key.loadBE32(at: 1)
        let type = key.loadBE32(at: 5)
        switch key.loadUInt8(at: 0) {
        case 0: self = .nodes
        case 1: self = .edges
        case 2: self = .label(label)
        case 3: self = .type(type)
        case 4: self = .labelType(label, type, isOut: key.loadUInt8(at: 9) == 0)
        default: return nil
        }
    }

    private static func append(
        _ kind: UInt8, _ label: UInt32, _ type: UInt32, _ direction: UInt8, to key: inout FixedKey
    ) {
        key.append(kind)
        key.appendBE32(label)
        key.appendBE32(type)
        key.append(direction)
    }
}
