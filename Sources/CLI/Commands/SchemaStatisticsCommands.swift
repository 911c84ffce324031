import ArgumentParser
import GraphStore
import PropertyGraph

/// `cairn schema analyze`.
struct SchemaAnalyzeCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "analyze", "Find out how values are spread and which labels edges join.",
        examples: [
            Example("After much has changed", "cairn schema analyze --db DB"),
            Example("What it found", "cairn schema statistics --db DB"),
        ],
        discussion: """
            The result is kept in the database and guides the choice of indexes. Other programs \
            may write meanwhile.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        let database = try database.openForWriting()
        let progress = console.progressLine()
        try database.analyze { count in
            if Interruption.isRequested { throw CommandError.interrupted }
            progress.show("Analysing: \(NumberText.grouped(count)) records")
        }
        progress.clear()
        let statistics = try database.statistics()
        var details = Details()
        details.add("properties", "Properties", .count(statistics.properties.count))
        details.add("patterns", "Patterns", .count(statistics.patterns.count))
        details.add(
            "position", "Position", statistics.analysis.map { .unsigned($0.position) } ?? .null)
        try console.report(
            "Analysed \(NumberText.counted(statistics.nodes(), "node")) and "
                + "\(NumberText.counted(statistics.edges(), "edge")): properties of labels and "
                + "types \(NumberText.grouped(statistics.properties.count)), patterns "
                + "\(NumberText.grouped(statistics.patterns.count)).", details)
        try console.suggest("cairn schema statistics" + self.database.words, "See what it found")
    }
}

/// `cairn schema statistics`.
struct SchemaStatisticsCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "statistics", "Tell how values are spread and which labels edges join.",
        examples: [
            Example("All that is known", "cairn schema statistics --db DB"),
            Example("Of one label or edge type", "cairn schema statistics --of Person --db DB"),
            Example("With the common values", "cairn schema statistics --json --db DB"),
        ],
        discussion: """
            Counts of patterns and properties are those of the last 'cairn schema analyze'. A ~ \
            marks an estimate, with a standard error of 2.2 %.
            """)

    @Option(name: .customLong("of"), help: ArgumentHelp("Only of this.", valueName: "label"))
    var subject: String?
    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        let database = try database.openForReading()
        let statistics = try database.statistics()
        guard let analysis = statistics.analysis else {
            throw CommandError.failure(
                "The database was never analysed. Do it with 'cairn schema analyze', which needs "
                    + "the right to write.")
        }
        let patterns = statistics.patterns.filter {
            isWanted($0.source.name) || isWanted($0.type.name) || isWanted($0.target.name)
        }
        let properties = statistics.properties.filter { isWanted($0.labelOrType) }
        if console.format == .json || console.format == .jsonl {
            return try console.print(Self.json(analysis, patterns, properties))
        }
        let listing = Self.listing(properties, isForPeople: console.format == .table)
        guard console.format == .table else { return try console.print(listing) }
        let moment = DurationText.moment(microseconds: analysis.microsecondsSinceEpoch)
        let age =
            analysis.changesSince == 0
            ? "nothing changed since"
            : NumberText.counted(Int(clamping: analysis.changesSince), "transaction") + " ago"
        try console.output.line("As of position \(analysis.position), \(moment), \(age).")
        if !patterns.isEmpty {
            try console.output.line()
            try console.print(Self.listing(patterns, statistics))
        }
        try console.output.line()
        try console.print(listing)
        if analysis.isStale {
            try console.suggest(
                "cairn schema analyze" + self.database.words, "Much changed since; analyse anew")
        }
    }

    private func isWanted(_ name: String) -> Bool {
        subject.map { UTF8Order.equal($0, name) } ?? true
    }

    private static func listing(
        _ patterns: [DatabaseStatistics.Pattern], _ statistics: DatabaseStatistics
    ) -> Listing {
        var listing = Listing(
            [
                .init("pattern", "Pattern"), .init("edges", "Edges", as: .grouped),
                .init("degree", "A source has"),
            ], ifEmpty: "")
        for pattern in patterns {
            let sources = max(1, statistics.nodes(pattern.source))
            listing.rows.append([
                .string("(:\(pattern.source))-[:\(pattern.type)]->(:\(pattern.target))"),
                .count(pattern.count),
                .string(decimal(Double(pattern.count) / Double(sources))),
            ])
        }
        return listing
    }

    private static func listing(
        _ properties: [DatabaseStatistics.Property], isForPeople: Bool
    ) -> Listing {
        var listing = Listing(
            [
                .init("of", "Of"), .init("property", "Property"),
                .init("present", "Present", as: .grouped),
                .init("null_share", "Absent"), .init("distinct", "Distinct"),
                .init("minimum", "Least"), .init("maximum", "Greatest"),
                .init("common", "Most common"),
            ], ifEmpty: "Nothing has properties.")
        for property in properties {
            let found = property.statistics
            let values = found.common.prefix(isForPeople ? 3 : found.common.count).map { item in
                "\(ElementText.value(item.value)) \(percent(item.share))"
            }
            listing.rows.append([
                .string(property.labelOrType), .string(property.key.name), .count(found.present),
                isForPeople ? .string(percent(found.nullFraction)) : .double(found.nullFraction),
                isForPeople
                    ? .string(
                        (found.isDistinctExact ? "" : "~") + NumberText.grouped(found.distinct))
                    : .count(found.distinct),
                value(found.minimum), value(found.maximum),
                .string(values.joined(separator: ", ")),
            ])
        }
        return listing
    }

    private static func value(_ value: PropertyValue?) -> JSON {
        value.map { .string(ElementText.value($0)) } ?? .null
    }

    private static func percent(_ share: Double) -> String {
        share > 0 && share < 0.001 ? "< 0.1 %" : decimal(share * 100) + " %"
    }

    /// One digit behind the point, and none where it is 0.
    private static func decimal(_ number: Double) -> String {
        let tenths = Int((number * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }

    private static func json(
        _ analysis: DatabaseStatistics.Analysis, _ patterns: [DatabaseStatistics.Pattern],
        _ properties: [DatabaseStatistics.Property]
    ) -> JSON {
        .object([
            ("position", .unsigned(analysis.position)),
            ("changes_since", .unsigned(analysis.changesSince)),
            ("stale", .boolean(analysis.isStale)),
            (
                "patterns",
                .array(
                    patterns.map {
                        .object([
                            ("source", .string($0.source.name)), ("type", .string($0.type.name)),
                            ("target", .string($0.target.name)), ("edges", .count($0.count)),
                        ])
                    })
            ),
            ("properties", .array(properties.map { json($0) })),
        ])
    }

    private static func json(_ property: DatabaseStatistics.Property) -> JSON {
        let found = property.statistics
        return .object([
            ("entity", .string(property.entity == .node ? "node" : "edge")),
            ("of", .string(property.labelOrType)), ("property", .string(property.key.name)),
            ("count", .count(found.count)), ("present", .count(found.present)),
            ("null_share", .double(found.nullFraction)), ("distinct", .count(found.distinct)),
            ("distinct_exact", .boolean(found.isDistinctExact)),
            ("minimum", found.minimum.map { JSON($0) } ?? .null),
            ("maximum", found.maximum.map { JSON($0) } ?? .null),
            (
                "common",
                .array(
                    found.common.map {
                        .object([("value", JSON($0.value)), ("share", .double($0.share))])
                    })
            ),
            ("bounds", .array(found.bounds.map { JSON($0) })),
            ("sample_complete", .boolean(found.isSampleComplete)),
        ])
    }
}
