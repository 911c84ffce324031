internal import GraphStore
internal import PropertyGraph

extension Query {
    /// Whether a subquery runs in transactions of its own.
    var isBatched: Bool {
        parts.contains { part in
            part.clauses.contains { clause in
                if case .subquery(let call) = clause.kind { call.batches != nil } else { false }
            }
        }
    }
}

/// `CALL { … } IN TRANSACTIONS OF n ROWS`: each so many rows are a transaction.
struct BatchedCall: Sendable {
    let plan: QueryPlan
    let isOptional: Bool
    let rows: Code?
    /// Whether a batch that fails is left out instead of ending the query.
    let continues: Bool
    /// Whether the first batch that fails is the last.
    let breaks: Bool
    /// Where a map that tells of the batch goes.
    let report: Int?
}

extension PreparedQuery {
    /// Runs a query stage by stage, each in a transaction of its own, batched ones in many.
    func updateInBatches(
        _ setting: QuerySetting, _ database: GraphDatabase
    ) throws -> QueryResult {
        let compiled = try database.read { txn in try self.compiled(setting.options, txn) }
        var results: [[CypherValue]] = []
        let run = Batches(execution: try execution(setting, compiled))
        for stage in compiled.plan.parts.joined() {
            guard case .change(.batches(let call)) = stage.barrier else { continue }
            // Before anything commits.
            _ = try run.size(of: call, database)
        }
        for part in compiled.plan.parts {
            var rows = [Array(repeating: Value.null, count: compiled.slotCount)]
            for stage in part {
                rows = try run.run(stage, rows, database)
            }
            guard !columns.isEmpty else { continue }
            let found = rows
            results += try database.read { txn -> [[CypherValue]] in
                var values: [[CypherValue]] = []
                for row in found {
                    values.append(try compiled.plan.outputs.map { try run.value(row[$0], txn) })
                }
                return values
            }
            try check(results.count - 1, setting.options)
        }
        return QueryResult(columns: columns, rows: results)
    }
}

/// The run of a batched query.
private final class Batches: @unchecked Sendable {
    // Sendable: `execution` is used by one transaction at a time. Each `write` returns before the
    // next begins, and the wait for it orders what the writer's thread did before what follows.
    private let execution: Execution

    init(execution: Execution) { self.execution = execution }

    func value<T: GraphReading & ~Copyable>(
        _ value: Value, _ txn: borrowing T
    ) throws -> CypherValue {
        try execution.kept(value, txn)
    }

    /// How many rows a transaction takes.
    func size(of call: BatchedCall, _ database: GraphDatabase) throws -> Int {
        try database.read { txn in
            try execution.rows(call.rows, "IN TRANSACTIONS OF", atLeast: 1, txn) ?? 1_000
        }
    }

    func run(
        _ stage: QueryPlan.Stage, _ rows: [[Value]], _ database: GraphDatabase
    ) throws -> [[Value]] {
        guard case .change(.batches(let call)) = stage.barrier else {
            return try database.write { [self] txn in
                try execution.stage(stage, rows, &txn)
            }
        }
        var before = stage
        before.barrier = .none
        let prelude = before
        let inputs = try database.write { [self] txn in
            try execution.stage(prelude, rows, &txn)
        }
        let size = try size(of: call, database)
        var results: [[Value]] = []
        var start = 0
        var isBroken = false
        while start < inputs.count {
            let end = min(inputs.count, start + size)
            let batch = Array(inputs[start..<end])
            start = end
            results += try run(call, batch, database, &isBroken)
        }
        return results
    }

    private func run(
        _ call: BatchedCall, _ batch: [[Value]], _ database: GraphDatabase,
        _ isBroken: inout Bool
    ) throws -> [[Value]] {
        var failure: (any Error)?
        var results: [[Value]] = []
        if !isBroken {
            do {
                results = try database.write { [self] txn in
                    try execution.change(
                        .subquery(call.plan, isOptional: call.isOptional), batch, &txn)
                }
            } catch {
                guard call.continues || call.breaks else { throw error }
                failure = error
            }
        }
        let isSkipped = isBroken
        if failure != nil, call.breaks { isBroken = true }
        if failure != nil || isSkipped { results = batch }
        guard let report = call.report else { return results }
        let isCommitted = failure == nil && !isSkipped
        var map = ValueMap()
        map["started"] = .boolean(!isSkipped)
        map["committed"] = .boolean(isCommitted)
        map["errorMessage"] =
            failure.map { .string(($0 as? CypherError)?.message ?? "\($0)") } ?? .null
        for place in results.indices { results[place][report] = .map(map) }
        return results
    }
}
