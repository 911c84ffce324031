import PropertyGraph

extension CSRRows {
    /// The rows without parallel arcs: of several to one neighbour the lightest stays, the first
    /// among equals. The rows themselves when there are none.
    ///
    /// - Complexity: O(nodes + arcs).
    func distinct() -> (rows: CSRRows, arcs: [Int]?) {
        let offsets = offsets.span
        let targets = targets.span
        guard hasParallelArcs(offsets, targets) else { return (self, nil) }
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
}

/// Whether a row names a neighbour twice: equal ones stand side by side, in rows or where two meet.
private func hasParallelArcs(_ offsets: Span<UInt64>, _ targets: Span<UInt32>) -> Bool {
    var equal = 0
    var last = noNode
    for arc in targets.indices {
        equal &+= targets[arc] == last ? 1 : 0
        last = targets[arc]
    }
    guard equal > 0 else { return false }
    var before = 0
    for node in 1..<offsets.count {
        let start = Int(truncatingIfNeeded: offsets[node])
        // Rows that are empty start at the same arc; it counts once.
        if start > before, start < targets.count, targets[start] == targets[start &- 1] {
            equal &-= 1
        }
        before = start
    }
    return equal > 0
}
