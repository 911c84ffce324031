import Cypher

/// Prints what a query gave.
enum QueryPrinter {
    /// - Parameters:
    ///   - taken: Told behind the rows, to people; nil where nobody waits.
    ///   - mostRows: Rows of a table that are shown.
    static func print(
        _ result: QueryResult, _ console: Console, taken: Duration? = nil, mostRows: Int? = nil
    ) throws {
        let isTold = console.format == .table && !console.isQuiet
        if result.columns.isEmpty {
            if isTold {
                try console.note(taken.map { "Done in \(DurationText.words($0))." } ?? "Done.")
            }
            return
        }
        var listing = Listing(result.columns.map { .init($0, $0) }, ifEmpty: "No rows.")
        let isForPeople = console.format == .table || console.format == .plain
        let most = console.format == .table ? mostRows ?? .max : .max
        listing.rows = result.rows.prefix(most).map { row in
            row.map { isForPeople ? QueryText.cell($0) : QueryJSON.value($0) }
        }
        try console.print(listing)
        guard isTold, let taken, !result.rows.isEmpty else { return }
        let count = result.rows.count
        let rows = NumberText.counted(count, "row")
        let shown = count > most ? ", the first \(NumberText.grouped(most)) shown" : ""
        try console.note(console.errorStyle.dim("\(rows) in \(DurationText.words(taken))\(shown)"))
    }
}
