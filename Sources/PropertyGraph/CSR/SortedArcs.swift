/// Arcs of all rows, sorted by neighbour and then by the order of the input.
struct SortedArcs<Payload: ArcPayload> {
    /// `nodeCount + 1` positions.
    let offsets: CSRBuffer<UInt64>
    /// The neighbour of each arc.
    let targets: CSRBuffer<UInt32>
    /// What stands beside each arc; empty where nothing does.
    let payloads: CSRBuffer<Payload>
    /// Where the rows of the other direction begin, if that is known.
    let incomingOffsets: CSRBuffer<UInt64>?

    /// The same rows without loops and with one arc to each neighbour: one that no other is lighter
    /// than, the first of them.
    ///
    /// In a symmetric graph both arcs of an edge see the same rivals in the same order, so they
    /// stay or go together.
    ///
    /// - Parameter isLighter: Whether one arc is lighter than another.
    func simplified(
        _ watch: BuildWatch, _ isLighter: (_ arc: Int, _ other: Int) -> Bool
    ) throws(CSRBuildError) -> SortedArcs {
        let kept = try keptArcs(watch, isLighter)
        return try SortedArcs(
            offsets: kept.offsets,
            targets: CSRBuffer(gathering: targets.span, by: kept.arcs.span, asking: watch.ask),
            payloads: payloads.count == 0
                ? payloads
                : CSRBuffer(gathering: payloads.span, by: kept.arcs.span, asking: watch.ask),
            incomingOffsets: nil)
    }

    private func keptArcs(
        _ watch: BuildWatch, _ isLighter: (_ arc: Int, _ other: Int) -> Bool
    ) throws(CSRBuildError) -> (offsets: CSRBuffer<UInt64>, arcs: [UInt32]) {
        let starts = offsets.span
        let targets = targets.span
        var arcs: [UInt32] = []
        arcs.reserveCapacity(targets.count)
        var ticker = BuildTicker(watch)
        let newOffsets = try CSRBuffer<UInt64>(count: starts.count) {
            (newOffsets) throws(CSRBuildError) in
            for node in 0..<(starts.count - 1) {
                var arc = Int(truncatingIfNeeded: starts[node])
                let end = Int(truncatingIfNeeded: starts[node + 1])
                try ticker.tick(1)
                while arc < end {
                    let (first, target) = (arc, targets[arc])
                    var best = arc
                    arc += 1
                    while arc < end, targets[arc] == target {
                        if isLighter(arc, best) { best = arc }
                        arc += 1
                    }
                    if Int(target) != node { arcs.append(UInt32(truncatingIfNeeded: best)) }
                    try ticker.tick(arc - first)
                }
                newOffsets[node + 1] = UInt64(arcs.count)
            }
        }
        return (newOffsets, arcs)
    }
}
