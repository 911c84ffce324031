internal import LMDB

/// The bitmap of a container: what changes to a container are made in.
///
/// - Complexity: loading and writing pass over 128 words, whatever the set.
struct IDBits {
    private static let wordCount = IDContainer.capacity / 64
    // An array: reading one element of an `InlineArray` was measured to copy all of it.
    private var words = [UInt64](repeating: 0, count: wordCount)

    var isEmpty: Bool {
        for index in 0..<Self.wordCount where words[index] != 0 { return false }
        return true
    }

    /// Numbers above 13 bits are a programmer's error.
    mutating func insert(_ low: UInt16) {
        precondition(low < UInt16(IDContainer.capacity), "a container holds 13 bits of an id")
        words[Int(low &>> 6)] |= 1 &<< UInt64(low & 63)
    }

    mutating func remove(_ low: UInt16) {
        precondition(low < UInt16(IDContainer.capacity), "a container holds 13 bits of an id")
        words[Int(low &>> 6)] &= ~(1 &<< UInt64(low & 63))
    }

    func contains(_ low: UInt16) -> Bool {
        precondition(low < UInt16(IDContainer.capacity), "a container holds 13 bits of an id")
        return (words[Int(low &>> 6)] &>> UInt64(low & 63)) & 1 == 1
    }

    /// Takes in a container, all of whose bytes are checked; false when they are damaged.
    mutating func load(_ bytes: RawSpan) -> Bool {
        guard let head = IDContainer.Head(bytes) else { return false }
        switch head.kind {
        case IDContainer.Kind.array: return loadArray(head, bytes)
        case IDContainer.Kind.runs: return loadRuns(head, bytes)
        default:
            var count = 0
            for index in 0..<Self.wordCount {
                let word = bytes.loadLE64(at: 3 &+ index &* 8)
                count &+= word.nonzeroBitCount
                words[index] = word
            }
            return count == head.count
        }
    }

    private mutating func loadArray(_ head: IDContainer.Head, _ bytes: RawSpan) -> Bool {
        var next = 0
        for index in 0..<head.count {
            let low = head.entry(index, bytes)
            guard Int(low) >= next, low < UInt16(IDContainer.capacity) else { return false }
            insert(low)
            next = Int(low) &+ 1
        }
        return true
    }

    private mutating func loadRuns(_ head: IDContainer.Head, _ bytes: RawSpan) -> Bool {
        var next = 0
        var count = 0
        for index in 0..<head.entries {
            let first = Int(head.entry(index, bytes))
            let end = first &+ Int(head.runLength(index, bytes)) &+ 1
            guard first >= next, end <= IDContainer.capacity else { return false }
            fill(first, end)
            count &+= end &- first
            // Runs that touch would be one run.
            next = end &+ 1
        }
        return count == head.count
    }

    /// Sets the bits `first ..< end`, of which there is at least one.
    private mutating func fill(_ first: Int, _ end: Int) {
        let (from, to) = (first &>> 6, (end &- 1) &>> 6)
        let head = UInt64.max &<< UInt64(first & 63)
        let tail = UInt64.max &>> UInt64(63 &- (end &- 1) & 63)
        if from == to {
            words[from] |= head & tail
            return
        }
        words[from] |= head
        for index in (from &+ 1)..<to { words[index] = .max }
        words[to] |= tail
    }

    /// Appends the set in its smallest form; nothing when it is empty.
    func encode(into writer: inout ByteWriter) {
        var (count, runs, carry) = (0, 0, UInt64(0))
        for index in 0..<Self.wordCount {
            let word = words[index]
            count &+= word.nonzeroBitCount
            // A run begins at each set bit whose lower neighbour is clear.
            runs &+= (word & ~((word &<< 1) | carry)).nonzeroBitCount
            carry = word &>> 63
        }
        guard count > 0 else { return }
        let (arraySize, runSize, bitmapSize) = (count &* 2, runs &* 4, IDContainer.capacity / 8)
        if arraySize <= runSize, arraySize <= bitmapSize {
            appendHead(IDContainer.Kind.array, count, into: &writer)
            appendArray(into: &writer)
        } else if runSize <= bitmapSize {
            appendHead(IDContainer.Kind.runs, count, into: &writer)
            appendRuns(into: &writer)
        } else {
            appendHead(IDContainer.Kind.bitmap, count, into: &writer)
            for index in 0..<Self.wordCount { writer.appendLE64(words[index]) }
        }
    }

    private func appendHead(_ kind: UInt8, _ count: Int, into writer: inout ByteWriter) {
        writer.append(kind)
        writer.appendLE16(UInt16(count))
    }

    private func appendArray(into writer: inout ByteWriter) {
        for index in 0..<Self.wordCount {
            var rest = words[index]
            while rest != 0 {
                writer.appendLE16(UInt16(index &* 64 &+ rest.trailingZeroBitCount))
                rest &= rest &- 1
            }
        }
    }

    private func appendRuns(into writer: inout ByteWriter) {
        var at = 0
        while let first = next(from: at, isSet: true) {
            let end = next(from: first, isSet: false) ?? IDContainer.capacity
            writer.appendLE16(UInt16(first))
            writer.appendLE16(UInt16(end &- first &- 1))
            at = end
        }
    }

    /// The first bit from an index on that is set, or clear.
    private func next(from start: Int, isSet: Bool) -> Int? {
        guard start < IDContainer.capacity else { return nil }
        var index = start &>> 6
        let flip: UInt64 = isSet ? 0 : .max
        var word = (words[index] ^ flip) & (UInt64.max &<< UInt64(start & 63))
        while word == 0 {
            index &+= 1
            guard index < Self.wordCount else { return nil }
            word = words[index] ^ flip
        }
        return index &* 64 &+ word.trailingZeroBitCount
    }
}
