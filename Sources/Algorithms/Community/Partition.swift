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

    /// Gives each connected piece of a group a label of its own, the lowest node in it; returns
    /// whether any group had several.
    ///
    /// - Complexity: O(nodes + arcs).
    static func splitDisconnected(
        _ labels: inout [UInt32], _ graph: LevelGraph, options: RunOptions
    ) throws(AlgorithmError) -> Bool {
        let members = CommunityMembers(labels, graph, options)
        let pieces = try members.map(scratch: { [UInt32]() }) {
            stack, community, ticker, first, names throws(AlgorithmError) in
            try namePieces(
                members.sorted.places(of: community), graph, members, &stack, first,
                &names, &ticker)
        }
        let hasSplit = sizes(pieces).count > sizes(labels).count
        if hasSplit { labels = pieces }
        return hasSplit
    }
}

/// Names each member of a community by the first member of its connected piece.
private func namePieces(
    _ places: Range<Int>, _ graph: LevelGraph, _ members: CommunityMembers,
    _ stack: inout [UInt32], _ first: Int, _ names: inout MutableSpan<UInt32>,
    _ ticker: inout CancellationTicker
) throws(AlgorithmError) {
    for place in 0..<places.count { names[first + place] = noNode }
    var left = places.count
    for root in 0..<places.count where names[first + root] == noNode {
        let name = UInt32(truncatingIfNeeded: root)
        names[first + root] = name
        left -= 1
        stack.append(name)
        // Once all are found, the rows not looked at yet hold no news.
        while left > 0, let place = stack.popLast() {
            let node = Int(members.sorted.members[places.lowerBound + Int(place)])
            let row = Int(graph.offsets[node])..<Int(graph.offsets[node + 1])
            left -= nameNeighbours(
                row, name, places, graph.targets.span, members.placeOfNode.span, first, &names,
                &stack)
            try ticker.tick(row.count + 1)
        }
        stack.removeAll(keepingCapacity: true)
    }
}

/// Names the neighbours at some places that have no name yet; returns how many there were.
private func nameNeighbours(
    _ row: Range<Int>, _ name: UInt32, _ places: Range<Int>, _ targets: Span<UInt32>,
    _ placeOfNode: Span<UInt32>, _ first: Int, _ names: inout MutableSpan<UInt32>,
    _ stack: inout [UInt32]
) -> Int {
    var found = 0
    for arc in row {
        let place = Int(placeOfNode[Int(targets[arc])])
        guard places.contains(place) else { continue }
        let index = place &- places.lowerBound
        guard names[first &+ index] == noNode else { continue }
        names[first &+ index] = name
        stack.append(UInt32(truncatingIfNeeded: index))
        found &+= 1
    }
    return found
}
