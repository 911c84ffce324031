import Foundation
import Testing

@Suite struct `Errors at the command line` {
    /// Command lines that fail, with the code each must have.
    static let lines: [(code: Int32, words: String)] = [
        (64, "imprt x"),
        (64, "node lst"),
        (64, "help node lst"),
        (64, "node list --lable Person"),
        (64, "node list --limit -3"),
        (64, "node list --format tabel"),
        (64, "node get"),
        (64, "node get Ada --db g.cairn"),
        (64, "node create name:dat=1 --db g.cairn"),
        (64, "node create born:date=yesterday --db g.cairn"),
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
        try scratch.file("bad-edges.tsv", "1\t2\n2\tx y z\n3\n")
        try scratch.file("bad.csv", "id:ID,age:int,:LABEL\na,12,Person\nb,twelve,Person\n")
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
