public import PropertyGraph

/// Distances from and to a few nodes of a graph, which bound the distance between any two.
///
/// By the triangle inequality the target is at least as far from a node as a landmark's distances
/// to both differ. Landmarks are chosen one after the other, each as far as possible from those
/// before, so they lie at the rims, where such bounds are tight. Build it once and keep it:
/// `encoded()` gives its bytes for a file, and `init(decoding:for:)` takes them back for the same
/// graph.
///
/// ```swift
/// let index = try LandmarkIndex(of: graph, count: 8)
/// let found = try AStar(pairs: pairs, guide: .landmarks(index)).run(on: graph)
/// ```
///
/// - SeeAlso: Goldberg, Harrelson, *Computing the Shortest Path: A\* Search Meets Graph Theory*
///   (2005).
public struct LandmarkIndex: Sendable {
    /// How many landmarks there may be.
    public static let countRange = ParameterRange(1...64)

    /// The landmarks in the order they were chosen.
    public let landmarks: [UInt32]
    let nodeCount: Int
    let isDirected: Bool
    /// What the graph looked like.
    let fingerprint: UInt64
    /// For each node the distances from all landmarks; in a directed graph those to them follow.
    /// Single precision: a bound is lowered by more than that loses.
    let table: [Float]

    init(
        landmarks: [UInt32], nodeCount: Int, isDirected: Bool, fingerprint: UInt64, table: [Float]
    ) {
        self.landmarks = landmarks
        self.nodeCount = nodeCount
        self.isDirected = isDirected
        self.fingerprint = fingerprint
        self.table = table
    }

    /// Chooses landmarks among what the node of most edges reaches, and finds their distances.
    ///
    /// - Parameter count: How many; fewer where the graph has fewer nodes to tell apart.
    /// - Throws: `.invalidParameter`; `.missingIncoming` on a directed graph without incoming rows;
    ///   `.negativeWeight`, naming the edge; `.invalidWeight` when distances are beyond single
    ///   precision; `.cancelled`.
    /// - Complexity: O(count × (edges + nodes × log nodes)) time; four bytes a landmark and node
    ///   of space, eight in a directed graph.
    public init(
        of graph: CSRGraph, count: Int, options: RunOptions = RunOptions()
    ) throws(AlgorithmError) {
        try Self.countRange.check(Double(count), name: "landmarks")
        var columns: [[Double]] = []
        var chosen: [UInt32] = []
        if graph.nodeCount > 0 {
            let forward = try LandmarkSearch(graph, options: options)
            let backward =
                graph.isDirected ? try LandmarkSearch(graph.reversed(), options: options) : nil
            var candidate = Self.start(graph)
            var nearest = try forward.distances(from: candidate)
            candidate = Self.farthest(nearest) ?? candidate
            // How far each node is from the landmarks so far; the first round is only a start.
            nearest = nearest.map { $0 < .infinity ? Double.greatestFiniteMagnitude : .infinity }
            while chosen.count < count {
                let distances = try forward.distances(from: candidate)
                chosen.append(candidate)
                columns.append(distances)
                if let backward { columns.append(try backward.distances(from: candidate)) }
                for node in nearest.indices { nearest[node] = min(nearest[node], distances[node]) }
                options.report("landmarks", chosen.count, of: count)
                guard let next = Self.farthest(nearest), nearest[Int(next)] > 0 else { break }
                candidate = next
            }
        }
        self.init(
            landmarks: chosen, nodeCount: graph.nodeCount, isDirected: graph.isDirected,
            fingerprint: GraphFingerprint.of(graph),
            table: try Self.table(columns, chosen.count, graph))
    }

    /// The node of most edges, the lowest of several.
    private static func start(_ graph: CSRGraph) -> UInt32 {
        var best: UInt32 = 0
        for node in 0..<UInt32(truncatingIfNeeded: graph.nodeCount)
        where graph.outgoing.degree(of: node) > graph.outgoing.degree(of: best) { best = node }
        return best
    }

    /// The node of the largest finite distance, the lowest of several.
    private static func farthest(_ distances: [Double]) -> UInt32? {
        var best: Int?
        for node in distances.indices where distances[node] < .infinity {
            if let found = best, distances[node] <= distances[found] { continue }
            best = node
        }
        return best.map { UInt32(truncatingIfNeeded: $0) }
    }

