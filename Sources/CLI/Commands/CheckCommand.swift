import ArgumentParser
import GraphStore
import PropertyGraph

/// `cairn check`.
struct CheckCommand: ConsoleCommand {
    static let configuration = CommandConfiguration(
        "check", "Read a whole database and prove that its parts agree.",
        examples: [
            Example("Every record, index and count", "cairn check --db people.cairn"),
            Example("Findings for a program", "cairn check --db people.cairn --json"),
        ],
        discussion: """
            First the structure of every page is proved, then that all records, indexes, counts \
            and the history agree. Nothing is changed. The exit code is 1 when something is damaged.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup(title: "Common options") var common: CommonOptions

    func run(on console: Console) throws {
        let path = try database.requireExisting()
        let progress = console.progressLine()
        let report = try GraphDatabase.check(path: path) { step in
            if Interruption.isRequested { throw CommandError.interrupted }
            progress.show(
                "Checking \(step.table): \(NumberText.grouped(step.done)) of "
                    + NumberText.grouped(step.total))
        }
        progress.clear()
        if console.format == .json || console.format == .jsonl {
            let answer = Self.json(report)
            try console.format == .json ? console.print(answer) : console.printLine(answer)
        } else if report.isClean {
            let counts = report.counts
            var details = Details()
            details.add("sound", "Sound", .boolean(true))
            details.add("nodes", "Nodes", .count(counts.nodes))
            details.add("edges", "Edges", .count(counts.edges))
            try console.report(
                "Sound: \(NumberText.counted(counts.nodes, "node")), "
                    + "\(NumberText.counted(counts.edges, "edge")), "
                    + NumberText.counted(counts.indexEntries, "index entry", "index entries") + ", "
                    + NumberText.counted(counts.positions, "position") + " of the change log.",
                details)
        } else {
            var listing = Listing(
                [.init("code", "Code"), .init("place", "Place"), .init("message", "Finding")],
                ifEmpty: "")
            listing.rows = report.findings.map {
                [.string($0.code.rawValue), .string($0.place), .string($0.message)]
            }
            try console.print(listing)
            if console.format == .table {
                var remedies: [String] = []
                for finding in report.findings
                where !remedies.contains(where: { UTF8Order.equal($0, finding.remedy) }) {
                    remedies.append(finding.remedy)
                }
                for remedy in remedies { try console.note(remedy) }
            }
        }
        guard report.isClean else {
            throw CommandError.failure(
                "The database is damaged: \(NumberText.counted(report.findingCount, "finding")).")
        }
    }

    private static func json(_ report: CheckReport) -> JSON {
        .object([
            ("sound", .boolean(report.isClean)), ("position", .unsigned(report.position)),
            ("pages", .count(report.counts.pages)),
            ("nodes", .count(report.counts.nodes)), ("edges", .count(report.counts.edges)),
            ("finding_count", .count(report.findingCount)),
            (
                "findings",
                .array(
                    report.findings.map {
                        .object([
                            ("code", .string($0.code.rawValue)), ("place", .string($0.place)),
                            ("message", .string($0.message)), ("remedy", .string($0.remedy)),
                        ])
                    })
            ),
        ])
    }
}
