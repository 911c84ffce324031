// Sorting arcs by (row, neighbour, input order) in linear time, by scattering them again and again:
//
//     1. into the rows of their targets, in the order of the input;
//     2. walking those rows in ascending order, into the rows of their sources, which thereby
//        ascend by target;
//     3. walking these, into the rows of their targets, which thereby ascend by source.
//
// Every pass keeps the order among equals (a radix sort whose digits are whole node ids). Edges that
// ascend by source and target already, as many files list them, skip the first two.
//
// An undirected edge goes from its lower end to its higher one, and the second and third pass write
// into the same rows: a node's lower neighbours, then itself, then the higher ones.

/// Sorts the arcs of edges into rows.
struct ArcSorter<Payload: ArcPayload> {
    let nodeCount: Int
    /// Whether an edge stands in the rows of both its ends; a loop stands once.
    let isSymmetric: Bool
    /// Whether anything stands beside arcs.
    let carries: Bool
    let watch: BuildWatch

    /// The arcs in the rows of their sources.
    ///
    /// - Parameter payloads: What stands beside the arcs of each edge; nil for the rows of edges.
    func sorted(
        _ sources: Span<UInt32>, _ targets: Span<UInt32>, _ payloads: Span<Payload>?
    ) throws(CSRBuildError) -> SortedArcs<Payload> {
        var outCounts = [UInt32](repeating: 0, count: nodeCount + 1)
        var inCounts = [UInt32](repeating: 0, count: nodeCount + 1)
        var out = outCounts.mutableSpan
        var into = inCounts.mutableSpan
        let isSorted = try count(sources, targets, &out, &into)
        if isSymmetric {
            return try symmetric(sources, targets, payloads, isSorted, &out, &into)
        }
        return try directed(sources, targets, payloads, isSorted, &out, &into)
    }

    /// Arcs of directed edges, from their counts.
    private func directed(
        _ sources: Span<UInt32>, _ targets: Span<UInt32>, _ payloads: Span<Payload>?,
        _ isSorted: Bool, _ out: inout MutableSpan<UInt32>, _ into: inout MutableSpan<UInt32>
    ) throws(CSRBuildError) -> SortedArcs<Payload> {
        let offsets = try startCursors(&out)
        let incomingOffsets = try startCursors(&into)
        var values: CSRBuffer<Payload>?
        let neighbors: CSRBuffer<UInt32>
        if isSorted {
            neighbors = try copy(of: targets)
            if carries, let payloads {
                values = try copy(of: payloads)
            } else if carries {
                values = try inputRows(targets.count)
            }
        } else {
            neighbors = try CSRBuffer(count: targets.count) { (ends) throws(CSRBuildError) in
                values = try CSRBuffer(count: carries ? ends.count : 0) {
                    (beside) throws(CSRBuildError) in
                    try sort(sources, targets, payloads, &into, &out, &ends, &beside)
                }
            }
        }
        return SortedArcs(
            offsets: offsets, targets: neighbors, payloads: values ?? CSRBuffer([]),
            incomingOffsets: incomingOffsets)
    }

    /// Arcs of undirected edges, from the counts of their lower and higher ends; a loop has no
    /// higher one.
    private func symmetric(
        _ sources: Span<UInt32>, _ targets: Span<UInt32>, _ payloads: Span<Payload>?,
        _ isSorted: Bool, _ higher: inout MutableSpan<UInt32>, _ lower: inout MutableSpan<UInt32>
    ) throws(CSRBuildError) -> SortedArcs<Payload> {
        // Where the arcs from a node to lower and to higher ones go next, and where its row of
        // the first pass is.
        var headCounts = isSorted ? [] : [UInt32](repeating: 0, count: nodeCount + 1)
        var heads = headCounts.mutableSpan
        var headStart: UInt32 = 0
        let offsets = try CSRBuffer<UInt64>(count: nodeCount + 1) {
            (offsets) throws(CSRBuildError) in
            var start: UInt32 = 0
            for stretch in BuildWatch.stretches(nodeCount) {
                try watch.ask()
                for node in stretch {
                    let (lowerCount, higherCount) = (lower[node], higher[node])
                    lower[node] = start
                    higher[node] = start &+ lowerCount
                    start = start &+ lowerCount &+ higherCount
                    offsets[node + 1] = UInt64(start)
                    if isSorted { continue }
                    heads[node] = headStart
                    headStart &+= lowerCount
                }
            }
        }
        let arcCount = Int(truncatingIfNeeded: offsets[nodeCount])
        var values: CSRBuffer<Payload>?
        let neighbors = try CSRBuffer<UInt32>(count: arcCount) { (ends) throws(CSRBuildError) in
            values = try CSRBuffer<Payload>(count: carries ? arcCount : 0) {
                (beside) throws(CSRBuildError) in
                if isSorted {
                    try mirror(sources, targets, payloads, &lower, &higher, &ends, &beside)
                } else {
                    try sort(sources, targets, payloads, &heads, &higher, &ends, &beside)
                    try mirror(&lower, higher.span, &ends, &beside)
                }
            }
        }
        return SortedArcs(
            offsets: offsets, targets: neighbors, payloads: values ?? CSRBuffer([]),
            incomingOffsets: nil)
    }

