internal import GraphStore
internal import PropertyGraph
internal import Synchronization

/// Relationships in compressed sparse rows, and properties as columns, that the queries of one
/// database share.
///
/// One is made when searches that went without it have cost about as much as making it will, so
/// that both together never cost much more than twice the better of them (Karlin, Manasse, Rudolph
/// and Sleator, *Competitive snoopy caching*, 1988). A commit makes what is held useless until that
/// much was spent again; the next is then made from it and the change log. A scan of all nodes costs
/// what a column costs, so it makes one at once.
///
/// They only save time: whatever keeps one from being made, the query goes without. One is made at
/// a time, and whoever needs another meanwhile goes without, so that the memory of making is needed
/// once.
final class DerivedGraphs: Sendable {
    /// What can be held.
    enum Part: Hashable, Sendable {
        /// All nodes, with the relationships of some types; nil means of all types.
        case relationships([EdgeType]?)
        /// One property of the nodes of a label; nil means of all nodes.
        case column(PropertyKey, Label?)
    }

    /// When something that is not held is made, and when its making is given up.
    struct Making: Sendable {
        enum Moment { case whenItPays, always, never }

        let moment: Moment
        /// Asked now and then: true gives up.
        var isStopped: @Sendable () -> Bool = { false }

        static let whenItPays = Making(moment: .whenItPays)
        static let always = Making(moment: .always)
        static let never = Making(moment: .never)
    }

    private struct Entry {
        var keeper: ProjectionKeeper
        /// What was spent without it since it was last made, and what making it costs; in units
        /// of about a tenth of a microsecond.
        var spent: UInt64 = 0
        var price: UInt64
        /// What the keeper holds.
        var bytes = 0
        var lastUse: UInt64
        /// Whether a file of an earlier run was looked for.
        var isFileSought = false
        /// The size that was expected when it was found too large. It is not made again before
        /// half of that is expected.
        var refusedBytes: Int?
    }

    /// A part that was asked for lately, and most often will be again: known without a look at the
    /// entries.
    private struct Recent {
        let part: Part
        let keeper: ProjectionKeeper
        /// What was spent since, which its entry does not know of.
        var spent: UInt64 = 0
        /// Below this much there is nothing to do where it is not held.
        var allowance: UInt64 = 0
        var lastUse: UInt64

        static let most = 12
    }

    private struct State {
        var entries: [Part: Entry] = [:]
        /// What all entries hold.
        var bytes = 0
        var clock: UInt64 = 0
        /// Whether some thread is making one.
        var isMaking = false
        var recents: [Recent] = []

        /// The place of a part among the recent.
        func recent(_ part: Part) -> Int? { recents.firstIndex { $0.part == part } }

        /// Tells the entries what became of recent parts, which are none from here on.
        mutating func settle(_ places: Range<Int>) {
            for recent in recents[places] {
                entries[recent.part]?.spent &+= recent.spent
                entries[recent.part]?.lastUse = recent.lastUse
            }
            recents.removeSubrange(places)
        }

        mutating func settle() { settle(recents.indices) }

        /// The entry of a part, which is recent from here on.
        mutating func use(_ part: Part) -> Entry? {
            if let place = recent(part) {
                settle(place..<place + 1)
            } else if recents.count == Recent.most {
                settle(0..<1)
            }
            clock &+= 1
            entries[part]?.lastUse = clock
            guard let entry = entries[part] else { return nil }
            recents.append(Recent(part: part, keeper: entry.keeper, lastUse: clock))
            return entry
        }

        mutating func remove(_ part: Part) {
            settle()
            if let old = entries.removeValue(forKey: part) { bytes -= old.bytes }
        }

        mutating func set(bytes new: Int, of part: Part) {
            guard let old = entries[part]?.bytes else { return }
            entries[part]?.bytes = new
            bytes += new - old
        }

        /// Lets go of what was used longest ago, until no more than so much is held beside a part.
        mutating func makeRoom(upTo most: Int, beside part: Part) {
            if bytes > most { settle() }
            while bytes > most {
                let others = entries.lazy.filter { $0.key != part && $0.value.bytes > 0 }
                guard let oldest = others.min(by: { $0.value.lastUse < $1.value.lastUse })
                else { return }
                remove(oldest.key)
            }
        }

        /// Empties an entry that is too large.
        ///
        /// - Parameter expected: The size that was expected, where it turned out larger.
        mutating func refuse(_ part: Part, _ expected: Int?) {
            guard let keeper = entries[part]?.keeper else { return }
            set(bytes: 0, of: part)
            settle()
            entries[part]?.keeper = ProjectionKeeper(keeper.projection)
            entries[part]?.refusedBytes = expected
        }
    }

