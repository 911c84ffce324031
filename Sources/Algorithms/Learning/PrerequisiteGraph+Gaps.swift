extension PrerequisiteGraph {
    /// Returns what a claim of knowledge leaves open: unmet groups of what is claimed, and which
    /// claimed concepts nothing else of the claim leans on alone.
    ///
    /// - Parameter query: `known` and `mastery` are the claim.
    /// - Complexity: O(concepts + edges); with requirement nodes that for each claimed concept.
    public func gaps(query: LearningPathQuery) throws(LearningPathError) -> LearningGaps {
        let hard = try requirements(theta: query.theta)
        let learner = try LearnerState(query, graph: self, hard: hard)
        var state = ForwardChaining(hard, known: learner.known, isBlocked: learner.excluded)
        if hasHidden { state.deriveHidden(isHidden) }
        let claimed = (0..<Int32(hard.conceptCount)).filter {
            learner.known[Int($0)] && !isHidden[Int($0)]
        }
        var gaps: [LearningGaps.Gap] = []
        for concept in claimed where state.unmet[Int(concept)] > 0 {
            let open = hard.groups(of: concept).filter { state.support[$0] == 0 }
            gaps.append(
                LearningGaps.Gap(
                    concept: id(concept),
                    groups: open.map { group in
                        visibleIDs(leaves(hard.options(of: group).map { hard.option[$0] }, hard))
                    }))
        }
        let inner = claimed.filter { !isLeanedOn($0, learner, state, hard) }
        return LearningGaps(gaps: gaps, inner: visibleIDs(inner))
    }

    /// Whether another claimed concept has a group that only this one meets.
    private func isLeanedOn(
        _ concept: Int32, _ learner: LearnerState, _ state: ForwardChaining,
        _ hard: HardRequirements
    ) -> Bool {
        guard hasHidden else {
            return hard.uses(of: concept).contains { use in
                let group = Int(hard.usedGroup[use])
                let owner = hard.groupOwner[group]
                return owner != concept && learner.known[Int(owner)] && state.support[group] == 1
            }
        }
        var known = learner.known
        known[Int(concept)] = false
        var blocked = learner.excluded
        blocked[Int(concept)] = true
        var without = ForwardChaining(hard, known: known, isBlocked: blocked)
        without.deriveHidden(isHidden)
        return hard.groupOwner.indices.contains { group in
            let owner = hard.groupOwner[group]
            return owner != concept && learner.known[Int(owner)] && state.support[group] > 0
                && without.support[group] == 0
        }
    }

    /// The options with requirement nodes replaced by what is behind them, ascending, each once.
    private func leaves(_ options: [Int32], _ hard: HardRequirements) -> [Int32] {
        guard hasHidden else { return options }
        var seen: Set<Int32> = []
        var stack = options
        while let atom = stack.popLast() {
            guard seen.insert(atom).inserted, Int(atom) < ids.count, isHidden[Int(atom)] else {
                continue
            }
            for group in hard.groups(of: atom) {
                stack.append(contentsOf: hard.options(of: group).map { hard.option[$0] })
            }
        }
        return seen.sorted()
    }
}
