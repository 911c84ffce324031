internal import GraphStore
internal import PropertyGraph
internal import Synchronization

/// A query that was parsed and checked, and is planned when it first runs.
///
/// It may be shared among threads. Its plan is made anew when the schema changes, or the counts
/// that it was chosen by.
public final class PreparedQuery: Sendable {
    /// The text as it was given.
    public let query: String
    let text: SourceText
    let kind: Statement.Kind
    let mode: Statement.Mode
    private let asOf: Expression?
    /// The names of the columns that it gives.
    public let columns: [String]
    /// Whether it changes the graph.
    public let isUpdating: Bool
    /// Whether a subquery of it runs in transactions of its own.
    let isBatched: Bool
    /// The words of the query, among which are the names of its labels, types and keys.
    private let words: Set<String>
    /// A parameter, and where it stands first.
    struct Parameter: Sendable {
        let name: String
        let range: SourceRange
    }

    /// The parameters that it uses.
    let parameters: [Parameter]
    private let known = Mutex<KnownPlan?>(nil)

    /// By reference: it is handed over for every run.
    private final class KnownPlan: Sendable {
        let plan: CompiledPlan
        let facts: PlanningFacts
        /// The last position at which it was found to fit.
        let position: Atomic<UInt64>
        static let noPosition = UInt64.max

        init(plan: CompiledPlan, facts: PlanningFacts, position: UInt64) {
            self.plan = plan
            self.facts = facts
            self.position = Atomic(position)
        }
    }

    init(_ query: String, _ options: QueryOptions) throws {
        self.query = query
        text = SourceText(query)
        let tokens = try Lexer.tokens(of: query)
        let statement = try Parser.statement(query, tokens)
        kind = statement.kind
        mode = statement.mode
        asOf = statement.asOf
        words = Set(tokens.lazy.filter(\.canBeName).map(\.text))
        var seen: Set<String> = []
        var parameters: [Parameter] = []
        for token in tokens where token.kind == .parameter && seen.insert(token.text).inserted {
            parameters.append(Parameter(name: token.text, range: token.range))
        }
        self.parameters = parameters
        guard case .query(let tree) = statement.kind else {
            (columns, isUpdating, isBatched) = ([], false, false)
            return
        }
        let procedures = options.procedures
        columns = try SemanticCheck.columns(of: tree, in: text) { procedures.signature(of: $0) }
        isBatched = tree.isBatched
        if isBatched, tree.isUnionAll == false {
            throw CypherError.syntax(
                .invalidClauseComposition,
                "A subquery in transactions cannot stand in a UNION that drops duplicates. Write "
                    + "UNION ALL.", at: tree.range)
        }
        // Transactions of its own are the writer's, whatever runs in them.
        isUpdating =
            tree.isBatched
            || tree.isUpdating { procedures.signature(of: $0)?.isWriting ?? false }
    }

    // MARK: Refusals

    static let readOnly = CypherError(
        .semanticError, .compileTime, .readOnly,
        "This query changes the graph, and only reading is allowed here. Leave out "
            + "--read-only or `QueryOptions.isReadOnly`, and run it in `write` instead of `read`.")
    static let notPlanned = CypherError(
        .syntaxError, .compileTime, .unexpectedSyntax,
        "EXPLAIN and PROFILE stand before a query, not before a command over the schema.")

    /// Refuses to change an earlier moment, and to tell its schema, which is today's.
    func refusePast(_ options: QueryOptions) throws {
        guard asOf != nil || options.asOf != nil else { return }
        throw CypherError(
            .semanticError, .compileTime, .readOnly,
            "Of an earlier moment nodes and relationships can be read, and nothing can be changed. "
                + "Leave USE AT (or the moment) out.", at: asOf?.range)
    }

    func refuseChange(if isChanging: Bool, _ options: QueryOptions) throws {
        if isChanging, options.isReadOnly { throw Self.readOnly }
    }

    /// Refuses what only a database can do, where a transaction was opened already.
    func requirePlain() throws {
        if asOf != nil {
            throw CypherError(
                .semanticError, .compileTime, .invalidClauseComposition,
                "A transaction reads what is there now. Ask about an earlier moment outside of it.",
                at: asOf?.range)
        }
        guard case .query = kind, mode == .run, asOf == nil, !isBatched else {
            throw CypherError(
                .semanticError, .compileTime, .invalidClauseComposition,
                "EXPLAIN, PROFILE, USE … AT, commands over the schema and CALL { } IN TRANSACTIONS "
                    + "cannot run inside a transaction that was opened already.")
        }
    }

