import Testing

@testable import Cypher

private let ambiguous = "SyntaxError at compile time: AmbiguousAggregationExpression"

@Suite struct `Grouping` {
    private static let graph =
        "CREATE (a:P {n: 'a', k: 1})-[:R]->(b:P {n: 'b', k: 1})-[:R]->(c:P:C {n: 'c', k: 2}), "
        + "(a)-[:R]->(c)"

    @Test func `an aggregate stands beside what is computed from grouping keys alone`() throws {
        try LanguageTable(
            setup: Self.graph,
            cases: [
                (
                    "MATCH (n) RETURN n.n, n.n + count(*) ORDER BY n.n",
                    "'a', 'a1' | 'b', 'b1' | 'c', 'c1'"
                ),
                ("MATCH (n) WITH n, n.k + count(*) AS x RETURN n.n, x", "'a', 2 | 'b', 2 | 'c', 3"),
                (
                    "MATCH (n) RETURN n.k AS k, {k: n.k, c: count(*)} AS m ORDER BY k",
                    "1, {c: 2, k: 1} | 2, {c: 1, k: 2}"
                ),
                (
                    "MATCH (n) WITH n, n {.n, c: count(*)} AS m RETURN m ORDER BY m.n",
                    "{c: 1, n: 'a'} | {c: 1, n: 'b'} | {c: 1, n: 'c'}"
                ),
                (
                    "MATCH (n) WITH n, size([(n)-->(m) | m]) + count(*) AS x RETURN n.n, x",
                    "'a', 3 | 'b', 2 | 'c', 1"
                ),
                (
                    "MATCH (n) WITH n, count { (n)-->() } + count(*) AS x RETURN n.n, x",
                    "'a', 3 | 'b', 2 | 'c', 1"
                ),
                ("MATCH (x:C) RETURN [x IN [5] | x][0] + count(*)", "6"),
                ("MATCH (x:C) RETURN reduce(x = 0, y IN [5] | x + y) + count(*)", "6"),
                ("MATCH (n) RETURN n.k + n.k, n.k + n.k + count(*)", ambiguous),
                ("MATCH (n) RETURN n.n, n.k + count(*)", ambiguous),
                ("MATCH (n) RETURN n {.n, c: count(*)}", ambiguous),
                ("MATCH (n) RETURN size([(n)-->(m) | m]) + count(*)", ambiguous),
                ("MATCH (n) RETURN n.n, count { (n)-->() } + count(*)", ambiguous),
                ("MATCH (n) RETURN CASE WHEN exists { (n)-->() } THEN count(*) END", ambiguous),
                ("MATCH (n) RETURN all(x IN [1] WHERE n.k = x) AND count(*) > 1", ambiguous),
            ]
        ).check()
    }

    @Test func `a property of anything is a key by itself`() throws {
        try LanguageTable(cases: [
            ("WITH [{x: 1}, {x: 2}] AS l RETURN l[0].x, l[0].x + count(*)", "1, 2"),
            (
                "WITH [{x: 1}] AS l RETURN l[0].x AS x, count(*) AS c ORDER BY l[0].x + count(*)",
                "1, 1"
            ),
            ("WITH [1, 2] AS l RETURN l[0], l[0] + count(*)", ambiguous),
        ]).check()
    }

    @Test func `the order of grouped rows is by what was projected`() throws {
        let undefined = "SyntaxError at compile time: UndefinedVariable"
        try LanguageTable(
            setup: Self.graph,
            cases: [
                (
                    "MATCH (n) RETURN n.k AS k, count(*) AS c ORDER BY k + count(*), n.k",
                    "1, 2 | 2, 1"
                ),
                (
                    "MATCH (n) RETURN n.k AS k, count(*) AS c ORDER BY n.k * count(*) DESC, k",
                    "1, 2 | 2, 1"
                ),
                (
                    "MATCH (n) WITH n, count(*) AS c ORDER BY n.n + count(*) DESC RETURN n.n",
                    "'c' | 'b' | 'a'"
                ),
                ("MATCH (n) RETURN n.k + 1 AS k, count(*) AS c ORDER BY n.k + 1", "2, 2 | 3, 1"),
                (
                    "MATCH (n), (m) RETURN n.k + m.k, count(*) AS c ORDER BY n.k + m.k + count(*)",
                    ambiguous
                ),
                ("MATCH (n) RETURN n.k AS k, count(*) AS c ORDER BY n.n", undefined),
                ("MATCH (n) RETURN n.k AS k, count(*) AS c ORDER BY k + count(n)", undefined),
            ]
        ).check()
    }

    @Test func `the condition after grouping may hold patterns`() throws {
        try LanguageTable(
            setup: Self.graph,
            cases: [
                (
                    "MATCH (n) WITH n, count(*) AS c WHERE (n)-->(:C) RETURN n.n ORDER BY n.n",
                    "'a' | 'b'"
                ),
                ("MATCH (n) WITH DISTINCT n WHERE NOT (n)-->() AND n.k = 2 RETURN n.n", "'c'"),
                ("MATCH (n) WITH DISTINCT n.k AS k WHERE n.k > 1 RETURN k", "2"),
                (
                    "MATCH (n) WITH n.k AS k, count(*) AS c WHERE (n)-->() RETURN k",
                    "SyntaxError at compile time: UndefinedVariable"
                ),
                (
                    "MATCH (n) WITH n.k AS k, count(*) AS c WHERE c RETURN k",
                    "SyntaxError at compile time: InvalidArgumentType"
                ),
            ]
        ).check()
    }

    @Test func `an expression that is projected stands for its column in the order`() throws {
        try LanguageTable(cases: [
            ("UNWIND [1, 2, 3] AS x WITH -x AS x ORDER BY x RETURN x", "-3 | -2 | -1"),
            ("UNWIND [1, 2, 3] AS x WITH -x AS x ORDER BY -x RETURN x", "-3 | -2 | -1"),
            ("UNWIND [1, 2, 3] AS x WITH DISTINCT -x AS x ORDER BY -x RETURN x", "-3 | -2 | -1"),
            ("UNWIND [1, 2, 3] AS x WITH -x AS y ORDER BY -x RETURN y", "-3 | -2 | -1"),
            ("UNWIND [1, 2, 3] AS x WITH -x AS x ORDER BY x * 2 DESC RETURN x", "-1 | -2 | -3"),
            ("UNWIND [1, 2, 3] AS x WITH x, -x AS y ORDER BY y WHERE -x < -1 RETURN x", "3 | 2"),
        ]).check()
    }
}
