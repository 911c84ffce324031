import Cypher
import GraphStore
import PropertyGraph

/// Commits, alone and beside readers, asked in openCypher.
struct CypherWrites {
    private let db: GraphDatabase
    private let commits: Commits
    private let count: UInt64

    init(_ db: GraphDatabase, seconds: Double) throws {
        self.db = db
        // Those that were loaded: others have been added when it is measured again.
        let loaded = try db.read {
            try $0.nodeCount(label: "Concept", where: "key", .startsWith("c"))
        }
        let count = UInt64(loaded)
        self.count = count
        commits = Commits(concepts: count, seconds: seconds) { key, first, second in
            _ = try db.query(
                "MATCH (p:Concept {key: $first}), (r:Concept {key: $second}) CREATE (c:Concept "
                    + "{key: $key, title: 'A new concept', domain: 'algebra', difficulty: 0.5, "
                    + "minutes: 30}), (c)-[:PREREQUISITE {strength: 0.5}]->(p), "
                    + "(c)-[:RELATED_TO {strength: 0.5}]->(r)",
                parameters: [
                    "key": .string(key), "first": .string(Concepts.key(first)),
                    "second": .string(Concepts.key(second)),
                ])
        }
    }

    func run() throws {
        let (db, count) = (db, count)
        commits.measure("commit_node2_1", clients: 1)
        Mixed(commits) { starts in
            _ = try db.query(
                "MATCH (c:Concept {key: $key}) "
                    + "RETURN c.minutes, COUNT { (c)-[:RELATED_TO]->() } AS related",
                parameters: ["key": .string(Concepts.key(starts.next(below: count)))])
        }.run()
    }
}
