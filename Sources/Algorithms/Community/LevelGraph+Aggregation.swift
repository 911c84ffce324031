import PropertyGraph

extension LevelGraph {
    /// The graph of groups: nodes of one group become one, their edges its loops.
    ///
    /// - Parameters:
    ///   - groups: The group of each node, dense from 0.
    ///   - count: How many there are.
    /// - Complexity: O(nodes + arcs), on several threads when large.
    func aggregated(
        by groups: [UInt32], count: Int, options: RunOptions
    ) throws(AlgorithmError) -> LevelGraph {
        let sorted = GroupMembers(groups, count: count)
        let work = arcCount + nodeCount
        let tasks = sorted.stretches(work / options.blockSize)
        let workers = options.workerCount(work: 4 * work, tasks: tasks.count)
        let pieces = try options.mapTasks(
            tasks.count, workers: workers, scratch: { RowBuilder(groupCount: count, options) }
        ) { builder, task throws(AlgorithmError) -> RowPiece in
            try builder.build(tasks[task], of: self, groups, sorted)
        }
        var places: [Range<Int>] = []
        var (offsets, loops, degrees): ([UInt64], [Double], [Double]) = ([0], [], [])
        offsets.reserveCapacity(count + 1)
        loops.reserveCapacity(count)
        degrees.reserveCapacity(count)
        for piece in pieces {
            let first = places.last?.upperBound ?? 0
            places.append(first..<first + (piece.ends.last ?? 0))
            for end in piece.ends { offsets.append(UInt64(first + end)) }
            loops += piece.loops
            degrees += piece.degrees
        }
        return try LevelGraph(
            offsets: CSRBuffer(offsets),
            targets: options.joined(pieces.map(\.targets), at: places, workers: workers),
            weights: options.joined(pieces.map(\.weights), at: places, workers: workers),
            loops: CSRBuffer(loops), degrees: CSRBuffer(degrees), total: total)
    }
}

/// The rows of some groups.
private struct RowPiece: Sendable {
    /// As long as needed or longer, as are the weights.
    var targets: [UInt32] = []
    var weights: [Double] = []
    /// Where each row ends.
    var ends: [Int] = []
    var loops: [Double] = []
    var degrees: [Double] = []

    mutating func makeRoom(_ count: Int) {
        guard count > targets.count else { return }
        let more = max(count, 2 * targets.count, 1024) - targets.count
        targets += repeatElement(0, count: more)
        weights += repeatElement(0, count: more)
    }
}

/// Sums the arcs of one group after the other.
private struct RowBuilder {
    /// The weight of the arcs to each group; 0 between two groups.
    private var sums: [Double]
    private var touched: [UInt32]
    private var ticker: CancellationTicker

    init(groupCount: Int, _ options: RunOptions) {
        sums = [Double](repeating: 0, count: groupCount)
        touched = [UInt32](repeating: 0, count: 64)
        ticker = CancellationTicker(options)
    }

    mutating func build(
        _ range: Range<Int>, of graph: LevelGraph, _ groups: [UInt32], _ sorted: GroupMembers
    ) throws(AlgorithmError) -> RowPiece {
        var piece = RowPiece()
        for group in range {
            var listed = 0
            var (inside, degree, loop) = (0.0, 0.0, 0.0)
            for place in sorted.places(of: group) {
                let node = Int(sorted.members[place])
                degree += graph.degrees[node]
                loop += graph.loops[node]
                let row = Int(graph.offsets[node])..<Int(graph.offsets[node + 1])
                makeRoom(listed + row.count)
                inside += sumByGroup(
                    row, node, UInt32(truncatingIfNeeded: group), graph.targets.span,
                    graph.weights?.span, groups.span, &sums, &touched, &listed)
                try ticker.tick(row.count + 1)
            }
            let first = piece.ends.last ?? 0
            piece.makeRoom(first + listed)
            takeSums(listed, touched, &sums, from: first, &piece.targets, &piece.weights)
            piece.ends.append(first + listed)
            // Each inner edge was met at both of its ends.
            piece.loops.append(loop + inside / 2)
            piece.degrees.append(degree)
        }
        return piece
    }

    private mutating func makeRoom(_ count: Int) {
        guard count >= touched.count else { return }
        touched += repeatElement(0, count: max(touched.count, count))
    }
}

/// Writes the sums of the groups listed into a row that starts at `first`, and empties them.
private func takeSums(
    _ listed: Int, _ touched: [UInt32], _ sums: inout [Double], from first: Int,
    _ targets: inout [UInt32], _ weights: inout [Double]
) {
    let found = touched.span
    var known = sums.mutableSpan
    var targets = targets.mutableSpan
    var weights = weights.mutableSpan
    for place in 0..<listed {
        let target = found[place]
        targets[first &+ place] = target
        // A neighbour met only along arcs of no weight may stand here twice.
        weights[first &+ place] = known[Int(target)]
        known[Int(target)] = 0
    }
}

/// Adds a node's arcs to the sums of their groups and lists groups that are new; returns the weight
/// of the arcs that stay inside its own.
private func sumByGroup(
    _ row: Range<Int>, _ node: Int, _ group: UInt32, _ targets: Span<UInt32>,
    _ weights: Span<Double>?, _ groups: Span<UInt32>, _ sums: inout [Double],
    _ touched: inout [UInt32], _ listed: inout Int
) -> Double {
    var known = sums.mutableSpan
    var found = touched.mutableSpan
    var count = listed
    var inside = 0.0
    for arc in row {
        let target = targets[arc]
        if Int(target) == node { continue }
        let weight = weights?[arc] ?? 1
        let other = groups[Int(target)]
        if other == group {
            inside += weight
            continue
        }
        let sum = known[Int(other)]
        // Written even when it is known: nobody can foretell the branch.
        found[count] = other
        count &+= sum == 0 ? 1 : 0
        known[Int(other)] = sum + weight
    }
    listed = count
    return inside
}
