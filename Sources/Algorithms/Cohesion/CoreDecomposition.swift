public import PropertyGraph

/// The core number of each node: the largest k for which it belongs to a part of the graph where
/// every node has k neighbours.
///
/// Level by level all nodes of at most k neighbours left are peeled off, and at once what that lets
/// fall to k, a few nodes at a time: those lie close together where numbers of nodes do, so that
/// what is touched stays in the cache. Directions, loops and parallel edges make no difference.
///
/// Several threads share the nodes out by number. Each keeps count of the neighbours of its own
/// nodes, alone, and tells the others which nodes it has peeled that are joined with theirs.
///
/// - SeeAlso: Seidman, *Network Structure and Minimum Degree* (1983); Batagelj, Zaveršnik, *An
///   O(m) Algorithm for Cores Decomposition of Networks* (2003); Kabir, Madduri, *Parallel k-Core
///   Decomposition on Multicore Platforms* (2017), whose levels are used here without their atomic
///   counts; Montresor, De Pellegrini, Miorandi, *Distributed k-Core Decomposition* (2013), whose
///   parts tell one another what changed.
public struct CoreDecomposition: Hashable, Sendable {
    /// Makes the kernel; it has no parameters.
    public init() {}

    /// The core numbers.
    public struct Result: Sendable {
        /// The core number of each node.
        public let cores: [UInt32]
        /// The largest; 0 in an empty graph.
        public let degeneracy: Int
        /// How many nodes have the largest.
        public let innermostSize: Int
    }

    /// Peels the graph.
    ///
    /// - Throws: `.missingIncoming` on a directed graph without incoming rows; `.cancelled`.
    /// - Complexity: O(nodes + edges) time and extra space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Result {
        let rows = try SimpleRows(graph, for: "kcore", options: options)
        try options.checkCancellation()
        return try CorePeeling(rows, options).run()
    }
}
