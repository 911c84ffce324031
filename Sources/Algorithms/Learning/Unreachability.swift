/// Tells why a goal cannot be learned.
struct Unreachability {
    let graph: PrerequisiteGraph
    let hard: HardRequirements
    let excluded: [Bool]
    /// All that can be learned, run to its end.
    let possible: ForwardChaining

    /// The reason for a goal that is neither known nor learned: from the goal through all groups
    /// that cannot be met, what is missing, else what is excluded, else the shortest cycle.
    ///
    /// - Complexity: O(concepts + edges), and a search for a cycle where nothing else is found.
    func reason(for goal: Int32) -> UnreachableGoal.Reason {
        if excluded[Int(goal)] { return .excluded([graph.id(goal)]) }
        var isIn = [Bool](repeating: false, count: hard.atomCount)
        isIn[Int(goal)] = true
        var stack = [goal]
        var missing: [Int32] = []
        var barred: [Int32] = []
        while let concept = stack.popLast() {
            for group in hard.groups(of: concept) where possible.support[group] == 0 {
                for position in hard.options(of: group) {
                    let atom = hard.option[position]
                    guard !isIn[Int(atom)] else { continue }
                    isIn[Int(atom)] = true
                    if Int(atom) >= hard.conceptCount {
                        missing.append(atom)
                    } else if excluded[Int(atom)] {
                        barred.append(atom)
                    } else {
                        stack.append(atom)
                    }
                }
            }
        }
        if !missing.isEmpty { return .missing(graph.visibleIDs(missing.sorted())) }
        if !barred.isEmpty { return .excluded(graph.visibleIDs(barred.sorted())) }
        return .cycle(witness(isIn))
    }

    private func witness(_ isIn: [Bool]) -> [String] {
        let nodes = (0..<Int32(hard.conceptCount)).filter { isIn[Int($0)] }
        var local = [Int32](repeating: -1, count: hard.conceptCount)
        for (index, concept) in nodes.enumerated() { local[Int(concept)] = Int32(index) }
        let edges = nodes.map { concept in
            var row: [PrerequisiteCycle.Edge] = []
            for group in hard.groups(of: concept) where possible.support[group] == 0 {
                for position in hard.options(of: group) {
                    row.append(
                        PrerequisiteCycle.Edge(
                            target: local[Int(hard.option[position])],
                            isPlain: !hard.isCorequisite[position]))
                }
            }
            return row
        }
        let cycle = PrerequisiteCycle(edges).shortest() ?? []
        return graph.visibleCycle(cycle.map { nodes[$0] })
    }
}

extension PrerequisiteGraph {
    /// The ids of a cycle without requirement nodes, turned so that the smallest stands first.
    func visibleCycle(_ cycle: [Int32]) -> [String] {
        let visible = cycle.filter { !isHidden[Int($0)] }
        guard let least = visible.min(), let start = visible.firstIndex(of: least) else {
            return []
        }
        return (visible[start...] + visible[..<start]).map { ids[Int($0)] }
    }
}
