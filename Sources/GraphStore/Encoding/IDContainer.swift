internal import LMDB

// A set of ids that share all bits but the lowest 13. Format version 1; after Chambi, Lemire,
// Kaser and Godin, "Better bitmap performance with Roaring bitmaps" (2016), in one small value.
//
// | offset | size | meaning                                                          |
// |--------|------|------------------------------------------------------------------|
// | 0      | 1    | kind: 1 array, 2 bitmap, 3 runs; others reserved                 |
// | 1      | 2    | number of ids, 1 … 8192                                          |
// | 3      | …    | array: 2 bytes an id, ascending                                  |
// |        |      | bitmap: 1024 bytes, id 0 in the lowest bit of the first          |
// |        |      | runs: 2 bytes first id and 2 bytes length − 1 each; ascending,   |
// |        |      | at least one absent id between two runs                          |
//
// Numbers are little-endian. A set is written in the smallest of the three forms; on a tie the
// order is array, runs, bitmap. So equal sets are equal bytes.

/// A set of 13-bit numbers in one value.
enum IDContainer {
    /// The bits of an id that the container holds; the others are in its key.
    static let bits = 13
    /// One more than the largest number it can hold.
    static let capacity = 1 << bits

    enum Kind {
        static let array: UInt8 = 1
        static let bitmap: UInt8 = 2
        static let runs: UInt8 = 3
    }

    /// What became of a set from which an id was to be removed.
    enum Removal: Equatable {
        /// The id was not there; nothing was appended.
        case unchanged
        /// The set without the id was appended.
        case changed
        /// It was the only id; nothing was appended, and the value can go.
        case emptied
        /// The bytes are damaged; nothing was appended.
        case damaged
    }

    /// Appends the set of ids that ascend without repetition; nothing for none.
    static func encode(_ sorted: [UInt16], into writer: inout ByteWriter) {
        guard let last = sorted.last else { return }
        precondition(last < UInt16(capacity), "a container holds 13 bits of an id")
        var runs = 1
        for index in sorted.indices.dropFirst() where sorted[index] &- sorted[index &- 1] != 1 {
            runs &+= 1
        }
        guard sorted.count &* 2 <= min(runs &* 4, capacity / 8) else {
            var set = IDBits()
            for low in sorted { set.insert(low) }
            return set.encode(into: &writer)
        }
        writer.append(Kind.array)
        writer.appendLE16(UInt16(sorted.count))
        for low in sorted { writer.appendLE16(low) }
    }

    /// Appends a set with one more id.
    ///
    /// - Returns: true when the id is new; false, with nothing appended, when it was there; nil,
    ///   with nothing appended, when the old bytes are damaged.
    static func inserting(
        _ low: UInt16, into old: RawSpan?, output: inout ByteWriter
    ) -> Bool? {
        guard let old else {
            encode([low], into: &output)
            return true
        }
        guard let head = Head(old) else { return nil }
        if head.kind == Kind.array {
            switch head.splice(low, old, &output) {
            case .done(let isNew): return isNew
            case .damaged: return nil
            case .otherForm: break
            }
        }
        var set = IDBits()
        guard set.load(old) else { return nil }
        guard !set.contains(low) else { return false }
        set.insert(low)
        set.encode(into: &output)
        return true
    }

    /// Appends a set without an id.
    static func removing(
        _ low: UInt16, from old: RawSpan, output: inout ByteWriter
    ) -> Removal {
        var set = IDBits()
        guard set.load(old) else { return .damaged }
        guard set.contains(low) else { return .unchanged }
        set.remove(low)
        guard !set.isEmpty else { return .emptied }
        set.encode(into: &output)
        return .changed
    }

    /// Whether the set has an id; false for damaged bytes.
    ///
    /// - Complexity: O(1) for a bitmap, O(log) of the entries else.
    static func contains(_ low: UInt16, in bytes: RawSpan) -> Bool {
        guard let head = Head(bytes) else { return false }
        switch head.kind {
        case Kind.bitmap:
            let byte = bytes.loadUInt8(at: 3 &+ Int(low &>> 3) & 1023)
            return low < UInt16(capacity) && (byte &>> UInt8(low & 7)) & 1 == 1
        case Kind.array:
            let index = head.firstEntry(above: low, bytes)
            return index > 0 && head.entry(index &- 1, bytes) == low
        default:
            let index = head.firstEntry(above: low, bytes)
            guard index > 0 else { return false }
            return low &- head.entry(index &- 1, bytes) <= head.runLength(index &- 1, bytes)
        }
    }

    /// The number of ids; nil for damaged bytes.
    static func count(_ bytes: RawSpan) -> Int? { Head(bytes)?.count }

