/// How much memory a run takes at its peak, beside the graph: working columns and the answer.
///
/// The figures are upper ones of ordinary runs, measured on skewed random graphs and rounded up;
/// what grows with something else than the graph (paths of an answer, for instance) is left out.
public struct MemoryNeed: Hashable, Sendable {
    /// Bytes for each node.
    public var perNode: Int
    /// Bytes for each arc; an undirected edge is two, and a directed one is two with its incoming
    /// row.
    public var perArc: Int
    /// Bytes for each node and thread.
    public var perNodeAndThread: Int
    /// Bytes for each node and each of the nodes or pairs that parameters name.
    public var perNodeAndSource: Int
    /// Bytes for each pair of nodes.
    public var perPair: Int

    /// Makes a need; what is not given is none.
    public init(
        perNode: Int = 0, perArc: Int = 0, perNodeAndThread: Int = 0, perNodeAndSource: Int = 0,
        perPair: Int = 0
    ) {
        self.perNode = perNode
        self.perArc = perArc
        self.perNodeAndThread = perNodeAndThread
        self.perNodeAndSource = perNodeAndSource
        self.perPair = perPair
    }

    /// For an algorithm that nobody has measured: some columns over nodes, a copy of the rows.
    public static let unmeasured = MemoryNeed(perNode: 64, perArc: 16)

    /// The bytes of a run.
    ///
    /// - Parameters:
    ///   - nodes: How many nodes the graph has.
    ///   - arcs: How many arcs stand in its rows, incoming ones counted too.
    ///   - sources: How many nodes or pairs parameters name.
    ///   - threads: How many threads work.
    /// - Returns: The estimate; `Int.max` when it is beyond that.
    public func bytes(nodes: Int, arcs: Int, sources: Int = 0, threads: Int = 1) -> Int {
        let nodes = Double(max(nodes, 0))
        var bytes = nodes * Double(perNode) + Double(max(arcs, 0)) * Double(perArc)
        bytes += nodes * Double(perNodeAndThread) * Double(max(threads, 1))
        bytes += nodes * Double(perNodeAndSource) * Double(max(sources, 0))
        bytes += nodes * nodes * Double(perPair)
        return Int(exactly: bytes.rounded(.up)) ?? .max
    }
}

extension MemoryNeed: CustomStringConvertible {
    /// As help pages tell it: `24 bytes a node and 8 an arc`.
    public var description: String {
        let terms = [
            (perNode, "a node"), (perArc, "an arc"), (perNodeAndThread, "a node and thread"),
            (perNodeAndSource, "a node and source"), (perPair, "a pair of nodes"),
        ].filter { $0.0 > 0 }
        guard let first = terms.first else { return "next to nothing" }
        let rest = terms.dropFirst().map { "\($0.0) \($0.1)" }
        let texts = ["\(first.0) bytes \(first.1)"] + rest
        guard let last = texts.last, texts.count > 1 else { return texts[0] }
        return texts.dropLast().joined(separator: ", ") + " and " + last
    }
}
