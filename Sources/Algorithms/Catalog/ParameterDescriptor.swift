/// What a parameter of an algorithm is, as help pages and checks need it.
public struct ParameterDescriptor: Hashable, Sendable {
    /// How a parameter's text is read.
    public enum Kind: Hashable, Sendable {
        /// A whole number in a range.
        case integer(ParameterRange)
        /// A decimal number in a range.
        case number(ParameterRange)
        /// `true` or `false`.
        case boolean
        /// A node by its id or key.
        case node
        /// Nodes by their ids or keys, joined by commas.
        case nodes
        /// Pairs of nodes: `1:9,2:7`.
        case pairs
        /// One of a few words.
        case choice([String])
        /// The name of a node column of the graph.
        case column
        /// The path of a file, whose bytes are read by whoever runs the algorithm.
        case file

        /// The name of the kind, as help pages spell it.
        public var name: String {
            switch self {
            case .integer: "integer"
            case .number: "number"
            case .boolean: "boolean"
            case .node: "node"
            case .nodes: "nodes"
            case .pairs: "pairs"
            case .choice: "choice"
            case .column: "file or property"
            case .file: "file"
            }
        }
    }

    /// Its name as written before the `=`.
    public let name: String
    /// How its text is read.
    public let kind: Kind
    /// The text that stands for it when it is not given; nil when there is none.
    public let defaultValue: String?
    /// Whether the algorithm cannot do without it.
    public let isRequired: Bool
    /// The node columns that are read when it is given with another value than its default.
    public let columns: [String]
    /// The parameter that cannot be given beside it; nil when all can.
    public let excluded: String?
    /// What it does, in one sentence.
    public let help: String

    /// Makes a descriptor.
    public init(
        _ name: String, _ kind: Kind, default defaultValue: String? = nil, isRequired: Bool = false,
        columns: [String] = [], excludes excluded: String? = nil, help: String
    ) {
        self.name = name
        self.kind = kind
        self.defaultValue = defaultValue
        self.isRequired = isRequired
        self.columns = columns
        self.excluded = excluded
        self.help = help
    }

    /// The values it may take, for people; nil when any of its kind will do.
    public var range: String? {
        switch kind {
        case .integer(let range), .number(let range): range.description
        case .boolean: "true or false"
        case .choice(let words): words.joined(separator: ", ")
        case .node, .nodes, .pairs, .column, .file: nil
        }
    }
}
