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
    /// The bytes of a file that the algorithm makes, such as an index; nil for most.
    public var document: [UInt8]?

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

    /// How values are kept: depths and distances as the search left them, for most answers are only
    /// summed up.
    private enum Listed: Sendable {
        case values(Values)
        /// Whole numbers; -1 is missing.
        case depths([Int32])
        /// Doubles; infinity is missing.
        case distances([Double])

        var values: Values {
            switch self {
            case .values(let values): values
            case .depths(let depths): .integers(depths.map { $0 < 0 ? .min : Int64($0) })
            case .distances(let distances): .doubles(distances.map { $0 == .infinity ? .nan : $0 })
            }
        }
    }

    /// Its name in snake case.
    public let name: String
    /// How many rows it has.
    public let count: Int
    /// The values of all rows, or of those in `rows`.
    private let listed: Listed
    /// The rows that have values, ascending; nil for all.
    private let rows: [UInt32]?

    /// Makes a column.
    public init(_ name: String, _ values: Values) {
        self.name = name
        listed = .values(values)
        rows = nil
        count = Self.count(values)
    }

    /// Makes a column of depths, of which -1 is missing.
    init(_ name: String, depths: [Int32]) {
        self.name = name
        listed = .depths(depths)
        rows = nil
        count = depths.count
    }

    /// Makes a column of distances, of which infinity is missing.
    init(_ name: String, distances: [Double]) {
        self.name = name
        listed = .distances(distances)
        rows = nil
        count = distances.count
    }

    /// Makes a column most of whose rows have no value.
    ///
    /// - Parameters:
    ///   - values: One for each of `rows`.
    ///   - rows: Ascending.
    ///   - count: How many rows there are in all.
    init(_ name: String, _ values: Values, at rows: [UInt32], of count: Int) {
        self.name = name
        listed = .values(values)
        self.rows = rows
        self.count = count
    }

    /// Its values, one for each row.
    ///
    /// - Complexity: O(1); O(rows) for depths, for distances, and for a search that reached few nodes,
    ///   whose other rows are made here. Take it once.
    public var values: Values {
        let listed = listed.values
        guard let rows else { return listed }
        switch listed {
        case .integers(let values): return .integers(spread(values, rows, .min))
        case .doubles(let values): return .doubles(spread(values, rows, .nan))
        case .nodes(let values): return .nodes(spread(values, rows, noNode))
        case .nodeLists(let values): return .nodeLists(spread(values, rows, []))
        case .vectors: return listed
        }
    }

    private func spread<Value>(_ values: [Value], _ rows: [UInt32], _ missing: Value) -> [Value] {
        var all = [Value](repeating: missing, count: count)
        for (row, value) in zip(rows, values) { all[Int(row)] = value }
        return all
    }

    private static func count(_ values: Values) -> Int {
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
        var place = row
        if let rows {
            place = rows.partitioningIndex { Int($0) >= row }
            guard place < rows.count, Int(rows[place]) == row else { return nil }
        }
        return value(at: place)
    }

    private func value(at place: Int) -> OutputValue? {
        let listed: Values
        switch self.listed {
        case .values(let values): listed = values
        case .depths(let depths): return depths[place] < 0 ? nil : .integer(Int64(depths[place]))
        case .distances(let distances):
            return distances[place] == .infinity || distances[place].isNaN
                ? nil : .double(distances[place])
        }
        return switch listed {
        case .integers(let values): values[place] == .min ? nil : .integer(values[place])
        case .doubles(let values): values[place].isNaN ? nil : .double(values[place])
        case .nodes(let values): values[place] == .max ? nil : .node(values[place])
        case .nodeLists(let values): values[place].isEmpty ? nil : .nodes(values[place])
        case .vectors(let vectors): .vector(vectors[UInt32(truncatingIfNeeded: place)])
        }
    }
}

extension [UInt32] {
    /// The first place from which on `belongs` holds; it must hold for all after it.
    func partitioningIndex(where belongs: (UInt32) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if belongs(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// The dense index that means "no node".
let noNode = UInt32.max
