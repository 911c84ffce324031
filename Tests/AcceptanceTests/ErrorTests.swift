import Foundation
import Testing

@Suite struct `Errors at the command line` {
    /// Command lines that fail, with the code each must have.
    static let lines: [(code: Int32, words: String)] = [
        (64, "imprt x"),
        (64, "node lst"),
        (64, "help node lst"),
        (64, "node list --lable Person"),
        (64, "--versio"),
        (64, "node list --limit -3"),
        (64, "node list --format tabel"),
        (64, "node get"),
        (64, "node get Ada --db g.cairn"),
        (64, "node create name:dat=1 --db g.cairn"),
        (64, "node create born:date=yesterday --db g.cairn"),
        (64, "node create key:bytes=3q2+7w --db g.cairn"),
        (64, "node set 1 --db g.cairn"),
        (64, "info"),
        (1, "info --db nowhere.cairn"),
        (1, "info --db notes.txt"),
        (1, "init g.cairn"),
        (1, "node get 99 --db g.cairn"),
        (1, "node get Persn:name=Ada --db g.cairn"),
        (1, "node get Person:nme=Ada --db g.cairn"),
        (1, "node get Person:name=Bob --db g.cairn"),
        (1, "edge get 99 --db g.cairn"),
        (1, "neighbors 1 --type KNOW --db g.cairn"),
        (64, "edge get one --db g.cairn"),
        (64, "schema create idx Person name --db g.cairn"),
        (64, "schema create inline KNOWS a b --db g.cairn"),
        (64, "schema create type Person age --db g.cairn"),
        (64, "schema create type Person age --type NUMBER --db g.cairn"),
        (64, "schema create exists Person age name --db g.cairn"),
        (64, "schema create exists Person age --slices --db g.cairn"),
        (1, "schema create exists Person age --db g.cairn"),
        (1, "schema create type Person name --type INTEGER --db g.cairn"),
        (1, "schema rename label Persn Human --db g.cairn"),
        (1, "schema rename property age name --db g.cairn"),
        (1, "schema statistics --db g.cairn"),
        (1, "schema drop unique_Person_nam --force --db g.cairn"),
        (1, "import nothing.csv --db g.cairn"),
        (1, "import bad.csv --db g.cairn"),
        (1, "import bad.csv --report bad.csv --db g.cairn"),
        (64, "import bad.csv --on-error stop --report left-out.txt --db g.cairn"),
        (1, "import twice.csv --db g.cairn"),
        (1, "import twice.csv --db new.cairn"),
        (1, "import again.csv --db g.cairn"),
        (1, "import again.csv --merge nme --db g.cairn"),
        (64, "run"),
        (64, "run pagrank --input edges.tsv"),
        (64, "run pagerank"),
        (64, "run pagerank --input edges.tsv --param dampng=1"),
        (64, "run pagerank --input edges.tsv --param damping=2"),
        (64, "run pagerank,wcc --input edges.tsv --param dampng=1"),
        (64, "run pagerank,wcc --input edges.tsv --output one.csv"),
        (64, "run pagerank --input edges.tsv --output edges.tsv"),
        (64, "run pagerank --input edges.tsv --directed --undirected"),
        (64, "run pagerank --input edges.tsv --db g.cairn"),
        (64, "run bfs --input edges.tsv"),
        (1, "run bfs --input edges.tsv --param source=77"),
        (1, "run pagerank --input missing.tsv"),
        (1, "run pagerank --input bad-edges.tsv"),
        (1, "run pagerank --input g.cairn"),
        (1, "run pagerank --db g.cairn --labels Persn"),
        (64, "run pagerank --db g.cairn --weighted"),
        (64, "run edges.tsv pagerank"),
        (64, "run pagerank edges.tsv notes.txt"),
        (64, "run pagerank edges.tsv --db g.cairn"),
        (64, "run pagerank edges.tsv --labels Person"),
        (64, "run pagerank edges.tsv --at 1"),
        (64, "run pagerank --db g.cairn --nodes edges.tsv"),
        (1, "run pagerank towns.csv --nodes empty.txt"),
        (1, "run pagerank edges.tsv --nodes empty.txt"),
        (1, "run pagerank towns.csv --nodes edges.tsv"),
        (1, "run pagerank towns.csv --nodes g.cairn"),
        (1, "run pagerank far.tsv --fill-ids"),
        (64, "run topological-sort edges.tsv --undirected"),
        (64, "run shortest-path edges.tsv pairs=1-2"),
        (64, "run pagerank edges.tsv --memory much"),
        (64, "run pagerank,minimum-spanning-forest edges.tsv"),
        (64, "run betweenness edges.tsv sample=2 sources=1"),
        (64, "run pagerank edges.tsv damping=0.5 damping=0.6"),
        (64, "run pagerank,wcc edges.tsv --format csv"),
        (64, "run pagerank edges.tsv --top -3"),
        (64, "run --list edges.tsv"),
        (64, "run pagerank edges.tsv --write rank"),
        (64, "run pagerank,wcc --db g.cairn --write value"),
        (1, "run pagerank --db g.cairn --write name"),
        (1, "run sssp negative.csv --weighted source=a"),
        (1, "run bfs towns.csv source=Lodnon"),
        (1, "learn plan x --db g.cairn"),
        (64, "learn plan --db g.cairn"),
        (64, "learn plan x --theta 2 --db g.cairn"),
    ]

