import ArgumentParser
import GraphStore
import PropertyGraph

/// The option that names the database, and opening it.
struct DatabaseOption: ParsableArguments {
    @Option(
        name: .customLong("db"),
        help: ArgumentHelp(
            "The directory of the database; without it, the variable CAIRN_DB.", valueName: "path"),
        completion: .directory)
    var path: String?

    /// The place of the database.
    func requirePath() throws -> String {
        if let path { return path }
        if let path = SystemCalls.environment("CAIRN_DB"), !path.isEmpty { return path }
        throw CommandError.usage(
            "No database was named. Pass --db PATH, or set the variable CAIRN_DB.")
    }

    /// The place of the database, which must hold one.
    func requireExisting() throws -> String {
        let path = try requirePath()
        guard Self.isDatabase(path) else {
            guard SystemCalls.mayEnter(path) else {
                throw CommandError.failure(
                    "This user may not look into '\(path)'. Grant the right to read and enter it.")
            }
            let kind = SystemCalls.kind(path)
            if kind == .file {
                throw CommandError.failure(
                    "'\(path)' is a file, and a database is a folder. Name another place.")
            }
            let what =
                kind == .nothing
                ? "There is no database at '\(path)'." : "'\(path)' holds no database."
            throw CommandError.failure(
                "\(what) Make one with 'cairn init \(ShellText.word(path))', or name another.")
        }
        return path
    }

    /// The place of the database, if it was named and holds one.
    func existing() throws -> String? {
        guard let path = path ?? SystemCalls.environment("CAIRN_DB"), Self.isDatabase(path) else {
            return nil
        }
        return path
    }

    /// The option as it was given, for a command that is suggested next; empty where a variable
    /// named the database, which it will do again.
    var words: String { path.map { " --db \(ShellText.word($0))" } ?? "" }

    /// Opens the database for reading.
    func openForReading() throws -> GraphDatabase { try .reading(requireExisting()) }

    /// Opens the database for writing; it must exist.
    func openForWriting() throws -> GraphDatabase {
        var options = try GraphDatabaseOptions.ofEnvironment()
        options.createsIfMissing = false
        return try GraphDatabase(path: requireExisting(), options: options)
    }

    /// Whether a directory holds a database.
    static func isDatabase(_ path: String) -> Bool {
        SystemCalls.kind("\(path)/data.mdb") == .file
    }
}

extension GraphDatabase {
    /// A database opened for reading only.
    static func reading(_ path: String) throws -> GraphDatabase {
        var options = try GraphDatabaseOptions.ofEnvironment()
        options.createsIfMissing = false
        options.isReadOnly = true
        return try GraphDatabase(path: path, options: options)
    }
}

extension GraphDatabaseOptions {
    /// What the variables CAIRN_MAX_SIZE and CAIRN_SLOW_MS say.
    static func ofEnvironment() throws -> GraphDatabaseOptions {
        var options = GraphDatabaseOptions()
        if let text = SystemCalls.environment("CAIRN_MAX_SIZE"), !text.isEmpty {
            guard let bytes = SizeText.bytes(text), bytes >= 1 << 20 else {
                throw CommandError.usage(
                    "The variable CAIRN_MAX_SIZE is '\(text)'. Give a size of 1MB or more, such as "
                        + "500MB or 2GB.")
            }
            options.maximumSizeBytes = bytes
        }
        if let text = SystemCalls.environment("CAIRN_SLOW_MS"), !text.isEmpty {
            guard let milliseconds = Int(text), milliseconds >= 0 else {
                throw CommandError.usage(
                    "The variable CAIRN_SLOW_MS is '\(text)'. Give a number of milliseconds.")
            }
            options.slowTransactions = SlowTransactions(threshold: .milliseconds(milliseconds)) {
                Console.writeError("cairn: \($0)\n")
            }
        }
        return options
    }
}

/// Sizes as people write them.
enum SizeText {
    /// The bytes of a number with KB, MB, GB or TB (powers of 1024) behind it, or nothing.
    static func bytes(_ text: String) -> Int? {
        let upper = text.uppercased()
        let units: [(String, Int)] = [
            ("KB", 1 << 10), ("MB", 1 << 20), ("GB", 1 << 30), ("TB", 1 << 40), ("", 1),
        ]
        for (unit, factor) in units where upper.hasSuffix(unit) {
            guard let number = Int(upper.dropLast(unit.count)), number >= 0 else { continue }
            let (bytes, overflow) = number.multipliedReportingOverflow(by: factor)
            return overflow ? nil : bytes
        }
        return nil
    }
}

/// How many entries a listing may hold.
struct LimitOption: ParsableArguments {
    @Option(
        name: [.customShort("n"), .customLong("limit")],
        help: ArgumentHelp("At most so many; 20 without it, 0 for all.", valueName: "count"))
    var limit: Int?

    func validate() throws {
        try OptionText.check(limit, atLeast: 0, "limit", short: "n")
    }

    /// The limit as a number to count up to.
    func count(default count: Int = 20) -> Int {
        let limit = limit ?? count
        return limit == 0 ? .max : limit
    }
}
