extension PlanLayout {
    /// Places level by level: a concept's level is the longest hard chain inside the set that ends
    /// there; what lies in one strongly connected component shares a level.
    mutating func placeByLevels() -> [Int32] {
        let components = RequirementComponents(hard, isMember: isWaiting)
        var members = [[Int32]](repeating: [], count: Int(components.count))
        for concept in plan { members[Int(components.component[Int(concept)])].append(concept) }
        // The level at which those may stand who need a component.
        var end = [Int](repeating: 0, count: members.count)
        var levels: [[Int32]] = []
        for (index, component) in members.enumerated() {
            var level = 0
            var isVisible = false
            for concept in component {
                if !graph.isHidden[Int(concept)] { isVisible = true }
                for atom in needs(of: concept) {
                    let other = Int(components.component[Int(atom)])
                    if other != index { level = max(level, end[other]) }
                }
            }
            end[index] = level + (isVisible ? 1 : 0)
            while levels.count <= level { levels.append([]) }
            levels[level].append(contentsOf: component)
        }
        var left: [Int32] = []
        for level in levels { left = drain(left + level) }
        return left
    }

    /// Places depth-first from the goals: before a concept all its needs inside the set, easiest
    /// first; a strongly connected component is placed as one.
    mutating func placeDepthFirst(from goals: [Int32]) -> [Int32] {
        let components = RequirementComponents(hard, isMember: isWaiting)
        var members = [[Int32]](repeating: [], count: Int(components.count))
        for concept in plan { members[Int(components.component[Int(concept)])].append(concept) }
        var isOpen = [Bool](repeating: false, count: members.count)
        var frames: [Frame] = []
        for goal in goals where waits(goal) {
            open(goal, components, members, &isOpen, &frames)
            while var frame = frames.popLast() {
                if let next = nextNeed(&frame, isOpen, components) {
                    frames.append(frame)
                    open(next, components, members, &isOpen, &frames)
                } else {
                    _ = drain(members[frame.component])
                }
            }
        }
        return drain(plan.filter { waits($0) })
    }

    private struct Frame {
        let component: Int
        /// Needs outside the component, by difficulty, minutes and id.
        let needs: [Int32]
        var first = 0
    }

    private mutating func open(
        _ concept: Int32, _ components: RequirementComponents, _ members: [[Int32]],
        _ isOpen: inout [Bool], _ frames: inout [Frame]
    ) {
        let component = Int(components.component[Int(concept)])
        guard !isOpen[component] else { return }
        isOpen[component] = true
        var outside: Set<Int32> = []
        for member in members[component] {
            for atom in needs(of: member)
            where components.component[Int(atom)] != Int32(component) {
                outside.insert(graph.easiestRank[Int(atom)])
            }
        }
        let sorted = outside.sorted().map { graph.conceptByRank[Int($0)] }
        frames.append(Frame(component: component, needs: sorted))
    }

    private func nextNeed(
        _ frame: inout Frame, _ isOpen: [Bool], _ components: RequirementComponents
    ) -> Int32? {
        func isOpenOrPlaced(_ concept: Int32) -> Bool {
            !waits(concept) || isOpen[Int(components.component[Int(concept)])]
        }
        while frame.first < frame.needs.count, isOpenOrPlaced(frame.needs[frame.first]) {
            frame.first += 1
        }
        let rest = frame.needs[frame.first...].filter { !isOpenOrPlaced($0) }
        return rest.first { softWaiting[Int($0)] == 0 || graph.isHidden[Int($0)] } ?? rest.first
    }

    /// The options of a concept's groups that are in the set and still to be placed.
    private func needs(of concept: Int32) -> [Int32] {
        let groups = hard.groups(of: concept)
        let first = Int(hard.optionStart[groups.lowerBound])
        let last = Int(hard.optionStart[groups.upperBound])
        return hard.option[first..<last].filter { waits($0) }
    }
}
