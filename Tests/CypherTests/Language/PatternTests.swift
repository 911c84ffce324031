import Testing

@testable import Cypher

@Suite struct `Patterns and what looks like them` {
    @Test func `operands in parentheses are no nodes`() throws {
        try LanguageTable(cases: [
            (
                "WITH 3 AS x, 2 AS y RETURN (x)-(y), (x)<(y), (x)>(y), (x)<-(y)",
                "1, false, true, false"
            ),
            ("WITH 3 AS x RETURN (x)-1, (x)--1, (x)<-1, (x)<--1", "2, 4, false, false"),
            ("WITH 3 AS x, [2] AS y RETURN (x)-[1][0], (x)-[1, 2][1], (x)-[y][0][0]", "2, 1, 1"),
            ("WITH {a: 3} AS x RETURN (x.a)-[1][0]", "2"),
        ]).check()
    }

    @Test func `nodes in conditions go on with relationships`() throws {
        try LanguageTable(
            setup: "CREATE (:A)-[:R {w: 1}]->(:B)",
            cases: [
                ("MATCH (a), (b) WHERE (a)-->(b) RETURN labels(a)", "['A']"),
                ("MATCH (a), (b) WHERE (a)<--(b) RETURN labels(a)", "['B']"),
                ("MATCH (a), (b) WHERE (a)--(b) RETURN count(*)", "2"),
                ("MATCH (a), (b) WHERE (a)-[]->(b) RETURN labels(a)", "['A']"),
                ("MATCH (a), (b) WHERE (a)-[*]-(b) RETURN count(*)", "2"),
                ("MATCH (a) WHERE (a)-[{w: 1}]->() RETURN labels(a)", "['A']"),
                (
                    "MATCH (a) WHERE (a)-[:R..2]->() RETURN a",
                    "SyntaxError at compile time: InvalidRelationshipPattern"
                ),
            ]
        ).check()
    }

    @Test func `a path may stand in parentheses`() throws {
        try LanguageTable(
            setup: "CREATE (:A)-[:R]->(:B)",
            cases: [
                ("MATCH ((a)-->(b)) RETURN labels(a), labels(b)", "['A'], ['B']"),
                ("MATCH p = (((a)-->(b))) RETURN p", "<(:A)-[:R]->(:B)>"),
                ("MATCH ((a)-->(b)), ((c:B)) RETURN count(*)", "1"),
                ("MATCH ((a)-->(b)){1,2} RETURN size(a)", "1"),
                (
                    "MATCH ((a)-->(b))-->(c) RETURN a",
                    "SyntaxError at compile time: UnexpectedSyntax"
                ),
                (
                    "MATCH ((a)-->(b) WHERE true) RETURN a",
                    "SyntaxError at compile time: UnexpectedSyntax"
                ),
            ]
        ).check()
    }

    @Test func `what is bound is told before what else is wrong`() throws {
        let bound = "SyntaxError at compile time: VariableAlreadyBound"
        try LanguageTable(cases: [
            ("MATCH ()-[r]->() CREATE ()-[r]->()", bound),
            ("MATCH (a)-[r]->(b) MERGE (a)-[r]->(b)", bound),
            ("MATCH ()-[r]->() CREATE (r)", bound),
            ("MATCH p = () MERGE (p)", bound),
            ("WITH 1 AS a CREATE (a)", bound),
            (
                "WITH 1 AS a CREATE (a)-[:T]->()",
                "SyntaxError at compile time: VariableTypeConflict"
            ),
            ("CREATE (a)-[r]->(b)", "SyntaxError at compile time: NoSingleRelationshipType"),
            (
                "CREATE (a)-[r:T {y: 1}]->(b {z: r.y})",
                "SyntaxError at compile time: UndefinedVariable"
            ),
            ("CREATE (a {x: 1})-[r:T {y: a.x}]->(b {z: a.x}) RETURN r.y, b.z", "1, 1"),
        ]).check()
    }

    @Test func `what was deleted has neither ends nor new relationships`() throws {
        let deleted = "EntityNotFound at runtime: DeletedEntityAccess"
        try LanguageTable(
            setup: "CREATE (:A)-[:R]->(:B)",
            cases: [
                ("MATCH (a:A) DETACH DELETE a CREATE (a)-[:T]->()", deleted),
                ("MATCH (a:A) DETACH DELETE a MERGE (a)-[:T]->()", deleted),
                ("MATCH ()-[r]->() DELETE r RETURN startNode(r)", deleted),
                ("MATCH ()-[r]->() DELETE r RETURN endNode(r)", deleted),
                ("MATCH ()-[r]->() DELETE r RETURN type(r)", "'R'"),
                (
                    "WITH null AS a CREATE (a)-[:T]->()",
                    "SemanticError at runtime: InvalidArgumentValue"
                ),
            ]
        ).check()
    }

    @Test func `times may begin with a T`() throws {
        try LanguageTable(cases: [
            (
                "RETURN localtime('T21'), localtime('T214032.142'), time('T21:40+01')",
                "'21:00', '21:40:32.142', '21:40+01:00'"
            ),
            ("RETURN localtime('TT21')", "ArgumentError at runtime: InvalidArgumentValue"),
        ]).check()
    }
}
