internal import LMDB
internal import PropertyGraph

extension GraphView {
    /// The graph of a projection, made from that of an earlier position and the change log.
    ///
    /// What did not change is copied as it lies. The answer is, to the bit, what `project` gives.
    ///
    /// - Returns: The graph and how many changes were made; nil when it must be built: the log does not reach back, tells of a bulk
    ///   load, or of so much that building is as quick; a node that was there before joined or
    ///   left by its labels; edges of a projection with columns over them changed.
    /// - Complexity: O(bytes of the log + nodes + arcs), the latter two at the speed of memory.
    func patched(
        _ graph: CSRGraph, of projection: Projection, from position: UInt64
    ) throws -> (graph: CSRGraph, changes: Int)? {
        guard let ids = graph.nodeIDs,
            let delta = try delta(
                of: projection, since: position,
                limit: (graph.edgeCount + graph.nodeCount) / 8 + 1_000),
            let numbering = Renumbering(ids, delta)
        else { return nil }
        let patch = GraphPatch(graph: graph, projection: projection, numbering: numbering)
        guard let rows = try patch.rows(delta, in: self) else { return nil }
        var columns = graph.nodeColumns
        if delta.changesNodeValues {
            columns = try nodeColumns(projection.nodeProperties, of: numbering.new)
        }
        let hasNodeChanges = !delta.addedNodes.isEmpty || !delta.removedNodes.isEmpty
        let made = CSRGraph(
            nodeCount: numbering.new.count, edgeCount: rows.edgeCount, isDirected: graph.isDirected,
            outgoing: rows.outgoing, incoming: rows.incoming,
            nodeIDs: hasNodeChanges ? CSRBuffer(copying: numbering.new.ids) : ids,
            nodeColumns: columns, edgeColumns: graph.edgeColumns)
        return (made, delta.count)
    }
}

/// Puts what changed into the rows of a graph.
private struct GraphPatch {
    let graph: CSRGraph
    let projection: Projection
    let numbering: Renumbering

    typealias Rows = (outgoing: CSRRows, incoming: CSRRows?, edgeCount: Int)

    func rows(_ delta: ProjectionDelta, in view: GraphView) throws -> Rows? {
        let edges = delta.edges.filter(belongs)
        let isUndirected = projection.direction == .undirected
        let isReversed = projection.direction == .reversed
        guard
            let outgoing = try patch(
                graph.outgoing, isUndirected ? .both : isReversed ? .incoming : .outgoing, edges,
                view)
        else { return nil }
        var incoming: CSRRows?
        if graph.isDirected, let old = graph.incoming {
            incoming = try patch(old, isReversed ? .outgoing : .incoming, edges, view)
            guard incoming != nil else { return nil }
        }
        var count = graph.edgeCount
        if projection.isSimple {
            count = isUndirected ? outgoing.arcCount / 2 : outgoing.arcCount
        } else {
            for edge in edges {
                count += (edge.after == nil ? 0 : 1) - (edge.before == nil ? 0 : 1)
            }
        }
        return (outgoing, incoming, count)
    }

    /// An edge belongs where both its ends do; those that were there are judged by the old nodes.
    private func belongs(_ edge: ProjectionDelta.Edge) -> Bool {
        if projection.isSimple, edge.source == edge.target { return false }
        let nodes = edge.before == nil ? numbering.new : numbering.old
        return nodes.index(of: edge.source) != nil && nodes.index(of: edge.target) != nil
    }

    private func patch(
        _ old: CSRRows, _ direction: Direction, _ edges: [ProjectionDelta.Edge],
        _ view: GraphView
    ) throws -> CSRRows? {
        let changes = changes(of: edges, direction)
        // Nothing here, and the nodes are the same: the rows are shared.
        if changes.isEmpty, numbering.removed.isEmpty, numbering.new.count == numbering.oldCount {
            return old
        }
        var patch = RowPatch(old, numbering)
        var row = OpenRow()
        var start = 0
        while start < changes.count {
            let node = changes[start].row
            var end = start + 1
            while end < changes.count, changes[end].row == node { end += 1 }
            // The rows of nodes that went are not there any more.
            if let index = numbering.new.index(of: node) {
                open(node, old, &row)
                let isClear = changes[start..<end].allSatisfy {
                    row.apply($0, isSimple: projection.isSimple, like: old)
                }
                if !isClear, try !read(node, direction, like: old, into: &row, view) { return nil }
                guard patch.add(row, at: index) else { return nil }
            }
            start = end
        }
        return patch.rows()
    }

