public import GraphStore
internal import PropertyGraph

/// The rows of a query.
public struct QueryResult: Sendable {
    /// The names of the columns, in order.
    public let columns: [String]
    /// A value for each column, row by row.
    public let rows: [[CypherValue]]
    /// The plan, of a query that began with EXPLAIN or PROFILE.
    public let plan: PlanOperator?

    init(columns: [String], rows: [[CypherValue]], plan: PlanOperator? = nil) {
        self.columns = columns
        self.rows = rows
        self.plan = plan
    }
}

/// How a query runs.
public struct QueryOptions: Sendable {
    /// What it may use.
    public var limits = QueryLimits()
    /// The procedures it can call.
    public var procedures = ProcedureRegistry()
    /// Whether a query that would change the graph is refused.
    public var isReadOnly = false
    /// Whether clauses run as they are written, without a choice of order and indexes; for tests.
    public var isNaive = false
    /// The earlier moment that is read; nil for the newest. A query that changes the graph is then
    /// refused.
    public var asOf: PastMoment?
    /// When rows and columns that are not held are made; for tests.
    var making = DerivedGraphs.Making.whenItPays

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
    /// is all or nothing: when it fails, nothing of it stays. What was parsed and planned is kept
    /// for the next query of the same text.
    ///
    /// - Throws: `CypherError`, with its place in the text; `GraphStoreError`.
    public func query(
        _ text: String, parameters: [String: CypherValue] = [:],
        options: QueryOptions = QueryOptions()
    ) throws -> QueryResult {
        let queries = queries
        return try run(queries.prepared(text, options), parameters, options, queries)
    }

    /// Parses and checks a query once, to run it many times.
    ///
    /// - Throws: `CypherError` for everything that is wrong with the text.
    public func prepare(
        _ text: String, options: QueryOptions = QueryOptions()
    ) throws -> PreparedQuery {
        try queries.prepared(text, options)
    }

    /// Runs a query that was prepared with the same procedures.
    public func query(
        _ query: PreparedQuery, parameters: [String: CypherValue] = [:],
        options: QueryOptions = QueryOptions()
    ) throws -> QueryResult {
        try run(query, parameters, options, queries)
    }

    /// The plan of a query, which does not run.
    ///
    /// - Throws: `CypherError`; `GraphStoreError`.
    public func explain(
        _ text: String, options: QueryOptions = QueryOptions()
    ) throws -> PlanOperator {
        let prepared = try queries.prepared(text, options)
        return try read { try prepared.explained(options, $0) }
    }

    /// Parses and plans a query, or finds it parsed and planned, and does not run it.
    ///
    /// - Throws: `CypherError`; `GraphStoreError`.
    public func plan(_ text: String, options: QueryOptions = QueryOptions()) throws {
        let prepared = try queries.prepared(text, options)
        _ = try read { try prepared.compiled(options, $0) }
    }

    /// Runs a query and tells what each operator of its plan did.
    ///
    /// - Throws: As `query`.
    public func profile(
        _ text: String, parameters: [String: CypherValue] = [:],
        options: QueryOptions = QueryOptions()
    ) throws -> QueryResult {
        let queries = queries
        return try run(
            queries.prepared(text, options), parameters, options, queries, isProfiled: true)
    }

    private func run(
        _ prepared: PreparedQuery, _ parameters: [String: CypherValue], _ options: QueryOptions,
        _ queries: QueryRegistry, isProfiled: Bool = false
    ) throws -> QueryResult {
        let setting = QuerySetting(
            prepared, parameters, options, isProfiled: isProfiled || prepared.mode == .profile,
            database: self, shared: queries.derived)
        queries.begin(setting)
        defer { queries.end(setting) }
        do {
            return try run(prepared, setting)
        } catch {
            throw located(error, at: prepared.range)
        }
    }

