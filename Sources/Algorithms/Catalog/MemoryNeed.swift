/// How much memory a run takes at its peak, beside the graph: working columns and the answer.
///
/// The figures are upper ones of ordinary runs, measured and rounded up; a test measures them again
/// for all of the catalog. Of what grows with something else than the graph, the paths of an answer
/// are counted by `Lists`; the rest is left out.
public struct MemoryNeed: Hashable, Sendable {
    /// Bytes that grow with parameters too: for each node, times the values of some of them.
    public struct Term: Hashable, Sendable {
        /// Bytes for each node and unit.
        public let bytes: Int
        /// The parameters whose values are multiplied.
        public let parameters: [String]
        /// Whether only the nodes or pairs count that parameters name, where they name some.
        public let isOfStarts: Bool

        /// Makes a term.
        public init(_ bytes: Int, _ parameters: String..., isOfStarts: Bool = false) {
            self.bytes = bytes
            self.parameters = parameters
            self.isOfStarts = isOfStarts
        }
    }

    /// Bytes of lists of nodes, such as the paths of an answer, of which a parameter says how many
    /// there are at most.
    ///
    /// How long they are nobody knows before. Each is counted with all nodes of a small graph, and
    /// with `mostNodes` of a larger one: rarely do all of many lists have more.
    public struct Lists: Hashable, Sendable {
        /// The parameter that says how many lists there may be.
        public let parameter: String
        /// Bytes for each list, whatever its length.
        public let perList: Int
        /// Bytes for each node of a list.
        public let perNode: Int
        /// How many nodes of a list are counted at most.
        public let mostNodes: Int

        /// Makes a need.
        public init(_ parameter: String, perList: Int, perNode: Int, mostNodes: Int = 256) {
            self.parameter = parameter
            self.perList = perList
            self.perNode = perNode
            self.mostNodes = mostNodes
        }
    }

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
    /// The parameter that limits how many pairs there may be; nil when none does.
    public var pairLimit: String?
    /// How many of the nodes that parameters name one thread takes at once, so that few of them
    /// leave other threads idle; nil where threads share the work otherwise.
    public var startsPerThread: Int?
    /// Bytes that grow with parameters.
    public var terms: [Term]
    /// Bytes of lists of nodes; nil where the answer has none that a parameter limits.
    public var lists: Lists?

    /// Makes a need; what is not given is none.
    public init(
        perNode: Int = 0, perArc: Int = 0, perNodeAndThread: Int = 0, perNodeAndSource: Int = 0,
        perPair: Int = 0, pairLimit: String? = nil, startsPerThread: Int? = nil, terms: [Term] = [],
        lists: Lists? = nil
    ) {
        self.perNode = perNode
        self.perArc = perArc
        self.perNodeAndThread = perNodeAndThread
        self.perNodeAndSource = perNodeAndSource
        self.perPair = perPair
        self.pairLimit = pairLimit
        self.startsPerThread = startsPerThread
        self.terms = terms
        self.lists = lists
    }

    /// The bytes of a run.
    ///
    /// - Parameters:
    ///   - nodes: How many nodes the graph has.
    ///   - arcs: How many arcs stand in its rows, incoming ones counted too.
    ///   - sources: How many nodes or pairs parameters name.
    ///   - threads: How many threads work.
    ///   - value: The value of a parameter; one that has none counts once.
    /// - Returns: The estimate; `Int.max` when it is beyond that.
    public func bytes(
        nodes: Int, arcs: Int, sources: Int = 0, threads: Int = 1,
        value: (String) -> Double? = { _ in nil }
    ) -> Int {
        let nodes = Double(max(nodes, 0))
        var bytes = nodes * Double(perNode) + Double(max(arcs, 0)) * Double(perArc)
        let starts = sources > 0 ? min(Double(sources), nodes) : nodes
        var workers = Double(max(threads, 1))
        if let startsPerThread {
            workers = min(workers, max(1, (starts / Double(startsPerThread)).rounded(.up)))
        }
        bytes += nodes * Double(perNodeAndThread) * workers
        bytes += nodes * Double(perNodeAndSource) * Double(max(sources, 0))
        let mostPairs = pairLimit.flatMap(value) ?? .infinity
        bytes += min(nodes * nodes, mostPairs) * Double(perPair)
        for term in terms {
            let count = term.isOfStarts ? starts : nodes
            bytes += term.parameters.reduce(count * Double(term.bytes)) { $0 * (value($1) ?? 1) }
        }
        if let lists {
            let length = min(nodes, Double(lists.mostNodes))
            let perList = Double(lists.perList) + length * Double(lists.perNode)
            bytes += perList * (value(lists.parameter) ?? 1)
        }
        return Int(exactly: bytes.rounded(.up)) ?? .max
    }
}

extension MemoryNeed: CustomStringConvertible {
    /// As help pages tell it: `24 bytes a node and 8 an arc`.
    public var description: String {
        let fixed = [
            (perNode, "a node"), (perArc, "an arc"), (perNodeAndThread, "a node and thread"),
            (perNodeAndSource, "a node and source"),
            (perPair, "a pair of nodes" + (pairLimit.map { ", at most \($0)" } ?? "")),
        ]
        let terms = (fixed + terms.map { ($0.bytes, $0.unit) }).filter { $0.0 > 0 }
        guard let first = terms.first else { return "next to nothing" }
        var rest = terms.dropFirst().map { "\($0.0) \($0.1)" }
        if let lists {
            rest.append(
                "\(lists.perList) + \(lists.perNode) × min(nodes, \(lists.mostNodes)) for each of "
                    + lists.parameter)
        }
        let texts = ["\(first.0) bytes \(first.1)"] + rest
        guard let last = texts.last, texts.count > 1 else { return texts[0] }
        return texts.dropLast().joined(separator: ", ") + " and " + last
    }
}

extension MemoryNeed.Term {
    /// What the bytes are for each of.
    fileprivate var unit: String {
        let starts = isOfStarts && parameters.isEmpty ? "a source" : "a node"
        return ([starts] + parameters).joined(separator: " × ")
    }
}
