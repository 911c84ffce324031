import PropertyGraph

/// Labels of groups in two forms: dense numbers for work, lowest members for answers.
enum Partition {
    private static let mostShares = 8

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

    /// The lowest member of each node's group, on several threads when there are many nodes.
    ///
    /// - Parameter labels: Each below `labels.count`.
    static func lowestMembers(
        _ labels: [UInt32], _ options: RunOptions
    ) throws(AlgorithmError) -> [UInt32] {
        var lowest = [UInt32](repeating: noNode, count: labels.count)
        let shares = shares(labels.count, options)
        var span = lowest.mutableSpan
        _ = try options.fillParts(shares, of: &span, workers: shares.count, scratch: {}) {
            _, task, part in
            findLowest(ofGroups: shares[task], labels.span, &part)
        }
        return try follow(lowest, from: labels, options)
    }

    /// Shares of the groups below `count`, one for each of a few threads: each goes through all nodes
    /// and heeds those of its groups, so that a group's are added in the same order whatever the
    /// number of threads. With many shares, going through the nodes would cost more than it saves.
    static func shares(_ count: Int, _ options: RunOptions) -> [Range<Int>] {
        let workers = options.workerCount(work: 8 * count, tasks: min(count, mostShares))
        return stretches(count, of: (count + workers - 1) / workers)
    }

    /// The lowest member of each of `count` groups of dense labels.
    ///
    /// - Parameter names: What stands for each node; empty where it is the node itself.
    static func lowestMembers(
        of labels: [UInt32], _ count: Int, _ names: [UInt32]
    ) -> [UInt32] {
        var lowest = [UInt32](repeating: noNode, count: count)
        for node in labels.indices {
            let name = names.isEmpty ? UInt32(truncatingIfNeeded: node) : names[node]
            let label = Int(labels[node])
            lowest[label] = min(lowest[label], name)
        }
        return lowest
    }

    /// What `table` has at each of the places, on several threads when they are many; the table
    /// itself when there are none.
    static func follow(
        _ table: [UInt32], from places: [UInt32], _ options: RunOptions
    ) throws(AlgorithmError) -> [UInt32] {
        guard !places.isEmpty else { return table }
        var result = places
        let parts = stretches(result.count, of: options.blockSize)
        let workers = options.workerCount(work: 4 * result.count, tasks: parts.count)
        var span = result.mutableSpan
        _ = try options.fillParts(parts, of: &span, workers: workers, scratch: {}) {
            _, _, part in
            let table = table.span
            for index in part.indices { part[index] = table[Int(part[index])] }
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
}

private func findLowest(
    ofGroups groups: Range<Int>, _ labels: Span<UInt32>, _ lowest: inout MutableSpan<UInt32>
) {
    // From the last: the lowest is written last.
    for node in labels.indices.reversed() {
        let group = Int(labels[node]) &- groups.lowerBound
        guard group >= 0, group < lowest.count else { continue }
        lowest[group] = UInt32(truncatingIfNeeded: node)
    }
}
