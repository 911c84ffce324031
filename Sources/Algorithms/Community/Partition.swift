import PropertyGraph

/// Labels of groups in two forms: dense numbers for work, lowest members for answers.
enum Partition {
    /// Replaces labels below `labels.count` by dense numbers in the order of first appearance;
    /// returns how many there are.
    static func makeDense(_ labels: inout [UInt32]) -> Int {
        var numbers = [UInt32](repeating: noNode, count: labels.count)
        var count: UInt32 = 0
        for node in labels.indices {
            let label = Int(labels[node])
            if numbers[label] == noNode {
                numbers[label] = count
                count &+= 1
            }
            labels[node] = numbers[label]
        }
        return Int(count)
    }

    /// The lowest member of each node's group.
    static func lowestMembers(_ labels: [UInt32]) -> [UInt32] {
        var lowest = [UInt32](repeating: noNode, count: labels.count)
        var result = labels
        for node in labels.indices {
            let label = Int(labels[node])
            if lowest[label] == noNode { lowest[label] = UInt32(truncatingIfNeeded: node) }
            result[node] = lowest[label]
        }
        return result
    }

    /// How many groups there are, and how many members the largest has.
    static func sizes(_ labels: [UInt32]) -> (count: Int, largest: Int) {
        var sizes = [UInt32](repeating: 0, count: labels.count)
        for label in labels { sizes[Int(label)] &+= 1 }
        var count = 0
        for size in sizes where size > 0 { count += 1 }
        return (count, Int(sizes.max() ?? 0))
    }

    /// Gives each connected piece of a group a label of its own; returns whether any group had
    /// several.
    ///
    /// - Complexity: O(nodes + arcs).
    static func splitDisconnected(
        _ labels: inout [UInt32], _ graph: LevelGraph, options: RunOptions
    ) throws(AlgorithmError) -> Bool {
        var ticker = CancellationTicker(options)
        let count = labels.count
        var pieces = [UInt32](repeating: noNode, count: count)
        var isSeen = [Bool](repeating: false, count: count)
        var hasSplit = false
        var stack: [UInt32] = []
        for root in 0..<count where pieces[root] == noNode {
            let label = labels[root]
            if isSeen[Int(label)] { hasSplit = true }
            isSeen[Int(label)] = true
            let piece = UInt32(truncatingIfNeeded: root)
            pieces[root] = piece
            stack.append(piece)
            while let node = stack.popLast() {
                let row = Int(graph.offsets[Int(node)])..<Int(graph.offsets[Int(node) + 1])
                collect(row, label, piece, graph.targets.span, labels, &pieces, &stack)
                try ticker.tick(row.count + 1)
            }
        }
        if hasSplit { labels = pieces }
        return hasSplit
    }
}

private func collect(
    _ row: Range<Int>, _ label: UInt32, _ piece: UInt32, _ targets: Span<UInt32>,
    _ labels: [UInt32], _ pieces: inout [UInt32], _ stack: inout [UInt32]
) {
    let known = labels.span
    var found = pieces.mutableSpan
    for arc in row {
        let target = targets[arc]
        if known[Int(target)] == label, found[Int(target)] == noNode {
            found[Int(target)] = piece
            stack.append(target)
        }
    }
}
