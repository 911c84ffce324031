/// Takes nodes out of a closed set while the root stays closed.
struct ClosurePruning {
    private let problem: ClosureProblem
    private var isIn: [Bool]
    private var count: [Int32]

    /// Starts from a closed set; of all nodes unless told.
    init(_ problem: ClosureProblem, isIn: [Bool]? = nil) {
        self.problem = problem
        let isIn = isIn ?? [Bool](repeating: true, count: problem.nodeCount)
        self.isIn = isIn
        count = (0..<problem.groupCount).map { group in
            problem.option[problem.options(of: group)].reduce(0) { isIn[Int($1)] ? $0 + 1 : $0 }
        }
    }

    /// What is left of the set when its nodes are taken out in an order, each that can go;
    /// ascending, without the root. Nodes not in the order stay.
    ///
    /// - Complexity: O(nodes × options) at worst; mostly the options of what is taken out.
    func left(removing order: [Int32]) -> [Int32] {
        var copy = self
        for node in order where copy.isIn[Int(node)] { copy.remove(node) }
        return (1..<Int32(max(isIn.count, 1))).filter { copy.isIn[Int($0)] }
    }

    /// Takes a node out with all that needs it, unless the root does.
    private mutating func remove(_ node: Int32) {
        var gone = [node]
        isIn[Int(node)] = false
        var next = 0
        var isLost = false
        search: while next < gone.count {
            let node = Int(gone[next])
            next += 1
            for use in problem.uses(of: node) {
                let group = Int(problem.useGroup[use])
                count[group] -= 1
                let owner = Int(problem.owner[group])
                guard count[group] == 0, isIn[owner] else { continue }
                if owner == 0 {
                    isLost = true
                } else {
                    isIn[owner] = false
                    gone.append(Int32(owner))
                }
            }
            if isLost { break search }
        }
        guard isLost else { return }
        for (place, node) in gone.enumerated() {
            isIn[Int(node)] = true
            guard place < next else { continue }
            for use in problem.uses(of: Int(node)) { count[Int(problem.useGroup[use])] += 1 }
        }
    }
}
