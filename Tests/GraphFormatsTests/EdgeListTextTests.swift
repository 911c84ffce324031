import GraphFormats
import PropertyGraph
import Testing

/// What stands in an edge list beside its edges: marks, headers, quotes, and columns of nodes.
@Suite struct `Marks, headers and quotes of edge lists` {
    /// The edges of a list as the names of their ends, sorted.
    private func edges(
        _ text: String, nodes: String? = nil, _ options: EdgeListOptions = EdgeListOptions()
    ) throws -> [String] {
        let outcome = try EdgeListReader(options: options)
            .load(source(text), nodes: nodes.map { source($0) })
        let graph = outcome.graph
        var found: [String] = []
        for node in 0..<UInt32(graph.nodeCount) {
            for arc in graph.outgoing.range(of: node) {
                let target = graph.outgoing.targets[arc]
                found.append("\(outcome.name(of: node)) > \(outcome.name(of: target))")
            }
        }
        return found.sorted()
    }

    private func problem(_ text: String) -> FormatError? {
        do {
            _ = try EdgeListReader().load(source(text, name: "g.csv"))
            return nil
        } catch { return error as? FormatError }
    }

    /// The mark was read as part of the first number, which then was a name and the line a header.
    @Test func `a byte order mark is no part of the first line`() throws {
        let mark = "\u{FEFF}"
        #expect(try edges(mark + "1,2\n2,1\n1,3\n") == ["1 > 2", "1 > 3", "2 > 1"])
        #expect(try edges(mark + "a\tb\nb\ta\n") == ["a > b", "b > a"])
        #expect(try edges(mark + "# from\tto\n1\t2\n") == ["1 > 2"])
        #expect(try edges(mark + "1 2\n", nodes: mark + "1\n2\n3\n") == ["1 > 2"])
        #expect(try edges(mark + "source,target\na,b\n") == ["a > b"])
        #expect(try edges(mark).isEmpty)
        let matrix = "%%MatrixMarket matrix coordinate pattern general\n2 2 1\n1 2\n"
        #expect(try edges(mark + matrix) == ["1 > 2"])
        let early = problem(mark + "\"a,b\n")
        #expect(early?.line == 1 && early?.column == 1)
        let late = problem(mark + "a,b\nc\n")
        #expect(late?.line == 2 && late?.column == 2)
        // Only the first three bytes of the stream are one.
        #expect(try edges("a b\n" + mark + "a b\n").count == 2)
    }

    @Test func `an import leaves the mark out of every format`() throws {
        let folder = try TemporaryFolder()
        let texts = [
            ("g.el", "1 2\n2 3\n"), ("g.csv", "1,2\n2,3\n"),
            ("g.mtx", "%%MatrixMarket matrix coordinate pattern general\n3 3 2\n1 2\n2 3\n"),
            (
                "g.jsonl",
                """
                {"type":"node","id":"1","labels":["A"],"properties":{}}
                {"type":"node","id":"2","labels":["A"],"properties":{}}
                {"type":"node","id":"3","labels":["A"],"properties":{}}

                """
            ),
        ]
        for (name, text) in texts {
            let path = try folder.write(name, "\u{FEFF}" + text)
            let summary = try GraphImporter().dryRun([path])
            #expect(summary.nodes == 3, "\(name)")
        }
    }

    /// A name that comes first in a list of numbers was lost as a header, with its edge.
    @Test(arguments: [
        ("root\t1\n1\t2\n2\t3\n", false), ("1\troot\n1\t2\n", false), ("a,b,7\n1,2,3\n", false),
        ("root\ttip\n1\t2\n2\t3\n", true), ("id_a,id_b,w\n1,2,x\n", true),
        ("\"id_a\",\"id_b\"\n\"1\",\"2\"\n", true), ("root\ttip\n1\t2\nx\t3\n", false),
        ("root\ttip\n", false), ("Source,Target\na,b\n", true), ("SRC dst w\na b c\n", true),
        ("from;to\na;b\n", true), ("u|v\na|b\n", true), ("start,end\na,b\n", true),
        ("head,tail\na,b\n", true), ("node1,node2\na,b\n", true), ("source,2020\na,b\n", false),
        ("source,target,2020\na,b,c\n", false), ("target,source\na,b\n", false),
    ])
    func `a first line without numbers is a header before numbers, or with a usual pair`(
        text: String, isHeader: Bool
    ) throws {
        let lines = text.split(separator: "\n").count
        var options = EdgeListOptions()
        options.weights = .ignored
        let outcome = try EdgeListReader(options: options).load(source(text, name: "g"))
        #expect(outcome.graph.edgeCount == lines - (isHeader ? 1 : 0))
        #expect(outcome.notes.count == (isHeader ? 1 : 0))
        for note in outcome.notes {
            #expect(note.hasPrefix("g: The first line, '"))
            #expect(note.hasSuffix("', was taken for a header; with --no-header it is an edge."))
        }
        // Told, nothing is found out, and nothing need be said.
        for hasHeader in [false, true] {
            options.hasHeader = hasHeader
            let told = try EdgeListReader(options: options).load(source(text))
            #expect(told.graph.edgeCount == lines - (hasHeader ? 1 : 0))
            #expect(told.notes.isEmpty)
        }
    }

