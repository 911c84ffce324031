import PropertyGraph

/// Ranks to a tolerance in a directed graph most of which has no cycles.
///
/// The ranks are the solution of `y = v + d·Pᵀy`, divided by its sum: `v` says where jumps end and
/// `P` where edges lead. A node whose predecessors are all solved is solved itself, so those before
/// all cycles are done with one look at each of their edges, and those behind all cycles likewise
/// once the rest is known. That rest, the core, is solved by sweeps; what the last one moved bounds
/// what is left over.
///
/// It is for cores that fit the cache. Several threads set up the values of nodes, make the rows of
/// the core and divide; one solves, for there each value waits for others.
///
/// - SeeAlso: Langville, Meyer, *A Reordering for the PageRank Problem* (2006); Gleich, Zhukov,
///   Berkhin, *Fast Parallel PageRank: A Linear System Approach* (2004).
struct PageRankElimination: ~Copyable {
    /// The most edges that a core may have.
    static let largestCore = 1 << 21

    private let kernel: PageRank
    private let outgoing: CSRRows
    private let incoming: CSRRows
    private let options: RunOptions
    private var nodes: ParallelColumn<EliminationNode>
    /// The nodes behind the cycles, each after all its successors.
    private var behind: [UInt32] = []
    /// The nodes of the core.
    private var core: [UInt32] = []
    private var coreArcs = 0
    /// The sum of the values solved so far.
    private var mass = 0.0

    /// Solves what is before all cycles and finds the core.
    init(
        _ kernel: PageRank, _ graph: CSRGraph, _ incoming: CSRRows, _ options: RunOptions
    ) throws(AlgorithmError) {
        self.kernel = kernel
        self.incoming = incoming
        self.options = options
        outgoing = graph.outgoing
        nodes = ParallelColumn(zeroed: graph.nodeCount)
        let blocks = ParallelRows(offsets: graph.outgoing.offsets, options: options).blocks
        let workers = options.workerCount(
            work: 2 * (graph.outgoing.arcCount + graph.nodeCount), tasks: blocks.count)
        let ready = try Self.prepare(
            &nodes, JumpShares(kernel.restart, count: graph.nodeCount), graph.outgoing, incoming,
            kernel, blocks, workers, options)
        try solveFirst(ready)
        let rest = try Self.unsolved(nodes, outgoing, incoming, blocks, workers, options)
        try findBehind(rest.sinks)
        core = rest.nodes
        if !behind.isEmpty {
            core = rest.nodes.filter { nodes[Int($0)].pending != EliminationNode.behind }
        }
        coreArcs = rest.arcs - behind.reduce(0) { $0 + incoming.degree(of: $1) }
    }

    /// Whether sweeping the core is quicker than synchronous rounds over the whole graph.
    var isWorthwhile: Bool { coreArcs <= Self.largestCore }

    /// Sets what is known of each node; returns those that are solved at once.
    private static func prepare(
        _ nodes: inout ParallelColumn<EliminationNode>, _ jumps: JumpShares, _ outgoing: CSRRows,
        _ incoming: CSRRows, _ kernel: PageRank, _ blocks: [Range<Int>], _ workers: Int,
        _ options: RunOptions
    ) throws(AlgorithmError) -> [[UInt32]] {
        let weights = kernel.isWeighted ? outgoing.weights : nil
        var span = nodes.mutableSpan
        return try options.fillParts(blocks, of: &span, workers: workers, scratch: {}) {
            _, block, part in
            prepareNodes(
                blocks[block], jumps, outgoing.offsets.span, weights?.span, incoming.offsets.span,
                kernel, &part)
        }
    }

    private mutating func solveFirst(_ lists: [[UInt32]]) throws(AlgorithmError) {
        // One more than can be solved: the last place is written to and not kept.
        var ready = ParallelColumn<UInt32>(zeroed: nodes.count + 1)
        var end = 0
        var places = ready.mutableSpan
        for list in lists {
            places.copy(list.span, at: end)
            end += list.count
        }
        var ticker = CancellationTicker(options)
        var next = 0
        while next < end {
            let stop = min(next + 1 << 10, end)
            let work = handOn(
                next..<stop, outgoing, kernel.isWeighted ? outgoing.weights : nil, &ready, &end,
                &nodes, &mass)
            next = stop
            try ticker.tick(work)
        }
    }

    /// The nodes that are not solved, how many edges lead to them, and those without successors.
    private static func unsolved(
        _ nodes: borrowing ParallelColumn<EliminationNode>, _ outgoing: CSRRows,
        _ incoming: CSRRows, _ blocks: [Range<Int>], _ workers: Int, _ options: RunOptions
    ) throws(AlgorithmError) -> UnsolvedNodes {
        var all = UnsolvedNodes()
        let span = nodes.span
        let parts = try options.mapTasks(blocks.count, workers: workers) { block in
            listUnsolved(blocks[block], span, outgoing.offsets.span, incoming.offsets.span)
        }
        for part in parts {
            all.nodes += part.nodes
            all.sinks += part.sinks
            all.arcs += part.arcs
        }
        return all
    }

