import PropertyGraph

extension AStar {
    /// A* as the catalog lists it.
    static let descriptor = AlgorithmDescriptor(
        name: "astar", family: .paths,
        summary: "A path of least cost, searched straight at the target by landmarks or places.",
        parameters: [
            .source, .target, .pairs,
            ParameterDescriptor(
                "landmarks", .integer(LandmarkIndex.countRange), default: "8",
                help: "How many landmarks to choose when nodes have no places."),
            ParameterDescriptor(
                "places", .choice(["none"] + Places.Shape.allCases.map(\.rawValue)),
                default: "none", columns: ["x", "y"],
                help:
                    "Use the node columns x and y, properties in a database or columns of the file "
                    + "of nodes, as places in a plane, or as degrees of longitude and latitude on a "
                    + "sphere."),
            .landmarkFile,
        ],
        needs: .init(weights: .optional, incoming: .optional),
        columns: pathColumns,
        summaryFields: pathFields + [.init("visited", "How many nodes were visited for all.")],
        complexity:
            "O(edges + nodes × log nodes) time a pair at worst and a landmark, O(nodes) space",
        citation: "Hart, Nilsson, Raphael (1968); Goldberg, Harrelson (2005)",
        memory: MemoryNeed(perNode: 64, terms: [.init(28, "landmarks")])
    ) { graph, values, options throws(AlgorithmError) in
        let pairs = try values.pathPairs(for: "astar")
        let guide: Guide
        if let shape = values.word("places").flatMap(Places.Shape.init(rawValue:)) {
            guide = .places(
                try Places(shape, x: try coordinates("x", graph), y: try coordinates("y", graph)))
        } else if let index = try values.landmarkIndex(for: graph) {
            guide = .landmarks(index)
        } else {
            guide = .landmarks(
                try LandmarkIndex(
                    of: graph, count: values.integer("landmarks") ?? 8, options: options))
        }
        let result = try AStar(pairs: pairs, guide: guide).run(on: graph, options: options)
        var output = pathOutput(pairs, result.paths)
        output.summary.append(SummaryEntry("visited", .count(result.visited)))
        return output
    }

    private static func coordinates(
        _ name: String, _ graph: CSRGraph
    ) throws(AlgorithmError) -> [Double] {
        guard let column = graph.nodeColumns[name], column.count == graph.nodeCount else {
            throw AlgorithmError(
                .missingParameter,
                "Cannot run astar by places: the nodes have no '\(name)'. Give every node the numbers "
                    + "x and y, as properties in a database or as columns of the file of nodes, or "
                    + "leave out `places`.")
        }
        let absent = (0..<graph.nodeCount).lazy.filter { !column.isPresent($0) }
        if let first = absent.first {
            throw AlgorithmError(
                .missingParameter,
                "Cannot run astar by places: \(absent.count) of \(graph.nodeCount) nodes have no "
                    + "'\(name)', among them node \(graph.id(of: UInt32(first))). Give them one, "
                    + "choose the nodes that have it, or leave out `places`.")
        }
        switch column.values {
        case .doubles(let values): return (0..<graph.nodeCount).map { values[$0] }
        case .integers(let values): return (0..<graph.nodeCount).map { Double(values[$0]) }
        case .booleans, .strings, .dictionary:
            throw AlgorithmError(
                .invalidParameter,
                "Cannot run astar by places: the column '\(name)' does not hold numbers. "
                    + "Store numbers there, or leave out `places`.")
        }
    }
}
