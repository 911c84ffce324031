import PropertyGraph

/// A weighted graph without directions, as community detection works on it: the graph itself at
/// first, then one of communities, then one of communities of those.
///
/// A directed graph is taken as the sum of its two directions. Parallel arcs stay side by side.
struct LevelGraph: Sendable {
    /// Row `n` is `offsets[n] ..< offsets[n + 1]`.
    let offsets: CSRBuffer<UInt64>
    /// The neighbours; a node among its own is left out by whoever reads the row.
    let targets: CSRBuffer<UInt32>
    /// The weight of each arc; nil when each weighs 1.
    let weights: CSRBuffer<Double>?
    /// The weight of the loops of each node.
    let loops: CSRBuffer<Double>
    /// The weight of all ends of edges at each node; a loop has two.
    let degrees: CSRBuffer<Double>
    /// The weight of all ends of edges.
    let total: Double

    var nodeCount: Int { degrees.count }
    var arcCount: Int { targets.count }

    /// How many arcs the longest row has.
    var longestRow: Int {
        let offsets = offsets.span
        var longest: UInt64 = 0
        for node in 0..<nodeCount { longest = max(longest, offsets[node + 1] &- offsets[node]) }
        return Int(truncatingIfNeeded: longest)
    }
}

extension LevelGraph {
    /// The level of the graph itself.
    ///
    /// - Throws: `.negativeWeight`, `.invalidWeight`, `.missingIncoming`, `.cancelled`.
    init(
        _ graph: CSRGraph, isWeighted: Bool, for algorithm: String, options: RunOptions
    ) throws(AlgorithmError) {
        if isWeighted { try graph.checkFiniteWeights(for: algorithm, options: options) }
        var rows = graph.outgoing
        if graph.isDirected {
            let incoming = try graph.requiredIncoming(for: algorithm)
            rows = Self.joined(rows, incoming, isWeighted: isWeighted)
            try options.checkCancellation()
        }
        let weights = isWeighted ? rows.weights : nil
        let loopShare = graph.isDirected ? 0.5 : 1
        var loops = [Double](repeating: 0, count: graph.nodeCount)
        var degrees = loops
        var sum = 0.0
        let offsets = rows.offsets.span
        let targets = rows.targets.span
        for node in degrees.indices {
            let first = Int(truncatingIfNeeded: offsets[node])
            let last = Int(truncatingIfNeeded: offsets[node + 1])
            var degree = 0.0
            for arc in first..<last {
                let weight = weights?[arc] ?? 1
                degree += weight
                if targets[arc] == UInt32(truncatingIfNeeded: node) {
                    loops[node] += weight * loopShare
                }
            }
            // An undirected loop stands once in its row, a directed one in both of its rows.
            if !graph.isDirected { degree += loops[node] }
            degrees[node] = degree
            sum += degree
        }
        self.init(
            offsets: rows.offsets, targets: rows.targets, weights: weights,
            loops: CSRBuffer(loops), degrees: CSRBuffer(degrees), total: sum)
    }

    /// Each row followed by that of the other direction.
    private static func joined(_ first: CSRRows, _ second: CSRRows, isWeighted: Bool) -> CSRRows {
        let count = first.offsets.count
        let (left, right) = (first.offsets.span, second.offsets.span)
        let offsets = CSRBuffer<UInt64>(count: count) { span in
            for row in 0..<count { span[row] = left[row] &+ right[row] }
        }
        let targets = CSRBuffer<UInt32>(count: first.arcCount + second.arcCount) { span in
            join(left, first.targets.span, right, second.targets.span, &span)
        }
        var weights: CSRBuffer<Double>?
        if isWeighted, let ours = first.weights, let theirs = second.weights {
            weights = CSRBuffer<Double>(count: first.arcCount + second.arcCount) { span in
                join(left, ours.span, right, theirs.span, &span)
            }
        }
        return CSRRows(offsets: offsets, targets: targets, weights: weights)
    }

