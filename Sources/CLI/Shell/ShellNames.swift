import Cypher
import GraphStore
import PropertyGraph

/// The names that a shell completes, kept up with the database.
final class ShellNames {
    private let database: GraphDatabase
    private var names = CompletionNames()

    init(_ database: GraphDatabase) {
        self.database = database
        names.functions = CypherVocabulary.functions
        names.keywords = CypherVocabulary.keywords
        names.commands = ShellCommand.allCases.map(\.rawValue)
    }

    /// Looks again; what cannot be read leaves the old names.
    func refresh(_ parameters: [String: CypherValue]) {
        names.parameters = Array(parameters.keys)
        let found = try? database.read { transaction in
            (
                try transaction.labels().map(\.name), try transaction.edgeTypes().map(\.name),
                transaction.propertyKeys().map(\.name)
            )
        }
        if let found { (names.labels, names.edgeTypes, names.propertyKeys) = found }
    }

    func completion(of line: [UInt8]) -> Completion { names.completion(of: line) }
}

/// What `:schema` prints.
enum ShellSchema {
    static func print(_ database: GraphDatabase, _ console: Console) throws {
        let (contents, objects, keys) = try database.read {
            (try GraphContents.listing($0), try $0.schemaObjects(), $0.propertyKeys())
        }
        try console.print(contents)
        if console.format == .table, !keys.isEmpty {
            let words = "Property keys: " + keys.map(\.name).sorted().joined(separator: ", ")
            try console.output.line("")
            let columns = console.terminal.columns ?? 96
            for line in TextWidth.wrapped(TextWidth.printable(words), to: columns) {
                try console.output.line(line)
            }
        }
        if objects.isEmpty { return }
        if console.format == .table { try console.output.line("") }
        var listing = Listing(
            [
                .init("kind", "Kind"), .init("name", "Name"), .init("on", "On"),
                .init("properties", "Properties"),
            ], ifEmpty: "")
        listing.rows = objects.map { object in
            [
                .string(object.kind.word), .string(object.name), .string(object.labelOrType),
                .array(object.properties.map { .string($0.name) }),
            ]
        }
        try console.print(listing)
    }
}

/// Where the statements of earlier sessions are kept.
enum ShellHistory {
    /// `CAIRN_HISTORY`, or a file under the home directory; nil when neither is there, or the
    /// variable is empty.
    static func path() -> String? {
        if let path = SystemCalls.environment("CAIRN_HISTORY") { return path.isEmpty ? nil : path }
        guard let home = SystemCalls.environment("HOME"), !home.isEmpty else { return nil }
        return "\(home)/.cairn_history"
    }
}
