/// Finds blocks: sets of at least two concepts, none ready alone, that meet each other's open
/// groups by corequisite edges, with no smaller such set inside.
struct BlockFinder {
    private let hard: HardRequirements

    /// How many partial sets may be tried before the search for blocks gives up.
    private static let limit = 20_000

    init(_ hard: HardRequirements) { self.hard = hard }

    /// The greatest subset of the candidates that supports itself.
    ///
    /// - Parameter support: For each group how many of its options are had.
    /// - Complexity: O(concepts + options of the candidates × the largest group).
    func supporting(among candidates: [Int32], support: [Int32]) -> [Int32] {
        guard candidates.count >= 2 else { return [] }
        var isIn = [Bool](repeating: false, count: hard.conceptCount)
        for concept in candidates { isIn[Int(concept)] = true }
        var dropped: [Int32] = []
        for concept in candidates {
            for group in hard.groups(of: concept)
            where support[group] == 0 && !isMet(group, within: isIn) {
                isIn[Int(concept)] = false
                dropped.append(concept)
                break
            }
        }
        while let concept = dropped.popLast() {
            for use in hard.uses(of: concept) {
                let group = Int(hard.usedGroup[use])
                let owner = hard.groupOwner[group]
                guard isIn[Int(owner)], support[group] == 0, !isMet(group, within: isIn) else {
                    continue
                }
                isIn[Int(owner)] = false
                dropped.append(owner)
            }
        }
        return candidates.filter { isIn[Int($0)] }
    }

    /// All blocks within a set that supports itself, each ascending.
    ///
    /// - Throws: `.tooManyBlocks` when alternatives allow too many to list.
    /// - Complexity: linear where no open group has two options within the set; else exponential
    ///   in the number of such groups at worst.
    func blocks(within members: [Int32], support: [Int32]) throws(LearningPathError) -> [[Int32]] {
        guard members.count >= 2 else { return [] }
        var isIn = [Bool](repeating: false, count: hard.conceptCount)
        for concept in members { isIn[Int(concept)] = true }
        if let simple = sinks(of: members, isIn: isIn, support: support) { return simple }
        var search = Search(isIn: isIn, support: support)
        for seed in members {
            try expand([seed], &search)
        }
        let singles = search.singles
        for (index, first) in singles.enumerated() {
            for second in singles[(index + 1)...] { search.found.insert([first, second]) }
        }
        return minimal(search.found)
    }

    /// The block within a set that supports itself which is smallest, then cheapest, then first by
    /// its ids; nil when there is none. Requirement nodes have no size.
    ///
    /// Few blocks are listed and compared; among many the best is searched for, and where even that
    /// takes too long the best found is a block too.
    func smallest(
        within members: [Int32], support: [Int32], cost: [Int64], isHidden: [Bool]
    ) -> [Int32]? {
        let listed: [[Int32]]
        do {
            listed = try blocks(within: members, support: support)
        } catch {
            return searched(within: members, support: support, cost: cost, isHidden: isHidden)
        }
        var best: (size: Int, cost: Int64, block: [Int32])?
        for block in listed {
            // A block lies inside a plan, whose whole cost was summed without overflow.
            let price = block.reduce(0) { $0 &+ cost[Int($1)] }
            let size = block.lazy.filter { !isHidden[Int($0)] }.count
            if let found = best {
                if (size, price) > (found.size, found.cost) { continue }
                if (size, price) == (found.size, found.cost),
                    !block.lexicographicallyPrecedes(found.block)
                {
                    continue
                }
            }
            best = (size, price, block)
        }
        return best?.block
    }

    /// How many steps the search for the smallest block may take.
    private static let stepLimit = 20_000

    /// The smallest closed set that holds any of the members.
    private func searched(
        within members: [Int32], support: [Int32], cost: [Int64], isHidden: [Bool]
    ) -> [Int32]? {
        var node: [Int32: Int32] = [:]
        for (place, concept) in members.enumerated() { node[concept] = Int32(place + 1) }
        var groups = GroupList()
        groups.add(0, 1...Int32(members.count))
        for (place, concept) in members.enumerated() {
            for group in hard.groups(of: concept) where support[group] == 0 {
                let options = hard.options(of: group).filter {
                    hard.isCorequisite[$0] && hard.option[$0] != concept
                }
                groups.add(Int32(place + 1), options.compactMap { node[hard.option[$0]] })
            }
        }
        let total = members.reduce(PlanWeight(1)) { $0 + PlanWeight(cost[Int($1)]) }
        let weight = members.map { isHidden[Int($0)] ? 0 : total + PlanWeight(cost[Int($0)]) }
        // Requirement nodes bear names here too: all members of the block are wanted.
        let problem = ClosureProblem(
            weight: [0] + weight, names: [[]] + members.map { [$0] }, groups: groups)
        var search = ClosureSearch(SearchMeter(.steps(Self.stepLimit)))
        return search.solve(problem, limit: weight.reduce(0, +)).best?.names
    }

