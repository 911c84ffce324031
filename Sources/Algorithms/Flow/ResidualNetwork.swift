import PropertyGraph

/// What could still flow along each arc and back against it.
///
/// Links come in pairs: `2 × a` for arc `a` of the graph, `2 × a + 1` for what it could give back.
/// Both arcs of an undirected edge are such pairs of their own; what they send both ways is
/// settled at the end.
struct ResidualNetwork: Sendable {
    private let nodeCount: Int
    private let targets: [UInt32]
    private var residuals: [Double]
    /// The links that leave each node: row `n` is `links[starts[n] ..< starts[n + 1]]`.
    private let starts: [Int]
    private let links: [UInt32]
    private var levels: [Int32]
    private var next: [Int]

    init(_ graph: CSRGraph) {
        let rows = graph.outgoing
        nodeCount = graph.nodeCount
        var targets = [UInt32](repeating: 0, count: rows.arcCount * 2)
        var residuals = [Double](repeating: 0, count: rows.arcCount * 2)
        var starts = [Int](repeating: 0, count: graph.nodeCount + 1)
        for node in 0..<UInt32(truncatingIfNeeded: graph.nodeCount) {
            for arc in rows.range(of: node) {
                targets[2 * arc] = rows.targets[arc]
                targets[2 * arc + 1] = node
                residuals[2 * arc] = rows.weights?[arc] ?? 1
                starts[Int(node) + 1] += 1
                starts[Int(rows.targets[arc]) + 1] += 1
            }
        }
        for node in 0..<graph.nodeCount { starts[node + 1] += starts[node] }
        var places = starts
        var links = [UInt32](repeating: 0, count: rows.arcCount * 2)
        for node in 0..<UInt32(truncatingIfNeeded: graph.nodeCount) {
            for arc in rows.range(of: node) {
                let target = Int(rows.targets[arc])
                links[places[Int(node)]] = UInt32(truncatingIfNeeded: 2 * arc)
                places[Int(node)] += 1
                links[places[target]] = UInt32(truncatingIfNeeded: 2 * arc + 1)
                places[target] += 1
            }
        }
        self.targets = targets
        self.residuals = residuals
        self.starts = starts
        self.links = links
        levels = []
        next = []
    }

    /// Sends as much as can flow; returns how much.
    mutating func fill(
        from source: UInt32, to target: UInt32, options: RunOptions
    ) throws(AlgorithmError) -> Double {
        var ticker = CancellationTicker(options)
        var value = 0.0
        var phase = 0
        while try findLevels(from: source, to: target, &ticker) {
            try options.checkCancellation()
            next = Array(starts.dropLast())
            try block(from: source, to: target, &value, &ticker)
            phase += 1
            options.report("phases", phase)
        }
        try options.checkCancellation()
        return value
    }

    /// Which nodes the last search for levels reached.
    var isReached: [Bool] { levels.map { $0 >= 0 } }

    /// What flows along each arc, opposite flows of an undirected edge taken from each other.
    func flows(_ graph: CSRGraph) -> [Double] {
        let rows = graph.outgoing
        var flows = (0..<rows.arcCount).map { residuals[2 * $0 + 1] }
        guard !graph.isDirected else { return flows }
        // Parallel edges stand in both rows in the order of the input, so they pair up in order.
        for node in 0..<UInt32(truncatingIfNeeded: graph.nodeCount) {
            let row = rows.range(of: node)
            var (before, rank) = (noNode, 0)
            for arc in row {
                let other = rows.targets[arc]
                rank = other == before ? rank + 1 : 0
                before = other
                guard node < other, let first = rows.firstArc(from: other, to: node)
                else { continue }
                let both = min(flows[arc], flows[first + rank])
                flows[arc] -= both
                flows[first + rank] -= both
            }
        }
        return flows
    }

    /// Finds the distance of each node over links that have something left; returns whether the
    /// target was reached. All levels are found, for the last search tells the cut.
    private mutating func findLevels(
        from source: UInt32, to target: UInt32, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) -> Bool {
        levels = [Int32](repeating: -1, count: nodeCount)
        levels[Int(source)] = 0
        var queue = [source]
        var head = 0
        while head < queue.count {
            let node = Int(queue[head])
            head += 1
            for place in starts[node]..<starts[node + 1] {
                let link = Int(links[place])
                let end = targets[link]
                guard residuals[link] > 0, levels[Int(end)] < 0 else { continue }
                levels[Int(end)] = levels[node] + 1
                queue.append(end)
            }
            try ticker.tick(starts[node + 1] &- starts[node] &+ 1)
        }
        return levels[Int(target)] >= 0
    }

    /// Sends flow down the levels until no way is left; a path is kept as its links.
    private mutating func block(
        from source: UInt32, to target: UInt32, _ value: inout Double,
        _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        var path: [Int] = []
        var node = Int(source)
        while true {
            if node == Int(target) {
                value += send(along: path)
                // Go back to before the first link that is used up.
                let full = path.firstIndex { residuals[$0] == 0 } ?? 0
                node = Int(targets[path[full] ^ 1])
                path.removeLast(path.count - full)
                try ticker.tick(path.count &+ 8)
            } else if let link = nextLink(of: node) {
                path.append(link)
                node = Int(targets[link])
            } else if let last = path.popLast() {
                // Nothing leads on from here: do not come back in this phase.
                levels[node] = -1
                node = Int(targets[last ^ 1])
                next[node] += 1
                try ticker.tick(8)
            } else {
                return
            }
        }
    }

    private mutating func nextLink(of node: Int) -> Int? {
        while next[node] < starts[node + 1] {
            let link = Int(links[next[node]])
            if residuals[link] > 0, levels[Int(targets[link])] == levels[node] + 1 { return link }
            next[node] += 1
        }
        return nil
    }

    private mutating func send(along path: [Int]) -> Double {
        let amount = path.reduce(Double.infinity) { min($0, residuals[$1]) }
        for link in path {
            residuals[link] -= amount
            residuals[link ^ 1] += amount
        }
        return amount
    }
}
