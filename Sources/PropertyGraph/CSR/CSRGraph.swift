/// A frozen graph in compressed sparse rows: what kernels and learning paths run on.
///
/// Nodes are dense 32-bit indexes `0 ..< nodeCount`, which live and die with the graph;
/// `nodeIDs` leads back to the identities of the database or the file. An undirected graph holds
/// each edge in the rows of both its ends (a loop once), in `outgoing` and `incoming` alike.
@frozen
public struct CSRGraph: Sendable {
    /// How many nodes there are, isolated ones included.
    public let nodeCount: Int
    /// How many edges there are; in an undirected graph each counts once.
    public let edgeCount: Int
    /// Whether edges have a direction.
    public let isDirected: Bool
    /// The rows of outgoing edges.
    public let outgoing: CSRRows
    /// The rows of incoming edges; in an undirected graph the same as `outgoing`; nil when not
    /// asked for.
    public let incoming: CSRRows?
    /// The identity of each node, ascending; nil when the index itself is the identity.
    public let nodeIDs: CSRBuffer<UInt64>?
    /// Columns over the nodes, by name.
    public let nodeColumns: [String: CSRColumn]
    /// Columns over the arcs of `outgoing`, by name.
    public let edgeColumns: [String: CSRColumn]

    /// Makes a graph from rows and columns.
    public init(
        nodeCount: Int, edgeCount: Int, isDirected: Bool, outgoing: CSRRows, incoming: CSRRows?,
        nodeIDs: CSRBuffer<UInt64>? = nil, nodeColumns: [String: CSRColumn] = [:],
        edgeColumns: [String: CSRColumn] = [:]
    ) {
        self.nodeCount = nodeCount
        self.edgeCount = edgeCount
        self.isDirected = isDirected
        self.outgoing = outgoing
        self.incoming = isDirected ? incoming : outgoing
        self.nodeIDs = nodeIDs
        self.nodeColumns = nodeColumns
        self.edgeColumns = edgeColumns
    }

    /// Whether arcs carry weights.
    @inlinable
    public var isWeighted: Bool { outgoing.weights != nil }

    /// The identity of the node at a dense index.
    @inlinable
    public func id(of index: UInt32) -> UInt64 {
        if let nodeIDs { nodeIDs[Int(index)] } else { UInt64(index) }
    }

    /// The dense index of an identity; nil when the graph has no such node.
    ///
    /// - Complexity: O(log nodes).
    public func index(ofID id: UInt64) -> UInt32? {
        guard let nodeIDs else { return id < UInt64(nodeCount) ? UInt32(id) : nil }
        var low = 0
        var high = nodeIDs.count
        while low < high {
            let middle = (low + high) / 2
            if nodeIDs[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low < nodeIDs.count && nodeIDs[low] == id ? UInt32(low) : nil
    }

    /// The same graph with other columns.
    public func with(
        nodeColumns: [String: CSRColumn]? = nil, edgeColumns: [String: CSRColumn]? = nil
    ) -> CSRGraph {
        CSRGraph(
            nodeCount: nodeCount, edgeCount: edgeCount, isDirected: isDirected, outgoing: outgoing,
            incoming: incoming, nodeIDs: nodeIDs, nodeColumns: nodeColumns ?? self.nodeColumns,
            edgeColumns: edgeColumns ?? self.edgeColumns)
    }
}
