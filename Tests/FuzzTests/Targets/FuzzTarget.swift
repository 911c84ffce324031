import GraphFormats

/// What is fed with bytes that may say anything. A target does nothing with most of them, must
/// come to an end, and traps where the code under it breaks a promise.
enum FuzzTarget: String, CaseIterable {
    // Decoders of the store.
    case value, record, adjacency, chunk, container, changes, image, heads, schema
    // Importers.
    case csv, jsonl, edges, automatic, graphml, gexf, matrix, ntriples, turtle
    // Texts of queries.
    case cypher

    /// Feeds it.
    func run(_ bytes: [UInt8]) {
        switch self {
        case .value: Decoders.value(bytes)
        case .record: Decoders.record(bytes)
        case .adjacency: Decoders.adjacency(bytes)
        case .chunk: Decoders.chunk(bytes)
        case .container: Decoders.container(bytes)
        case .changes: Decoders.changes(bytes)
        case .image: Decoders.image(bytes)
        case .heads: Decoders.heads(bytes)
        case .schema: Decoders.schema(bytes)
        case .csv: Importers.feed(bytes, .csv)
        case .jsonl: Importers.feed(bytes, .jsonl)
        case .edges: Importers.feed(bytes, .edgeList)
        case .automatic: Importers.feed(bytes, .automatic)
        case .graphml: Importers.feed(bytes, .graphML)
        case .gexf: Importers.feed(bytes, .gexf)
        case .matrix: Importers.feed(bytes, .matrixMarket)
        case .ntriples: Importers.feed(bytes, .nTriples)
        case .turtle: Importers.feed(bytes, .turtle)
        case .cypher: Queries.feed(bytes)
        }
    }

    /// Inputs to begin with: what the encoders write, and files as people have them.
    var seeds: [[UInt8]] {
        switch self {
        case .value, .record, .adjacency, .chunk, .container, .changes, .image, .heads, .schema:
            DecoderSeeds.seeds(self)
        case .csv, .jsonl, .edges, .automatic: Importers.seeds(self)
        case .graphml, .gexf, .matrix, .ntriples, .turtle: Importers.seedsOfOtherTools(self)
        case .cypher: Queries.seeds
        }
    }
}

/// Ends the program: a promise of the code under test does not hold.
func broken(_ promise: String) -> Never {
    fatalError("broken promise: \(promise)")
}
