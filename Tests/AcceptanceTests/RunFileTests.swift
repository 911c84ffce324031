import Foundation
import Testing

/// Files that parameters of `cairn run` name: groups of nodes, and landmark indexes.
@Suite struct `Files that parameters of a run name` {
    /// Two triangles that one edge joins, and a node alone.
    private func triangles() throws -> Scratch {
        let scratch = try Scratch()
        try scratch.file("e.tsv", "a\tb\nb\tc\nc\ta\nx\ty\ny\tz\nz\tx\na\tx\n")
        try scratch.file("n.txt", "a\nb\nc\nx\ny\nz\nlone\n")
        return scratch
    }

    private static let words = ["e.tsv", "--nodes", "n.txt", "--undirected"]

    private func summary(_ words: [String], _ scratch: Scratch) throws -> [String: Any] {
        let object = try scratch.cairn(["run"] + words + ["--json"]).object()
        return try #require(object["result_summary"] as? [String: Any])
    }

    @Test(arguments: ["csv", "tsv", "jsonl"])
    func `a partition that was written is measured as it was when it was found`(
        ending: String
    ) throws {
        let scratch = try triangles()
        let found = try summary(["louvain"] + Self.words + ["-o", "parts.\(ending)"], scratch)
        let measured = try summary(
            ["partition-quality"] + Self.words + ["community=parts.\(ending)"], scratch)
        for (name, value) in measured {
            #expect("\(value)" == "\(found[name] ?? "")", "\(name)")
        }
        #expect(measured["communities"] as? Int == 3)
        let table = try scratch.cairn(
            ["run", "partition-quality"] + Self.words + ["community=parts.\(ending)"]
        ).output
        try Golden.expect(table, "tables/partition-quality.txt")
    }

    @Test func `a file of any tool is read: blanks, quotes, comments, fields in any order`() throws
    {
        let scratch = try triangles()
        let texts = [
            "# by hand\na 1\nb 1\nc 1\n\nx 2\ny 2\nz 2\nlone 3\n",
            "community;score;node\n1;9;a\n1;9;b\n1;9;c\n2;9;x\n2;9;y\n2;9;z\n3;9;lone\n",
            "\u{FEFF}node,color\r\n\"a\",\"1,\"\"x\"\"\"\r\nb,\"1,\"\"x\"\"\"\r\n"
                + "c,\"1,\"\"x\"\"\"\r\nx,2\r\ny,2\r\nz,2\r\nlone,3",
        ]
        for text in texts {
            try scratch.file("p", text)
            let found = try summary(["partition-quality"] + Self.words + ["community=p"], scratch)
            #expect(found["communities"] as? Int == 3, "\(text)")
            #expect(found["largest"] as? Int == 3)
        }
    }

    @Test func `a wrong file of groups is told by its line, before anything is printed`() throws {
        let scratch = try triangles()
        let whole = "a,1\nb,1\nc,1\nx,2\ny,2\nz,2\nlone,3\n"
        let texts = [
            (whole + "q,1\n", "p.csv:8: The graph of 'e.tsv' has no node 'q'"),
            (whole + "a,2\n", "p.csv:8: Node 'a' has a group already, on line 1"),
            ("a,1\nb\n", "p.csv:2: There is no group behind the node"),
            ("a,1\nb,\n", "p.csv:2: Node 'b' has no group"),
            ("a,1\nb,\"1\n", "p.csv:2: A quote is opened that is not closed"),
            ("{\"node\":\"a\"}\n", "p.csv:1: This is no object with the members"),
            ("a,1\n", "6 nodes, such as 'b', have no group in 'p.csv'"),
            (whole.replacingOccurrences(of: "lone,3\n", with: ""), "Node 'lone' has no group"),
            ("", "7 nodes, such as 'a', have no group"),
        ]
        for (text, message) in texts {
            try scratch.file("p.csv", text)
            let outcome = try scratch.failing(
                1, ["run", "partition-quality"] + Self.words + ["community=p.csv"])
            #expect(outcome.errors.contains(message), "\(text): \(outcome.errors)")
            #expect(outcome.output.isEmpty)
        }
        for path in ["nothing.csv", "."] {
            let outcome = try scratch.failing(
                1, ["run", "partition-quality"] + Self.words + ["community=\(path)"])
            #expect(outcome.errors.contains("'\(path)'"))
        }
    }

