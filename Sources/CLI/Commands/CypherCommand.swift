import ArgumentParser
import Cypher
import GraphStore
import PropertyGraph

/// `cairn cypher`.
struct CypherCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "cypher", "Ask and change a graph with openCypher.",
        examples: [
            Example("A shell", "cairn cypher DB"),
            Example("A query", "cairn cypher DB 'MATCH (c:Concept) RETURN c.title LIMIT 5'"),
            Example(
                "With a parameter",
                "cairn cypher 'MATCH (p {name: $name}) RETURN p' --param name=\"'Ada'\" --db DB"),
            Example("A script, statements ended by semicolons", "cairn cypher DB < script.cypher"),
            Example("The same from a file", "cairn cypher DB --file script.cypher"),
            Example(
                "As it was", "cairn cypher 'MATCH (n) RETURN count(n)' --at 2026-01-31 --db DB"),
            Example(
                "Rows of a CSV file",
                "cairn cypher DB --csv-folder data 'LOAD CSV WITH HEADERS FROM \"a.csv\" AS row "
                    + "CREATE (:Person {name: row.name})'"),
            Example("Nothing kept", "cairn cypher --in-memory 'RETURN 1 + 1 AS two'"),
        ],
        discussion: """
            Without a query, a terminal becomes a shell, and from anything else statements are \
            read, each ended by a semicolon. With --json-lines, requests \
            {"query": …, "params": {…}} are read, one a line, and answered by \
            {"columns": …, "rows": …} or {"error": …}.
            """)

    @Argument(
        help: ArgumentHelp(
            "The directory of the database, unless --db names it, and the query.",
            valueName: "db-query"))
    var words: [String] = []
    @Option(
        name: .customLong("param"), parsing: .singleValue,
        help: ArgumentHelp(
            "A parameter as openCypher writes its value, such as age=42 or name=\"'Ada'\".",
            valueName: "name=value"))
    var parameters: [String] = []
    @Option(
        help: ArgumentHelp("Run the statements of a file.", valueName: "path"), completion: .file())
    var file: String?
    @Option(
        name: .customLong("csv-folder"), parsing: .singleValue,
        help: ArgumentHelp(
            "A folder whose files LOAD CSV may read; may be repeated. None without it.",
            valueName: "path"), completion: .directory)
    var csvFolders: [String] = []
    @Flag(help: "An empty graph that is gone afterwards, in place of a database.")
    var inMemory = false
    @Flag(help: "Requests and answers as JSON, an object a line.")
    var jsonLines = false
    @Flag(help: "The shell even where there is no terminal.")
    var interactive = false
    @Flag(help: "Short for --format csv.")
    var csv = false
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
        let (place, query) = try split()
        let database = try open(place)
        defer { database.close() }
        var options = QueryOptions()
        options.isReadOnly = readOnly
        options.isNaive = naive
        options.asOf = try moment.moment()
        options.limits.isCancelled = { Interruption.isRequested }
        let folders = try CSVFolders(csvFolders, mostBytes: options.limits.memoryBytes ?? .max)
        options.limits.openCSV = { try folders.read($0) }
        if let timeLimit { options.limits.time = .seconds(max(0, timeLimit)) }
        let console = csv ? console.formatted(as: .csv) : console
        if jsonLines {
            var session = JSONLinesSession(database, isInMemory: inMemory, options, console)
            return try session.run()
        }
        let values = try self.values(database, options)
        if let query {
            try run(query, values, database, options, console)
        } else if let file {
            try run(script: ScriptFile.read(file), values, database, options, console)
        } else if interactive || console.terminal.inputIsTerminal {
            var shell = Shell(database, values, options, console)
            try shell.run()
            return try console.output.finish()
        } else {
            var script = ""
            while let line = readLine(strippingNewline: false) { script += line }
            try run(script: script, values, database, options, console)
        }
        try console.output.finish()
    }

    /// The database and the query among the words.
    private func split() throws -> (place: DatabaseOption, query: String?) {
        guard words.count <= 2 else {
            throw Self.usage(
                "A database and a query are taken, not \(words.count) words. Put the query in quotes."
            )
        }
        var place = database
        guard let first = words.first else { return (place, nil) }
        let isNamed = database.path != nil || inMemory
        if words.count == 2 {
            if isNamed {
                throw Self.usage("The database is named twice, or the query is not in quotes.")
            }
            place.path = first
            return (place, words[1])
        }
        let isPlace = !isNamed && (DatabaseOption.isDatabase(first) || first.hasSuffix(".cairn"))
        if isPlace { place.path = first }
        return (place, isPlace ? nil : first)
    }

    private func open(_ place: DatabaseOption) throws -> GraphDatabase {
        if inMemory { return try GraphDatabase.temporary() }
        return readOnly ? try place.openForReading() : try place.openForWriting()
    }

    private func values(
        _ database: GraphDatabase, _ options: QueryOptions
    ) throws -> [String: CypherValue] {
        var values: [String: CypherValue] = [:]
        for parameter in parameters {
            guard let sign = parameter.firstIndex(of: "=") else {
                throw Self.usage("--param takes name=value, not '\(parameter)'.")
            }
            let name = String(parameter[..<sign])
            let text = String(parameter[parameter.index(after: sign)...])
            values[name] = try ParameterText.value(
                text, of: name, database, options, example: "--param \(name)=\"'\(text)'\"")
        }
        return values
    }

    private func run(
        script: String, _ values: [String: CypherValue], _ database: GraphDatabase,
        _ options: QueryOptions, _ console: Console
    ) throws {
        let statements: [String]
        do {
            statements = try CypherScript.statements(of: script)
        } catch let error as CypherError {
            throw CommandError.failure(error.rendered(in: script))
        }
        for (number, statement) in statements.enumerated() {
            if number > 0, console.format == .table { try console.output.line("") }
            try run(statement, values, database, options, console)
        }
    }

    private func run(
        _ query: String, _ values: [String: CypherValue], _ database: GraphDatabase,
        _ options: QueryOptions, _ console: Console
    ) throws {
        do {
            let result = try database.query(query, parameters: values, options: options)
            try QueryPrinter.print(result, console)
            try QueryPrinter.tellUnknownNames(in: query, database, console)
        } catch let error as CypherError {
            if Interruption.isRequested { throw CommandError.interrupted }
            throw CommandError.failure(error.rendered(in: query) + Self.shellHint(for: query))
        } catch let error as GraphStoreError where error.code != .cancelled {
            throw CommandError.failure(error.rendered(in: query))
        }
    }

    /// Where a command of the shell is understood, when a statement begins like one.
    private static func shellHint(for statement: String) -> String {
        let line = statement.drop { $0.isWhitespace }.prefix { !$0.isNewline }
        guard line.utf8.first == 0x3A, let (command, _) = try? ShellCommand.parse(String(line))
        else {
            return ""
        }
        return
            "\n:\(command.rawValue) is a command of the shell; --interactive reads it from a pipe too."
    }
}
