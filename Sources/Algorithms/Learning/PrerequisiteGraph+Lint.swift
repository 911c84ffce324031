extension PrerequisiteGraph {
    /// Returns what is unsound in the graph.
    ///
    /// - Parameter theta: Edges at least this strong are hard, 0...1.
    /// - Throws: `.invalidArgument`.
    /// - Complexity: O(concepts × edges) at worst, for implied edges and for the shortest cycle of
    ///   each component; near-linear on graphs without long cycles.
    public func lint(
        theta: Double = PrerequisiteGraph.defaultTheta
    ) throws(LearningPathError) -> LearningLint {
        let hard = try requirements(theta: theta)
        let nothing = [Bool](repeating: false, count: hard.atomCount)
        var possible = ForwardChaining(hard, known: nothing, isBlocked: nothing)
        possible.run()
        let finder = CycleFinder(self, theta: theta)
        let all = Array(0..<Int32(ids.count))
        let cycles = finder.components(among: all, withLoops: false).map { nodes in
            LearningLint.Cycle(
                members: visibleIDs(nodes),
                witness: visibleCycle(finder.witness(of: nodes, withLoops: false)))
        }
        let loops = all.filter { concept in
            edges.rows(of: concept).contains { edges.needs[$0] == concept }
        }
        return LearningLint(
            cycles: cycles,
            missing: ends { Int(edges.needs[$0]) >= ids.count },
            selfLoops: loops.map { id($0) },
            duplicates: duplicates(),
            unreachable: visibleIDs(all.filter { !possible.have[Int($0)] }),
            implied: ImpliedEdges(self, hard, theta: theta).find(),
            harder: harder(theta: theta))
    }

    /// Returns for each cycle in turn its weakest edge (then smallest `of`, then `needs`); without
    /// these edges the graph has no cycle but those of corequisites alone. Nothing is changed.
    ///
    /// - Throws: `.invalidArgument`.
    /// - Complexity: O(cycles × concepts × edges) of each component at worst.
    public func weakestEdges(
        theta: Double = PrerequisiteGraph.defaultTheta
    ) throws(LearningPathError) -> [Requirement] {
        _ = try requirements(theta: theta)
        var finder = CycleFinder(self, theta: theta)
        let owners = owners()
        return finder.weakest().map { row in
            Requirement(
                of: id(owners[row]), needs: id(edges.needs[row]), strength: edges.strength[row],
                group: edges.groupName(row), isCorequisite: edges.isCorequisite[row],
                reason: edges.reason[row])
        }
    }

    /// The concept of each row.
    private func owners() -> [Int32] {
        var owners: [Int32] = []
        owners.reserveCapacity(edges.count)
        for concept in 0..<Int32(ids.count) {
            for _ in edges.rows(of: concept) { owners.append(concept) }
        }
        return owners
    }

    /// The ends of the rows that pass, ascending, each pair once.
    private func ends(_ isIncluded: (Int) -> Bool) -> [LearningLint.Ends] {
        var result: [LearningLint.Ends] = []
        for concept in 0..<Int32(ids.count) {
            let targets = Set(edges.rows(of: concept).filter(isIncluded).map { edges.needs[$0] })
            for target in targets.sorted() {
                result.append(LearningLint.Ends(of: id(concept), needs: id(target)))
            }
        }
        return result
    }

    private func duplicates() -> [LearningLint.Duplicate] {
        let owners = owners()
        let sorted = edges.duplicates.sorted {
            (owners[Int($0.row)], edges.needs[Int($0.row)], $0.row)
                < (owners[Int($1.row)], edges.needs[Int($1.row)], $1.row)
        }
        return sorted.map { row, copies in
            LearningLint.Duplicate(
                edge: .init(of: id(owners[Int(row)]), needs: id(edges.needs[Int(row)])),
                copies: copies)
        }
    }

    private func harder(theta: Double) -> [LearningLint.Harder] {
        // Whole millionths: 0.8 − 0.6 is above 0.2 in doubles.
        let levels = difficulty.map { Int64(($0 * 1_000_000).rounded()) }
        var result: [LearningLint.Harder] = []
        for concept in 0..<Int32(ids.count) where !isHidden[Int(concept)] {
            let rows = edges.rows(of: concept).filter { edges.strength[$0] >= theta }
            for needs in Set(rows.map { edges.needs[$0] }).sorted()
            where Int(needs) < ids.count && !isHidden[Int(needs)] {
                let excess = levels[Int(needs)] - levels[Int(concept)]
                guard excess > 200_000 else { continue }
                result.append(
                    LearningLint.Harder(
                        edge: .init(of: id(concept), needs: id(needs)), byMillionths: excess))
            }
        }
        return result
    }
}

