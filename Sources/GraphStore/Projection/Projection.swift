public import PropertyGraph

/// Which part of a graph becomes a `CSRGraph`, and what stands beside its nodes and edges.
///
/// ```swift
/// let graph = try db.projection(
///     Projection(labels: ["Concept"], types: ["PREREQUISITE"], weight: "strength"))
/// ```
///
/// An edge belongs to the projection when its type does and both its ends do.
public struct Projection: Sendable, Hashable {
    /// Which way the edges of the projection run.
    public enum Direction: String, Sendable, Hashable, CaseIterable {
        /// As stored.
        case natural
        /// From target to source.
        case reversed
        /// Both ways: each edge stands in the rows of both its ends, a loop once.
        case undirected
    }

    /// Nodes with any of these labels; nil means all nodes.
    public var labels: [Label]?
    /// Edges of any of these types; nil means all edges.
    public var types: [EdgeType]?
    /// Which way edges run.
    public var direction: Direction
    /// The property of edges that becomes their weight; nil makes an unweighted graph.
    public var weight: PropertyKey?
    /// The weight of an edge without that property.
    public var defaultWeight: Double
    /// Whether loops are dropped and, of parallel edges, all but the one of smallest weight (the
    /// lowest id among equals).
    public var isSimple: Bool
    /// Whether a directed graph also gets the rows of incoming edges.
    public var includesIncoming: Bool
    /// Properties that become columns over the nodes.
    public var nodeProperties: [PropertyKey]
    /// Properties that become columns over the outgoing arcs.
    public var edgeProperties: [PropertyKey]
    /// Whether the id of its edge stands beside each arc.
    public var includesEdgeIDs: Bool

    /// Makes a description; without arguments that of the whole graph, unweighted.
    ///
    /// A column takes the type of what it holds: integers, doubles (also integers and doubles
    /// together, where integers beyond 2^53 are rounded), booleans or strings. Any other type, and
    /// types mixed otherwise, become strings: numbers in decimal, moments and durations in ISO
    /// 8601, bytes in hexadecimal, lists in brackets. A column without a value is one of integers.
    public init(
        labels: [Label]? = nil, types: [EdgeType]? = nil, direction: Direction = .natural,
        weight: PropertyKey? = nil, defaultWeight: Double = 1, isSimple: Bool = false,
        includesIncoming: Bool = true, nodeProperties: [PropertyKey] = [],
        edgeProperties: [PropertyKey] = [], includesEdgeIDs: Bool = false
    ) {
        self.labels = labels
        self.types = types
        self.direction = direction
        self.weight = weight
        self.defaultWeight = defaultWeight
        self.isSimple = isSimple
        self.includesIncoming = includesIncoming
        self.nodeProperties = nodeProperties
        self.edgeProperties = edgeProperties
        self.includesEdgeIDs = includesEdgeIDs
    }
}

/// Whether a projection that was built is kept as a file, for this and other processes.
public enum ProjectionPublishing: Hashable, Sendable {
    /// Where opening a file is faster than building again: from some thirty thousand nodes and edges.
    case automatic
    /// Whatever the size.
    case always
    /// Not at all; a file that another call left is still used.
    case never
}

extension GraphStoreError.Code {
    /// The property that a projection takes as weight holds something else than a number.
    public static let invalidWeight = GraphStoreError.Code(rawValue: "INVALID_WEIGHT")
}
