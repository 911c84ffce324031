import PropertyGraph

extension LandmarkIndex {
    /// The making of a landmark index as the catalog lists it.
    static let descriptor = AlgorithmDescriptor(
        name: "landmarks", family: .paths,
        summary: "An index that leads later searches for paths straight to their targets.",
        parameters: [
            ParameterDescriptor(
                "count", .integer(countRange), default: "8",
                help: "How many landmarks to choose; each costs a search, in a directed graph two.")
        ],
        needs: .init(weights: .optional, incoming: .required),
        columns: [
            .init("landmark", "A landmark, in the order they were chosen."),
            .init("farthest", "How far the farthest node is that can be reached from it."),
        ],
        summaryFields: [
            .init("landmarks", "How many there are; fewer than asked for on a small graph."),
            .init("index_bytes", "The size of the index, which --output writes."),
        ],
        complexity: "O(count × (edges + nodes × log nodes)) time, O(count × nodes) space",
        citation: "Goldberg, Harrelson (2005)",
        memory: MemoryNeed(perNode: 48, terms: [.init(32, "count")]),
        documentEnding: "landmarks"
    ) { graph, values, options throws(AlgorithmError) in
        let index = try LandmarkIndex(
            of: graph, count: values.integer("count") ?? 8, options: options)
        let bytes = index.encoded()
        var output = AlgorithmOutput(
            rows: .records(index.landmarks.count),
            columns: [
                OutputColumn("landmark", .nodes(index.landmarks)),
                OutputColumn("farthest", .doubles(index.greatestDistances)),
            ],
            summary: [
                SummaryEntry("landmarks", .count(index.landmarks.count)),
                SummaryEntry("index_bytes", .count(bytes.count)),
            ])
        output.document = bytes
        return output
    }

    /// For each landmark the greatest finite distance from it.
    private var greatestDistances: [Double] {
        let width = landmarks.count * (isDirected ? 2 : 1)
        return landmarks.indices.map { landmark in
            var greatest: Float = 0
            for start in stride(from: landmark, to: table.count, by: max(width, 1))
            where table[start] < .infinity { greatest = max(greatest, table[start]) }
            return Double(greatest)
        }
    }
}

extension ParameterDescriptor {
    /// A landmark index that was made before.
    static let landmarkFile = ParameterDescriptor(
        "index", .file,
        help: "A file that 'cairn run landmarks' wrote for the same graph; the search goes by it.")
}

extension ParameterValues {
    /// The index of the file that `index` names; nil when none is named.
    ///
    /// - Throws: `.damagedGraph` when it is no index; `.invalidParameter` when it is that of another
    ///   graph; both naming the file.
    func landmarkIndex(for graph: CSRGraph) throws(AlgorithmError) -> LandmarkIndex? {
        guard let file = file("index") else { return nil }
        do {
            return try LandmarkIndex(decoding: file.bytes, for: graph)
        } catch {
            throw AlgorithmError(error.code, "'\(file.path)': \(error.message)", cause: error)
        }
    }
}
