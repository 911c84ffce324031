extension PrerequisiteGraph {
    /// Returns a plan's concepts as modules, like the chapters of a book: concepts that lean on each
    /// other stand together, and no module needs a later one and an earlier one in a circle.
    ///
    /// Modules are communities of the plan's hard edges, taken as undirected; those in a common
    /// cycle are one. They are listed by where their first concept stands in the plan, and so are
    /// the concepts of each.
    ///
    /// - Parameters:
    ///   - plan: A plan of this graph, made by the same query.
    ///   - query: `theta` applies.
    /// - Throws: `.unknownConcept` for a plan of another graph; `.invalidArgument`; `.overflow`.
    /// - Complexity: O(concepts + edges) a round of the community search; few rounds in practice.
    public func modules(
        _ plan: LearningPlan, query: LearningPathQuery = LearningPathQuery()
    ) throws(LearningPathError) -> [LearningModule] {
        let hard = try requirements(theta: query.theta)
        var members: [Int32] = []
        for name in plan.concepts { members.append(try requireConcept(name)) }
        members.sort()
        var local = [Int32](repeating: -1, count: ids.count)
        for (place, concept) in members.enumerated() { local[Int(concept)] = Int32(place) }
        let rows = DependentRows(self, hard)
        var edges: [(Int32, Int32)] = []
        var isSeen: Set<[Int32]> = []
        var arcs: [(needs: Int32, of: Int32)] = []
        for concept in members {
            for owner in rows.row(of: concept) where local[Int(owner)] >= 0 && owner != concept {
                let (a, b) = (local[Int(concept)], local[Int(owner)])
                arcs.append((a, b))
                if isSeen.insert([min(a, b), max(a, b)]).inserted { edges.append((a, b)) }
            }
        }
        let community = ModulePartition.communities(nodeCount: members.count, edges: edges)
        let merged = Self.withoutCycles(community, arcs)
        var place = [Int](repeating: -1, count: merged.max().map { $0 + 1 } ?? 0)
        var modules: [[Int32]] = []
        for name in plan.order.joined() {
            let concept = try requireConcept(name)
            let own = merged[Int(local[Int(concept)])]
            if place[own] < 0 {
                place[own] = modules.count
                modules.append([])
            }
            modules[place[own]].append(concept)
        }
        let cost = try LearnerState(query, graph: self, hard: hard).cost
        var result: [LearningModule] = []
        for module in modules {
            result.append(
                LearningModule(
                    concepts: module.map { id($0) }, minutes: try LearnerState.sum(module, cost)))
        }
        return result
    }

    /// Communities with those in a common cycle joined.
    private static func withoutCycles(
        _ community: [Int], _ arcs: [(needs: Int32, of: Int32)]
    ) -> [Int] {
        let count = community.max().map { $0 + 1 } ?? 0
        var targets = [Set<Int32>](repeating: [], count: count)
        for arc in arcs {
            let (a, b) = (community[Int(arc.needs)], community[Int(arc.of)])
            if a != b { targets[a].insert(Int32(b)) }
        }
        var start: [Int32] = [0]
        var target: [Int32] = []
        for row in targets {
            target += row.sorted()
            start.append(Int32(target.count))
        }
        let joined = RequirementComponents(start: start, target: target).component
        return community.map { Int(joined[$0]) }
    }
}
