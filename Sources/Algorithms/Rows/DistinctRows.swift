import PropertyGraph

extension CSRRows {
    /// The rows without parallel arcs: of several to one neighbour the lightest stays, the first
    /// among equals. The rows themselves when there are none.
    ///
    /// - Complexity: O(nodes + arcs).
    func distinct() -> (rows: CSRRows, arcs: [Int]?) {
        let offsets = offsets.span
        let targets = targets.span
        var repeated = 0
        for node in 0..<(offsets.count - 1) {
            let first = Int(truncatingIfNeeded: offsets[node])
            let last = Int(truncatingIfNeeded: offsets[node + 1])
            guard first < last else { continue }
            for arc in (first + 1)..<max(last, first + 1) where targets[arc] == targets[arc - 1] {
                repeated &+= 1
            }
        }
        guard repeated > 0 else { return (self, nil) }
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
