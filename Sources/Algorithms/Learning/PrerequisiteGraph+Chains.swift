extension PrerequisiteGraph {
    /// Returns the cheapest simple ways from a prerequisite to a goal over hard edges, best first:
    /// by the minutes of all but the first concept, then number of concepts, then ids.
    ///
    /// - Parameters:
    ///   - source: The prerequisite.
    ///   - target: The goal; the same concept gives the one way of no steps.
    ///   - count: How many at most, 1 or more.
    ///   - query: `theta` and `exclude` apply; what is known does not matter.
    /// - Throws: `.unknownConcept`; `.invalidArgument`; `.overflow`.
    /// - Complexity: O(count × length × edges × log concepts), over the concepts between both ends.
    public func chains(
        from source: String, to target: String, count: Int = 1,
        query: LearningPathQuery = LearningPathQuery()
    ) throws(LearningPathError) -> [LearningChain] {
        guard count >= 1 else {
            throw LearningPathError(
                .invalidArgument, "Cannot list \(count) chains; ask for 1 or more.")
        }
        let first = try requireConcept(source)
        let last = try requireConcept(target)
        let hard = try requirements(theta: query.theta)
        _ = try LearnerState.sum(Array(0..<Int32(ids.count)), minutes)
        var isExcluded = [Bool](repeating: false, count: ids.count)
        for name in query.exclude {
            if let concept = concept(name) { isExcluded[Int(concept)] = true }
        }
        var search = ChainSearch(
            DependentRows(self, hard), cost: minutes, from: first, to: last, isExcluded: isExcluded)
        return search.paths(from: first, count: count).map { path in
            LearningChain(
                ids: visibleIDs(path),
                minutes: path.dropFirst().reduce(0) { $0 &+ minutes[Int($1)] })
        }
    }
}
