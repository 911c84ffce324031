import GraphAlgorithms
import GraphStore
import PropertyGraph

/// The questions that go far or over all nodes, asked of derived files: compressed sparse rows and
/// columns, which are mapped and kept up with the database. Every operation first asks whether they
/// still are.
struct MappedReads {
    let db: GraphDatabase
    private let related: LiveProjection
    private let prerequisites: LiveProjection

    init(_ db: GraphDatabase) {
        self.db = db
        related = db.liveProjection(
            Projection(
                labels: ["Concept"], types: ["RELATED_TO"],
                nodeProperties: ["difficulty", "minutes"]))
        prerequisites = db.liveProjection(
            Projection(labels: ["Concept"], types: ["PREREQUISITE"]))
    }

    func run() throws {
        for (hops, operations) in [(1, 20_000), (2, 10_000), (3, 2_000)] {
            try measureReads("hop\(hops)_mapped", operations: operations) {
                try reached(operations, related, within: hops)
            }
        }
        try measureReads("closure_mapped", operations: 2_000) {
            try reached(2_000, prerequisites, within: .max)
        }
        try measureReads("learning_path", operations: 2_000) { try learningPaths(2_000) }
        try measureReads("shortest_path", operations: 1_000) { try paths(1_000) }
        try measureReads("filter_top10", operations: 2_000) { try filtered(2_000) }
        let columns = db.liveNodeColumns(["domain", "minutes"], label: "Concept")
        let titles = db.liveNodeColumns(["title"], label: "Concept")
        try measureReads("sum_minutes", operations: 20) {
            try repeated(20) { Int(try columns.columns()["minutes"]?.summary()?.sum ?? 0) }
        }
        try measureReads("group_domain", operations: 20) {
            try repeated(20) {
                try columns.columns()["domain"]?.groups().map(\.count).max() ?? 0
            }
        }
        try measureReads("contains", operations: Needles.all.count) {
            var found = 0
            for needle in Needles.all {
                found += try titles.columns()["title"]?.count(where: .contains(needle)) ?? 0
            }
            return (found, found)
        }
        try measureReads("pagerank20", operations: 1) {
            let graph = try related.graph()
            let ranks = try PageRank(iterations: 20).run(on: graph).ranks
            let best = ranks.indices.max { ranks[$0] < ranks[$1] } ?? 0
            return (graph.edgeCount * 20, best)
        }
        MemoryWatch.reportResident("resident")
    }

    private func repeated(_ times: Int, _ body: () throws -> Int) rethrows -> (Int, Int) {
        var answer = 0
        for _ in 0..<times { answer += try body() }
        return (answer, answer)
    }

    private func reached(_ operations: Int, _ live: LiveProjection, within steps: Int) throws -> (
        Int, Int
    ) {
        let graph = try live.graph()
        var reach = Reach(over: graph.outgoing)
        var starts = Starts()
        var total = 0
        for _ in 0..<operations {
            guard try live.graph().edgeCount == graph.edgeCount else { break }
            let start = UInt32(starts.next(below: UInt64(graph.nodeCount)))
            try reach.search(from: [start], within: steps)
            total += reach.count - 1
        }
        return (total, total)
    }

    /// What a learner does not know of all that a concept needs.
    private func learningPaths(_ operations: Int) throws -> (Int, Int) {
        let graph = try prerequisites.graph()
        let learners = try db.read { try $0.nodeIDs(label: "Learner") }
        var reach = Reach(over: graph.outgoing)
        var starts = Starts()
        var total = 0
        for _ in 0..<operations {
            guard try prerequisites.graph().edgeCount == graph.edgeCount else { break }
            let start = Int(starts.next(below: UInt64(graph.nodeCount)))
            try reach.search(from: [UInt32(start)])
            let (found, first) = (reach, UInt32(start))
            let known = try db.read { txn in
                var known = 0
                try txn.forEachNeighbor(of: learners[start % learners.count], type: "KNOWS") {
                    if let node = graph.index(ofID: $0.node.rawValue), node != first,
                        found.contains(node)
                    {
                        known += 1
                    }
                    return true
                }
                return known
            }
            total += reach.count - 1 - known
        }
        return (total, total)
    }

    /// The number of edges of a shortest path of at most ten; 0 where there is none.
    private func paths(_ operations: Int) throws -> (Int, Int) {
        let graph = try related.graph()
        var search = try PathSearch(in: graph)
        var starts = Starts()
        var total = 0
        for _ in 0..<operations {
            guard try related.graph().edgeCount == graph.edgeCount else { break }
            let source = UInt32(starts.next(below: UInt64(graph.nodeCount)))
            let target = UInt32(starts.next(below: UInt64(graph.nodeCount)))
            if let path = try search.path(from: source, to: target, within: 10) {
                total += path.count - 1
            }
        }
        return (total, total)
    }

    /// The ten easy concepts within two steps that take longest.
    private func filtered(_ operations: Int) throws -> (Int, Int) {
        let graph = try related.graph()
        guard let difficulty = graph.nodeColumns["difficulty"],
            let minutes = graph.nodeColumns["minutes"]
        else { return (0, 0) }
        var reach = Reach(over: graph.outgoing)
        var starts = Starts()
        var total = 0
        var rows = 0
        for _ in 0..<operations {
            guard try related.graph().edgeCount == graph.edgeCount else { break }
            try reach.search(
                from: [UInt32(starts.next(below: UInt64(graph.nodeCount)))], within: 2)
            let easy = reach.nodes.dropFirst().filter {
                (difficulty.double(at: Int($0)) ?? 1) < 0.5
            }
            let top = minutes.largest(10, among: easy)
            for node in top { total += Int(minutes.integer(at: Int(node)) ?? 0) }
            rows += top.count
        }
        return (rows, total)
    }
}

/// What CONTAINS looks for; the same in every engine.
enum Needles {
    static let all = [
        "enzyme", "sensor", "recursion", "layer", "manifold", "heat over", "poly", "Stochastic",
        "zzz", "of",
    ]
}
