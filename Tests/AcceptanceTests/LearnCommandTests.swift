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

    /// The worked example of the reference: alternatives, a block of corequisites, a cycle.
    static func worked() throws -> Scratch {
        let scratch = try Scratch()
        try scratch.file(
            "concepts.csv",
            """
            id:ID,title,minutes:int,difficulty:double,:LABEL
            alg,Algebra,60,0.2,Concept
            calc,Calculus,120,0.5,Concept
            lin,Linear algebra,90,0.5,Concept
            prob,Probability,80,0.4,Concept
            stat,Statistics,70,0.5,Concept
            py,Python,100,0.3,Concept
            r,R,90,0.3,Concept
            opt,Optimisation,60,0.6,Concept
            ml,Machine learning,150,0.7,Concept
            nn,Neural networks,120,0.8,Concept
            lab,ML laboratory,40,0.6,Concept
            emu,Hen,10,0.1,Concept
            egg,Egg,10,0.1,Concept

            """)
        try scratch.file(
            "requirements.csv",
            """
            :START_ID,:END_ID,:TYPE,strength:double,group,coreq:boolean,reason
            calc,alg,REQUIRES,,,,limits are computed with algebra
            lin,alg,REQUIRES,,,,
            prob,alg,REQUIRES,,,,
            prob,calc,REQUIRES,0.3,,,helps for densities
            stat,prob,REQUIRES,,,,
            opt,calc,REQUIRES,,,,
            ml,lin,REQUIRES,,,,
            ml,prob,REQUIRES,,uncertainty,,
            ml,stat,REQUIRES,,uncertainty,,
            ml,py,REQUIRES,,language,,
            ml,r,REQUIRES,,language,,
            nn,ml,REQUIRES,,,,
            nn,opt,REQUIRES,,,,
            nn,py,REQUIRES,,,,
            lab,ml,REQUIRES,,,true,
            lab,lin,REQUIRES,,,,
            ml,lab,REQUIRES,,,true,
            emu,egg,REQUIRES,,,,
            egg,emu,REQUIRES,,,,

            """)
        try scratch.cairn("import", "concepts.csv", "requirements.csv", "--db", "c.cairn")
        return scratch
    }

    @Test(arguments: [
        ["plan", "ml"], ["plan", "egg", "--cycles", "together"], ["plan", "ml", "--dot"],
        ["plan", "ml", "--mermaid"], ["plan", "ml", "--svg"], ["alternatives", "ml", "-n", "5"],
        ["need", "ml"], ["frontier", "--known", "alg,lin,prob,py", "--goal", "ml"],
        ["gaps", "--known", "ml,py,lin"], ["chain", "alg", "nn", "-n", "3"],
        ["explain", "stat", "--goal", "nn"],
        ["within", "opt", "stat", "ml", "r", "--minutes", "400"],
        ["bottlenecks"], ["modules", "nn"],
        ["schedule", "ml", "--hours", "2", "--start", "2026-09-07"],
        ["progress", "ml", "--known", "py,stat"],
    ])
    func `every query reads well`(words: [String]) throws {
        let scratch = try Self.worked()
        let shown = try scratch.cairn(["learn"] + words + ["--db", "c.cairn"], columns: 90)
        let name = words.filter { !$0.utf8.contains(0x2C) }.joined(separator: "-")
            .replacing("--", with: "-")
        try Golden.expect(shown.output + shown.errors, "tables/learn/\(name).txt")
    }

    @Test func `every query answers in JSON with the names of the reference`() throws {
        let scratch = try Self.worked()
        func ask(_ words: String...) throws -> [String: Any] {
            try scratch.cairn(["learn"] + words + ["--json", "--db", "c.cairn"]).object()
        }
        let ways = try ask("alternatives", "ml", "-n", "5")
        #expect(ways["exhausted"] as? Bool == true)
        #expect((ways["plans"] as? [[String: Any]])?.map { $0["minutes"] as? Int } == [510, 520])
        let need = try ask("need", "ml")
        #expect(need["must"] as? [String] == ["alg", "lab", "lin", "ml", "prob"])
        #expect(need["may"] as? [String] == ["alg", "lab", "lin", "ml", "prob", "py", "r"])
        let gaps = try ask("gaps", "--known", "ml,py,lin")
        #expect(gaps["inner"] as? [String] == ["ml"])
        let within = try ask("within", "opt", "stat", "ml", "r", "--minutes", "400")
        #expect(within["goals"] as? [String] == ["r", "stat"] && within["minutes"] as? Int == 300)
        let chains = try ask("chain", "alg", "nn", "-n", "3")["chains"] as? [[String: Any]]
        #expect(chains?.map { $0["minutes"] as? Int } == [300, 350, 360])
        let gates = try ask("bottlenecks", "-n", "2")["bottlenecks"] as? [[String: Any]]
        #expect(gates?.map { $0["gates"] as? Int } == [8, 4])
        let weeks = try ask("schedule", "ml", "--hours", "2", "--start", "2026-09-07")
        #expect((weeks["schedule"] as? [[String: Any]])?.first?["start"] as? String == "2026-09-07")
        #expect(try ask("progress", "ml", "--known", "py,stat")["progress"] as? Double == 0.3333)
        let modules = try ask("modules", "nn")["modules"] as? [[String: Any]]
        #expect(modules?.flatMap { $0["concepts"] as? [String] ?? [] }.count == 9)
    }

    @Test func `a learner's mastery is kept in the graph and shortens plans`() throws {
        let scratch = try Self.worked()
        let db = ["--db", "c.cairn"]
        try scratch.cairn(["learn", "mark", "py,stat", "--learner", "ada"] + db)
        let plan = try scratch.cairn(
            ["learn", "plan", "ml", "--learner", "ada", "--json"] + db
        ).object()
        #expect(plan["minutes"] as? Int == 340 && plan["progress"] as? Double == 0.3333)
        try scratch.cairn(
            ["learn", "mark", "lin", "--mastery", "0.4", "--learner", "ada"] + db)
        let right = try scratch.cairn(
            ["learn", "observe", "lin", "--right", "--learner", "ada", "--format", "csv"] + db
        ).output
        #expect(right.contains("lin,0.4,0.775"))
        let half = try scratch.cairn(
            [
                "learn", "plan", "lin", "--known", "alg", "--learner", "ada", "--partial-credit",
                "--json",
            ]
                + db
        ).object()
        // 90 × (1 − 0.775), rounded up.
        #expect(half["minutes"] as? Int == 21)
        let learners = try scratch.cairn(
            ["node", "list", "--label", "Learner", "--format", "csv"] + db
        ).output
        #expect(learners.split(separator: "\n").count == 2)
        let nobody = try scratch.failing(1, ["learn", "plan", "ml", "--learner", "eve"] + db)
        #expect(nobody.errors.contains("no Learner 'eve'"))
        let nothing = try scratch.failing(1, ["learn", "mark", "zzz", "--learner", "ada"] + db)
        #expect(nothing.errors.contains("'zzz'"))
        _ = try scratch.failing(64, ["learn", "observe", "lin", "--learner", "ada"] + db)
    }

    @Test func `graphs given one a line are answered one a line, bad ones with an error`() throws {
        let scratch = try Scratch()
        let lines = """
            {"concepts":[{"id":"a","minutes":5},{"id":"b"}],"requires":[{"of":"a","needs":"b","group":"g"},{"of":"a","needs":"c","group":"g"}],"queries":[{"id":"q","op":"plan","goals":["a"],"expect":0},{"id":2,"op":"plan","goals":["z"]},{"id":3,"op":"dance"}]}
            nonsense

            {"concepts":[{"id":"a"},{"id":"a"}]}
            {"concepts":[{"id":"a"}],"queries":[{"id":1,"op":"lint"},{"id":4,"op":"schedule","goals":["a"],"minutesPerWeek":40,"start":"2026-09-07"},{"id":5,"op":"modules","goals":["a"]}]}
            """
        let run = try scratch.failing(1, ["learn", "--json-lines"], input: lines)
        try Golden.expect(run.output, "tables/learn/json-lines.txt")
        #expect(run.errors.contains("3 answers failed"))
        let sound = try scratch.cairn(["learn", "--json-lines"], input: #"{"concepts":[]}"#)
        #expect(sound.output == #"{"answers":[]}"# + "\n")
    }
}
