public import PropertyGraph

/// How close the neighbours of each node come to being all joined with each other.
///
/// In a directed graph the neighbours of a node are those of either direction, and of the ordered
/// pairs of them those joined by an edge are counted, as LDBC Graphalytics does; in an undirected
/// graph that is the usual coefficient. Loops and parallel edges make no difference; a node of
/// fewer than two neighbours has 0.
///
/// - SeeAlso: Watts, Strogatz, *Collective Dynamics of "Small-World" Networks* (1998); LDBC
///   Graphalytics specification, LCC.
public struct LocalClustering: Hashable, Sendable {
    /// Makes the kernel; it has no parameters.
    public init() {}

    /// The coefficients.
    public struct Result: Sendable {
        /// The coefficient of each node, from 0 to 1.
        public let coefficients: [Double]
        /// Their mean; 0 in an empty graph.
        public let mean: Double
        /// How many triangles there are.
        public let triangles: Int
    }

    /// Computes the coefficients.
    ///
    /// - Throws: `.missingIncoming` on a directed graph without incoming rows; `.cancelled`.
    /// - Complexity: O(edges × √edges) time, O(nodes + edges) extra space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Result {
        let rows = try SimpleRows(graph, for: "lcc", options: options)
        let counts = try TriangleSearch(rows: rows, hasCorners: true, options: options).run()
        // An undirected triangle joins the other two corners both ways.
        let factor = rows.isMutual == nil ? 2.0 : 1.0
        var coefficients = [Double](repeating: 0, count: rows.nodeCount)
        var sum = 0.0
        for node in coefficients.indices {
            let degree = Double(rows.degree(of: node))
            guard degree > 1 else { continue }
            let value = factor * Double(counts.corners[node]) / (degree * (degree - 1))
            coefficients[node] = value
            sum += value
        }
        return Result(
            coefficients: coefficients,
            mean: coefficients.isEmpty ? 0 : sum / Double(coefficients.count),
            triangles: counts.total)
    }
}
