import Cypher
import GraphStore
import PropertyGraph

/// The questions of `Reads`, asked in openCypher: texts are parsed once and kept, as a program that
/// asks again and again has it.
struct CypherReads {
    private let db: GraphDatabase
    private let count: UInt64
    private let learners: UInt64

    init(_ db: GraphDatabase) throws {
        self.db = db
        count = UInt64(try db.read { try $0.nodeCount(label: "Concept") })
        learners = UInt64(max(1, try db.read { try $0.nodeCount(label: "Learner") }))
    }

    func run() throws {
        try planning()
        try measure(
            "point", 100_000, "MATCH (c:Concept {key: $key}) RETURN c.minutes")
        for (depth, operations) in [(1, 20_000), (2, 10_000), (3, 2_000)] {
            try measure(
                "hop\(depth)", operations,
                "MATCH (a:Concept {key: $key})-[:RELATED_TO*1..\(depth)]->(b) WHERE b <> a "
                    + "RETURN count(DISTINCT b)")
        }
        try measure(
            "closure", 2_000,
            "MATCH (a:Concept {key: $key})-[:PREREQUISITE*]->(b) RETURN count(DISTINCT b)")
        try measure(
            "learning_path", 2_000,
            "MATCH (u:Learner {key: $learner}) MATCH (a:Concept {key: $key})-[:PREREQUISITE*]->(b) "
                + "WHERE NOT (u)-[:KNOWS]->(b) RETURN count(DISTINCT b)")
        try measure(
            "shortest_path", 1_000,
            "MATCH p = shortestPath((a:Concept {key: $from})-[:RELATED_TO*..10]->"
                + "(b:Concept {key: $to})) RETURN length(p)", isPath: true)
        try measure(
            "filter_top10", 2_000,
            "MATCH (a:Concept {key: $key})-[:RELATED_TO*1..2]->(b) WHERE b <> a AND "
                + "b.difficulty < 0.5 WITH DISTINCT b RETURN b.minutes ORDER BY b.minutes DESC "
                + "LIMIT 10")
        try measure("scan_nodes", 1, "MATCH (c:Concept) RETURN sum(c.minutes)")
        try measure(
            "group_domain", 20,
            "MATCH (c:Concept) WITH c.domain AS domain, count(*) AS n RETURN max(n)")
        try prefixes()
    }

    /// Titles by their first bytes, from an index that no later measure keeps.
    private func prefixes() throws {
        guard Asked.isWanted("starts_with") else { return }
        let titles = try db.read { try Reads.prefixes(2_000, $0) }
        let watch = Stopwatch()
        _ = try db.query("CREATE INDEX titles_of_a_measure FOR (c:Concept) ON (c.title)")
        let spent = (watch.wall, watch.cpu)
        report("index_titles", spent.0, "s", spent, operations: Int(count))
        try measureReads("starts_with", operations: titles.count) {
            var answer = 0
            for title in titles {
                let rows = try db.query(
                    "MATCH (c:Concept) WHERE c.title STARTS WITH $text RETURN count(*)",
                    parameters: ["text": .string(title)]
                ).rows
                if case .integer(let value) = rows[0][0] { answer += Int(value) }
            }
            return (answer, answer)
        }
        _ = try db.query("DROP INDEX titles_of_a_measure")
    }

    /// Parsing and planning: of a text that is kept, and of one that is new.
    private func planning() throws {
        let text =
            "MATCH (a:Concept {key: $key})-[:RELATED_TO*1..2]->(b) WHERE b.difficulty < 0.5 "
            + "WITH DISTINCT b RETURN b.minutes ORDER BY b.minutes DESC LIMIT 10"
        _ = try db.explain(text)
        try measureReads("plan_cached", operations: 100_000) {
            for _ in 0..<100_000 { try db.plan(text) }
            return (100_000, 0)
        }
        try measureReads("plan_new", operations: 2_000) {
            for number in 0..<2_000 {
                try db.plan(text + " // \(number) \(UInt64.random(in: 0...(.max)))")
            }
            return (2_000, 0)
        }
    }

    private func measure(
        _ name: String, _ operations: Int, _ text: String, isPath: Bool = false
    ) throws {
        try measureReads(name, operations: operations) {
            var starts = Starts()
            var answer = 0
            for _ in 0..<operations {
                let start = starts.next(below: count)
                var parameters: [String: CypherValue] = [:]
                if isPath {
                    parameters["from"] = .string(Concepts.key(start))
                    parameters["to"] = .string(Concepts.key(starts.next(below: count)))
                } else {
                    parameters["key"] = .string(Concepts.key(start))
                    if text.utf8.starts(with: "MATCH (u:Learner".utf8) {
                        parameters["learner"] = .string(learner(start))
                    }
                }
                for row in try db.query(text, parameters: parameters).rows {
                    if case .integer(let value) = row[0] { answer += Int(value) }
                }
            }
            return (max(operations, answer), answer)
        }
    }

    private func learner(_ number: UInt64) -> String {
        let digits = String(number % learners)
        return "u" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }
}
