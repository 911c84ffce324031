internal import PropertyGraph

/// An arc that comes, goes, or gets another weight, as one row sees it.
struct ArcChange {
    /// The index of the other end.
    let target: UInt32
    let edge: UInt64
    /// The weights; nil where the arc was not, or is not any more.
    let before: Double?
    let after: Double?
}

extension ArcChange {
    init(_ touch: Touch, _ edge: PlacedEdge) {
        self.init(target: touch.target, edge: edge.id, before: edge.before, after: edge.after)
    }
}

/// Arcs that can be changed, as columns: one row, or the new arcs of many.
struct OpenRow: Sendable {
    var targets: [UInt32] = []
    /// Empty where the graph keeps none.
    var edges: [UInt64] = []
    /// Empty where the graph has none.
    var weights: [Double] = []

    mutating func append(_ change: ArcChange, like rows: CSRRows) {
        targets.append(change.target)
        if rows.edges != nil { edges.append(change.edge) }
        if rows.weights != nil { weights.append(change.after ?? 0) }
    }

    mutating func append(contentsOf other: OpenRow) {
        targets.append(contentsOf: other.targets)
        edges.append(contentsOf: other.edges)
        weights.append(contentsOf: other.weights)
    }

    mutating func removeLast(_ count: Int) {
        targets.removeLast(count)
        edges.removeLast(min(count, edges.count))
        weights.removeLast(min(count, weights.count))
    }

    /// Takes the arcs of a range.
    mutating func load(_ arcs: Range<Int>, of rows: CSRRows) {
        removeLast(targets.count)
        for arc in arcs {
            targets.append(rows.targets[arc])
            if let column = rows.edges { edges.append(column[arc]) }
            if let column = rows.weights { weights.append(column[arc]) }
        }
    }

    /// Adds an edge to a row of a simple graph: among parallel ones that of smallest weight stays,
    /// among equals the one with the lowest id.
    mutating func addSimple(_ change: ArcChange, like rows: CSRRows) {
        let place = targets.firstIndex { $0 >= change.target } ?? targets.count
        guard place < targets.count, targets[place] == change.target else {
            targets.insert(change.target, at: place)
            if rows.edges != nil { edges.insert(change.edge, at: place) }
            if rows.weights != nil { weights.insert(change.after ?? 0, at: place) }
            return
        }
        guard rows.weights != nil, let weight = change.after, weight < weights[place] else {
            return
        }
        weights[place] = weight
        if rows.edges != nil { edges[place] = change.edge }
    }
}