    @Test func `say what is wrong, where, and how to mend it`() throws {
        let scratch = try Scratch()
        try scratch.people()
        try scratch.cairn("schema", "create", "unique", "Person", "name", "--db", "g.cairn")
        try scratch.file("notes.txt", "no database\n")
        try scratch.file("edges.tsv", "1\t2\n2\t3\n")
        try scratch.file("negative.csv", "a,b,-1\n")
        try scratch.file("towns.csv", "London,Paris\n")
        try scratch.file("empty.txt", "")
        try scratch.file("far.tsv", "1\t5000000000\n")
        try scratch.file("bad-edges.tsv", "1\t2\n2\tx y z\n3\n")
        try scratch.file("bad.csv", "id:ID,age:int,:LABEL\na,12,Person\nb,twelve,Person\n")
        try scratch.file("twice.csv", "id:ID,:LABEL\na,Person\nb,Person\na,Person\n")
        try scratch.file("again.csv", "name,:LABEL\nAda,Person\n")
        var page = ""
        for (code, words) in Self.lines {
            let outcome = try Cairn.run(words.split(separator: " ").map(String.init), in: scratch)
            #expect(outcome.code == code, "\(words): \(outcome.errors)")
            #expect(outcome.errors.hasPrefix("cairn: "), "\(words): \(outcome.errors)")
            #expect(outcome.output.isEmpty, "\(words): \(outcome.output)")
            page += "$ cairn \(words)\n\(outcome.errors)[\(outcome.code)]\n\n"
        }
        try Golden.expect(page, "errors/wrong-lines.txt")
    }

    @Test func `a name of any length is told in a few lines`() throws {
        let scratch = try Scratch()
        try scratch.file("edges.tsv", "1\t2\n")
        let name = String(repeating: "x", count: 50_000)
        let outcome = try scratch.failing(
            1, "run", "bfs", "--input", "edges.tsv", "--param", "source=\(name)")
        #expect(outcome.errors.utf8.count < 2_000)
        #expect(outcome.errors.contains("Give the id or key of a node"))
    }

