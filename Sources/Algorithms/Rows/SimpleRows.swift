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
        if !graph.isDirected, isSimple(outgoing) {
            self.init(offsets: outgoing.offsets, targets: outgoing.targets, isMutual: nil)
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
        let isDirected = graph.isDirected
        var mutual: CSRBuffer<UInt8>?
        if isDirected {
            mutual = CSRBuffer<UInt8>(count: count) { span in
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

/// Whether no row has a loop or the same neighbour twice.
private func isSimple(_ rows: CSRRows) -> Bool {
    let offsets = rows.offsets.span
    let targets = rows.targets.span
    var isSimple = true
    for node in 0..<(offsets.count - 1) {
        let first = Int(truncatingIfNeeded: offsets[node])
        let last = Int(truncatingIfNeeded: offsets[node + 1])
        guard first < last else { continue }
        var previous = targets[first]
        var isRowSimple = previous != UInt32(truncatingIfNeeded: node)
        for arc in (first + 1)..<max(last, first + 1) {
            let target = targets[arc]
            isRowSimple =
                isRowSimple && target != previous && target != UInt32(truncatingIfNeeded: node)
            previous = target
        }
        isSimple = isSimple && isRowSimple
    }
    return isSimple
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
