extension FastRP {
    /// FastRP as the catalog lists it.
    static let descriptor = AlgorithmDescriptor(
        name: "fastrp", family: .embedding,
        summary: "Nodes as vectors by random projection of their neighbourhoods.",
        parameters: [
            .dimension("128"),
            ParameterDescriptor(
                "iterations", .integer(roundRange), default: "3",
                help: "How many steps a neighbourhood reaches; of several rounds the first, direct "
                    + "neighbours alone, counts nothing."),
            ParameterDescriptor(
                "normalization", .number(normalizationRange), default: "0",
                help: "The power of its degree that scales a node's random vector; below 0 hubs "
                    + "count less."),
            ParameterDescriptor(
                "self-weight", .number(normalizationRange), default: "0",
                help: "What a node's own random vector counts."),
            .usesWeights, .seed,
        ],
        needs: .init(weights: .optional, .summable),
        columns: [.init("embedding", "The vector.")],
        summaryFields: [.init("dimension", "How many numbers a vector has.")],
        complexity: "O(iterations × (nodes + edges) × dimension) time, O(nodes × dimension) space",
        citation: "Chen, Sultan, Tian, Chen, Skiena (CIKM 2019)",
        memory: MemoryNeed(perNode: 72, terms: [.init(20, "dimension")])
    ) { graph, values, options throws(AlgorithmError) in
        let rounds = values.integer("iterations") ?? 3
        var weights = [Double](repeating: 1, count: rounds)
        if rounds > 1 { weights[0] = 0 }
        let kernel = FastRP(
            dimension: values.integer("dimension") ?? 128, roundWeights: weights,
            selfWeight: values.number("self-weight") ?? 0,
            normalization: values.number("normalization") ?? 0,
            isWeighted: values.boolean("weighted"))
        return vectorOutput(try kernel.run(on: graph, options: values.seeded(options)))
    }
}

extension Node2Vec {
    /// node2vec as the catalog lists it.
    static let descriptor = AlgorithmDescriptor(
        name: "node2vec", family: .embedding,
        summary: "Nodes as vectors that foretell the nodes around them on random walks.",
        parameters: [
            .dimension("64"),
            ParameterDescriptor(
                "walks", .integer(RandomWalks.walkRange), default: "10",
                help: "How many walks start from each node."),
            ParameterDescriptor(
                "length", .integer(RandomWalks.lengthRange), default: "40",
                help: "How many steps a walk makes at most."),
        ] + RandomWalks.biasParameters + [
            ParameterDescriptor(
                "window", .integer(windowRange), default: "5",
                help: "How many steps apart two nodes of a pair may be."),
            ParameterDescriptor(
                "negatives", .integer(windowRange), default: "5",
                help: "With how many other nodes each pair is contrasted."),
            ParameterDescriptor(
                "epochs", .integer(epochRange), default: "1",
                help: "How often all walks are gone through."),
            ParameterDescriptor(
                "rate", .number(rateRange), default: "0.025",
                help: "How far the first pair moves its vectors."),
            .usesWeights, .seed,
        ],
        needs: .init(weights: .optional, .summable),
        columns: [.init("embedding", "The vector.")],
        summaryFields: [.init("dimension", "How many numbers a vector has.")],
        complexity: "O(epochs × steps × window × negatives × dimension) time, "
            + "O(steps + nodes × dimension) space",
        citation: "Grover, Leskovec (KDD 2016)",
        memory: MemoryNeed(
            perNode: 64, terms: [.init(8, "dimension"), .init(12, "walks", "length")])
    ) { graph, values, options throws(AlgorithmError) in
        let walks = RandomWalks(
            walksPerNode: values.integer("walks") ?? 10, length: values.integer("length") ?? 40,
            returning: values.number("p") ?? 1, leaving: values.number("q") ?? 1,
            isWeighted: values.boolean("weighted"))
        let kernel = Node2Vec(
            dimension: values.integer("dimension") ?? 64, walks: walks,
            window: values.integer("window") ?? 5, negatives: values.integer("negatives") ?? 5,
            epochs: values.integer("epochs") ?? 1, rate: values.number("rate") ?? 0.025)
        return vectorOutput(try kernel.run(on: graph, options: values.seeded(options)))
    }
}

extension NearestNeighbors {
    /// Nearest neighbours of FastRP vectors as the catalog lists them.
    static let descriptor = AlgorithmDescriptor(
        name: "knn", family: .similarity,
        summary: "For each node those of the nearest vectors, by FastRP.",
        parameters: [
            ParameterDescriptor(
                "k", .integer(NodeSimilarity.countRange), default: "10",
                help: "How many neighbours to list for each node."),
            ParameterDescriptor(
                "metric", .choice(Metric.allCases.map(\.rawValue)), default: "cosine",
                help: "How nearness is measured."),
            .dimension("64"),
            ParameterDescriptor(
                "max-nodes", .integer(nodeRange), default: "50000",
                help: "Refuse larger graphs: every node is compared with every other."),
            .usesWeights, .seed,
        ],
        needs: .init(weights: .optional, .summable),
        columns: alikeColumns,
        summaryFields: [.init("pairs", "How many pairs are listed.")],
        complexity: "O(nodes² × dimension) time, O(nodes × (k + dimension)) space",
        citation: "Fix, Hodges (1951); Chen, Sultan, Tian, Chen, Skiena (CIKM 2019)",
        memory: MemoryNeed(perNode: 64, terms: [.init(14, "dimension"), .init(28, "k")])
    ) { graph, values, options throws(AlgorithmError) in
        let kernel = NearestNeighbors(
            count: values.integer("k") ?? 10,
            metric: values.word("metric").flatMap(Metric.init(rawValue:)) ?? .cosine,
            maxNodes: values.integer("max-nodes") ?? 50_000)
        let embedding = FastRP(
            dimension: values.integer("dimension") ?? 64, isWeighted: values.boolean("weighted"))
        let vectors = try embedding.run(on: graph, options: values.seeded(options))
        let found = try kernel.run(on: vectors, options: options)
        return alikeOutput(rowNumbers(found.offsets), found.nodes, found.scores)
    }
}

/// An answer that gives each node a vector.
private func vectorOutput(_ vectors: NodeVectors) -> AlgorithmOutput {
    AlgorithmOutput(
        columns: [OutputColumn("embedding", .vectors(vectors))],
        summary: [SummaryEntry("dimension", .count(vectors.dimension))])
}

extension ParameterDescriptor {
    /// How many numbers a vector has.
    static func dimension(_ standard: String) -> ParameterDescriptor {
        ParameterDescriptor(
            "dimension", .integer(NodeVectors.dimensionRange), default: standard,
            help: "How many numbers a vector has.")
    }
}
