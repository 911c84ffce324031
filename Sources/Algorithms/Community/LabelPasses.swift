import PropertyGraph

/// The first passes of label propagation, on several threads, so that the outcome does not depend
/// on how many there are.
///
/// The nodes are cut into stretches. A few far apart are worked on at once: in each, nodes are asked
/// one after the other and see the new labels of their own stretch, but those of the others only
/// once all are done. The cuts, and which stretches go together, depend on the graph alone. Where
/// two nodes may have taken over each other's label unseen, both are asked again.
///
/// In their own order nodes near by in number, which often are near by in the graph, spread a label
/// far. That the stretches jump about keeps any from flooding all (measured: modularity 0.55 on
/// packages in one stretch).
///
/// - SeeAlso: Staudt, Meyerhenke, *Engineering Parallel Algorithms for Community Detection in
///   Massive Networks* (2016), whose threads see labels at once, and so find another answer each
///   time.
struct LabelPasses: ~Copyable {
    private let graph: LevelGraph
    private let options: RunOptions
    /// In the order in which they are worked on.
    private let stretches: [Range<Int>]
    /// Those worked on so far, in their order.
    private var done: [Range<Int>] = []
    private let workers: Int
    private let desks = LabelDesks()
    /// The labels as everybody sees them, and as those at work change them.
    private var labels: ParallelColumn<UInt32>
    private var fresh: ParallelColumn<UInt32>
    /// One bit for each node that is to be asked.
    private var waiting: ParallelColumn<UInt64>
    /// For each 64 nodes whether they are at work now.
    private var isAtWork: ParallelColumn<Bool>
    private(set) var asked = 0

    /// How many stretches are worked on at once, whatever the number of threads.
    private static let companySize = 16
    private static let mostStretches = 128
    /// With fewer companies, too much would be unseen.
    private static let leastStretches = 2 * companySize
    private static let mostPasses = 4
    /// In so many passes a node does not insist on its label among equals: else graphs of few edges
    /// a node end in many small communities (measured: modularity 0.60 instead of 0.71 on WordNet).
    private static let restlessPasses = 3

    /// - Returns: Nil when the graph is too small for stretches.
    init?(_ graph: LevelGraph, options: RunOptions) {
        let work = graph.arcCount + 4 * graph.nodeCount
        let size = max(options.blockSize / 16, work / Self.mostStretches, 1)
        let stretches = BlockMoving.cut(graph.offsets.span, size)
        guard stretches.count >= Self.leastStretches else { return nil }
        let count = graph.nodeCount
        self.graph = graph
        self.options = options
        self.stretches = Self.jumping(stretches)
        workers = options.workerCount(work: 4 * work, tasks: Self.companySize)
        labels = ParallelColumn(zeroed: count)
        fresh = ParallelColumn(zeroed: count)
        for node in 0..<count { labels[node] = UInt32(truncatingIfNeeded: node) }
        waiting = ParallelColumn(repeating: .max, count: (count + 63) / 64)
        if count % 64 > 0 { waiting[waiting.count - 1] = (1 << UInt64(count % 64)) - 1 }
        isAtWork = ParallelColumn(zeroed: waiting.count)
    }

    /// Goes through the waiting nodes until few are left; returns the labels then and who still
    /// waits.
    mutating func run(most: Int) throws(AlgorithmError) -> (labels: [UInt32], waiting: [UInt64]) {
        for pass in 0..<min(Self.mostPasses, most) {
            let order = stretches.indices.filter { isAnyWaiting(stretches[$0]) }
            for first in stride(from: 0, to: order.count, by: Self.companySize) {
                let company = order[first..<min(first + Self.companySize, order.count)]
                try ask(
                    company.map { stretches[$0] }.sorted { $0.lowerBound < $1.lowerBound },
                    keepsOwn: pass >= Self.restlessPasses)
            }
            if isNearlyDone() { break }
        }
        return (labels.array(), waiting.array())
    }

    /// The stretches in the order of their numbers with the bits reversed: each far from those
    /// before it.
    private static func jumping(_ stretches: [Range<Int>]) -> [Range<Int>] {
        stretches.indices.sorted { reversedBits($0) < reversedBits($1) }.map { stretches[$0] }
    }

    private static func reversedBits(_ number: Int) -> Int {
        var result = 0
        for bit in 0..<32 { result = result << 1 | (number >> bit & 1) }
        return result
    }

    private func isAnyWaiting(_ stretch: Range<Int>) -> Bool {
        for word in BlockMoving.words(stretch) where waiting[word] != 0 { return true }
        return false
    }

    /// Whether so little is left to ask that one thread does it sooner.
    private func isNearlyDone() -> Bool {
        let offsets = graph.offsets.span
        let bits = waiting.span
        var work = 0
        for index in bits.indices {
            var left = bits[index]
            while left != 0 {
                let node = index &* 64 &+ left.trailingZeroBitCount
                left &= left &- 1
                work &+= Int(truncatingIfNeeded: offsets[node &+ 1] &- offsets[node]) &+ 4
            }
        }
        return work < (graph.arcCount + 4 * graph.nodeCount) / 8
    }

    /// Asks the waiting nodes of some stretches, which ascend.
    private mutating func ask(
        _ company: [Range<Int>], keepsOwn: Bool
    ) throws(AlgorithmError) {
        for stretch in company { for word in BlockMoving.words(stretch) { isAtWork[word] = true } }
        asked += try Self.ask(
            company, graph, options, workers, keepsOwn: keepsOwn, desks, done, &fresh, labels,
            waiting, isAtWork)
        for stretch in company {
            Self.copy(stretch, of: fresh, to: &labels)
            for word in BlockMoving.words(stretch) {
                isAtWork[word] = false
                waiting[word] = 0
            }
        }
        done += company
        desks.handOver(to: &waiting)
    }

    /// Returns how many nodes were asked.
    private static func ask(
        _ company: [Range<Int>], _ graph: LevelGraph, _ options: RunOptions, _ workers: Int,
        keepsOwn: Bool, _ desks: LabelDesks, _ done: [Range<Int>],
        _ fresh: inout ParallelColumn<UInt32>, _ labels: borrowing ParallelColumn<UInt32>,
        _ waiting: borrowing ParallelColumn<UInt64>, _ isAtWork: borrowing ParallelColumn<Bool>
    ) throws(AlgorithmError) -> Int {
        var span = fresh.mutableSpan
        let counts = try options.fillParts(
            company, of: &span, workers: workers, scratch: {}
        ) { _, task, part throws(AlgorithmError) -> Int in
            var desk = desks.take(graph, done, labels.span)
            let asked = desk.ask(
                company[task], graph, options.seed, keepsOwn: keepsOwn, labels.span, &part,
                waiting.span, isAtWork.span)
            desks.giveBack(desk)
            return asked
        }
        return counts.reduce(0, +)
    }

    private static func copy(
        _ stretch: Range<Int>, of fresh: borrowing ParallelColumn<UInt32>,
        to labels: inout ParallelColumn<UInt32>
    ) {
        var target = labels.mutableSpan
        target.copy(fresh.span.extracting(stretch), at: stretch.lowerBound)
    }
}
