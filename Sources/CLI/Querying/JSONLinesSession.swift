import Cypher
import GraphStore
import PropertyGraph

/// Answers queries that come as JSON, an object a line, with an object a line.
struct JSONLinesSession {
    private var database: GraphDatabase
    private let isInMemory: Bool
    private var options: QueryOptions
    private let console: Console

    init(_ database: GraphDatabase, isInMemory: Bool, _ options: QueryOptions, _ console: Console) {
        self.database = database
        self.isInMemory = isInMemory
        self.options = options
        self.console = console
    }

    /// Goes on until the input ends.
    mutating func run() throws {
        while let line = readLine(strippingNewline: true) {
            if line.utf8.allSatisfy({ $0 <= 0x20 }) { continue }
            try console.printLine(answer(line))
            try console.output.flush()
        }
    }

    private mutating func answer(_ line: String) -> JSON {
        do {
            let request = try JSONReader.value(of: line)
            if let command = request["command"]?.stringValue {
                return try self.command(command, request)
            }
            guard let query = request["query"]?.stringValue else {
                return Self.failure("Expected an object with a member `query` or `command`.")
            }
            var parameters: [String: CypherValue] = [:]
            if case .object(let members)? = request["params"] {
                for member in members {
                    guard let value = QueryJSON.value(member.1) else {
                        return Self.failure("The parameter `\(member.0)` cannot be read.")
                    }
                    parameters[member.0] = value
                }
            }
            let result = try database.query(query, parameters: parameters, options: options)
            return .object([
                ("columns", .array(result.columns.map { .string($0) })),
                ("rows", .array(result.rows.map { .array($0.map { QueryJSON.value($0) }) })),
            ])
        } catch let error as CypherError {
            return Self.failure(
                error.message, type: error.kind.rawValue, phase: error.phase.rawValue,
                detail: error.detail.rawValue)
        } catch let error as JSONReader.Failure {
            return Self.failure("The line is no JSON: byte \(error.offset + 1): \(error.message)")
        } catch let error as GraphStoreError {
            return Self.failure(
                error.message, type: "StorageError", phase: "runtime",
                detail: error.code.rawValue)
        } catch {
            return Self.failure("\(error)")
        }
    }

    private mutating func command(_ command: String, _ request: JSON) throws -> JSON {
        switch command {
        case "reset" where isInMemory:
            database.close()
            database = try GraphDatabase.temporary()
            options.procedures = ProcedureRegistry()
        case "register-procedure" where isInMemory:
            guard let procedure = request["procedure"],
                let table = TableProcedure(procedure, literal: literal)
            else { return Self.failure("The procedure cannot be read.") }
            table.register(in: &options.procedures)
        default:
            return Self.failure("There is no command `\(command)` here.")
        }
        return .object([("columns", .array([])), ("rows", .array([]))])
    }

    /// The value of a literal; nil for any other text.
    private func literal(_ text: String) -> CypherValue? {
        var reading = options
        reading.isReadOnly = true
        return try? database.query("RETURN \(text) AS value", options: reading).rows.first?.first
    }

    private static func failure(
        _ message: String, type: String = "RequestError", phase: String = "compile time",
        detail: String = "InvalidRequest"
    ) -> JSON {
        .object([
            (
                "error",
                .object([
                    ("type", .string(type)), ("phase", .string(phase)),
                    ("detail", .string(detail)), ("message", .string(message)),
                ])
            )
        ])
    }
}

/// A procedure that is a table: a call gives the rows whose input columns are the arguments.
struct TableProcedure: Sendable {
    private let signature: ProcedureSignature
    private let columns: [String]
    private let rows: [[CypherValue]]

    /// Reads `{"name", "inputs", "outputs", "columns", "rows"}`; nil for anything else.
    ///
    /// A field is `{"name", "type"}` or `["name", "type"]`. Rows hold JSON values, or the texts of
    /// literals (`"'a'"`, `"1"`, `"null"`), as the openCypher TCK writes them: a table whose cells
    /// all are such texts, and of the types declared, is read so.
    init?(_ json: JSON, literal: (String) -> CypherValue?) {
        func fields(_ key: String) -> [ProcedureSignature.Field]? {
            (json[key]?.arrayValue ?? []).reduce([]) { fields, field in
                let pair = field.arrayValue ?? [field["name"] ?? .null, field["type"] ?? .null]
                guard let fields, pair.count == 2, let name = pair[0].stringValue,
                    let type = pair[1].stringValue
                else { return nil }
                return fields + [ProcedureSignature.Field(name, type)]
            }
        }
        guard let name = json["name"]?.stringValue, let inputs = fields("inputs"),
            let outputs = fields("outputs")
        else { return nil }
        signature = ProcedureSignature(name, inputs: inputs, outputs: outputs)
        columns = (json["columns"]?.arrayValue ?? []).compactMap(\.stringValue)
        let cells = (json["rows"]?.arrayValue ?? []).map { $0.arrayValue ?? [] }
        let types = columns.map { column in
            (inputs + outputs).first { UTF8Order.equal($0.name, column) }?.type ?? "ANY?"
        }
        rows =
            Self.literals(cells, types, literal)
            ?? cells.map { row in row.map { QueryJSON.value($0) ?? .null } }
    }

    private static func literals(
        _ rows: [[JSON]], _ types: [String], _ literal: (String) -> CypherValue?
    ) -> [[CypherValue]]? {
        var result: [[CypherValue]] = []
        for row in rows {
            var values: [CypherValue] = []
            for (cell, type) in zip(row, types) {
                guard let text = cell.stringValue, let value = literal(text),
                    fits(value, type.uppercased())
                else { return nil }
                values.append(value)
            }
            result.append(values)
        }
        return result
    }

    private static func fits(_ value: CypherValue, _ type: String) -> Bool {
        switch value {
        case .null: type.hasSuffix("?")
        case .string: type.hasPrefix("STRING") || type.hasPrefix("ANY")
        default: !type.hasPrefix("STRING")
        }
    }

    func register(in registry: inout ProcedureRegistry) {
        registry.register(signature) { [self] arguments in
            rows.filter { row in
                zip(signature.inputs, arguments).allSatisfy { field, argument in
                    guard let place = place(field.name), place < row.count else { return true }
                    return row[place].isEquivalent(to: argument)
                }
            }.map { row in
                signature.outputs.map { field in
                    place(field.name).flatMap { $0 < row.count ? row[$0] : nil } ?? .null
                }
            }
        }
    }

    private func place(_ name: String) -> Int? {
        columns.firstIndex { UTF8Order.equal($0, name) }
    }
}
