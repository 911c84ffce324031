public import PropertyGraph

/// Distances in edges from a source, and a tree of shortest paths.
///
/// Large graphs of many edges a node are searched in both directions: while the frontier is small
/// its outgoing rows are followed, and once it is large every node not yet reached looks for a
/// parent in its own incoming row and stops at the first. Graphs of few edges a node, whose levels
/// are many and small, use a plain queue. The parent of a node is always the one of lowest index
/// among its neighbours one level nearer, so the answer does not depend on the way it was found.
///
/// - SeeAlso: Beamer, Asanović, Patterson, *Direction-Optimizing Breadth-First Search* (SC 2012).
public struct BreadthFirstSearch: Hashable, Sendable {
    /// What `maxDepth` may be.
    public static let depthRange = ParameterRange(0...4_294_967_295)

    /// The nodes to start from; each is a search of its own.
    public var sources: [UInt32]
    /// How far to search, in edges; nil searches everything that can be reached.
    public var maxDepth: Int?
    /// Whether to find the node before each on a shortest path.
    public var hasParents: Bool

    /// Makes the kernel; its values are checked when it runs.
    public init(sources: [UInt32], maxDepth: Int? = nil, hasParents: Bool = true) {
        self.sources = sources
        self.maxDepth = maxDepth
        self.hasParents = hasParents
    }

    /// The outcome of one search.
    public struct Result: Sendable {
        /// Where it started.
        public let source: UInt32
        /// The distance of each node in edges; -1 where it was not reached.
        ///
        /// - Complexity: O(1); O(nodes) when few were reached, for then only theirs are kept. Take
        ///   it once.
        public var depths: [Int32] { depthValues.array }
        /// The node before each on a shortest path; the source is its own parent; `UInt32.max`
        /// where a node was not reached. Empty when not asked for.
        ///
        /// - Complexity: As that of `depths`.
        public var parents: [UInt32] { parentValues?.array ?? [] }
        /// How many nodes were reached, the source included.
        public let reached: Int
        /// The largest distance.
        public let maxDepth: Int

        let depthValues: ReachedValues<Int32>
        let parentValues: ReachedValues<UInt32>?
    }

    /// Searches from each source; several sources are shared among the threads.
    ///
    /// On a directed graph incoming rows are used when there are any, and not needed.
    ///
    /// - Returns: One result for each source, in their order.
    /// - Throws: `.nodeNotFound` for a source beyond the graph, `.invalidParameter`, `.cancelled`.
    /// - Complexity: O(nodes + edges) time a source, only of those reached when they are few;
    ///   O(nodes) extra space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> [Result] {
        if let maxDepth { try Self.depthRange.check(Double(maxDepth), name: "max-depth") }
        for source in sources { try graph.checkNode(source, name: "source") }
        guard !sources.isEmpty else { return [] }
        // A second thread begins with memory that was never touched. From four searches of WordNet
        // on that is soon made up for (measured: half the time).
        let (inner, workers) = options.sharing(sources.count, over: graph, arcsPerUnit: 3)
        var results = workers > 1 ? try nearSources(graph, inner) : []
        let first = results.count
        results += try options.mapTasks(
            sources.count - first, workers: workers,
            scratch: { FrontierSearch(graph, hasParents: hasParents, options: inner) }
        ) { search, index throws(AlgorithmError) -> Result in
            let result = try search.run(from: sources[first + index], maxDepth: maxDepth ?? .max)
            if workers == 1 { options.report("sources", index + 1, of: sources.count) }
            return result
        }
        return results
    }

    /// The results of the first sources as long as they reach so little that handing them to other
    /// threads would take longer than searching.
    private func nearSources(
        _ graph: CSRGraph, _ options: RunOptions
    ) throws(AlgorithmError) -> [Result] {
        var results: [Result] = []
        var search = FrontierSearch(graph, hasParents: hasParents, options: options)
        var left = min(1 << 16, graph.outgoing.arcCount / 8)
        while results.count < sources.count, left > 0,
            let result = try search.run(
                from: sources[results.count], maxDepth: maxDepth ?? .max, arcsLeft: &left)
        {
            results.append(result)
        }
        return results
    }
}
