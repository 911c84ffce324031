extension SortedArcs {
    /// The same rows without loops and with one arc to each neighbour: the one of smallest weight,
    /// the first of the input among equals.
    ///
    /// In a symmetric graph both arcs of an edge see the same rivals in the same order, so they
    /// stay or go together.
    func simplified(weights: Span<Double>?) -> SortedArcs {
        let kept = keptArcs(weights: weights)
        let survivors = kept.arcs.span
        let targets = targets.span
        let inputs = inputRows.span
        return SortedArcs(
            offsets: kept.offsets,
            targets: CSRBuffer(count: survivors.count) { span in
                for arc in survivors.indices { span[arc] = targets[Int(survivors[arc])] }
            },
            inputRows: CSRBuffer(count: survivors.count) { span in
                for arc in survivors.indices { span[arc] = inputs[Int(survivors[arc])] }
            })
    }

    private func keptArcs(
        weights: Span<Double>?
    ) -> (offsets: CSRBuffer<UInt64>, arcs: [UInt32]) {
        let starts = offsets.span
        let targets = targets.span
        let inputs = inputRows.span
        var arcs: [UInt32] = []
        arcs.reserveCapacity(targets.count)
        let newOffsets = CSRBuffer<UInt64>(count: starts.count) { newOffsets in
            for node in 0..<(starts.count - 1) {
                var arc = Int(truncatingIfNeeded: starts[node])
                let end = Int(truncatingIfNeeded: starts[node + 1])
                while arc < end {
                    let target = targets[arc]
                    var best = arc
                    arc += 1
                    while arc < end, targets[arc] == target {
                        if let weights, weights[Int(inputs[arc])] < weights[Int(inputs[best])] {
                            best = arc
                        }
                        arc += 1
                    }
                    if Int(target) != node { arcs.append(UInt32(truncatingIfNeeded: best)) }
                }
                newOffsets[node + 1] = UInt64(arcs.count)
            }
        }
        return (newOffsets, arcs)
    }
}
