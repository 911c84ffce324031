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
final class DerivedGraphs: Sendable {
    /// What can be held.
    enum Part: Hashable, Sendable {
        /// All nodes, with the relationships of some types; nil means of all types.
        case relationships([EdgeType]?)
        /// One property of the nodes of a label; nil means of all nodes.
        case column(PropertyKey, Label?)
    }

    /// When something that is not held is made.
    enum Making: Sendable {
        case whenItPays, always, never
    }

    private struct Entry {
        let keeper: ProjectionKeeper
        /// What was spent without it since it was last made, and what making it costs; in units
        /// of about a tenth of a microsecond.
        var spent: UInt64 = 0
        var price: UInt64
        let bytes: Int
        var lastUse: UInt64
        /// Whether a file of an earlier run was looked for.
        var isFileSought = false
    }

    private struct State {
        var entries: [Part: Entry] = [:]
        var bytes = 0
        var clock: UInt64 = 0
    }

    private let state = Mutex(State())
    private let scratch = Mutex<[SearchScratch]>([])

    /// How much memory all that is held may take, about.
    private static let mostBytes = 128 << 20
    /// Below a millisecond nothing is worth the making.
    private static let leastPrice: UInt64 = 10_000
    /// What going over a relationship costs without rows.
    static let costOfStep: UInt64 = 2
    /// What reading a property of some node costs without a column.
    static let costOfRead: UInt64 = 5

    // MARK: Asking

    /// What a transaction sees of a part, if it is held, or it is time to make it.
    ///
    /// - Parameter isScan: Whether going without costs what making it does.
    func graph<T: GraphReading & ~Copyable>(
        _ part: Part, of database: GraphDatabase, _ making: Making, isScan: Bool = false,
        _ txn: borrowing T
    ) throws -> CSRGraph? {
        guard making != .never, let entry = try entry(part, txn) else { return nil }
        if let graph = try entry.keeper.held(seenBy: txn) { return graph }
        let isDue = making == .always || isScan || entry.spent >= entry.price
        if !isDue {
            if entry.isFileSought { return nil }
            state.withLock { $0.entries[part]?.isFileSought = true }
            guard try entry.keeper.isOnFile(of: database, seenBy: txn) else { return nil }
        }
        let start = ContinuousClock.now
        _ = try entry.keeper.graph(of: database)
        let parts = (ContinuousClock.now - start).components
        let units =
            UInt64(clamping: parts.seconds) &* 10_000_000
            &+ UInt64(clamping: parts.attoseconds / 100_000_000_000)
        state.withLock {
            $0.entries[part]?.spent = 0
            $0.entries[part]?.price = max(Self.leastPrice, units)
        }
        // Nil where somebody has committed since the transaction began.
        return try entry.keeper.held(seenBy: txn)
    }

    /// Tells what a search without the part has cost.
    func spend(_ units: UInt64, _ part: Part) {
        state.withLock { $0.entries[part]?.spent &+= units }
    }

    /// The entry of a part, a new one if it is asked for the first time; nil where it is too large.
    private func entry<T: GraphReading & ~Copyable>(
        _ part: Part, _ txn: borrowing T
    ) throws -> Entry? {
        let known = state.withLock { state -> Entry? in
            state.clock &+= 1
            state.entries[part]?.lastUse = state.clock
            return state.entries[part]
        }
        if let known { return known }
        let (projection, bytes, price) = try Self.estimate(part, txn)
        guard bytes <= Self.mostBytes else { return nil }
        return state.withLock { state in
            while state.bytes + bytes > Self.mostBytes,
                let oldest = state.entries.min(by: { $0.value.lastUse < $1.value.lastUse })
            {
                state.bytes -= oldest.value.bytes
                state.entries[oldest.key] = nil
            }
            let new = Entry(
                keeper: ProjectionKeeper(projection), price: max(Self.leastPrice, price),
                bytes: bytes, lastUse: state.clock)
            if state.entries.updateValue(new, forKey: part) == nil { state.bytes += bytes }
            return new
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
                bytes: nodes * 24 + edges * 24, price: UInt64(nodes + 2 * edges)
            )
        case .column(let key, let label):
            let nodes = try txn.nodeCount(label: label)
            return (
                GraphStore.Projection(
                    labels: label.map { [$0] }, types: [], includesIncoming: false,
                    nodeProperties: [key]),
                bytes: nodes * 32, price: UInt64(nodes)
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
