internal import GraphAlgorithms
internal import GraphStore
internal import PropertyGraph

/// `algo.*`: a kernel of the catalog on a projection of the graph, made from its descriptor.
///
/// `algo.name` gives a row for each node (or each record of the kernel's own), `algo.name.write`
/// keeps columns as properties of the nodes, `algo.name.stats` gives the summary.
struct AlgorithmProcedure: Procedure {
    enum Mode: CaseIterable {
        case stream, write, stats
    }

    let descriptor: AlgorithmDescriptor
    let mode: Mode
    let signature: ProcedureSignature

    /// What makes a file has nothing to give to a query.
    static let all: [any Procedure] = AlgorithmCatalog.all.filter { $0.documentEnding == nil }
        .flatMap { descriptor in
            Mode.allCases
                .filter { $0 == .stats || !descriptor.columns.isEmpty }
                .map { AlgorithmProcedure(descriptor: descriptor, mode: $0) }
        }

    init(descriptor: AlgorithmDescriptor, mode: Mode) {
        self.descriptor = descriptor
        self.mode = mode
        let base = "algo." + Self.camelCase(descriptor.name)
        let configuration = [ProcedureSignature.Field("configuration", "MAP?")]
        switch mode {
        case .stream:
            var outputs = descriptor.columns.map { ProcedureSignature.Field($0.name, "ANY?") }
            for extra in [Self.sourceColumn, Self.nodeColumn]
            where Self.gives(extra, descriptor)
                && !outputs.contains(where: { UTF8Order.equal($0.name, extra) })
            {
                outputs.insert(ProcedureSignature.Field(extra, "NODE?"), at: 0)
            }
            signature = ProcedureSignature(
                base, inputs: configuration, requiredInputs: 0, outputs: outputs,
                summary: descriptor.summary)
        case .write:
            signature = ProcedureSignature(
                base + ".write", inputs: configuration,
                outputs: [.init("nodesWritten", "INTEGER"), .init("summary", "MAP")],
                isWriting: true,
                summary: descriptor.summary + " Kept as the property `write` of the nodes.")
        case .stats:
            signature = ProcedureSignature(
                base + ".stats", inputs: configuration, requiredInputs: 0,
                outputs: [.init("summary", "MAP")], summary: descriptor.summary)
        }
    }

    private static let nodeColumn = "node"
    private static let sourceColumn = "source"

    /// Whether a column beside those of the kernel is given: the node always, the source where a
    /// kernel takes several.
    private static func gives(_ column: String, _ descriptor: AlgorithmDescriptor) -> Bool {
        column == nodeColumn || descriptor.parameters.contains { $0.name == "sources" }
    }

    /// `page-rank` as `pageRank`.
    private static func camelCase(_ name: String) -> String {
        let words = name.split(separator: "-")
        return words.enumerated().map { place, word in
            place == 0 ? String(word) : word.prefix(1).uppercased() + word.dropFirst()
        }.joined()
    }

    // MARK: Running

    func rows<T: GraphReading & ~Copyable>(
        _ call: ProcedureArguments, in transaction: borrowing T
    ) throws -> [[CypherValue]] {
        var request = try AlgorithmRequest(call, descriptor, signature.name)
        let (graph, output) = try request.run(on: transaction, call)
        guard mode == .stream else { return [[Self.summary(output, graph)]] }
        return streamed(output, graph, request.sources)
    }

    func update(
        _ call: ProcedureArguments, in transaction: inout WriteTransaction
    ) throws -> [[CypherValue]] {
        guard mode == .write else { return try rows(call, in: transaction) }
        var request = try AlgorithmRequest(call, descriptor, signature.name)
        let columns = try request.written(descriptor)
        let (graph, output) = try request.run(on: transaction, call)
        guard case .nodes = output.rows else {
            throw ProcedureFailure.argument(
                "\(signature.name) has no value for each node, so there is nothing to write.")
        }
        for (name, key) in columns {
            guard let column = output.column(name) else { continue }
            for node in 0..<graph.nodeCount {
                let value = column[node].flatMap { Self.stored($0, graph) }
                try transaction.setProperty(
                    key, of: NodeID(graph.id(of: UInt32(truncatingIfNeeded: node))), to: value)
            }
        }
        return [[.integer(Int64(graph.nodeCount)), Self.summary(output, graph)]]
    }

    /// A row for each node or record; where there are columns of several sources, for each source.
    private func streamed(
        _ output: AlgorithmOutput, _ graph: CSRGraph, _ sources: [String]
    ) -> [[CypherValue]] {
        var count = 0
        var isOfNodes = false
        switch output.rows {
        case .nodes: (count, isOfNodes) = (graph.nodeCount, true)
        case .records(let records): count = records
        }
        let searches: [String?] = sources.count > 1 ? sources.map { $0 } : [sources.first]
        var rows: [[CypherValue]] = []
        rows.reserveCapacity(count * searches.count)
        for search in searches {
            let columns = signature.outputs.map { field in
                output.column(field.name)
                    ?? search.flatMap { output.column("\(field.name)_\($0)") }
            }
            let source = search.flatMap(UInt64.init).map { CypherValue.node(Node(id: NodeID($0))) }
            for row in 0..<count {
                rows.append(
                    zip(signature.outputs, columns).map { field, column in
                        if let column { return Self.value(column[row], graph) }
                        if field.name == Self.sourceColumn { return source ?? .null }
                        guard isOfNodes, field.name == Self.nodeColumn else { return .null }
                        return Self.value(.node(UInt32(truncatingIfNeeded: row)), graph)
                    })
            }
        }
        return rows
    }

    private static func summary(_ output: AlgorithmOutput, _ graph: CSRGraph) -> CypherValue {
        .map(
            Dictionary(output.summary.map { ($0.name, value($0.value, graph)) }) { $1 })
    }

    private static func value(_ value: OutputValue?, _ graph: CSRGraph) -> CypherValue {
        switch value {
        case nil: .null
        case .integer(let number): .integer(number)
        case .double(let number): .float(number)
        case .string(let text): .string(text)
        case .boolean(let truth): .boolean(truth)
        case .node(let node): .node(Node(id: NodeID(graph.id(of: node))))
        case .nodes(let nodes): .list(nodes.map { .node(Node(id: NodeID(graph.id(of: $0)))) })
        case .vector(let numbers): .list(numbers.map { .float(Double($0)) })
        }
    }

    /// As a property; nodes by their ids.
    private static func stored(_ value: OutputValue, _ graph: CSRGraph) -> PropertyValue? {
        switch value {
        case .integer(let number): .integer(number)
        case .double(let number): .double(number)
        case .string(let text): .string(text)
        case .boolean(let truth): .boolean(truth)
        case .node(let node): .integer(Int64(bitPattern: graph.id(of: node)))
        case .nodes(let nodes):
            .list(nodes.map { .integer(Int64(bitPattern: graph.id(of: $0))) })
        case .vector(let numbers): .list(numbers.map { .double(Double($0)) })
        }
    }
}