    /// The moment of `USE … AT`; nil when there is none.
    func moment(_ values: ParameterValues) throws -> PastMoment? {
        guard let asOf else { return nil }
        let value: Value
        switch asOf.kind {
        case .parameter(let name):
            guard let given = values[name] else {
                throw CypherError.missing(parameter: name, at: asOf.range)
            }
            value = given
        default: value = try Self.constant(asOf)
        }
        switch value {
        case .integer(let position) where position >= 0: return .position(UInt64(position))
        case .dateTime(let moment):
            let (seconds, overflows) = moment.secondsSinceEpoch.multipliedReportingOverflow(
                by: 1_000_000)
            let (time, overflowsToo) = seconds.addingReportingOverflow(
                Int64(moment.nanoseconds / 1_000))
            guard !overflows, !overflowsToo else { break }
            return .time(microsecondsSinceEpoch: time)
        default: break
        }
        throw CypherError(
            .semanticError, .compileTime, .invalidArgumentType,
            "AT takes a position, which is a whole number, or a datetime; this is "
                + "\(value.typeName).", at: asOf.range)
    }

    private static func constant(_ expression: Expression) throws -> Value {
        switch expression.kind {
        case .literal(let literal): return Value(literal)
        case .call(let call) where call.arguments.count == 1:
            guard let function = FunctionID(rawValue: call.name.text.lowercased()) else { break }
            let argument = try constant(call.arguments[0])
            let result = try TemporalFunctions.value(
                function, [argument], clock: SystemTime.now(), at: expression.range)
            if let result { return result }
        default: break
        }
        throw CypherError(
            .semanticError, .compileTime, .nonConstantExpression,
            "AT takes a position, a parameter, or datetime('…').", at: expression.range)
    }

    // MARK: Planning

    /// The plan for what a transaction sees: the known one, if what it was chosen by still holds.
    ///
    /// - Parameter isWriting: Whether the transaction can hold changes that its position does not
    ///   tell of.
    func compiled<T: GraphReading & ~Copyable>(
        _ options: QueryOptions, _ txn: borrowing T, isWriting: Bool = false
    ) throws -> CompiledPlan {
        guard case .query(let tree) = kind else { return CompiledPlan() }
        let isKept = !options.isNaive && options.procedures.isStandard
        let position = isWriting ? KnownPlan.noPosition : try txn.position()
        let known = isKept ? known.withLock { $0 } : nil
        if let known {
            if !isWriting, known.position.load(ordering: .relaxed) == position { return known.plan }
            if try known.facts.hold(in: txn) {
                if !isWriting { known.position.store(position, ordering: .relaxed) }
                return known.plan
            }
        }
        let facts = try PlanningFacts(words, txn)
        if let known, known.facts.resembles(facts) {
            keep(known.plan, known.facts.updated(to: facts), position)
            return known.plan
        }
        let procedures = options.procedures
        var compiler = Compiler(
            text: text, knowledge: options.isNaive ? .nothing : facts.knowledge,
            isNaive: options.isNaive, procedures: { procedures.signature(of: $0) })
        let compiled = try compiler.compiled(tree)
        if isKept { keep(compiled, facts, position) }
        return compiled
    }

    private func keep(_ plan: CompiledPlan, _ facts: PlanningFacts, _ position: UInt64) {
        let new = KnownPlan(plan: plan, facts: facts, position: position)
        known.withLock { $0 = new }
    }

    /// The plan of an empty graph, for what must hold of plans alone.
    func planned(isNaive: Bool) throws -> CompiledPlan {
        guard case .query(let tree) = kind else { return CompiledPlan() }
        let procedures = ProcedureRegistry()
        var compiler = Compiler(
            text: text, knowledge: .nothing, isNaive: isNaive,
            procedures: { procedures.signature(of: $0) })
        return try compiler.compiled(tree)
    }

    func explained<T: GraphReading & ~Copyable>(
        _ options: QueryOptions, _ txn: borrowing T
    ) throws -> PlanOperator {
        guard case .query = kind else { throw Self.notPlanned }
        let compiled = try compiled(options, txn)
        var describer = PlanDescriber(
            names: compiled.slotNames, knowledge: try PlanningFacts(words, txn).knowledge)
        return describer.describe(compiled.plan).0
    }

    // MARK: Places

    /// The last clause, which gives the rows.
    private var resultRange: SourceRange? {
        guard case .query(let tree) = kind else { return nil }
        return tree.parts.first?.clauses.last?.range
    }

    /// The moment of `USE … AT`.
    var momentRange: SourceRange? { asOf?.range }

    /// Where an error belongs that has no place of its own: the first clause that changes the graph,
    /// for what shows when a transaction ends; else the first clause, or the command.
    var range: SourceRange {
        guard case .query(let tree) = kind else {
            return SourceRange(start: 0, end: text.bytes.count)
        }
        let clauses = tree.parts.flatMap(\.clauses)
        let changing = clauses.first {
            switch $0.kind {
            case .create, .merge, .set, .remove, .delete, .forEach: true
            default: false
            }
        }
        return (changing ?? clauses.first)?.range ?? tree.range
    }

