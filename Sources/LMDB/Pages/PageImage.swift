/// One page of a data file as its bytes are, none of them trusted.
///
/// Layout of LMDB 0.9 on a 64-bit little-endian machine:
///
/// | offset | bytes | meaning |
/// |---|---|---|
/// | 0 | 8 | page number |
/// | 8 | 2 | unused |
/// | 10 | 2 | flags: 1 branch, 2 leaf, 4 overflow, 8 meta |
/// | 12 | 2 | end of the array of node offsets (overflow: 4 bytes, number of pages of the run) |
/// | 14 | 2 | start of the nodes |
/// | 16 | 2 each | offsets of the nodes, in the order of their keys |
///
/// A node is two 16-bit halves of the value's size, flags (2 bytes), key size (2), key, value; nodes
/// fill the page from the start of the nodes to its end, each rounded up to an even size. Flag 1: the
/// value lies on a run of overflow pages whose number stands in its place; 2: the value is the record
/// of a table. In a branch, size and flags are the 48-bit number of the child, there is no value, and
/// the key of the first node does not count.
struct PageImage {
    let number: UInt64
    let bytes: [UInt8]

    enum Kind: UInt16 {
        case branch = 1
        case leaf = 2
        case overflow = 4

        var name: String {
            switch self {
            case .branch: "an inner page"
            case .leaf: "a leaf"
            case .overflow: "a run of overflow pages"
            }
        }
    }

    /// A record of a leaf, or an entry of a branch.
    struct Node {
        let key: Range<Int>
        let flags: UInt16
        /// The size of the value in bytes; of a branch node, nothing.
        let valueSize: Int
        /// Where the value, or the number of its overflow pages, begins.
        let valueStart: Int
        /// The child of a branch node.
        let child: UInt64

        var isOnOverflowPages: Bool { flags & 1 != 0 }
        var isTable: Bool { flags & 2 != 0 }
    }

    static let headerBytes = 16
    private static let nodeBytes = 8
    /// The longest key; LMDB 0.9 is built so.
    static let longestKey = 511

    var span: RawSpan { @_lifetime(borrow self) get { bytes.rawSpan } }
    var pageSize: Int { bytes.count }
    var flags: UInt16 { bytes.rawSpan.loadLE16(at: 10) }
    /// The end of the offsets and the start of the nodes.
    var lower: Int { Int(bytes.rawSpan.loadLE16(at: 12)) }
    var upper: Int { Int(bytes.rawSpan.loadLE16(at: 14)) }
    /// Of an overflow page: the pages of its run.
    var runPages: UInt64 { UInt64(bytes.rawSpan.loadLE32(at: 12)) }
    /// Bytes in use, the header apart.
    var usedBytes: Int { lower - Self.headerBytes + pageSize - upper }

    func key(_ node: Node) -> [UInt8] { Array(bytes[node.key]) }

    /// The number of the first overflow page of a node's value.
    func overflowPage(_ node: Node) -> UInt64 { bytes.rawSpan.loadLE64(at: node.valueStart) }

    /// What is wrong with the head of the page; nil when it is one of this kind.
    func headFault(_ kind: Kind) -> String? {
        let stored = bytes.rawSpan.loadLE64(at: 0)
        if flags != kind.rawValue {
            return "it should be \(kind.name), and its flags are \(flags)"
        }
        if stored != number { return "it says it is page \(stored)" }
        return nil
    }

    /// The nodes of a branch or leaf in the order of their keys, or what is wrong with the page.
    func nodes(_ kind: Kind) -> (nodes: [Node], fault: String?) {
        if let fault = headFault(kind) { return ([], fault) }
        guard lower >= Self.headerBytes, lower & 1 == 0, upper & 1 == 0, lower <= upper,
            upper <= pageSize
        else { return ([], "its bounds are \(lower) and \(upper)") }
        let count = (lower - Self.headerBytes) / 2
        var nodes: [Node] = []
        nodes.reserveCapacity(count)
        var extents: [Range<Int>] = []
        extents.reserveCapacity(count)
        for index in 0..<count {
            let start = Int(bytes.rawSpan.loadLE16(at: Self.headerBytes + index * 2))
            guard start >= upper, start & 1 == 0, start + Self.nodeBytes <= pageSize,
                let (node, end) = node(at: start, kind)
            else { return (nodes, "node \(index) lies outside of its page") }
            if let fault = Self.fault(of: node, at: index, kind) { return (nodes, fault) }
            nodes.append(node)
            extents.append(start..<end)
        }
        // Nodes leave no gap and share no byte: any wrong offset or size breaks that.
        extents.sort { $0.lowerBound < $1.lowerBound }
        var expected = upper
        for extent in extents {
            guard extent.lowerBound == expected else {
                return (nodes, "nodes overlap or leave a gap at offset \(expected)")
            }
            expected = extent.upperBound
        }
        guard expected == pageSize else {
            return (nodes, "its last node ends at offset \(expected)")
        }
        return (nodes, nil)
    }

    private func node(at start: Int, _ kind: Kind) -> (Node, end: Int)? {
        let span = bytes.rawSpan
        let size = span.loadLE32(at: start)
        let flags = span.loadLE16(at: start + 4)
        let keySize = Int(span.loadLE16(at: start + 6))
        let keyStart = start + Self.nodeBytes
        let keyEnd = keyStart + keySize
        var end = keyEnd
        if kind == .leaf { end += flags & 1 != 0 ? 8 : Int(size) }
        end += end & 1
        guard end <= pageSize else { return nil }
        let node = Node(
            key: keyStart..<keyEnd, flags: flags, valueSize: Int(size), valueStart: keyEnd,
            child: UInt64(size) | UInt64(flags) << 32)
        return (node, end)
    }

    private static func fault(of node: Node, at index: Int, _ kind: Kind) -> String? {
        // The first key of a branch stands for "all that is smaller".
        let hasKey = kind == .leaf || index > 0
        if node.key.count > longestKey || hasKey && node.key.isEmpty {
            return "node \(index) has a key of \(node.key.count) bytes"
        }
        if kind == .leaf, node.flags > 2 { return "node \(index) has the flags \(node.flags)" }
        return nil
    }

    /// How many pages a value of this size takes.
    static func overflowPages(valueSize: Int, pageSize: Int) -> UInt64 {
        UInt64((headerBytes - 1 + valueSize) / pageSize + 1)
    }
}

/// A set of page numbers: a bit each.
struct PageSet {
    private var words: [UInt64]
    private(set) var count = 0

    /// Room for pages below a number.
    init(below end: UInt64) { words = [UInt64](repeating: 0, count: Int(end / 64) + 1) }

    func contains(_ page: UInt64) -> Bool {
        guard page / 64 < UInt64(words.count) else { return false }
        return words[Int(page / 64)] & 1 << (page % 64) != 0
    }

    /// Adds a page; false when it is in the set already, or beyond its room.
    mutating func insert(_ page: UInt64) -> Bool {
        guard page / 64 < UInt64(words.count), !contains(page) else { return false }
        words[Int(page / 64)] |= 1 << (page % 64)
        count += 1
        return true
    }
}
