import GraphStore
import PropertyGraph

/// A set of nodes that is cleared in the time it was filled.
struct NodeSet {
    private var bits: [UInt64]
    private(set) var members: [NodeID] = []

    init(capacity: Int) { bits = Array(repeating: 0, count: capacity / 64 + 2) }

    mutating func insert(_ node: NodeID) -> Bool {
        let index = Int(node.rawValue)
        let bit = UInt64(1) << UInt64(index & 63)
        if bits[index >> 6] & bit != 0 { return false }
        bits[index >> 6] |= bit
        members.append(node)
        return true
    }

    mutating func removeAll() {
        for member in members { bits[Int(member.rawValue) >> 6] = 0 }
        members.removeAll(keepingCapacity: true)
    }
}

/// The names of concepts.
enum Concepts {
    /// The key of a concept, by its number.
    static func key(_ number: UInt64) -> String {
        let digits = String(number)
        return "c" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }
}

struct Reads {
    let db: GraphDatabase
    /// The node of each concept, by its number.
    let concepts: [NodeID]
    let nodeCount: Int

    init(_ db: GraphDatabase) throws {
        self.db = db
        (concepts, nodeCount) = try db.read { txn in
            var concepts: [NodeID] = []
            try txn.forEachNode(label: "Concept") { node in
                concepts.append(node.id)
                return true
            }
            return (concepts, try txn.nodeCount())
        }
    }

    func run() throws {
        let count = UInt64(concepts.count)
        try measureReads("point", operations: 100_000) { try points(100_000, count) }
        try measureReads("point_one_txn", operations: 100_000) {
            try db.read { txn in try points(100_000, count, txn) }
        }
        for (hops, operations) in [(1, 20_000), (2, 10_000), (3, 2_000)] {
            try measureReads("hop\(hops)", operations: operations) {
                try expand(operations, "RELATED_TO", depth: hops)
            }
        }
        try measureReads("closure", operations: 2_000) {
            try expand(2_000, "PREREQUISITE", depth: .max)
        }
        try measureReads("scan_nodes", operations: 1) { try scan() }
        let prefixes = try db.read { try Self.prefixes(2_000, $0) }
        let watch = Stopwatch()
        let index = "titles-of-a-measure-\(UInt64.random(in: .min ... .max))"
        _ = try db.writeAlone { txn in
            try txn.createIndex(label: "Concept", properties: ["title"], name: index)
        }
        let spent = (watch.wall, watch.cpu)
        report("index_titles", spent.0, "s", spent, operations: concepts.count)
        try measureReads("starts_with", operations: 2_000) { try counted(prefixes) }
        // Commits, measured later, keep no index that their peers do not keep.
        try db.writeAlone { txn in try txn.dropSchemaObject(named: index) }
    }

    static func key(_ number: UInt64) -> PropertyValue { .string(Concepts.key(number)) }

    /// A transaction for each point.
    private func points(_ operations: Int, _ count: UInt64) throws -> (Int, Int) {
        var starts = Starts()
        var minutes = 0
        for _ in 0..<operations {
            let key = Self.key(starts.next(below: count))
            minutes += try db.read { txn in
                guard let id = try txn.node(label: "Concept", "key", key) else { return 0 }
                return Int(try txn.property("minutes", of: id)?.integerValue ?? 0)
            }
        }
        return (operations, minutes)
    }

    private func points(
        _ operations: Int, _ count: UInt64, _ txn: borrowing ReadTransaction
    ) throws -> (Int, Int) {
        var starts = Starts()
        var minutes = 0
        for _ in 0..<operations {
            let key = Self.key(starts.next(below: count))
            guard let id = try txn.node(label: "Concept", "key", key) else { continue }
            minutes += Int(try txn.property("minutes", of: id)?.integerValue ?? 0)
        }
        return (operations, minutes)
    }

    /// Distinct nodes within some steps, the start apart; a transaction for each start.
    private func expand(_ operations: Int, _ type: EdgeType, depth: Int) throws -> (Int, Int) {
        var starts = Starts()
        var total = 0
        var seen = NodeSet(capacity: nodeCount + 1)
        for _ in 0..<operations {
            let start = concepts[Int(starts.next(below: UInt64(concepts.count)))]
            try db.read { txn in
                seen.removeAll()
                _ = seen.insert(start)
                var level = 0
                var steps = 0
                while steps < depth, level < seen.members.count {
                    let end = seen.members.count
                    while level < end {
                        try txn.forEachNeighbor(of: seen.members[level], type: type) {
                            _ = seen.insert($0.node)
                            return true
                        }
                        level += 1
                    }
                    steps += 1
                }
            }
            total += seen.members.count - 1
        }
        return (total, total)
    }

    /// One concept by its key, and how many are beside it.
    func pointAndHop(_ starts: inout Starts) throws {
        let key = Self.key(starts.next(below: UInt64(concepts.count)))
        try db.read { txn in
            guard let id = try txn.node(label: "Concept", "key", key) else { return }
            _ = try txn.property("minutes", of: id)
            try txn.forEachNeighbor(of: id, type: "RELATED_TO") { _ in true }
        }
    }

    /// The first twelve bytes of titles.
    static func prefixes(
        _ operations: Int, _ txn: borrowing ReadTransaction
    ) throws -> [String] {
        var starts = Starts()
        let concepts = try txn.nodeIDs(label: "Concept")
        var prefixes: [String] = []
        for _ in 0..<operations {
            let concept = concepts[Int(starts.next(below: UInt64(concepts.count)))]
            let title = try txn.property("title", of: concept)?.stringValue ?? ""
            prefixes.append(String(decoding: title.utf8.prefix(12), as: UTF8.self))
        }
        return prefixes
    }

    /// How many titles begin with each; a transaction for each.
    private func counted(_ prefixes: [String]) throws -> (Int, Int) {
        var found = 0
        for prefix in prefixes {
            found += try db.read { txn in
                try txn.nodeCount(label: "Concept", where: "title", .startsWith(prefix))
            }
        }
        return (found, found)
    }

    private func scan() throws -> (Int, Int) {
        var minutes = 0
        try db.read { txn in
            try txn.forEachValue(of: "minutes", label: "Concept") { _, value in
                minutes += Int(value.integerValue ?? 0)
                return true
            }
        }
        return (concepts.count, minutes)
    }
}
