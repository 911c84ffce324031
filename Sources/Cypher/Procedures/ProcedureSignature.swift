/// What a procedure takes and gives.
public struct ProcedureSignature: Sendable, Hashable {
    /// An argument or result: its name and type, such as `INTEGER?`, where `?` allows null.
    public struct Field: Sendable, Hashable {
        /// The name.
        public let name: String
        /// The type, in openCypher's words.
        public let type: String

        /// Makes a field.
        public init(_ name: String, _ type: String) {
            self.name = name
            self.type = type
        }
    }

    /// With its namespace, such as `algo.pageRank`.
    public let name: String
    /// The arguments, in order.
    public let inputs: [Field]
    /// How many arguments must be given; the others have standard values.
    public let requiredInputs: Int
    /// The columns it gives.
    public let outputs: [Field]
    /// Whether it changes the graph.
    public let isWriting: Bool
    /// A sentence for lists.
    public let summary: String

    /// Makes a signature.
    public init(
        _ name: String, inputs: [Field] = [], requiredInputs: Int? = nil, outputs: [Field] = [],
        isWriting: Bool = false, summary: String = ""
    ) {
        self.name = name
        self.inputs = inputs
        self.requiredInputs = requiredInputs ?? inputs.count
        self.outputs = outputs
        self.isWriting = isWriting
        self.summary = summary
    }
}

extension ProcedureSignature: CustomStringConvertible {
    /// As it is called: `name(input :: TYPE) :: (output :: TYPE)`.
    public var description: String {
        func list(_ fields: [Field]) -> String {
            fields.map { "\($0.name) :: \($0.type)" }.joined(separator: ", ")
        }
        return "\(name)(\(list(inputs))) :: (\(list(outputs)))"
    }
}

extension ProcedureSignature.Field {
    /// What a value of the type may be.
    var staticType: StaticType {
        var name = type.uppercased()
        var kinds: StaticType.Kinds = []
        if name.hasSuffix("?") {
            name.removeLast()
            kinds = .null
        }
        if name.hasPrefix("LIST") { return StaticType(kinds: kinds.union(.list)) }
        let known: [String: StaticType.Kinds] = [
            "BOOLEAN": .boolean, "INTEGER": .integer, "FLOAT": .float, "NUMBER": .number,
            "STRING": .string, "MAP": .map, "NODE": .node, "RELATIONSHIP": .relationship,
            "PATH": .path, "DATE": .date, "TIME": .time, "LOCALTIME": .localTime,
            "DATETIME": .dateTime, "LOCALDATETIME": .localDateTime, "DURATION": .duration,
            "POINT": .point,
        ]
        return StaticType(kinds: kinds.union(known[name] ?? .any))
    }

    /// What may be handed over for it: an integer is also taken for a float.
    var acceptedKinds: StaticType.Kinds {
        let kinds = staticType.kinds
        return kinds.contains(.float) ? kinds.union(.integer) : kinds
    }
}
