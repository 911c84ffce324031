import PropertyGraph

/// What an algorithm answers, in one shape for all of them: columns and a summary.
public struct AlgorithmOutput: Sendable {
    /// What a row of the columns stands for.
    public enum Rows: Hashable, Sendable {
        /// One row for each node of the graph, in the order of dense indexes.
        case nodes
        /// Rows of the algorithm's own, for instance one for each pair asked for.
        case records(Int)
    }

    /// What the rows are.
    public var rows: Rows
    /// The columns, all of one length.
    public var columns: [OutputColumn]
    /// Facts about the whole answer, in the order to print them.
    public var summary: [SummaryEntry]

    /// Makes an answer from its parts.
    public init(rows: Rows = .nodes, columns: [OutputColumn], summary: [SummaryEntry]) {
        self.rows = rows
        self.columns = columns
        self.summary = summary
    }

    /// The value of a summary entry; nil when there is none of that name or it is absent.
    public func summary(_ name: String) -> OutputValue? {
        summary.first { UTF8Order.equal($0.name, name) }?.value
    }

    /// The column of that name; nil when there is none.
    public func column(_ name: String) -> OutputColumn? {
        columns.first { UTF8Order.equal($0.name, name) }
    }
}

/// One fact of a summary.
public struct SummaryEntry: Hashable, Sendable {
    /// Its name in snake case, stable across versions.
    public let name: String
    /// Its value; nil when it does not apply, for instance the cost of a path that does not exist.
    public let value: OutputValue?

    /// Makes a fact.
    public init(_ name: String, _ value: OutputValue?) {
        self.name = name
        self.value = value
    }
}

/// A value in an answer.
public enum OutputValue: Hashable, Sendable {
    /// A whole number.
    case integer(Int64)
    /// A double.
    case double(Double)
    /// A text.
    case string(String)
    /// True or false.
    case boolean(Bool)
    /// A node by its dense index; whoever prints it looks up its id or key.
    case node(UInt32)
    /// Nodes in order, for instance those of a path, by their dense indexes.
    case nodes([UInt32])
    /// A vector of single-precision numbers.
    case vector([Float])

    /// A count.
    static func count(_ value: Int) -> OutputValue { .integer(Int64(value)) }
}

/// A column of an answer.
public struct OutputColumn: Sendable {
    /// What the column holds; each case names the value that stands for "missing".
    public enum Values: Sendable {
        /// Whole numbers; `Int64.min` is missing.
        case integers([Int64])
        /// Doubles; NaN is missing.
        case doubles([Double])
        /// Nodes by their dense indexes; `UInt32.max` is missing.
        case nodes([UInt32])
        /// Lists of nodes; the empty list is missing.
        case nodeLists([[UInt32]])
        /// A vector for each row; none is missing.
        case vectors(NodeVectors)
    }

    /// Its name in snake case.
    public let name: String
    /// Its values.
    public let values: Values

    /// Makes a column.
    public init(_ name: String, _ values: Values) {
        self.name = name
        self.values = values
    }

    /// How many rows it has.
    public var count: Int {
        switch values {
        case .integers(let values): values.count
        case .doubles(let values): values.count
        case .nodes(let values): values.count
        case .nodeLists(let values): values.count
        case .vectors(let vectors): vectors.count
        }
    }

    /// The value of a row; nil when missing.
    public subscript(row: Int) -> OutputValue? {
        switch values {
        case .integers(let values): values[row] == .min ? nil : .integer(values[row])
        case .doubles(let values): values[row].isNaN ? nil : .double(values[row])
        case .nodes(let values): values[row] == .max ? nil : .node(values[row])
        case .nodeLists(let values): values[row].isEmpty ? nil : .nodes(values[row])
        case .vectors(let vectors): .vector(vectors[UInt32(truncatingIfNeeded: row)])
        }
    }
}

/// The dense index that means "no node".
let noNode = UInt32.max
