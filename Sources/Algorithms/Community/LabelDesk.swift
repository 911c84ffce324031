import PropertyGraph
import Synchronization

/// What one thread needs to ask nodes of a stretch for their labels: above all a copy of the labels
/// of all nodes, which is equal on all desks whenever a stretch is begun.
struct LabelDesk: Sendable {
    private var labels: [UInt32]
    /// How many of the stretches done so far this desk has heard of.
    private var heard = 0
    /// The weight of each label around a node; 0 between two nodes.
    private var sums: [Double]
    private var touched: [UInt32]
    /// The nodes called back, one bit each.
    private var called: [UInt64]
    /// Those of the stretch at work that are still to be asked.
    private var pending: [UInt64] = []

    fileprivate init(_ graph: LevelGraph, _ known: Span<UInt32>, heard: Int) {
        self.heard = heard
        labels = []
        labels.reserveCapacity(known.count)
        for node in known.indices { labels.append(known[node]) }
        sums = [Double](repeating: 0, count: graph.nodeCount)
        touched = [UInt32](repeating: 0, count: graph.longestRow)
        called = [UInt64](repeating: 0, count: (graph.nodeCount + 63) / 64)
    }

    /// Takes over what stretches came to since the desk was last used.
    mutating func hear(_ done: [Range<Int>], _ known: Span<UInt32>) {
        let news = done[heard...]
        var own = labels.mutableSpan
        for stretch in news { own.copy(known.extracting(stretch), at: stretch.lowerBound) }
        heard = done.count
    }

    /// Asks the waiting nodes of a stretch, lowest first, each once; returns how many there were.
    ///
    /// - Parameters:
    ///   - known: The labels of all nodes before any stretch at work began.
    ///   - fresh: The labels that the stretch comes to; other desks hear of them later.
    mutating func ask(
        _ stretch: Range<Int>, _ graph: LevelGraph, _ seed: UInt64, keepsOwn: Bool,
        _ known: Span<UInt32>, _ fresh: inout MutableSpan<UInt32>, _ waiting: Span<UInt64>,
        _ isAtWork: Span<Bool>
    ) -> Int {
        pending.removeAll(keepingCapacity: true)
        for word in BlockMoving.words(stretch) { pending.append(waiting[word]) }
        let asked = askNodes(
            stretch, graph, seed, keepsOwn: keepsOwn, isAtWork, &labels, &pending, &called, &sums,
            &touched)
        fresh.copy(labels.span.extracting(stretch), at: 0)
        var own = labels.mutableSpan
        own.copy(known.extracting(stretch), at: stretch.lowerBound)
        return asked
    }

    /// Adds those called back, and forgets them.
    fileprivate mutating func handOver(to waiting: inout MutableSpan<UInt64>) {
        for word in called.indices where called[word] != 0 {
            waiting[word] |= called[word]
            called[word] = 0
        }
    }
}

private func askNodes(
    _ stretch: Range<Int>, _ graph: LevelGraph, _ seed: UInt64, keepsOwn: Bool,
    _ isAtWork: Span<Bool>, _ labels: inout [UInt32], _ pending: inout [UInt64],
    _ called: inout [UInt64], _ sums: inout [Double], _ touched: inout [UInt32]
) -> Int {
    let first = stretch.lowerBound
    let offsets = graph.offsets.span
    let targets = graph.targets.span
    let weights = graph.weights?.span
    var labels = labels.mutableSpan
    var pending = pending.mutableSpan
    var called = called.mutableSpan
    var sums = sums.mutableSpan
    var touched = touched.mutableSpan
    var asked = 0
    for word in pending.indices {
        while pending[word] != 0 {
            let node = first &+ word &* 64 &+ pending[word].trailingZeroBitCount
            pending[word] &= pending[word] &- 1
            asked &+= 1
            let row =
                Int(
                    truncatingIfNeeded: offsets[node])..<Int(
                    truncatingIfNeeded: offsets[node &+ 1])
            let best = heaviestLabel(
                of: UInt32(truncatingIfNeeded: node), row, targets, weights, labels.span,
                seed: seed, keepsOwn: keepsOwn, &sums, &touched)
            guard best != labels[node] else { continue }
            labels[node] = best
            for arc in row {
                let target = Int(targets[arc])
                // Whoever is at work unseen may be giving up the label that this node takes.
                guard
                    labels[target] != best || (isAtWork[target &>> 6] && !stretch.contains(target))
                else { continue }
                let bit: UInt64 = 1 &<< UInt64(target & 63)
                // Whoever of the stretch was asked already is asked again in the next pass.
                if target > node, target < stretch.upperBound {
                    pending[(target &- first) &>> 6] |= bit
                } else {
                    called[target &>> 6] |= bit
                }
            }
        }
    }
    return asked
}

/// The desks of all threads, each used by one at a time.
final class LabelDesks: Sendable {
    private let free = Mutex<[LabelDesk]>([])

    /// A desk that has heard of all stretches done.
    func take(_ graph: LevelGraph, _ done: [Range<Int>], _ known: Span<UInt32>) -> LabelDesk {
        guard var desk = free.withLock({ $0.popLast() })
        else { return LabelDesk(graph, known, heard: done.count) }
        desk.hear(done, known)
        return desk
    }

    func giveBack(_ desk: LabelDesk) { free.withLock { $0.append(desk) } }

    /// Adds the nodes called back from any desk, and forgets them; all desks are free then.
    func handOver(to waiting: inout ParallelColumn<UInt64>) {
        var bits = waiting.mutableSpan
        free.withLock { desks in
            for place in desks.indices { desks[place].handOver(to: &bits) }
        }
    }
}
