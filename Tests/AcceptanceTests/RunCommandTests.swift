import Foundation
import Testing

@Suite struct `Running algorithms on files and databases` {
    /// 1 → 2 → 3 → 1, 3 → 4.
    static let edges = "1\t2\n2\t3\n3\t1\n3\t4\n"

    @Test func `one run prints one object with timings and summary`() throws {
        let scratch = try Scratch()
        try scratch.file("e.tsv", Self.edges)
        let outcome = try scratch.cairn(
            "run", "pagerank", "--input", "e.tsv", "--directed", "--threads", "1", "--param",
            "iterations=20", "--format", "json", "--timings")
        let object = try outcome.object()
        #expect(outcome.output.split(separator: "\n").count == 1)
        let timings = try #require(object["timings"] as? [String: Double])
        #expect(Set(timings.keys) == ["load_ms", "run_ms"])
        let summary = try #require(object["result_summary"] as? [String: Any])
        #expect(summary["iterations"] as? Int == 20)
        let graph = try #require(object["graph"] as? [String: Any])
        #expect(graph["nodes"] as? Int == 4)
        #expect(graph["edges"] as? Int == 4)
        #expect(graph["directed"] as? Bool == true)
        #expect(object["threads"] as? Int == 1)
    }

    @Test func `several algorithms run on one load and print a line each`() throws {
        let scratch = try Scratch()
        try scratch.file("e.tsv", Self.edges)
        let objects = try scratch.cairn(
            "run", "pagerank,bfs,wcc", "--input", "e.tsv", "--param", "source=1", "--param",
            "pagerank.iterations=3", "--json", "--timings"
        ).objects()
        #expect(objects.map { $0["algorithm"] as? String } == ["pagerank", "bfs", "wcc"])
        let loads = objects.compactMap { ($0["timings"] as? [String: Double])?["load_ms"] }
        #expect(Set(loads).count == 1)
        #expect((objects[0]["parameters"] as? [String: String]) == ["iterations": "3"])
        #expect((objects[1]["parameters"] as? [String: String]) == ["source": "1"])
    }

    @Test func `the rows go to a file in the format of its name`() throws {
        let scratch = try Scratch()
        try scratch.file("e.csv", "a,b,2.5\nb,c,1\nd,a,1\n")
        for name in ["d.csv", "d.tsv", "d.jsonl"] {
            try scratch.cairn(
                "run", "sssp", "-i", "e.csv", "--weighted", "-p", "source=a", "-o", name)
        }
        #expect(try scratch.text("d.csv") == "node,distance\na,0.0\nb,2.5\nc,3.5\nd,\n")
        #expect(try scratch.text("d.tsv") == "a\t0.0\nb\t2.5\nc\t3.5\nd\t\n")
        #expect(
            try scratch.text("d.jsonl").split(separator: "\n").last
                == #"{"node":"d","distance":null}"#)
        let rows = try scratch.cairn(
            "run", "sssp", "-i", "e.csv", "--weighted", "-p", "source=a", "--format", "csv")
        #expect(rows.output == (try scratch.text("d.csv")))
    }

    @Test func `a graph comes from standard input, and undirected when asked`() throws {
        let scratch = try Scratch()
        let outcome = try Cairn.run(
            ["run", "wcc", "-i", "-", "--undirected", "--json"], in: scratch,
            input: "1 2\n3 4\n# 5 6\n")
        let summary = try #require(try outcome.object()["result_summary"] as? [String: Any])
        #expect(summary["components"] as? Int == 2)
        let graph = try #require(try outcome.object()["graph"] as? [String: Any])
        #expect(graph["directed"] as? Bool == false)
    }

    @Test func `weights are read only when asked for`() throws {
        let scratch = try Scratch()
        try scratch.file("e.csv", "a,b,2.5\n")
        func distance(_ words: [String]) throws -> Double? {
            let outcome = try Cairn.run(
                ["run", "sssp", "-i", "e.csv", "-p", "source=a", "--json"] + words, in: scratch)
            return (try outcome.object()["result_summary"] as? [String: Any])?["max_distance"]
                as? Double
        }
        #expect(try distance(["--weighted"]) == 2.5)
        #expect(try distance([]) == 1)
    }

