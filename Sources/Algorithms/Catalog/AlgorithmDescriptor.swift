public import PropertyGraph

/// An algorithm as command line, server and help pages see it: name, parameters, and how to run
/// it on texts.
public struct AlgorithmDescriptor: Sendable {
    /// The group an algorithm is listed under.
    public enum Family: String, Sendable, CaseIterable {
        /// Which nodes matter.
        case centrality
        /// Ways between nodes.
        case paths
        /// What hangs together.
        case components
        /// Groups of nodes that belong together.
        case community
        /// Triangles, cores and trusses.
        case cohesion
        /// Orders and cycles of directed graphs.
        case order
        /// Which nodes are alike, and which edges are missing.
        case similarity
        /// Nodes as vectors.
        case embedding
        /// Spanning trees and flows.
        case flow
        /// Counts and measures of the whole graph.
        case statistics

        /// What the family answers, as a heading says it.
        public var summary: String {
            switch self {
            case .centrality: "Which nodes matter"
            case .paths: "Ways between nodes"
            case .components: "What hangs together"
            case .community: "Groups of nodes that belong together"
            case .cohesion: "Triangles, cores and trusses"
            case .order: "Orders and cycles of directed graphs"
            case .similarity: "Which nodes are alike, and which edges are missing"
            case .embedding: "Nodes as vectors"
            case .flow: "Spanning trees and flows"
            case .statistics: "Counts of the whole graph"
            }
        }
    }

    /// Whether something of the graph is used.
    public enum Use: String, Sendable {
        /// It makes no difference.
        case unused
        /// It is used when it is there.
        case optional
        /// Without it the algorithm refuses to run.
        case required
    }

    /// Which weights an algorithm takes; others end the run with `.negativeWeight` or
    /// `.invalidWeight`.
    public enum WeightRange: String, Sendable {
        /// Any number, infinity too.
        case any = "any number"
        /// Any number but minus infinity; an edge of infinite weight is no way.
        case aboveMinusInfinity =
            "any number; an infinite one is no way, and none is minus infinity"
        /// Any number but infinity.
        case finite = "any number but infinity"
        /// No number below zero; an edge of infinite weight is no way.
        case notNegative = "0 or more; an infinite one is no way"
        /// Numbers that can be summed up.
        case summable = "0 or more, none infinite"
        /// Numbers above zero.
        case positive = "above 0, none infinite"
    }

    /// What the algorithm needs the graph to be.
    public struct Needs: Hashable, Sendable {
        /// Weights on the edges.
        public let weights: Use
        /// Which weights it takes, where it uses them.
        public let weightRange: WeightRange
        /// The rows of incoming edges (an undirected graph always has them).
        public let incoming: Use
        /// `true`: a directed graph; `false`: an undirected one; nil: either.
        public let isDirected: Bool?

        /// Makes the needs.
        public init(
            weights: Use = .unused, _ weightRange: WeightRange = .notNegative,
            incoming: Use = .unused, isDirected: Bool? = nil
        ) {
            self.weights = weights
            self.weightRange = weightRange
            self.incoming = incoming
            self.isDirected = isDirected
        }
    }

    /// A column or a summary field of the answer.
    public struct Field: Hashable, Sendable {
        /// Its name.
        public let name: String
        /// What it holds, with its unit.
        public let help: String

        /// Makes a field.
        public init(_ name: String, _ help: String) {
            self.name = name
            self.help = help
        }
    }

    /// Runs the algorithm on values that were already read and checked.
    public typealias Body =
        @Sendable (CSRGraph, ParameterValues, RunOptions) throws(AlgorithmError) -> AlgorithmOutput

    /// Its name as typed.
    public let name: String
    /// The group it is listed under.
    public let family: Family
    /// What it computes, in one line.
    public let summary: String
    /// Its parameters, in the order to list them.
    public let parameters: [ParameterDescriptor]
    /// What it needs the graph to be.
    public let needs: Needs
    /// The columns of the answer.
    public let columns: [Field]
    /// The fields of the summary.
    public let summaryFields: [Field]
    /// Time and space.
    public let complexity: String
    /// The paper or specification it follows.
    public let citation: String
    /// How much memory a run takes beside the graph.
    public let memory: MemoryNeed
    /// The usual ending of the file that the algorithm makes (`AlgorithmOutput.document`); nil when
    /// it makes none.
    public let documentEnding: String?
    private let body: Body

