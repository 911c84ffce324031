// The passes of a sort. An arc on its way from the first to the second is one word, so that a
// scattered write touches one cache line. Where something stands beside arcs, the word leads to it:
//
//     63           32 31            0            31            0
//    +---------------+---------------+          +---------------+
//    |  other node   |   input row   |    or    |  other node   |
//    +---------------+---------------+          +---------------+

/// What stands beside an arc while it is sorted: the weight of its edge, or the row of the input.
protocol ArcPayload: CSRElement {
    /// The payload of an edge that comes without one.
    init(inputRow: UInt32)
}

extension UInt32: ArcPayload { init(inputRow: UInt32) { self = inputRow } }
extension Double: ArcPayload { init(inputRow: UInt32) { self = Double(inputRow) } }

/// An arc on its way.
private protocol ArcWord: CSRElement {
    init(_ other: UInt32, row: Int)
    var other: Int { get }
    var row: UInt32 { get }
}

extension UInt32: ArcWord {
    fileprivate init(_ other: UInt32, row: Int) { self = other }
    fileprivate var other: Int { Int(self) }
    fileprivate var row: UInt32 { 0 }
}

extension UInt64: ArcWord {
    fileprivate init(_ other: UInt32, row: Int) {
        self = UInt64(other) << 32 | UInt64(UInt32(truncatingIfNeeded: row))
    }
    fileprivate var other: Int { Int(truncatingIfNeeded: self >> 32) }
    fileprivate var row: UInt32 { UInt32(truncatingIfNeeded: self) }
}

extension ArcSorter {
    /// The first two passes.
    ///
    /// - Parameters:
    ///   - heads: Where the row of each target begins in the first pass.
    ///   - cursors: Where the row of each source begins in `ends`.
    ///   - ends: Takes the neighbour of each arc.
    ///   - beside: Takes what stands beside it.
    func sort(
        _ sources: Span<UInt32>, _ targets: Span<UInt32>, _ payloads: Span<Payload>?,
        _ heads: inout MutableSpan<UInt32>, _ cursors: inout MutableSpan<UInt32>,
        _ ends: inout MutableSpan<UInt32>, _ beside: inout MutableSpan<Payload>
    ) throws(CSRBuildError) {
        if carries {
            try sort(
                through: UInt64.self, sources, targets, payloads, &heads, &cursors, &ends, &beside)
        } else {
            try sort(
                through: UInt32.self, sources, targets, payloads, &heads, &cursors, &ends, &beside)
        }
    }

    private func sort<Word: ArcWord>(
        through: Word.Type, _ sources: Span<UInt32>, _ targets: Span<UInt32>,
        _ payloads: Span<Payload>?, _ heads: inout MutableSpan<UInt32>,
        _ cursors: inout MutableSpan<UInt32>, _ ends: inout MutableSpan<UInt32>,
        _ beside: inout MutableSpan<Payload>
    ) throws(CSRBuildError) {
        let words = try CSRBuffer<Word>(count: sources.count) { (words) throws(CSRBuildError) in
            for stretch in BuildWatch.stretches(sources.count) {
                try watch.ask()
                for row in stretch {
                    let isTurned = isSymmetric && targets[row] < sources[row]
                    let source = isTurned ? targets[row] : sources[row]
                    let target = Int(isTurned ? sources[row] : targets[row])
                    if isSymmetric, Int(source) == target {
                        // A loop comes before all arcs to higher ends, and is done at once.
                        let position = Int(cursors[target])
                        cursors[target] &+= 1
                        ends[position] = source
                        if carries { beside[position] = payload(payloads, row) }
                        continue
                    }
                    let position = Int(heads[target])
                    heads[target] &+= 1
                    words[position] = Word(source, row: row)
                }
            }
        }
        let arcs = words.span
        var ticker = BuildTicker(watch)
        var start = 0
        for node in 0..<nodeCount {
            // Each head stands where the next row begins by now.
            let end = Int(heads[node])
            try ticker.tick(1)
            while start < end {
                let stop = min(end, start &+ BuildWatch.stretch)
                for arc in start..<stop {
                    let word = arcs[arc]
                    let position = Int(cursors[word.other])
                    cursors[word.other] &+= 1
                    ends[position] = UInt32(truncatingIfNeeded: node)
                    if carries { beside[position] = payload(payloads, Int(word.row)) }
                }
                try ticker.tick(stop &- start)
                start = stop
            }
        }
    }