    private let state = Mutex(State())
    private let scratch = Mutex<[SearchScratch]>([])

    /// How much memory all that is held may take.
    private let mostBytes: Int
    /// So many parts are remembered, made or not.
    private static let mostEntries = 1_024
    /// Below a millisecond nothing is worth the making.
    private static let leastPrice: UInt64 = 10_000
    /// What a search costs without rows, for its first node is far from what was read before.
    static let costOfSearch: UInt64 = 4
    /// What a search for the neighbours of one node costs without rows, and how many it may have.
    static let costOfNeighbors: UInt64 = 9
    static let fewNeighbors: UInt64 = 16
    /// What going over a relationship costs without rows.
    static let costOfStep: UInt64 = 2
    /// What reading a property of some node costs without a column.
    static let costOfRead: UInt64 = 5

    init(mostBytes: Int = 128 << 20) { self.mostBytes = mostBytes }

    /// The bytes that are held.
    var heldBytes: Int { state.withLock { $0.bytes } }

    // MARK: Asking

    /// What is known at once of a part that was asked for lately.
    enum Known {
        case held(CSRGraph)
        /// It is not held, and it is not yet time to make it.
        case absent
        case unknown
    }

    /// Looks at a part that was asked for lately.
    ///
    /// - Parameter spending: What going without costs, which is noted where it is absent.
    func known<T: GraphReading & ~Copyable>(
        _ part: Part, spending units: UInt64 = 0, _ txn: borrowing T
    ) throws -> Known {
        var isAbsent = false
        let keeper = state.withLock { state -> ProjectionKeeper? in
            guard let place = state.recent(part) else { return nil }
            state.clock &+= 1
            state.recents[place].lastUse = state.clock
            isAbsent = state.recents[place].spent < state.recents[place].allowance
            // Where it is held after all, nothing asks for what was spent.
            if isAbsent { state.recents[place].spent &+= units }
            return state.recents[place].keeper
        }
        guard let keeper else { return .unknown }
        if let graph = try keeper.held(seenBy: txn) { return .held(graph) }
        return isAbsent ? .absent : .unknown
    }

    /// What a transaction sees of a part, if it is held, or it is time to make it and it can be
    /// made.
    ///
    /// - Parameter isScan: Whether going without costs what making it does.
    func graph<T: GraphReading & ~Copyable>(
        _ part: Part, of database: GraphDatabase, _ making: Making, isScan: Bool = false,
        _ txn: borrowing T
    ) throws -> CSRGraph? {
        guard making.moment != .never else { return nil }
        let entry = try entry(part, txn)
        if let graph = try entry.keeper.held(seenBy: txn) { return graph }
        let isDue = making.moment == .always || isScan || entry.spent >= entry.price
        if !isDue {
            if entry.isFileSought {
                state.withLock { state in
                    guard let place = state.recent(part) else { return }
                    state.recents[place].allowance = entry.price - entry.spent
                }
                return nil
            }
            state.withLock { $0.entries[part]?.isFileSought = true }
            guard try entry.keeper.isOnFile(of: database, seenBy: txn) else { return nil }
        }
        // Of what is there now: it may have grown since the entry was made.
        let expected = try Self.estimate(part, txn).bytes
        guard let keeper = begin(part, expected) else { return nil }
        make(part, keeper, expected, database, making)
        // Nil where somebody has committed since the transaction began.
        return try keeper.held(seenBy: txn)
    }

    /// Tells what a search without the part has cost.
    func spend(_ units: UInt64, _ part: Part) {
        state.withLock { state in
            if let place = state.recent(part) {
                state.recents[place].spent &+= units
            } else {
                state.entries[part]?.spent &+= units
            }
        }
    }

