import GraphStore
import PropertyGraph

/// One node with a million edges: how fast it is read and how fast it grows.
struct Hub {
    let db: GraphDatabase
    private let hub: NodeID
    private let others: [NodeID]
    private static let degree = 1_000_000

    /// Makes the hub, its edges 10,000 to a transaction.
    init() throws {
        let db = try GraphDatabase.temporary()
        let (hub, others) = try db.write { txn in
            (try txn.createNode(), try (0..<Self.degree).map { _ in try txn.createNode() })
        }
        let watch = Stopwatch()
        for start in stride(from: 0, to: Self.degree, by: 10_000) {
            try db.writeAlone { txn in
                for place in start..<(start + 10_000) {
                    try txn.createEdge("LINKS", from: hub, to: others[place])
                }
            }
        }
        let spent = (watch.wall, watch.cpu)
        report(
            "hub_build", Double(Self.degree) / spent.0, "edges/s", spent, operations: Self.degree)
        (self.db, self.hub, self.others) = (db, hub, others)
    }

    func run() throws {
        try measureReads("hub_degree", operations: 1_000) {
            try repeating(1_000) { txn, _ in try txn.degree(of: hub, type: "LINKS") }
        }
        try measureReads("hub_first_10", operations: 1_000) {
            try repeating(1_000) { txn, _ in
                var count = 0
                try txn.forEachNeighbor(of: hub, type: "LINKS") { _ in
                    count += 1
                    return count < 10
                }
                return count
            }
        }
        try measureReads("hub_edge_exists", operations: 10_000) {
            var starts = Starts()
            let targets = (0..<10_000).map { _ in
                others[Int(starts.next(below: UInt64(others.count)))]
            }
            return try repeating(10_000) { txn, round in
                try txn.edgeIDs(from: hub, to: targets[round], type: "LINKS").count
            }
        }
        try measureReads("hub_scan", operations: 1) {
            try repeating(1) { txn, _ in
                var count = 0
                try txn.forEachNeighbor(of: hub, type: "LINKS") { _ in
                    count += 1
                    return true
                }
                return count
            }
        }
        try grow()
    }

    /// Edges added in transactions of 1,000, then removed again, at random places of the run.
    private func grow() throws {
        let rounds = 20
        var added: [[EdgeID]] = []
        var starts = Starts()
        var watch = Stopwatch()
        for _ in 0..<rounds {
            let targets = (0..<1_000).map { _ in
                others[Int(starts.next(below: UInt64(others.count)))]
            }
            let hub = hub
            added.append(
                try db.write { txn in
                    try targets.map { try txn.createEdge("LINKS", from: hub, to: $0) }
                })
        }
        var spent = (watch.wall, watch.cpu)
        report(
            "hub_add", spent.0 * 1e6 / Double(rounds * 1_000), "us/op", spent,
            operations: rounds * 1_000)
        watch = Stopwatch()
        for edges in added {
            try db.write { txn in for edge in edges { try txn.deleteEdge(edge) } }
        }
        spent = (watch.wall, watch.cpu)
        report(
            "hub_remove", spent.0 * 1e6 / Double(rounds * 1_000), "us/op", spent,
            operations: rounds * 1_000)
    }

    private func repeating(
        _ rounds: Int, _ body: (borrowing ReadTransaction, Int) throws -> Int
    ) throws -> (rows: Int, answer: Int) {
        var total = 0
        for round in 0..<rounds { total += try db.read { try body($0, round) } }
        return (total, total)
    }
}
