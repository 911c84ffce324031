import GraphStore
import PropertyGraph
import Testing

@testable import Cypher

/// A small curriculum: five concepts, each but the first needing the one before.
private func curriculum() throws -> GraphDatabase {
    let db = try GraphDatabase.temporary()
    _ = try db.query(
        """
        UNWIND range(1, 5) AS i CREATE (:Concept {id: 'c' + i, minutes: i * 10})
        """)
    _ = try db.query(
        """
        MATCH (a:Concept), (b:Concept) WHERE a.minutes = b.minutes + 10
        CREATE (a)-[:REQUIRES {strength: 1.0}]->(b)
        """)
    return db
}

private func rows(_ query: String, _ db: GraphDatabase) throws -> [String] {
    try db.query(query).rows.map { row in row.map { "\($0)" }.joined(separator: " ") }
}

/// People whom one knows: a procedure that a program adds.
private struct Friends: Procedure {
    let signature = ProcedureSignature(
        "social.friends", inputs: [.init("person", "NODE")], outputs: [.init("friend", "NODE")])

    func rows<T: GraphReading & ~Copyable>(
        _ call: ProcedureArguments, in transaction: borrowing T
    ) throws -> [[CypherValue]] {
        guard let person = call.node("person") else { return [] }
        return try transaction.neighbors(of: person, .outgoing, type: "KNOWS").map {
            [.node(Node(id: $0.node))]
        }
    }
}

