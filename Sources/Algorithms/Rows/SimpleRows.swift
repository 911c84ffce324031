import PropertyGraph

/// Whom each node is joined with: the graph without directions, loops and parallel edges.
struct SimpleRows: Sendable {
    /// Row `n` is `offsets[n] ..< offsets[n + 1]`.
    let offsets: CSRBuffer<UInt64>
    /// The neighbours, strictly ascending in each row.
    let targets: CSRBuffer<UInt32>
    /// Of a directed graph: 1 for an arc whose nodes are joined in both directions.
    let isMutual: CSRBuffer<UInt8>?

    var nodeCount: Int { offsets.count - 1 }
    var arcCount: Int { targets.count }

    func degree(of node: Int) -> Int {
        Int(truncatingIfNeeded: offsets[node + 1] &- offsets[node])
    }

    func range(of node: Int) -> Range<Int> {
        Int(truncatingIfNeeded: offsets[node])..<Int(truncatingIfNeeded: offsets[node + 1])
    }

    /// The arc between two nodes; nil when there is none.
    ///
    /// - Complexity: O(log degree).
    func arc(from source: UInt32, to target: UInt32) -> Int? {
        var row = range(of: Int(source))
        while !row.isEmpty {
            let middle = row.lowerBound + row.count / 2
            let found = targets[middle]
            if found == target { return middle }
            row = found < target ? middle + 1..<row.upperBound : row.lowerBound..<middle
        }
        return nil
    }
}

extension SimpleRows {
    /// The simple rows of a graph; those of the graph itself when they are simple already.
    ///
    /// - Throws: `.missingIncoming` for a directed graph without incoming rows; `.cancelled`.
    /// - Complexity: O(nodes + edges).
    init(
        _ graph: CSRGraph, for algorithm: String, options: RunOptions
    ) throws(AlgorithmError) {
        let outgoing = graph.outgoing
        if !graph.isDirected {
            try options.checkCancellation()
            try self.init(simplifying: outgoing, edgeCount: graph.edgeCount, options)
            return
        }
        let incoming = try graph.requiredIncoming(for: algorithm)
        var ticker = CancellationTicker(options)
        var ends: [UInt64] = [0]
        ends.reserveCapacity(graph.nodeCount + 1)
        var count = 0
        for node in 0..<UInt32(truncatingIfNeeded: graph.nodeCount) {
            let (out, into) = (outgoing.range(of: node), incoming.range(of: node))
            forEachUnion(outgoing.targets.span, out, incoming.targets.span, into, except: node) {
                _, _ in count &+= 1
            }
            ends.append(UInt64(count))
            try ticker.tick(out.count + into.count + 1)
        }
        let mutual = CSRBuffer<UInt8>(count: count) { span in
            var place = 0
            for node in 0..<UInt32(truncatingIfNeeded: graph.nodeCount) {
                forEachUnion(
                    outgoing.targets.span, outgoing.range(of: node), incoming.targets.span,
                    incoming.range(of: node), except: node
                ) { _, isBoth in
                    span[place] = isBoth ? 1 : 0
                    place &+= 1
                }
            }
        }
        let targets = CSRBuffer<UInt32>(count: count) { span in
            var place = 0
            for node in 0..<UInt32(truncatingIfNeeded: graph.nodeCount) {
                forEachUnion(
                    outgoing.targets.span, outgoing.range(of: node), incoming.targets.span,
                    incoming.range(of: node), except: node
                ) { target, _ in
                    span[place] = target
                    place &+= 1
                }
            }
        }
        self.init(offsets: CSRBuffer(ends), targets: targets, isMutual: mutual)
    }
}

extension SimpleRows {
    /// Rows of an undirected graph without loops and repeated neighbours; the rows themselves when
    /// they have none.
    fileprivate init(
        simplifying rows: CSRRows, edgeCount: Int, _ options: RunOptions
    ) throws(AlgorithmError) {
        // A loop stands once in its row, any other edge in two.
        if rows.arcCount == 2 * edgeCount, try !rows.hasParallelArcs(options) {
            self.init(offsets: rows.offsets, targets: rows.targets, isMutual: nil)
            return
        }
        let nodes = rows.offsets.count - 1
        var count = 0
        let ends = CSRBuffer<UInt64>(count: nodes + 1) { ends in
            count = countNeighbours(rows.offsets.span, rows.targets.span, &ends)
        }
        let targets = CSRBuffer<UInt32>(count: count) { neighbours in
            fillNeighbours(rows.offsets.span, rows.targets.span, &neighbours)
        }
        self.init(offsets: ends, targets: targets, isMutual: nil)
    }
}

/// Sets where each row ends once loops and repeated neighbours are left out; returns how many
/// neighbours are left.
private func countNeighbours(
    _ offsets: Span<UInt64>, _ targets: Span<UInt32>, _ ends: inout MutableSpan<UInt64>
) -> Int {
    var count = 0
    ends[0] = 0
    for node in 0..<(offsets.count - 1) {
        var previous = UInt32(truncatingIfNeeded: node)
        let own = previous
        for arc in Int(
            truncatingIfNeeded: offsets[node])..<Int(truncatingIfNeeded: offsets[node + 1])
        {
            let target = targets[arc]
            count &+= target != previous && target != own ? 1 : 0
            previous = target
        }
        ends[node + 1] = UInt64(truncatingIfNeeded: count)
    }
    return count
}

private func fillNeighbours(
    _ offsets: Span<UInt64>, _ targets: Span<UInt32>, _ neighbours: inout MutableSpan<UInt32>
) {
    var place = 0
    for node in 0..<(offsets.count - 1) {
        let own = UInt32(truncatingIfNeeded: node)
        var previous = own
        for arc in Int(
            truncatingIfNeeded: offsets[node])..<Int(truncatingIfNeeded: offsets[node + 1])
        {
            let target = targets[arc]
            if target != previous && target != own {
                neighbours[place] = target
                place &+= 1
            }
            previous = target
        }
    }
}

/// Calls `body` with each node of two sorted rows, once and ascending, without `except`, and with
/// whether it stands in both.
@inline(__always)
private func forEachUnion(
    _ first: Span<UInt32>, _ firstRow: Range<Int>, _ second: Span<UInt32>, _ secondRow: Range<Int>,
    except node: UInt32, _ body: (UInt32, Bool) -> Void
) {
    var left = firstRow.lowerBound
    var right = secondRow.lowerBound
    while left < firstRow.upperBound || right < secondRow.upperBound {
        let a = left < firstRow.upperBound ? first[left] : noNode
        let b = right < secondRow.upperBound ? second[right] : noNode
        let target = min(a, b)
        while left < firstRow.upperBound, first[left] == target { left &+= 1 }
        while right < secondRow.upperBound, second[right] == target { right &+= 1 }
        if target != node { body(target, a == b) }
    }
}
