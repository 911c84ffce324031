/// What a plan costs, in one number: minutes × (concepts + 1) + the count of concepts. Wide enough
/// for any sum of minutes that fits 64 bits.
typealias PlanWeight = Int128

/// The cheapest closed set: pick nodes so that each group of a picked node has a picked option.
///
/// Node 0 is the root: always picked, of weight 0. This is what is left of a plan once order is
/// left aside; `PlanSearch` puts order back where cycles make it matter.
struct ClosureProblem {
    /// The weight of each node, 0 or more.
    var weight: [PlanWeight]
    /// The concepts each node stands for, ascending; none for requirement nodes.
    var names: [[Int32]]
    /// `nodes + 1` positions: the groups of a node.
    private(set) var groupStart: [Int32]
    /// The node each group belongs to.
    private(set) var owner: [Int32]
    /// `groups + 1` positions: the options of a group.
    private(set) var optionStart: [Int32]
    /// The node of each option.
    private(set) var option: [Int32]
    /// `nodes + 1` positions: the groups in which a node is an option.
    private(set) var useStart: [Int32]
    private(set) var useGroup: [Int32]

    /// Files groups by their owners, in the order given.
    ///
    /// - Complexity: O(nodes + options).
    init(weight: [PlanWeight], names: [[Int32]], groups: GroupList) {
        self.weight = weight
        self.names = names
        var start = [Int32](repeating: 0, count: weight.count + 1)
        for node in groups.owner { start[Int(node) + 1] += 1 }
        for index in 0..<weight.count { start[index + 1] += start[index] }
        var next = start
        var order = [Int32](repeating: 0, count: groups.owner.count)
        for (group, node) in groups.owner.enumerated() {
            order[Int(next[Int(node)])] = Int32(group)
            next[Int(node)] += 1
        }
        owner = order.map { groups.owner[Int($0)] }
        optionStart = [0]
        optionStart.reserveCapacity(order.count + 1)
        option = []
        option.reserveCapacity(groups.option.count)
        for group in order {
            option.append(contentsOf: groups.option[groups.range(of: Int(group))])
            optionStart.append(Int32(option.count))
        }
        groupStart = start
        (useStart, useGroup) = HardRequirements.transpose(
            start: optionStart, target: option, targetCount: weight.count)
    }

    /// The same with more groups.
    func adding(_ more: [(owner: Int32, options: [Int32])]) -> ClosureProblem {
        var groups = GroupList()
        for group in 0..<groupCount { groups.add(owner[group], option[options(of: group)]) }
        for group in more { groups.add(group.owner, group.options) }
        return ClosureProblem(weight: weight, names: names, groups: groups)
    }

    var nodeCount: Int { weight.count }
    var groupCount: Int { owner.count }

    /// The groups of a node.
    func groups(of node: Int) -> Range<Int> {
        Int(groupStart[node])..<Int(groupStart[node + 1])
    }

    /// The positions of a group's options.
    func options(of group: Int) -> Range<Int> {
        Int(optionStart[group])..<Int(optionStart[group + 1])
    }

    /// The positions in `useGroup` of the groups that a node can meet.
    func uses(of node: Int) -> Range<Int> { Int(useStart[node])..<Int(useStart[node + 1]) }

    /// The parts that share no node but the root, smallest first.
    ///
    /// - Complexity: O(nodes + options).
    func components() -> [ClosureProblem] {
        var parent = UnionFind(nodeCount)
        for group in 0..<groupCount {
            let positions = options(of: group)
            let first = option[positions.lowerBound]
            for position in positions { parent.union(first, option[position]) }
            if owner[group] != 0 { parent.union(first, owner[group]) }
        }
        var part = [Int32](repeating: -1, count: nodeCount)
        var local = part
        var parts: [(weight: [PlanWeight], names: [[Int32]], groups: GroupList)] = []
        for node in 1..<max(nodeCount, 1) {
            let root = Int(parent.find(Int32(node)))
            if part[root] < 0 {
                part[root] = Int32(parts.count)
                parts.append(([0], [[]], GroupList()))
            }
            let own = Int(part[root])
            part[node] = Int32(own)
            local[node] = Int32(parts[own].weight.count)
            parts[own].weight.append(weight[node])
            parts[own].names.append(names[node])
        }
        for group in 0..<groupCount {
            let positions = options(of: group)
            let own = Int(part[Int(option[positions.lowerBound])])
            let node = owner[group] == 0 ? 0 : local[Int(owner[group])]
            parts[own].groups.add(node, option[positions].lazy.map { local[Int($0)] })
        }
        return parts.map { ClosureProblem(weight: $0.weight, names: $0.names, groups: $0.groups) }
            .sorted { $0.nodeCount < $1.nodeCount }
    }
}

/// Groups in the making, in no order of owners.
struct GroupList {
    private(set) var owner: [Int32] = []
    private(set) var start: [Int32] = [0]
    private(set) var option: [Int32] = []

    /// The positions of a group's options.
    func range(of group: Int) -> Range<Int> { Int(start[group])..<Int(start[group + 1]) }

    mutating func add(_ node: Int32, _ options: some Sequence<Int32>) {
        owner.append(node)
        option.append(contentsOf: options)
        start.append(Int32(option.count))
    }
}

/// Disjoint sets of nodes, with path halving.
struct UnionFind {
    private var parent: [Int32]

    init(_ count: Int) { parent = Array(0..<Int32(count)) }

    mutating func find(_ node: Int32) -> Int32 {
        var node = node
        while parent[Int(node)] != node {
            parent[Int(node)] = parent[Int(parent[Int(node)])]
            node = parent[Int(node)]
        }
        return node
    }

    /// Joins two sets; the smaller root stays one.
    mutating func union(_ lhs: Int32, _ rhs: Int32) {
        let (a, b) = (find(lhs), find(rhs))
        if a < b { parent[Int(b)] = a } else { parent[Int(a)] = b }
    }
}
