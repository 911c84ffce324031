import PropertyGraph

/// Which thread does what is done within each community alone. Communities do not know of one
/// another there, so the answer does not depend on who does which.
///
/// Threads go through all nodes in their order and take those of their own communities: going
/// through the communities one by one would gather rows from all over the memory (measured: a third
/// slower on WordNet).
struct CommunityShares: Sendable {
    /// For each community, named by a number below that of nodes, the thread; `nobody` when it is
    /// left as it is.
    private let owners: [UInt8]
    let workers: Int

    static let nobody = UInt8.max
    /// Each thread has columns of its own over all nodes.
    private static let mostWorkers = 8

    /// - Parameters:
    ///   - communities: The community of each node.
    ///   - isLeft: Whether a community is left as it is.
    init(
        _ communities: [UInt32], _ graph: LevelGraph, _ options: RunOptions,
        leaving isLeft: (UInt32) -> Bool = { _ in false }
    ) {
        let offsets = graph.offsets.span
        var work = [Int](repeating: 0, count: communities.count)
        for (node, community) in communities.enumerated() {
            work[Int(community)] += Int(truncatingIfNeeded: offsets[node + 1] &- offsets[node]) + 1
        }
        var all = 0
        var owners = [UInt8](repeating: Self.nobody, count: communities.count)
        for community in work.indices where work[community] > 0 {
            guard !isLeft(UInt32(truncatingIfNeeded: community)) else { continue }
            owners[community] = 0
            all += work[community]
        }
        workers = options.workerCount(work: 4 * all, tasks: Self.mostWorkers)
        if workers > 1 { Self.share(work, all, workers, &owners) }
        self.owners = owners
    }

    /// Gives large communities to whoever has least to do, and the small ones likewise, in lots.
    private static func share(
        _ work: [Int], _ all: Int, _ workers: Int, _ owners: inout [UInt8]
    ) {
        var loads = [Int](repeating: 0, count: workers)
        let lot = all / (64 * workers) + 1
        let large = work.indices.filter { owners[$0] == 0 && work[$0] >= lot }
            .sorted { (work[$0], $1) > (work[$1], $0) }
        func least() -> Int { loads.indices.min { loads[$0] < loads[$1] } ?? 0 }
        for community in large {
            let owner = least()
            owners[community] = UInt8(truncatingIfNeeded: owner)
            loads[owner] += work[community]
        }
        var owner = least()
        var taken = 0
        for community in work.indices where owners[community] == 0 && work[community] < lot {
            owners[community] = UInt8(truncatingIfNeeded: owner)
            loads[owner] += work[community]
            taken += work[community]
            if taken >= lot { (owner, taken) = (least(), 0) }
        }
    }

    /// The thread of each community.
    var ownerOfCommunity: Span<UInt8> {
        @_lifetime(borrow self)
        get { owners.span }
    }

    /// Takes each node's label from the thread that worked on its community.
    ///
    /// - Parameter parts: The labels of each thread, in their order.
    func merged(_ parts: [[UInt32]], _ communities: [UInt32]) -> [UInt32] {
        guard var result = parts.first else { return communities }
        for (owner, part) in parts.enumerated().dropFirst() {
            for node in result.indices where Int(owners[Int(communities[node])]) == owner {
                result[node] = part[node]
            }
        }
        return result
    }
}
