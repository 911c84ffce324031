import Foundation
import Testing

/// Each of these answers was wrong once, or of no use to a program.
@Suite struct `Answers of learning queries` {
    private let scratch: Scratch

    init() throws { scratch = try `Learning paths at the command line`.worked() }

    @discardableResult
    private func learn(_ words: String...) throws -> Outcome {
        try scratch.cairn(["learn"] + words + ["--db", "c.cairn"])
    }

    private func refused(_ words: String...) throws -> String {
        try scratch.failing(64, ["learn"] + words + ["--db", "c.cairn"]).errors
    }

    private func csv(_ words: String...) throws -> [String] {
        let shown = try scratch.cairn(
            ["learn"] + words + ["--format", "csv", "--db", "c.cairn"])
        return shown.output.split(separator: "\n").map { String($0) }
    }

    // MARK: Out of reach

    @Test(arguments: [["plan"], ["schedule", "--hours", "2"]])
    func `a goal out of reach is never called reached`(words: [String]) throws {
        let db = ["--partial", "--db", "c.cairn"]
        let none = try scratch.cairn(["learn"] + words + ["egg"] + db).output
        #expect(none.hasPrefix("There is no way to Egg.\n"))
        #expect(none.contains("Out of reach: 'egg' waits for a cycle"))
        let known = try scratch.cairn(
            ["learn"] + words + ["alg", "nothere", "--known", "alg"] + db
        ).output
        #expect(known.hasPrefix("Nothing left to learn for Algebra: you are there.\n"))
        #expect(known.contains("Out of reach: The graph has no concept 'nothere'."))
        let some = try scratch.cairn(["learn"] + words + ["lin", "nothere"] + db).output
        #expect(some.contains("to Linear algebra\n"))
        #expect(some.contains("Out of reach: The graph has no concept 'nothere'."))
        let rows = try scratch.cairn(
            ["learn"] + words + ["lin", "nothere", "--format", "csv"] + db)
        #expect(rows.errors.contains("Out of reach: The graph has no concept 'nothere'."))
    }

    @Test(arguments: [["plan"], ["schedule", "--hours", "2"], ["plan", "--hours", "2"]])
    func `JSON lists what is out of reach`(words: [String]) throws {
        let answer = try scratch.cairn(
            ["learn"] + words + ["lin", "egg", "--partial", "--json", "--db", "c.cairn"]
        ).object()
        let lost = try #require(answer["unreachable"] as? [[String: Any]])
        #expect(lost.count == 1)
        #expect(lost[0]["goal"] as? String == "egg" && lost[0]["reason"] as? String == "cycle")
        #expect(lost[0]["ids"] as? [String] == ["egg", "emu"])
    }

