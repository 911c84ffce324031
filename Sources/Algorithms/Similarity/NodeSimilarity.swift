public import PropertyGraph

/// How alike two nodes are by the neighbours they share: for pairs, or the most alike of each node.
///
/// Loops and parallel edges do not count. With `N(u)` the neighbours of a node:
///
/// | measure | of nodes u and v |
/// |---|---|
/// | Jaccard | common / (all of both): \|N(u) ∩ N(v)\| / \|N(u) ∪ N(v)\| |
/// | overlap | common / the fewer: \|N(u) ∩ N(v)\| / min(\|N(u)\|, \|N(v)\|) |
/// | cosine | \|N(u) ∩ N(v)\| / √(\|N(u)\| × \|N(v)\|) |
/// | Adamic–Adar | the sum of 1 / ln(degree) over the common neighbours |
/// | resource allocation | the sum of 1 / degree over the common neighbours |
///
/// The last two predict which edges are missing: few neighbours of one's own say more. A common
/// neighbour's degree is how many nodes have it as a neighbour; one of degree 1 (of a node compared
/// with itself) adds nothing to Adamic–Adar. Nodes without neighbours are alike by 0.
///
/// - SeeAlso: Liben-Nowell, Kleinberg, *The Link-Prediction Problem for Social Networks* (2007);
///   Adamic, Adar, *Friends and Neighbors on the Web* (2003); Zhou, Lü, Zhang, *Predicting Missing
///   Links via Local Information* (2009).
public struct NodeSimilarity: Hashable, Sendable {
    /// What `count` of the most alike may be.
    public static let countRange = ParameterRange(0...1_000_000)

    /// How likeness is measured.
    public enum Measure: String, Hashable, Sendable, CaseIterable {
        /// Common neighbours of all neighbours.
        case jaccard
        /// Common neighbours of the fewer neighbours.
        case overlap
        /// Common neighbours of the mean number of neighbours.
        case cosine
        /// Common neighbours, each by the logarithm of its degree.
        case adamicAdar = "adamic-adar"
        /// Common neighbours, each by its degree.
        case resourceAllocation = "resource-allocation"
    }

    /// How likeness is measured.
    public var measure: Measure
    /// Whose neighbours count: those that edges point to, those they come from, or both; makes no
    /// difference in an undirected graph.
    public var direction: Neighborhoods.Direction

    /// Makes the kernel.
    public init(_ measure: Measure, direction: Neighborhoods.Direction = .both) {
        self.measure = measure
        self.direction = direction
    }

    /// Compares pairs of nodes.
    ///
    /// - Returns: How alike each pair is, in their order.
    /// - Throws: `.nodeNotFound`; `.missingIncoming` on a directed graph without incoming rows;
    ///   `.cancelled`.
    /// - Complexity: O(edges) once, and O(degrees) a pair.
    public func scores(
        of pairs: [(source: UInt32, target: UInt32)], on graph: CSRGraph,
        options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> [Double] {
        for pair in pairs {
            try graph.checkNode(pair.source, name: "pairs")
            try graph.checkNode(pair.target, name: "pairs")
        }
        try options.checkCancellation()
        let neighbors = try NeighborSets(graph, self, options: options)
        var ticker = CancellationTicker(options)
        var scores: [Double] = []
        for pair in pairs {
            let (left, right) = (pair.source, pair.target)
            scores.append(neighbors.score(left, right))
            try ticker.tick(neighbors.degree(left) + neighbors.degree(right) + 8)
        }
        return scores
    }

    /// The most alike of each node.
    public struct Neighbors: Sendable {
        /// Row `n` is `offsets[n] ..< offsets[n + 1]`.
        public let offsets: [Int]
        /// The others, most alike first and of equals the lowest.
        public let nodes: [UInt32]
        /// How alike each is; above 0.
        public let scores: [Double]
    }

    /// Finds the nodes most alike to each, among those that share a neighbour with it.
    ///
    /// - Parameters:
    ///   - count: How many for each node at most.
    ///   - skipsNeighbors: Leave out nodes that are joined already: what is left are edges that
    ///     may be missing.
    /// - Throws: `.invalidParameter`; `.missingIncoming` on a directed graph without incoming rows;
    ///   `.cancelled`.
    /// - Complexity: O(sum of squared degrees) time, O(nodes) space a thread beside the answer.
    public func mostAlike(
        _ count: Int, skipsNeighbors: Bool = false, on graph: CSRGraph,
        options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Neighbors {
        try Self.countRange.check(Double(count), name: "top-k")
        let neighbors = try NeighborSets(graph, self, options: options)
        let parts = stretches(graph.nodeCount, of: 128)
        let dispenser = TaskDispenser(count: parts.count, options: options)
        let workers = options.workerCount(work: 8 * neighbors.arcCount, tasks: parts.count)
        try options.checkCancellation()
        let found = try options.onWorkers(workers) {
            _ throws(AlgorithmError) -> [(part: Int, lists: [[AlikeNode]])] in
            var search = AlikeSearch(neighbors, count: count, skipsNeighbors: skipsNeighbors)
            var ticker = CancellationTicker(options)
            var found: [(part: Int, lists: [[AlikeNode]])] = []
            while let part = try dispenser.take() {
                var lists: [[AlikeNode]] = []
                for node in parts[part] {
                    lists.append(
                        try search.mostAlike(to: UInt32(truncatingIfNeeded: node), &ticker))
                }
                found.append((part: part, lists: lists))
            }
            return found
        }
        let lists = found.joined().sorted { $0.part < $1.part }.flatMap(\.lists)
        var offsets = [0]
        for list in lists { offsets.append(offsets[offsets.count - 1] + list.count) }
        return Neighbors(
            offsets: offsets, nodes: lists.flatMap { $0.map(\.node) },
            scores: lists.flatMap { $0.map(\.score) })
    }
}

/// A node and how alike it is to another.
struct AlikeNode: Sendable, BitwiseCopyable {
    var node: UInt32
    var score: Double

    /// More alike first, of equals the lowest.
    @inline(__always)
    static func < (lhs: AlikeNode, rhs: AlikeNode) -> Bool {
        lhs.score > rhs.score || lhs.score == rhs.score && lhs.node < rhs.node
    }

    /// Puts a node into the list of the best, which never holds more than `count`.
    static func keep(_ node: AlikeNode, in best: inout [AlikeNode], count: Int) {
        if best.count == count {
            guard count > 0, node < best[count - 1] else { return }
            best.removeLast()
        }
        var (low, high) = (0, best.count)
        while low < high {
            let middle = (low + high) / 2
            if best[middle] < node { low = middle + 1 } else { high = middle }
        }
        best.insert(node, at: low)
    }
}
