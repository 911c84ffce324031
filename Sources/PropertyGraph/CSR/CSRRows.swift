/// Compressed sparse rows of one direction: for each node the dense indexes of its neighbours.
///
/// Rows are sorted ascending by neighbour; parallel edges stand beside each other. Values beside
/// the neighbours (weights, edge ids) are indexed by the same position, called an *arc* here.
@frozen
public struct CSRRows: Sendable {
    /// `nodeCount + 1` positions: row `n` is `offsets[n] ..< offsets[n + 1]`.
    public let offsets: CSRBuffer<UInt64>
    /// The neighbour of each arc.
    public let targets: CSRBuffer<UInt32>
    /// The weight of each arc; nil in an unweighted graph.
    public let weights: CSRBuffer<Double>?
    /// The edge id (or, for a file, the row number) of each arc; nil when not asked for.
    public let edges: CSRBuffer<UInt64>?

    /// Makes rows from columns; `offsets` must ascend and end at the number of targets.
    public init(
        offsets: CSRBuffer<UInt64>, targets: CSRBuffer<UInt32>, weights: CSRBuffer<Double>? = nil,
        edges: CSRBuffer<UInt64>? = nil
    ) {
        self.offsets = offsets
        self.targets = targets
        self.weights = weights
        self.edges = edges
    }

    /// How many arcs there are over all rows.
    @inlinable
    public var arcCount: Int { targets.count }

    /// The positions of a node's row.
    @inlinable
    public func range(of node: UInt32) -> Range<Int> {
        let row = Int(node)
        return Int(truncatingIfNeeded: offsets[row])..<Int(truncatingIfNeeded: offsets[row + 1])
    }

    /// How many arcs a node has.
    @inlinable
    public func degree(of node: UInt32) -> Int { range(of: node).count }

    /// The neighbours of a node, ascending.
    @inlinable
    @_lifetime(borrow self)
    public func neighbors(of node: UInt32) -> Span<UInt32> {
        targets.span.extracting(range(of: node))
    }
}
