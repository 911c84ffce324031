import PropertyGraph
import Synchronization

/// One thread's copy of where nodes are and what communities weigh, kept up by hearing of all
/// moves. All copies are equal, bit by bit, whenever a thread takes a new stretch.
final class MovingReplica: Sendable {
    let state = Mutex(State())

    struct State: Sendable {
        var labels: [UInt32] = []
        var accounts: [CommunityAccount] = []
        /// How many nodes each community has.
        var sizes: [UInt32] = []
        var touched: [UInt32] = []
        /// The nodes called back, one bit each.
        private var called: [UInt64] = []
        /// Those of the stretch at work that are still to be asked.
        private var pending: [UInt64] = []
        /// Whoever waits when one thread is left.
        var queue = WaitingNodes(capacity: 0)

        /// Empty: `restart` comes first.
        init() {}
    }
}

/// The replicas of a search. Its levels use them one after the other, for to fill fresh memory costs
/// several times what it takes to fill known memory.
final class MovingMemory: Sendable {
    private let replicas = Mutex<[MovingReplica]>([])

    /// So many replicas, in an order that is always the same.
    func replicas(_ count: Int) -> [MovingReplica] {
        replicas.withLock { known in
            while known.count < count { known.append(MovingReplica()) }
            return Array(known[..<count])
        }
    }

    /// The one that is left when a single thread works.
    var first: MovingReplica { replicas(1)[0] }
}

extension Array {
    /// Makes so many equal elements the only ones, in the memory that there is.
    mutating func refill(_ value: Element, count: Int) {
        removeAll(keepingCapacity: true)
        append(contentsOf: repeatElement(value, count: count))
    }
}

extension MovingReplica.State {
    /// Begins anew, on whichever graph.
    mutating func restart(_ graph: LevelGraph, _ communities: [UInt32]) {
        let count = graph.nodeCount
        labels.removeAll(keepingCapacity: true)
        labels += communities
        accounts.refill(CommunityAccount(), count: count)
        sizes.refill(0, count: count)
        touched.refill(0, count: graph.longestRow + 1)
        called.refill(0, count: (count + 63) / 64)
        addUp(graph.degrees.span, labels, &accounts, &sizes)
    }

    /// The weight of all ends of edges of each community's nodes.
    var totals: [Double] { accounts.map(\.total) }

    /// Makes the moves that all threads made together.
    mutating func hear(_ news: [[BlockMoving.Move]], _ degrees: Span<Double>) {
        for moves in news { makeAll(moves, degrees, &labels, &accounts, &sizes) }
    }

    /// Adds those called back, and forgets them.
    mutating func handOver(to waiting: inout [UInt64]) {
        for word in called.indices where called[word] != 0 {
            waiting[word] |= called[word]
            called[word] = 0
        }
    }

    /// Calls the nodes of a stretch that would do better elsewhere by more than the tolerance.
    mutating func callThoseThatGain(_ stretch: Range<Int>, _ graph: LevelGraph, _ scale: Double) {
        findNodesThatGain(
            stretch, graph, scale, labels, sizes, &accounts, &touched, &called)
    }

    /// Lets the waiting nodes of a stretch move; returns the moves, which are taken back here.
    mutating func visit(
        _ stretch: Range<Int>, _ graph: LevelGraph, _ scale: Double, _ waiting: [UInt64],
        _ isAtWork: [Bool]
    ) -> [BlockMoving.Move] {
        let words = BlockMoving.words(stretch)
        pending.removeAll(keepingCapacity: true)
        pending += waiting[words]
        var undo: [Undo] = []
        let moves = visitNodes(
            stretch, graph, scale, isAtWork.span, &labels, &accounts, &sizes, &touched, &called,
            &pending, &undo)
        for (place, word) in words.enumerated() { called[word] |= pending[place] }
        for (move, old) in zip(moves, undo).reversed() {
            labels[Int(move.node)] = move.from
            accounts[Int(move.from)].total = old.from
            accounts[Int(move.to)].total = old.to
            sizes[Int(move.from)] &+= 1
            sizes[Int(move.to)] &-= 1
        }
        return moves
    }
}

/// What two communities weighed before a move.
private struct Undo {
    let from: Double
    let to: Double
}

private func addUp(
    _ degrees: Span<Double>, _ labels: [UInt32], _ accounts: inout [CommunityAccount],
    _ sizes: inout [UInt32]
) {
    var accounts = accounts.mutableSpan
    var sizes = sizes.mutableSpan
    for node in labels.indices {
        let label = Int(labels[node])
        accounts[label].total += degrees[node]
        sizes[label] &+= 1
    }
}

