/// Makes a `CSRGraph` from a list of edges.
///
/// Rows come out sorted ascending by neighbour, parallel edges in the order of the input. The
/// sorting is a few stable counting passes, so its time is linear and the same input always gives
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
    ///   - isCancelled: Asked every few milliseconds; true ends the building.
    /// - Throws: `CSRBuildError` when an edge names a node that does not exist, a weight is not a
    ///   number, columns differ in length, the graph is too large for 32-bit positions, or the
    ///   building was cancelled.
    /// - Complexity: O(nodes + edges) time and extra space.
    public func build(
        nodeCount: Int, sources: Span<UInt32>, targets: Span<UInt32>, weights: Span<Double>? = nil,
        edges: Span<UInt64>? = nil, nodeIDs: CSRBuffer<UInt64>? = nil,
        columns: [String: CSRColumn] = [:], isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws(CSRBuildError) -> CSRGraph {
        let watch = BuildWatch(isCancelled: isCancelled)
        try check(nodeCount: nodeCount, sources: sources, targets: targets)
        try check(
            weights: weights, edges: edges, columns: columns, edgeCount: sources.count, watch)
        try check(nodeIDs: nodeIDs, nodeCount: nodeCount, watch)
        if edges != nil || !columns.isEmpty {
            return try graphWithInputRows(
                nodeCount, sources, targets, weights, edges, nodeIDs, columns, watch
            ).graph
        }
        let outgoing: CSRRows
        var incoming: CSRRows?
        if let weights {
            let arcs = try arcs(nodeCount, sources, targets, weights, watch) { $0 < $1 }
            outgoing = CSRRows(
                offsets: arcs.outgoing.offsets, targets: arcs.outgoing.targets,
                weights: arcs.outgoing.payloads)
            incoming = arcs.incoming.map {
                CSRRows(offsets: $0.offsets, targets: $0.targets, weights: $0.payloads)
            }
        } else {
            let nothing: Span<UInt32>? = nil
            let arcs = try arcs(
                nodeCount, sources, targets, nothing, carries: false, watch
            ) { _, _ in false }
            outgoing = CSRRows(offsets: arcs.outgoing.offsets, targets: arcs.outgoing.targets)
            incoming = arcs.incoming.map { CSRRows(offsets: $0.offsets, targets: $0.targets) }
        }
        return CSRGraph(
            nodeCount: nodeCount, edgeCount: edgeCount(outgoing, of: sources.count),
            isDirected: isDirected, outgoing: outgoing, incoming: incoming, nodeIDs: nodeIDs)
    }

    /// Builds the graph of an edge list that is held in buffers.
    ///
    /// - Throws: As the form that takes spans.
    /// - Complexity: O(nodes + edges) time and extra space.
    public func build(
        nodeCount: Int, sources: CSRBuffer<UInt32>, targets: CSRBuffer<UInt32>,
        weights: CSRBuffer<Double>? = nil, edges: CSRBuffer<UInt64>? = nil,
        nodeIDs: CSRBuffer<UInt64>? = nil, columns: [String: CSRColumn] = [:],
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws(CSRBuildError) -> CSRGraph {
        try build(
            nodeCount: nodeCount, sources: sources.span, targets: targets.span,
            weights: weights?.span, edges: edges?.span, nodeIDs: nodeIDs, columns: columns,
            isCancelled: isCancelled)
    }

    /// Builds the graph of an edge list that is held in arrays.
    ///
    /// - Throws: As the form that takes spans.
    /// - Complexity: O(nodes + edges) time and extra space.
    public func build(
        nodeCount: Int, sources: [UInt32], targets: [UInt32], weights: [Double]? = nil,
        edges: [UInt64]? = nil, nodeIDs: CSRBuffer<UInt64>? = nil,
        columns: [String: CSRColumn] = [:], isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws(CSRBuildError) -> CSRGraph {
        try build(
            nodeCount: nodeCount, sources: sources.span, targets: targets.span,
            weights: weights?.span, edges: edges?.span, nodeIDs: nodeIDs, columns: columns,
            isCancelled: isCancelled)
    }

    /// Builds the graph of an edge list and tells which input row each arc came from.
    ///
    /// - Throws: As `build`.
    /// - Complexity: O(nodes + edges) time and extra space.
    public func buildWithInputRows(
        nodeCount: Int, sources: Span<UInt32>, targets: Span<UInt32>, weights: Span<Double>? = nil,
        edges: Span<UInt64>? = nil, nodeIDs: CSRBuffer<UInt64>? = nil,
        columns: [String: CSRColumn] = [:], isCancelled: @escaping @Sendable () -> Bool = { false }
    ) throws(CSRBuildError) -> Outcome {
        let watch = BuildWatch(isCancelled: isCancelled)
        try check(nodeCount: nodeCount, sources: sources, targets: targets)
        try check(
            weights: weights, edges: edges, columns: columns, edgeCount: sources.count, watch)
        try check(nodeIDs: nodeIDs, nodeCount: nodeCount, watch)
        return try graphWithInputRows(
            nodeCount, sources, targets, weights, edges, nodeIDs, columns, watch)
    }

    /// The graph of edges that were checked; values are gathered by the input row of each arc.
    private func graphWithInputRows(
        _ nodeCount: Int, _ sources: Span<UInt32>, _ targets: Span<UInt32>,
        _ weights: Span<Double>?, _ edges: Span<UInt64>?, _ nodeIDs: CSRBuffer<UInt64>?,
        _ columns: [String: CSRColumn], _ watch: BuildWatch
    ) throws(CSRBuildError) -> Outcome {
        let nothing: Span<UInt32>? = nil
        let arcs = try arcs(nodeCount, sources, targets, nothing, watch) { row, other in
            if let weights { weights[Int(row)] < weights[Int(other)] } else { false }
        }
        func rows(_ arcs: SortedArcs<UInt32>) throws(CSRBuildError) -> CSRRows {
            let rows = arcs.payloads.span
            var (arcWeights, arcEdges): (CSRBuffer<Double>?, CSRBuffer<UInt64>?)
            if let weights {
                arcWeights = try CSRBuffer(gathering: weights, by: rows, asking: watch.ask)
            }
            if let edges { arcEdges = try CSRBuffer(gathering: edges, by: rows, asking: watch.ask) }
            return CSRRows(
                offsets: arcs.offsets, targets: arcs.targets, weights: arcWeights, edges: arcEdges)
        }
        let outgoing = try rows(arcs.outgoing)
        var incoming: CSRRows?
        if let other = arcs.incoming { incoming = try rows(other) }
        var edgeColumns: [String: CSRColumn] = [:]
        for (name, column) in columns {
            edgeColumns[name] = try column.gathered(by: arcs.outgoing.payloads, asking: watch.ask)
        }
        let graph = CSRGraph(
            nodeCount: nodeCount, edgeCount: edgeCount(outgoing, of: sources.count),
            isDirected: isDirected, outgoing: outgoing, incoming: incoming, nodeIDs: nodeIDs,
            edgeColumns: edgeColumns)
        return Outcome(graph: graph, inputRows: arcs.outgoing.payloads)
    }

    /// The arcs of edges, and those of the other direction where they are asked for.
    ///
    /// - Parameter isLess: Whether the payload of one arc says that it is lighter than another.
    private func arcs<Payload: ArcPayload>(
        _ nodeCount: Int, _ sources: Span<UInt32>, _ targets: Span<UInt32>,
        _ payloads: Span<Payload>?, carries: Bool = true, _ watch: BuildWatch,
        _ isLess: (Payload, Payload) -> Bool
    ) throws(CSRBuildError) -> (outgoing: SortedArcs<Payload>, incoming: SortedArcs<Payload>?) {
        let sorter = ArcSorter<Payload>(
            nodeCount: nodeCount, isSymmetric: !isDirected, carries: carries, watch: watch)
        var outgoing = try sorter.sorted(sources, targets, payloads)
        if isSimple {
            let values = outgoing.payloads
            outgoing = try outgoing.simplified(watch) { arc, other in
                carries && isLess(values[arc], values[other])
            }
        }
        guard isDirected, hasIncoming else { return (outgoing, nil) }
        return (outgoing, try sorter.transposed(outgoing))
    }

    private func edgeCount(_ outgoing: CSRRows, of inputCount: Int) -> Int {
        guard isSimple else { return inputCount }
        return isDirected ? outgoing.arcCount : outgoing.arcCount / 2
    }
}
