import Cypher
import GraphStore
import PropertyGraph

/// Parameters as people write them: `name=value`, and `name => value` in the shell.
enum ParameterText {
    /// Name and value of `name => value`, `name: value` or `name value`.
    static func split(_ text: String) -> (name: String, value: String)? {
        var rest = text.drop { $0 == " " }
        if rest.first == "$" { rest = rest.dropFirst() }
        let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        var value = rest.dropFirst(name.count).drop { $0 == " " }
        if value.hasPrefix("=>") {
            value = value.dropFirst(2)
        } else if value.hasPrefix(":") || value.hasPrefix("=") {
            value = value.dropFirst()
        }
        value = value.drop { $0 == " " }
        return name.isEmpty || value.isEmpty ? nil : (String(name), String(value))
    }

    /// The value that a text of openCypher stands for.
    ///
    /// - Parameter example: How a text would have been given, for the message of a failure.
    static func value(
        _ text: String, of name: String, _ database: GraphDatabase, _ options: QueryOptions,
        example: String
    ) throws -> CypherValue {
        do {
            var plain = options
            plain.asOf = nil
            let result = try database.query("RETURN \(text) AS value", options: plain)
            return result.rows.first?.first ?? .null
        } catch let error as CypherError {
            throw CommandError.usage(
                "The value of the parameter \(name) cannot be read: \(error.message) Texts stand "
                    + "in quotes, such as \(example).")
        }
    }
}

/// Files of statements.
enum ScriptFile {
    /// The text of a file, at most 256 MB of UTF-8.
    static func read(_ path: String) throws -> String {
        guard !path.isEmpty else { throw CommandError.usage("Name the file to read.") }
        switch SystemCalls.readFile(path, atMost: 256 << 20) {
        case .failure(let error):
            throw CommandError.failure("'\(path)' cannot be read: \(error.text).")
        case .success(let bytes):
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw CommandError.failure("'\(path)' is not UTF-8 text.")
            }
            return text
        }
    }
}
