import ArgumentParser
import GraphStore
import PropertyGraph

/// `cairn info`.
struct InfoCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "info", "Tell what a database holds, and where its space goes.",
        examples: [
            Example("Counts of nodes, edges, labels and types", "cairn info --db people.cairn"),
            Example("The same for a program", "cairn info --db people.cairn --json"),
        ])

    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        let database = try database.openForReading()
        let (details, contents) = try database.read { transaction in
            try (Self.overview(database, transaction), GraphContents.listing(transaction))
        }
        switch console.format {
        case .table:
            try console.print(details)
            guard !contents.rows.isEmpty else { return }
            try console.output.line()
            try console.print(contents)
        case .json, .jsonl:
            var object = details
            object.add("contents", "", .array(contents.rows.map { contents.object($0) }))
            try console.print(object)
        case .plain, .csv: try console.print(details)
        }
    }

    private static func overview(
        _ database: GraphDatabase, _ transaction: borrowing ReadTransaction
    ) throws -> Details {
        var details = Details()
        details.add("path", "Path", .string(database.path))
        details.add("nodes", "Nodes", .count(try transaction.nodeCount()))
        details.add("edges", "Edges", .count(try transaction.edgeCount()))
        details.add("position", "Position", .unsigned(try transaction.position()))
        details.add("format", "Format", .integer(Int64(database.format.version)))
        details.add("identity", "Identity", .string(database.format.identity))
        return details
    }
}

/// Labels and edge types with how many carry them.
enum GraphContents {
    static func listing(_ transaction: borrowing ReadTransaction) throws -> Listing {
        var listing = Listing(
            [.init("kind", "Kind"), .init("name", "Name"), .init("count", "Count")],
            ifEmpty: "The database is empty.")
        for label in try transaction.labels() {
            listing.rows.append([
                .string("label"), .string(label.name),
                .count(try transaction.nodeCount(label: label)),
            ])
        }
        for type in try transaction.edgeTypes() {
            listing.rows.append([
                .string("edge type"), .string(type.name),
                .count(try transaction.edgeCount(type: type)),
            ])
        }
        return listing
    }
}