    /// The graph of groups: nodes of one group become one, their edges its loops.
    ///
    /// - Parameters:
    ///   - groups: The group of each node, dense from 0.
    ///   - count: How many there are.
    /// - Complexity: O(nodes + arcs).
    func aggregated(
        by groups: [UInt32], count: Int, options: RunOptions
    ) throws(AlgorithmError) -> LevelGraph {
        var ticker = CancellationTicker(options)
        let (starts, members) = GroupMembers.sort(groups, count: count)
        var builder = RowBuilder(groupCount: count)
        var loops = [Double](repeating: 0, count: count)
        var degrees = loops
        var offsets: [UInt64] = [0]
        offsets.reserveCapacity(count + 1)
        for group in 0..<count {
            var inside = 0.0
            var degree = 0.0
            for place in Int(starts[group])..<Int(starts[group + 1]) {
                let node = Int(members[place])
                degree += self.degrees[node]
                loops[group] += self.loops[node]
                let row = Int(self.offsets[node])..<Int(self.offsets[node + 1])
                inside += builder.add(
                    row, node, UInt32(truncatingIfNeeded: group), targets.span, weights?.span,
                    groups.span)
                try ticker.tick(row.count + 1)
            }
            // Each inner edge was met at both of its ends.
            loops[group] += inside / 2
            degrees[group] = degree
            builder.endRow()
            offsets.append(UInt64(builder.targets.count))
        }
        return LevelGraph(
            offsets: CSRBuffer(offsets), targets: CSRBuffer(builder.targets),
            weights: CSRBuffer(builder.weights), loops: CSRBuffer(loops),
            degrees: CSRBuffer(degrees), total: total)
    }

}

private func join<Element: CSRElement>(
    _ leftStarts: Span<UInt64>, _ left: Span<Element>, _ rightStarts: Span<UInt64>,
    _ right: Span<Element>, _ result: inout MutableSpan<Element>
) {
    var place = 0
    for row in 0..<(leftStarts.count - 1) {
        for arc in Int(leftStarts[row])..<Int(leftStarts[row + 1]) {
            result[place] = left[arc]
            place &+= 1
        }
        for arc in Int(rightStarts[row])..<Int(rightStarts[row + 1]) {
            result[place] = right[arc]
            place &+= 1
        }
    }
}

/// Sums the arcs of one group after the other.
private struct RowBuilder {
    var targets: [UInt32] = []
    var weights: [Double] = []
    private var sums: [Double]
    private var rowStart = 0

    init(groupCount: Int) { sums = [Double](repeating: 0, count: groupCount) }

    /// Adds the arcs of a node; returns the weight of those that stay inside the group.
    mutating func add(
        _ row: Range<Int>, _ node: Int, _ group: UInt32, _ targets: Span<UInt32>,
        _ weights: Span<Double>?, _ groups: Span<UInt32>
    ) -> Double {
        addArcs(row, node, group, targets, weights, groups, &sums, &self.targets)
    }

    mutating func endRow() {
        for place in rowStart..<targets.count {
            let group = Int(targets[place])
            // A neighbour met only along arcs of no weight may stand here twice.
            weights.append(sums[group])
            sums[group] = 0
        }
        rowStart = targets.count
    }
}

private func addArcs(
    _ row: Range<Int>, _ node: Int, _ group: UInt32, _ targets: Span<UInt32>,
    _ weights: Span<Double>?, _ groups: Span<UInt32>, _ sums: inout [Double],
    _ found: inout [UInt32]
) -> Double {
    var known = sums.mutableSpan
    var inside = 0.0
    for arc in row {
        let target = targets[arc]
        if Int(target) == node { continue }
        let weight = weights?[arc] ?? 1
        let other = groups[Int(target)]
        if other == group {
            inside += weight
        } else {
            let sum = known[Int(other)]
            if sum == 0 { found.append(other) }
            known[Int(other)] = sum + weight
        }
    }
    return inside
}

/// Nodes by their groups.
enum GroupMembers {
    /// The members of group `g` are `members[starts[g] ..< starts[g + 1]]`, ascending.
    static func sort(
        _ groups: [UInt32], count: Int
    ) -> (starts: [UInt32], members: [UInt32]) {
        var starts = [UInt32](repeating: 0, count: count + 2)
        for group in groups { starts[Int(group) + 2] &+= 1 }
        for group in starts.indices.dropFirst() { starts[group] &+= starts[group - 1] }
        var members = [UInt32](repeating: 0, count: groups.count)
        for (node, group) in groups.enumerated() {
            let place = starts[Int(group) + 1]
            members[Int(place)] = UInt32(truncatingIfNeeded: node)
            starts[Int(group) + 1] = place &+ 1
        }
        starts.removeLast()
        return (starts, members)
    }
}
