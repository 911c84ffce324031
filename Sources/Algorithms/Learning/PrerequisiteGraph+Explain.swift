extension PrerequisiteGraph {
    /// Returns why a concept is in the plan for some goals, or why it is not.
    ///
    /// In it: the shortest way inside the plan from the concept to a goal, of several the first by
    /// ids, with the edge behind each step. Not in it: the nearest group that did without it.
    ///
    /// - Throws: `.unknownConcept` for the concept; `.invalidArgument`; `.overflow`.
    /// - Complexity: As `plan`.
    public func explain(
        concept name: String, goals: [String], query: LearningPathQuery = LearningPathQuery()
    ) throws(LearningPathError) -> LearningExplanation {
        let concept = try requireConcept(name)
        let targets = goals.compactMap { self.concept($0) }
        if targets.contains(concept) { return .because(.init(ids: [name], edges: [])) }
        let question = try PlanQuery(self, goals: goals, query: query)
        if question.state.known[Int(concept)] { return .absent(.known) }
        if question.state.excluded[Int(concept)] { return .absent(.excluded) }
        if !query.partial, !question.unreachable.isEmpty {
            return .absent(.noPlan(question.unreachable))
        }
        let rows = DependentRows(self, question.hard)
        guard Self.leads(concept, to: targets, over: rows) else { return .absent(.notNeeded) }
        let members = question.plan?.members ?? []
        var isIn = [Bool](repeating: false, count: ids.count)
        for member in members + targets { isIn[Int(member)] = true }
        if let path = Self.shortest(from: concept, to: targets, over: rows, within: isIn) {
            let edges = path.indices.dropLast().map {
                edge(of: path[$0 + 1], needs: path[$0], question)
            }
            return .because(.init(ids: visibleIDs(path), edges: edges))
        }
        return absence(of: concept, isIn, question)
    }

    private static func leads(
        _ concept: Int32, to targets: [Int32], over rows: DependentRows
    ) -> Bool {
        let all = [Bool](repeating: true, count: rows.start.count - 1)
        return shortest(from: concept, to: targets, over: rows, within: all) != nil
    }

    /// The shortest path to any target inside a set, then the first by ids.
    private static func shortest(
        from source: Int32, to targets: [Int32], over rows: DependentRows, within isIn: [Bool]
    ) -> [Int32]? {
        guard isIn[Int(source)] else { return nil }
        let needs = rows.reversed()
        var distance = [Int32](repeating: -1, count: isIn.count)
        var queue = targets.filter { isIn[Int($0)] }
        for target in queue { distance[Int(target)] = 0 }
        var next = 0
        while next < queue.count {
            let node = queue[next]
            next += 1
            for before in needs.row(of: node)
            where isIn[Int(before)] && distance[Int(before)] < 0 {
                distance[Int(before)] = distance[Int(node)] + 1
                queue.append(before)
            }
        }
        guard distance[Int(source)] >= 0 else { return nil }
        var path = [source]
        var node = source
        while distance[Int(node)] > 0 {
            // Rows ascend, so the first neighbour on a shortest way is the smallest.
            let step = rows.row(of: node).first {
                isIn[Int($0)] && distance[Int($0)] == distance[Int(node)] - 1
            }
            guard let step else { return nil }
            path.append(step)
            node = step
        }
        return path
    }

    /// The strongest hard edge between two concepts; through a requirement node, the edge to it.
    private func edge(of owner: Int32, needs: Int32, _ question: PlanQuery) -> Requirement {
        var best: Int?
        var isDirect = false
        for row in edges.rows(of: owner) where edges.strength[row] >= question.query.theta {
            let atom = edges.needs[row]
            let direct = atom == needs
            guard direct || isBehind(needs, atom, question.hard) else { continue }
            if let found = best,
                isDirect && !direct
                    || (isDirect == direct
                        && edges.strength[found] >= edges.strength[row])
            {
                continue
            }
            best = row
            isDirect = direct
        }
        guard let row = best else { return Requirement(of: id(owner), needs: id(needs)) }
        return Requirement(
            of: id(owner), needs: id(needs), strength: edges.strength[row],
            group: edges.groupName(row), isCorequisite: edges.isCorequisite[row],
            reason: edges.reason[row])
    }

    /// Whether a concept is an option of a requirement node, or of one behind it.
    private func isBehind(_ concept: Int32, _ node: Int32, _ hard: HardRequirements) -> Bool {
        var seen: Set<Int32> = []
        var stack = [node]
        while let atom = stack.popLast() {
            guard Int(atom) < ids.count, isHidden[Int(atom)], seen.insert(atom).inserted else {
                continue
            }
            for group in hard.groups(of: atom) {
                for position in hard.options(of: group) {
                    if hard.option[position] == concept { return true }
                    stack.append(hard.option[position])
                }
            }
        }
        return false
    }

    /// The nearest group, from the concept towards the goals, that the plan meets otherwise.
    private func absence(
        of concept: Int32, _ isIn: [Bool], _ question: PlanQuery
    ) -> LearningExplanation {
        let hard = question.hard
        var isSeen = [Bool](repeating: false, count: ids.count)
        isSeen[Int(concept)] = true
        var queue = [concept]
        var next = 0
        while next < queue.count {
            let node = queue[next]
            next += 1
            let groups = hard.uses(of: node).map { Int(hard.usedGroup[$0]) }
            for group in groups where isIn[Int(hard.groupOwner[group])] {
                let owner = hard.groupOwner[group]
                if isHidden[Int(owner)] { continue }
                let met = hard.options(of: group).map { hard.option[$0] }.filter {
                    question.state.known[Int($0)] || (Int($0) < ids.count && isIn[Int($0)])
                }
                let name = hard.groupName[group]
                return .absent(
                    .replaced(
                        of: id(owner), group: name < 0 ? nil : edges.groupNames[Int(name)],
                        option: isHidden[Int(node)] ? id(concept) : id(node),
                        metBy: visibleIDs(met)))
            }
            for owner in groups.map({ hard.groupOwner[$0] }) where !isSeen[Int(owner)] {
                isSeen[Int(owner)] = true
                queue.append(owner)
            }
        }
        return .absent(.notNeeded)
    }
}
