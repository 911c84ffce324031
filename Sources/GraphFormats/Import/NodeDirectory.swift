import PropertyGraph

/// Which node each id of the files became: one table for each id space, integers and texts apart.
///
/// About 32 bytes an integer id, 32 bytes and its length a text.
struct NodeDirectory: Sendable {
    private struct Space: Sendable {
        var integers = IntegerTable()
        var texts = ByteStringTable()
        var nodesOfTexts: [UInt64] = []
    }

    private var spaces: [Space] = []

    private mutating func ensure(_ space: Int32) -> Int {
        while spaces.count <= Int(space) { spaces.append(Space()) }
        return Int(space)
    }

    /// The node of an id; nil when no file gave one.
    func node(_ id: ExternalID, in batch: RecordBatch) -> NodeID? {
        guard Int(id.space) < spaces.count else { return nil }
        if id.isInteger { return spaces[Int(id.space)].integers[id.value].map { NodeID($0) } }
        let place = Int(id.space)
        return spaces[place].texts.index(of: batch.idBytes.span, id.range, hash: id.hash)
            .map { NodeID(spaces[place].nodesOfTexts[Int($0)]) }
    }

    /// Remembers the node of an id that has none yet.
    ///
    /// - Throws: `.limitExceeded` beyond 2^32 − 1 text ids in one space.
    mutating func insert(
        _ id: ExternalID, node: NodeID, in batch: RecordBatch
    ) throws(FormatError) {
        let place = ensure(id.space)
        if id.isInteger {
            spaces[place].integers[id.value] = node.rawValue
        } else if spaces[place].texts.intern(batch.idBytes.span, id.range, hash: id.hash) != nil {
            spaces[place].nodesOfTexts.append(node.rawValue)
        } else {
            throw FormatError(
                .limitExceeded, "An id space holds at most 2^32 − 1 text ids; use integer ids.")
        }
    }
}

/// An open-addressing table from integers to node numbers.
struct IntegerTable: Sendable {
    /// Keys and values side by side, so that a question touches one line of the cache.
    private struct Slot {
        var key: Int64
        /// `UInt64.max` marks a free slot; it is never the number of a node.
        var value: UInt64
    }

    private var slots = [Slot](repeating: Slot(key: 0, value: .max), count: 1 << 10)
    private var count = 0

    subscript(key: Int64) -> UInt64? {
        get {
            let value = slots[slot(key)].value
            return value == .max ? nil : value
        }
        set {
            guard let newValue else { return }
            if count * 2 >= slots.count { grow() }
            let slot = slot(key)
            if slots[slot].value == .max { count += 1 }
            slots[slot] = Slot(key: key, value: newValue)
        }
    }

    private func slot(_ key: Int64) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: ByteHash.hash(UInt64(bitPattern: key))) & mask
        while slots[slot].value != .max, slots[slot].key != key { slot = (slot + 1) & mask }
        return slot
    }

    private mutating func grow() {
        let old = slots
        slots = [Slot](repeating: Slot(key: 0, value: .max), count: old.count * 2)
        for entry in old where entry.value != .max { slots[slot(entry.key)] = entry }
    }
}

/// The names of id spaces, numbered in the order they are met; `""` is the one without a name.
struct IDSpaces {
    private var numbers: [[UInt8]: Int32] = [:]

    mutating func number(of name: String) -> Int32 {
        let key = Array(name.utf8)
        if let number = numbers[key] { return number }
        let number = Int32(truncatingIfNeeded: numbers.count)
        numbers[key] = number
        return number
    }
}