    /// Appends the ids, ascending; false for damaged bytes, when some may have been appended.
    static func decode(_ bytes: RawSpan, into ids: inout [UInt16]) -> Bool {
        guard let head = Head(bytes) else { return false }
        let end = ids.count &+ head.count
        switch head.kind {
        case Kind.array:
            for index in 0..<head.count { ids.append(head.entry(index, bytes)) }
        case Kind.runs:
            for index in 0..<head.entries {
                let first = head.entry(index, bytes)
                let length = head.runLength(index, bytes)
                guard Int(first) &+ Int(length) < capacity, ids.count &+ Int(length) < end else {
                    return false
                }
                for low in first...(first &+ length) { ids.append(low) }
            }
        default:
            for word in 0..<(capacity / 64) {
                var rest = bytes.loadLE64(at: 3 &+ word &* 8)
                while rest != 0 {
                    guard ids.count < end else { return false }
                    ids.append(UInt16(word &* 64 &+ rest.trailingZeroBitCount))
                    rest &= rest &- 1
                }
            }
        }
        return ids.count == end
    }

    /// Whether the bytes are a set as `encode` writes it, save that its form need not be the
    /// smallest.
    static func isValid(_ bytes: RawSpan) -> Bool {
        var set = IDBits()
        return set.load(bytes)
    }

    /// The checked head of a container.
    struct Head {
        let kind: UInt8
        let count: Int
        /// Array: ids; runs: runs; bitmap: none.
        let entries: Int

        init?(_ bytes: RawSpan) {
            let size = bytes.byteCount &- 3
            guard size > 0 else { return nil }
            kind = bytes.loadUInt8(at: 0)
            count = Int(bytes.loadLE16(at: 1))
            guard count > 0, count <= capacity else { return nil }
            switch kind {
            case Kind.array:
                entries = count
                guard size == count &* 2 else { return nil }
            case Kind.bitmap:
                entries = 0
                guard size == capacity / 8 else { return nil }
            case Kind.runs:
                entries = size / 4
                guard size & 3 == 0, entries <= count else { return nil }
            default: return nil
            }
        }

        enum Splice {
            case done(isNew: Bool)
            case damaged
            case otherForm
        }

        /// Appends an array with one more id, unless runs or a bitmap would be smaller.
        func splice(
            _ low: UInt16, _ bytes: RawSpan, _ output: inout ByteWriter
        ) -> Splice {
            let new = Int(low)
            precondition(new < capacity, "a container holds 13 bits of an id")
            var (runs, previous, position) = (0, -2, count)
            for index in 0..<count {
                let id = Int(bytes.loadLE16(at: 3 &+ index &* 2))
                guard id < capacity, index == 0 || id > previous || id == new else {
                    return .damaged
                }
                if id == new { return isAscending(bytes) ? .done(isNew: false) : .damaged }
                if position == count, id > new {
                    position = index
                    if new != previous &+ 1 { runs &+= 1 }
                    previous = new
                }
                if id != previous &+ 1 { runs &+= 1 }
                previous = id
            }
            if position == count, new != previous &+ 1 { runs &+= 1 }
            guard (count &+ 1) &* 2 <= min(runs &* 4, capacity / 8) else { return .otherForm }
            output.append(kind)
            output.appendLE16(UInt16(count &+ 1))
            output.append(bytes.extracting(3..<(3 &+ position &* 2)))
            output.appendLE16(low)
            output.append(bytes.extracting((3 &+ position &* 2)..<bytes.byteCount))
            return .done(isNew: true)
        }

        /// Whether the entries of an array ascend.
        private func isAscending(_ bytes: RawSpan) -> Bool {
            for index in 1..<max(count, 1) {
                guard entry(index &- 1, bytes) < entry(index, bytes) else { return false }
            }
            return entry(count &- 1, bytes) < UInt16(capacity)
        }

        @inline(__always)
        func entry(_ index: Int, _ bytes: RawSpan) -> UInt16 {
            bytes.loadLE16(at: 3 &+ index &* (kind == Kind.runs ? 4 : 2))
        }

        @inline(__always)
        func runLength(_ index: Int, _ bytes: RawSpan) -> UInt16 {
            bytes.loadLE16(at: 5 &+ index &* 4)
        }

        /// The index of the first entry that is greater than a number.
        func firstEntry(above low: UInt16, _ bytes: RawSpan) -> Int {
            var (from, to) = (0, entries)
            while from < to {
                let middle = (from &+ to) &>> 1
                if entry(middle, bytes) <= low { from = middle &+ 1 } else { to = middle }
            }
            return from
        }
    }
}
