import GraphAlgorithms

/// A slow, obvious planner over sets of names, for prerequisites joined by "and".
struct NaivePlanner {
    struct Edge {
        var of: String
        var needs: String
        var strength: Double
    }
    var minutes: [String: Int64]
    var difficulty: [String: Double]
    var edges: [Edge]
    var known: Set<String>
    var excluded: Set<String>
    var theta = 0.5

    var names: [String] { minutes.keys.sorted() }

    func hard(_ name: String) -> [String] {
        edges.filter { $0.of == name && $0.strength >= theta }.map(\.needs)
    }
    func soft(_ name: String) -> [String] {
        edges.filter { $0.of == name && $0.strength < theta }.map(\.needs)
    }

    func learnable(within allowed: Set<String>, known: Set<String>) -> Set<String> {
        var have = known
        var grew = true
        while grew {
            grew = false
            for name in allowed where !have.contains(name) && !excluded.contains(name) {
                if hard(name).allSatisfy(have.contains) {
                    have.insert(name)
                    grew = true
                }
            }
        }
        return have
    }

    /// The minimal plan, by leaving out whatever the goals can do without.
    func plan(_ goals: [String], known: Set<String>) -> Set<String>? {
        var set = learnable(within: Set(names), known: known).subtracting(known)
        guard Set(goals).isSubset(of: set.union(known)) else { return nil }
        for name in set {
            let smaller = set.subtracting([name])
            let reached = learnable(within: smaller, known: known)
            if Set(goals).isSubset(of: reached) { set = reached.subtracting(known) }
        }
        return set
    }

    func order(_ plan: Set<String>) -> [String] {
        var left = plan
        var have = known
        var result: [String] = []
        while !left.isEmpty {
            let ready = left.filter { hard($0).allSatisfy(have.contains) }
            let next = ready.min { lhs, rhs in
                let a = soft(lhs).contains(where: left.contains) ? 1 : 0
                let b = soft(rhs).contains(where: left.contains) ? 1 : 0
                if a != b { return a < b }
                if difficulty[lhs] != difficulty[rhs] {
                    return (difficulty[lhs] ?? 0) < (difficulty[rhs] ?? 0)
                }
                if minutes[lhs] != minutes[rhs] { return (minutes[lhs] ?? 0) < (minutes[rhs] ?? 0) }
                return lhs < rhs
            }
            guard let next else { return result }
            result.append(next)
            left.remove(next)
            have.insert(next)
        }
        return result
    }

    func cost(_ plan: Set<String>) -> Int64 { plan.reduce(0) { $0 + (minutes[$1] ?? 0) } }

    /// The length of the shortest cycle of hard edges among some concepts.
    func shortestCycle(among members: Set<String>) -> Int? {
        var best: Int?
        for start in members {
            var layer: Set<String> = [start]
            var seen: Set<String> = []
            var depth = 0
            while !layer.isEmpty {
                depth += 1
                let next = Set(layer.flatMap { hard($0) }).intersection(members)
                if next.contains(start) {
                    best = min(best ?? depth, depth)
                    break
                }
                layer = next.subtracting(seen)
                seen.formUnion(next)
            }
        }
        return best
    }

    /// What stops a goal: all unlearnable concepts behind it, itself included.
    func stuck(_ goal: String) -> Set<String> {
        let able = learnable(within: Set(names), known: known)
        var result: Set<String> = []
        var stack = [goal]
        while let name = stack.popLast() {
            if able.contains(name) || !result.insert(name).inserted { continue }
            if excluded.contains(name) { continue }
            stack += hard(name)
        }
        return result
    }
}
