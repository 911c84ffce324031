import Cypher
import GraphStore
import PropertyGraph

/// An interactive session of queries.
struct Shell {
    private let database: GraphDatabase
    private let options: QueryOptions
    private var console: Console
    private var input: any LineInput
    private let names: ShellNames
    private var parameters: [String: CypherValue]
    private var buffer = StatementBuffer()
    private var transaction: CypherTransaction?
    /// Whether anything failed: told at the end when nobody was there to see it.
    private var hasFailed = false

    /// Rows that a table shows at most, so that a careless query does not scroll for minutes.
    private static let mostRows = 1_000

    init(
        _ database: GraphDatabase, _ parameters: [String: CypherValue], _ options: QueryOptions,
        _ console: Console
    ) {
        self.database = database
        self.parameters = parameters
        self.options = options
        self.console = console
        let names = ShellNames(database)
        self.names = names
        if console.terminal.inputIsTerminal,
            let editor = LineEditor(
                historyPath: ShellHistory.path(), complete: { names.completion(of: $0) })
        {
            input = editor
        } else {
            input = PipedInput()
        }
    }

    /// Goes on until the input ends or `:exit`.
    mutating func run() throws {
        if console.terminal.inputIsTerminal, !console.isQuiet {
            try console.note("Cairn \(Program.version). A statement ends with ;   :help  :exit")
        }
        names.refresh(parameters)
        loop: while true {
            try console.output.flush()
            switch input.line(prompt: prompt) {
            case .end: break loop
            case .interrupted:
                Interruption.clear()
                buffer = StatementBuffer()
                Console.writeError("\n")
            case .text(let line):
                if try !take(line) { break loop }
            }
        }
        if transaction?.isOpen == true {
            transaction?.rollBack()
            try console.note("The transaction was rolled back: it had no :commit.")
        }
        if !console.terminal.inputIsTerminal {
            for statement in buffer.flush() { execute(statement) }
            if hasFailed { throw CommandError.failure("A statement failed; see above.") }
        }
    }

    private var prompt: String {
        if !buffer.isEmpty { return "   ... " }
        return transaction?.isOpen == true ? "cairn* " : "cairn> "
    }

    /// Does what a line asks for; whether the session goes on.
    private mutating func take(_ line: String) throws -> Bool {
        if buffer.isEmpty, line.utf8.first(where: { $0 != 0x20 }) == 0x3A {
            let trimmed = String(line.drop { $0 == " " })
            input.remember(trimmed)
            do {
                let (command, rest) = try ShellCommand.parse(trimmed)
                if command == .exit { return false }
                try perform(command, rest)
            } catch let error as ClosedPipe {
                throw error
            } catch {
                report(error, in: nil)
            }
            return true
        }
        if line.utf8.allSatisfy({ $0 <= 0x20 }) {
            if !buffer.isEmpty, console.terminal.inputIsTerminal {
                try console.note("A statement ends with ';'. :clear forgets it.")
            }
            return true
        }
        if !buffer.isEmpty, UTF8Order.equal(line, ":clear") {
            buffer = StatementBuffer()
            return true
        }
        let statements = buffer.take(line)
        for statement in statements {
            input.remember(Self.oneLine(statement) + ";")
            execute(statement)
        }
        return true
    }

    /// A statement as one line of the history, when that means the same.
    private static func oneLine(_ statement: String) -> String {
        let hasText = statement.utf8.contains { [0x22, 0x27, 0x2F, 0x60].contains($0) }
        guard statement.utf8.contains(0x0A), !hasText else { return statement }
        return statement.split(separator: "\n").joined(separator: " ")
    }

    // MARK: Commands

    private mutating func perform(_ command: ShellCommand, _ rest: String) throws {
        switch command {
        case .help:
            for line in ShellCommand.helpLines(console.style) { try console.output.line(line) }
        case .begin:
            if transaction?.isOpen == true {
                throw CommandError.failure("A transaction is open already. End it with :commit.")
            }
            transaction = database.beginTransaction(options: options)
        case .commit:
            try opened().commit()
            transaction = nil
            try done()
        case .rollback:
            try opened().rollBack()
            transaction = nil
            try done()
        case .schema: try ShellSchema.print(database, console)
        case .explain, .profile:
            guard !rest.isEmpty else {
                throw CommandError.failure(
                    "Write ':\(command.rawValue) QUERY', such as "
                        + ":\(command.rawValue) MATCH (n) RETURN count(n).")
            }
            execute("\(command.rawValue.uppercased()) \(rest)")
        case .format:
            guard let format = OutputFormat(name: rest) else {
                throw CommandError.failure(
                    "There is no format '\(rest)'. There are: "
                        + OutputFormat.allCases.map(\.rawValue).joined(separator: ", ") + ".")
            }
            try console.output.flush()
            console = console.formatted(as: format)
        case .param: try setParameter(rest)
        case .params:
            var listing = Listing(
                [.init("name", "Name"), .init("value", "Value")], ifEmpty: "No parameters.")
            for (name, value) in parameters.sorted(by: { UTF8Order.precedes($0.key, $1.key) }) {
                listing.rows.append([.string(name), QueryText.cell(value)])
            }
            try console.print(listing)
        case .source:
            let script = try ScriptFile.read(rest)
            for statement in try CypherScript.statements(of: script) { execute(statement) }
        case .clear, .exit: break
        }
    }

    private func opened() throws -> CypherTransaction {
        guard let transaction, transaction.isOpen else {
            throw CommandError.failure("No transaction is open. Open one with :begin.")
        }
        return transaction
    }

    private mutating func setParameter(_ text: String) throws {
        guard let (name, value) = ParameterText.split(text) else {
            throw CommandError.failure("Write ':param NAME => VALUE', such as :param age => 42.")
        }
        parameters[name] = try ParameterText.value(
            value, of: name, database, options, example: ":param \(name) => '\(value)'")
        names.refresh(parameters)
    }

    private func done() throws {
        if console.format == .table, !console.isQuiet { try console.note("Done.") }
    }

    // MARK: Queries

    private mutating func execute(_ statement: String) {
        let start = ContinuousClock.now
        do {
            let result: QueryResult
            if let transaction, transaction.isOpen {
                result = try transaction.query(statement, parameters: parameters)
            } else {
                result = try database.query(statement, parameters: parameters, options: options)
            }
            let taken = ContinuousClock.now - start
            try QueryPrinter.print(
                result, console, taken: taken,
                mostRows: console.terminal.inputIsTerminal ? Self.mostRows : nil)
            // What a transaction has made is not to be seen from outside of it.
            if transaction == nil {
                try QueryPrinter.tellUnknownNames(in: statement, database, console)
            }
            names.refresh(parameters)
        } catch {
            report(error, in: statement)
            if let transaction, !transaction.isOpen {
                self.transaction = nil
                Console.writeError("The transaction was rolled back.\n")
            }
        }
        Interruption.clear()
    }

    private mutating func report(_ error: any Error, in statement: String?) {
        var shown = error
        if let cypher = error as? CypherError {
            shown = CommandError.failure(
                Interruption.isRequested
                    ? "Stopped; nothing was changed."
                    : statement.map { cypher.rendered(in: $0) } ?? cypher.message)
        }
        if let store = error as? GraphStoreError, store.code != .cancelled, let statement {
            shown = CommandError.failure(store.rendered(in: statement))
        }
        let report = ErrorReport(shown, [], style: console.errorStyle)
        let lines = report?.lines ?? ["cairn: \(error)"]
        Console.writeError(lines.map { $0 + "\n" }.joined())
        hasFailed = true
    }
}
