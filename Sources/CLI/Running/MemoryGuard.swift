import GraphAlgorithms
import PropertyGraph

/// Refuses what would not fit into memory, before it is begun.
struct MemoryGuard {
    /// How many bytes may be taken beside what the process has; nil when nobody knows.
    private let free: Int?
    /// Whether the user set that himself.
    private let isSet: Bool
    private let isForced: Bool

    /// - Parameters:
    ///   - limit: How much the user allows in all; nil for what the machine has free.
    ///   - isForced: Whether everything is let through.
    init(limit: Int?, isForced: Bool) {
        self.isForced = isForced
        isSet = limit != nil
        free = isForced ? nil : limit ?? MachineMemory.freeBytes()
    }

    /// Refuses a file of edges that is larger, loaded, than what is free.
    func check(loading path: String, weighted: Bool) throws {
        guard let free, let estimate = EdgeFileEstimate(path), !isForced else { return }
        let bytes = estimate.bytes(weighted: weighted)
        guard bytes > free else { return }
        throw CommandError.failure(
            "'\(path)' holds about \(NumberText.grouped(estimate.edges)) edges, which take about "
                + "\(NumberText.bytes(bytes)) to load; \(words(free)). \(Self.advice)")
    }

    /// Refuses a part of a database that is larger, projected, than what is free.
    func check(projecting path: String, nodes: Int, edges: Int, columns: Int, weighted: Bool) throws
    {
        guard let free, !isForced else { return }
        // Edges as they are read, beside the rows of both directions as they are sorted.
        let bytes = nodes * (48 + 16 * columns) + edges * (weighted ? 72 : 40)
        guard bytes > free else { return }
        throw CommandError.failure(
            "The part of '\(path)' has up to \(NumberText.counted(nodes, "node")) and "
                + "\(NumberText.counted(edges, "edge")), which take about "
                + "\(NumberText.bytes(bytes)) to project; \(words(free)). \(Self.advice)")
    }

    /// Refuses a run that takes more than what is free.
    func check(
        _ algorithm: AlgorithmDescriptor, on graph: CSRGraph, parameters: [String: String],
        threads: Int
    ) throws {
        guard let free, !isForced else { return }
        let bytes = algorithm.estimatedBytes(on: graph, parameters: parameters, threads: threads)
        guard bytes > free else { return }
        throw CommandError.failure(
            "\(algorithm.name) takes about \(NumberText.bytes(bytes)) on "
                + "\(NumberText.counted(graph.nodeCount, "node")) and "
                + "\(NumberText.counted(graph.edgeCount, "edge")); \(words(free)). \(Self.advice)")
    }

    private func words(_ free: Int) -> String {
        isSet
            ? "--memory allows \(NumberText.bytes(free))" : "\(NumberText.bytes(free)) are free"
    }

    private static let advice =
        "Take a part of the graph, or pass --force to try all the same."
}

/// About how much a file of edges holds, from its size and its first lines.
struct EdgeFileEstimate {
    let edges: Int

    /// Nil for what has no size: pipes, standard input, and compressed files.
    init?(_ path: String) {
        guard let size = SystemCalls.fileSize(path), size > 1 << 20,
            let head = SystemCalls.head(of: path, 1 << 16), head.count > 2,
            !(head[0] == 0x1F && head[1] == 0x8B)
        else { return nil }
        let lines = head.reduce(0) { $1 == 0x0A ? $0 + 1 : $0 }
        edges = Int(Double(size) / Double(head.count) * Double(max(lines, 1)))
    }

    /// What loading takes at its peak: parsed columns beside the rows of both directions.
    func bytes(weighted: Bool) -> Int { edges * (weighted ? 48 : 24) }
}
