import GraphAlgorithms
import GraphStore
import PropertyGraph

/// A learner in the graph: a node `Learner`, and edges `MASTERS` with `m` to what is mastered.
enum LearnerRecord {
    static let label: Label = "Learner"
    static let type: EdgeType = "MASTERS"
    static let level: PropertyKey = "m"

    /// The node of a learner; nil when there is none.
    static func find<Snapshot: GraphReading & ~Copyable>(
        _ name: String, in snapshot: borrowing Snapshot
    ) throws -> NodeID? {
        let labels = try snapshot.labels()
        guard labels.contains(where: { UTF8Order.equal($0.name, label.name) }) else { return nil }
        let found = try snapshot.nodeIDs(
            label: label, where: "id", .equals(.string(name)), limit: 2)
        guard found.count < 2 else {
            throw CommandError.failure(
                "More than one Learner has the id '\(name)'. Delete all but one of them.")
        }
        return found.first
    }

    /// How well a learner masters what.
    static func read<Snapshot: GraphReading & ~Copyable>(
        _ name: String, key: String, in snapshot: borrowing Snapshot
    ) throws -> [Mastery] {
        guard let learner = try find(name, in: snapshot) else {
            throw CommandError.failure(
                "There is no Learner '\(name)'. 'cairn learn mark' makes one.")
        }
        let types = try snapshot.edgeTypes()
        guard types.contains(where: { UTF8Order.equal($0.name, type.name) }) else { return [] }
        var result: [Mastery] = []
        for edge in try snapshot.edges(of: learner, .outgoing, type: type) {
            let value = try snapshot.property(PropertyKey(key), of: edge.target)
            guard let concept = text(value) else { continue }
            guard let mastery = edge[level]?.doubleValue else {
                throw CommandError.failure(
                    "The edge \(edge.id) from Learner '\(name)' has no number 'm'. "
                        + "Set one from 0 to 1, or delete the edge.")
            }
            result.append(Mastery(concept: concept, level: mastery))
        }
        return result
    }

    /// Sets how well a learner masters a concept, and makes the learner where there is none.
    ///
    /// - Parameter change: The new mastery from the present one, 0 where none is kept.
    /// - Returns: The mastery before and after.
    static func update(
        _ name: String, _ concept: NodeID, in transaction: inout WriteTransaction,
        _ change: (Double) -> Double
    ) throws -> (before: Double, after: Double) {
        let learner: NodeID
        if let found = try find(name, in: transaction) {
            learner = found
        } else {
            learner = try transaction.createNode(
                labels: [label], properties: ["id": .string(name)])
        }
        var edges: [Edge] = []
        let types = try transaction.edgeTypes()
        if types.contains(where: { UTF8Order.equal($0.name, type.name) }) {
            edges = try transaction.edges(of: learner, .outgoing, type: type)
                .filter { $0.target == concept }
        }
        let before = edges.first?[level]?.doubleValue ?? 0
        let after = change(before)
        if let edge = edges.first {
            try transaction.setProperty(level, of: edge.id, to: .double(after))
        } else {
            _ = try transaction.createEdge(
                type, from: learner, to: concept, properties: [level: .double(after)])
        }
        return (before, after)
    }

    private static func text(_ value: PropertyValue?) -> String? {
        switch value {
        case .string(let text): text
        case .integer(let number): String(number)
        default: nil
        }
    }
}