    /// The changes as rows of one direction see them, ascending by row, then by edge.
    private func changes(
        of edges: [ProjectionDelta.Edge], _ direction: Direction
    ) -> [ArcChange] {
        var changes: [ArcChange] = []
        changes.reserveCapacity(direction == .both ? 2 * edges.count : edges.count)
        func add(_ row: UInt64, _ neighbor: UInt64, _ edge: ProjectionDelta.Edge) {
            changes.append(
                ArcChange(
                    row: row, neighbor: neighbor, edge: edge.id, before: edge.before,
                    after: edge.after))
        }
        for edge in edges {
            if direction != .incoming { add(edge.source, edge.target, edge) }
            let isLoopAgain = direction == .both && edge.source == edge.target
            if direction != .outgoing, !isLoopAgain { add(edge.target, edge.source, edge) }
        }
        changes.sort { ($0.row, $0.edge) < ($1.row, $1.edge) }
        return changes
    }

    private func open(_ node: UInt64, _ rows: CSRRows, _ row: inout OpenRow) {
        row.removeAll()
        guard let index = numbering.old.index(of: node) else { return }
        for arc in rows.range(of: UInt32(truncatingIfNeeded: index)) {
            row.neighbors.append(numbering.old.ids[Int(rows.targets[arc])])
            if let edges = rows.edges { row.edges.append(edges[arc]) }
            if let weights = rows.weights { row.weights.append(weights[arc]) }
        }
    }

    // MARK: Rows the change log does not tell

    /// Reads a row from the store; false when a weight is no number.
    private func read(
        _ node: UInt64, _ direction: Direction, like rows: CSRRows, into row: inout OpenRow,
        _ view: GraphView
    ) throws -> Bool {
        var arcs = try arcs(of: node, direction, view)
        arcs.sort { ($0.neighbor, $0.edge) < ($1.neighbor, $1.edge) }
        row.removeAll()
        for arc in arcs {
            var weight = 0.0
            if let key = projection.weight {
                guard let number = try self.weight(of: arc.edge, key, view) else { return false }
                weight = number
            }
            let change = ArcChange(
                row: node, neighbor: arc.neighbor, edge: arc.edge, before: nil, after: weight)
            _ = row.apply(change, isSimple: projection.isSimple, like: rows)
        }
        return true
    }

    private func arcs(
        of node: UInt64, _ direction: Direction, _ view: GraphView
    ) throws -> [(neighbor: UInt64, edge: UInt64)] {
        var arcs: [(neighbor: UInt64, edge: UInt64)] = []
        let types = projection.types.map { types in
            Set(types.compactMap { view.catalog.number(of: $0) })
        }
        func add(_ table: Table, _ type: UInt32?, withLoops: Bool) throws {
            _ = try view.forEachRow(table, node, type) { neighbor, edge in
                let isLoop = neighbor == node
                if numbering.new.index(of: neighbor) != nil, !isLoop || withLoops {
                    arcs.append((neighbor, edge))
                }
                return true
            }
        }
        for type in types.map({ $0.map { Optional($0) } }) ?? [nil] {
            if direction != .incoming {
                try add(view.tables.out, type, withLoops: !projection.isSimple)
            }
            if direction != .outgoing {
                let withLoops = direction == .incoming && !projection.isSimple
                try add(view.tables.in, type, withLoops: withLoops)
            }
        }
        return arcs
    }

    private func weight(
        of edge: UInt64, _ key: PropertyKey, _ view: GraphView
    ) throws -> Double? {
        guard let number = view.catalog.number(of: key),
            let value = try view.value(.edge, edge, number)
        else { return projection.defaultWeight }
        switch value {
        case .integer(let value): return Double(value)
        case .double(let value): return value.isNaN ? nil : value
        default: return nil
        }
    }
}