    @inline(__always)
    private func payload(_ payloads: Span<Payload>?, _ row: Int) -> Payload {
        if let payloads { return payloads[row] }
        return Payload(inputRow: UInt32(truncatingIfNeeded: row))
    }

    /// Writes undirected edges that ascend already into the rows of both their ends.
    func mirror(
        _ sources: Span<UInt32>, _ targets: Span<UInt32>, _ payloads: Span<Payload>?,
        _ lower: inout MutableSpan<UInt32>, _ higher: inout MutableSpan<UInt32>,
        _ ends: inout MutableSpan<UInt32>, _ beside: inout MutableSpan<Payload>
    ) throws(CSRBuildError) {
        for stretch in BuildWatch.stretches(sources.count) {
            try watch.ask()
            for row in stretch {
                let low = min(sources[row], targets[row])
                let high = max(sources[row], targets[row])
                let own = Int(higher[Int(low)])
                higher[Int(low)] &+= 1
                ends[own] = high
                if carries { beside[own] = payload(payloads, row) }
                if low == high { continue }
                let position = Int(lower[Int(high)])
                lower[Int(high)] &+= 1
                ends[position] = low
                if carries { beside[position] = payload(payloads, row) }
            }
        }
    }

    /// Writes arcs to higher ends, which stand in order, into the rows of those too.
    ///
    /// - Parameters:
    ///   - lower: Where the row of each node begins.
    ///   - rowEnds: Where it ends.
    func mirror(
        _ lower: inout MutableSpan<UInt32>, _ rowEnds: Span<UInt32>,
        _ ends: inout MutableSpan<UInt32>, _ beside: inout MutableSpan<Payload>
    ) throws(CSRBuildError) {
        var ticker = BuildTicker(watch)
        for node in 0..<nodeCount {
            // All lower nodes were done, so the cursor stands where the higher ones begin.
            var start = Int(lower[node])
            let end = Int(rowEnds[node])
            try ticker.tick(1)
            while start < end {
                let stop = min(end, start &+ BuildWatch.stretch)
                for arc in start..<stop {
                    let high = Int(ends[arc])
                    if high == node { continue }
                    let position = Int(lower[high])
                    lower[high] &+= 1
                    ends[position] = UInt32(truncatingIfNeeded: node)
                    if carries { beside[position] = beside[arc] }
                }
                try ticker.tick(stop &- start)
                start = stop
            }
        }
    }

    /// The third pass, into rows of their own.
    func transpose(
        _ arcs: SortedArcs<Payload>, _ cursors: inout MutableSpan<UInt32>,
        _ ends: inout MutableSpan<UInt32>, _ beside: inout MutableSpan<Payload>
    ) throws(CSRBuildError) {
        let offsets = arcs.offsets.span
        let targets = arcs.targets.span
        let payloads = arcs.payloads.span
        var ticker = BuildTicker(watch)
        var start = 0
        for node in 0..<nodeCount {
            let end = Int(truncatingIfNeeded: offsets[node + 1])
            try ticker.tick(1)
            while start < end {
                let stop = min(end, start &+ BuildWatch.stretch)
                for arc in start..<stop {
                    let target = Int(targets[arc])
                    let position = Int(cursors[target])
                    cursors[target] &+= 1
                    ends[position] = UInt32(truncatingIfNeeded: node)
                    if carries { beside[position] = payloads[arc] }
                }
                try ticker.tick(stop &- start)
                start = stop
            }
        }
    }
}
