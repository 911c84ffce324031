internal import Dispatch
internal import LMDB
internal import PropertyGraph

extension GraphView {
    /// The graph of a projection, made from that of an earlier position and the change log.
    ///
    /// What did not change is copied as it lies. The answer is, to the bit, what `project` gives.
    ///
    /// - Parameter spare: Rows that nobody needs any more, whose memory may be used; taken away.
    /// - Returns: The graph and how many changes were made; nil when it must be built: the log does
    ///   not reach back, tells of a bulk load, or of so much that building is as quick; a node that
    ///   was there before joined or left by its labels; edges of a projection with columns over
    ///   them changed.
    /// - Complexity: O(bytes of the log + nodes + arcs), the latter two at the speed of memory.
    func patched(
        _ graph: CSRGraph, of projection: Projection, from position: UInt64,
        recycling spare: inout SpareRows?, within bounds: ProjectionBounds = .none
    ) throws -> (graph: CSRGraph, changes: Int)? {
        guard let ids = graph.nodeIDs,
            let delta = try delta(
                of: projection, since: position,
                limit: (graph.edgeCount + graph.nodeCount) / 8 + 1_000),
            let numbering = Renumbering(ids, delta)
        else { return nil }
        try bounds.look("rows", 0, of: graph.edgeCount)
        let patch = GraphPatch(graph: graph, projection: projection, numbering: numbering)
        guard let rows = try patch.rows(delta, in: self, recycling: &spare) else { return nil }
        let newIDs = numbering.isIdentity ? ids : CSRBuffer(copying: numbering.newIDs)
        var columns = graph.nodeColumns
        if delta.changesNodeValues {
            let index = IDIndex(numbering.newIDs)
            columns = try nodeColumns(projection.nodeProperties, of: index, within: bounds)
        }
        let made = CSRGraph(
            nodeCount: numbering.newCount, edgeCount: rows.edgeCount, isDirected: graph.isDirected,
            outgoing: rows.outgoing, incoming: rows.incoming, nodeIDs: newIDs, nodeColumns: columns,
            edgeColumns: graph.edgeColumns)
        return (made, delta.count)
    }
}

/// Rows of a graph that was, kept for their memory: fresh pages cost more than copying into them.
struct SpareRows: Sendable {
    let outgoing: CSRRows
    let incoming: CSRRows?

    init(of graph: CSRGraph) {
        outgoing = graph.outgoing
        incoming = graph.isDirected ? graph.incoming : nil
    }
}

/// Puts what changed into the rows of a graph.
private struct GraphPatch: Sendable {
    let graph: CSRGraph
    let projection: Projection
    let numbering: Renumbering

    typealias Rows = (outgoing: CSRRows, incoming: CSRRows?, edgeCount: Int)

