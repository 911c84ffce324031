/// Parts a small undirected graph into communities of high modularity (resolution 1).
///
/// Leiden with nodes visited by number and the first of equal moves taken, in whole numbers: the
/// same answer on every run and machine.
///
/// - SeeAlso: Traag, Waltman, van Eck, *From Louvain to Leiden* (2019).
struct ModulePartition {
    /// Neighbours and weights of each node; loops stand once with their weight.
    private var rows: [[(node: Int, weight: Int64)]]
    /// The weight of the edges at each node, loops counted twice.
    private var degree: [Int64]
    /// Twice the weight of all edges.
    private let total: Int64

    /// The community of each node, numbered by smallest member.
    ///
    /// - Parameter edges: Pairs of different nodes, each once.
    /// - Complexity: O(edges) a round; few rounds in practice.
    static func communities(nodeCount: Int, edges: [(Int32, Int32)]) -> [Int] {
        var rows = [[(node: Int, weight: Int64)]](repeating: [], count: nodeCount)
        for (a, b) in edges {
            rows[Int(a)].append((Int(b), 1))
            rows[Int(b)].append((Int(a), 1))
        }
        var level = ModulePartition(rows: rows)
        var owner = Array(0..<nodeCount)
        var start = Array(0..<nodeCount)
        var result = owner
        while true {
            let moved = level.moved(from: start)
            result = owner.map { moved[$0] }
            let refined = numbered(level.refined(within: moved))
            let count = (refined.max() ?? -1) + 1
            if count == level.rows.count { break }
            start = [Int](repeating: 0, count: count)
            for node in refined.indices { start[refined[node]] = moved[node] }
            start = numbered(start)
            owner = owner.map { refined[$0] }
            level = level.aggregated(by: refined, count: count)
        }
        return numbered(result)
    }

    private init(rows: [[(node: Int, weight: Int64)]]) {
        self.rows = rows
        degree = rows.indices.map { node in
            rows[node].reduce(0) { $0 + ($1.node == node ? 2 : 1) * $1.weight }
        }
        total = degree.reduce(0, +)
    }

    /// Numbers in the order of first appearance.
    private static func numbered(_ values: [Int]) -> [Int] {
        var number: [Int: Int] = [:]
        return values.map { value in
            if let known = number[value] { return known }
            number[value] = number.count
            return number.count - 1
        }
    }

    /// Moves nodes to the best neighbouring community while that gains.
    private func moved(from start: [Int]) -> [Int] {
        var community = start
        var sum = [Int64](repeating: 0, count: rows.count)
        for node in rows.indices { sum[community[node]] += degree[node] }
        var queue = Array(rows.indices)
        var isQueued = [Bool](repeating: true, count: rows.count)
        var next = 0
        while next < queue.count {
            let node = queue[next]
            next += 1
            isQueued[node] = false
            let old = community[node]
            sum[old] -= degree[node]
            var weights: [Int: Int64] = [old: 0]
            for (other, weight) in rows[node] where other != node {
                weights[community[other], default: 0] += weight
            }
            let best = best(weights, degree[node], sum, preferring: old)
            sum[best] += degree[node]
            guard best != old else { continue }
            community[node] = best
            for (other, _) in rows[node] where community[other] != best && !isQueued[other] {
                isQueued[other] = true
                queue.append(other)
            }
        }
        return community
    }

    /// The community of greatest gain; of equal ones the preferred, then the smallest.
    private func best(
        _ weights: [Int: Int64], _ degree: Int64, _ sum: [Int64], preferring old: Int
    ) -> Int {
        func gain(_ community: Int) -> Int64 {
            (weights[community] ?? 0) * total - degree * sum[community]
        }
        var best = old
        for community in weights.keys.sorted() where gain(community) > gain(best) {
            best = community
        }
        return best
    }

    /// Joins the nodes of each community anew, starting from single ones, so that each part of the
    /// result is connected.
    private func refined(within community: [Int]) -> [Int] {
        var refined = Array(rows.indices)
        var sum = degree
        var size = [Int](repeating: 1, count: rows.count)
        var whole = [Int64](repeating: 0, count: rows.count)
        for node in rows.indices { whole[community[node]] += degree[node] }
        // The weight between a part and the rest of its community.
        var outside = rows.indices.map { node in
            rows[node].reduce(0) {
                $1.node != node && community[$1.node] == community[node] ? $0 + $1.weight : $0
            }
        }
        func isWellConnected(_ part: Int, _ own: Int) -> Bool {
            outside[part] * total >= sum[part] * (whole[own] - sum[part])
        }
        for node in rows.indices {
            let own = community[node]
            guard size[refined[node]] == 1, isWellConnected(refined[node], own) else { continue }
            var weights: [Int: Int64] = [:]
            for (other, weight) in rows[node]
            where other != node && community[other] == own && refined[other] != refined[node] {
                weights[refined[other], default: 0] += weight
            }
            var best: (part: Int, gain: Int64, weight: Int64)?
            for (part, weight) in weights.sorted(by: { $0.key < $1.key })
            where isWellConnected(part, own) {
                let gain = weight * total - degree[node] * sum[part]
                if gain >= 0, gain > best?.gain ?? -1 { best = (part, gain, weight) }
            }
            guard let best else { continue }
            outside[best.part] += outside[refined[node]] - 2 * best.weight
            sum[best.part] += degree[node]
            size[best.part] += 1
            size[refined[node]] = 0
            refined[node] = best.part
        }
        return refined
    }

    private func aggregated(by part: [Int], count: Int) -> ModulePartition {
        var maps = [[Int: Int64]](repeating: [:], count: count)
        for node in rows.indices {
            for (other, weight) in rows[node] where other >= node {
                let (a, b) = (part[node], part[other])
                maps[a][b, default: 0] += weight
                if a != b { maps[b][a, default: 0] += weight }
            }
        }
        return ModulePartition(
            rows: maps.map { row in
                row.sorted { $0.key < $1.key }.map { (node: $0.key, weight: $0.value) }
            })
    }
}