    @Test func `of a database, groups are a property or a file`() throws {
        let scratch = try Scratch()
        try scratch.file("n.csv", "id:ID,:LABEL\na,T\nb,T\nc,T\nx,T\ny,T\nz,T\nq,Other\n")
        try scratch.file(
            "e.csv",
            ":START_ID,:END_ID,:TYPE\na,b,E\nb,c,E\nc,a,E\nx,y,E\ny,z,E\nz,x,E\na,x,E\n")
        try scratch.cairn("import", "n.csv", "e.csv", "--db", "g.cairn")
        let part = ["g.cairn", "--labels", "T"]
        let found = try summary(
            ["louvain"] + part + ["--write", "team", "-o", "teams.csv"], scratch)
        for groups in ["team", "teams.csv", "./teams.csv"] {
            let measured = try summary(
                ["partition-quality"] + part + ["community=\(groups)"], scratch)
            #expect(measured["modularity"] as? Double == found["modularity"] as? Double)
            #expect(measured["communities"] as? Int == 2)
        }
        let holed = try scratch.failing(1, "run", "partition-quality", "g.cairn", "community=team")
        #expect(holed.errors.contains("Node 'q' has no group as a property 'team'"))
        let typo = try scratch.failing(1, "run", "partition-quality", "g.cairn", "community=teem")
        #expect(typo.errors.contains("Did you mean 'team'?"))
    }

    @Test func `a name that two nodes bear is no node of a file, even where it is an id`() throws {
        let scratch = try Scratch()
        try scratch.file("n.csv", "id:ID,name,:LABEL\na,2,T\nb,x,T\nc,2,T\n")
        try scratch.file("e.csv", ":START_ID,:END_ID,:TYPE\na,b,E\nb,c,E\n")
        try scratch.cairn("import", "n.csv", "e.csv", "--db", "g.cairn")
        // The node named x has the id 2.
        try scratch.file("p.csv", "1,1\n2,1\n3,1\n")
        let twice = try scratch.failing(
            1, "run", "partition-quality", "g.cairn", "--key", "name", "community=p.csv")
        #expect(twice.errors.contains("p.csv:2: More than one node is named '2'"))
        let ids = try summary(["partition-quality", "g.cairn", "community=p.csv"], scratch)
        #expect(ids["communities"] as? Int == 1)
    }

    @Test func `places that lie in a database lead to the same costs, and wrong ones are told`()
        throws
    {
        let scratch = try Scratch()
        var nodes = "id:ID,x:double,y:int,lon:double,word,half:double,:LABEL\n"
        var edges = ":START_ID,:END_ID,cost:double,:TYPE\n"
        for node in 0..<64 {
            let (row, column) = (node / 8, node % 8)
            let half = node % 2 == 0 ? "1" : ""
            nodes += "n\(node),\(Double(column) / 2),\(row),\(column),w\(node),\(half),Spot\n"
            // Never cheaper than the way through the air.
            if column < 7 { edges += "n\(node),n\(node + 1),\(1 + node * 7 % 5),WAY\n" }
            if row < 7 { edges += "n\(node),n\(node + 8),\(1 + node * 3 % 4),WAY\n" }
        }
        nodes += "far,,,,,,Void\n"
        try scratch.file("n.csv", nodes)
        try scratch.file("e.csv", edges)
        try scratch.cairn("import", "n.csv", "e.csv", "--db", "g.cairn")
        let graph = [
            "g.cairn", "--labels", "Spot", "--weight", "cost", "--undirected",
            "pairs=n0:n63,n7:n56,n9:n9",
        ]
        func costs(_ words: [String]) throws -> [String] {
            try scratch.cairn(["run"] + words + graph + ["--format", "csv"]).output
                .split(separator: "\n").map { $0.split(separator: ",")[2].description }
        }
        let expected = try costs(["shortest-path"])
        #expect(expected.count == 4)
        for shape in ["plane", "sphere", "none"] {
            #expect(try costs(["astar", "places=\(shape)"]) == expected, "\(shape)")
        }

        // Places of a node that has none, of other names, of texts, and of a file.
        func failure(_ code: Int32, _ words: [String]) throws -> String {
            let outcome = try scratch.failing(code, ["run", "astar"] + words)
            #expect(outcome.output.isEmpty)
            return outcome.errors
        }
        let all = ["g.cairn", "pairs=n0:n63", "places=plane"]
        let one = try failure(64, all)
        #expect(one.contains("1 of 65 nodes have no 'x', among them node "), "\(one)")
        try scratch.file("m.csv", "id:ID,lon,lat,:LABEL\na,1,2,T\nb,2,3,T\n")
        try scratch.file("f.csv", ":START_ID,:END_ID,:TYPE\na,b,E\n")
        try scratch.cairn("import", "m.csv", "f.csv", "--db", "m.cairn")
        let none = try failure(64, ["m.cairn", "pairs=a:b", "places=sphere"])
        #expect(none.contains("the nodes have no 'x'. Give every node"), "\(none)")
        try scratch.file("t.csv", "id:ID,x,y,:LABEL\na,here,2,T\nb,there,3,T\n")
        try scratch.cairn("import", "t.csv", "f.csv", "--db", "t.cairn")
        let text = try failure(64, ["t.cairn", "pairs=a:b", "places=plane"])
        #expect(text.contains("'x' does not hold numbers"), "\(text)")
        try scratch.file("e.tsv", "a\tb\n")
        let file = try failure(64, ["e.tsv", "pairs=a:b", "places=plane"])
        #expect(file.contains("the nodes have no 'x'"), "\(file)")
        #expect(try failure(64, all.dropLast() + ["places=disc"]).contains("plane, sphere"))
    }