    /// Takes away nodes all of whose successors were taken away, the rest staying as the core.
    private mutating func findBehind(_ sinks: [UInt32]) throws(AlgorithmError) {
        // Nodes not solved lead only to nodes not solved.
        behind = sinks
        guard !sinks.isEmpty else { return }
        var left = rowLengths(outgoing.offsets.span)
        var ticker = CancellationTicker(options)
        var next = 0
        while next < behind.count {
            let stop = min(next + 64, behind.count)
            let work = takeAway(next..<stop, incoming, &left, &behind, &nodes)
            next = stop
            try ticker.tick(work)
        }
    }

    /// Solves the rest.
    consuming func run() throws(AlgorithmError) -> PageRank.Result {
        var ticker = CancellationTicker(options)
        var round = 0
        var delta = 0.0
        var places: [UInt32] = []
        var values: [Double] = []
        if !core.isEmpty {
            let rows = try PageRankCoreRows(
                &core, of: nodes.count, incoming, arcs: coreArcs, isWeighted: kernel.isWeighted,
                options)
            var sweeps = PageRankSweeps(core, nodes.span, rows, damping: kernel.damping)
            var coreMass = 0.0
            delta = .infinity
            // The values are as near as those of a synchronous round that moved by the tolerance.
            while round < kernel.maxIterations, delta > kernel.tolerance * kernel.damping {
                if round > 0 { try sweeps.mix(&ticker) }
                let sums = try sweeps.sweep(&ticker)
                // What a sweep leaves over is at most what it moved, damped; a synchronous round
                // would move ranks by that, and by as much for the mass to stay the same.
                delta = sums.moved * kernel.damping
                if kernel.mode == .gap {
                    delta *= 1 - kernel.damping
                } else if delta > 0 {
                    delta *= 2 / (mass + sums.mass)
                }
                coreMass = sums.mass
                round += 1
                options.report("rounds", round)
            }
            mass += coreMass
            (places, values) = (rows.places, sweeps.values)
        }
        try solveBehind(places, values)
        return PageRank.Result(
            ranks: try ranks(places, values), iterations: max(round, 1), delta: delta)
    }

    /// - Parameters:
    ///   - places: The place of each node in the core, `noNode` outside of it; empty without core.
    ///   - values: Those of the core.
    private mutating func solveBehind(
        _ places: [UInt32], _ values: [Double]
    ) throws(AlgorithmError) {
        var ticker = CancellationTicker(options)
        for node in behind.reversed() {
            let row = incoming.range(of: node)
            var sum = nodes[Int(node)].value
            for arc in row {
                let source = Int(incoming.targets[arc])
                let state = nodes[source]
                // Those before all cycles gave already.
                guard state.pending > 0 else { continue }
                let isInCore = !places.isEmpty && places[source] != noNode
                let value = isInCore ? values[Int(places[source])] : state.value
                let weight = kernel.isWeighted ? incoming.weights?[arc] ?? 1 : 1
                sum += value * state.scale * weight
            }
            nodes[Int(node)].value = sum
            mass += sum
            try ticker.tick(row.count + 1)
        }
    }

    private borrowing func ranks(
        _ places: [UInt32], _ values: [Double]
    ) throws(AlgorithmError) -> [Double] {
        let total = kernel.mode == .standard ? mass : 1 / (1 - kernel.damping)
        var ranks = [Double](repeating: 0, count: nodes.count)
        let parts = stretches(nodes.count, of: options.blockSize)
        let workers = options.workerCount(work: 4 * nodes.count, tasks: parts.count)
        let nodes = nodes.span
        var span = ranks.mutableSpan
        _ = try options.fillParts(parts, of: &span, workers: workers, scratch: {}) {
            _, task, part in
            divide(parts[task], nodes, places.span, values.span, by: total, &part)
        }
        return ranks
    }
}

/// What is known of a node. One value: most looks want all of it.
struct EliminationNode: BitwiseCopyable, Sendable {
    /// `v`, and what solved predecessors gave; once it is solved, its value. Nodes of the core stay
    /// as they are.
    var value: Double
    /// `damping / outflow`; 0 where nothing flows out.
    var scale: Double
    /// How many edges from nodes that are not solved lead to it; `behind` once it was found behind
    /// all cycles.
    var pending: UInt32

    static var behind: UInt32 { .max }
}

private struct UnsolvedNodes: Sendable {
    var nodes: [UInt32] = []
    var sinks: [UInt32] = []
    var arcs = 0
}

