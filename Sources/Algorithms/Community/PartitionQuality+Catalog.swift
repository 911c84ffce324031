import PropertyGraph

extension PartitionQuality {
    /// The measures of a partition as the catalog lists them.
    static let descriptor = AlgorithmDescriptor(
        name: "partition-quality", family: .community,
        summary: "How good a partition of the nodes is: modularity, coverage, conductance.",
        parameters: [
            ParameterDescriptor(
                "community", .column, isRequired: true,
                help: "The community of each node: a file of lines 'node,community', as --output "
                    + "writes them, or in a database the property that holds it."),
            ParameterDescriptor(
                "resolution", .number(Louvain.resolutionRange), default: "1",
                help: "By how much the weight that chance would put into communities counts."),
            .usesWeights,
        ],
        needs: .init(weights: .optional, .summable, incoming: .required),
        columns: [
            .init("community", "The lowest node of the community; the largest come first."),
            .init("nodes", "How many nodes it has."),
            .init(
                "conductance",
                "The weight that leaves it as a share of the ends on its smaller side."),
        ],
        summaryFields: Result.summaryFields,
        complexity: "O(nodes + edges) time and space",
        citation: "Newman, Girvan (2004); Fortunato (2010)",
        memory: MemoryNeed(perNode: 140, perArc: 4)
    ) { graph, values, options throws(AlgorithmError) in
        let labels = try graph.groupNumbers(
            of: values.word("community") ?? "", for: "partition-quality")
        let kernel = PartitionQuality(
            resolution: values.number("resolution") ?? 1, isWeighted: values.boolean("weighted"))
        let quality = try kernel.run(on: graph, labels: labels, options: options)
        return AlgorithmOutput.ofGroups(labels, quality)
    }
}

extension AlgorithmOutput {
    /// A row for each group, the largest first, of equals that of the lowest node.
    ///
    /// - Parameter labels: Numbers from 0 without gaps, in the order of their first nodes.
    fileprivate static func ofGroups(
        _ labels: [UInt32], _ quality: PartitionQuality.Result
    ) -> AlgorithmOutput {
        var sizes: [Int] = []
        var lowest: [UInt32] = []
        for (node, label) in labels.enumerated() {
            if Int(label) == sizes.count {
                sizes.append(0)
                lowest.append(UInt32(truncatingIfNeeded: node))
            }
            sizes[Int(label)] += 1
        }
        let order = sizes.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }
        return AlgorithmOutput(
            rows: .records(order.count),
            columns: [
                OutputColumn("community", .nodes(order.map { lowest[$0] })),
                OutputColumn("nodes", .integers(order.map { Int64(sizes[$0]) })),
                OutputColumn(
                    "conductance", .doubles(order.map { quality.conductances[Int(lowest[$0])] })),
            ],
            summary: quality.summary)
    }
}

extension CSRGraph {
    /// A number for each node, equal where the values of a node column are: from 0 without gaps, in
    /// the order of their first nodes.
    ///
    /// - Throws: `.invalidParameter` when there is no such column, or a node without a value.
    /// - Complexity: O(nodes).
    fileprivate func groupNumbers(
        of name: String, for algorithm: String
    ) throws(AlgorithmError) -> [UInt32] {
        guard let column = nodeColumns[name], column.count == nodeCount else {
            // A projection of nothing has no values, and there is nothing to group.
            if nodeCount == 0 { return [] }
            throw AlgorithmError(
                .invalidParameter,
                "Cannot run \(algorithm): the graph has no node column '\(name)'. Project the "
                    + "property of nodes that holds their groups.")
        }
        var groups = GroupNumbering()
        var labels: [UInt32] = []
        labels.reserveCapacity(nodeCount)
        for row in 0..<nodeCount {
            guard let label = groups.number(column, row) else {
                let id = id(of: UInt32(truncatingIfNeeded: row))
                throw AlgorithmError(
                    .invalidParameter,
                    "Cannot run \(algorithm): node \(id) has no '\(name)'. Give every node a group, "
                        + "or project only nodes that have one.")
            }
            labels.append(label)
        }
        return labels
    }
}

/// Numbers values of a column in the order they are met.
private struct GroupNumbering {
    private var texts: [PropertyKey: UInt32] = [:]
    private var words: [UInt64: UInt32] = [:]

    /// The number of the value of a row; nil when it has none, or one that is no number.
    mutating func number(_ column: CSRColumn, _ row: Int) -> UInt32? {
        guard column.isPresent(row) else { return nil }
        switch column.values {
        case .integers(let values): return number(UInt64(bitPattern: values[row]))
        case .doubles(let values):
            // Adding 0 makes one zero of both.
            return values[row].isNaN ? nil : number((values[row] + 0).bitPattern)
        case .booleans(let values): return number(UInt64(values[row]))
        case .dictionary(let codes, _, _): return number(UInt64(codes[row]))
        case .strings:
            // `PropertyKey` compares by bytes, which `String` does not.
            guard let text = column.string(at: row) else { return nil }
            return Self.number(PropertyKey(text), &texts)
        }
    }

    private mutating func number(_ word: UInt64) -> UInt32 { Self.number(word, &words) }

    private static func number<Key>(_ key: Key, _ known: inout [Key: UInt32]) -> UInt32 {
        if let number = known[key] { return number }
        let number = UInt32(truncatingIfNeeded: known.count)
        known[key] = number
        return number
    }
}
