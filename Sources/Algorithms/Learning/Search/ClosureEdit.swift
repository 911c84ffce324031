/// Takes and bars nodes of a problem, follows what that forces, and makes the smaller problem.
struct ClosureEdit {
    private enum Mark: UInt8 { case free, taken, barred }

    private let problem: ClosureProblem
    private var mark: [Mark]
    /// Whether a group has a taken option.
    private var isMet: [Bool]
    /// How many options of a group are not barred.
    private var left: [Int32]
    private var queue: [Int32] = []
    private var isPossible = true

    init(_ problem: ClosureProblem) {
        self.problem = problem
        mark = [Mark](repeating: .free, count: problem.nodeCount)
        isMet = [Bool](repeating: false, count: problem.groupCount)
        left = (0..<problem.groupCount).map { Int32(problem.options(of: $0).count) }
        for group in left.indices where left[group] == 0 { bar(problem.owner[group]) }
        take(0)
    }

    mutating func take(_ node: Int32) {
        if mark[Int(node)] == .barred { isPossible = false }
        guard mark[Int(node)] == .free else { return }
        mark[Int(node)] = .taken
        queue.append(node)
    }

    mutating func bar(_ node: Int32) {
        if mark[Int(node)] == .taken { isPossible = false }
        guard mark[Int(node)] == .free else { return }
        mark[Int(node)] = .barred
        queue.append(node)
    }

    /// Follows all consequences; false when nothing is left to choose from.
    ///
    /// - Complexity: O(nodes + options).
    mutating func run() -> Bool {
        while isPossible, let node = queue.popLast() {
            if mark[Int(node)] == .taken { settleTaken(Int(node)) } else { settleBarred(Int(node)) }
        }
        return isPossible
    }

    private mutating func settleTaken(_ node: Int) {
        for use in problem.uses(of: node) { isMet[Int(problem.useGroup[use])] = true }
        for group in problem.groups(of: node) where !isMet[group] {
            if left[group] == 0 { isPossible = false }
            if left[group] == 1 { takeLast(of: group) }
        }
    }

    private mutating func settleBarred(_ node: Int) {
        for use in problem.uses(of: node) {
            let group = Int(problem.useGroup[use])
            guard !isMet[group] else { continue }
            left[group] -= 1
            let owner = problem.owner[group]
            if left[group] == 0 { bar(owner) }
            if left[group] == 1, mark[Int(owner)] == .taken { takeLast(of: group) }
        }
    }

    private mutating func takeLast(of group: Int) {
        for position in problem.options(of: group)
        where mark[Int(problem.option[position])] != .barred {
            take(problem.option[position])
        }
    }

    /// Whether a node was barred.
    func isBarred(_ node: Int32) -> Bool { mark[Int(node)] == .barred }

    /// Whether each node may still be picked, or is.
    var isAllowed: [Bool] { mark.map { $0 != .barred } }

    /// The weight of what was taken.
    var takenWeight: PlanWeight {
        mark.indices.reduce(0) { mark[$1] == .taken ? $0 + problem.weight[$1] : $0 }
    }

    /// The concepts of what was taken, in no order.
    var takenNames: [Int32] {
        mark.indices.flatMap { mark[$0] == .taken ? problem.names[$0] : [] }
    }

    /// What is left: the open groups of all taken nodes are the root's, and what the root cannot
    /// reach is gone.
    ///
    /// - Complexity: O(nodes + options).
    func rest() -> ClosureProblem {
        var local = [Int32](repeating: -1, count: problem.nodeCount)
        var weight: [PlanWeight] = [0]
        var names: [[Int32]] = [[]]
        var stack: [Int] = []
        func visit(_ group: Int) {
            for position in problem.options(of: group) {
                let node = Int(problem.option[position])
                guard mark[node] == .free, local[node] < 0 else { continue }
                local[node] = Int32(weight.count)
                weight.append(problem.weight[node])
                names.append(problem.names[node])
                stack.append(node)
            }
        }
        for group in 0..<problem.groupCount
        where !isMet[group] && mark[Int(problem.owner[group])] == .taken {
            visit(group)
        }
        while let node = stack.popLast() {
            for group in problem.groups(of: node) where !isMet[group] { visit(group) }
        }
        var groups = GroupList()
        for group in 0..<problem.groupCount where !isMet[group] {
            let owner = Int(problem.owner[group])
            guard mark[owner] == .taken || local[owner] > 0 else { continue }
            groups.add(
                mark[owner] == .taken ? 0 : local[owner],
                problem.options(of: group).lazy.map { local[Int(problem.option[$0])] }
                    .filter { $0 > 0 })
        }
        return ClosureProblem(weight: weight, names: names, groups: groups)
    }
}
