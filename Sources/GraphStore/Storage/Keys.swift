internal import LMDB

// Keys of fixed shape, built on the stack; `Layout.swift` draws them.

extension FixedKey {
    init(be32 value: UInt32) {
        self.init()
        appendBE32(value)
    }

    init(ascii name: String) {
        self.init()
        for byte in name.utf8 { append(byte) }
    }

    /// A schema object in `meta`.
    static func object(_ number: UInt32) -> FixedKey {
        var key = FixedKey(ascii: MetaKey.object)
        key.appendBE32(number)
        return key
    }

    static func symbol(_ kind: SymbolKind, _ number: UInt32) -> FixedKey {
        var key = FixedKey()
        key.append(kind.rawValue)
        key.appendBE32(number)
        return key
    }

    /// The first block of a run, and the prefix of all its blocks.
    static func run(_ node: UInt64, _ type: UInt32) -> FixedKey {
        var key = FixedKey()
        key.appendBE64(node)
        key.appendBE32(type)
        return key
    }

    /// A later block of a run, by its first row.
    static func block(_ node: UInt64, _ type: UInt32, _ neighbor: UInt64, _ edge: UInt64)
        -> FixedKey
    {
        var key = run(node, type)
        key.appendBE64(neighbor)
        key.appendBE64(edge)
        return key
    }

    /// What the keys of a label or type begin with.
    static func memberPrefix(_ entity: EntityKind, _ symbol: UInt32) -> FixedKey {
        var key = FixedKey()
        key.append(entity.rawValue)
        key.appendBE32(symbol)
        return key
    }

    static func member(_ entity: EntityKind, _ symbol: UInt32, _ id: UInt64) -> FixedKey {
        var key = FixedKey()
        key.append(entity.rawValue)
        key.appendBE32(symbol)
        key.appendBE64(id >> UInt64(IDContainer.bits))
        return key
    }

    static func blob(_ entity: EntityKind, _ id: UInt64, _ property: UInt32) -> FixedKey {
        var key = FixedKey()
        key.append(entity.rawValue)
        key.appendBE64(id)
        key.appendBE32(property)
        return key
    }

    static func log(_ position: UInt64, _ part: UInt32) -> FixedKey {
        var key = FixedKey()
        key.appendBE64(position)
        key.appendBE32(part)
        return key
    }
}