private func makeAll(
    _ moves: [BlockMoving.Move], _ degrees: Span<Double>, _ labels: inout [UInt32],
    _ accounts: inout [CommunityAccount], _ sizes: inout [UInt32]
) {
    var labels = labels.mutableSpan
    var accounts = accounts.mutableSpan
    var sizes = sizes.mutableSpan
    for move in moves { makeMove(move, degrees[Int(move.node)], &labels, &accounts, &sizes) }
}

/// Makes a move.
@inline(__always)
func makeMove(
    _ move: BlockMoving.Move, _ degree: Double, _ labels: inout MutableSpan<UInt32>,
    _ accounts: inout MutableSpan<CommunityAccount>, _ sizes: inout MutableSpan<UInt32>
) {
    labels[Int(move.node)] = move.to
    accounts[Int(move.to)].total += degree
    sizes[Int(move.to)] &+= 1
    let left = sizes[Int(move.from)] &- 1
    sizes[Int(move.from)] = left
    accounts[Int(move.from)].total = left == 0 ? 0 : accounts[Int(move.from)].total - degree
}

/// Asks the nodes of a stretch that wait, lowest first.
private func visitNodes(
    _ stretch: Range<Int>, _ graph: LevelGraph, _ scale: Double, _ isAtWork: Span<Bool>,
    _ labels: inout [UInt32], _ accounts: inout [CommunityAccount], _ sizes: inout [UInt32],
    _ touched: inout [UInt32], _ called: inout [UInt64], _ pending: inout [UInt64],
    _ undo: inout [Undo]
) -> [BlockMoving.Move] {
    let offsets = graph.offsets.span
    let targets = graph.targets.span
    let weights = graph.weights?.span
    let degrees = graph.degrees.span
    var labels = labels.mutableSpan
    var accounts = accounts.mutableSpan
    var sizes = sizes.mutableSpan
    var touched = touched.mutableSpan
    var called = called.mutableSpan
    var pending = pending.mutableSpan
    var moves: [BlockMoving.Move] = []
    // Nodes called back by their own stretch are asked again at once, but not for ever.
    var left = 8 * stretch.count
    for word in pending.indices {
        while pending[word] != 0, left > 0 {
            left &-= 1
            let node = UInt32(
                truncatingIfNeeded: stretch.lowerBound &+ word &* 64
                    &+ pending[word].trailingZeroBitCount)
            pending[word] &= pending[word] &- 1
            let row =
                Int(
                    truncatingIfNeeded: offsets[Int(node)])..<Int(
                    truncatingIfNeeded: offsets[Int(node) + 1])
            let own = labels[Int(node)]
            let degree = degrees[Int(node)]
            var (best, gain) = bestCommunity(
                of: node, row, targets, weights, degree: degree, scale: scale,
                margin: 1e-10 * degree, labels.span,
                &accounts, &touched)
            if gain < 0, sizes[Int(own)] > 1 {
                // Better alone, under its own name, which no other node can take. Where others have
                // it the node waits until one thread is left.
                if sizes[Int(node)] == 0 {
                    best = node
                } else {
                    called[Int(node) / 64] |= 1 << UInt64(node % 64)
                }
            }
            guard best != own else { continue }
            let move = BlockMoving.Move(node: node, from: own, to: best)
            undo.append(Undo(from: accounts[Int(own)].total, to: accounts[Int(best)].total))
            makeMove(move, degree, &labels, &accounts, &sizes)
            moves.append(move)
            for arc in row {
                let target = Int(targets[arc])
                // Whoever is at work unseen may be leaving the community that this node joins.
                guard labels[target] != best || isAtWork[target / 64] else { continue }
                let bit: UInt64 = 1 << UInt64(target % 64)
                if stretch.contains(target) {
                    if labels[target] == best { continue }
                    pending[(target &- stretch.lowerBound) / 64] |= bit
                } else {
                    called[target / 64] |= bit
                }
            }
        }
    }
    return moves
}

private func findNodesThatGain(
    _ stretch: Range<Int>, _ graph: LevelGraph, _ scale: Double, _ labels: [UInt32],
    _ sizes: [UInt32], _ accounts: inout [CommunityAccount], _ touched: inout [UInt32],
    _ called: inout [UInt64]
) {
    let offsets = graph.offsets.span
    let targets = graph.targets.span
    let weights = graph.weights?.span
    let degrees = graph.degrees.span
    var accounts = accounts.mutableSpan
    var touched = touched.mutableSpan
    let margin = Louvain.tolerance * graph.total / 2
    for node in stretch {
        let row =
            Int(truncatingIfNeeded: offsets[node])..<Int(truncatingIfNeeded: offsets[node + 1])
        let (best, gain) = bestCommunity(
            of: UInt32(truncatingIfNeeded: node), row, targets, weights, degree: degrees[node],
            scale: scale, margin: margin, labels.span, &accounts, &touched)
        let own = labels[node]
        if best != own || (gain < 0 && sizes[Int(own)] > 1) {
            called[node / 64] |= 1 << UInt64(node % 64)
        }
    }
}
