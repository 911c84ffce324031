/// The edges of all blocks as dense indexes, in the order of the file.
struct EdgeColumns {
    private(set) var sources: [UInt32] = []
    private(set) var targets: [UInt32] = []
    private(set) var weights: [Double]?

    private struct Part: Sendable {
        var sources: [UInt32]
        var targets: [UInt32]
        var weights: [Double]
    }

    /// Renumbers the ends of all edges, on several threads.
    ///
    /// - Parameter keepsOneDirection: drops edges whose source is the larger end, for files that
    ///   list each undirected edge in the rows of both ends.
    init(
        blocks: [EdgeBlock], numbering: NodeNumbering, keepsOneDirection: Bool, threads: Int
    ) throws {
        let count = blocks.reduce(0) { $0 + $1.count }
        sources.reserveCapacity(count)
        targets.reserveCapacity(count)
        var weights: [Double] = []
        var remaining = blocks.makeIterator()
        try OrderedPipeline.run(threads: threads) {
            remaining.next()
        } work: { block in
            var part = Part(
                sources: Self.indexes(block.sources, numbering),
                targets: Self.indexes(block.targets, numbering), weights: block.weights)
            if keepsOneDirection {
                let kept = part.sources.indices.filter { part.sources[$0] <= part.targets[$0] }
                part.sources = kept.map { part.sources[$0] }
                part.targets = kept.map { part.targets[$0] }
            }
            return part
        } deliver: { part in
            sources += part.sources
            targets += part.targets
            weights += part.weights
        }
        self.weights = weights.isEmpty ? nil : weights
    }

    private static func indexes(_ ids: EdgeBlock.IDs, _ numbering: NodeNumbering) -> [UInt32] {
        if case .identity = numbering, case .narrow(let ids) = ids { return ids }
        // The numbering holds every id of every block by construction; a hole cannot occur.
        switch ids {
        case .narrow(let ids): return ids.map { numbering.index(of: UInt64($0)) ?? 0 }
        case .wide(let ids): return ids.map { numbering.index(of: $0) ?? 0 }
        }
    }
}