    /// A name in quotes ended at the first separator, and the rest of it was the other end.
    @Test func `a name in quotes holds separators and doubled quotes`() throws {
        #expect(try edges("a,b\n\"c, d\",b\n") == ["a > b", "c, d > b"])
        #expect(try edges("\"x \"\"y\"\", z\" ; \"a;b\"\n") == ["x \"y\", z > a;b"])
        #expect(try edges("\"a, b\"|c\n\"d|e\"|\"f\" |9\n") == ["a, b > c", "d|e > f"])
        #expect(try edges("a,\"b, c\",2.5\n") == ["a > b, c"])
        #expect(try edges("\"c, d\",b\n", nodes: "node,rank\n\"c, d\",0.5\nb,1\n") == ["c, d > b"])
        // Elsewhere a quote is a character, and between tabs and blanks it holds nothing.
        #expect(try edges("mid\"q,5\"\na,b\n") == ["a > b", "mid\"q > 5\""])
        #expect(try edges("\"c d\"\t\"e\nx\ty\n") == ["c d > \"e", "x > y"])
        #expect(try edges("\"c d\"\n") == ["\"c > d\""])
        var options = EdgeListOptions()
        options.row = .adjacency
        #expect(try edges("a,\"b, c\",d\n", options) == ["a > b, c", "a > d"])
    }

    @Test func `a quote that is not closed, or closed too early, is told with its place`() {
        let open = problem("a,b\nx, \"c,b\ny,z\n")
        #expect(open?.code == .malformed && open?.line == 2 && open?.column == 4)
        #expect(open?.message.contains("is not closed on its line") == true)
        let early = problem("a,b\nx,\"c\" d\n")
        #expect(early?.code == .malformed && early?.line == 2 && early?.column == 7)
        #expect(early?.message.contains("text after the closing quote") == true)
        let doubled = problem("a,b\n\"c\"\",b\n")
        #expect(doubled?.line == 2 && doubled?.column == 1)
        let empty = problem("a,b\n\"\",b\n")
        #expect(empty?.message.contains("A node name is missing") == true)
    }

    @Test func `columns of numbers in the file of nodes become columns of the graph`() throws {
        var reader = EdgeListReader()
        reader.nodeColumns = ["x", "y", "z"]
        let files = [
            "id,x,y\n1,0.5,2\n2,,3\n3,1e1,4\n",
            "id\tname\ty\tx\n1\tA\t2\t0.5\n2\t\t3\t\n3\tC\t4\t10\n",
            "node;\"x\";y\n1 ; 0.5 ;2\n2;;3\n3;10;\"4\"\n",
        ]
        for nodes in files {
            let outcome = try reader.load(source("1 2\n"), nodes: source(nodes, name: "n"))
            let graph = outcome.graph
            #expect(graph.nodeCount == 3 && graph.edgeCount == 1, "\(nodes)")
            let x = try #require(graph.nodeColumns["x"])
            let y = try #require(graph.nodeColumns["y"])
            #expect(graph.nodeColumns["z"] == nil && graph.nodeColumns["name"] == nil)
            #expect((0..<3).map { x.isPresent($0) } == [true, false, true])
            guard case .doubles(let first) = x.values, case .doubles(let second) = y.values else {
                Issue.record("no doubles")
                continue
            }
            #expect(first[0] == 0.5 && first[2] == 10)
            #expect((0..<3).map { second[$0] } == [2, 3, 4])
            #expect(outcome.notes.count == 1)
        }
        let named = try reader.load(source("b a\n"), nodes: source("id,x\na,1\nb,2\n")).graph
        guard case .doubles(let values)? = named.nodeColumns["x"]?.values else {
            Issue.record("no doubles")
            return
        }
        #expect(values[0] == 1 && values[1] == 2)
    }

    @Test func `a value that is no number, and a node that stands twice, are told`() {
        func failure(_ nodes: String) -> FormatError? {
            var reader = EdgeListReader()
            reader.nodeColumns = ["x"]
            return #expect(throws: FormatError.self) {
                try reader.load(source("1 2\n"), nodes: source(nodes, name: "n"))
            }
        }
        let text = failure("id,name,x\n1,A,2\n2,B,here\n")
        #expect(text?.code == .badValue && text?.line == 3 && text?.column == 5)
        let twice = failure("# nodes\nid,x\n1,2\n2,3\n1,4\n")
        #expect(twice?.code == .duplicateKey && twice?.line == 5)
        #expect(twice?.message.contains("stands on line 3 already") == true)
    }

    @Test func `a lone column of names has no header, and one of numbers only by its name`() throws
    {
        let lone = try EdgeListReader().load(source("id a\n"), nodes: source("id\na\n"))
        #expect(lone.graph.nodeCount == 2 && lone.notes.isEmpty)
        let root = try EdgeListReader().load(source("root 1\n"), nodes: source("root\n1\n2\n"))
        #expect(root.graph.nodeCount == 3 && root.notes.isEmpty)
        let ids = try EdgeListReader().load(source("1 2\n"), nodes: source("id\n1\n2\n"))
        #expect(ids.graph.nodeCount == 2 && ids.notes.count == 1)
    }
}
