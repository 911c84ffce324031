internal import PropertyGraph

/// A life of a graph that is the same wherever it is played: transaction by transaction, from a
/// seed alone.
///
/// Two processes that know the seed know what a store must hold at any position.
public struct ModelHistory: Sendable {
    private let seed: UInt64
    /// Large transactions, and indexes over many nodes.
    private let isLarge: Bool
    /// The graph at the position reached.
    public private(set) var graph = ModelGraph()

    /// The beginning of a life.
    public init(seed: UInt64, isLarge: Bool = false) {
        self.seed = seed
        self.isLarge = isLarge
    }

    /// A life that goes on from a graph as the one with this seed would.
    public init(seed: UInt64, startingAt graph: ModelGraph) {
        self.init(seed: seed)
        self.graph = graph
    }

    /// Goes on by the one transaction that leads to the next position, and returns what it does.
    public mutating func advance() -> [GraphOperation] {
        var attempt: UInt64 = 0
        while true {
            let mixed = seed &+ (graph.position + 1) &* 0x9E37_79B9 &+ attempt &* 0xC2B2_AE35
            attempt += 1
            let operations = propose(OperationGenerator(seed: mixed))
            var next = graph
            do {
                try next.write { copy in
                    for operation in operations { try operation.apply(to: &copy) }
                }
            } catch {
                continue
            }
            // Not every proposal is accepted, or changes something.
            guard next.position > graph.position else { continue }
            graph = next
            return operations
        }
    }

    /// What is said of the graph when a commit is acknowledged.
    public var digest: String {
        "\(graph.position) \(graph.nodes.count) \(graph.edges.count) \(graph.nextNode) "
            + "\(graph.nextEdge) \(graph.schema.count)"
    }

    /// Mostly small changes, now and then a large one at a hub.
    private func propose(_ source: OperationGenerator) -> [GraphOperation] {
        if isLarge { return proposeLarge() }
        var generator = source
        var operations: [GraphOperation] = []
        if generator.random.percent(4), let hub = graph.nodes.keys.min() {
            let others = graph.nodes.keys.sorted()
            for step in 0..<(100 + generator.random.below(500)) {
                let other = generator.random.pick(others)
                let weight = PropertyValue.double(Double(generator.random.below(100)) / 10)
                operations.append(
                    .createEdge("R", hub, other, step % 4 == 0 ? [:] : ["w": weight]))
            }
            return operations
        }
        if generator.random.percent(6), let hub = graph.nodes.keys.min(),
            graph.incident[hub]?.count ?? 0 > 300
        {
            return [.detachDeleteNode(hub)]
        }
        var trial = graph
        for _ in 0..<(1 + generator.random.below(10)) {
            let operation = generator.next(for: trial)
            guard (try? operation.apply(to: &trial)) != nil else { continue }
            operations.append(operation)
        }
        return operations
    }

    /// In turn: many nodes and edges; an index over them; the index and some nodes gone.
    private func proposeLarge() -> [GraphOperation] {
        let turn = graph.position / 3
        switch graph.position % 3 {
        case 0:
            var operations: [GraphOperation] = []
            for step in 0..<400 as Range<UInt64> {
                let text = String(repeating: "x", count: step % 50 == 0 ? 900 : 20)
                operations.append(
                    .createNode(
                        ["Big"],
                        ["v": .integer(Int64(turn * 400 + step)), "t": .string("\(text)\(step)")]))
                if step > 0 {
                    let id = graph.nextNode + step
                    operations.append(
                        .createEdge("NEXT", NodeID(id - 1), NodeID(id), ["w": .integer(1)]))
                }
            }
            return operations
        case 1:
            return [
                .createSchema(
                    .init(
                        name: "big", kind: .unique, isOverNodes: true, symbol: "Big", keys: ["v"])),
                .createSchema(
                    .init(
                        name: "text", kind: .index, isOverNodes: true, symbol: "Big", keys: ["t"])),
                .createSchema(
                    .init(
                        name: "w", kind: .inlineProperty, isOverNodes: false, symbol: "NEXT",
                        keys: ["w"])),
            ]
        default:
            let oldest = graph.nodeIDs().prefix(150)
            return [.dropSchema("big"), .dropSchema("w"), .dropSchema("text")]
                + oldest.map { .detachDeleteNode($0) }
        }
    }
}
