import ArgumentParser
import GraphStore
import PropertyGraph

/// `cairn schema build`.
struct SchemaBuildCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "build", "Go on building indexes that were begun in slices.",
        examples: [
            Example("Until all are online", "cairn schema build --db DB")
        ],
        discussion: """
            Other programs may write meanwhile. It may be stopped at any time, and goes on from \
            there the next time: every program that opens the database for writing goes on with it.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        let database = try database.openForWriting()
        let names = try database.read { transaction in
            try transaction.schemaObjects().filter { $0.state != .online }.map { $0.name }
        }
        if names.isEmpty { return try console.report("Every index is online.", Details()) }
        try Self.wait(for: database, console)
        for name in names { try Self.report(name, database, console) }
    }

    /// Waits until all is built, showing how far it is.
    static func wait(for database: GraphDatabase, _ console: Console) throws {
        let progress = console.progressLine()
        defer { progress.clear() }
        try database.waitForIndexes { objects in
            if Interruption.isRequested { throw CommandError.interrupted }
            guard let object = objects.first else { return }
            progress.show("Building '\(object.name)': \(object.state.text)")
        }
    }

    /// Tells what became of an index.
    static func report(_ name: String, _ database: GraphDatabase, _ console: Console) throws {
        let object = try database.read { transaction in
            try transaction.schemaObjects().first { UTF8Order.equal($0.name, name) }
        }
        // Another program may have dropped it.
        guard let object else { return }
        if case .failed(let reason) = object.state {
            throw CommandError.failure(
                "'\(name)' was not built. \(reason) Then drop it with 'cairn schema drop \(ShellText.word(name))' "
                    + "and create it anew.")
        }
        try console.report("Created \(object.kind.word) '\(object.name)'.", object)
    }
}

/// `cairn schema rename`.
struct SchemaRenameCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "rename", "Give a label, an edge type or a property another name, wherever it stands.",
        examples: [
            Example("A label", "cairn schema rename label Person Human --db DB"),
            Example("An edge type", "cairn schema rename type KNOWS HAS_MET --db DB"),
            Example("A property", "cairn schema rename property mail email --db DB"),
        ],
        discussion: """
            It takes a moment, however much carries the name. The new name must never have been \
            used: two names do not merge. Names of indexes and constraints stay.
            """)

    /// What has a name.
    enum Kind: String, CaseIterable, ExpressibleByArgument {
        case label, type, property
    }

    @Argument(help: "label, type or property.")
    var kind: Kind
    @Argument(help: "Its name now.")
    var name: String
    @Argument(help: ArgumentHelp("The new name.", valueName: "new-name"))
    var newName: String
    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        let (kind, name, newName) = (kind, name, newName)
        let database = try database.openForWriting()
        do {
            try database.write { transaction in
                switch kind {
                case .label: try transaction.rename(Label(name), to: Label(newName))
                case .type: try transaction.rename(EdgeType(name), to: EdgeType(newName))
                case .property: try transaction.rename(PropertyKey(name), to: PropertyKey(newName))
                }
            }
        } catch let error as GraphStoreError where error.code == .nameNotFound {
            // Told with the nearest names that there are.
            try database.read { transaction in
                switch kind {
                case .label: _ = try transaction.requireLabel(name)
                case .type: _ = try transaction.requireEdgeType(name)
                case .property: _ = try transaction.requirePropertyKey(name)
                }
            }
            throw error
        }
        var details = Details()
        details.add("kind", "Kind", .string(kind.rawValue))
        details.add("before", "Before", .string(name))
        details.add("after", "After", .string(newName))
        let word = kind == .type ? "edge type" : kind.rawValue
        try console.report(
            TextWidth.printable("Renamed \(word) '\(name)' to '\(newName)'."), details)
    }
}
