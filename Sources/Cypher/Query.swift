public import GraphStore
internal import PropertyGraph

/// The rows of a query.
public struct QueryResult: Sendable {
    /// The names of the columns, in order.
    public let columns: [String]
    /// A value for each column, row by row.
    public let rows: [[CypherValue]]
}

/// How a query runs.
public struct QueryOptions: Sendable {
    /// What it may use.
    public var limits = QueryLimits()
    /// The procedures it can call.
    public var procedures = ProcedureRegistry()
    /// The earlier moment that is asked about; nil for now. `USE AT` in a query comes before it.
    public var moment: PastMoment?
    /// Whether a query that would change the graph is refused.
    public var isReadOnly = false
    /// Whether clauses run as they are written, without a choice of order and indexes; for tests.
    public var isNaive = false

    /// The standard options.
    public init() {}
}

extension GraphDatabase {
    /// Runs an openCypher query as one transaction and returns its rows.
    ///
    /// ```swift
    /// let result = try db.query(
    ///     "MATCH (p:Person {name: $name})-[:KNOWS]->(q) RETURN q.name AS name",
    ///     parameters: ["name": .string("Ada")])
    /// for row in result.rows { print(row[0]) }
    /// ```
    ///
    /// A query that only reads runs in a snapshot and blocks no writer. One that changes the graph
    /// is all or nothing: when it fails, nothing of it stays.
    ///
    /// - Throws: `CypherError`, with its place in the text; `GraphStoreError`.
    public func query(
        _ text: String, parameters: [String: CypherValue] = [:],
        options: QueryOptions = QueryOptions()
    ) throws -> QueryResult {
        let prepared = try PreparedQuery(text, options)
        let values = parameters.mapValues { Value($0) }
        try prepared.refusePast(options)
        switch prepared.kind {
        case .schema(let command):
            try prepared.refuseChange(if: command.isChanging, options)
            return try SchemaCommands.run(command, on: self)
        case .query where prepared.isUpdating:
            try prepared.refuseChange(if: true, options)
            return try write { txn in try prepared.update(values, options, &txn) }
        case .query:
            if let moment = try moment(of: prepared, parameters, options) {
                return try read(asOf: moment) { txn in try prepared.read(values, options, txn) }
            }
            return try read { txn in try prepared.read(values, options, txn) }
        }
    }
}

/// A query that was parsed and checked.
struct PreparedQuery: Sendable {
    let text: SourceText
    let kind: Statement.Kind
    let columns: [String]
    let isUpdating: Bool
    /// What follows `USE AT`.
    let asOf: Expression?
    /// The words of the query, among which are the names of its labels, types and keys.
    private let words: Set<String>

    init(_ query: String, _ options: QueryOptions) throws {
        text = SourceText(query)
        let statement = try Parser.statement(query)
        kind = statement.kind
        asOf = statement.asOf
        words = Set(try Lexer.tokens(of: query).map(\.text))
        guard case .query(let tree) = statement.kind else {
            (columns, isUpdating) = ([], false)
            return
        }
        let procedures = options.procedures
        columns = try SemanticCheck.columns(of: tree, in: text) { procedures.signature(of: $0) }
        isUpdating = tree.isUpdating
    }

    func refuseChange(if isChanging: Bool, _ options: QueryOptions) throws {
        guard isChanging, options.isReadOnly else { return }
        throw CypherError(
            .semanticError, .compileTime, CypherError.Detail(rawValue: "ReadOnly"),
            "This query changes the graph, and only reading is allowed here.")
    }

    // MARK: Running

    private func compiled<T: GraphReading & ~Copyable>(
        _ options: QueryOptions, _ txn: borrowing T
    ) throws -> (plan: QueryPlan, slots: Int) {
        guard case .query(let tree) = kind else { return (QueryPlan(), 0) }
        let procedures = options.procedures
        var compiler = Compiler(
            text: text, knowledge: options.isNaive ? .nothing : try knowledge(txn),
            isNaive: options.isNaive, procedures: { procedures.signature(of: $0) })
        let plan = try compiler.plan(tree)
        return (plan, compiler.slotCount)
    }

