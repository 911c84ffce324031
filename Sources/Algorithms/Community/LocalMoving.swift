import PropertyGraph

/// Moves nodes one at a time into the neighbouring community that raises modularity most, until no
/// move does.
///
/// Nodes wait in a queue; whoever moves calls those neighbours back that are now outside its
/// community. The order is fixed, so the same input gives the same communities.
struct LocalMoving {
    private let graph: LevelGraph
    /// `resolution / total`.
    private let scale: Double
    var communities: [UInt32]
    private var accounts: [CommunityAccount]
    private var sizes: CommunitySizes
    var queue: WaitingNodes
    private var touched: [UInt32]

    /// The weight of all ends of edges of each community's nodes.
    var totals: [Double] { accounts.map(\.total) }

    /// - Parameter communities: Where nodes are at the start, labels below their number.
    init(_ graph: LevelGraph, resolution: Double, communities labels: [UInt32]) {
        self.graph = graph
        let count = graph.nodeCount
        scale = graph.total > 0 ? resolution / graph.total : 0
        accounts = [CommunityAccount](repeating: CommunityAccount(), count: count)
        sizes = CommunitySizes(labels)
        let degrees = graph.degrees.span
        for node in 0..<count { accounts[Int(labels[node])].total += degrees[node] }
        self.communities = labels
        touched = [UInt32](repeating: 0, count: graph.longestRow)
        queue = WaitingNodes(capacity: count)
    }

    /// Moves until the queue is empty or `limit` nodes for each of the graph were looked at;
    /// returns how many moves were made.
    ///
    mutating func run(limit: Int, options: RunOptions) throws(AlgorithmError) -> Int {
        var ticker = CancellationTicker(options)
        var moves = 0
        var left = limit * graph.nodeCount
        while queue.count > 0, left > 0 {
            let (moved, work) = visit(
                64, graph, scale, &communities, &accounts, &sizes, &queue, &touched)
            moves += moved
            left -= 64
            try ticker.tick(work)
        }
        return moves
    }
}

extension LocalMoving {
    /// What moving came to.
    struct Outcome {
        /// Where nodes are, labels below their number.
        var communities: [UInt32]
        /// The weight of all ends of edges of each community's nodes.
        var totals: [Double]
        var moves: Int
    }

    /// Moves nodes until none does better, most of the way on several threads when the graph is
    /// large.
    ///
    /// - Parameters:
    ///   - communities: Where nodes are at the start; nil puts each into a community of its own.
    ///   - isShuffled: Whether nodes are asked in an order that the seed draws; seed 0 stands for
    ///     their own, which is kind to the cache.
    static func moveAll(
        _ graph: LevelGraph, resolution: Double, communities: [UInt32]?, isShuffled: Bool,
        options: RunOptions
    ) throws(AlgorithmError) -> Outcome {
        var labels = communities ?? []
        if communities == nil {
            labels.reserveCapacity(graph.nodeCount)
            for node in 0..<graph.nodeCount { labels.append(UInt32(truncatingIfNeeded: node)) }
        }
        var options = options
        if !isShuffled { options.seed = 0 }
        var moves = 0
        var waiting: [UInt64]?
        if var blocks = BlockMoving(
            graph, resolution: resolution, communities: labels, options: options)
        {
            (labels, waiting) = try blocks.run()
            moves = blocks.moves
        }
        var moving = LocalMoving(graph, resolution: resolution, communities: labels)
        if let waiting {
            moving.queue.fill(waiting)
        } else {
            moving.queue.fillAll(shuffledOrder(graph.nodeCount, options.seed))
        }
        moves += try moving.run(limit: 100, options: options)
        return Outcome(communities: moving.communities, totals: moving.totals, moves: moves)
    }