private func prepareNodes(
    _ rows: Range<Int>, _ jumps: JumpShares, _ offsets: Span<UInt64>, _ weights: Span<Double>?,
    _ incoming: Span<UInt64>, _ kernel: PageRank, _ nodes: inout MutableSpan<EliminationNode>
) -> [UInt32] {
    var ready: [UInt32] = []
    for node in rows {
        let row =
            Int(truncatingIfNeeded: offsets[node])..<Int(truncatingIfNeeded: offsets[node + 1])
        var outflow = Double(row.count)
        if let weights {
            outflow = 0
            for arc in row { outflow += weights[arc] }
        }
        // The greatest number is the mark of nodes behind all cycles.
        let pending = min(
            UInt32(clamping: incoming[node + 1] &- incoming[node]), EliminationNode.behind - 1)
        nodes[node &- rows.lowerBound] = EliminationNode(
            value: jumps[node], scale: kernel.scale(ofOutflow: outflow), pending: pending)
        if pending == 0 { ready.append(UInt32(truncatingIfNeeded: node)) }
    }
    return ready
}

/// Hands the values of solved nodes on to their successors and lists those that are solved by it,
/// and adds the values to the mass; returns the work done.
private func handOn(
    _ places: Range<Int>, _ rows: CSRRows, _ weights: CSRBuffer<Double>?,
    _ ready: inout ParallelColumn<UInt32>, _ end: inout Int,
    _ nodes: inout ParallelColumn<EliminationNode>, _ mass: inout Double
) -> Int {
    let (offsets, targets) = (rows.offsets.span, rows.targets.span)
    var ready = ready.mutableSpan
    var nodes = nodes.mutableSpan
    var (work, last, sum) = (0, end, 0.0)
    for place in places {
        let node = Int(ready[place])
        var arc = Int(truncatingIfNeeded: offsets[node])
        let stop = Int(truncatingIfNeeded: offsets[node &+ 1])
        work &+= stop &- arc &+ 1
        let value = nodes[node].value
        sum += value
        let share = value * nodes[node].scale
        while arc < stop {
            let target = Int(targets[arc])
            nodes[target].value += weights.map { share * $0[arc] } ?? share
            let rest = nodes[target].pending &- 1
            nodes[target].pending = rest
            // Written in any case, for whether it is solved is hard to foretell.
            ready[last] = targets[arc]
            last &+= rest == 0 ? 1 : 0
            arc &+= 1
        }
    }
    end = last
    mass += sum
    return work
}

private func listUnsolved(
    _ rows: Range<Int>, _ nodes: Span<EliminationNode>, _ outgoing: Span<UInt64>,
    _ incoming: Span<UInt64>
) -> UnsolvedNodes {
    var found = UnsolvedNodes()
    for node in rows where nodes[node].pending > 0 {
        let number = UInt32(truncatingIfNeeded: node)
        found.nodes.append(number)
        found.arcs &+= Int(truncatingIfNeeded: incoming[node + 1] &- incoming[node])
        if outgoing[node] == outgoing[node + 1] { found.sinks.append(number) }
    }
    return found
}

/// Takes away nodes that stand behind all cycles, and lists those of their predecessors that then
/// do; returns the work done.
private func takeAway(
    _ places: Range<Int>, _ incoming: CSRRows, _ left: inout [UInt32], _ behind: inout [UInt32],
    _ nodes: inout ParallelColumn<EliminationNode>
) -> Int {
    var nodes = nodes.mutableSpan
    var work = 0
    for place in places {
        let node = behind[place]
        nodes[Int(node)].pending = EliminationNode.behind
        let row = incoming.range(of: node)
        work += row.count + 1
        for arc in row {
            let source = incoming.targets[arc]
            let state = nodes[Int(source)].pending
            guard state > 0, state != EliminationNode.behind else { continue }
            left[Int(source)] &-= 1
            if left[Int(source)] == 0 { behind.append(source) }
        }
    }
    return work
}

private func rowLengths(_ offsets: Span<UInt64>) -> [UInt32] {
    var lengths: [UInt32] = []
    lengths.reserveCapacity(offsets.count)
    for row in 0..<(offsets.count - 1) {
        lengths.append(UInt32(truncatingIfNeeded: offsets[row + 1] &- offsets[row]))
    }
    return lengths
}

private func divide(
    _ rows: Range<Int>, _ nodes: Span<EliminationNode>, _ places: Span<UInt32>,
    _ values: Span<Double>, by total: Double, _ ranks: inout MutableSpan<Double>
) {
    for node in rows {
        var value = nodes[node].value
        if !places.isEmpty, places[node] != noNode { value = values[Int(places[node])] }
        ranks[node &- rows.lowerBound] = value / total
    }
}
