import PropertyGraph

/// Ranks to a tolerance in a directed graph most of which has no cycles.
///
/// The ranks are the solution of `y = v + d·Pᵀy`, divided by its sum: `v` says where jumps end and
/// `P` where edges lead. A node whose predecessors are all solved is solved itself, so those before
/// all cycles are done with one look at each of their edges, and those behind all cycles likewise
/// once the rest is known. That rest, the core, is solved by sweeps; what the last one moved bounds
/// what is left over.
///
/// On one thread: it is for cores that fit the cache.
///
/// - SeeAlso: Langville, Meyer, *A Reordering for the PageRank Problem* (2006); Gleich, Zhukov,
///   Berkhin, *Fast Parallel PageRank: A Linear System Approach* (2004).
struct PageRankElimination {
    /// The most edges that a core may have.
    static let largestCore = 1 << 21

    private let kernel: PageRank
    private let outgoing: CSRRows
    private let incoming: CSRRows
    /// Whether edges count by their weights.
    private let isWeighted: Bool
    /// `v`, and what solved predecessors gave; once a node is solved, its value.
    private var values: [Double]
    /// `damping / outflow` of each node; 0 where nothing flows out.
    private var scales: [Double]
    /// How many edges from nodes that are not solved lead to each node.
    private var pending: [UInt32]
    /// The nodes behind the cycles, each after all its successors.
    private var behind: [UInt32] = []
    /// The nodes of the core.
    private var core: [UInt32] = []
    private var coreArcs = 0
    /// The sum of the values solved before the core.
    private var mass = 0.0

    /// Solves what is before all cycles and finds the core.
    init(
        _ kernel: PageRank, _ graph: CSRGraph, _ incoming: CSRRows,
        _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        self.kernel = kernel
        outgoing = graph.outgoing
        self.incoming = incoming
        isWeighted = kernel.isWeighted
        let jumps = JumpShares(kernel.restart, count: graph.nodeCount)
        var values: [Double] = []
        values.reserveCapacity(graph.nodeCount)
        for node in 0..<graph.nodeCount { values.append(jumps[node]) }
        self.values = values
        scales = outflowScales(
            graph.outgoing.offsets.span, kernel.isWeighted ? graph.outgoing.weights : nil,
            kernel.damping)
        pending = rowLengths(incoming.offsets.span)
        try ticker.tick(graph.nodeCount)
        try solveFirst(&ticker)
        try findBehind(&ticker)
        for node in pending.indices where pending[node] > 0 {
            core.append(UInt32(truncatingIfNeeded: node))
            coreArcs += incoming.degree(of: UInt32(truncatingIfNeeded: node))
        }
    }

    /// Whether sweeping the core is quicker than synchronous rounds over the whole graph.
    var isWorthwhile: Bool { coreArcs <= Self.largestCore }

    private mutating func solveFirst(
        _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        // One more than can be solved: the last place is written to and not kept.
        var ready = [UInt32](repeating: 0, count: values.count + 1)
        var end = listZeros(pending, &ready)
        var next = 0
        while next < end {
            let stop = min(next + 1 << 10, end)
            let work = handOn(
                next..<stop, outgoing, isWeighted ? outgoing.weights : nil, scales, &ready, &end,
                &pending, &values, &mass)
            next = stop
            try ticker.tick(work)
        }
    }

    /// Takes away nodes all of whose successors were taken away, the rest staying as the core.
    private mutating func findBehind(
        _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        // Nodes not solved lead only to nodes not solved.
        var left = rowLengths(outgoing.offsets.span)
        for node in left.indices where left[node] == 0 && pending[node] > 0 {
            behind.append(UInt32(truncatingIfNeeded: node))
        }
        var next = 0
        while next < behind.count {
            let node = behind[next]
            next += 1
            pending[Int(node)] = 0
            let row = incoming.range(of: node)
            for arc in row {
                let source = incoming.targets[arc]
                guard pending[Int(source)] > 0 else { continue }
                left[Int(source)] &-= 1
                if left[Int(source)] == 0 { behind.append(source) }
            }
            try ticker.tick(row.count + 1)
        }
    }

