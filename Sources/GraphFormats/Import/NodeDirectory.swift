import PropertyGraph

/// Which node each id of the files became: one table for each id space, integers and texts apart.
///
/// About 32 bytes an integer id, 32 bytes and its length a text.
struct NodeDirectory {
    private struct Space {
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
        // Reached in place: a copy of the space would count references for every id.
        guard
            let index = spaces[Int(id.space)].texts.index(
                of: batch.idBytes.span, id.range, hash: id.hash)
        else { return nil }
        return NodeID(spaces[Int(id.space)].nodesOfTexts[Int(index)])
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
struct IntegerTable {
    private var keys = [Int64](repeating: 0, count: 1 << 10)
    /// `UInt64.max` marks a free slot; it is never the number of a node.
    private var values = [UInt64](repeating: .max, count: 1 << 10)
    private var count = 0

    subscript(key: Int64) -> UInt64? {
        get {
            let value = values[slot(key)]
            return value == .max ? nil : value
        }
        set {
            guard let newValue else { return }
            if count * 2 >= keys.count { grow() }
            let slot = slot(key)
            if values[slot] == .max { count += 1 }
            keys[slot] = key
            values[slot] = newValue
        }
    }

    private func slot(_ key: Int64) -> Int {
        let mask = keys.count - 1
        var slot = Int(truncatingIfNeeded: ByteHash.hash(UInt64(bitPattern: key))) & mask
        while values[slot] != .max, keys[slot] != key { slot = (slot + 1) & mask }
        return slot
    }

    private mutating func grow() {
        let (oldKeys, oldValues) = (keys, values)
        keys = [Int64](repeating: 0, count: oldKeys.count * 2)
        values = [UInt64](repeating: .max, count: oldKeys.count * 2)
        for (index, value) in oldValues.enumerated() where value != .max {
            let slot = slot(oldKeys[index])
            keys[slot] = oldKeys[index]
            values[slot] = value
        }
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
