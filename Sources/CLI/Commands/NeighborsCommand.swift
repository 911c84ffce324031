import ArgumentParser
import GraphStore
import PropertyGraph

/// `cairn neighbors`.
struct NeighborsCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "neighbors", "List what is one step from a node.",
        examples: [
            Example(
                "All around a node",
                "cairn neighbors Person:name=Ada --db DB"),
            Example(
                "Whom it knows",
                "cairn neighbors 7 --direction out --type KNOWS --db DB"),
        ])

    @Argument(help: "The node: its id, or Label:key=value as in Person:name=Ada.")
    var node: String
    @Option(
        name: .shortAndLong,
        help: "Edges that leave (out), reach (in), or both; both without it.")
    var direction = Way.both
    @Option(help: "Only edges of this type.")
    var type: String?
    @OptionGroup var limit: LimitOption
    @OptionGroup var moment: MomentOption
    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        let reference = try NodeReference(node)
        let database = try database.openForReading()
        let steps = try moment.read(database) { try find($0, reference) }
        try Self.print(steps, console)
    }

    /// Which edges to follow.
    enum Way: String, CaseIterable, ExpressibleByArgument {
        case out, `in`, both
    }

    private func find(
        _ transaction: borrowing ReadTransaction, _ reference: NodeReference
    ) throws -> [Step] {
        let id = try reference.resolve(in: transaction)
        let type = try self.type.map { try transaction.requireEdgeType($0) }
        var steps: [Step] = []
        if direction != .in {
            try Self.collect(transaction, id, .outgoing, type, limit.count(), &steps)
        }
        if direction != .out {
            try Self.collect(transaction, id, .incoming, type, limit.count(), &steps)
        }
        return steps
    }

    private struct Step {
        let direction: Direction
        let edge: Edge
        let node: Node
    }

    private static func collect(
        _ transaction: borrowing ReadTransaction, _ id: NodeID, _ direction: Direction,
        _ type: EdgeType?, _ limit: Int, _ steps: inout [Step]
    ) throws {
        var found: [Neighbor] = []
        let room = limit - steps.count
        guard room > 0 else { return }
        try transaction.forEachNeighbor(of: id, direction, type: type) {
            found.append($0)
            return found.count < room && !Interruption.isRequested
        }
        for neighbor in found {
            guard let edge = try transaction.edge(neighbor.edge),
                let node = try transaction.node(neighbor.node)
            else { continue }
            steps.append(Step(direction: direction, edge: edge, node: node))
        }
    }

    private static func print(_ steps: [Step], _ console: Console) throws {
        switch console.format {
        case .json: try console.print(.array(steps.map { object($0) }))
        case .jsonl: for step in steps { try console.printLine(object(step)) }
        case .table, .plain, .csv:
            var listing = Listing(
                [
                    .init("direction", "Direction"), .init("type", "Type"), .init("edge", "Edge"),
                    .init("node", "Node"), .init("labels", "Labels"),
                    .init("properties", "Properties"),
                ], ifEmpty: "The node has no such neighbours.")
            listing.rows = steps.map { step in
                [
                    .string(step.direction == .outgoing ? "out" : "in"),
                    .string(step.edge.type.name), .unsigned(step.edge.id.rawValue),
                    .unsigned(step.node.id.rawValue),
                    .array(step.node.labels.map { .string($0.name) }),
                    .string(ElementText.properties(step.node.properties)),
                ]
            }
            try console.print(listing)
        }
    }

    private static func object(_ step: Step) -> JSON {
        .object([
            ("direction", .string(step.direction == .outgoing ? "out" : "in")),
            ("edge", JSON(step.edge)), ("node", JSON(step.node)),
        ])
    }
}
