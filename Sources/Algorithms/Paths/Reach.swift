public import PropertyGraph

/// Which nodes can be reached from others, asked again and again of one graph.
///
/// ```swift
/// var reach = Reach(over: graph.outgoing)
/// try reach.search(from: [concept])             // all prerequisites, direct or not
/// try reach.search(from: [concept], within: 2)  // two steps at most
/// ```
///
/// It keeps its memory between searches: a search costs what it finds, however large the graph is.
/// The kernel `BreadthFirstSearch` gives depths and parents of all nodes instead.
public struct Reach: Sendable {
    private let rows: CSRRows
    private var seen: [UInt64]
    private var found: [UInt32]
    /// How many nodes the last search found, those it began at included.
    public private(set) var count = 0
    /// How many of them lie within each number of steps, up to the step that found the last.
    public private(set) var sizes: [Int] = []

    /// Makes room for searches along rows.
    ///
    /// - Complexity: O(nodes) once: four bytes and a bit each.
    public init(over rows: CSRRows) {
        self.rows = rows
        let nodes = max(rows.offsets.count - 1, 0)
        seen = [UInt64](repeating: 0, count: (nodes + 63) / 64)
        found = [UInt32](repeating: 0, count: nodes)
    }

    /// The nodes that the last search found, nearest first; those it began at lead.
    public var nodes: ArraySlice<UInt32> { found[..<count] }

    /// Whether the last search found a node.
    public func contains(_ node: UInt32) -> Bool {
        let word = Int(node >> 6)
        return word < seen.count && seen[word] >> UInt64(node & 63) & 1 == 1
    }

    /// Finds the nodes within some steps of others.
    ///
    /// - Parameters:
    ///   - sources: Where to begin; repeated ones count once.
    ///   - steps: How many edges a path may have.
    /// - Throws: `.nodeNotFound`; `.cancelled`, and then nothing counts as found.
    /// - Complexity: O(nodes found + their arcs).
    public mutating func search(
        from sources: [UInt32], within steps: Int = .max, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) {
        forget()
        for source in sources {
            guard Int(source) < found.count else {
                throw AlgorithmError(
                    .nodeNotFound,
                    "Cannot search from node \(source): the graph has \(found.count) nodes, "
                        + "counted from 0.")
            }
            add(source)
        }
        var ticker = CancellationTicker(options)
        var (from, step) = (0, 0)
        if count > 0 { sizes = [count] }
        while step < steps, from < count {
            let end = count
            var total = end
            do {
                try Self.expand(rows, from..<end, &seen, &found, &total, &ticker)
            } catch {
                count = total
                forget()
                throw error
            }
            count = total
            from = end
            step += 1
            if total > end { sizes.append(total) }
        }
    }

    /// Adds the neighbours of a level that were not seen behind the nodes found so far.
    private static func expand(
        _ rows: CSRRows, _ level: Range<Int>, _ bits: inout [UInt64], _ list: inout [UInt32],
        _ count: inout Int, _ ticker: inout CancellationTicker
    ) throws(AlgorithmError) {
        var seen = bits.mutableSpan
        var found = list.mutableSpan
        let (offsets, targets) = (rows.offsets.span, rows.targets.span)
        for place in level {
            let node = Int(found[place])
            let end = Int(truncatingIfNeeded: offsets[node &+ 1])
            var arc = Int(truncatingIfNeeded: offsets[node])
            try ticker.tick(end &- arc &+ 1)
            while arc < end {
                let target = targets[arc]
                arc &+= 1
                let word = Int(target &>> 6)
                let bit = (1 as UInt64) &<< UInt64(target & 63)
                if seen[word] & bit != 0 { continue }
                seen[word] |= bit
                found[count] = target
                count &+= 1
            }
        }
    }

    private mutating func add(_ node: UInt32) {
        guard !contains(node) else { return }
        seen[Int(node >> 6)] |= 1 << UInt64(node & 63)
        found[count] = node
        count += 1
    }

    private mutating func forget() {
        for node in found[..<count] { seen[Int(node >> 6)] = 0 }
        count = 0
        sizes = []
    }
}