    private func run(
        _ prepared: PreparedQuery, _ setting: QuerySetting
    ) throws -> QueryResult {
        let options = setting.options
        if case .schema(let command) = prepared.kind {
            if prepared.mode != .run { throw PreparedQuery.notPlanned }
            try prepared.refusePast(options)
            try prepared.refuseChange(if: command.isChanging, options)
            return try SchemaCommands.run(command, on: self, options.procedures)
        }
        let moment = try prepared.moment(setting.values) ?? options.asOf
        if prepared.mode == .explain {
            let plan = try read { try prepared.explained(options, $0) }
            return plan.result(columns: prepared.columns)
        }
        let result = try transact(prepared, setting, moment)
        guard prepared.mode == .profile else { return result }
        return result.plan?.result(columns: result.columns) ?? result
    }

    private func transact(
        _ prepared: PreparedQuery, _ setting: QuerySetting, _ moment: PastMoment?
    ) throws -> QueryResult {
        if prepared.isUpdating {
            try prepared.refuseChange(if: true, setting.options)
            try prepared.refusePast(setting.options)
            if prepared.isBatched { return try prepared.updateInBatches(setting, self) }
            return try write { txn in try prepared.update(setting, &txn) }
        }
        guard let moment else {
            return try read { txn in try prepared.read(setting, txn, isNewest: true) }
        }
        do {
            return try read(asOf: moment) { txn in
                try prepared.read(setting, txn, isNewest: false)
            }
        } catch {
            throw located(error, at: prepared.momentRange)
        }
    }
}

extension ReadTransaction {
    /// Runs a query that only reads on this snapshot.
    ///
    /// - Throws: `CypherError`, also for a query that would change the graph; `GraphStoreError`.
    public func query(
        _ text: String, parameters: [String: CypherValue] = [:],
        options: QueryOptions = QueryOptions()
    ) throws -> QueryResult {
        let prepared = try PreparedQuery(text, options)
        try prepared.requirePlain()
        guard !prepared.isUpdating else {
            throw PreparedQuery.readOnly
        }
        return try prepared.read(
            QuerySetting(prepared, parameters, options), self, isNewest: false)
    }

    /// Calls `body` with each row of a query as it is found; false ends the query.
    ///
    /// Nothing is kept but what sorting and grouping need, so a result may be larger than memory.
    ///
    /// - Throws: What `body` throws; as `query`.
    public func forEachRow(
        of text: String, parameters: [String: CypherValue] = [:],
        options: QueryOptions = QueryOptions(), _ body: ([CypherValue]) throws -> Bool
    ) throws {
        let prepared = try PreparedQuery(text, options)
        try prepared.requirePlain()
        guard !prepared.isUpdating else { throw PreparedQuery.readOnly }
        try prepared.forEachRow(QuerySetting(prepared, parameters, options), self, body)
    }
}

extension WriteTransaction {
    /// Runs a query in this transaction, which sees and makes its changes.
    ///
    /// ```swift
    /// try db.write { txn in
    ///     _ = try txn.query("CREATE (:Person {name: 'Ada'})")
    ///     _ = try txn.query("MATCH (p:Person {name: 'Ada'}) SET p.seen = true")
    /// }
    /// ```
    ///
    /// When it throws, what it changed so far stays in the transaction: let the error end it.
    public mutating func query(
        _ text: String, parameters: [String: CypherValue] = [:],
        options: QueryOptions = QueryOptions()
    ) throws -> QueryResult {
        let prepared = try PreparedQuery(text, options)
        return try run(prepared, parameters, options)
    }

    mutating func run(
        _ prepared: PreparedQuery, _ parameters: [String: CypherValue], _ options: QueryOptions
    ) throws -> QueryResult {
        if case .schema(let command) = prepared.kind {
            try prepared.refuseChange(if: command.isChanging, options)
            return try SchemaCommands.run(command, in: &self, options.procedures)
        }
        try prepared.requirePlain()
        if prepared.isUpdating { try prepared.refuseChange(if: true, options) }
        let setting = QuerySetting(prepared, parameters, options)
        return try prepared.isUpdating
            ? prepared.update(setting, &self) : prepared.read(setting, self, isNewest: false)
    }
}