    /// The entry of a part, a new one if it is asked for the first time.
    private func entry<T: GraphReading & ~Copyable>(
        _ part: Part, _ txn: borrowing T
    ) throws -> Entry {
        let known = state.withLock { $0.use(part) }
        if let known { return known }
        let (projection, _, price) = try Self.estimate(part, txn)
        return state.withLock { state in
            // Another thread may have been quicker.
            if let known = state.entries[part] { return known }
            if state.entries.count >= Self.mostEntries,
                let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse })
            {
                state.remove(oldest.key)
            }
            let new = Entry(
                keeper: ProjectionKeeper(projection), price: max(Self.leastPrice, price),
                lastUse: state.clock)
            state.entries[part] = new
            return new
        }
    }

    // MARK: Making

    /// The keeper that is to make a part, which `make` must follow; nil where it is too large, or
    /// something else is being made.
    private func begin(_ part: Part, _ expected: Int) -> ProjectionKeeper? {
        state.withLock { state in
            guard !state.isMaking, let entry = state.entries[part] else { return nil }
            if expected > mostBytes {
                state.refuse(part, nil)
                return nil
            }
            if let refused = entry.refusedBytes, expected > refused / 2 { return nil }
            state.makeRoom(upTo: mostBytes - max(0, expected - entry.bytes), beside: part)
            state.isMaking = true
            return entry.keeper
        }
    }

    /// Makes what a part is now, or leaves it, and counts what is held of it.
    private func make(
        _ part: Part, _ keeper: ProjectionKeeper, _ expected: Int, _ database: GraphDatabase,
        _ making: Making
    ) {
        let start = ContinuousClock.now
        var (isMade, isTooLarge) = (false, false)
        do {
            let bounds = ProjectionBounds(
                textBytes: mostBytes - expected, isStopped: making.isStopped)
            _ = try keeper.graph(of: database, within: bounds)
            isMade = true
        } catch {
            // No reader is free, or nobody waits any more: the next who asks tries again. The
            // query finds for itself whatever stands in its own way.
            isTooLarge = (error as? GraphStoreError)?.code == .limitExceeded
        }
        if keeper.heldBytes > mostBytes { keeper.dropSpare() }
        let bytes = keeper.heldBytes
        let parts = (ContinuousClock.now - start).components
        let units =
            UInt64(clamping: parts.seconds) &* 10_000_000
            &+ UInt64(clamping: parts.attoseconds / 100_000_000_000)
        state.withLock { state in
            state.isMaking = false
            state.settle()
            if isTooLarge || bytes > mostBytes { return state.refuse(part, expected) }
            state.set(bytes: bytes, of: part)
            state.makeRoom(upTo: mostBytes, beside: part)
            guard isMade else { return }
            state.entries[part]?.spent = 0
            state.entries[part]?.price = max(Self.leastPrice, units)
            state.entries[part]?.refusedBytes = nil
        }
    }

    private static func estimate<T: GraphReading & ~Copyable>(
        _ part: Part, _ txn: borrowing T
    ) throws -> (GraphStore.Projection, bytes: Int, price: UInt64) {
        switch part {
        case .relationships(let types):
            let nodes = try txn.nodeCount()
            var edges = 0
            if let types {
                for type in types { edges += try txn.edgeCount(type: type) }
            } else {
                edges = try txn.edgeCount()
            }
            return (
                GraphStore.Projection(types: types, includesEdgeIDs: true),
                bytes: nodes * 24 + edges * 24, price: UInt64((nodes + edges) * 2 / 3)
            )
        case .column(let key, let label):
            let nodes = try txn.nodeCount(label: label)
            return (
                GraphStore.Projection(
                    labels: label.map { [$0] }, types: [], includesIncoming: false,
                    nodeProperties: [key]),
                bytes: nodes * 32, price: UInt64(nodes / 2)
            )
        }
    }

    // MARK: Memory of searches

    /// Memory for a search, all of it zero, for `give` when it is zero again.
    func takeScratch() -> SearchScratch {
        scratch.withLock { $0.popLast() } ?? SearchScratch()
    }

    func give(_ memory: consuming SearchScratch) {
        let memory = memory
        scratch.withLock { if $0.count < 4 { $0.append(memory) } }
    }
}

/// Memory of a search that is used again; all zero between searches.
struct SearchScratch: Sendable {
    /// A bit for each node.
    var marks: [UInt64] = []
    /// For each node the one before it, plus one, and the arc between; from either end.
    var before: [[UInt32]] = [[], []]
    var arcs: [[UInt32]] = [[], []]

    mutating func reserveMarks(_ nodes: Int) {
        let words = (nodes + 63) / 64
        if marks.count < words {
            marks.append(contentsOf: repeatElement(0, count: words - marks.count))
        }
    }

    mutating func reserveWays(_ nodes: Int) {
        for side in 0..<2 where before[side].count < nodes {
            let more = repeatElement(UInt32(0), count: nodes - before[side].count)
            before[side].append(contentsOf: more)
            arcs[side].append(contentsOf: more)
        }
    }
}

extension CSRGraph {
    /// The dense index of an id, at once where ids have no holes.
    func place(of id: UInt64) -> UInt32? {
        guard let ids = nodeIDs, ids.count > 0 else { return index(ofID: id) }
        let guess = id &- ids[0]
        if guess < UInt64(ids.count), ids[Int(guess)] == id { return UInt32(guess) }
        return index(ofID: id)
    }
}
