/// Finds what can no longer be learned when one concept never is.
///
/// What loses its last earlier support is taken away first, and what can still be reached another
/// way is put back (delete and re-derive), so the work is that of the concepts touched.
struct LossFinder {
    private let hard: HardRequirements
    private let isBlocked: [Bool]
    private let stage: [Int32]
    private let wasLearned: [Bool]
    private var have: [Bool]
    private var support: [Int32]

    /// Starts from all that can be learned.
    init(_ possible: ForwardChaining) {
        hard = possible.hard
        isBlocked = possible.isBlocked
        stage = possible.stage
        have = possible.have
        support = possible.support
        var wasLearned = [Bool](repeating: false, count: possible.hard.atomCount)
        for concept in possible.learned { wasLearned[Int(concept)] = true }
        self.wasLearned = wasLearned
    }

    /// The concepts lost with a learnable one, itself not among them.
    ///
    /// - Complexity: O(edges of the concepts touched); where blocks are put back O(edges).
    mutating func lost(with concept: Int32) -> [Int32] {
        let removed = remove(concept)
        var isGone: Set<Int32> = Set(removed)
        if hard.hasAlternatives || hard.hasCorequisites {
            restore(&isGone, without: concept)
        }
        for atom in removed where !have[Int(atom)] { put(atom) }
        isGone.remove(concept)
        return isGone.sorted()
    }

    private mutating func remove(_ concept: Int32) -> [Int32] {
        var removed = [concept]
        take(concept)
        var next = 0
        while next < removed.count {
            let gone = removed[next]
            next += 1
            for use in hard.uses(of: gone) {
                let group = Int(hard.usedGroup[use])
                let owner = hard.groupOwner[group]
                guard have[Int(owner)], wasLearned[Int(owner)], !isSupported(group, owner) else {
                    continue
                }
                take(owner)
                removed.append(owner)
            }
        }
        return removed
    }

    /// Whether a group still has an option learned before its owner, or in one block with it.
    private func isSupported(_ group: Int, _ owner: Int32) -> Bool {
        hard.options(of: group).contains { position in
            let atom = Int(hard.option[position])
            guard have[atom] else { return false }
            return stage[atom] < stage[Int(owner)]
                || (stage[atom] == stage[Int(owner)] && hard.isCorequisite[position])
        }
    }

    private mutating func restore(_ isGone: inout Set<Int32>, without concept: Int32) {
        while true {
            var ready = isGone.filter { $0 != concept && isReady($0) }.sorted()
            while let atom = ready.popLast() {
                guard isGone.contains(atom) else { continue }
                put(atom)
                isGone.remove(atom)
                for use in hard.uses(of: atom) {
                    let owner = hard.groupOwner[Int(hard.usedGroup[use])]
                    if owner != concept, isGone.contains(owner), isReady(owner) {
                        ready.append(owner)
                    }
                }
            }
            guard hard.hasCorequisites else { return }
            let candidates = isGone.filter { $0 != concept }.sorted()
            let block = BlockFinder(hard).supporting(among: candidates, support: support)
            guard block.count >= 2 else { return }
            for atom in block {
                put(atom)
                isGone.remove(atom)
            }
        }
    }

    private func isReady(_ concept: Int32) -> Bool {
        hard.groups(of: concept).allSatisfy { support[$0] > 0 }
    }

    private mutating func take(_ atom: Int32) {
        have[Int(atom)] = false
        for use in hard.uses(of: atom) { support[Int(hard.usedGroup[use])] -= 1 }
    }

    private mutating func put(_ atom: Int32) {
        have[Int(atom)] = true
        for use in hard.uses(of: atom) { support[Int(hard.usedGroup[use])] += 1 }
    }
}
