internal import GraphAlgorithms
internal import PropertyGraph

/// What kernels and learning queries refuse, in the words of a query.
enum ProcedureFailure {
    /// The message of an error, without its code.
    static func message(of error: any Error) -> String {
        switch error {
        case let error as AlgorithmError: error.message
        case let error as LearningPathError: error.message
        default: "\(error)"
        }
    }

    static func argument(_ message: String) -> CypherError {
        .argument(.invalidArgumentValue, message)
    }
}

/// The entries of a configuration map, each taken once; what is left is unknown.
struct ProcedureConfiguration {
    private var entries: [String: CypherValue]
    private let name: String

    init(_ value: CypherValue, of name: String) throws {
        self.name = name
        switch value {
        case .null: entries = [:]
        case .map(let map): entries = map
        default: throw ProcedureFailure.argument("The configuration of \(name) is a map.")
        }
    }

    /// What has not been taken, by key.
    var rest: [(key: String, value: CypherValue)] {
        entries.sorted { UTF8Order.precedes($0.key, $1.key) }
    }

    mutating func take(_ key: String) -> CypherValue? {
        let value = entries.removeValue(forKey: key)
        if case .null? = value { return nil }
        return value
    }

    mutating func string(_ key: String) throws -> String? {
        guard let value = take(key) else { return nil }
        guard case .string(let text) = value else { throw wrong(key, "a string") }
        return text
    }

    mutating func boolean(_ key: String) throws -> Bool? {
        guard let value = take(key) else { return nil }
        guard case .boolean(let truth) = value else { throw wrong(key, "true or false") }
        return truth
    }

    mutating func integer(_ key: String) throws -> Int? {
        guard let value = take(key) else { return nil }
        guard case .integer(let number) = value, let exact = Int(exactly: number) else {
            throw wrong(key, "a whole number")
        }
        return exact
    }

    mutating func number(_ key: String) throws -> Double? {
        switch take(key) {
        case nil: return nil
        case .integer(let number)?: return Double(number)
        case .float(let number)?: return number
        default: throw wrong(key, "a number")
        }
    }

    /// A string, or a list of them.
    mutating func strings(_ key: String) throws -> [String]? {
        guard let value = take(key) else { return nil }
        guard let strings = Self.strings(value) else { throw wrong(key, "a list of strings") }
        return strings
    }

    static func strings(_ value: CypherValue) -> [String]? {
        switch value {
        case .string(let text): return [text]
        case .integer(let number): return ["\(number)"]
        case .list(let elements):
            var strings: [String] = []
            for element in elements {
                guard let more = Self.strings(element) else { return nil }
                strings += more
            }
            return strings
        default: return nil
        }
    }

    func wrong(_ key: String, _ wanted: String) -> CypherError {
        ProcedureFailure.argument("`\(key)` in the configuration of \(name) is \(wanted).")
    }

    /// Refuses what nobody has taken.
    func refuseRest(_ known: [String]) throws {
        guard let entry = rest.first else { return }
        throw ProcedureFailure.argument(
            "The configuration of \(name) has no `\(entry.key)`. It has "
                + "\(known.joined(separator: ", ")).")
    }
}
