internal import GraphStore
internal import PropertyGraph

/// The procedures of a database: those that come with it and those a program registers.
public struct ProcedureRegistry: Sendable {
    /// A procedure over values: rows of results for the arguments.
    public typealias Body = @Sendable ([CypherValue]) throws -> [[CypherValue]]

    private var procedures: [String: (signature: ProcedureSignature, body: Body)] = [:]

    /// No procedures.
    public init() {}

    /// Adds a procedure, in the place of an earlier one of its name.
    public mutating func register(_ signature: ProcedureSignature, body: @escaping Body) {
        procedures[signature.name.lowercased()] = (signature, body)
    }

    /// Every signature, by name.
    public var signatures: [ProcedureSignature] {
        procedures.values.map(\.signature).sorted {
            UTF8Order.precedes($0.name.lowercased(), $1.name.lowercased())
        }
    }

    func signature(of name: String) -> ProcedureSignature? {
        procedures[name.lowercased()]?.signature
    }

    func body(of name: String) -> Body? { procedures[name.lowercased()]?.body }
}

extension Execution {
    func call<T: GraphReading & ~Copyable>(
        _ step: ProcedureStep, _ txn: borrowing T, _ next: () throws -> Bool
    ) throws -> Bool {
        guard let body = procedures.body(of: step.name) else {
            throw CypherError(
                .procedureError, .runtime, .procedureNotFound,
                "There is no procedure \(step.name).", at: step.range)
        }
        var arguments: [CypherValue] = []
        for (code, field) in zip(step.arguments, step.signature.inputs) {
            var argument = try value(code, txn)
            if field.staticType.kinds.contains(.float), !field.staticType.kinds.contains(.integer),
                case .integer(let number) = argument
            {
                argument = .float(Double(number))
            }
            arguments.append(try materialise(argument, txn))
        }
        let rows = try body(arguments)
        // A procedure without results lets the row pass.
        if step.signature.outputs.isEmpty { return try next() }
        for row in rows {
            try tick()
            for output in step.outputs {
                slots[output.slot] = row[safe: output.output].map { Value($0) } ?? .null
            }
            guard try next() else { return false }
        }
        return true
    }
}
