import PropertyGraph
import Synchronization

/// Moves nodes on several threads, so that the outcome does not depend on how many there are.
///
/// The nodes are cut into stretches. A few stretches at a time are worked on at once; in each,
/// nodes move one after the other and see the moves of their own stretch, but those of the others
/// only once all are done. The cuts, and which stretches go together, depend on the graph alone.
/// Two nodes that change places unseen by one another are asked again, in other company.
///
/// - SeeAlso: Staudt, Meyerhenke, *Engineering Parallel Algorithms for Community Detection in
///   Massive Networks* (2016), whose threads see moves at once, and so find another answer each
///   time; Sahu, *GVE-Leiden* (2023) for flags instead of a queue.
struct BlockMoving {
    private let graph: LevelGraph
    private let scale: Double
    private let options: RunOptions
    private let stretches: [Range<Int>]
    private let workers: Int
    private let replicas: [MovingReplica]
    /// One bit for each node that is to be asked.
    private var waiting: [UInt64]
    /// For each 64 nodes whether they are in the company now at work.
    private var isAtWork: [Bool]
    /// The moves that the replicas have not heard of yet, by stretch.
    private var news: [[Move]] = []
    /// Whether the first pass, too, goes through stretches in an order that the seed draws.
    private let isShuffled: Bool
    private var random: SeededRandom
    private(set) var moves = 0

    /// A node that moved.
    struct Move: Sendable {
        let node: UInt32
        let from: UInt32
        let to: UInt32
    }

    /// How many stretches are worked on at once, whatever the number of threads. More would need
    /// fewer meetings, but where few nodes move, they move to and fro unseen (measured: a third
    /// slower on R-MAT 16).
    private static let companySize = 8
    /// Fewer companies than this would see too little of one another's moves.
    private static let leastCompanies = 6

    /// - Parameters:
    ///   - communities: Where nodes are at the start, labels below their number.
    ///   - memory: Holds the replicas, which nobody else may use meanwhile.
    /// - Returns: Nil when the graph is better left to one thread.
    init?(
        _ graph: LevelGraph, resolution: Double, communities: [UInt32], seed: UInt64,
        _ memory: MovingMemory, _ options: RunOptions
    ) throws(AlgorithmError) {
        let work = graph.arcCount + 4 * graph.nodeCount
        let size = max(options.blockSize / 8, work / 512, 1)
        guard work / size >= Self.leastCompanies * Self.companySize else { return nil }
        self.graph = graph
        self.options = options
        scale = graph.total > 0 ? resolution / graph.total : 0
        stretches = Self.cut(graph.offsets.span, size)
        workers = options.workerCount(work: 8 * work, tasks: Self.companySize)
        let replicas = memory.replicas(workers)
        self.replicas = replicas
        waiting = [UInt64](repeating: .max, count: (graph.nodeCount + 63) / 64)
        if graph.nodeCount % 64 > 0 {
            waiting[waiting.count - 1] = (1 << UInt64(graph.nodeCount % 64)) - 1
        }
        isAtWork = [Bool](repeating: false, count: waiting.count)
        isShuffled = seed != 0
        random = SeededRandom(seed: seed)
        _ = try options.onWorkers(workers) { worker in
            replicas[worker].state.withLock { $0.restart(graph, communities) }
        }
    }

    /// Ranges of whole words of nodes, with about so much work each.
    static func cut(_ offsets: Span<UInt64>, _ size: Int) -> [Range<Int>] {
        let count = offsets.count - 1
        var ranges: [Range<Int>] = []
        var first = 0
        for end in stride(from: 64, to: count + 64, by: 64) {
            let end = min(end, count)
            let arcs = Int(truncatingIfNeeded: offsets[end] &- offsets[first])
            if arcs + 4 * (end - first) >= size || end == count {
                ranges.append(first..<end)
                first = end
            }
        }
        return ranges
    }

    /// Goes through the waiting nodes until few are left; returns who still waits. Where nodes are
    /// then, the first replica of the memory knows.
    mutating func run() throws(AlgorithmError) -> [UInt64] {
        for pass in 0..<Self.mostPasses {
            var order = stretches.filter { Self.words($0).contains { waiting[$0] != 0 } }
            if pass > 0 || isShuffled { shuffle(&order) }
            for first in stride(from: 0, to: order.count, by: Self.companySize) {
                try work(Array(order[first..<min(first + Self.companySize, order.count)]))
            }
            if isNearlyDone() { break }
        }
        let (graph, news) = (graph, news)
        replicas[0].state.withLock { $0.hear(news, graph.degrees.span) }
        return waiting
    }

    private static let mostPasses = 20

    /// Who would do better elsewhere by more than the tolerance as things are; nobody moves.
    func nodesThatGain() throws(AlgorithmError) -> [UInt64] {
        let dispenser = TaskDispenser(count: stretches.count, options: options)
        let (graph, scale, replicas, stretches) = (graph, scale, replicas, stretches)
        _ = try options.onWorkers(workers) { worker throws(AlgorithmError) in
            try replicas[worker].state.withLock { state throws(AlgorithmError) in
                while let task = try dispenser.take() {
                    state.callThoseThatGain(stretches[task], graph, scale)
                }
            }
        }
        var found = [UInt64](repeating: 0, count: waiting.count)
        for replica in replicas {
            replica.state.withLock { $0.handOver(to: &found) }
        }
        return found
    }

    private mutating func shuffle(_ order: inout [Range<Int>]) {
        for place in order.indices.reversed() where place > 0 {
            order.swapAt(place, random.below(place + 1))
        }
    }

    /// Whether so little is left to ask that one thread does it sooner.
    private func isNearlyDone() -> Bool {
        let offsets = graph.offsets.span
        var work = 0
        for (index, word) in waiting.enumerated() {
            var left = word
            while left != 0 {
                let node = index * 64 + left.trailingZeroBitCount
                left &= left &- 1
                work += Int(truncatingIfNeeded: offsets[node + 1] &- offsets[node]) + 4
            }
        }
        return work < (graph.arcCount + 4 * graph.nodeCount) / 16
    }

    /// Works on some stretches at once.
    private mutating func work(_ company: [Range<Int>]) throws(AlgorithmError) {
        mark(company, true)
        let dispenser = TaskDispenser(count: company.count, options: options)
        let (graph, scale, replicas, news) = (graph, scale, replicas, news)
        let (waiting, isAtWork) = (waiting, isAtWork)
        let parts = try options.onWorkers(workers) {
            worker throws(AlgorithmError) -> [(Int, [Move])] in
            var part: [(Int, [Move])] = []
            try replicas[worker].state.withLock { state throws(AlgorithmError) in
                state.hear(news, graph.degrees.span)
                while let task = try dispenser.take() {
                    let moves = state.visit(company[task], graph, scale, waiting, isAtWork)
                    part.append((task, moves))
                }
            }
            return part
        }
        self.news = parts.flatMap(\.self).sorted { $0.0 < $1.0 }.map(\.1)
        for stretch in self.news { moves += stretch.count }
        mark(company, false)
        for stretch in company {
            for word in Self.words(stretch) { self.waiting[word] = 0 }
        }
        for replica in replicas {
            replica.state.withLock { $0.handOver(to: &self.waiting) }
        }
    }

    private mutating func mark(_ company: [Range<Int>], _ value: Bool) {
        for stretch in company { for word in Self.words(stretch) { isAtWork[word] = value } }
    }

    /// The words that hold the bits of a stretch.
    static func words(_ stretch: Range<Int>) -> Range<Int> {
        stretch.lowerBound / 64..<(stretch.upperBound + 63) / 64
    }
}
