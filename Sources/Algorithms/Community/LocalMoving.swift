import PropertyGraph
import Synchronization

/// Moves nodes one at a time into the neighbouring community that raises modularity most, until no
/// move does.
///
/// Nodes wait in a queue; whoever moves calls those neighbours back that are now outside its
/// community. The order is fixed, so the same input gives the same communities. On a large graph
/// several threads do most of the way before.
struct LocalMoving: Sendable {
    let resolution: Double
    let options: RunOptions
    let memory = MovingMemory()

    /// How often a node is asked on average before moving ends for good.
    private static let limit = 100

    /// What moving came to.
    struct Outcome {
        /// Where nodes are, labels below their number.
        var communities: [UInt32]
        /// The weight of all ends of edges of each community's nodes; empty unless asked for.
        var totals: [Double]
        var moves: Int
    }

    init(resolution: Double, options: RunOptions) {
        self.resolution = resolution
        self.options = options
    }

    /// Moves nodes until none does better, most of the way on several threads when the graph is
    /// large.
    ///
    /// - Parameters:
    ///   - communities: Where nodes are at the start; nil puts each into a community of its own.
    ///   - isShuffled: Whether nodes are asked in an order that the seed draws; seed 0 stands for
    ///     their own, which is kind to the cache.
    ///   - givesTotals: Whether what communities weigh is asked for.
    func moveAll(
        _ graph: LevelGraph, from communities: [UInt32]?, isShuffled: Bool, givesTotals: Bool
    ) throws(AlgorithmError) -> Outcome {
        var labels = communities ?? []
        if communities == nil {
            labels.reserveCapacity(graph.nodeCount)
            for node in 0..<graph.nodeCount { labels.append(UInt32(truncatingIfNeeded: node)) }
        }
        let seed = isShuffled ? options.seed : 0
        if var blocks = try BlockMoving(
            graph, resolution: resolution, communities: labels, seed: seed, memory, options)
        {
            let waiting = try blocks.run()
            return try moveQueued(
                graph, movesBefore: blocks.moves, givesTotals: givesTotals
            ) { $0.fill(waiting) }
        }
        memory.first.state.withLock { $0.restart(graph, labels) }
        return try moveQueued(graph, givesTotals: givesTotals) {
            $0.fillAll(Self.shuffledOrder(graph.nodeCount, seed))
        }
    }

    /// Moves nodes until none does better, where few are expected to: one thread moves those that
    /// several have found.
    func moveRest(
        _ graph: LevelGraph, from communities: [UInt32]
    ) throws(AlgorithmError) -> Outcome {
        if let blocks = try BlockMoving(
            graph, resolution: resolution, communities: communities, seed: 0, memory, options)
        {
            let waiting = try blocks.nodesThatGain()
            return try moveQueued(graph) { $0.fill(waiting) }
        }
        memory.first.state.withLock { $0.restart(graph, communities) }
        return try moveQueued(graph) { $0.fillAll() }
    }

    /// Moves the nodes that `fill` puts into the queue, and whoever they call back, from where the
    /// first replica has them.
    private func moveQueued(
        _ graph: LevelGraph, movesBefore: Int = 0, givesTotals: Bool = false,
        _ fill: (inout WaitingNodes) -> Void
    ) throws(AlgorithmError) -> Outcome {
        let scale = graph.total > 0 ? resolution / graph.total : 0
        return try memory.first.state.withLock { state throws(AlgorithmError) in
            state.queue.empty(capacity: graph.nodeCount)
            fill(&state.queue)
            let moves = try state.moveQueued(
                graph, scale, limit: Self.limit * graph.nodeCount, options)
            return Outcome(
                communities: state.labels, totals: givesTotals ? state.totals : [],
                moves: movesBefore + moves)
        }
    }

    private static func shuffledOrder(_ count: Int, _ seed: UInt64) -> [UInt32]? {
        guard seed != 0 else { return nil }
        var random = SeededRandom(seed: seed)
        var order: [UInt32] = []
        order.reserveCapacity(count)
        for node in 0..<count { order.append(UInt32(truncatingIfNeeded: node)) }
        random.shuffle(&order)
        return order
    }
}
