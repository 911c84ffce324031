import Foundation
import Testing

@Suite struct `Learning paths at the command line` {
    /// a ← b ← c, and an alternative free soft need of c.
    static func curriculum() throws -> Scratch {
        let scratch = try Scratch()
        try scratch.file(
            "concepts.csv",
            """
            id:ID,title,minutes:int,difficulty:double,:LABEL
            sets,Sets,60,0.1,Concept
            maps,Maps between sets,90,0.2,Concept
            groups,Groups,120,0.5,Concept
            rings,Rings,200,0.6,Concept
            history,History of algebra,30,0.1,Concept

            """)
        try scratch.file(
            "requirements.csv",
            """
            :START_ID,:END_ID,:TYPE,strength:double,reason
            maps,sets,REQUIRES,,a map goes from a set to a set
            groups,maps,REQUIRES,,an operation is a map
            groups,history,REQUIRES,0.3,it tells why
            rings,groups,REQUIRES,,addition makes a group

            """)
        try scratch.cairn("import", "concepts.csv", "requirements.csv", "--db", "c.cairn")
        return scratch
    }

    @Test func `a plan reads well and gives its reasons`() throws {
        let scratch = try Self.curriculum()
        var text = try scratch.cairn("learn", "plan", "rings", "--known", "sets", "--db", "c.cairn")
            .output
        text +=
            "\n"
            + (try scratch.cairn(
                "learn", "plan", "groups", "--hours", "3", "--start", "2026-09-01", "--db",
                "c.cairn",
                columns: 80
            ).output)
        text +=
            "\n"
            + (try scratch.cairn("learn", "plan", "sets", "--known", "sets", "--db", "c.cairn")
                .output)
        text +=
            "\n"
            + (try scratch.cairn("learn", "frontier", "--known", "sets", "--db", "c.cairn").output)
        text +=
            "\n"
            + (try scratch.cairn(
                "learn", "explain", "sets", "--goal", "rings", "--db", "c.cairn"
            ).output)
        try Golden.expect(text, "tables/plan.txt")
    }

    @Test func `a plan as JSON has the names of the reference`() throws {
        let scratch = try Self.curriculum()
        let plan = try scratch.cairn(
            "learn", "plan", "groups", "--known", "sets", "--json", "--db", "c.cairn"
        ).object()
        #expect(plan["order"] as? [[String]] == [["maps"], ["groups"]])
        #expect(plan["minutes"] as? Int == 210)
        #expect(plan["progress"] as? Double == 0.2222)
        #expect(plan["optimal"] as? Bool == true)
        #expect(plan["lowerBound"] as? Int == 210)
        #expect(plan["recommended"] as? [String] == ["history"])
    }

    @Test func `what is out of reach is said with the reason`() throws {
        let scratch = try Self.curriculum()
        let unknown = try scratch.failing(1, "learn", "plan", "ring", "--db", "c.cairn")
        #expect(unknown.errors.contains("'rings'"))
        let excluded = try scratch.failing(
            1, "learn", "plan", "rings", "--exclude", "maps", "--db", "c.cairn")
        #expect(excluded.errors.contains("maps"))
        let typo = try scratch.failing(1, "learn", "plan", "rings", "-k", "set", "--db", "c.cairn")
        #expect(typo.errors.contains("'sets'"))
    }

    @Test func `cycles are found, and the weakest edge that breaks them`() throws {
        let scratch = try Self.curriculum()
        #expect(try scratch.cairn("learn", "lint", "--db", "c.cairn").output.isEmpty)
        try scratch.cairn(
            "edge", "create", "Concept:id=sets", "REQUIRES", "Concept:id=rings", "strength=0.6",
            "--db", "c.cairn")
        let lint = try scratch.failing(1, "learn", "lint", "--json", "--db", "c.cairn").object()
        let cycles = try #require(lint["cycles"] as? [[String: [String]]])
        #expect(cycles[0]["members"] == ["groups", "maps", "rings", "sets"])
        let weakest = try scratch.cairn(
            "learn", "lint", "--break", "weakest", "--format", "csv", "--db", "c.cairn"
        ).output
        #expect(weakest.contains("sets,rings,0.6,"))
    }
}
