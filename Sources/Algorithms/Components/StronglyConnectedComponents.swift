public import PropertyGraph

/// Which nodes can reach each other along directions.
///
/// Tarjan's search with an explicit stack, so that a long path cannot exhaust the thread's. In an
/// undirected graph the components are the weak ones.
///
/// - SeeAlso: Tarjan, *Depth-First Search and Linear Graph Algorithms* (SIAM J. Comput. 1972);
///   Pearce, *A Space-Efficient Algorithm for Finding Strongly Connected Components* (2016).
public struct StronglyConnectedComponents: Hashable, Sendable {
    /// Makes the kernel; it has no parameters.
    public init() {}

    /// The components.
    public struct Result: Sendable {
        /// For each node the lowest index in its component.
        public let labels: [UInt32]
        /// How many components there are.
        public let componentCount: Int
        /// How many nodes the largest has.
        public let largestSize: Int
    }

    /// Finds the components.
    ///
    /// - Throws: `.cancelled`.
    /// - Complexity: O(nodes + edges) time, O(nodes) extra space.
    public func run(
        on graph: CSRGraph, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) -> Result {
        var search = StrongSearch(nodeCount: graph.nodeCount)
        var ticker = CancellationTicker(options)
        let offsets = graph.outgoing.offsets.span
        let targets = graph.outgoing.targets.span
        for root in 0..<graph.nodeCount where search.order[root] == 0 {
            search.enter(UInt32(truncatingIfNeeded: root), offsets)
            while !search.path.isEmpty { try ticker.tick(search.advance(offsets, targets)) }
        }
        return search.result()
    }
}

/// The state of Tarjan's search.
private struct StrongSearch {
    /// When a node was entered, from 1; 0 before.
    var order: [UInt32]
    /// The earliest node that a node is known to reach; `done` once its component is closed.
    private var low: [UInt32]
    private var labels: [UInt32]
    private var cursors: [UInt64]
    /// Entered nodes whose component is open.
    private var open: [UInt32] = []
    /// The nodes from the root to here.
    var path: [UInt32] = []
    private var clock: UInt32 = 0
    private var componentCount = 0
    private var largestSize = 0

    private static let done = UInt32.max

    init(nodeCount: Int) {
        order = [UInt32](repeating: 0, count: nodeCount)
        low = order
        labels = order
        cursors = [UInt64](repeating: 0, count: nodeCount)
    }

    mutating func enter(_ node: UInt32, _ offsets: Span<UInt64>) {
        clock &+= 1
        order[Int(node)] = clock
        low[Int(node)] = clock
        cursors[Int(node)] = offsets[Int(node)]
        open.append(node)
        path.append(node)
    }

    /// Looks at arcs of the last node of the path until it enters another or leaves; returns the
    /// work done.
    mutating func advance(_ offsets: Span<UInt64>, _ targets: Span<UInt32>) -> Int {
        let node = Int(path[path.count - 1])
        let first = Int(truncatingIfNeeded: cursors[node])
        let last = Int(truncatingIfNeeded: offsets[node + 1])
        var least = low[node]
        for arc in first..<last {
            let target = targets[arc]
            if order[Int(target)] == 0 {
                low[node] = least
                // The arc is looked at again on return, when it carries the target's `low`.
                cursors[node] = UInt64(arc)
                enter(target, offsets)
                return arc &- first &+ 1
            }
            let reach = low[Int(target)]
            if reach != Self.done, reach < least { least = reach }
        }
        low[node] = least
        path.removeLast()
        if least == order[node] { close(UInt32(truncatingIfNeeded: node)) }
        return last &- first &+ 1
    }

    /// Takes a component off the open nodes and labels it with its lowest.
    private mutating func close(_ root: UInt32) {
        var first = open.count
        var label = root
        repeat {
            first -= 1
            label = min(label, open[first])
        } while open[first] != root
        for position in first..<open.count {
            let node = Int(open[position])
            labels[node] = label
            low[node] = Self.done
        }
        componentCount += 1
        largestSize = max(largestSize, open.count - first)
        open.removeSubrange(first...)
    }

    func result() -> StronglyConnectedComponents.Result {
        .init(labels: labels, componentCount: componentCount, largestSize: largestSize)
    }
}
