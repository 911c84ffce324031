// Sorting arcs by (row, neighbour, input order) in linear time. An arc on its way is one 64-bit
// word, so that a scattered write touches one cache line:
//
//     63           32 31            0
//    +---------------+---------------+
//    |  other node   |   input row   |
//    +---------------+---------------+
//
// Scattering all arcs into the rows of their *targets* and then, walking those rows in ascending
// order, into the rows of their *sources* leaves every row of sources ascending by target; both
// passes keep the input order among equals (a radix sort whose digits are whole node ids).

/// Arcs of all rows, sorted, with the input row each came from.
struct SortedArcs {
    /// `nodeCount + 1` positions.
    let offsets: CSRBuffer<UInt64>
    /// The neighbour of each arc.
    let targets: CSRBuffer<UInt32>
    /// The input row of each arc.
    let inputRows: CSRBuffer<UInt32>

    /// Sorts directed edges into the rows of their sources.
    static func directed(
        nodeCount: Int, sources: Span<UInt32>, targets: Span<UInt32>
    ) throws(CSRBuildError) -> SortedArcs {
        try sorted(nodeCount: nodeCount, sources: sources, targets: targets, isLowFirst: false)
    }

    /// Sorts undirected edges into the rows of both their ends; a loop stands once.
    ///
    /// Each edge is sorted once, from its lower end, and then written into both rows: the lower
    /// neighbours of a row come from elsewhere and the higher ones are there already, in order.
    static func symmetric(
        nodeCount: Int, sources: Span<UInt32>, targets: Span<UInt32>
    ) throws(CSRBuildError) -> SortedArcs {
        try sorted(nodeCount: nodeCount, sources: sources, targets: targets, isLowFirst: true)
            .mirrored()
    }

    /// Sorts edges into the rows of their sources, or of their lower ends.
    private static func sorted(
        nodeCount: Int, sources: Span<UInt32>, targets: Span<UInt32>, isLowFirst: Bool
    ) throws(CSRBuildError) -> SortedArcs {
        var sourceCursors = [UInt32](repeating: 0, count: nodeCount + 1)
        var targetCursors = [UInt32](repeating: 0, count: nodeCount + 1)
        var outCursors = sourceCursors.mutableSpan
        var inCursors = targetCursors.mutableSpan
        let isSorted = try count(
            sources: sources, targets: targets, nodeCount: nodeCount, isLowFirst: isLowFirst,
            outCursors: &outCursors, inCursors: &inCursors)
        let offsets = startCursors(&outCursors)
        if isSorted {
            let ends = CSRBuffer<UInt32>(count: targets.count) { ends in
                for row in targets.indices {
                    ends[row] = isLowFirst ? max(sources[row], targets[row]) : targets[row]
                }
            }
            return SortedArcs(offsets: offsets, targets: ends, inputRows: identity(targets.count))
        }
        let inOffsets = startCursors(&inCursors)
        let arcs = CSRBuffer<UInt64>(count: sources.count) { arcs in
            for row in sources.indices {
                let isTurned = isLowFirst && targets[row] < sources[row]
                let source = isTurned ? targets[row] : sources[row]
                let target = Int(isTurned ? sources[row] : targets[row])
                let position = inCursors[target]
                inCursors[target] = position &+ 1
                arcs[Int(position)] =
                    UInt64(source) << 32 | UInt64(UInt32(truncatingIfNeeded: row))
            }
        }
        return gather(arcs: arcs.span, from: inOffsets, offsets: offsets, cursors: &outCursors)
    }

    /// Arcs from lower to higher ends, written into the rows of both.
    private func mirrored() -> SortedArcs {
        let starts = offsets.span
        let highs = targets.span
        let inputs = inputRows.span
        let nodeCount = starts.count - 1
        // First how many lower neighbours each node has, then where its next one goes.
        var lower = [UInt32](repeating: 0, count: nodeCount)
        var cursors = lower.mutableSpan
        var loops = 0
        for node in 0..<nodeCount {
            for arc in Int(
                truncatingIfNeeded: starts[node])..<Int(truncatingIfNeeded: starts[node + 1])
            {
                if Int(highs[arc]) == node { loops += 1 } else { cursors[Int(highs[arc])] &+= 1 }
            }
        }
        let newOffsets = CSRBuffer<UInt64>(count: nodeCount + 1) { newOffsets in
            for node in 0..<nodeCount {
                let degree = starts[node + 1] &- starts[node] &+ UInt64(cursors[node])
                newOffsets[node + 1] = newOffsets[node] &+ degree
                cursors[node] = UInt32(truncatingIfNeeded: newOffsets[node])
            }
        }
        let arcCount = 2 * highs.count - loops
        var newInputs: CSRBuffer<UInt32>?
        let newTargets = CSRBuffer<UInt32>(count: arcCount) { neighbors in
            newInputs = CSRBuffer<UInt32>(count: arcCount) { rows in
                for node in 0..<nodeCount {
                    let start = Int(truncatingIfNeeded: starts[node])
                    let end = Int(truncatingIfNeeded: starts[node + 1])
                    // All lower nodes were done, so the cursor stands where the higher begin.
                    var own = Int(cursors[node])
                    for arc in start..<end {
                        let high = Int(highs[arc])
                        neighbors[own] = highs[arc]
                        rows[own] = inputs[arc]
                        own &+= 1
                        if high == node { continue }
                        let position = Int(cursors[high])
                        cursors[high] &+= 1
                        neighbors[position] = UInt32(truncatingIfNeeded: node)
                        rows[position] = inputs[arc]
                    }
                }
            }
        }
        return SortedArcs(
            offsets: newOffsets, targets: newTargets, inputRows: newInputs ?? Self.identity(0))
    }

