import Foundation
import Testing

/// What `cairn run` makes of the text of its files, and of the name of its output.
@Suite struct `Reading files of edges for a run` {
    private func rows(_ words: [String], _ scratch: Scratch) throws -> [String] {
        try scratch.cairn(["run"] + words + ["--format", "csv"]).output
            .split(separator: "\n").dropFirst().map { String($0) }
    }

    @Test func `a byte order mark changes nothing, in edges, nodes and imports`() throws {
        let scratch = try Scratch()
        try scratch.file("b.csv", "\u{FEFF}1,2\n2,1\n1,3\n")
        try scratch.file("n.txt", "\u{FEFF}1\n2\n3\n9\n")
        #expect(try rows(["wcc", "b.csv"], scratch) == ["1,1", "2,1", "3,1"])
        #expect(
            try rows(["wcc", "b.csv", "--nodes", "n.txt"], scratch)
                == ["1,1", "2,1", "3,1", "9,9"])
        let stats = try scratch.cairn("run", "stats", "b.csv", "--json").object()
        #expect((stats["graph"] as? [String: Any])?["edges"] as? Int == 3)
        let imported = try scratch.cairn(
            "import", "b.csv", "--input-format", "edges", "--db", "b.cairn", "--json"
        ).object()
        #expect(imported["nodes"] as? Int == 3 && imported["edges"] as? Int == 3)
    }

    @Test func `a first line that is taken for a header is told once, and decided by a flag`()
        throws
    {
        let scratch = try Scratch()
        try scratch.file("h.tsv", "root\ttip\n1\t2\n2\t3\n")
        let told = try scratch.cairn("run", "wcc", "h.tsv")
        #expect(
            told.errors == "h.tsv: The first line, 'root\\ttip', was taken for a header; "
                + "with --no-header it is an edge.\n")
        for words in [["--quiet"], ["--json"], ["--format", "csv"], ["--header"], ["--no-header"]] {
            #expect(try scratch.cairn(["run", "wcc", "h.tsv"] + words).errors.isEmpty, "\(words)")
        }
        #expect(try rows(["wcc", "h.tsv"], scratch).count == 3)
        #expect(try rows(["wcc", "h.tsv", "--no-header"], scratch).count == 5)
        try scratch.file("r.tsv", "root\t1\n1\t2\n2\t3\n")
        #expect(try rows(["wcc", "r.tsv"], scratch).count == 4)
        #expect(try rows(["wcc", "r.tsv", "--header"], scratch).count == 3)
        try scratch.failing(64, "run", "wcc", "r.tsv", "--header", "--no-header")
        let words = ["import", "h.tsv", "--input-format", "edges"]
        let found = try scratch.cairn(words + ["--dry-run"])
        #expect(
            found.errors.contains("h.tsv: The first line, 'root\\ttip', was taken for a header"))
        let imported = try scratch.cairn(words + ["--no-header", "--db", "h.cairn", "--json"])
        #expect(try imported.object()["nodes"] as? Int == 5)
        let database = try scratch.failing(64, "run", "wcc", "h.cairn", "--header")
        #expect(database.errors.contains("--header and --no-header are about a file."))
    }

    @Test func `a name in quotes is read as --output writes it`() throws {
        let scratch = try Scratch()
        try scratch.file("q.csv", "a,b\n\"c, \"\"d\"\"\",b\n")
        let expected = ["a,a", "b,a", "\"c, \"\"d\"\"\",a"]
        #expect(try rows(["wcc", "q.csv"], scratch) == expected)
        try scratch.cairn("run", "wcc", "q.csv", "-o", "out.csv")
        #expect(try rows(["wcc", "q.csv", "--nodes", "out.csv"], scratch) == expected)
        try scratch.file("open.csv", "a,b\n\"c,b\n")
        let outcome = try scratch.failing(1, "run", "wcc", "open.csv")
        #expect(outcome.errors.contains("open.csv:2:1: The quote opened here is not closed"))
    }

    @Test func `places may stand in the file of nodes`() throws {
        let scratch = try Scratch()
        try scratch.file("roads.csv", "a,b,1\nb,c,1\na,c,5\n")
        try scratch.file("places.csv", "id,x,y\na,0,0\nb,1,0\nc,2,0\n")
        let words = [
            "run", "astar", "roads.csv", "--weighted", "--nodes", "places.csv", "places=plane",
            "pairs=a:c",
        ]
        let object = try scratch.cairn(words + ["--json"]).object()
        let summary = try #require(object["result_summary"] as? [String: Any])
        #expect(summary["cost"] as? Double == 2)
        try scratch.file("places.csv", "id,x\na,0\nb,1\nc,2\n")
        let none = try scratch.failing(64, words + ["--quiet"])
        #expect(none.errors.contains("the nodes have no 'y'"))
        #expect(none.errors.contains("or as columns of the file of nodes"))
    }

    @Test
    func `an output whose ending promises what is not written is refused before anything is read`()
        throws
    {
        let scratch = try Scratch()
        try scratch.file("e.tsv", "1\t2\n")
        for name in ["x.parquet", "x.json", "x.csv.gz"] {
            let outcome = try scratch.failing(64, "run", "bfs", "e.tsv", "source=1", "-o", name)
            #expect(outcome.errors.contains("('\(name)')"))
            #expect(outcome.errors.contains(".csv, .tsv or .txt (tabs), .jsonl or .ndjson"))
            #expect(!scratch.has(name))
        }
        let forms = [
            ("csv", "node,depth\n1,0\n2,1\n"), ("plain", "1\t0\n2\t1\n"),
            ("json", "{\"node\":1,\"depth\":0}\n{\"node\":2,\"depth\":1}\n"),
        ]
        for (format, text) in forms {
            try scratch.cairn(
                "run", "bfs", "e.tsv", "source=1", "-o", "x.json", "--format", format)
            #expect(try scratch.text("x.json") == text)
        }
        for name in ["X.CSV", "bare", "out.2026"] {
            try scratch.cairn("run", "bfs", "e.tsv", "source=1", "-o", name, "--json")
            #expect(try scratch.text(name) == forms[0].1)
        }
        try scratch.cairn("run", "landmarks", "e.tsv", "-o", "x.any")
        #expect(scratch.has("x.any"))
    }

    @Test func `a source that is named twice has its columns once`() throws {
        let scratch = try Scratch()
        try scratch.file("e.tsv", "1\t2\n2\t3\n")
        for algorithm in ["bfs", "sssp"] {
            let once = try scratch.cairn(
                "run", algorithm, "e.tsv", "sources=1,1", "--format", "csv")
            let single = try scratch.cairn("run", algorithm, "e.tsv", "source=1", "--format", "csv")
            #expect(once.output == single.output)
            let several = try scratch.cairn(
                "run", algorithm, "e.tsv", "sources=2,1,2", "--format", "csv")
            let name = algorithm == "bfs" ? "depth" : "distance"
            #expect(several.output.hasPrefix("node,\(name)_2,\(name)_1\n"))
        }
    }
}