    @Test func `the top shows the greatest values first`() throws {
        let scratch = try Scratch()
        try scratch.file("e.tsv", Self.edges)
        let object = try scratch.cairn(
            "run", "pagerank", "-i", "e.tsv", "--top", "2", "--json"
        ).object()
        let top = try #require(object["top"] as? [[String: Any]])
        #expect(top.compactMap { $0["node"] as? Int } == [3, 2])
        let text = try scratch.cairn("run", "pagerank", "-i", "e.tsv", "--top", "2").output
        try Golden.expect(text, "tables/pagerank.txt")
    }

    @Test func `tables say one node and one edge, and numbers with six digits`() throws {
        let scratch = try Scratch()
        try scratch.file("one.tsv", "1\t2\t0.00000123456789\n")
        let ranks = try scratch.cairn("run", "pagerank", "-i", "one.tsv", "--top", "1").output
        #expect(ranks.hasPrefix("pagerank  2 nodes, 1 edge, directed\n"))
        #expect(ranks.contains("max rank     0.649123\n"))
        #expect(ranks.contains("The node with the greatest rank\n"))
        let costs = try scratch.cairn(
            "run", "sssp", "-i", "one.tsv", "--weighted", "-p", "source=1"
        ).output
        #expect(costs.contains("max distance  1.23457e-06\n"))
    }

    @Test func `what no search reached is not among the greatest`() throws {
        let scratch = try Scratch()
        try scratch.file("e.tsv", "a\tb\nb\tc\nx\ty\n")
        let text = try scratch.cairn(
            "run", "bfs", "sources=a", "-i", "e.tsv", "--directed", "--top", "4"
        ).output
        #expect(text.contains("The 3 nodes with the greatest depth"), "\(text)")
        #expect(!text.contains("\nx"), "\(text)")
    }

    @Test func `a part of a database runs like a file of its edges`() throws {
        let scratch = try Scratch()
        try scratch.file("nodes.csv", "id:ID,:LABEL\na,Town\nb,Town\nc,Town\nx,Lake\n")
        try scratch.file(
            "edges.csv",
            ":START_ID,:END_ID,:TYPE,length:double\na,b,ROAD,2.5\nb,c,ROAD,1\na,c,FERRY,1\nx,a,ROAD,1\n"
        )
        try scratch.cairn("import", "nodes.csv", "edges.csv", "--db", "r.cairn")
        let object = try scratch.cairn(
            "run", "shortest-path", "--db", "r.cairn", "--labels", "Town", "--types", "ROAD",
            "--weight", "length", "-p", "source=a", "-p", "target=c", "--json"
        ).object()
        let summary = try #require(object["result_summary"] as? [String: Any])
        #expect(summary["cost"] as? Double == 3.5)
        #expect(summary["path"] as? [String] == ["a", "b", "c"])
        #expect((object["graph"] as? [String: Any])?["nodes"] as? Int == 3)
    }

    @Test func `file and parameters stand behind the algorithm`() throws {
        let scratch = try Scratch()
        try scratch.file("e.tsv", Self.edges)
        let object = try scratch.cairn(
            "run", "pagerank", "e.tsv", "iterations=3", "seed=7", "--json"
        ).object()
        #expect((object["result_summary"] as? [String: Any])?["iterations"] as? Int == 3)
        #expect((object["parameters"] as? [String: String]) == ["iterations": "3"])
        // A file that is called like a parameter is a file.
        try scratch.file("a=b", Self.edges)
        let other = try scratch.cairn("run", "wcc", "a=b", "--json").object()
        #expect((other["graph"] as? [String: Any])?["nodes"] as? Int == 4)
    }