    private func knowledge<T: GraphReading & ~Copyable>(
        _ txn: borrowing T
    ) throws -> Compiler.Knowledge {
        var nodes: [Label: Int] = [:]
        for label in try txn.labels() where words.contains(label.name) {
            nodes[label] = try txn.nodeCount(label: label)
        }
        var edges: [EdgeType: Int] = [:]
        for type in try txn.edgeTypes() where words.contains(type.name) {
            edges[type] = try txn.edgeCount(type: type)
        }
        let allNodes = try txn.nodeCount()
        let allEdges = try txn.edgeCount()
        var indexes: Set<Compiler.IndexKey> = []
        for object in try txn.schemaObjects()
        where object.entity == .node && object.properties.count == 1 {
            if object.kind.isOrdered, let key = object.properties.first {
                indexes.insert(
                    Compiler.IndexKey(label: Label(object.labelOrType), property: key))
            }
        }
        return Compiler.Knowledge(
            nodeCount: { [nodes] label in label.map { nodes[$0] ?? 0 } ?? allNodes },
            hasIndex: { [indexes] in
                indexes.contains(Compiler.IndexKey(label: $0, property: $1))
            },
            edgeCount: { [edges] type in type.map { edges[$0] ?? 0 } ?? allEdges })
    }

    private func execution(
        _ values: [String: Value], _ options: QueryOptions, slots: Int
    ) -> Execution {
        Execution(
            slotCount: slots, parameters: values, procedures: options.procedures,
            limits: options.limits, clock: SystemTime.now())
    }

    func read<T: GraphReading & ~Copyable>(
        _ values: [String: Value], _ options: QueryOptions, _ txn: borrowing T
    ) throws -> QueryResult {
        let (plan, slots) = try compiled(options, txn)
        let execution = execution(values, options, slots: slots)
        var rows: [[CypherValue]] = []
        _ = try execution.run(plan, txn) {
            try check(rows.count, options)
            try execution.keep(48 + plan.outputs.count * MemoryLayout<CypherValue>.stride)
            rows.append(
                try plan.outputs.map { try execution.materialise(execution.slots[$0], txn) })
            return true
        }
        return QueryResult(columns: columns, rows: columns.isEmpty ? [] : rows)
    }

    func update(
        _ values: [String: Value], _ options: QueryOptions, _ txn: inout WriteTransaction
    ) throws -> QueryResult {
        let (plan, slots) = try compiled(options, txn)
        let execution = execution(values, options, slots: slots)
        var rows: [[CypherValue]] = []
        for frame in try execution.update(plan, &txn) where !columns.isEmpty {
            try check(rows.count, options)
            rows.append(try plan.outputs.map { try execution.materialise(frame[$0], txn) })
        }
        return QueryResult(columns: columns, rows: rows)
    }

    private func check(_ rows: Int, _ options: QueryOptions) throws {
        guard let most = options.limits.rows, rows >= most else { return }
        throw CypherError(
            .limitExceeded, .runtime, CypherError.Detail(rawValue: "LimitExceeded"),
            "The query gives more than \(most) rows, which is the limit. Add a LIMIT, or raise "
                + "`rows`.")
    }
}

/// A text of several statements.
public enum CypherScript {
    /// The statements of a script, which end with semicolons; blank ones are left out.
    ///
    /// - Throws: `CypherError` where a string or comment does not end.
    public static func statements(of script: String) throws -> [String] {
        let text = SourceText(script)
        var statements: [String] = []
        var start: Int?
        for token in try Lexer.tokens(of: script) {
            if token.isSign(.semicolon) || token.kind == .end {
                if let first = start {
                    statements.append(
                        text.text(SourceRange(start: first, end: token.range.start)))
                }
                start = nil
            } else if start == nil {
                start = token.range.start
            }
        }
        return statements
    }
}
