/// What can be learned from a state of knowledge: each concept once all its groups are met, and
/// blocks of corequisites where nothing is ready alone (Dowling and Gallier 1984; the blocks are
/// the greatest set that supports itself).
struct ForwardChaining {
    let hard: HardRequirements
    /// Whether an atom is known or learned.
    private(set) var have: [Bool]
    /// Atoms that are never learned.
    private(set) var isBlocked: [Bool]
    /// How many options of each group are had.
    private(set) var support: [Int32]
    /// How many groups of each concept are not met.
    private(set) var unmet: [Int32]
    /// What was learned, in an order in which it can be; a block's members ascend.
    private(set) var learned: [Int32] = []
    /// When each atom was learned: −1 for known ones, the same for all members of a block.
    private(set) var stage: [Int32]
    private var ready: [Int32] = []
    private var clock: Int32 = 0

    /// Starts from what is known; `isBlocked` does not undo knowledge.
    ///
    /// - Complexity: O(concepts + uses of the known).
    init(_ hard: HardRequirements, known: [Bool], isBlocked: [Bool]) {
        self.hard = hard
        self.isBlocked = isBlocked
        have = [Bool](repeating: false, count: hard.atomCount)
        support = [Int32](repeating: 0, count: hard.groupOwner.count)
        unmet = [Int32](repeating: 0, count: hard.conceptCount)
        stage = [Int32](repeating: -1, count: hard.atomCount)
        for concept in 0..<hard.conceptCount {
            unmet[concept] = hard.groupStart[concept + 1] - hard.groupStart[concept]
        }
        for atom in 0..<Int32(hard.atomCount) where known[Int(atom)] { take(atom) }
        ready.removeAll()
        for concept in 0..<Int32(hard.conceptCount) where isReady(concept) { ready.append(concept) }
    }

    /// Whether a concept can be learned next, alone.
    func isReady(_ concept: Int32) -> Bool {
        unmet[Int(concept)] == 0 && !have[Int(concept)] && !isBlocked[Int(concept)]
    }

    /// Learns all that can be.
    ///
    /// - Complexity: O(concepts + options), times the number of rounds of blocks.
    mutating func run() {
        while true {
            while let concept = ready.popLast() {
                guard isReady(concept) else { continue }
                learn(concept)
                clock += 1
            }
            guard hard.hasCorequisites else { return }
            let block = BlockFinder(hard).supporting(
                among: hard.corequisiteConcepts.filter { canJoinBlock($0) }, support: support)
            guard block.count >= 2 else { return }
            for concept in block { learn(concept) }
            clock += 1
        }
    }

    /// Meets the requirement nodes that are met already, and nothing else.
    mutating func deriveHidden(_ isHidden: [Bool]) {
        var later: [Int32] = []
        while let concept = ready.popLast() {
            guard isReady(concept) else { continue }
            if isHidden[Int(concept)] { learn(concept) } else { later.append(concept) }
        }
        ready = later
    }

    /// Adds an atom to what is had.
    mutating func take(_ atom: Int32) {
        guard !have[Int(atom)] else { return }
        have[Int(atom)] = true
        for use in hard.uses(of: atom) {
            let group = Int(hard.usedGroup[use])
            support[group] += 1
            guard support[group] == 1 else { continue }
            let owner = hard.groupOwner[group]
            unmet[Int(owner)] -= 1
            if isReady(owner) { ready.append(owner) }
        }
    }

    /// Adds an atom that is not had, for a look at what follows: lists the owner of each group that
    /// it is the first to meet. What there is to learn next is not kept up.
    mutating func take(_ atom: Int32, meeting owners: inout [Int32]) {
        have[Int(atom)] = true
        for use in hard.uses(of: atom) {
            let group = Int(hard.usedGroup[use])
            support[group] += 1
            guard support[group] == 1 else { continue }
            let owner = hard.groupOwner[group]
            unmet[Int(owner)] -= 1
            owners.append(owner)
        }
    }

    /// Undoes the last `take(_:meeting:)` that was not undone.
    mutating func giveBack(_ atom: Int32) {
        have[Int(atom)] = false
        for use in hard.uses(of: atom) {
            let group = Int(hard.usedGroup[use])
            support[group] -= 1
            if support[group] == 0 { unmet[Int(hard.groupOwner[group])] += 1 }
        }
    }

    /// Whether a concept may be a member of a ready block: not had, not blocked, not ready alone.
    func canJoinBlock(_ concept: Int32) -> Bool {
        !have[Int(concept)] && !isBlocked[Int(concept)] && unmet[Int(concept)] > 0
    }

    private mutating func learn(_ concept: Int32) {
        stage[Int(concept)] = clock
        learned.append(concept)
        take(concept)
    }
}
