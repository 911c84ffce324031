import PropertyGraph

/// The edges between nodes of the core, its nodes numbered from 0.
struct PageRankCoreRows {
    /// The number of each node; `noNode` outside of the core.
    let places: [UInt32]
    let offsets: CSRBuffer<UInt64>
    let sources: CSRBuffer<UInt32>
    let weights: CSRBuffer<Double>?

    /// Nodes with more edges from the core than this count as having as many.
    private static let longest = 64

    /// - Parameters:
    ///   - core: The nodes; they come back in the order of their numbers, those with equally many
    ///     edges from the core together.
    ///   - arcs: How many edges lead to them.
    init(
        _ core: inout [UInt32], of nodeCount: Int, _ incoming: CSRRows, arcs: Int,
        isWeighted: Bool, _ options: RunOptions
    ) throws(AlgorithmError) {
        var places = [UInt32](repeating: noNode, count: nodeCount)
        number(core, in: &places)
        let parts = stretches(core.count, of: max(options.blockSize >> 4, 1))
        // Each edge looks up where it comes from.
        let workers = options.workerCount(work: 4 * arcs, tasks: parts.count)
        var degrees = [UInt32](repeating: 0, count: core.count)
        try Self.count(&degrees, core, incoming, places, parts, workers, options)
        Self.sort(&core, &degrees)
        number(core, in: &places)
        var ends: [UInt64] = [0]
        ends.reserveCapacity(core.count + 1)
        for place in core.indices { ends.append(ends[place] + UInt64(degrees[place])) }
        let rows = parts.map { Int(ends[$0.lowerBound])..<Int(ends[$0.upperBound]) }
        let (nodes, known) = (core, places)
        sources = try CSRBuffer(count: rows.last?.upperBound ?? 0) {
            span throws(AlgorithmError) in
            _ = try options.fillParts(rows, of: &span, workers: workers, scratch: {}) {
                _, task, part in
                fillSources(nodes, parts[task], incoming, known, &part)
            }
        }
        if isWeighted, let given = incoming.weights {
            weights = try CSRBuffer(count: rows.last?.upperBound ?? 0) {
                span throws(AlgorithmError) in
                _ = try options.fillParts(rows, of: &span, workers: workers, scratch: {}) {
                    _, task, part in
                    fillWeights(nodes, parts[task], incoming, given.span, known, &part)
                }
            }
        } else {
            weights = nil
        }
        offsets = CSRBuffer(ends)
        self.places = places
    }

    private static func count(
        _ degrees: inout [UInt32], _ core: [UInt32], _ incoming: CSRRows, _ places: [UInt32],
        _ parts: [Range<Int>], _ workers: Int, _ options: RunOptions
    ) throws(AlgorithmError) {
        var span = degrees.mutableSpan
        _ = try options.fillParts(parts, of: &span, workers: workers, scratch: {}) {
            _, task, part in
            countSources(core, parts[task], incoming, places, &part)
        }
    }

    /// Puts nodes with equally many edges together.
    private static func sort(_ core: inout [UInt32], _ degrees: inout [UInt32]) {
        var ends = [Int](repeating: 0, count: longest + 2)
        for index in core.indices { ends[min(Int(degrees[index]), longest) + 1] += 1 }
        for degree in 0...longest { ends[degree + 1] += ends[degree] }
        let (nodes, counts) = (core, degrees)
        for index in nodes.indices {
            let place = ends[min(Int(counts[index]), longest)]
            ends[min(Int(counts[index]), longest)] += 1
            core[place] = nodes[index]
            degrees[place] = counts[index]
        }
    }

    func arcCount(of stretch: Range<Int>) -> Int {
        Int(truncatingIfNeeded: offsets[stretch.upperBound] &- offsets[stretch.lowerBound])
    }
}

private func number(_ core: [UInt32], in places: inout [UInt32]) {
    var places = places.mutableSpan
    let core = core.span
    for place in core.indices { places[Int(core[place])] = UInt32(truncatingIfNeeded: place) }
}

/// Calls `body` with each edge that leads to some places of the core, one place after the other,
/// and with the place that it comes from, `noNode` where that is outside.
@inline(__always)
private func forEachArc(
    _ core: [UInt32], _ stretch: Range<Int>, _ incoming: CSRRows, _ places: [UInt32],
    _ body: (_ place: Int, _ arc: Int, _ source: UInt32) -> Void
) {
    let (offsets, targets) = (incoming.offsets.span, incoming.targets.span)
    let (core, places) = (core.span, places.span)
    for place in stretch {
        let node = Int(core[place])
        var arc = Int(truncatingIfNeeded: offsets[node])
        let end = Int(truncatingIfNeeded: offsets[node &+ 1])
        while arc < end {
            body(place, arc, places[Int(targets[arc])])
            arc &+= 1
        }
    }
}

/// Counts the edges of the core that lead to each of its places.
private func countSources(
    _ core: [UInt32], _ stretch: Range<Int>, _ incoming: CSRRows, _ places: [UInt32],
    _ degrees: inout MutableSpan<UInt32>
) {
    let first = stretch.lowerBound
    forEachArc(core, stretch, incoming, places) { place, _, source in
        degrees[place &- first] &+= source == noNode ? 0 : 1
    }
}

private func fillSources(
    _ core: [UInt32], _ stretch: Range<Int>, _ incoming: CSRRows, _ places: [UInt32],
    _ sources: inout MutableSpan<UInt32>
) {
    var end = 0
    forEachArc(core, stretch, incoming, places) { _, _, source in
        // Written in any case, for whether it is in the core is hard to foretell.
        if end < sources.count { sources[end] = source }
        end &+= source == noNode ? 0 : 1
    }
}

private func fillWeights(
    _ core: [UInt32], _ stretch: Range<Int>, _ incoming: CSRRows, _ weights: Span<Double>,
    _ places: [UInt32], _ lengths: inout MutableSpan<Double>
) {
    var end = 0
    forEachArc(core, stretch, incoming, places) { _, arc, source in
        if end < lengths.count { lengths[end] = weights[arc] }
        end &+= source == noNode ? 0 : 1
    }
}