    /// The same arcs in the rows of their other ends.
    func transposed(_ arcs: SortedArcs<Payload>) throws(CSRBuildError) -> SortedArcs<Payload> {
        let targets = arcs.targets.span
        var counts = [UInt32](repeating: 0, count: nodeCount + 1)
        var cursors = counts.mutableSpan
        let offsets: CSRBuffer<UInt64>
        if let known = arcs.incomingOffsets {
            let starts = known.span
            for node in starts.indices {
                cursors[node] = UInt32(truncatingIfNeeded: starts[node])
            }
            offsets = known
        } else {
            for stretch in BuildWatch.stretches(targets.count) {
                try watch.ask()
                for arc in stretch { cursors[Int(targets[arc])] &+= 1 }
            }
            offsets = try startCursors(&cursors)
        }
        var values: CSRBuffer<Payload>?
        let neighbors = try CSRBuffer<UInt32>(count: targets.count) {
            (ends) throws(CSRBuildError) in
            values = try CSRBuffer<Payload>(count: arcs.payloads.count) {
                (beside) throws(CSRBuildError) in
                try transpose(arcs, &cursors, &ends, &beside)
            }
        }
        return SortedArcs(
            offsets: offsets, targets: neighbors, payloads: values ?? CSRBuffer([]),
            incomingOffsets: arcs.offsets)
    }
}

// MARK: Counting

extension ArcSorter {
    /// Counts the arcs of each row of both directions and checks every id; returns whether the
    /// edges already ascend by source and target.
    private func count(
        _ sources: Span<UInt32>, _ targets: Span<UInt32>, _ out: inout MutableSpan<UInt32>,
        _ into: inout MutableSpan<UInt32>
    ) throws(CSRBuildError) -> Bool {
        let limit = UInt32(truncatingIfNeeded: nodeCount)
        var isSorted = true
        var last: UInt64 = 0
        for stretch in BuildWatch.stretches(sources.count) {
            try watch.ask()
            for row in stretch {
                let isTurned = isSymmetric && targets[row] < sources[row]
                let source = isTurned ? targets[row] : sources[row]
                let target = isTurned ? sources[row] : targets[row]
                guard source < limit, target < limit else {
                    throw outOfRange(max(source, target), row: row)
                }
                out[Int(source)] &+= 1
                if !isSymmetric || source != target { into[Int(target)] &+= 1 }
                let key = UInt64(source) << 32 | UInt64(target)
                isSorted = isSorted && last <= key
                last = key
            }
        }
        return isSorted
    }

    private func outOfRange(_ node: UInt32, row: Int) -> CSRBuildError {
        CSRBuildError(
            .nodeOutOfRange,
            "Cannot build a graph: edge row \(row) names node \(node), but there are only "
                + "\(nodeCount) nodes. Raise the number of nodes or drop the edge.")
    }

    /// Turns counts into the first position of each row, and returns those as offsets.
    private func startCursors(
        _ cursors: inout MutableSpan<UInt32>
    ) throws(CSRBuildError) -> CSRBuffer<UInt64> {
        try CSRBuffer(count: cursors.count) { (offsets) throws(CSRBuildError) in
            var position: UInt32 = 0
            for stretch in BuildWatch.stretches(cursors.count) {
                try watch.ask()
                for row in stretch {
                    let count = cursors[row]
                    cursors[row] = position
                    offsets[row] = UInt64(position)
                    position &+= count
                }
            }
        }
    }

    private func copy<Element: CSRElement>(
        of elements: Span<Element>
    ) throws(CSRBuildError) -> CSRBuffer<Element> {
        try CSRBuffer(count: elements.count) { (copy) throws(CSRBuildError) in
            for stretch in BuildWatch.stretches(elements.count) {
                try watch.ask()
                copy.copy(elements.extracting(stretch), at: stretch.lowerBound)
            }
        }
    }

    private func inputRows(_ count: Int) throws(CSRBuildError) -> CSRBuffer<Payload> {
        try CSRBuffer(count: count) { (rows) throws(CSRBuildError) in
            for stretch in BuildWatch.stretches(count) {
                try watch.ask()
                for row in stretch {
                    rows[row] = Payload(inputRow: UInt32(truncatingIfNeeded: row))
                }
            }
        }
    }
}
