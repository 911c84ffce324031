import Foundation
import Testing

@Suite struct `What a run tells of its answer` {
    /// 1 → 2 → 3 → 1, 3 → 4.
    private func triangle() throws -> Scratch {
        let scratch = try Scratch()
        try scratch.file("e.tsv", "1\t2\n2\t3\n3\t1\n3\t4\n")
        return scratch
    }

    @Test func `an algorithm that wants no directions does not take them from another`() throws {
        let scratch = try triangle()
        let words = ["run", "pagerank,minimum-spanning-forest", "e.tsv", "--json"]
        let refused = try scratch.failing(64, words)
        #expect(refused.errors.contains("minimum-spanning-forest needs an undirected graph"))
        #expect(refused.errors.contains("pagerank takes edges as directed"), "\(refused.errors)")
        #expect(refused.output.isEmpty)
        let both = try scratch.cairn(words + ["--undirected"]).objects()
        let alone = try scratch.cairn("run", "pagerank", "e.tsv", "--undirected", "--json").object()
        let ranks = (both + [alone]).map { object in
            (object["result_summary"] as? [String: Any])?["max_rank"] as? Double
        }
        #expect(ranks[0] != nil && ranks[0] == ranks[2])
        // Those of a list that agree need no word.
        let trees = try scratch.cairn(
            "run", "minimum-spanning-forest,steiner-tree", "e.tsv", "terminals=1,4", "--json"
        ).objects()
        #expect(trees.count == 2)
    }