    /// The same arcs in the rows of their other ends.
    func transposed() -> SortedArcs {
        let targets = targets.span
        let inputs = inputRows.span
        let nodeCount = offsets.count - 1
        var counts = [UInt32](repeating: 0, count: nodeCount + 1)
        var cursors = counts.mutableSpan
        for arc in targets.indices { cursors[Int(targets[arc])] &+= 1 }
        let newOffsets = Self.startCursors(&cursors)
        let oldOffsets = offsets.span
        var newInputs: CSRBuffer<UInt32>?
        let newTargets = CSRBuffer<UInt32>(count: targets.count) { neighbors in
            newInputs = CSRBuffer<UInt32>(count: targets.count) { rows in
                for node in 0..<nodeCount {
                    let start = Int(truncatingIfNeeded: oldOffsets[node])
                    let end = Int(truncatingIfNeeded: oldOffsets[node + 1])
                    for arc in start..<end {
                        let target = Int(targets[arc])
                        let position = cursors[target]
                        cursors[target] = position &+ 1
                        neighbors[Int(position)] = UInt32(truncatingIfNeeded: node)
                        rows[Int(position)] = inputs[arc]
                    }
                }
            }
        }
        return SortedArcs(
            offsets: newOffsets, targets: newTargets, inputRows: newInputs ?? Self.identity(0))
    }

    /// Rows with the values of each arc's edge beside it.
    func rows(weights: Span<Double>?, edges: Span<UInt64>?) -> CSRRows {
        let inputs = inputRows.span
        var arcWeights: CSRBuffer<Double>?
        if let weights {
            arcWeights = CSRBuffer(count: inputs.count) { values in
                for arc in inputs.indices { values[arc] = weights[Int(inputs[arc])] }
            }
        }
        var arcEdges: CSRBuffer<UInt64>?
        if let edges {
            arcEdges = CSRBuffer(count: inputs.count) { values in
                for arc in inputs.indices { values[arc] = edges[Int(inputs[arc])] }
            }
        }
        return CSRRows(offsets: offsets, targets: targets, weights: arcWeights, edges: arcEdges)
    }
}

extension SortedArcs {
    /// The second pass: walks rows of one end and scatters into the rows of the other.
    private static func gather(
        arcs: Span<UInt64>, from rowOffsets: CSRBuffer<UInt64>, offsets: CSRBuffer<UInt64>,
        cursors: inout MutableSpan<UInt32>
    ) -> SortedArcs {
        let starts = rowOffsets.span
        // One word a write again; splitting it into the two columns afterwards is sequential.
        let words = CSRBuffer<UInt64>(count: arcs.count) { words in
            for row in 0..<(starts.count - 1) {
                let high = UInt64(UInt32(truncatingIfNeeded: row)) << 32
                let start = Int(truncatingIfNeeded: starts[row])
                let end = Int(truncatingIfNeeded: starts[row + 1])
                for arc in start..<end {
                    let word = arcs[arc]
                    let other = Int(truncatingIfNeeded: word >> 32)
                    let position = cursors[other]
                    cursors[other] = position &+ 1
                    words[Int(position)] = high | word & 0xFFFF_FFFF
                }
            }
        }
        let result = words.span
        let targets = CSRBuffer<UInt32>(count: arcs.count) { targets in
            for arc in result.indices {
                targets[arc] = UInt32(truncatingIfNeeded: result[arc] >> 32)
            }
        }
        let inputRows = CSRBuffer<UInt32>(count: arcs.count) { rows in
            for arc in result.indices { rows[arc] = UInt32(truncatingIfNeeded: result[arc]) }
        }
        return SortedArcs(offsets: offsets, targets: targets, inputRows: inputRows)
    }

    /// Counts the arcs of each row of both directions and checks every id; returns whether the
    /// edges already ascend by source and target.
    private static func count(
        sources: Span<UInt32>, targets: Span<UInt32>, nodeCount: Int, isLowFirst: Bool,
        outCursors: inout MutableSpan<UInt32>, inCursors: inout MutableSpan<UInt32>
    ) throws(CSRBuildError) -> Bool {
        let limit = UInt32(truncatingIfNeeded: nodeCount)
        var isSorted = true
        var last: UInt64 = 0
        for row in sources.indices {
            let isTurned = isLowFirst && targets[row] < sources[row]
            let source = isTurned ? targets[row] : sources[row]
            let target = isTurned ? sources[row] : targets[row]
            guard source < limit, target < limit else {
                throw outOfRange(max(source, target), row: row, nodeCount: nodeCount)
            }
            outCursors[Int(source)] &+= 1
            inCursors[Int(target)] &+= 1
            let key = UInt64(source) << 32 | UInt64(target)
            isSorted = isSorted && last <= key
            last = key
        }
        return isSorted
    }

    private static func outOfRange(_ node: UInt32, row: Int, nodeCount: Int) -> CSRBuildError {
        CSRBuildError(
            .nodeOutOfRange,
            "Cannot build a graph: edge row \(row) names node \(node), but there are only "
                + "\(nodeCount) nodes. Raise the number of nodes or drop the edge.")
    }

    /// Turns counts into the first position of each row, and returns those as offsets.
    private static func startCursors(_ cursors: inout MutableSpan<UInt32>) -> CSRBuffer<UInt64> {
        var position: UInt32 = 0
        for row in cursors.indices {
            let count = cursors[row]
            cursors[row] = position
            position &+= count
        }
        let starts = cursors.span
        return CSRBuffer(count: starts.count) { offsets in
            for row in starts.indices { offsets[row] = UInt64(starts[row]) }
        }
    }

    private static func identity(_ count: Int) -> CSRBuffer<UInt32> {
        CSRBuffer(count: count) { span in
            for row in span.indices { span[row] = UInt32(truncatingIfNeeded: row) }
        }
    }
}