/// Finds plain edges whose target lies behind another need of the same concept anyway.
private struct ImpliedEdges {
    private let graph: PrerequisiteGraph
    private let theta: Double
    /// What each concept needs in any case: groups of one option that is no corequisite.
    private var start: [Int32] = [0]
    private var target: [Int32] = []
    private let component: [Int32]

    init(_ graph: PrerequisiteGraph, _ hard: HardRequirements, theta: Double) {
        self.graph = graph
        self.theta = theta
        for concept in 0..<Int32(hard.conceptCount) {
            var needs: Set<Int32> = []
            for group in hard.groups(of: concept) {
                let options = hard.options(of: group)
                let first = options.lowerBound
                guard options.count == 1, !hard.isCorequisite[first],
                    Int(hard.option[first]) < hard.conceptCount, hard.option[first] != concept
                else { continue }
                needs.insert(hard.option[first])
            }
            target.append(contentsOf: needs.sorted())
            start.append(Int32(target.count))
        }
        component = RequirementComponents(start: start, target: target).component
    }

    func find() -> [LearningLint.Implied] {
        var result: [LearningLint.Implied] = []
        // Through which direct need a concept was reached, and in whose turn.
        var through = [Int32](repeating: -1, count: graph.ids.count)
        var turn = through
        for concept in 0..<Int32(graph.ids.count) {
            let row = target[Int(start[Int(concept)])..<Int(start[Int(concept) + 1])]
            guard row.count > 1 else { continue }
            // What a concept needs has a lower component, so higher ones may lead to lower ones.
            let needs = row.sorted {
                (-component[Int($0)], $0) < (-component[Int($1)], $1)
            }
            let floor = needs.last.map { component[Int($0)] } ?? 0
            let plain = plainTargets(of: concept)
            turn[Int(concept)] = concept
            var implied: [LearningLint.Implied] = []
            for need in needs {
                guard turn[Int(need)] != concept else {
                    if component[Int(need)] != component[Int(concept)], plain.contains(need) {
                        implied.append(
                            LearningLint.Implied(
                                edge: .init(of: graph.id(concept), needs: graph.id(need)),
                                through: graph.id(through[Int(need)])))
                    }
                    continue
                }
                mark(need, concept, floor, &turn, &through)
            }
            result.append(
                contentsOf: implied.sorted {
                    $0.edge.needs.utf8.lexicographicallyPrecedes($1.edge.needs.utf8)
                })
        }
        return result
    }

    private func mark(
        _ need: Int32, _ concept: Int32, _ floor: Int32, _ turn: inout [Int32],
        _ through: inout [Int32]
    ) {
        var stack = [need]
        turn[Int(need)] = concept
        while let node = stack.popLast() {
            through[Int(node)] = need
            for position in Int(start[Int(node)])..<Int(start[Int(node) + 1]) {
                let next = target[position]
                guard turn[Int(next)] != concept, component[Int(next)] >= floor else { continue }
                turn[Int(next)] = concept
                stack.append(next)
            }
        }
    }

    /// Targets of hard edges without a group, corequisites left out.
    private func plainTargets(of concept: Int32) -> Set<Int32> {
        let edges = graph.edges
        return Set(
            edges.rows(of: concept).filter {
                edges.strength[$0] >= theta && edges.group[$0] < 0 && !edges.isCorequisite[$0]
            }.map { edges.needs[$0] })
    }
}
