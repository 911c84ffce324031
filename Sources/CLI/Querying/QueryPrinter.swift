import Cypher
import GraphStore

/// Prints what a query gave.
enum QueryPrinter {
    /// - Parameters:
    ///   - taken: Told behind the rows, to people; nil where nobody waits.
    ///   - mostRows: Rows of a table that are shown.
    static func print(
        _ result: QueryResult, _ console: Console, taken: Duration? = nil, mostRows: Int? = nil
    ) throws {
        if let plan = result.plan { return try print(plan, console) }
        let isTold = console.format == .table && !console.isQuiet
        if result.columns.isEmpty {
            if isTold {
                try console.note(taken.map { "Done in \(DurationText.words($0))." } ?? "Done.")
            }
            return
        }
        var listing = Listing(result.columns.map { .init($0, $0) }, ifEmpty: "No rows.")
        // In the answer to a query null is a value, and another one than the empty text.
        listing.nullText = "null"
        let most = console.format == .table ? mostRows ?? .max : .max
        listing.rows = result.rows.prefix(most).map { row in
            row.map { value in
                switch console.format {
                case .table, .plain: QueryText.cell(value)
                case .csv: QueryText.field(value)
                case .json, .jsonl: QueryJSON.value(value)
                }
            }
        }
        try console.print(listing)
        guard isTold, let taken, !result.rows.isEmpty else { return }
        let count = result.rows.count
        let rows = NumberText.counted(count, "row")
        let shown = count > most ? ", the first \(NumberText.grouped(most)) shown" : ""
        try console.note("\(rows) in \(DurationText.words(taken))\(shown)", isAside: true)
    }

    /// Tells people of names that the database does not have, most likely typos: openCypher answers
    /// them with no row or null.
    static func tellUnknownNames(
        in query: String, _ database: GraphDatabase, _ console: Console
    ) throws {
        guard console.format == .table, !console.isQuiet else { return }
        for unknown in try database.read({ try $0.unknownNames(in: query) }) {
            try console.note(
                "No \(unknown.kind.rawValue) is called '\(unknown.name)'. Did you mean "
                    + "'\(unknown.suggestion)'?", isAside: true)
        }
    }

    /// A plan as a table of its operators, the last first; its rows are there after PROFILE.
    private static func print(_ plan: PlanOperator, _ console: Console) throws {
        let isProfiled = plan.all.contains { $0.profile != nil }
        var listing = Listing(
            [
                .init("operator", "Operator"), .init("details", "Details"),
                .init("estimated_rows", "Estimated rows"),
            ], ifEmpty: "No plan.")
        if isProfiled {
            listing.columns += [
                .init("rows", "Rows"), .init("store_hits", "Store hits"), .init("time_ms", "ms"),
                .init("memory_bytes", "Bytes"),
            ]
        }
        func add(_ plan: PlanOperator, depth: Int) {
            let indent = console.format == .table ? String(repeating: "  ", count: depth) : ""
            var row: [JSON] = [
                .string(indent + plan.name), .string(plan.details),
                .double((plan.estimatedRows * 10).rounded() / 10),
            ]
            if isProfiled {
                let profile = plan.profile
                row += [
                    .count(profile?.rows ?? 0), .unsigned(profile?.storeHits ?? 0),
                    .double(DurationText.milliseconds(profile?.time ?? .zero)),
                    .count(profile?.memoryBytes ?? 0),
                ]
            }
            listing.rows.append(row)
            for child in plan.children { add(child, depth: depth + 1) }
        }
        add(plan, depth: 0)
        try console.print(listing)
    }
}
