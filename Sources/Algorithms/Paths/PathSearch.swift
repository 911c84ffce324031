public import PropertyGraph

/// Paths of fewest edges between two nodes, asked again and again of one graph.
///
/// Breadth-first searches from both ends meet in the middle. Memory is kept between searches, so
/// that one costs what it visits. The kernel `ShortestPath` minds weights and gives arcs and costs.
public struct PathSearch: Sendable {
    private var meeting: LevelMeeting
    private let nodeCount: Int

    /// Makes room for searches in a graph.
    ///
    /// - Throws: `.missingIncoming` on a directed graph without incoming rows.
    /// - Complexity: O(nodes) once: eight bytes each.
    public init(in graph: CSRGraph) throws(AlgorithmError) {
        meeting = LevelMeeting(
            graph.outgoing, try graph.requiredIncoming(for: "shortest-path"))
        nodeCount = graph.nodeCount
    }

    /// The nodes of a path from a source to a target, both included.
    ///
    /// Which of several is found does not change from run to run.
    ///
    /// - Parameter steps: How many edges it may have.
    /// - Returns: Nil when there is none of so few edges.
    /// - Throws: `.nodeNotFound`; `.cancelled`.
    /// - Complexity: O(nodes visited + their arcs).
    public mutating func path(
        from source: UInt32, to target: UInt32, within steps: Int = .max,
        options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> [UInt32]? {
        for node in [source, target] where Int(node) >= nodeCount {
            throw AlgorithmError(
                .nodeNotFound,
                "Cannot search a path at node \(node): the graph has \(nodeCount) nodes, counted "
                    + "from 0.")
        }
        var ticker = CancellationTicker(options)
        return try meeting.path(from: source, to: target, within: steps, &ticker)
    }
}
