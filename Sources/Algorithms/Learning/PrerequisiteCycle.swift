/// Finds the shortest cycle among some nodes.
///
/// A cycle of corequisite edges alone can be learned as a block and stops nobody, so a cycle with
/// at least one other edge is preferred.
struct PrerequisiteCycle {
    /// One edge to a neighbour; `isPlain` where it is no corequisite.
    struct Edge {
        var target: Int32
        var isPlain: Bool
    }

    /// For each node the edges to what it needs; targets are nodes.
    let edges: [[Edge]]
    private let reverse: [[Edge]]

    init(_ edges: [[Edge]]) {
        self.edges = edges
        var reverse = [[Edge]](repeating: [], count: edges.count)
        for (node, row) in edges.enumerated() {
            for edge in row {
                reverse[Int(edge.target)].append(
                    Edge(target: Int32(node), isPlain: edge.isPlain))
            }
        }
        self.reverse = reverse
    }

    /// The shortest cycle, each node needing the next, from its smallest node; of several the first
    /// by its list of nodes. Nil when there is none.
    ///
    /// - Complexity: O(nodes × edges) at worst; a short cycle bounds the rest of the search.
    func shortest() -> [Int]? {
        find(plainNeeded: true) ?? find(plainNeeded: false)
    }

    /// The shortest cycle with an edge that is no corequisite.
    func shortestPlain() -> [Int]? { find(plainNeeded: true) }

    private func find(plainNeeded: Bool) -> [Int]? {
        var best: [Int]?
        // State 2 × node + 1: the rest of the way holds a plain edge (or none is asked for).
        var distance = [Int](repeating: -1, count: edges.count * 2)
        for start in edges.indices {
            let limit = (best?.count ?? edges.count + 1) - 1
            guard limit >= 1 else { break }
            let length = distances(
                to: start, plainNeeded: plainNeeded, limit: limit, &distance)
            if let length { best = walk(from: start, length: length, plainNeeded, distance) }
        }
        return best
    }

    /// Distances to the way's end, backwards from `start`; the length of the shortest cycle through
    /// it over nodes not before it, if at most `limit`.
    private func distances(
        to start: Int, plainNeeded: Bool, limit: Int, _ distance: inout [Int]
    ) -> Int? {
        for index in distance.indices { distance[index] = -1 }
        var queue = [2 * start + (plainNeeded ? 0 : 1)]
        var depth = 0
        var found: Int?
        distance[queue[0]] = 0
        while !queue.isEmpty, found == nil, depth < limit {
            depth += 1
            var next: [Int] = []
            for state in queue {
                for edge in reverse[state / 2] where Int(edge.target) >= start {
                    let isSatisfied = state % 2 == 1 || edge.isPlain
                    let before = 2 * Int(edge.target) + (isSatisfied ? 1 : 0)
                    if before == 2 * start + 1 { found = depth }
                    guard distance[before] < 0 else { continue }
                    distance[before] = depth
                    next.append(before)
                }
            }
            queue = next
        }
        return found
    }

    private func walk(
        from start: Int, length: Int, _ plainNeeded: Bool, _ distance: [Int]
    ) -> [Int] {
        var path = [start]
        // The states that the path may be in, for one node may stand for two.
        var states = [2 * start + 1]
        var left = length - 1
        while left > 0 {
            var best = Int.max
            var following: [Int] = []
            for state in states {
                for edge in edges[state / 2] where Int(edge.target) > start {
                    for satisfied in 0...1 {
                        let next = 2 * Int(edge.target) + satisfied
                        let isSatisfied = satisfied == 1 || (plainNeeded && edge.isPlain)
                        guard distance[next] == left, isSatisfied == (state % 2 == 1) else {
                            continue
                        }
                        if Int(edge.target) < best {
                            best = Int(edge.target)
                            following = [next]
                        } else if Int(edge.target) == best, !following.contains(next) {
                            following.append(next)
                        }
                    }
                }
            }
            guard best < Int.max else { return path }
            path.append(best)
            states = following
            left -= 1
        }
        return path
    }
}