@Suite struct `Procedures` {
    @Test func `db procedures tell what a database holds`() throws {
        let db = try curriculum()
        #expect(
            try rows("CALL db.labels() YIELD label, nodes RETURN label, nodes", db)
                == ["string(\"Concept\") integer(5)"])
        #expect(
            try rows("CALL db.relationshipTypes", db)
                == ["string(\"REQUIRES\") integer(4)"])
        #expect(try rows("CALL db.propertyKeys", db).count == 3)
        _ = try db.query("CREATE CONSTRAINT ids FOR (c:Concept) REQUIRE c.id IS UNIQUE")
        _ = try db.query("CREATE INDEX times FOR (c:Concept) ON (c.minutes)")
        #expect(try rows("CALL db.indexes() YIELD name RETURN name", db).count == 1)
        #expect(try rows("CALL db.constraints() YIELD name RETURN name", db).count == 1)
        try db.analyze()
        #expect(
            try rows("CALL db.schema() YIELD source, target RETURN source, target", db)
                == ["string(\"Concept\") string(\"Concept\")"])
        #expect(
            try rows(
                "CALL db.statistics() YIELD nodes, relationships RETURN nodes, relationships", db)
                == ["integer(5) integer(4)"])
    }

    @Test func `every kernel of the catalog is a procedure`() {
        let names = Set(ProcedureRegistry().signatures.map { $0.name.lowercased() })
        #expect(names.isSuperset(of: ["algo.pagerank", "algo.pagerank.write", "algo.bfs.stats"]))
    }

    @Test func `a kernel gives a row for each node of its projection`() throws {
        let db = try curriculum()
        _ = try db.query("CREATE (:Other)")
        let found = try rows(
            """
            CALL algo.bfs({labels: ['Concept'], types: ['REQUIRES'], source: 'c5', key: 'id'})
            YIELD node, depth RETURN node.id, depth ORDER BY depth
            """, db)
        #expect(
            found == (0...4).map { "string(\"c\(5 - $0)\") integer(\($0))" })
    }

    @Test func `a kernel can start from the node of a row`() throws {
        let db = try curriculum()
        let found = try rows(
            """
            MATCH (c:Concept {id: 'c2'})
            CALL algo.bfs({types: ['REQUIRES'], source: c}) YIELD node, depth
            WITH node, depth WHERE depth IS NOT NULL RETURN node.id ORDER BY depth
            """, db)
        #expect(found == ["string(\"c2\")", "string(\"c1\")"])
    }

    @Test func `a kernel of several sources gives rows for each`() throws {
        let db = try curriculum()
        let found = try rows(
            """
            CALL algo.bfs({types: ['REQUIRES'], sources: ['c2', 'c1'], key: 'id'})
            YIELD source, node, depth
            WITH * WHERE depth IS NOT NULL
            RETURN source.id, node.id, depth ORDER BY source.id, depth
            """, db)
        #expect(
            found == [
                "string(\"c1\") string(\"c1\") integer(0)",
                "string(\"c2\") string(\"c2\") integer(0)",
                "string(\"c2\") string(\"c1\") integer(1)",
            ])
    }

    @Test func `a kernel writes its first column as a property`() throws {
        let db = try curriculum()
        let written = try rows(
            "CALL algo.pageRank.write({write: 'rank'}) YIELD nodesWritten RETURN nodesWritten", db)
        #expect(written == ["integer(5)"])
        #expect(
            try rows("MATCH (c:Concept) WHERE c.rank > 0 RETURN count(*)", db) == ["integer(5)"])
        var options = QueryOptions()
        options.isReadOnly = true
        #expect(throws: CypherError.self) {
            try db.query("CALL algo.pageRank.write({write: 'rank'})", options: options)
        }
        #expect(throws: CypherError.self) {
            try db.query("RETURN EXISTS { CALL algo.pageRank.write({write: 'r'}) RETURN 1 }")
        }
    }

    @Test(arguments: [
        "CALL algo.pageRank({dampng: 0.5})", "CALL algo.bfs({source: 99})", "CALL algo.pageRank(1)",
        "CALL algo.bfs({source: 'x', key: 'nothing'})", "CALL algo.nothing()",
        "CALL algo.pageRank.write({})", "CALL learn.plan(['nobody'])", "CALL learn.plan()",
        "CALL learn.plan(['c1'], {thta: 1})",
    ])
    func `what a procedure cannot do is told with its place`(query: String) throws {
        let db = try curriculum()
        let error = #expect(throws: CypherError.self) { try db.query(query) }
        #expect(error?.range != nil)
    }

    @Test func `learn procedures answer as learning queries do`() throws {
        let db = try curriculum()
        #expect(
            try rows(
                "CALL learn.plan(['c3'], {known: ['c1']}) YIELD ids, minutes RETURN ids, minutes",
                db)
                == [
                    "list([Cypher.CypherValue.string(\"c2\")]) integer(20)",
                    "list([Cypher.CypherValue.string(\"c3\")]) integer(30)",
                ])
        // 30 × (1 − 0.5): the minutes of the steps add up to the total.
        #expect(
            try rows(
                """
                CALL learn.plan(['c3'], {known: ['c2'], mastery: {c3: 0.5}, partialCredit: true})
                YIELD minutes, total RETURN minutes, total
                """, db) == ["integer(15) integer(15)"])
        #expect(
            try rows(
                "CALL learn.frontier() YIELD nodes UNWIND nodes AS n RETURN n.id", db)
                == ["string(\"c1\")"])
        #expect(
            try rows(
                "CALL learn.need(['c2']) YIELD concept, always RETURN concept, always", db)
                == ["string(\"c1\") boolean(true)", "string(\"c2\") boolean(true)"])
        for query in [
            "CALL learn.alternatives(['c5'], 2)", "CALL learn.within(['c5', 'c2'], 30)",
            "CALL learn.gaps({known: ['c4']})", "CALL learn.bottlenecks(['c5'])",
            "CALL learn.chains('c1', 'c5', 1)", "CALL learn.explain('c1', ['c5'])",
            "CALL learn.modules(['c5'])", "CALL learn.schedule(['c5'], 60, date('2026-01-05'))",
        ] { #expect(try !rows(query, db).isEmpty, "\(query)") }
        #expect(try rows("CALL learn.lint()", db).isEmpty)
        #expect(try rows("CALL learn.weakestEdges()", db).isEmpty)
    }

    @Test func `the quality of a partition is told of a property of the nodes`() throws {
        let db = try curriculum()
        _ = try db.query("MATCH (c:Concept) SET c.part = c.minutes / 30")
        #expect(
            try rows(
                """
                CALL algo.partitionQuality({community: 'part'}) YIELD community, nodes
                RETURN community.id, nodes
                """, db) == [
                    "string(\"c3\") integer(3)", "string(\"c1\") integer(2)",
                ])
        let stats = try db.query(
            """
            CALL algo.partitionQuality.stats({community: 'part'}) YIELD summary
            RETURN summary.communities, summary.coverage
            """)
        #expect(stats.rows.map { "\($0[0]) \($0[1])" } == ["integer(2) float(0.75)"])
        _ = try db.query("MATCH (c:Concept {id: 'c4'}) REMOVE c.part")
        for (configuration, text) in [
            ("{community: 'part'}", "has no 'part'"),
            ("{community: 'nothing'}", "has no 'nothing'"),
            ("{community: 5}", "no node column '5'"), ("{}", "'community' is missing"),
        ] {
            let error = #expect(throws: CypherError.self) {
                try db.query("CALL algo.partitionQuality(\(configuration))")
            }
            #expect(error?.message.contains(text) == true, "\(error?.message ?? "")")
        }
    }

    @Test func `no procedure reads a file`() throws {
        let db = try curriculum()
        let error = #expect(throws: CypherError.self) {
            try db.query(
                """
                MATCH (a:Concept {id: 'c1'}), (b:Concept {id: 'c2'})
                CALL algo.shortestPath({source: a, target: b, index: '/etc/passwd'}) YIELD cost
                RETURN cost
                """)
        }
        #expect(error?.message.contains("files are read by `cairn run` alone") == true)
    }

    @Test func `a program registers procedures that see the graph`() throws {
        let db = try GraphDatabase.temporary()
        _ = try db.query("CREATE (:P {name: 'Ada'})-[:KNOWS]->(:P {name: 'Bob'})")
        var options = QueryOptions()
        options.procedures.register(Friends())
        let result = try db.query(
            "MATCH (p:P {name: 'Ada'}) CALL social.friends(p) YIELD friend RETURN friend.name",
            options: options)
        #expect(result.rows.map { "\($0)" } == ["[Cypher.CypherValue.string(\"Bob\")]"])
        let listed = try db.query("SHOW PROCEDURES", options: options)
        #expect(listed.rows.contains { "\($0[0])" == "string(\"social.friends\")" })
    }

    @Test func `an unknown name suggests the one that was meant`() throws {
        let db = try GraphDatabase.temporary()
        let error = #expect(throws: CypherError.self) { try db.query("CALL algo.pagernk()") }
        #expect(error?.message.contains("Did you mean algo.pagerank?") == true)
        let other = #expect(throws: CypherError.self) { try db.query("CALL something.else()") }
        #expect(other?.message.contains("SHOW PROCEDURES lists them.") == true)
    }
}
