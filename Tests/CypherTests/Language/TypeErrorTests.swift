import Testing

@testable import Cypher

private let wrongType = "SyntaxError at compile time: InvalidArgumentType"

@Suite struct `Types known before a query runs` {
    @Test func `are checked by operators`() throws {
        try LanguageTable(cases: [
            ("RETURN true + 1", wrongType),
            ("RETURN 'a' + true", wrongType),
            ("RETURN {a: 1} + {b: 2}", wrongType),
            ("RETURN date('2020-01-01') + 1", wrongType),
            ("MATCH (n) RETURN n + 1", wrongType),
            ("RETURN (1 < 2) * 2", wrongType),
            ("RETURN toUpper('a') - 1", wrongType),
            ("RETURN toInteger('1') AND true", wrongType),
            ("RETURN CASE WHEN 1 THEN 2 END", wrongType),
            ("OPTIONAL MATCH (n) RETURN type(n)", wrongType),
            ("MATCH (n) DELETE labels(n)", wrongType),
            ("WITH {a: 1} AS m SET m.a = 2", wrongType),
            ("WITH {a: 1} AS m REMOVE m.a", wrongType),
            (
                "RETURN 1 + 'a', 'a' + 1.5, [1] + 'a', 'a' + [1], {a: 1} + [2]",
                "'1a', 'a1.5', [1, 'a'], ['a', 1], [{a: 1}, 2]"
            ),
            ("RETURN null + true, true + null, null - 'a' IS NULL", wrongType),
            ("RETURN null + true, true + null, null AND true", "null, null, null"),
            ("RETURN CASE WHEN null THEN 1 ELSE 2 END", "2"),
            ("RETURN CASE WHEN true THEN null ELSE 1 END AND true", "null"),
        ]).check()
    }

    @Test func `are lost in lists of several`() throws {
        let atRuntime = "TypeError at runtime: InvalidArgumentValue"
        try LanguageTable(
            setup: "CREATE (:A)-[:R]->(:B)",
            cases: [
                ("MATCH (n:A) WITH [n, 1] AS l RETURN type(l[0])", atRuntime),
                ("WITH [1, 'a'] AS l RETURN head(l[1])", atRuntime),
                ("WITH [1, 2] AS l RETURN head(l[1])", wrongType),
                ("WITH [1, 2.5] AS l RETURN l[0] AND true", wrongType),
                (
                    "RETURN [x IN ['a', null] WHERE x % 2 = 0]",
                    "TypeError at runtime: InvalidArgumentType"
                ),
                ("RETURN [x IN ['a', 'b'] WHERE x % 2 = 0]", wrongType),
                (
                    "MATCH (n:A)-[r]->() WITH [n, r] AS l RETURN labels(l[0]), type(l[1])",
                    "['A'], 'R'"
                ),
            ]
        ).check()
    }

    @Test func `constants have properties as null and maps have`() throws {
        try LanguageTable(cases: [
            ("RETURN null.a, (null).a, null['a']", "null, null, null"),
            ("RETURN true.a", "TypeError at compile time: InvalidArgumentType"),
        ]).check()
    }
}

@Suite struct `Names and parameters` {
    @Test func `infinity and nan are variables where they are bound`() throws {
        try LanguageTable(cases: [
            ("UNWIND [1] AS inf RETURN inf + 1", "2"),
            ("CREATE (nan {x: 1}) RETURN nan.x", "1"),
            ("WITH 1 AS Infinity WITH Infinity AS x RETURN x, Infinity", "1, Inf"),
            ("RETURN INF, -INF, 0.0 / 0.0 = NaN", "Inf, -Inf, false"),
            ("WITH INF RETURN 1", "SyntaxError at compile time: NoExpressionAlias"),
        ]).check()
    }

    @Test func `a parameter must be there though no row asks for it`() throws {
        let missing = "ParameterMissing at compile time: MissingParameter"
        try LanguageTable(
            parameters: ["given": .integer(1)],
            cases: [
                ("MATCH (n:Nothing) RETURN $absent", missing),
                ("OPTIONAL MATCH (n {x: $absent}) RETURN n", missing),
                ("RETURN CASE WHEN true THEN $given ELSE $absent END", missing),
                ("RETURN $given", "1"),
            ]
        ).check()
    }

    @Test func `rows are counted by expressions that have no variables but their own`() throws {
        let notConstant = "SyntaxError at compile time: NonConstantExpression"
        try LanguageTable(cases: [
            ("UNWIND [1, 2, 3] AS i RETURN i LIMIT size([x IN [1, 2] | x])", "1 | 2"),
            ("UNWIND [1, 2, 3] AS i RETURN i SKIP reduce(s = 0, x IN [1, 1] | s + x)", "3"),
            ("UNWIND [1, 2, 3] AS i RETURN i LIMIT size([x IN [1, 2] | i])", notConstant),
            ("UNWIND [1, 2, 3] AS i RETURN i LIMIT i", notConstant),
            ("UNWIND [1, 2, 3] AS i RETURN i SKIP absent", notConstant),
            ("MATCH (n) RETURN n LIMIT count { (n) }", notConstant),
        ]).check()
    }
}
