import ArgumentParser
import GraphStore
import PropertyGraph

/// `cairn info`.
struct InfoCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "info", "Tell what a database holds, and where its space goes.",
        examples: [
            Example("Counts, labels, types, tables", "cairn info --db people.cairn"),
            Example("The same for a program", "cairn info --db people.cairn --json"),
            Example("How full the pages are as well", "cairn info --pages --db people.cairn"),
        ])

    @Flag(help: "Read every page, to tell how full they are.")
    var pages = false

    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        let database = try database.openForReading()
        let info = try database.info(walkingPages: pages)
        let contents = try database.read { try GraphContents.listing($0) }
        switch console.format {
        case .table:
            try printForPeople(info, contents, console)
        case .json, .jsonl:
            var object = Self.facts(info)
            object.add("contents", "", .array(contents.rows.map { contents.object($0) }))
            object.add("tables", "", .array(info.tables.map { Self.json($0) }))
            object.add(
                "readers", "",
                .array(
                    info.readers.map {
                        .object([
                            ("process", .count($0.processID)),
                            ("thread", .string(String($0.thread, radix: 16))),
                            ("commits_behind", .count($0.commitsBehind)),
                            ("held_bytes", .count($0.heldBytes)),
                        ])
                    }))
            try console.print(object)
        case .plain, .csv: try console.print(Self.facts(info))
        }
    }

    private static func facts(_ info: DatabaseInfo) -> Details {
        var details = Details()
        details.add("path", "Path", .string(info.path))
        details.add("format", "Format", .count(info.formatVersion))
        details.add("identity", "Identity", .string(info.identity))
        details.add("position", "Position", .unsigned(info.position))
        details.add("nodes", "Nodes", .count(info.nodes))
        details.add("edges", "Edges", .count(info.edges))
        details.add("labels", "Labels", .count(info.labels))
        details.add("edge_types", "Edge types", .count(info.edgeTypes))
        details.add("property_keys", "Property keys", .count(info.propertyKeys))
        details.add("schema_objects", "Indexes, constraints", .count(info.schemaObjects))
        details.add("file_bytes", "File bytes", .count(info.fileBytes))
        details.add("free_bytes", "Free bytes", .count(info.freeBytes))
        details.add("map_bytes", "Map bytes", .count(info.mapBytes))
        details.add("derived_files", "Derived files", .count(info.derivedFiles))
        details.add("derived_bytes", "Derived bytes", .count(info.derivedBytes))
        details.add("first_logged", "Change log from", .unsigned(info.firstLoggedPosition))
        if let history = info.history {
            details.add("history_from", "History from", .unsigned(history.firstPosition))
        }
        return details
    }

    private static func json(_ table: DatabaseInfo.TableUse) -> JSON {
        .object([
            ("name", .string(table.name)), ("purpose", .string(table.purpose)),
            ("records", .count(table.records)), ("bytes", .count(table.bytes)),
            ("branch_pages", .count(table.branchPages)), ("leaf_pages", .count(table.leafPages)),
            ("overflow_pages", .count(table.overflowPages)),
            ("fill", table.fill.map { .double($0) } ?? .null),
        ])
    }

    private func printForPeople(
        _ info: DatabaseInfo, _ contents: Listing, _ console: Console
    ) throws {
        var details = Details()
        details.add("path", "Path", .string(info.path))
        details.add("nodes", "Nodes", .string(NumberText.grouped(info.nodes)))
        details.add("edges", "Edges", .string(NumberText.grouped(info.edges)))
        if info.position > 0 {
            let time = DurationText.moment(microseconds: info.lastCommitMicroseconds)
            details.add("position", "Position", .string("\(info.position), \(time)"))
        }
        var size = NumberText.bytes(info.fileBytes)
        if info.freeBytes > 0 { size += ", of it \(NumberText.bytes(info.freeBytes)) free" }
        details.add("file_bytes", "File", .string(size))
        if info.derivedFiles > 0 {
            details.add(
                "derived_files", "Derived files",
                .string("\(info.derivedFiles), \(NumberText.bytes(info.derivedBytes))"))
        }
        if info.position > 0 {
            let kept = info.position &+ 1 &- info.firstLoggedPosition
            details.add(
                "log", "Change log",
                .string(
                    kept == 0
                        ? "empty" : "positions \(info.firstLoggedPosition) to \(info.position)"))
        }
        if let history = info.history {
            details.add(
                "history", "History", .string("from position \(history.firstPosition) on"))
        }
        details.add("format", "Format", .string("\(info.formatVersion), \(info.identity)"))
        for reader in info.readers where reader.commitsBehind > 0 {
            details.add(
                "reader", "Reader",
                .string(
                    "process \(reader.processID), thread \(String(reader.thread, radix: 16)), "
                        + NumberText.counted(reader.commitsBehind, "commit") + " behind, keeps "
                        + "\(NumberText.bytes(reader.heldBytes)) from being reused"))
        }
        try console.print(details)
        if !contents.rows.isEmpty {
            try console.output.line()
            try console.print(contents)
        }
        try console.output.line()
        try console.print(Self.space(info))
        // From a third on, giving it back is worth the time.
        if info.freeBytes > info.fileBytes / 3, info.freeBytes > 1 << 20 {
            try console.suggest(
                "cairn compact --db \(ShellText.word(info.path))",
                "Give \(NumberText.bytes(info.freeBytes)) back")
        }
    }

    private static func space(_ info: DatabaseInfo) -> Listing {
        let isWalked = info.tables.contains { $0.fill != nil }
        var columns: [Listing.Column] = [
            .init("purpose", "Space"), .init("records", "Records", as: .grouped),
            .init("bytes", "Size", as: .size),
            .init("share", "Share"),
        ]
        if isWalked {
            columns += [
                .init("branch", "Inner pages", as: .grouped), .init("leaf", "Leaves", as: .grouped),
                .init("overflow", "Overflow", as: .grouped), .init("fill", "Filled"),
            ]
        }
        var listing = Listing(columns, ifEmpty: "")
        for table in info.tables {
            let share = info.fileBytes > 0 ? Double(table.bytes) / Double(info.fileBytes) : 0
            var row: [JSON] = [
                .string(table.purpose), .count(table.records), .count(table.bytes),
                .string(percent(share)),
            ]
            if isWalked {
                row += [
                    .count(table.branchPages), .count(table.leafPages),
                    .count(table.overflowPages), .string(percent(table.fill ?? 0)),
                ]
            }
            listing.rows.append(row)
        }
        return listing
    }

    private static func percent(_ share: Double) -> String {
        TextWidth.padded("\(Int((share * 100).rounded())) %", to: 5, alignsRight: true)
    }
}
