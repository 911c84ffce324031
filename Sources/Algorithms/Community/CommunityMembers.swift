import PropertyGraph

/// The members of communities, for work that is done within each community alone.
struct CommunityMembers: Sendable {
    let sorted: GroupMembers
    /// Where each node stands among the members, those of one community side by side.
    let placeOfNode: [UInt32]
    private let tasks: [Range<Int>]
    private let workers: Int
    private let options: RunOptions

    /// - Parameter communities: The community of each node, labels below the number of nodes.
    /// - Complexity: O(nodes).
    init(_ communities: [UInt32], _ graph: LevelGraph, _ options: RunOptions) {
        sorted = GroupMembers(communities, count: communities.count)
        placeOfNode = sorted.placeOfNode()
        tasks = sorted.stretches(graph.offsets.span, of: options.blockSize)
        workers = options.workerCount(
            work: 4 * (graph.arcCount + graph.nodeCount), tasks: tasks.count)
        self.options = options
    }

    /// Splits each community into groups, several communities at once.
    ///
    /// - Parameter body: Writes from `first` on for each member, in their order, which member names
    ///   its group, as its place among them.
    /// - Returns: For each node the node that names its group.
    func map<Scratch>(
        scratch: @Sendable () -> Scratch,
        _ body:
            @Sendable (
                inout Scratch, _ community: Int, inout CancellationTicker, _ first: Int,
                inout MutableSpan<UInt32>
            ) throws(AlgorithmError) -> Void
    ) throws(AlgorithmError) -> [UInt32] {
        let parts = tasks.map { task in
            Int(sorted.starts[task.lowerBound])..<Int(sorted.starts[task.upperBound])
        }
        var names = ParallelColumn<UInt32>(zeroed: placeOfNode.count)
        var span = names.mutableSpan
        _ = try options.fillParts(
            parts, of: &span, workers: workers,
            scratch: { (scratch(), CancellationTicker(options)) }
        ) { memory, task, part throws(AlgorithmError) in
            let start = parts[task].lowerBound
            for community in tasks[task] {
                let places = sorted.places(of: community)
                // Alone, and so named by itself.
                guard places.count > 1 else {
                    if !places.isEmpty {
                        part[places.lowerBound - start] = sorted.members[places.lowerBound]
                    }
                    continue
                }
                let first = places.lowerBound - start
                try body(&memory.0, community, &memory.1, first, &part)
                for index in first..<first + places.count {
                    part[index] = sorted.members[Int(part[index]) + places.lowerBound]
                }
            }
        }
        return gathered(names.span)
    }

    private func gathered(_ names: Span<UInt32>) -> [UInt32] {
        var result = placeOfNode
        for node in result.indices { result[node] = names[Int(result[node])] }
        return result
    }
}
