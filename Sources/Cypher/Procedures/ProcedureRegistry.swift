internal import GraphStore
internal import PropertyGraph

/// The procedures that a query can call: those that come with Cairn and those a program registers.
public struct ProcedureRegistry: Sendable {
    /// A procedure over values: rows of results for the arguments.
    public typealias Body = @Sendable ([CypherValue]) throws -> [[CypherValue]]

    private var procedures: [String: any Procedure] = [:]

    /// Those that come with Cairn.
    public init() {}

    /// Adds a procedure over values, in the place of an earlier one of its name.
    public mutating func register(_ signature: ProcedureSignature, body: @escaping Body) {
        register(ValueProcedure(signature: signature, body: body))
    }

    /// Adds a procedure that sees the graph, in the place of an earlier one of its name.
    public mutating func register(_ procedure: some Procedure) {
        procedures[procedure.signature.name.lowercased()] = procedure
    }

    /// Every signature, by name.
    public var signatures: [ProcedureSignature] {
        Self.builtIn.merging(procedures) { $1 }.values.map(\.signature).sorted {
            UTF8Order.precedes($0.name.lowercased(), $1.name.lowercased())
        }
    }

    /// Whether nothing was registered beside what comes with Cairn.
    var isStandard: Bool { procedures.isEmpty }

    func procedure(named name: String) -> (any Procedure)? {
        let name = name.lowercased()
        return procedures[name] ?? Self.builtIn[name]
    }

    func signature(of name: String) -> ProcedureSignature? { procedure(named: name)?.signature }

    /// The name most like one that is unknown, of those that come with Cairn.
    static func nearMiss(of name: String) -> String? {
        NearMiss.best(for: name, among: builtIn.values.lazy.map(\.signature.name))
    }

    /// Those that come with Cairn, by name in small letters.
    private static let builtIn: [String: any Procedure] = {
        let all: [any Procedure] =
            DatabaseProcedure.all + AlgorithmProcedure.all + LearningProcedure.all
        return Dictionary(all.map { ($0.signature.name.lowercased(), $0) }) { $1 }
    }()
}

extension Execution {
    func call<T: GraphReading & ~Copyable>(
        _ step: ProcedureStep, _ txn: borrowing T, _ next: () throws -> Bool
    ) throws -> Bool {
        let procedure = try procedure(step)
        guard !step.signature.isWriting else {
            throw CypherError(
                .procedureError, .runtime, .invalidClauseComposition,
                "\(step.name) changes the graph and cannot be called where a query only reads.",
                at: step.range)
        }
        let arguments = try arguments(of: step, txn)
        let rows = try told(of: step) { try procedure.rows(arguments, in: txn) }
        return try give(rows, of: step, next)
    }

    /// Calls a procedure that changes the graph, for the row under way; returns the rows after it.
    func change(
        _ step: ProcedureStep, _ txn: inout WriteTransaction
    ) throws -> [[Value]] {
        let procedure = try procedure(step)
        let arguments = try arguments(of: step, txn)
        let rows: [[CypherValue]]
        do {
            rows = try procedure.update(arguments, in: &txn)
        } catch {
            throw Self.failure(error, of: step)
        }
        var results: [[Value]] = []
        _ = try give(rows, of: step) {
            try keep(rowBytes)
            results.append(slots)
            return true
        }
        return results
    }

    private func procedure(_ step: ProcedureStep) throws -> any Procedure {
        guard let procedure = procedures.procedure(named: step.name) else {
            throw CypherError(
                .procedureError, .runtime, .procedureNotFound,
                "There is no procedure \(step.name).", at: step.range)
        }
        return procedure
    }

    private func arguments<T: GraphReading & ~Copyable>(
        of step: ProcedureStep, _ txn: borrowing T
    ) throws -> ProcedureArguments {
        var values: [CypherValue] = []
        for (code, field) in zip(step.arguments, step.signature.inputs) {
            var argument = try value(code, txn)
            if field.staticType.kinds.contains(.float), !field.staticType.kinds.contains(.integer),
                case .integer(let number) = argument
            {
                argument = .float(Double(number))
            }
            values.append(try materialise(argument, txn))
        }
        return ProcedureArguments(
            values, step.signature, memoryLeft: memoryLeft, isCancelled: isStopped)
    }

    private func give(
        _ rows: [[CypherValue]], of step: ProcedureStep, _ next: () throws -> Bool
    ) throws -> Bool {
        // A procedure without results lets the row pass.
        if step.signature.outputs.isEmpty { return try next() }
        let bytes = rows.count * (32 + step.signature.outputs.count * 40)
        try keep(bytes)
        defer { release(bytes) }
        for row in rows {
            try tick()
            for output in step.outputs {
                slots[output.slot] = row[safe: output.output].map { Value($0) } ?? .null
            }
            guard try next() else { return false }
        }
        return true
    }

    private func told<Result>(
        of step: ProcedureStep, _ body: () throws -> Result
    ) throws -> Result {
        do { return try body() } catch { throw Self.failure(error, of: step) }
    }

    /// What a procedure threw, with the place of its call.
    private static func failure(_ error: any Error, of step: ProcedureStep) -> any Error {
        switch error {
        case let error as CypherError:
            return error.range == nil
                ? CypherError(
                    error.kind, error.phase, error.detail, error.message, at: step.range)
                : error
        case let error as GraphStoreError: return error
        default:
            return CypherError(
                .procedureError, .runtime, .procedureCallFailed,
                "\(step.name) failed: \(ProcedureFailure.message(of: error))", at: step.range)
        }
    }
}
