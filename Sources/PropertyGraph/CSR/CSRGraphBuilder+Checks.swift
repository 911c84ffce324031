extension CSRGraphBuilder {
    /// The largest number of nodes: the last 32-bit index is left free to mean "none".
    static let maximumNodeCount = Int(UInt32.max) - 1
    /// The largest number of arcs: positions are sorted as 32-bit numbers.
    static let maximumArcCount = Int(UInt32.max)

    /// Checks the sizes that everything later relies on; the ids are checked while counting.
    func check(
        nodeCount: Int, sources: Span<UInt32>, targets: Span<UInt32>
    ) throws(CSRBuildError) {
        guard nodeCount >= 0, nodeCount <= Self.maximumNodeCount else {
            throw CSRBuildError(
                .tooLarge,
                "Cannot build a graph of \(nodeCount) nodes: the limit is "
                    + "\(Self.maximumNodeCount). Project fewer labels.")
        }
        guard sources.count == targets.count else {
            throw CSRBuildError(
                .lengthMismatch,
                "Cannot build a graph: there are \(sources.count) sources but "
                    + "\(targets.count) targets. Give one of each for every edge.")
        }
        let limit = isDirected ? Self.maximumArcCount : Self.maximumArcCount / 2
        guard sources.count <= limit else {
            throw CSRBuildError(
                .tooLarge,
                "Cannot build a graph of \(sources.count) edges: the limit is \(limit). "
                    + "Project fewer edge types.")
        }
    }

    /// Checks that values beside the edges have one row for each of them, and that weights are
    /// numbers.
    func check(
        weights: Span<Double>?, edges: Span<UInt64>?, columns: [String: CSRColumn], edgeCount: Int,
        _ watch: BuildWatch
    ) throws(CSRBuildError) {
        if let weights {
            try checkLength(of: "weights", weights.count, edgeCount)
            for stretch in BuildWatch.stretches(weights.count) {
                try watch.ask()
                for row in stretch where weights[row].isNaN {
                    throw CSRBuildError(
                        .invalidWeight,
                        "Cannot build a graph: the weight of edge row \(row) is not a number (NaN). "
                            + "Give every edge a weight or leave weights out.")
                }
            }
        }
        if let edges { try checkLength(of: "edge ids", edges.count, edgeCount) }
        for (name, column) in columns {
            try checkLength(of: "rows of column '\(name)'", column.count, edgeCount)
        }
    }

    private func checkLength(
        of what: String, _ count: Int, _ edgeCount: Int
    ) throws(CSRBuildError) {
        guard count == edgeCount else {
            throw CSRBuildError(
                .lengthMismatch,
                "Cannot build a graph: there are \(count) \(what) for \(edgeCount) edges. "
                    + "Give one for every edge.")
        }
    }

    /// Checks that there is one id for each node and that they ascend, so that they can be found.
    func check(
        nodeIDs: CSRBuffer<UInt64>?, nodeCount: Int, _ watch: BuildWatch
    ) throws(CSRBuildError) {
        guard let ids = nodeIDs?.span else { return }
        guard ids.count == nodeCount else {
            throw CSRBuildError(
                .lengthMismatch,
                "Cannot build a graph: there are \(ids.count) node ids for \(nodeCount) nodes. "
                    + "Give one for every node.")
        }
        for stretch in BuildWatch.stretches(ids.count) {
            try watch.ask()
            for row in stretch where row > 0 && ids[row - 1] >= ids[row] {
                throw CSRBuildError(
                    .unorderedNodeIDs,
                    "Cannot build a graph: node id \(ids[row]) at index \(row) follows "
                        + "\(ids[row - 1]). Give node ids in ascending order, each once.")
            }
        }
    }
}
