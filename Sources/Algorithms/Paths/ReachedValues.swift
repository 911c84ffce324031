/// A value for each node, of which only those of nodes that were reached are kept when these are
/// few: a search that stays near its source then costs nothing for the rest of the graph.
struct ReachedValues<Value: Sendable>: Sendable {
    fileprivate enum Form: Sendable {
        case every([Value])
        /// Nodes ascending, their values, and what all others have.
        case few(nodes: [UInt32], values: [Value], rest: Value)
    }

    fileprivate let form: Form
    /// How many nodes the graph has.
    let count: Int

    /// Whether so few nodes of so many are better kept by themselves.
    static func areFew(_ reached: Int, of count: Int) -> Bool { reached < count / 16 }

    init(_ values: [Value]) {
        form = .every(values)
        count = values.count
    }

    /// - Parameter nodes: Ascending.
    init(nodes: [UInt32], values: [Value], rest: Value, count: Int) {
        form = .few(nodes: nodes, values: values, rest: rest)
        self.count = count
    }

    /// One for each node.
    ///
    /// - Complexity: O(1), or O(nodes) when only few are kept.
    var array: [Value] {
        switch form {
        case .every(let values): return values
        case .few(let nodes, let values, let rest):
            var array = [Value](repeating: rest, count: count)
            for (node, value) in zip(nodes, values) { array[Int(node)] = value }
            return array
        }
    }

    /// How many values are kept: those of all nodes, or of those reached.
    var keptCount: Int {
        switch form {
        case .every(let values), .few(_, let values, _): values.count
        }
    }

    /// Calls `body` with the values kept: those of all nodes, or of those reached.
    func forEachKept(_ body: (Value) -> Void) {
        switch form {
        case .every(let values), .few(_, let values, _): for value in values { body(value) }
        }
    }

    func map<Other: Sendable>(_ body: (Value) -> Other) -> ReachedValues<Other> {
        switch form {
        case .every(let values): ReachedValues<Other>(values.map(body))
        case .few(let nodes, let values, let rest):
            ReachedValues<Other>(
                nodes: nodes, values: values.map(body), rest: body(rest), count: count)
        }
    }

    /// The column of an answer in which nodes that were not reached have no value.
    func column(_ name: String, _ form: ([Value]) -> OutputColumn.Values) -> OutputColumn {
        switch self.form {
        case .every(let values): OutputColumn(name, form(values))
        case .few(let nodes, let values, _):
            OutputColumn(name, form(values), at: nodes, of: count)
        }
    }
}

extension ReachedValues<Int32> {
    /// The column of depths, in which nodes that were not reached have no value.
    func depthColumn(_ name: String) -> OutputColumn {
        switch form {
        case .every(let depths): OutputColumn(name, depths: depths)
        case .few(let nodes, let depths, _):
            OutputColumn(name, .integers(depths.map { Int64($0) }), at: nodes, of: count)
        }
    }
}

extension ReachedValues<Double> {
    /// The column of distances, in which nodes that were not reached have no value.
    func distanceColumn(_ name: String) -> OutputColumn {
        switch form {
        case .every(let distances): OutputColumn(name, distances: distances)
        case .few(let nodes, let distances, _):
            OutputColumn(name, .doubles(distances), at: nodes, of: count)
        }
    }
}