    // MARK: Running

    /// A run of the plan.
    ///
    /// - Throws: `CypherError` when a parameter was not given, whether or not a row asks for it.
    func execution(
        _ setting: QuerySetting, _ compiled: CompiledPlan
    ) throws(CypherError) -> Execution {
        if let missing = setting.values.missing {
            throw .missing(parameter: missing.name, at: missing.range)
        }
        // The time that a change waits for its turn does not count.
        let start = isUpdating ? .now : setting.start
        return Execution(compiled, setting, start: start)
    }

    /// A run with probes, when it is profiled.
    private func run<T: GraphReading & ~Copyable>(
        _ compiled: CompiledPlan, _ setting: QuerySetting, _ txn: borrowing T
    ) throws -> (plan: QueryPlan, execution: Execution, tree: PlanOperator?) {
        let execution = try execution(setting, compiled)
        guard setting.isProfiled else { return (compiled.plan, execution, nil) }
        var describer = PlanDescriber(
            names: compiled.slotNames, knowledge: try PlanningFacts(words, txn).knowledge)
        let (tree, plan) = describer.describe(compiled.plan)
        execution.profile = ExecutionProfile(operatorCount: describer.operatorCount)
        return (plan, execution, tree)
    }

    /// - Parameter isNewest: Whether rows and columns of the newest commit can be of use.
    func read<T: GraphReading & ~Copyable>(
        _ setting: QuerySetting, _ txn: borrowing T, isNewest: Bool
    ) throws -> QueryResult {
        let compiled = try compiled(setting.options, txn)
        let (plan, execution, tree) = try run(compiled, setting, txn)
        execution.isReading = true
        if isNewest, !setting.options.isNaive { execution.derived = setting.shared }
        var rows: [[CypherValue]] = []
        _ = try execution.run(plan, txn) {
            execution.profile?.count(0)
            do {
                try check(rows.count, setting.options)
                try execution.keep(48 + plan.outputs.count * MemoryLayout<CypherValue>.stride)
                rows.append(
                    try plan.outputs.map { try execution.kept(execution.slots[$0], txn) })
            } catch {
                throw located(error, at: resultRange)
            }
            return true
        }
        execution.profile?.enter(nil, execution)
        execution.settle()
        return QueryResult(
            columns: columns, rows: columns.isEmpty ? [] : rows,
            plan: execution.profile.flatMap { tree?.profiled($0) })
    }

    func forEachRow<T: GraphReading & ~Copyable>(
        _ setting: QuerySetting, _ txn: borrowing T, _ body: ([CypherValue]) throws -> Bool
    ) throws {
        let compiled = try compiled(setting.options, txn)
        let execution = try execution(setting, compiled)
        execution.isReading = true
        _ = try execution.run(compiled.plan, txn) {
            try body(
                compiled.plan.outputs.map { try execution.materialise(execution.slots[$0], txn) })
        }
    }

    func update(_ setting: QuerySetting, _ txn: inout WriteTransaction) throws -> QueryResult {
        let compiled = try compiled(setting.options, txn, isWriting: true)
        let (plan, execution, tree) = try run(compiled, setting, txn)
        var rows: [[CypherValue]] = []
        for frame in try execution.update(plan, &txn) where !columns.isEmpty {
            execution.profile?.count(0)
            do {
                try check(rows.count, setting.options)
                rows.append(try plan.outputs.map { try execution.kept(frame[$0], txn) })
            } catch {
                throw located(error, at: resultRange)
            }
        }
        execution.profile?.enter(nil, execution)
        return QueryResult(
            columns: columns, rows: rows, plan: execution.profile.flatMap { tree?.profiled($0) })
    }

    func check(_ rows: Int, _ options: QueryOptions) throws {
        guard let most = options.limits.rows, rows >= most else { return }
        throw CypherError(
            .limitExceeded, .runtime, .limitExceeded,
            "The query gives more than \(most) rows, which is the limit. Add a LIMIT, or raise "
                + "`rows`.")
    }
}

/// A plan, and what it needs to run and to be shown.
final class CompiledPlan: Sendable {
    let plan: QueryPlan
    let slotCount: Int
    /// The frame that a run begins with.
    let emptySlots: [Value]
    /// The variables behind slots.
    let slotNames: [Int: String]
    /// Where slots are filled in the text.
    let slotRanges: [Int: SourceRange]

    init(
        plan: QueryPlan = QueryPlan(), slotCount: Int = 0, slotNames: [Int: String] = [:],
        slotRanges: [Int: SourceRange] = [:]
    ) {
        self.plan = plan
        self.slotCount = slotCount
        emptySlots = Array(repeating: .null, count: slotCount)
        self.slotNames = slotNames
        self.slotRanges = slotRanges
    }
}