    func rows(
        _ delta: ProjectionDelta, in view: GraphView, recycling spare: inout SpareRows?
    ) throws -> Rows? {
        let edges = delta.edges.compactMap(placed)
        let isUndirected = projection.direction == .undirected
        let isReversed = projection.direction == .reversed
        var parts: [Part] = [
            (graph.outgoing, isUndirected ? .both : isReversed ? .incoming : .outgoing)
        ]
        if graph.isDirected, let old = graph.incoming {
            parts.append((old, isReversed ? .outgoing : .incoming))
        }
        guard let patches = try quickPatches(parts, edges) ?? patches(parts, edges, view)
        else { return nil }
        let made = Self.rows(patches, recycling: &spare)
        guard let outgoing = made.first else { return nil }
        let incoming = made.count > 1 ? made[1] : nil
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

    /// Both directions at once: most of the time goes into fresh pages and copies.
    private static func rows(
        _ patches: [RowPatch], recycling spare: inout SpareRows?
    ) -> [CSRRows] {
        let spares = Monitor([spare?.outgoing, spare?.incoming])
        spare = nil
        let made = Monitor([CSRRows?](repeating: nil, count: patches.count))
        DispatchQueue.concurrentPerform(iterations: patches.count) { index in
            // Out of the list, so that nobody else holds it.
            var spare = spares.withLock { spares in
                defer { spares[index] = nil }
                return spares[index]
            }
            let rows = patches[index].rows(recycling: &spare)
            made.withLock { $0[index] = rows }
        }
        return made.withLock { $0 }.compactMap { $0 }
    }

    /// An edge belongs where both its ends do, before or after.
    private func placed(_ edge: ProjectionDelta.Edge) -> PlacedEdge? {
        if projection.isSimple, edge.source == edge.target { return nil }
        guard let source = numbering.extendedIndex(of: edge.source),
            let target = numbering.extendedIndex(of: edge.target)
        else { return nil }
        return PlacedEdge(
            id: edge.id, source: UInt32(truncatingIfNeeded: source),
            target: UInt32(truncatingIfNeeded: target), before: edge.before, after: edge.after)
    }

    /// The rows of a direction, and which it is.
    private typealias Part = (rows: CSRRows, direction: Direction)

    /// Patches all directions at once, from the old rows alone; nil where the store must be asked,
    /// which is for one thread only.
    private func quickPatches(_ parts: [Part], _ edges: [PlacedEdge]) -> [RowPatch]? {
        guard !projection.isSimple else { return nil }
        let made = Monitor([RowPatch?](repeating: nil, count: parts.count))
        DispatchQueue.concurrentPerform(iterations: parts.count) { index in
            let patch = try? patch(parts[index], edges) { _, _, _ in nil }
            made.withLock { $0[index] = patch }
        }
        let patches = made.withLock { $0 }.compactMap { $0 }
        return patches.count == parts.count ? patches : nil
    }

    private func patches(
        _ parts: [Part], _ edges: [PlacedEdge], _ view: GraphView
    ) throws -> [RowPatch]? {
        var patches: [RowPatch] = []
        for part in parts {
            let patch = try patch(part, edges) { row, changes, patch in
                try content(row, changes, part.rows, patch, part.direction, view)
            }
            guard let patch else { return nil }
            patches.append(patch)
        }
        return patches
    }

    /// Patches one direction.
    ///
    /// - Parameter content: Gives the whole of a row that the changes alone do not tell; nil gives
    ///   up.
    private func patch(
        _ part: Part, _ edges: [PlacedEdge],
        _ content: (Int, [ArcChange], RowPatch) throws -> OpenRow?
    ) throws -> RowPatch? {
        let touches = touches(of: edges, part.direction)
        var patch = RowPatch(part.rows, numbering)
        var heads: [RowPatch.Head] = []
        var (next, nextRemoved, firstHead) = (0, 0, 0)
        let none = numbering.extendedCount
        while true {
            if next >= firstHead + heads.count, next < touches.count {
                let end = min(next + Touch.batch, touches.count)
                patch.heads(of: touches[next..<end], into: &heads)
                firstHead = next
            }
            let touched = next < touches.count ? touches[next].row : none
            let removed =
                nextRemoved < numbering.removed.count ? numbering.removed[nextRemoved] : none
            let row = min(touched, removed)
            guard row < none else { break }
            let start = next
            while next < touches.count, touches[next].row == row { next += 1 }
            if removed == row {
                nextRemoved += 1
                patch.replace(row: row, with: OpenRow())
            } else if projection.isSimple
                || !patch.apply(touches[start..<next], edges, heads[start - firstHead])
            {
                let changes = touches[start..<next].map { ArcChange($0, edges[$0.place]) }
                guard let content = try content(row, changes, patch) else { return nil }
                patch.replace(row: row, with: content)
            }
        }
        return patch
    }

    /// The whole of a row, from the old one where that will do; nil when a weight is no number.
    private func content(
        _ row: Int, _ changes: [ArcChange], _ old: CSRRows, _ patch: RowPatch,
        _ direction: Direction, _ view: GraphView
    ) throws -> OpenRow? {
        var content = OpenRow()
        // What a simple graph left out may come to light when an edge goes.
        guard projection.isSimple, changes.allSatisfy({ $0.before == nil }) else {
            return try read(numbering.id(at: row), direction, like: old, into: &content, view)
                ? content : nil
        }
        content.load(patch.range(ofRow: row), of: old)
        for change in changes { content.addSimple(change, like: old) }
        return content
    }

    private func touches(of edges: [PlacedEdge], _ direction: Direction) -> [Touch] {
        var touches: [Touch] = []
        touches.reserveCapacity(direction == .both ? 2 * edges.count : edges.count)
        for (place, edge) in edges.enumerated() {
            if direction != .incoming {
                touches.append(Touch(edge, place: place, row: edge.source, target: edge.target))
            }
            let isLoopAgain = direction == .both && edge.source == edge.target
            if direction != .outgoing, !isLoopAgain {
                touches.append(Touch(edge, place: place, row: edge.target, target: edge.source))
            }
        }
        // They come in the order of the edges, which stays that among parallel ones.
        let highest = UInt64(numbering.extendedCount)
        StableSort.sort(&touches, upTo: highest) { UInt64($0.target) }
        StableSort.sort(&touches, upTo: highest) { UInt64($0.row) }
        return touches
    }

    // MARK: Rows the change log does not tell

    /// Reads a row from the store; false when a weight is no number.
    private func read(
        _ node: UInt64, _ direction: Direction, like rows: CSRRows, into row: inout OpenRow,
        _ view: GraphView
    ) throws -> Bool {
        var arcs = try arcs(of: node, direction, view)
        arcs.sort { ($0.neighbor, $0.edge) < ($1.neighbor, $1.edge) }
        for arc in arcs {
            var weight = 0.0
            if let key = projection.weight {
                guard let number = try self.weight(of: arc.edge, key, view) else { return false }
                weight = number
            }
            guard let target = numbering.extendedIndex(of: arc.neighbor) else { return false }
            let change = ArcChange(
                target: UInt32(truncatingIfNeeded: target), edge: arc.edge, before: nil,
                after: weight)
            if projection.isSimple {
                row.addSimple(change, like: rows)
            } else {
                row.append(change, like: rows)
            }
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
                if numbering.extendedIndex(of: neighbor) != nil, !isLoop || withLoops {
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
