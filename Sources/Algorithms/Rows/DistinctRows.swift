import PropertyGraph

extension CSRRows {
    /// The rows without parallel arcs: of several to one neighbour the lightest stays, the first
    /// among equals. The rows themselves when there are none.
    ///
    /// - Complexity: O(nodes + arcs); several threads look whether there are any.
    func distinct(
        _ options: RunOptions
    ) throws(AlgorithmError) -> (rows: CSRRows, arcs: [Int]?) {
        guard try hasParallelArcs(options) else { return (self, nil) }
        let offsets = offsets.span
        let targets = targets.span
        var ends: [UInt64] = [0]
        var arcs: [Int] = []
        for node in 0..<(offsets.count - 1) {
            let last = Int(truncatingIfNeeded: offsets[node + 1])
            var arc = Int(truncatingIfNeeded: offsets[node])
            while arc < last {
                var best = arc
                let target = targets[arc]
                arc += 1
                while arc < last, targets[arc] == target {
                    if let weights, weights[arc] < weights[best] { best = arc }
                    arc += 1
                }
                arcs.append(best)
            }
            ends.append(UInt64(arcs.count))
        }
        let kept = arcs.map { self.targets[$0] }
        let lengths = weights.map { weights in CSRBuffer(arcs.map { weights[$0] }) }
        return (
            CSRRows(offsets: CSRBuffer(ends), targets: CSRBuffer(kept), weights: lengths), arcs
        )
    }

    /// Whether a row names a neighbour twice.
    ///
    /// - Complexity: O(nodes + arcs), on several threads when large.
    func hasParallelArcs(_ options: RunOptions) throws(AlgorithmError) -> Bool {
        let repeats = try ParallelRows(offsets: offsets, cost: 2, options: options).sweep {
            block in
            [Double(countRepeats(in: block.rows, offsets.span, targets.span)), 0, 0, 0]
        }
        return repeats[0] > 0
    }
}

/// How often a row of a block holds the neighbour before once more: only where rows meet may equal
/// targets stand side by side. Going over all arcs at once, and over the rows apart, is several
/// times faster than row by row, for rows are short.
private func countRepeats(
    in rows: Range<Int>, _ offsets: Span<UInt64>, _ targets: Span<UInt32>
) -> Int {
    let start = Int(truncatingIfNeeded: offsets[rows.lowerBound])
    let end = Int(truncatingIfNeeded: offsets[rows.upperBound])
    guard start < end else { return 0 }
    let arcs = targets.extracting(start..<end)
    var equal: UInt32 = 0
    for arc in 1..<arcs.count { equal &+= arcs[arc] == arcs[arc &- 1] ? 1 : 0 }
    guard equal > 0 else { return 0 }
    var last = 0
    for node in (rows.lowerBound &+ 1)..<rows.upperBound {
        let first = Int(truncatingIfNeeded: offsets[node]) &- start
        // An empty row would count the same place again.
        guard first > last, first < arcs.count else { continue }
        last = first
        equal &-= arcs[first] == arcs[first &- 1] ? 1 : 0
    }
    return Int(equal)
}
