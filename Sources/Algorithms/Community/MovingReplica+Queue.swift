import PropertyGraph

extension MovingReplica.State {
    /// Moves nodes until the queue is empty or about `limit` were looked at; returns how many moves
    /// were made.
    mutating func moveQueued(
        _ graph: LevelGraph, _ scale: Double, limit: Int, _ options: RunOptions
    ) throws(AlgorithmError) -> Int {
        var ticker = CancellationTicker(options)
        var vacancies = Vacancies(sizes)
        var moves = 0
        var left = limit
        while queue.count > 0, left > 0 {
            let (moved, work) = visitQueued(
                64, graph, scale, &labels, &accounts, &sizes, &vacancies, &queue, &touched)
            moves += moved
            left -= 64
            try ticker.tick(work)
        }
        return moves
    }
}

/// Lets the next nodes of the queue move; returns how many did, and the arcs looked at.
private func visitQueued(
    _ budget: Int, _ graph: LevelGraph, _ scale: Double, _ labels: inout [UInt32],
    _ accounts: inout [CommunityAccount], _ sizes: inout [UInt32], _ vacancies: inout Vacancies,
    _ queue: inout WaitingNodes, _ touched: inout [UInt32]
) -> (moves: Int, work: Int) {
    let offsets = graph.offsets.span
    let targets = graph.targets.span
    let weights = graph.weights?.span
    let degrees = graph.degrees.span
    var labels = labels.mutableSpan
    var accounts = accounts.mutableSpan
    var sizes = sizes.mutableSpan
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
        // Better alone, unless it is so already.
        if most < 0, sizes[Int(own)] > 1, let empty = vacancies.take() { best = empty }
        guard best != own else { continue }
        moves &+= 1
        makeMove(
            BlockMoving.Move(node: node, from: own, to: best), degree, &labels, &accounts, &sizes)
        if sizes[Int(own)] == 0 { vacancies.add(own) }
        work &+= last &- first
        for arc in first..<last where labels[Int(targets[arc])] != best {
            queue.push(targets[arc])
        }
    }
    return (moves, work)
}

/// The communities without any node.
private struct Vacancies {
    private var labels: [UInt32] = []

    init(_ sizes: [UInt32]) {
        for label in sizes.indices.reversed() where sizes[label] == 0 {
            labels.append(UInt32(truncatingIfNeeded: label))
        }
    }

    mutating func take() -> UInt32? { labels.popLast() }

    @inline(__always)
    mutating func add(_ label: UInt32) { labels.append(label) }
}