    @Test func `each of several sources has a column, and what is not reached is empty`() throws {
        let scratch = try Scratch()
        try scratch.file("e.tsv", "1\t2\t0.5\n2\t3\t0.25\n")
        try scratch.file("n.txt", "1\n2\n3\n9\n")
        try scratch.cairn(
            "run", "bfs,sssp", "e.tsv", "--weighted", "--nodes", "n.txt", "sources=1,3", "-o",
            "{algorithm}.csv")
        #expect(try scratch.text("bfs.csv") == "node,depth_1,depth_3\n1,0,\n2,1,\n3,2,0\n9,,\n")
        #expect(
            try scratch.text("sssp.csv")
                == "node,distance_1,distance_3\n1,0.0,\n2,0.5,\n3,0.75,0.0\n9,,\n")
    }

    @Test func `nodes that no edge names are there when numbers are filled up`() throws {
        let scratch = try Scratch()
        try scratch.file("e.tsv", "1\t4\n")
        let rows = try scratch.cairn("run", "wcc", "e.tsv", "--fill-ids", "--format", "csv").output
        #expect(rows == "node,component\n0,0\n1,1\n2,2\n3,3\n4,1\n")
    }

    @Test func `pairs are answered a row each`() throws {
        let scratch = try Scratch()
        try scratch.file("e.tsv", Self.edges)
        let outcome = try scratch.cairn(
            "run", "shortest-path", "e.tsv", "pairs=1:4,4:1", "--format", "csv")
        #expect(
            outcome.output
                == "source,target,cost,length,path\n1,4,3.0,3,1;2;3;4\n4,1,,,\n")
    }

    @Test func `the largest groups are shown with their sizes`() throws {
        let scratch = try Scratch()
        try scratch.file("e.tsv", "1\t2\n2\t3\n8\t9\n")
        let object = try scratch.cairn("run", "wcc", "e.tsv", "--top", "1", "--json").object()
        let top = try #require(object["top"] as? [[String: Int]])
        #expect(top == [["component": 1, "nodes": 3]])
        try Golden.expect(try scratch.cairn("run", "wcc", "e.tsv").output, "tables/wcc.txt")
    }

    @Test func `a run that would not fit is refused, and done when forced`() throws {
        let scratch = try Scratch()
        var text = ""
        for node in 0..<2_000 { text += "\(node)\t\(node + 1)\n" }
        try scratch.file("e.tsv", text)
        let refused = try scratch.failing(1, "run", "pagerank", "e.tsv", "--memory", "20KB")
        #expect(refused.errors.contains("2,001 nodes and 2,000 edges"))
        #expect(refused.errors.contains("--force"))
        #expect(refused.output.isEmpty)
        try scratch.cairn("run", "pagerank", "e.tsv", "--memory", "20KB", "--force")
        try scratch.cairn("run", "pagerank", "e.tsv", "--memory", "20MB")
        // What loading alone would take is known from the size of the file.
        try scratch.file("large.tsv", String(repeating: text, count: 64))
        let large = try scratch.failing(1, "run", "wcc", "large.tsv", "--memory", "1MB")
        #expect(large.errors.contains("to load"))
    }

    @Test func `the list shows every algorithm once, under its family`() throws {
        let scratch = try Scratch()
        let listed = try #require(
            scratch.cairn("run", "--list", "--json").json() as? [[String: String]])
        let page = try scratch.cairn("run", "--list", columns: 80).output
        let lines = page.split(separator: "\n")
        #expect(lines.allSatisfy { $0.count <= 80 })
        for algorithm in listed {
            let name = try #require(algorithm["name"])
            #expect(lines.count { $0.hasPrefix("  \(name) ") } == 1, "\(name)")
        }
    }

    @Test func `a run that fails leaves the file of an earlier one as it was`() throws {
        let scratch = try Scratch()
        try scratch.file("e.tsv", Self.edges)
        try scratch.file("out.csv", "mine\n")
        try scratch.failing(1, "run", "bfs", "e.tsv", "source=77", "-o", "out.csv")
        #expect(try scratch.text("out.csv") == "mine\n")
        try scratch.cairn("run", "bfs", "e.tsv", "source=1", "-o", "out.csv")
        #expect(try scratch.text("out.csv").hasPrefix("node,depth\n"))
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path)
        #expect(!names.contains { $0.hasSuffix(".part") })
    }
}