    /// Makes a descriptor.
    public init(
        name: String, family: Family, summary: String, parameters: [ParameterDescriptor] = [],
        needs: Needs = Needs(), columns: [Field] = [], summaryFields: [Field] = [],
        complexity: String, citation: String, memory: MemoryNeed,
        documentEnding: String? = nil, body: @escaping Body
    ) {
        self.name = name
        self.family = family
        self.summary = summary
        self.parameters = parameters
        self.needs = needs
        self.columns = columns
        self.summaryFields = summaryFields
        self.complexity = complexity
        self.citation = citation
        self.memory = memory
        self.documentEnding = documentEnding
        self.body = body
    }

    /// Checks the parameters' texts as `run` does, but for the nodes they name: what can be refused
    /// before a graph is loaded.
    ///
    /// - Throws: `.unknownParameter` with a suggestion, `.missingParameter`, `.invalidParameter` with
    ///   the range.
    public func check(parameters: [String: String]) throws(AlgorithmError) {
        let values = try ParameterValues(
            texts: parameters, descriptors: self.parameters, algorithm: name, resolve: { _ in 0 },
            readFile: { _ throws(AlgorithmError) in [] })
        // What takes one source or several needs one at least.
        let starts = self.parameters.filter { $0 == .source || $0 == .sources }
        if starts.count == 2 { _ = try values.sourceNodes() }
    }

    /// About how many bytes a run takes beside the graph; see `memory`.
    public func estimatedBytes(
        on graph: CSRGraph, parameters: [String: String] = [:], threads: Int = 1
    ) -> Int {
        let sources = self.parameters.reduce(0) { sum, parameter in
            guard let text = parameters[parameter.name] else { return sum }
            switch parameter.kind {
            case .node: return sum + 1
            case .nodes, .pairs: return sum + text.utf8.count { $0 == 0x2C } + 1
            default: return sum
            }
        }
        let arcs = graph.outgoing.arcCount
        let incoming = graph.isDirected ? graph.incoming?.arcCount ?? 0 : 0
        return memory.bytes(
            nodes: graph.nodeCount, arcs: arcs + incoming, sources: sources, threads: threads
        ) { name in
            let descriptor = self.parameters.first { UTF8Order.equal($0.name, name) }
            return (parameters[name] ?? descriptor?.defaultValue).flatMap { Double($0) }
        }
    }

    /// The node columns that a run reads, by the parameters it is given: of a database, properties
    /// to project beside the nodes.
    public func nodeColumns(parameters: [String: String]) -> [String] {
        self.parameters.flatMap { parameter -> [String] in
            guard let text = parameters[parameter.name] else { return [] }
            if parameter.kind == .column { return [text] }
            return parameter.defaultValue.map { UTF8Order.equal($0, text) } ?? false
                ? [] : parameter.columns
        }
    }

    /// Reads the parameters' texts, checks them, and runs the algorithm.
    ///
    /// - Parameters:
    ///   - graph: The graph; see `needs`.
    ///   - parameters: Texts by name, as in `damping=0.9`.
    ///   - options: Threads, cancellation, progress, seed.
    ///   - resolve: Finds the dense index of a node by the text of its id or key; nil when there is
    ///     no such node. Without it, texts are the graph's own numeric ids.
    ///   - readFile: Reads the file that a parameter names; without it such parameters are refused.
    /// - Throws: `AlgorithmError`: `.unknownParameter` with a suggestion, `.missingParameter`,
    ///   `.invalidParameter` with the range, `.nodeNotFound`, and what the kernel throws.
    public func run(
        on graph: CSRGraph, parameters: [String: String] = [:], options: RunOptions = RunOptions(),
        resolve: ((String) -> UInt32?)? = nil,
        readFile: ((String) throws(AlgorithmError) -> [UInt8])? = nil
    ) throws(AlgorithmError) -> AlgorithmOutput {
        let resolver = resolve ?? { text in UInt64(text).flatMap { graph.index(ofID: $0) } }
        let values = try ParameterValues(
            texts: parameters, descriptors: self.parameters, algorithm: name, resolve: resolver,
            readFile: readFile)
        try checkNeeds(graph)
        return try body(graph, values, options)
    }

    private func checkNeeds(_ graph: CSRGraph) throws(AlgorithmError) {
        if needs.isDirected == true { try graph.requireDirected(for: name) }
        if needs.isDirected == false, graph.isDirected {
            throw AlgorithmError(
                .notSymmetric,
                "Cannot run \(name): the graph is directed. Project it as undirected.")
        }
        if needs.incoming == .required { _ = try graph.requiredIncoming(for: name) }
        if needs.weights == .required, !graph.isWeighted {
            throw AlgorithmError(
                .missingWeights,
                "Cannot run \(name): the graph has no weights. Name a weight property or column.")
        }
    }
}
