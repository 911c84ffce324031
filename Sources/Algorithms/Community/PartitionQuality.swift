public import PropertyGraph

/// How good any partition of the nodes is: modularity, coverage and conductance.
///
/// Directions make no difference: an edge joins its ends whichever way it leads.
///
/// - SeeAlso: Newman, Girvan, *Finding and Evaluating Community Structure in Networks* (2004);
///   Fortunato, *Community Detection in Graphs* (2010) for coverage and conductance.
public struct PartitionQuality: Hashable, Sendable {
    /// By how much the weight that chance would put into groups counts in the modularity.
    public var resolution: Double
    /// Whether weights are used, if there are any.
    public var isWeighted: Bool

    /// Makes the kernel; ranges are those of `Louvain` and checked when it runs.
    public init(resolution: Double = 1, isWeighted: Bool = true) {
        self.resolution = resolution
        self.isWeighted = isWeighted
    }

    /// What a partition is worth.
    public struct Result: Hashable, Sendable {
        /// How many groups there are.
        public let groupCount: Int
        /// How many nodes the largest has.
        public let largestSize: Int
        /// The weight inside groups beyond what chance would put there, as a share of all; 0
        /// without edges.
        public let modularity: Double
        /// The share of weight inside groups; 0 without edges.
        public let coverage: Double
        /// For each node that is the lowest of its group the conductance of the group: the weight
        /// that leaves it as a share of the ends of edges on its smaller side. NaN for other
        /// nodes, and for groups that have no ends, or all.
        public let conductances: [Double]
        /// The mean over groups that have one; nil when none has.
        public let meanConductance: Double?
        /// The greatest; nil when none has any.
        public let maxConductance: Double?
    }

    /// Measures a partition.
    ///
    /// - Parameter labels: A label for each node; any numbers will do.
    /// - Throws: `.invalidParameter` when there is not one label a node; `.missingIncoming` on a
    ///   directed graph without incoming rows; `.negativeWeight`, `.invalidWeight`; `.cancelled`.
    /// - Complexity: O(nodes + edges) time and extra space.
    public func run(
        on graph: CSRGraph, labels: [UInt32], options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Result {
        try Louvain.resolutionRange.check(resolution, name: "resolution")
        guard labels.count == graph.nodeCount else {
            throw AlgorithmError(
                .invalidParameter,
                "There are \(labels.count) labels for \(graph.nodeCount) nodes. Give one for each.")
        }
        let level = try LevelGraph(
            graph, isWeighted: isWeighted && graph.isWeighted, for: "partition quality",
            options: options)
        var lowest: [UInt32: UInt32] = [:]
        var groups: [UInt32] = []
        groups.reserveCapacity(labels.count)
        for (node, label) in labels.enumerated() {
            let node = UInt32(truncatingIfNeeded: node)
            let first = lowest[label] ?? node
            if first == node { lowest[label] = node }
            groups.append(first)
        }
        return try level.quality(of: groups, resolution: resolution, options: options)
    }
}

extension PartitionQuality.Result {
    /// The entries of a summary that every community algorithm has.
    var summary: [SummaryEntry] {
        [
            SummaryEntry("communities", .count(groupCount)),
            SummaryEntry("largest", .count(largestSize)),
            SummaryEntry("modularity", .double(modularity)),
            SummaryEntry("coverage", .double(coverage)),
            SummaryEntry("mean_conductance", meanConductance.map { .double($0) }),
            SummaryEntry("max_conductance", maxConductance.map { .double($0) }),
        ]
    }

    /// Their fields, as help pages tell them.
    static let summaryFields: [AlgorithmDescriptor.Field] = [
        .init("communities", "How many communities there are."),
        .init("largest", "How many nodes the largest has."),
        .init("modularity", "Their modularity, with the resolution asked for."),
        .init("coverage", "The share of weight inside communities."),
        .init(
            "mean_conductance",
            "The weight that leaves a community as a share of the ends on its smaller side: the "
                + "mean over communities."),
        .init("max_conductance", "The greatest."),
    ]
}
