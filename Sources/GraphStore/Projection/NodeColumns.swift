public import PropertyGraph

/// Properties of all nodes, or of those with a label, as columns for filters and aggregates.
///
/// ```swift
/// let columns = try db.nodeColumns(["minutes", "domain"], label: "Concept")
/// let hours = (columns["minutes"]?.summary()?.sum ?? 0) / 60
/// for group in columns["domain"]?.groups() ?? [] { print(group.value, group.count) }
/// ```
public struct NodeColumns: Sendable {
    private let graph: CSRGraph

    fileprivate init(_ graph: CSRGraph) { self.graph = graph }

    /// How many nodes there are: the rows of every column.
    public var count: Int { graph.nodeCount }

    /// The column of a property; nil when it was not asked for.
    public subscript(key: PropertyKey) -> CSRColumn? { graph.nodeColumns[key.name] }

    /// The node of a row.
    ///
    /// - Precondition: The row is below `count`.
    public func node(at row: Int) -> NodeID { NodeID(graph.id(of: UInt32(row))) }

    /// The row of a node; nil when it is not among them.
    ///
    /// - Complexity: O(log count).
    public func row(of node: NodeID) -> Int? { graph.index(ofID: node.rawValue).map { Int($0) } }
}

extension GraphDatabase {
    /// Returns properties of nodes as columns, as of the newest commit.
    ///
    /// They are kept as a file in `derived/`, as projections are: mapped in milliseconds, shared by
    /// processes, checked, and made again when missing, damaged or out of date. A commit that
    /// touches neither these nodes nor these properties leaves the columns as they are.
    ///
    /// - Parameters:
    ///   - keys: The properties; see `Projection` for the type a column takes.
    ///   - label: Only nodes with this label; nil means all nodes.
    ///   - publish: Whether columns that were made are kept as a file.
    ///   - hooks: Told how far the making is, and asked whether to go on.
    /// - Throws: As `projection`.
    public func nodeColumns(
        _ keys: [PropertyKey], label: Label? = nil, publish: ProjectionPublishing = .automatic,
        hooks: ProjectionHooks = ProjectionHooks()
    ) throws -> NodeColumns {
        NodeColumns(
            try projection(Self.columnsAlone(keys, label), publish: publish, hooks: hooks))
    }

    /// Columns of node properties that are kept up with the database; nothing is read before it is
    /// asked.
    ///
    /// Asking again after a commit that touched neither these nodes nor these properties costs
    /// microseconds. This is the way to filter and aggregate again and again.
    public func liveNodeColumns(_ keys: [PropertyKey], label: Label? = nil) -> LiveNodeColumns {
        LiveNodeColumns(liveProjection(Self.columnsAlone(keys, label)))
    }

    private static func columnsAlone(_ keys: [PropertyKey], _ label: Label?) -> Projection {
        Projection(
            labels: label.map { [$0] }, types: [], includesIncoming: false, nodeProperties: keys)
    }
}

/// Properties of nodes as columns, kept up with the database; may be shared among threads.
///
/// ```swift
/// let live = db.liveNodeColumns(["domain"], label: "Concept")
/// let sizes = try live.columns()["domain"]?.groups()
/// ```
public final class LiveNodeColumns: Sendable {
    private let live: LiveProjection

    fileprivate init(_ live: LiveProjection) { self.live = live }

    /// The columns as of the newest commit. Columns that were given out never change.
    ///
    /// - Throws: As `GraphDatabase.projection`.
    /// - Complexity: O(1) when nothing was committed since the last call; O(changes) when nothing
    ///   that concerns the columns was; else one walk over the nodes.
    public func columns(hooks: ProjectionHooks = ProjectionHooks()) throws -> NodeColumns {
        NodeColumns(try live.graph(hooks: hooks))
    }
}