    @Test func `weights that were asked for and not used are told of`() throws {
        let scratch = try Scratch()
        try scratch.file("w.tsv", "1\t2\t2\n2\t3\t5\n")
        func note(_ words: String...) throws -> String {
            try scratch.cairn(["run"] + words + ["w.tsv", "--weighted"]).errors
        }
        #expect(try note("pagerank") == "pagerank did not use the weights; add weighted=true.\n")
        #expect(
            try note("pagerank,louvain,closeness")
                == "pagerank and closeness did not use the weights; add weighted=true.\n")
        #expect(try note("pagerank", "weighted=true").isEmpty)
        #expect(try note("louvain").isEmpty)
        #expect(try note("pagerank", "--quiet").isEmpty)
        #expect(try scratch.cairn("run", "pagerank", "w.tsv").errors.isEmpty)
        let page = try scratch.cairn("run", "pagerank", "--help").output
        #expect(page.contains("weights are used with weighted=true"), "\(page)")
        let other = try scratch.cairn("run", "louvain", "--help").output
        #expect(other.contains("weights are used if there are any"), "\(other)")
    }

    @Test(arguments: [
        "bridges", "minimum-spanning-forest", "steiner-tree terminals=1,2", "transitive-reduction",
        "transitive-closure", "feedback-edges",
    ])
    func `a single row is shown`(words: String) throws {
        let scratch = try Scratch()
        try scratch.file("one.tsv", words == "feedback-edges" ? "1\t2\n2\t1\n" : "1\t2\n")
        let table = try scratch.cairn(
            ["run"] + words.split(separator: " ").map(String.init) + ["one.tsv"]
        ).output
        #expect(table.contains("\nSource  Target"), "\(table)")
        #expect(table.split(separator: "\n").last?.contains("2") == true, "\(table)")
    }

    @Test func `a single path is told once, by the summary`() throws {
        let scratch = try triangle()
        let table = try scratch.cairn("run", "shortest-path", "e.tsv", "source=1", "target=4")
            .output
        #expect(!table.contains("Source"), "\(table)")
    }

    @Test func `an order is read from its beginning`() throws {
        let scratch = try Scratch()
        try scratch.file("dag.tsv", "c\td\nb\tc\na\tb\n")
        let table = try scratch.cairn("run", "topological-sort", "dag.tsv").output
        #expect(table.contains("The first 4 nodes in order\nNode"), "\(table)")
        let lines = table.split(separator: "\n").suffix(4)
        #expect(lines.compactMap(\.first) == ["a", "b", "c", "d"], "\(table)")
        let object = try scratch.cairn(
            "run", "topological-sort", "dag.tsv", "--top", "2", "--json"
        ).object()
        let top = try #require(object["top"] as? [[String: Any]])
        #expect(top.map { $0["node"] as? String } == ["a", "b"])
    }

    @Test func `the greatest are told in English`() throws {
        let scratch = try triangle()
        for (words, heading) in [
            ("triangles", "The 4 nodes with the most triangles"),
            ("kcore", "The 4 nodes in the deepest cores"),
            ("lcc", "The 4 nodes with the greatest clustering coefficient"),
            ("harmonic --top 2", "The 2 nodes with the greatest harmonic centrality"),
            ("sssp sources=1,2 --top 1", "The node with the greatest distance from 1"),
            ("edge-betweenness --top 1", "The edge with the greatest betweenness"),
        ] {
            let table = try scratch.cairn(
                ["run"] + words.split(separator: " ").map(String.init) + ["e.tsv"]
            ).output
            #expect(table.contains("\n\(heading)\n"), "\(table)")
        }
    }

    @Test func `a vector is shortened in a table, and whole in rows`() throws {
        let scratch = try triangle()
        let table = try scratch.cairn("run", "fastrp", "e.tsv", "--top", "1").output
        #expect(table.split(separator: "\n").last?.hasSuffix(" … (128)") == true, "\(table)")
        #expect(table.split(separator: "\n").allSatisfy { $0.count < 80 }, "\(table)")
        let rows = try scratch.cairn("run", "fastrp", "e.tsv", "--format", "csv").output
        let first = try #require(rows.split(separator: "\n").dropFirst().first)
        #expect(first.split(separator: ";").count == 128)
    }

    @Test func `rows on standard output stand there alone`() throws {
        let scratch = try triangle()
        for format in ["json", "jsonl"] {
            let rows = try scratch.cairn(
                "run", "pagerank", "e.tsv", "-o", "-", "--format", format
            ).objects()
            #expect(rows.map { $0["node"] as? Int } == [1, 2, 3, 4], "\(format)")
            #expect(rows.allSatisfy { $0["rank"] as? Double != nil })
        }
        let csv = try scratch.cairn("run", "pagerank", "e.tsv", "--format", "csv").output
        for words in [[], ["--format", "csv"]] {
            let rows = try scratch.cairn(["run", "pagerank", "e.tsv", "-o", "-"] + words).output
            #expect(rows == csv)
        }
        let plain = try scratch.cairn("run", "pagerank", "e.tsv", "--format", "plain").output
        let same = try scratch.cairn("run", "pagerank", "e.tsv", "-o", "-", "--format", "plain")
        #expect(same.output == plain)
    }

    @Test func `what is for one algorithm stands above what is for all, wherever it stands`() throws
    {
        let scratch = try triangle()
        for words in [
            ["pagerank.iterations=3", "iterations=5"], ["iterations=5", "pagerank.iterations=3"],
        ] {
            let object = try #require(
                scratch.cairn(["run", "pagerank,bfs", "e.tsv", "source=1", "--json"] + words)
                    .objects().first)
            #expect((object["parameters"] as? [String: String]) == ["iterations": "3"])
        }
    }

    @Test func `the help of several algorithms is a page for each`() throws {
        let scratch = try Scratch()
        let pages = try scratch.cairn("run", "pagerank,bfs", "--help").output
        let alone = try ["pagerank", "bfs"].map {
            try scratch.cairn("run", $0, "--help").output
        }
        #expect(pages == alone.joined(separator: "\n"))
    }

    @Test func `minus infinity is called in help as it is printed`() throws {
        let scratch = try Scratch()
        try scratch.file("n.tsv", "1\t2\t-2\n2\t1\t1\n")
        let rows = try scratch.cairn(
            "run", "bellman-ford", "n.tsv", "--weighted", "source=1", "--format", "csv"
        ).output
        #expect(rows.contains("-Infinity"), "\(rows)")
        let page = try scratch.cairn("run", "bellman-ford", "--help").output
        #expect(page.contains("-Infinity behind a negative cycle"), "\(page)")
    }
}
