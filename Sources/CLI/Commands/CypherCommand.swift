import ArgumentParser
import Cypher
import GraphStore
import PropertyGraph

/// `cairn cypher`.
struct CypherCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "cypher", "Ask and change a graph with openCypher.",
        examples: [
            Example(
                "A query",
                "cairn cypher 'MATCH (c:Concept) RETURN c.title LIMIT 5' --db DB"),
            Example(
                "With a parameter",
                "cairn cypher 'MATCH (p {name: $name}) RETURN p' --param name=\"'Ada'\" --db DB"),
            Example(
                "A script, statements ended by semicolons", "cairn cypher --db DB < script.cypher"),
            Example(
                "As it was", "cairn cypher 'MATCH (n) RETURN count(n)' --at 2026-01-31 --db DB"),
            Example("Nothing kept", "cairn cypher --in-memory 'RETURN 1 + 1 AS two'"),
        ],
        discussion: """
            Without a query, statements are read from standard input, each ended by a semicolon. \
            With --json-lines, requests {"query": …, "params": {…}} are read, one a line, and \
            answered by {"columns": …, "rows": …} or {"error": …}.
            """)

    @Argument(help: "The query; without it, statements come from standard input.")
    var query: String?
    @Option(
        name: .customLong("param"), parsing: .upToNextOption,
        help: ArgumentHelp(
            "A parameter as openCypher writes its value, such as age=42 or name='Ada'.",
            valueName: "name=value"))
    var parameters: [String] = []
    @Flag(help: "An empty graph that is gone afterwards, in place of a database.")
    var inMemory = false
    @Flag(help: "Requests and answers as JSON, an object a line.")
    var jsonLines = false
    @Flag(help: "Refuse queries that change the graph.")
    var readOnly = false
    @Flag(help: "Run clauses as they are written, without a choice of order and indexes.")
    var naive = false
    @Option(help: "The most seconds a query may run.")
    var timeLimit: Double?
    @OptionGroup var moment: MomentOption
    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        let database = try open()
        defer { database.close() }
        var options = QueryOptions()
        options.isReadOnly = readOnly
        options.isNaive = naive
        options.moment = try moment.moment()
        options.limits.isCancelled = { Interruption.isRequested }
        if let timeLimit { options.limits.time = .seconds(max(0, timeLimit)) }
        if jsonLines {
            var session = JSONLinesSession(database, isInMemory: inMemory, options, console)
            return try session.run()
        }
        let values = try self.values(database, options)
        if let query { return try run(query, values, database, options, console) }
        var script = ""
        while let line = readLine(strippingNewline: false) { script += line }
        for (number, statement) in try CypherScript.statements(of: script).enumerated() {
            if number > 0, console.format == .table { try console.output.line("") }
            try run(statement, values, database, options, console)
        }
    }

    private func open() throws -> GraphDatabase {
        if inMemory { return try GraphDatabase.temporary() }
        return readOnly ? try database.openForReading() : try database.openForWriting()
    }

    private func values(
        _ database: GraphDatabase, _ options: QueryOptions
    ) throws -> [String: CypherValue] {
        var values: [String: CypherValue] = [:]
        for parameter in parameters {
            guard let sign = parameter.firstIndex(of: "=") else {
                throw CommandError.usage("--param takes name=value, not '\(parameter)'.")
            }
            let name = String(parameter[..<sign])
            let text = parameter[parameter.index(after: sign)...]
            do {
                var plain = options
                plain.moment = nil
                let result = try database.query("RETURN \(text) AS value", options: plain)
                values[name] = result.rows.first?.first ?? .null
            } catch let error as CypherError {
                throw CommandError.usage(
                    "The value of --param \(name) cannot be read: \(error.message) Texts stand in "
                        + "quotes: --param \(name)=\"'\(text)'\".")
            }
        }
        return values
    }

    private func run(
        _ query: String, _ values: [String: CypherValue], _ database: GraphDatabase,
        _ options: QueryOptions, _ console: Console
    ) throws {
        do {
            let result = try database.query(query, parameters: values, options: options)
            try Self.print(result, console)
        } catch let error as CypherError {
            if Interruption.isRequested { throw CommandError.interrupted }
            throw CommandError.failure(error.rendered(in: query))
        }
    }

    private static func print(_ result: QueryResult, _ console: Console) throws {
        if result.columns.isEmpty {
            if console.format == .table, !console.isQuiet { try console.note("Done.") }
            return
        }
        var listing = Listing(
            result.columns.map { .init($0, $0) }, ifEmpty: "No rows.")
        let isForPeople = console.format == .table || console.format == .plain
        listing.rows = result.rows.map { row in
            row.map { isForPeople ? QueryText.cell($0) : QueryJSON.value($0) }
        }
        try console.print(listing)
    }
}
