import PropertyGraph

/// The edges read so far, in the order of the file: first by the numbers it names, then by the dense
/// indexes of nodes.
struct EdgeColumns: ~Copyable {
    private(set) var sources = GrowingColumn<UInt32>()
    private(set) var targets = GrowingColumn<UInt32>()
    private(set) var weights = GrowingColumn<Double>()
    /// All ends, once a number was beyond 32 bits.
    private(set) var wideSources = GrowingColumn<UInt64>()
    private(set) var wideTargets = GrowingColumn<UInt64>()
    private(set) var isWide = false

    /// How many edges there are.
    var count: Int { isWide ? wideSources.count : sources.count }

    /// Takes the edges of the next block.
    ///
    /// - Parameter share: How much of the file was read with it; nil when that is not known. By it
    ///   room is made for the rest at once.
    mutating func append(_ block: EdgeBlock, share: Double?) {
        let known = count + block.count
        // Not much more than is there already, for the lines to come may be longer ones.
        let most = max(2 * known, 1 << 26)
        let expected = share.map { min(Int(Double(known) / max($0, 0.001) * 1.02), most) } ?? 0
        if case .wide = block.sources { widen() }
        let (from, to) = (block.sources, block.targets)
        if isWide {
            wideSources.append(from.wide.span.extracting(first: block.count), expecting: expected)
            wideTargets.append(to.wide.span.extracting(first: block.count), expecting: expected)
        } else if case .narrow(let from) = from, case .narrow(let to) = to {
            sources.append(from.span.extracting(first: block.count), expecting: expected)
            targets.append(to.span.extracting(first: block.count), expecting: expected)
        }
        if !block.weights.isEmpty {
            weights.append(block.weights.span.extracting(first: block.count), expecting: expected)
        }
    }

    private mutating func widen() {
        guard !isWide else { return }
        isWide = true
        wideSources.append(Self.mapped(sources.span) { UInt64($0) }.span, expecting: 0)
        wideTargets.append(Self.mapped(targets.span) { UInt64($0) }.span, expecting: 0)
        sources = GrowingColumn()
        targets = GrowingColumn()
    }

    /// Puts the index of its node in the place of every number.
    mutating func renumber(by numbering: NodeNumbering) {
        // The numbering holds every number of every edge by construction; a hole cannot occur.
        if isWide {
            isWide = false
            let index = { (number: UInt64) in numbering.index(of: number) ?? 0 }
            sources.append(Self.mapped(wideSources.span, index).span, expecting: 0)
            targets.append(Self.mapped(wideTargets.span, index).span, expecting: 0)
            wideSources = GrowingColumn()
            wideTargets = GrowingColumn()
        } else {
            if case .identity = numbering { return }
            Self.renumber(&sources, numbering)
            Self.renumber(&targets, numbering)
        }
    }

    private static func renumber(
        _ column: inout GrowingColumn<UInt32>, _ numbering: NodeNumbering
    ) {
        var numbers = column.mutableSpan
        for edge in numbers.indices {
            numbers[edge] = numbering.index(of: UInt64(numbers[edge])) ?? 0
        }
    }

    private static func mapped<Old, New>(
        _ numbers: Span<Old>, _ transform: (Old) -> New
    ) -> [New] {
        numbers.indices.map { transform(numbers[$0]) }
    }

    /// Calls one of two closures with the sources, and again with the targets.
    func forEachColumn(
        narrow: (Span<UInt32>) -> Void, wide: (Span<UInt64>) -> Void
    ) {
        if isWide {
            wide(wideSources.span)
            wide(wideTargets.span)
        } else {
            narrow(sources.span)
            narrow(targets.span)
        }
    }
}