    @Test func `there is no progress to what no plan reaches`() throws {
        let plan = try learn("plan", "egg", "--partial", "--json").object()
        #expect(plan["progress"] is NSNull)
        let line = #"""
            {"concepts":[{"id":"a"}],"queries":[{"op":"schedule","goals":["a","z"],"partial":true,"minutesPerWeek":60},{"op":"plan","goals":["z"],"partial":true}]}
            """#
        let lines = try scratch.cairn(["learn", "--json-lines"], input: line).output
        #expect(lines.contains(#"}],"unreachable":["z"]}"#))
        #expect(lines.contains(#""progress":null,"unreachable":["z"]"#))
    }

    @Test func `a drawing tells beside it what it lacks`() throws {
        let drawn = try learn("plan", "lin", "nothere", "--partial", "--dot")
        #expect(drawn.output.hasPrefix("digraph") && drawn.errors.contains("'nothere'"))
        #expect(try learn("within", "lin", "egg", "--hours", "9").errors.contains("'egg'"))
    }

    // MARK: What concepts cost

    @Test func `partial credit shortens steps, not only their sum`() throws {
        try learn("mark", "lin", "--mastery", "0.4", "--learner", "ada")
        let learner = ["--learner", "ada", "--partial-credit", "--db", "c.cairn"]
        func shown(_ words: String...) throws -> String {
            try scratch.cairn(["learn"] + words + learner).output
        }
        // 90 × (1 − 0.4) is 54.
        let plan = try shown("plan", "lin")
        #expect(plan.contains("2 concepts, 1 h 54 min"))
        #expect(plan.contains("54 min  1 h 54 min"))
        #expect(try shown("plan", "lin", "--format", "csv").contains("2,lin,Linear algebra,54\n"))
        #expect(try shown("plan", "lin", "--dot").contains("Linear algebra\\n54 min"))
        #expect(try shown("plan", "lin", "--mermaid").contains("Linear algebra<br/>54 min"))
        #expect(try shown("plan", "lin", "--svg").contains(">54 min</text>"))
        #expect(try shown("need", "lin", "--format", "csv").contains("lin,Linear algebra,54,must"))
        #expect(
            try shown("frontier", "--known", "alg", "--format", "csv")
                .contains("lin,Linear algebra,54,"))
    }

    // MARK: Rows for programs

    @Test func `rows for programs name concepts by their ids`() throws {
        let ways = try csv("alternatives", "ml")
        #expect(ways.first == "way,id,title,minutes,own" && ways.count == 13)
        #expect(ways.contains("1,r,R,90,true") && ways.contains("2,lin,Linear algebra,90,false"))
        #expect(
            try csv("chain", "alg", "opt") == [
                "chain,step,id,title,minutes", "1,1,alg,Algebra,60", "1,2,calc,Calculus,120",
                "1,3,opt,Optimisation,60",
            ])
        let modules = try csv("modules", "nn")
        #expect(modules.first == "module,id,title,minutes" && modules.count == 10)
        #expect(modules.contains("1,alg,Algebra,60"))
        #expect(
            try csv("gaps", "--known", "ml,py,lin") == [
                "id,title,group,missing,missingTitle", "lin,Linear algebra,1,alg,Algebra",
                "ml,Machine learning,1,prob,Probability", "ml,Machine learning,1,stat,Statistics",
                "ml,Machine learning,2,lab,ML laboratory",
            ])
    }

    @Test func `an explanation is rows, too`() throws {
        let head = "id,title,status,of,group,option,instead,strength,reason"
        #expect(
            try csv("explain", "alg", "--goal", "calc") == [
                head, "alg,Algebra,needed,calc,,,,1.0,limits are computed with algebra",
                "calc,Calculus,goal,,,,,,",
            ])
        #expect(
            try csv("explain", "stat", "--goal", "nn") == [
                head, "stat,Statistics,replaced,ml,uncertainty,stat,prob,,",
            ])
        #expect(
            try csv("explain", "egg", "--goal", "nn") == [head, "egg,Egg,notNeeded,,,,,,"])
    }

    // MARK: What was typed

    @Test func `an empty name is refused`() throws {
        #expect(try refused("plan", "").contains("One of the goals is an empty name."))
        #expect(try refused("plan", "alg,").contains("One of the goals is an empty name."))
        #expect(try refused("frontier", "--goal", "").contains("empty name"))
        #expect(try refused("schedule", "", "--hours", "2").contains("empty name"))
        #expect(try refused("chain", "", "nn").contains("The prerequisite is an empty name."))
        #expect(try refused("explain", "", "--goal", "nn").contains("empty name"))
        let mark = try refused("mark", "", "--learner", "ada")
        #expect(mark.contains("One of the concepts is an empty name."))
        // A list of what is known may well be empty.
        #expect(try learn("plan", "alg", "--known", "").output.contains("1 concept, 1 h"))
    }

    @Test func `an option is named as it can be typed`() throws {
        #expect(try refused("alternatives", "ml", "-n", "0").contains("-n (--count) is 0"))
        #expect(try refused("chain", "alg", "nn", "-n", "0").contains("-n (--count) is 0"))
        #expect(try refused("frontier", "--limit=-1").contains("-n (--limit) is -1"))
    }

    @Test func `a drawing has no other format`() throws {
        #expect(try refused("plan", "ml", "--dot", "--json").contains("--dot and --json"))
        let svg = try refused("plan", "ml", "--svg", "--format", "csv")
        #expect(svg.contains("--svg and --format csv"))
    }

    // MARK: What comes next

    @Test func `a learner is told how to note what was learned`() throws {
        try learn("mark", "py", "--learner", "ada lovelace")
        let hint = try learn(
            "plan", "egg", "--cycles", "together", "--learner", "ada lovelace"
        ).output
        #expect(
            hint.hasSuffix(
                "When you know them, run cairn learn mark egg,emu --learner \"ada lovelace\" "
                    + "--db c.cairn\n"))
        let one = try learn("plan", "alg").output
        #expect(one.hasSuffix("When you know it, plan again with --known alg\n"))
    }

    @Test func `masteries are short for people and exact for programs`() throws {
        try learn("mark", "lin", "--mastery", "0.775", "--learner", "ada")
        let text = try learn("observe", "lin", "--right", "--learner", "ada").output
        #expect(text.contains("0.945\n"))
        let csv = try csv("mark", "lin", "--learner", "ada", "--mastery", "0.5")
        #expect(csv.last?.hasPrefix("lin,0.94545") == true)
    }
}
