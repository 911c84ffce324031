import PropertyGraph

extension Partition {
    /// Gives each connected piece of a group a label of its own, the lowest node in it; returns
    /// whether any group had several.
    ///
    /// - Parameter former: Labels of which it is known that every group was connected, when there
    ///   are any: only groups that nodes left since are looked at.
    /// - Complexity: O(nodes + arcs), shared out among threads; O(nodes) extra space for each.
    static func splitDisconnected(
        _ labels: inout [UInt32], since former: [UInt32]?, _ graph: LevelGraph,
        options: RunOptions
    ) throws(AlgorithmError) -> Bool {
        var wasLeft = [Bool](repeating: former == nil, count: labels.count)
        if let former {
            for node in former.indices where former[node] != labels[node] {
                wasLeft[Int(former[node])] = true
            }
        }
        let shares = CommunityShares(labels, graph, options) { !wasLeft[Int($0)] }
        let known = labels
        let sizes = memberCounts(labels)
        let parts = try options.onWorkers(shares.workers) {
            worker throws(AlgorithmError) -> Pieces in
            var pieces = Pieces(known)
            try pieces.find(
                graph, known, sizes, shares, UInt8(truncatingIfNeeded: worker),
                CancellationTicker(options))
            return pieces
        }
        guard parts.contains(where: \.hasSplit) else { return false }
        labels = shares.merged(parts.map(\.names), known)
        return true
    }

    private static func memberCounts(_ labels: [UInt32]) -> [UInt32] {
        var counts = [UInt32](repeating: 0, count: labels.count)
        for label in labels { counts[Int(label)] &+= 1 }
        return counts
    }
}

/// The pieces of one thread's communities; other nodes keep their labels.
private struct Pieces: Sendable {
    var names: [UInt32]
    var hasSplit = false
    private var isNamed: [Bool]
    private var stack: [UInt32] = []

    init(_ labels: [UInt32]) {
        names = labels
        isNamed = [Bool](repeating: false, count: labels.count)
    }

    mutating func find(
        _ graph: LevelGraph, _ labels: [UInt32], _ sizes: [UInt32], _ shares: CommunityShares,
        _ worker: UInt8, _ ticker: consuming CancellationTicker
    ) throws(AlgorithmError) {
        // How many members of each community have no name yet.
        var left = sizes
        for root in labels.indices where !isNamed[root] {
            let label = Int(labels[root])
            guard left[label] > 0, shares.ownerOfCommunity[label] == worker else { continue }
            if left[label] < sizes[label] { hasSplit = true }
            isNamed[root] = true
            left[label] &-= 1
            names[root] = UInt32(truncatingIfNeeded: root)
            stack.append(names[root])
            var found = 0
            while let node = stack.popLast() {
                let row = Int(graph.offsets[Int(node)])..<Int(graph.offsets[Int(node) + 1])
                found += nameNeighbours(
                    row, labels[root], names[root], graph.targets.span, labels.span, &names,
                    &isNamed, &stack)
                try ticker.tick(row.count + 1)
            }
            left[label] &-= UInt32(truncatingIfNeeded: found)
        }
    }
}

/// Names the neighbours in a community that have no name yet; returns how many there were.
private func nameNeighbours(
    _ row: Range<Int>, _ label: UInt32, _ name: UInt32, _ targets: Span<UInt32>,
    _ labels: Span<UInt32>, _ names: inout [UInt32], _ isNamed: inout [Bool],
    _ stack: inout [UInt32]
) -> Int {
    var known = isNamed.mutableSpan
    var names = names.mutableSpan
    var found = 0
    for arc in row {
        let target = Int(targets[arc])
        guard labels[target] == label, !known[target] else { continue }
        known[target] = true
        names[target] = name
        stack.append(targets[arc])
        found &+= 1
    }
    return found
}
