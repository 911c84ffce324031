import GraphAlgorithms

/// `cairn run --list`: the catalog, by family.
enum AlgorithmList {
    /// Prints it: a line for each algorithm, under a heading for each family.
    static func print(to console: Console) throws {
        guard console.format == .table else { return try console.print(listing()) }
        let width = AlgorithmCatalog.all.map { TextWidth.columns($0.name) }.max() ?? 0
        var isFirst = true
        for family in AlgorithmDescriptor.Family.allCases {
            let members = AlgorithmCatalog.all.filter { $0.family == family }
            guard !members.isEmpty else { continue }
            if !isFirst { try console.output.line() }
            isFirst = false
            let name = family.rawValue.prefix(1).uppercased() + family.rawValue.dropFirst()
            try console.output.line(
                "\(console.style.bold(name))  \(console.style.dim(family.summary))")
            for algorithm in members {
                let line =
                    "  " + TextWidth.padded(algorithm.name, to: width) + "  " + algorithm.summary
                try console.output.line(
                    console.terminal.columns.map { TextWidth.truncated(line, to: $0) } ?? line)
            }
        }
        try console.suggest("cairn run pagerank --help", "What one takes and tells")
    }

    private static func listing() -> Listing {
        var listing = Listing(
            [
                .init("name", "Name"), .init("family", "Family"),
                .init("summary", "What it computes"),
            ], ifEmpty: "There are no algorithms.")
        listing.rows = AlgorithmCatalog.all.map {
            [.string($0.name), .string($0.family.rawValue), .string($0.summary)]
        }
        return listing
    }
}
