/// Makes a problem smaller without losing a best answer.
///
/// Without `byCost` every minimal closed set is kept; with it only the best ones are.
struct ClosureSimplifier {
    private let problem: ClosureProblem
    private let must: MustSets
    /// The options that are left of each group; nil where the group is met whenever it is asked.
    private var options: [[Int32]?]
    private var merged: UnionFind
    private var isChanged = false

    init(_ problem: ClosureProblem, _ must: MustSets) {
        self.problem = problem
        self.must = must
        options = (0..<problem.groupCount).map { Array(problem.option[problem.options(of: $0)]) }
        merged = UnionFind(problem.nodeCount)
    }

    /// The smaller problem; nil when nothing can be simplified.
    ///
    /// - Complexity: O(options × the largest group + options × uses of an option) at worst.
    mutating func simplified(byCost: Bool) -> ClosureProblem? {
        for group in 0..<problem.groupCount { thin(group) }
        dropImpliedGroups()
        if byCost { dropDearOptions() }
        mergeNodes()
        return isChanged ? rebuilt() : nil
    }

    /// Drops a group that its owner's needs meet, and options that need another option.
    private mutating func thin(_ group: Int) {
        guard let all = options[group] else { return }
        let owner = problem.owner[group]
        if all.contains(where: { $0 == owner || isNeeded($0, by: owner, besides: all) }) {
            options[group] = nil
            isChanged = true
            return
        }
        guard all.count > 1 else { return }
        let kept = all.filter { option in
            !all.contains { other in
                other != option && must.contains(option, other)
                    && (option > other || !must.contains(other, option))
            }
        }
        if kept.count < all.count {
            options[group] = kept
            isChanged = true
        }
    }

    /// Whether a node is needed by an owner, and that does not rest on a group of these options.
    ///
    /// One of the options can do without the node then. So of several groups dropped at once none
    /// rests on the others in a circle: each is dropped for a node that needs strictly more.
    private func isNeeded(_ node: Int32, by owner: Int32, besides options: [Int32]) -> Bool {
        must.contains(owner, node) && options.contains { !must.contains($0, node) }
    }

    /// Drops a group that holds all options of another one, asked of its owner anyway.
    private mutating func dropImpliedGroups() {
        var uses = [[Int32]](repeating: [], count: problem.nodeCount)
        for (group, list) in options.enumerated() {
            for option in list ?? [] { uses[Int(option)].append(Int32(group)) }
        }
        var hits = [Int32](repeating: 0, count: options.count)
        for group in options.indices {
            guard let list = options[group] else { continue }
            var touched: [Int32] = []
            search: for option in list {
                for other in uses[Int(option)] where Int(other) != group {
                    if hits[Int(other)] == 0 { touched.append(other) }
                    hits[Int(other)] += 1
                    guard let inner = options[Int(other)], Int(hits[Int(other)]) == inner.count
                    else { continue }
                    let (owner, source) = (problem.owner[group], problem.owner[Int(other)])
                    guard
                        source == 0 || source == owner || isNeeded(source, by: owner, besides: list)
                    else { continue }
                    options[group] = nil
                    isChanged = true
                    break search
                }
            }
            for other in touched { hits[Int(other)] = 0 }
        }
    }

    /// Drops an option where another one of all its groups is cheaper with all it needs.
    private mutating func dropDearOptions() {
        let price = problem.upperPrices(among: options)
        var uses = [[Int32]](repeating: [], count: problem.nodeCount)
        for (group, list) in options.enumerated() {
            for option in list ?? [] { uses[Int(option)].append(Int32(group)) }
        }
        var isDear = [Bool](repeating: false, count: problem.nodeCount)
        var inGroup = [Int32](repeating: -1, count: options.count)
        for node in 1..<max(problem.nodeCount, 1) {
            let own = uses[node]
            let smallest = own.min { count(of: $0) < count(of: $1) }
            guard let smallest, let rivals = options[Int(smallest)], rivals.count > 1 else {
                continue
            }
            for group in own { inGroup[Int(group)] = Int32(node) }
            for rival in rivals where Int(rival) != node && isCheaper(Int(rival), node, price) {
                let shared = uses[Int(rival)].lazy.filter { inGroup[Int($0)] == Int32(node) }
                if shared.count == own.count {
                    isDear[node] = true
                    break
                }
            }
        }
        guard isDear.contains(true) else { return }
        isChanged = true
        for group in options.indices {
            options[group] = options[group].map { $0.filter { !isDear[Int($0)] } }
        }
    }

    private func count(of group: Int32) -> Int { options[Int(group)]?.count ?? 0 }

    /// Whether a rival is better than a node at any rate: for less, or for as much and first by id.
    private func isCheaper(_ rival: Int, _ node: Int, _ price: [PlanWeight]) -> Bool {
        if price[rival] != problem.weight[node] { return price[rival] < problem.weight[node] }
        guard problem.groups(of: rival).allSatisfy({ options[$0] == nil }),
            let a = problem.names[rival].first, let b = problem.names[node].first
        else { return false }
        return a < b
    }

    /// Merges nodes that are only picked together: each needs the other, or one is needed by the
    /// other and asked for by nobody else.
    private mutating func mergeNodes() {
        var user = [Int32](repeating: -1, count: problem.nodeCount)
        for (group, list) in options.enumerated() {
            for option in list ?? [] {
                let owner = problem.owner[group]
                if user[Int(option)] == -1 || user[Int(option)] == owner {
                    user[Int(option)] = owner
                } else {
                    user[Int(option)] = -2
                }
            }
        }
        for group in options.indices {
            guard let list = options[group], list.count == 1 else { continue }
            let (owner, only) = (problem.owner[group], list[0])
            guard owner != 0, only != 0 else { continue }
            if user[Int(only)] == owner || must.contains(only, owner) {
                merged.union(owner, only)
                isChanged = true
            }
        }
    }

    private mutating func rebuilt() -> ClosureProblem {
        var weight = [PlanWeight](repeating: 0, count: problem.nodeCount)
        var names = [[Int32]](repeating: [], count: problem.nodeCount)
        for node in 0..<problem.nodeCount {
            let root = Int(merged.find(Int32(node)))
            weight[root] += problem.weight[node]
            names[root] += problem.names[node]
        }
        for node in names.indices where names[node].count > 1 { names[node].sort() }
        var groups = GroupList()
        for (group, list) in options.enumerated() {
            guard let list else { continue }
            let owner = merged.find(problem.owner[group])
            var targets: [Int32] = []
            for option in list {
                let root = merged.find(option)
                if !targets.contains(root) { targets.append(root) }
            }
            if targets.contains(owner) { continue }
            groups.add(owner, targets)
        }
        return ClosureProblem(weight: weight, names: names, groups: groups)
    }
}
