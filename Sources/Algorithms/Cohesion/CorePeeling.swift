import PropertyGraph
import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Peels the parts of a graph on several threads, level by level.
///
/// A thread serves a part of its own for as long as the run lasts. Where fewer threads come than
/// there are parts, or come late, those that have nothing else to do serve the others' parts: no
/// thread ever waits for one that has not begun.
///
/// A level is over when no part has work left and no news is on its way. Each part counts what it
/// is sent, the beginning of a level and each piece of news, and says how much of that it is done
/// with when nothing is left to do. If what all are done with, looked at first, is what all were
/// sent, looked at afterwards, then in between none was at work, for whoever works is not done with
/// something.
///
/// - SeeAlso: Mattern, *Algorithms for Distributed Termination Detection* (1987), 4 counters.
final class CorePeeling: Sendable {
    private let rows: SimpleRows
    private let options: RunOptions
    private let seats: [Seat]
    /// How many levels were begun before this one.
    private let round = Atomic<Int>(0)
    /// Whoever raises this, at the end of a level, begins the next.
    private let roundsEnded = Atomic<Int>(0)
    private let level = Atomic<UInt32>(1)
    private let hasEnded = Atomic<Bool>(false)

    /// A part, and whether it has a thread of its own.
    private final class Seat: Sendable {
        let part: Mutex<CorePart>
        let nodes: Range<Int>
        let isServed = Atomic<Bool>(false)

        init(_ rows: SimpleRows, _ nodes: Range<Int>, _ index: Int, _ desks: [CoreDesk]) {
            part = Mutex(CorePart(rows, nodes, index, desks))
            self.nodes = nodes
        }
    }

    private let desks: [CoreDesk]

    /// More threads would mostly tell one another what they peel.
    private static let mostParts = 8
    /// How often a thread looks for work before it offers its processor to others.
    private static let patience = 2000

    init(_ rows: SimpleRows, _ options: RunOptions) {
        self.rows = rows
        self.options = options
        // Parts pay from some four million arcs and nodes on (measured: a million of WordNet take a
        // third longer on two threads, the five of a grid a third less).
        let workers = options.workerCount(
            work: (rows.arcCount + rows.nodeCount) / 4, tasks: Self.mostParts)
        let parts = Self.cut(rows, into: workers)
        let desks = parts.map { _ in CoreDesk() }
        self.desks = desks
        seats = parts.indices.map { Seat(rows, parts[$0], $0, desks) }
    }

    /// Parts of about as many nodes and arcs.
    private static func cut(_ rows: SimpleRows, into count: Int) -> [Range<Int>] {
        let work = rows.arcCount + rows.nodeCount
        var parts: [Range<Int>] = []
        var start = 0
        for part in 1...count {
            let end =
                part == count
                ? rows.nodeCount
                : firstIndex(below: rows.nodeCount) { node in
                    Int(truncatingIfNeeded: rows.offsets[node]) + node >= work / count * part
                }
            parts.append(start..<max(start, end))
            start = max(start, end)
        }
        return parts
    }

    func run() throws(AlgorithmError) -> CoreDecomposition.Result {
        _ = try options.onWorkers(seats.count) { worker throws(AlgorithmError) in
            try serve(worker)
        }
        var innermost: (level: UInt32, size: Int) = (0, 0)
        for seat in seats {
            let (level, size) = seat.part.withLock { $0.innermost }
            if level > innermost.level { innermost = (level, 0) }
            if level == innermost.level { innermost.size += size }
        }
        return CoreDecomposition.Result(
            cores: try cores(), degeneracy: Int(innermost.level), innermostSize: innermost.size)
    }

    private func cores() throws(AlgorithmError) -> [UInt32] {
        if seats.count == 1 { return seats[0].part.withLock { $0.degrees.array() } }
        var cores = [UInt32](repeating: 0, count: rows.nodeCount)
        var span = cores.mutableSpan
        _ = try options.fillParts(
            seats.map(\.nodes), of: &span, workers: seats.count, scratch: {}
        ) { _, index, cores in
            seats[index].part.withLock { part in
                let degrees = part.degrees.span
                for node in degrees.indices { cores[node] = degrees[node] }
            }
        }
        return cores
    }

    /// Serves a part until the run ends.
    private func serve(_ own: Int) throws(AlgorithmError) {
        // Relaxed suffices: who sees it late only makes this thread wait for the part a moment.
        seats[own].isServed.store(true, ordering: .relaxed)
        do throws(AlgorithmError) {
            try seats[own].part.withLock { part throws(AlgorithmError) in
                try serve(&part, own)
            }
        } catch {
            // Relaxed suffices: the others only stop.
            hasEnded.store(true, ordering: .relaxed)
            throw error
        }
    }

