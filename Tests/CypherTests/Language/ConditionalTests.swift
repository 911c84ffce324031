import Testing

@testable import Cypher

@Suite struct `CASE` {
    @Test func `takes anything as what it compares`() throws {
        try LanguageTable(cases: [
            ("RETURN CASE (1) WHEN 1 THEN 2 END", "2"),
            ("RETURN CASE (1) + 1 WHEN 2 THEN 3 END", "3"),
            ("RETURN CASE ((1)) WHEN 1 THEN CASE (2) WHEN 2 THEN 3 END END", "3"),
            ("RETURN CASE -1 WHEN -1 THEN 2 END", "2"),
            ("RETURN CASE [1] WHEN [1] THEN 2 END", "2"),
            ("RETURN CASE [1][0] WHEN 1 THEN 2 END", "2"),
            ("RETURN CASE {a: 1} WHEN {a: 1} THEN 2 END", "2"),
            ("RETURN CASE {a: 1}.a WHEN 1 THEN 2 END", "2"),
            ("RETURN CASE NOT true WHEN false THEN 2 END", "2"),
            ("RETURN CASE CASE 1 WHEN 1 THEN 2 END WHEN 2 THEN 3 END", "3"),
            ("RETURN CASE CASE WHEN true THEN 2 ELSE 1 END WHEN 2 THEN 3 END", "3"),
            ("WITH 1 AS x RETURN CASE (x) WHEN 1 THEN 'one' ELSE 'many' END", "'one'"),
            ("RETURN {a: CASE 1 WHEN 1 THEN 2 END}.a, [CASE WHEN true THEN 3 END][0]", "2, 3"),
            ("RETURN CASE 3 WHEN 1 THEN 1 WHEN 2 THEN 2 END", "null"),
        ]).check()
    }

    @Test func `is a name where no WHEN belongs to it`() throws {
        let one = "WITH 1 AS case "
        try LanguageTable(cases: [
            ("\(one)RETURN case", "1"),
            (
                "\(one)RETURN case + 1, case - 1, -case, [case], {case: case}.case",
                "2, 0, -1, [1], 1"
            ),
            ("\(one)RETURN CASE WHEN case > 0 THEN case END", "1"),
            ("\(one)RETURN CASE WHEN case - 1 = 0 THEN 5 ELSE case END", "5"),
            ("\(one)RETURN case, CASE WHEN true THEN 2 END", "1, 2"),
            ("\(one)WITH case AS case RETURN CASE 1 WHEN case THEN 2 ELSE case END", "2"),
            (
                "WITH {case: 1, when: 2, then: 3, end: 4} AS m "
                    + "RETURN CASE m.when WHEN m.when THEN m.end ELSE m.then END", "4"
            ),
            ("WITH 1 AS when, 2 AS end RETURN CASE WHEN end > when THEN end ELSE when END", "2"),
            ("RETURN CASE WHEN true THEN 1 END AS case ORDER BY case", "1"),
        ]).check()
    }

    @Test func `tells what a CASE lacks`() throws {
        let syntax = "SyntaxError at compile time: UnexpectedSyntax"
        try LanguageTable(cases: [
            ("RETURN CASE 1 THEN 2 END", syntax),
            ("RETURN CASE 1 WHEN 1 END", syntax),
            ("RETURN CASE 1 WHEN 1 THEN 2", syntax),
            ("RETURN CASE (1 +) WHEN 1 THEN 2 END", syntax),
            ("RETURN CASE 1 2 WHEN 1 THEN 2 END", syntax),
            ("RETURN CASE WHEN THEN 2 END", syntax),
            ("RETURN CASE", "SyntaxError at compile time: UndefinedVariable"),
        ]).check()
    }

    /// Each CASE was read twice before, once as a conditional and once as a name.
    @Test(arguments: ["CASE - ", "CASE -(", "CASE [", "CASE NOT ", "CASE + CASE(", "[x IN CASE "])
    func `stands a hundred times inside itself without being read again and again`(
        part: String
    ) throws {
        let text = "RETURN " + String(repeating: part, count: 100) + "1"
        #expect(throws: CypherError.self) { try Parser.statement(text + " THEN") }
        let whole =
            "RETURN " + String(repeating: "CASE -(", count: 60) + "1"
            + String(repeating: ") WHEN 1 THEN 1 END", count: 60)
        _ = try Parser.statement(whole)
    }
}
