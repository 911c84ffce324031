public import GraphStore
public import PropertyGraph

/// A procedure that reads or changes the graph, called by `CALL name(arguments) YIELD …`.
///
/// ```swift
/// struct Friends: Procedure {
///     let signature = ProcedureSignature(
///         "social.friends", inputs: [.init("person", "NODE")], outputs: [.init("friend", "NODE")])
///
///     func rows<T: GraphReading & ~Copyable>(
///         _ call: ProcedureArguments, in transaction: borrowing T
///     ) throws -> [[CypherValue]] {
///         guard let person = call.node("person") else { return [] }
///         return try transaction.neighbors(of: person, .outgoing, type: "KNOWS").map {
///             [.node(Node(id: $0.node))]
///         }
///     }
/// }
/// var options = QueryOptions()
/// options.procedures.register(Friends())
/// ```
///
/// Of a node or relationship in a row only the id counts; what it holds is read when asked for.
public protocol Procedure: Sendable {
    /// What it takes and gives.
    var signature: ProcedureSignature { get }

    /// The rows of one call: a value for each output of the signature.
    ///
    /// - Throws: Anything; the query ends with it, and nothing of the query stays.
    func rows<T: GraphReading & ~Copyable>(
        _ call: ProcedureArguments, in transaction: borrowing T
    ) throws -> [[CypherValue]]

    /// The rows of one call of a procedure whose signature says that it changes the graph.
    func update(
        _ call: ProcedureArguments, in transaction: inout WriteTransaction
    ) throws -> [[CypherValue]]
}

extension Procedure {
    /// Reads only.
    public func update(
        _ call: ProcedureArguments, in transaction: inout WriteTransaction
    ) throws -> [[CypherValue]] {
        try rows(call, in: transaction)
    }
}

/// The arguments of one call.
public struct ProcedureArguments: Sendable {
    /// The values, in the order of the signature; those that were left out are missing.
    public let values: [CypherValue]
    /// Asked now and then by a long run: true ends it.
    public let isCancelled: @Sendable () -> Bool
    /// How many bytes the query may still use; nil without a limit. A procedure that needs much
    /// memory of its own calls `reserve` first.
    public let memoryLeft: Int?
    private let signature: ProcedureSignature

    init(
        _ values: [CypherValue], _ signature: ProcedureSignature, memoryLeft: Int?,
        isCancelled: @escaping @Sendable () -> Bool
    ) {
        self.values = values
        self.signature = signature
        self.memoryLeft = memoryLeft
        self.isCancelled = isCancelled
    }

    /// Refuses to go on where more bytes are needed than the query has left.
    ///
    /// - Throws: `CypherError` of kind `limitExceeded`.
    public func reserve(_ bytes: Int, for what: String) throws {
        guard let memoryLeft, bytes > memoryLeft else { return }
        throw CypherError(
            .limitExceeded, .runtime, .limitExceeded,
            "\(what) takes about \(bytes) bytes of memory, and the query has \(memoryLeft) left. "
                + "Project fewer labels and types, or raise `memoryBytes`.")
    }

    /// An argument by its name; null when it was left out.
    public subscript(name: String) -> CypherValue {
        let place = signature.inputs.firstIndex { UTF8Order.equal($0.name, name) }
        return place.flatMap { values[safe: $0] } ?? .null
    }

    /// An argument that is a node; nil for null.
    public func node(_ name: String) -> NodeID? {
        if case .node(let node) = self[name] { node.id } else { nil }
    }
}

/// A procedure over values alone.
struct ValueProcedure: Procedure {
    let signature: ProcedureSignature
    let body: ProcedureRegistry.Body

    func rows<T: GraphReading & ~Copyable>(
        _ call: ProcedureArguments, in transaction: borrowing T
    ) throws -> [[CypherValue]] {
        try body(call.values)
    }
}
