/// Makes a `CSRGraph` from a list of edges.
///
/// Rows come out sorted ascending by neighbour, parallel edges in the order of the input. The
/// sorting is two stable counting passes, so its time is linear and the same input always gives
/// the same graph.
///
/// ```swift
/// let graph = try CSRGraphBuilder(isDirected: true)
///     .build(nodeCount: 3, sources: [0, 1], targets: [1, 2])
/// ```
public struct CSRGraphBuilder: Hashable, Sendable {
    /// Whether edges have a direction; if not, each stands in the rows of both its ends, a loop
    /// once.
    public var isDirected: Bool
    /// Whether loops are dropped and, of parallel edges, all but the one of smallest weight (the
    /// first of the input among equals).
    public var isSimple: Bool
    /// Whether a directed graph also gets the rows of incoming edges.
    public var hasIncoming: Bool

    /// Makes a builder of directed multigraphs with incoming rows, unless asked otherwise.
    public init(isDirected: Bool = true, isSimple: Bool = false, hasIncoming: Bool = true) {
        self.isDirected = isDirected
        self.isSimple = isSimple
        self.hasIncoming = hasIncoming
    }

    /// A graph, and which input row each of its arcs came from.
    public struct Outcome: Sendable {
        /// The graph.
        public let graph: CSRGraph
        /// For each arc of `graph.outgoing` the row of the input it came from.
        public let inputRows: CSRBuffer<UInt32>
    }

    /// Builds the graph of an edge list.
    ///
    /// - Parameters:
    ///   - nodeCount: How many nodes there are; edges name them `0 ..< nodeCount`.
    ///   - sources: The source of each edge.
    ///   - targets: The target of each edge.
    ///   - weights: The weight of each edge; nil makes an unweighted graph.
    ///   - edges: The id of each edge, kept beside its arcs; nil keeps none.
    ///   - nodeIDs: The identity of each node, strictly ascending; nil when the index is it.
    ///   - columns: Values of each edge, by name; they are put into the order of the arcs.
    /// - Throws: `CSRBuildError` when an edge names a node that does not exist, a weight is not a
    ///   number, columns differ in length, or the graph is too large for 32-bit positions.
    /// - Complexity: O(nodes + edges) time and extra space.
    public func build(
        nodeCount: Int, sources: Span<UInt32>, targets: Span<UInt32>, weights: Span<Double>? = nil,
        edges: Span<UInt64>? = nil, nodeIDs: CSRBuffer<UInt64>? = nil,
        columns: [String: CSRColumn] = [:]
    ) throws(CSRBuildError) -> CSRGraph {
        try buildWithInputRows(
            nodeCount: nodeCount, sources: sources, targets: targets, weights: weights,
            edges: edges, nodeIDs: nodeIDs, columns: columns
        ).graph
    }

    /// Builds the graph of an edge list that is held in buffers.
    ///
    /// - Throws: As the form that takes spans.
    /// - Complexity: O(nodes + edges) time and extra space.
    public func build(
        nodeCount: Int, sources: CSRBuffer<UInt32>, targets: CSRBuffer<UInt32>,
        weights: CSRBuffer<Double>? = nil, edges: CSRBuffer<UInt64>? = nil,
        nodeIDs: CSRBuffer<UInt64>? = nil, columns: [String: CSRColumn] = [:]
    ) throws(CSRBuildError) -> CSRGraph {
        try build(
            nodeCount: nodeCount, sources: sources.span, targets: targets.span,
            weights: weights?.span, edges: edges?.span, nodeIDs: nodeIDs, columns: columns)
    }

    /// Builds the graph of an edge list that is held in arrays.
    ///
    /// - Throws: As the form that takes spans.
    /// - Complexity: O(nodes + edges) time and extra space.
    public func build(
        nodeCount: Int, sources: [UInt32], targets: [UInt32], weights: [Double]? = nil,
        edges: [UInt64]? = nil, nodeIDs: CSRBuffer<UInt64>? = nil,
        columns: [String: CSRColumn] = [:]
    ) throws(CSRBuildError) -> CSRGraph {
        try build(
            nodeCount: nodeCount, sources: sources.span, targets: targets.span,
            weights: weights?.span, edges: edges?.span, nodeIDs: nodeIDs, columns: columns)
    }

    /// Builds the graph of an edge list and tells which input row each arc came from.
    ///
    /// - Throws: As `build`.
    /// - Complexity: O(nodes + edges) time and extra space.
    public func buildWithInputRows(
        nodeCount: Int, sources: Span<UInt32>, targets: Span<UInt32>, weights: Span<Double>? = nil,
        edges: Span<UInt64>? = nil, nodeIDs: CSRBuffer<UInt64>? = nil,
        columns: [String: CSRColumn] = [:]
    ) throws(CSRBuildError) -> Outcome {
        try check(nodeCount: nodeCount, sources: sources, targets: targets)
        try check(weights: weights, edges: edges, columns: columns, edgeCount: sources.count)
        try check(nodeIDs: nodeIDs, nodeCount: nodeCount)

        var sorted =
            if isDirected {
                try SortedArcs.directed(nodeCount: nodeCount, sources: sources, targets: targets)
            } else {
                try SortedArcs.symmetric(nodeCount: nodeCount, sources: sources, targets: targets)
            }
        if isSimple { sorted = sorted.simplified(weights: weights) }

        let outgoing = sorted.rows(weights: weights, edges: edges)
        var incoming: CSRRows?
        if isDirected, hasIncoming {
            incoming = sorted.transposed().rows(weights: weights, edges: edges)
        }
        let inputRows = sorted.inputRows
        let graph = CSRGraph(
            nodeCount: nodeCount,
            edgeCount: isSimple
                ? (isDirected ? sorted.targets.count : sorted.targets.count / 2) : sources.count,
            isDirected: isDirected, outgoing: outgoing, incoming: incoming, nodeIDs: nodeIDs,
            edgeColumns: columns.mapValues { $0.gathered(by: inputRows) })
        return Outcome(graph: graph, inputRows: inputRows)
    }
}