    private func serve(_ part: inout CorePart, _ own: Int) throws(AlgorithmError) {
        var ticker = CancellationTicker(options)
        var looks = 0
        while !hasEnded.load(ordering: .relaxed) {
            let work = self.work(&part)
            if work > 0 || endLevel() {
                try ticker.tick(work)
                looks = 0
                continue
            }
            let help = self.help(besides: own)
            try ticker.tick(help)
            looks = help > 0 ? 0 : looks + 1
            if looks > Self.patience { sched_yield() }
        }
    }

    /// Does some of the work of a part that has no thread of its own yet; returns how much.
    private func help(besides own: Int) -> Int {
        for index in seats.indices where index != own {
            guard !seats[index].isServed.load(ordering: .relaxed) else { continue }
            let work = seats[index].part.withLockIfAvailable { self.work(&$0) } ?? 0
            if work > 0 { return work }
        }
        return 0
    }

    /// Does some of the work of a part; returns how much.
    private func work(_ part: inout CorePart) -> Int {
        // Acquiring, and in this order: news of a level is sent only after the level has begun, so
        // whoever sees the news sees the level, too.
        let sent = part.desk.sent.load(ordering: .acquiring)
        let round = self.round.load(ordering: .acquiring)
        return part.work(rows, round: round, level: level.load(ordering: .relaxed), sent: sent)
    }

    /// Begins the next level, or ends the run, if no part has work left; whether it did.
    private func endLevel() -> Bool {
        let round = self.round.load(ordering: .acquiring)
        // Acquiring: whoever sees that a part is done sees what it sent, and what it found.
        var done = 0
        for desk in desks { done += desk.done.load(ordering: .acquiring) }
        var sent = desks.count * (round + 1)
        for desk in desks { sent += desk.sent.load(ordering: .acquiring) }
        guard done == sent,
            roundsEnded.compareExchange(
                expected: round, desired: round + 1, ordering: .acquiringAndReleasing
            ).exchanged
        else { return false }
        var found = CoreDesk.Finds()
        for desk in desks { found.add(desk.finds) }
        if found.left == 0 {
            hasEnded.store(true, ordering: .relaxed)
            return true
        }
        // A level without nodes tells where the next ones are.
        let next =
            found.seeds == 0 && found.least < .max
            ? found.least : level.load(ordering: .relaxed) + 1
        level.store(next, ordering: .relaxed)
        // Releasing: whoever sees the round sees its level.
        self.round.store(round + 1, ordering: .releasing)
        return true
    }
}

/// Where the other parts leave news for a part, and see how far it is.
final class CoreDesk: Sendable {
    private let news = Mutex<[[UInt32]]>([])
    /// How many pieces of news were ever left.
    let sent = Atomic<Int>(0)
    /// How many of them the part is done with, and of the levels begun.
    let done = Atomic<Int>(0)
    // What the part found when the level began.
    private let left = Atomic<Int>(0)
    private let seeds = Atomic<Int>(0)
    private let least = Atomic<UInt32>(.max)

    /// What parts find when a level begins.
    struct Finds {
        /// How many nodes are beyond it.
        var left = 0
        /// How many are at it.
        var seeds = 0
        /// The fewest neighbours that one of those beyond it has, if known.
        var least = UInt32.max

        mutating func add(_ other: Finds) {
            left += other.left
            seeds += other.seeds
            least = min(least, other.least)
        }
    }

    // Relaxed suffices: the part publishes them by saying later that it is done.
    var finds: Finds {
        get {
            Finds(
                left: left.load(ordering: .relaxed), seeds: seeds.load(ordering: .relaxed),
                least: least.load(ordering: .relaxed))
        }
        set {
            left.store(newValue.left, ordering: .relaxed)
            seeds.store(newValue.seeds, ordering: .relaxed)
            least.store(newValue.least, ordering: .relaxed)
        }
    }

    /// Leaves nodes that were peeled.
    func leave(_ nodes: [UInt32]) {
        news.withLock { news in
            news.append(nodes)
            // Releasing: see `CorePeeling.work`.
            sent.wrappingAdd(1, ordering: .releasing)
        }
    }

    /// Takes what was left.
    func take() -> [[UInt32]] {
        news.withLock { news in
            let taken = news
            news = []
            return taken
        }
    }
}

/// The first number below `count` from which on `belongs` holds; `count` when there is none.
private func firstIndex(below count: Int, where belongs: (Int) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
        let middle = low + (high - low) / 2
        if belongs(middle) { high = middle } else { low = middle + 1 }
    }
    return low
}
