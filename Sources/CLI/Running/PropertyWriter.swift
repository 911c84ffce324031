import GraphAlgorithms
import GraphStore
import PropertyGraph

/// Writes columns of an answer into the nodes of the database they came from, in one transaction:
/// all of them, or nothing.
struct PropertyWriter {
    let database: GraphDatabase
    let graph: CSRGraph

    /// What was done.
    struct Summary: Sendable {
        /// Nodes that have the properties now.
        var written = 0
        /// Nodes for which the answer has no value, so that an earlier one was removed.
        var cleared = 0
        /// Nodes that were deleted since the graph was projected.
        var missing = 0
    }

    /// Writes the columns.
    ///
    /// A missing value removes the property, so that none of an earlier run is left among those of
    /// this one. A node as a value becomes its id, for names may be shared and may change.
    ///
    /// - Throws: `GraphStoreError` when a constraint forbids a value; `CommandError.interrupted`.
    ///   Nothing is written then.
    func write(
        _ columns: [(property: PropertyKey, column: OutputColumn)], _ progress: ProgressLine
    ) throws -> Summary {
        defer { Interruption.mayEndAtOnce(true) }
        let graph = graph
        return try database.writeAlone { transaction in
            // From here on the closure itself asks for Ctrl-C, and a commit is not cut off.
            Interruption.mayEndAtOnce(false)
            var summary = Summary()
            for row in 0..<graph.nodeCount {
                if row & 0x3FF == 0 {
                    if Interruption.isRequested { throw CommandError.interrupted }
                    progress.show(
                        "Writing \(NumberText.grouped(row)) of "
                            + "\(NumberText.grouped(graph.nodeCount)) nodes")
                }
                let index = UInt32(truncatingIfNeeded: row)
                let node = NodeID(graph.id(of: index))
                guard let before = try transaction.node(node) else {
                    summary.missing += 1
                    continue
                }
                var isCleared = true
                for (property, column) in columns {
                    let value = Self.value(column[row], graph)
                    if value != nil { isCleared = false }
                    // What is the same already costs no change, no log entry and no page.
                    guard before.properties[property] != value else { continue }
                    try transaction.setProperty(property, of: node, to: value)
                }
                summary.written += isCleared ? 0 : 1
                summary.cleared += isCleared ? 1 : 0
            }
            progress.show("Committing \(NumberText.grouped(graph.nodeCount)) nodes")
            return summary
        }
    }

    private static func value(_ value: OutputValue?, _ graph: CSRGraph) -> PropertyValue? {
        switch value {
        case nil: nil
        case .integer(let value): .integer(value)
        case .double(let value): .double(value)
        case .string(let value): .string(value)
        case .boolean(let value): .boolean(value)
        case .node(let node): .integer(Int64(clamping: graph.id(of: node)))
        case .nodes(let nodes): .list(nodes.map { .integer(Int64(clamping: graph.id(of: $0))) })
        case .vector(let numbers): .list(numbers.map { .double(Double($0)) })
        }
    }
}