    /// Moves nodes until none does better, where few are expected to: one thread moves those that
    /// several have found.
    static func moveRest(
        _ graph: LevelGraph, resolution: Double, communities: [UInt32], options: RunOptions
    ) throws(AlgorithmError) -> Outcome {
        var moving = LocalMoving(graph, resolution: resolution, communities: communities)
        if let blocks = BlockMoving(
            graph, resolution: resolution, communities: communities, options: options)
        {
            moving.queue.fill(try blocks.nodesThatGain())
        } else {
            moving.queue.fillAll()
        }
        let moves = try moving.run(limit: 100, options: options)
        return Outcome(communities: moving.communities, totals: moving.totals, moves: moves)
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

/// Lets the next nodes of the queue move; returns how many did, and the arcs looked at.
private func visit(
    _ budget: Int, _ graph: LevelGraph, _ scale: Double, _ communities: inout [UInt32],
    _ accounts: inout [CommunityAccount], _ sizes: inout CommunitySizes,
    _ queue: inout WaitingNodes, _ touched: inout [UInt32]
) -> (moves: Int, work: Int) {
    let offsets = graph.offsets.span
    let targets = graph.targets.span
    let weights = graph.weights?.span
    let degrees = graph.degrees.span
    var labels = communities.mutableSpan
    var accounts = accounts.mutableSpan
    var touched = touched.mutableSpan
    var moves = 0
    var work = 0
    for _ in 0..<budget {
        guard let node = queue.pop() else { break }
        let first = Int(truncatingIfNeeded: offsets[Int(node)])
        let last = Int(truncatingIfNeeded: offsets[Int(node) + 1])
        work &+= last &- first &+ 1
        let own = labels[Int(node)]
        let degree = degrees[Int(node)]
        var (best, most) = bestCommunity(
            of: node, first..<last, targets, weights, degree: degree, scale: scale,
            margin: 1e-10 * degree, labels.span,
            &accounts, &touched)
        if most < 0, let empty = sizes.vacancy(insteadOf: own) { best = empty }
        guard best != own else { continue }
        moves &+= 1
        labels[Int(node)] = best
        accounts[Int(best)].total += degree
        let isEmpty = sizes.move(from: own, to: best)
        accounts[Int(own)].total = isEmpty ? 0 : accounts[Int(own)].total - degree
        work &+= last &- first
        for arc in first..<last where labels[Int(targets[arc])] != best {
            queue.push(targets[arc])
        }
    }
    return (moves, work)
}

/// How many nodes each community has, and which have none.
private struct CommunitySizes {
    private var sizes: [UInt32]
    private var vacant: [UInt32] = []

    init(_ labels: [UInt32]) {
        sizes = [UInt32](repeating: 0, count: labels.count)
        for label in labels { sizes[Int(label)] &+= 1 }
        for label in sizes.indices.reversed() where sizes[label] == 0 {
            vacant.append(UInt32(truncatingIfNeeded: label))
        }
    }

    /// Takes an empty community for a node that is not alone in its own.
    mutating func vacancy(insteadOf own: UInt32) -> UInt32? {
        sizes[Int(own)] > 1 ? vacant.popLast() : nil
    }

    /// Notes a move; returns whether the first community is empty now.
    @inline(__always)
    mutating func move(from own: UInt32, to best: UInt32) -> Bool {
        sizes[Int(best)] &+= 1
        sizes[Int(own)] &-= 1
        guard sizes[Int(own)] == 0 else { return false }
        vacant.append(own)
        return true
    }
}

/// A ring of nodes, each in it at most once.
struct WaitingNodes {
    private var ring: [UInt32]
    private var isWaiting: [UInt8]
    private var head = 0
    private(set) var count = 0

    init(capacity: Int) {
        ring = [UInt32](repeating: 0, count: capacity)
        isWaiting = [UInt8](repeating: 0, count: capacity)
    }

    /// Puts nodes in, given as one bit each, lowest first.
    mutating func fill(_ nodes: [UInt64]) {
        for (index, word) in nodes.enumerated() {
            var left = word
            while left != 0 {
                push(UInt32(truncatingIfNeeded: index * 64 + left.trailingZeroBitCount))
                left &= left &- 1
            }
        }
    }

    /// Puts every node in, in the order given; nil for ascending.
    mutating func fillAll(_ order: [UInt32]? = nil) {
        for node in ring.indices {
            ring[node] = order?[node] ?? UInt32(truncatingIfNeeded: node)
            isWaiting[node] = 1
        }
        head = 0
        count = ring.count
    }

    @inline(__always)
    mutating func pop() -> UInt32? {
        guard count > 0 else { return nil }
        let node = ring[head]
        head &+= 1
        if head == ring.count { head = 0 }
        count &-= 1
        isWaiting[Int(node)] = 0
        return node
    }

    @inline(__always)
    mutating func push(_ node: UInt32) {
        guard isWaiting[Int(node)] == 0 else { return }
        isWaiting[Int(node)] = 1
        var tail = head &+ count
        if tail >= ring.count { tail &-= ring.count }
        ring[tail] = node
        count &+= 1
    }
}
