internal import LMDB
public import PropertyGraph

extension GraphReading where Self: ~Copyable {
    /// Returns a part of the graph in compressed sparse rows, as this transaction sees it.
    ///
    /// Nodes are indexed by ascending id (`CSRGraph.id(of:)`, `CSRGraph.index(ofID:)`); rows
    /// ascend by neighbour, parallel edges by edge id. The graph is a copy: it outlives the
    /// transaction. No file is read or written; `GraphDatabase.projection` uses one.
    ///
    /// - Throws: `.invalidWeight` naming an edge; `.limitExceeded` beyond 32-bit indexes;
    ///   `.corrupted`; `.cancelled` by the hooks.
    /// - Complexity: O(nodes + edges) of the store, and the sizes of the records where columns or
    ///   weights come from records.
    public func projection(
        _ projection: Projection, hooks: ProjectionHooks = ProjectionHooks()
    ) throws -> CSRGraph {
        try translatingErrors { try view.project(projection, within: ProjectionBounds(hooks)) }
    }
}

extension GraphView {
    /// Builds the graph of a projection.
    func project(
        _ projection: Projection, within bounds: ProjectionBounds = .none
    ) throws -> CSRGraph {
        guard !projection.defaultWeight.isNaN else {
            throw GraphStoreError(
                .invalidWeight,
                "Cannot project: the default weight is not a number. Name a number, or no weight.")
        }
        let nodes = try projectedNodes(projection, within: bounds)
        let edges = try projectedEdges(projection, among: nodes, within: bounds)
        var keys = Set(projection.edgeProperties).sorted()
        let columnCount = keys.count
        var weightColumn: Int?
        if let weight = projection.weight {
            weightColumn = keys.firstIndex(of: weight)
            if weightColumn == nil {
                weightColumn = keys.count
                keys.append(weight)
            }
        }
        let values = try edgeValues(keys, of: edges, within: bounds)
        let weights = try weightColumn.map { try self.weights(values[$0], projection, edges) }
        var columns: [String: CSRColumn] = [:]
        try bounds.look("rows", 0, of: edges.ids.count)
        for column in 0..<columnCount {
            columns[keys[column].name] = values[column].column()
            try bounds.look("rows", 0, of: edges.ids.count)
        }
        let graph = try rows(projection, nodes, edges, weights, columns, bounds)
        return graph.with(
            nodeColumns: try nodeColumns(projection.nodeProperties, of: nodes, within: bounds))
    }

    private func rows(
        _ projection: Projection, _ nodes: IDIndex, _ edges: ProjectedEdges, _ weights: [Double]?,
        _ columns: [String: CSRColumn], _ bounds: ProjectionBounds
    ) throws -> CSRGraph {
        let builder = CSRGraphBuilder(
            isDirected: projection.direction != .undirected, isSimple: projection.isSimple,
            hasIncoming: projection.includesIncoming)
        // Spans, not copies: the sorting reads the columns where they are.
        let weightSpan = weights?.span
        let edgeSpan = projection.includesEdgeIDs ? edges.ids.span : nil
        let isReversed = projection.direction == .reversed
        do {
            return try builder.build(
                nodeCount: nodes.count,
                sources: isReversed ? edges.targets.span : edges.sources.span,
                targets: isReversed ? edges.sources.span : edges.targets.span,
                weights: weightSpan, edges: edgeSpan, nodeIDs: CSRBuffer(copying: nodes.ids),
                columns: columns, isCancelled: bounds.isStopped)
        } catch {
            if error.code == .cancelled { throw ProjectionBounds.stopped }
            throw GraphStoreError(
                error.code == .tooLarge ? .limitExceeded : .corrupted, error.message)
        }
    }
}
