import PropertyGraph

/// The edges between nodes of the core, its nodes numbered from 0.
struct PageRankCoreRows {
    let offsets: CSRBuffer<UInt64>
    let sources: CSRBuffer<UInt32>
    let weights: CSRBuffer<Double>?

    /// Nodes with more edges from the core than this count as having as many.
    private static let longest = 64

    init(_ core: inout [UInt32], of nodeCount: Int, _ outgoing: CSRRows, isWeighted: Bool) {
        var places = [UInt32](repeating: UInt32(core.count), count: nodeCount)
        number(core, in: &places)
        // One more for edges that leave the core.
        var degrees = [UInt32](repeating: 0, count: core.count + 1)
        countArrivals(core, outgoing, places, &degrees)
        Self.sort(&core, &degrees)
        number(core, in: &places)
        var ends: [UInt64] = [0]
        ends.reserveCapacity(core.count + 1)
        for place in core.indices { ends.append(ends[place] + UInt64(degrees[place])) }
        offsets = CSRBuffer(ends)
        let count = Int(truncatingIfNeeded: ends[core.count])
        let weights = isWeighted ? outgoing.weights : nil
        var lengths = [Double](repeating: 0, count: weights == nil ? 0 : count + 1)
        sources = CSRBuffer(count: count + 1) { sources in
            fillRows(core, outgoing, weights, places, &ends, &sources, &lengths)
        }
        self.weights = weights == nil ? nil : CSRBuffer(lengths)
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

/// Counts how many edges of the core lead to each of its places, and out of it.
private func countArrivals(
    _ core: [UInt32], _ outgoing: CSRRows, _ places: [UInt32], _ degrees: inout [UInt32]
) {
    let (offsets, targets) = (outgoing.offsets.span, outgoing.targets.span)
    let (core, places) = (core.span, places.span)
    var degrees = degrees.mutableSpan
    for index in core.indices {
        let node = Int(core[index])
        var arc = Int(truncatingIfNeeded: offsets[node])
        let end = Int(truncatingIfNeeded: offsets[node &+ 1])
        while arc < end {
            degrees[Int(places[Int(targets[arc])])] &+= 1
            arc &+= 1
        }
    }
}

/// Writes each edge of the core to the end of the row it leads to; one that leaves the core is
/// written behind all rows, and forgotten.
private func fillRows(
    _ core: [UInt32], _ outgoing: CSRRows, _ weights: CSRBuffer<Double>?, _ places: [UInt32],
    _ ends: inout [UInt64], _ sources: inout MutableSpan<UInt32>, _ lengths: inout [Double]
) {
    let (offsets, targets) = (outgoing.offsets.span, outgoing.targets.span)
    let (core, places) = (core.span, places.span)
    var ends = ends.mutableSpan
    var lengths = lengths.mutableSpan
    for source in core.indices {
        let node = Int(core[source])
        var arc = Int(truncatingIfNeeded: offsets[node])
        let last = Int(truncatingIfNeeded: offsets[node &+ 1])
        while arc < last {
            let place = Int(places[Int(targets[arc])])
            let end = Int(truncatingIfNeeded: ends[place])
            sources[end] = UInt32(truncatingIfNeeded: source)
            if let weights { lengths[end] = weights[arc] }
            ends[place] &+= place < core.count ? 1 : 0
            arc &+= 1
        }
    }
}