    private func isMet(_ group: Int, within isIn: [Bool]) -> Bool {
        for position in hard.options(of: group) where hard.isCorequisite[position] {
            let atom = Int(hard.option[position])
            if atom < hard.conceptCount, isIn[atom] { return true }
        }
        return false
    }

    private func choices(_ group: Int, _ isIn: [Bool]) -> [Int32] {
        var choices: [Int32] = []
        for position in hard.options(of: group) where hard.isCorequisite[position] {
            let atom = hard.option[position]
            if Int(atom) < hard.conceptCount, isIn[Int(atom)] { choices.append(atom) }
        }
        return choices
    }

    /// The blocks where every open group has one option: components that need nothing outside.
    /// Nil where a choice is left, or where a concept supports itself alone.
    private func sinks(of members: [Int32], isIn: [Bool], support: [Int32]) -> [[Int32]]? {
        var local = [Int32](repeating: -1, count: hard.conceptCount)
        for (index, concept) in members.enumerated() { local[Int(concept)] = Int32(index) }
        var start: [Int32] = [0]
        var target: [Int32] = []
        for concept in members {
            for group in hard.groups(of: concept) where support[group] == 0 {
                let options = choices(group, isIn)
                guard options.count == 1 else { return nil }
                target.append(local[Int(options[0])])
            }
            start.append(Int32(target.count))
        }
        let components = RequirementComponents(start: start, target: target)
        var isSink = [Bool](repeating: true, count: Int(components.count))
        var blocks = [[Int32]](repeating: [], count: Int(components.count))
        for (index, concept) in members.enumerated() {
            let own = Int(components.component[index])
            blocks[own].append(concept)
            for position in Int(start[index])..<Int(start[index + 1])
            where components.component[Int(target[position])] != Int32(own) {
                isSink[own] = false
            }
        }
        let result = blocks.indices.filter { isSink[$0] }.map { blocks[$0] }
        return result.allSatisfy { $0.count >= 2 } ? result : nil
    }

    private struct Search {
        let isIn: [Bool]
        let support: [Int32]
        var found: Set<[Int32]> = []
        /// Concepts that meet all their open groups themselves.
        var singles: [Int32] = []
        var tried = 0
    }

    /// Completes a set by meeting its first open group in every way.
    private func expand(_ seed: [Int32], _ search: inout Search) throws(LearningPathError) {
        search.tried += 1
        guard search.tried <= Self.limit else {
            throw LearningPathError(
                .tooManyBlocks,
                "The corequisites allow too many blocks to list (over \(Self.limit) were tried). "
                    + "Use fewer alternatives among corequisite edges, or ask for a plan.")
        }
        var set = seed
        var index = 0
        while index < set.count {
            for group in hard.groups(of: set[index]) where search.support[group] == 0 {
                let options = choices(group, search.isIn)
                if options.contains(where: { set.contains($0) }) { continue }
                if options.count == 1 {
                    set.append(options[0])
                    continue
                }
                for option in options { try expand(set + [option], &search) }
                return
            }
            index += 1
        }
        if set.count == 1 {
            if !search.singles.contains(set[0]) { search.singles.append(set[0]) }
        } else {
            let block = set.sorted()
            search.found.insert(block)
        }
    }

    /// Those without another inside, by size and members.
    private func minimal(_ blocks: Set<[Int32]>) -> [[Int32]] {
        var kept: [Set<Int32>] = []
        var result: [[Int32]] = []
        let sorted = blocks.sorted {
            $0.count != $1.count ? $0.count < $1.count : $0.lexicographicallyPrecedes($1)
        }
        for block in sorted {
            let set = Set(block)
            if kept.contains(where: { $0.isSubset(of: set) }) { continue }
            kept.append(set)
            result.append(block)
        }
        return result
    }
}