    /// Solves the rest.
    consuming func run(options: RunOptions) throws(AlgorithmError) -> PageRank.Result {
        var ticker = CancellationTicker(options)
        var round = 0
        var delta = 0.0
        if !core.isEmpty {
            var sweeps = PageRankSweeps(
                &core, values, scales, outgoing, isWeighted: isWeighted,
                damping: kernel.damping)
            try ticker.tick(coreArcs + core.count)
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
                round += 1
                options.report("rounds", round)
            }
            for (place, node) in core.enumerated() {
                values[Int(node)] = sweeps.values[place]
            }
        }
        try solveBehind(&ticker)
        let total =
            kernel.mode == .standard
            ? values.reduce(0, +) : 1 / (1 - kernel.damping)
        for node in values.indices { values[node] /= total }
        return PageRank.Result(ranks: values, iterations: max(round, 1), delta: delta)
    }

    private mutating func solveBehind(
        _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        var isBehind = [Bool](repeating: false, count: values.count)
        for node in behind { isBehind[Int(node)] = true }
        for node in core + behind.reversed() {
            let share = values[Int(node)] * scales[Int(node)]
            let row = outgoing.range(of: node)
            for arc in row {
                let target = Int(outgoing.targets[arc])
                guard isBehind[target] else { continue }
                values[target] += isWeighted ? share * (outgoing.weights?[arc] ?? 1) : share
            }
            try ticker.tick(row.count + 1)
        }
    }
}

/// Lists the nodes that have nothing; returns how many.
private func listZeros(_ counts: [UInt32], _ nodes: inout [UInt32]) -> Int {
    let counts = counts.span
    var nodes = nodes.mutableSpan
    var end = 0
    for node in counts.indices {
        nodes[end] = UInt32(truncatingIfNeeded: node)
        end &+= counts[node] == 0 ? 1 : 0
    }
    return end
}

/// Hands the values of solved nodes on to their successors and lists those that are solved by it,
/// and adds the values to the mass; returns the work done.
private func handOn(
    _ places: Range<Int>, _ rows: CSRRows, _ weights: CSRBuffer<Double>?, _ scales: [Double],
    _ ready: inout [UInt32], _ end: inout Int, _ pending: inout [UInt32],
    _ values: inout [Double], _ mass: inout Double
) -> Int {
    let (offsets, targets, scales) = (rows.offsets.span, rows.targets.span, scales.span)
    var ready = ready.mutableSpan
    var left = pending.mutableSpan
    var known = values.mutableSpan
    var (work, last, sum) = (0, end, 0.0)
    for place in places {
        let node = Int(ready[place])
        var arc = Int(truncatingIfNeeded: offsets[node])
        let stop = Int(truncatingIfNeeded: offsets[node &+ 1])
        work &+= stop &- arc &+ 1
        sum += known[node]
        let share = known[node] * scales[node]
        while arc < stop {
            let target = Int(targets[arc])
            known[target] += weights.map { share * $0[arc] } ?? share
            let rest = left[target] &- 1
            left[target] = rest
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

private func rowLengths(_ offsets: Span<UInt64>) -> [UInt32] {
    var lengths: [UInt32] = []
    lengths.reserveCapacity(offsets.count)
    for row in 0..<(offsets.count - 1) {
        lengths.append(UInt32(truncatingIfNeeded: offsets[row + 1] &- offsets[row]))
    }
    return lengths
}

private func outflowScales(
    _ offsets: Span<UInt64>, _ weights: CSRBuffer<Double>?, _ damping: Double
) -> [Double] {
    var scales: [Double] = []
    scales.reserveCapacity(offsets.count)
    for row in 0..<(offsets.count - 1) {
        let first = Int(truncatingIfNeeded: offsets[row])
        let last = Int(truncatingIfNeeded: offsets[row + 1])
        var outflow = Double(last - first)
        if let weights {
            outflow = 0
            for arc in first..<last { outflow += weights[arc] }
        }
        scales.append(outflow > 0 ? damping / outflow : 0)
    }
    return scales
}