    @Test func `a name that is too long is told with its line`() throws {
        let scratch = try Scratch()
        try scratch.people()
        let name = String(repeating: "x", count: 1_025)
        try scratch.file("long.csv", ":ID,:LABEL\na,Person\nb,\(name)\n")
        for words in [
            ["--db", "g.cairn"], ["--db", "new.cairn"], ["--merge", "name", "--db", "g.cairn"],
        ] {
            let outcome = try Cairn.run(["import", "long.csv"] + words, in: scratch)
            #expect(outcome.code == 1)
            #expect(
                outcome.errors.hasPrefix("cairn: long.csv:3: The name of a label is 1025 bytes"),
                "\(outcome.errors)")
        }
    }

    @Test func `values that may not be twice are told with the lines they stand on`() throws {
        let scratch = try Scratch()
        try scratch.people()
        try scratch.cairn("schema", "create", "unique", "Person", "name", "--db", "g.cairn")
        try scratch.file("zed.csv", ":ID,name,:LABEL\nq,Zed,Person\nr,Bea,Person\ns,Zed,Person\n")
        try scratch.file("two.csv", ":ID,name,:LABEL\n\nt,Ada,Person\n")
        try scratch.file(
            "unique.cypher", "CREATE CONSTRAINT FOR (p:Person) REQUIRE p.name IS UNIQUE;\n")
        let before = try scratch.cairn("node", "list", "--db", "g.cairn").output
        for words in [["g.cairn"], ["new.cairn", "--schema", "unique.cypher"]] {
            let outcome = try scratch.failing(1, ["import", "two.csv", "zed.csv", "--db"] + words)
            let places = outcome.errors.components(separatedBy: " The files have ").last ?? ""
            // The first that is found is told; in the old database that may be either.
            let zeds = places.contains("at zed.csv:2 and node ") && places.contains("at zed.csv:4.")
            #expect(zeds || places.contains("at two.csv:3."), "\(outcome.errors)")
        }
        let ada = try scratch.failing(1, "import", "two.csv", "--db", "g.cairn")
        #expect(ada.errors.contains(" at two.csv:3."), "\(ada.errors)")
        #expect(try scratch.cairn("node", "list", "--db", "g.cairn").output == before)
    }

    @Test func `a place with a blank in its name is suggested so that a shell reads it`() throws {
        let scratch = try Scratch()
        let made = try scratch.cairn("init", "my graph.cairn")
        #expect(made.errors.contains("name=Ada --db \"my graph.cairn\"\n"), "\(made.errors)")
        let none = try scratch.failing(1, "info", "--db", "no $graph")
        #expect(none.errors.contains("'cairn init \"no \\$graph\"'"), "\(none.errors)")
    }

    @Test func `data cannot steer the terminal by a note`() throws {
        let scratch = try Scratch()
        try scratch.file("p.csv", "id:ID,age:int\na\u{1B}[31m,x\n")
        let outcome = try scratch.cairn(
            "import", "p.csv", "--on-error", "skip", "--db", "g\u{1B}.cairn")
        #expect(!(outcome.errors + outcome.output).contains("\u{1B}"))
    }

    @Test func `a failed command changes nothing`() throws {
        let scratch = try Scratch()
        try scratch.people()
        try scratch.file("bad.csv", "id:ID,age:int,:LABEL\na,12,Person\nb,twelve,Person\n")
        let before = try scratch.cairn("info", "--json", "--db", "g.cairn").object()
        try scratch.failing(1, "import", "bad.csv", "--db", "g.cairn")
        try scratch.failing(1, "node", "set", "1", "x=1", "--add-label", "", "--db", "g.cairn")
        let after = try scratch.cairn("info", "--json", "--db", "g.cairn").object()
        #expect(before["nodes"] as? Int == after["nodes"] as? Int)
        #expect(before["position"] as? Int == after["position"] as? Int)
        #expect(
            try scratch.cairn("check", "--json", "--db", "g.cairn").object()["sound"] as? Bool
                == true)
    }

    @Test func `colour is written to terminals only`() throws {
        let scratch = try Scratch()
        try scratch.people()
        for words in [["info", "--db", "g.cairn"], ["nod"], ["--help"]] {
            let outcome = try Cairn.run(words, in: scratch)
            #expect(!(outcome.output + outcome.errors).contains("\u{1B}"))
        }
    }
}
