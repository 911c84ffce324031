import PropertyGraph

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
        var arcs: [(needs: Int32, of: Int32)] = []
        for concept in members {
            for owner in rows.row(of: concept) where local[Int(owner)] >= 0 && owner != concept {
                arcs.append((needs: local[Int(concept)], of: local[Int(owner)]))
            }
        }
        let merged = Self.withoutCycles(try Self.communities(members.count, arcs), arcs)
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

    /// The community of each concept, numbered by smallest member.
    private static func communities(
        _ count: Int, _ arcs: [(needs: Int32, of: Int32)]
    ) throws(LearningPathError) -> [Int] {
        do {
            let graph = try CSRGraphBuilder(isDirected: false, isSimple: true).build(
                nodeCount: count, sources: arcs.map { UInt32($0.needs) },
                targets: arcs.map { UInt32($0.of) })
            // Seed 0 visits nodes in their own order: the same modules on every run.
            var labels = try Leiden().run(on: graph, options: RunOptions(threads: 1)).communities
            _ = Partition.makeDense(&labels)
            return labels.map { Int($0) }
        } catch {
            throw LearningPathError(.overflow, "Cannot part the plan into modules: \(error)")
        }
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