    /// Lays the distances out by node: those from all landmarks, then those to them.
    private static func table(
        _ columns: [[Double]], _ landmarks: Int, _ graph: CSRGraph
    ) throws(AlgorithmError) -> [Float] {
        let width = columns.count
        let step = graph.isDirected ? 2 : 1
        var table = [Float](repeating: 0, count: width * graph.nodeCount)
        for (index, column) in columns.enumerated() {
            let place = index / step + (index % step) * landmarks
            for node in column.indices {
                let value = Float(column[node])
                guard value < .infinity || column[node] == .infinity else {
                    throw AlgorithmError(
                        .invalidWeight,
                        "Cannot index landmarks: a distance is \(column[node]), beyond "
                            + "\(Float.greatestFiniteMagnitude). Scale the weights down.")
                }
                table[node * width + place] = value
            }
        }
        return table
    }

    /// Refuses a graph that the index was not made of.
    func check(_ graph: CSRGraph) throws(AlgorithmError) {
        guard nodeCount == graph.nodeCount, isDirected == graph.isDirected,
            fingerprint == GraphFingerprint.of(graph)
        else {
            throw AlgorithmError(
                .invalidParameter,
                "The landmarks were chosen in another graph, or this one has changed since. "
                    + "Build the index again.")
        }
    }

    /// Lower bounds on distances to a target.
    func estimate(to target: UInt32) -> LandmarkEstimate {
        LandmarkEstimate(self, target)
    }
}

/// Searches for distances by weight, or by edges without weights.
private struct LandmarkSearch {
    private let graph: CSRGraph
    private let weighted: DistanceSearch?
    private let options: RunOptions

    init(_ graph: CSRGraph, options: RunOptions) throws(AlgorithmError) {
        self.graph = graph
        self.options = options
        weighted =
            if let weights = graph.outgoing.weights {
                try DistanceSearch(graph, weights, for: "landmarks", options: options)
            } else { nil }
    }

    func distances(from node: UInt32) throws(AlgorithmError) -> [Double] {
        if let weighted { return try weighted.distances(from: node) }
        let level = try BreadthFirstSearch(sources: [node], hasParents: false)
            .run(on: graph, options: options)[0]
        return level.depths.map { $0 < 0 ? .infinity : Double($0) }
    }
}

/// The bounds that a landmark index gives for one target.
struct LandmarkEstimate: DistanceEstimate {
    private let table: [Float]
    private let width: Int
    private let landmarks: Int
    private let goal: [Float]

    init(_ index: LandmarkIndex, _ target: UInt32) {
        table = index.table
        landmarks = index.landmarks.count
        width = landmarks * (index.isDirected ? 2 : 1)
        goal = Array(table[(Int(target) * width)..<(Int(target) * width + width)])
    }

    @inline(__always)
    func distance(from node: UInt32) -> Double {
        var best: Float = 0
        let start = Int(node) &* width
        for landmark in 0..<landmarks {
            let here = table[start &+ landmark]
            let there = goal[landmark]
            if width == landmarks {
                best = max(best, Self.bound(max(here, there), min(here, there)))
            } else {
                let hereTo = table[start &+ landmarks &+ landmark]
                let thereTo = goal[landmarks &+ landmark]
                best = max(
                    best, max(Self.bound(there, here), Self.bound(hereTo, thereTo)))
            }
        }
        return Double(best)
    }

    /// `far - near`, lowered by more than single precision and sums in another order lose.
    ///
    /// Infinity when only `far` is: whoever is at a finite distance cannot get there.
    @inline(__always)
    private static func bound(_ far: Float, _ near: Float) -> Float {
        guard near < .infinity else { return 0 }
        return far - near - (far < .infinity ? (far + near) * 0x1p-21 + 0x1p-120 : 0)
    }
}

extension CSRGraph {
    /// The graph with every edge turned round.
    ///
    /// - Throws: `.missingIncoming`.
    func reversed() throws(AlgorithmError) -> CSRGraph {
        CSRGraph(
            nodeCount: nodeCount, edgeCount: edgeCount, isDirected: isDirected,
            outgoing: try requiredIncoming(for: "landmarks"), incoming: outgoing)
    }
}