    @Test func `a landmark index leads to the same costs, of its own graph alone`() throws {
        let scratch = try Scratch()
        var text = ""
        for row in 0..<20 {
            for column in 0..<20 {
                let node = row * 20 + column
                if column < 19 { text += "\(node),\(node + 1),\(1 + node * 7 % 5)\n" }
                if row < 19 { text += "\(node),\(node + 20),\(1 + node * 3 % 4)\n" }
            }
        }
        try scratch.file("grid.csv", text)
        let graph = ["grid.csv", "--weighted", "--undirected"]
        let kept = try scratch.cairn(
            ["run", "landmarks"] + graph + ["count=4", "-o", "grid.landmarks", "--json"]
        ).object()
        #expect(kept["output"] as? String == "grid.landmarks")
        let size =
            try FileManager.default.attributesOfItem(
                atPath: scratch.path + "/grid.landmarks")[.size] as? Int
        #expect((kept["result_summary"] as? [String: Any])?["index_bytes"] as? Int == size)
        let pairs = "pairs=0:399,19:380,210:5,7:7"
        func costs(_ words: [String]) throws -> [String] {
            try scratch.cairn(["run"] + words + graph + [pairs, "--format", "csv"]).output
                .split(separator: "\n").map { $0.split(separator: ",")[2].description }
        }
        let expected = try costs(["shortest-path"])
        #expect(try costs(["shortest-path", "index=grid.landmarks"]) == expected)
        #expect(try costs(["astar", "index=grid.landmarks"]) == expected)

        // Another graph, the same without weights, cut off, changed, and no index at all.
        let path = scratch.path + "/grid.landmarks"
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        var changed = whole
        changed[100] ^= 1
        try changed.write(to: URL(fileURLWithPath: scratch.path + "/changed"))
        try whole.dropLast(9).write(to: URL(fileURLWithPath: scratch.path + "/cut"))
        try scratch.file("empty", "")
        try scratch.file("other.csv", text + "0,399,1\n")
        let wrong: [(Int32, [String], String)] = [
            (
                64, ["other.csv", "--weighted", "--undirected", "index=grid.landmarks"],
                "another graph"
            ),
            (64, ["grid.csv", "--undirected", "index=grid.landmarks"], "another graph"),
            (64, ["grid.csv", "--weighted", "index=grid.landmarks"], "another graph"),
            (1, graph + ["index=changed"], "damaged"), (1, graph + ["index=cut"], "damaged"),
            (1, graph + ["index=empty"], "damaged"), (1, graph + ["index=grid.csv"], "damaged"),
            (1, graph + ["index=nothing"], "Cannot read 'nothing'"),
            (1, graph + ["index=."], "Cannot read '.'"),
        ]
        for (code, words, message) in wrong {
            let outcome = try scratch.failing(code, ["run", "shortest-path", pairs] + words)
            #expect(outcome.errors.contains(message), "\(words): \(outcome.errors)")
            #expect(outcome.output.isEmpty)
        }
    }
}
