import GraphFormats
import PropertyGraph
import Synchronization
import Testing

@Suite struct `Reading edge lists` {
    /// The edges of a graph as (source id, target id, weight), sorted.
    private func edges(_ graph: CSRGraph) -> [String] {
        var found: [String] = []
        for node in 0..<UInt32(graph.nodeCount) {
            for arc in graph.outgoing.range(of: node) {
                let weight = graph.outgoing.weights.map { " \($0[arc])" } ?? ""
                found.append(
                    "\(graph.id(of: node)) \(graph.id(of: graph.outgoing.targets[arc]))\(weight)")
            }
        }
        return found
    }

    private func problem(_ text: String, _ options: EdgeListOptions = EdgeListOptions()) -> String {
        do {
            _ = try EdgeListReader(options: options).load(source(text, name: "g.el"))
            return "no error"
        } catch { return "\(error)" }
    }

    @Test(arguments: [
        "1 2\n2 3\n1 3\n", "1\t2\n2\t3\n1\t3", "1,2\r\n2,3\r\n1,3\r\n",
        "# a\n% b\n\n 1  2 \n2 3\n1 3\n",
        "source,target\n1,2\n2,3\n1,3\n", "1;2\n2;3\n1;3\n", "1|2\n2|3\n1|3\n",
        "# FromNodeId\tToNodeId\n1\t2\n2\t3\n1\t3\n", "id_a,id_b\n1,2\n2, 3\n1,3\n",
    ])
    func `separators, comments, headers and line ends do not change the graph`(text: String) throws
    {
        let graph = try EdgeListReader().load(source(text)).graph
        #expect(edges(graph) == ["1 2", "1 3", "2 3"])
        #expect(graph.nodeCount == 3)
        #expect(!graph.isWeighted)
    }

    @Test func `a third column of numbers is the weight`() throws {
        let text = "0 1 0.5\n1 2 1e-3\n2 0 -7\n"
        let graph = try EdgeListReader().load(source(text)).graph
        #expect(edges(graph) == ["0 1 0.5", "1 2 0.001", "2 0 -7.0"])
        var options = EdgeListOptions()
        options.weights = .ignored
        #expect(try !EdgeListReader(options: options).load(source(text)).graph.isWeighted)
    }

    @Test func `numbers that no line names are no nodes unless asked for`() throws {
        #expect(try EdgeListReader().load(source("5 7\n")).graph.nodeCount == 2)
        var options = EdgeListOptions()
        options.gaps = .kept
        #expect(try EdgeListReader(options: options).load(source("5 7\n")).graph.nodeCount == 8)
    }

    @Test func `sparse numbers up to 64 bits keep their identity`() throws {
        let text = "18446744073709551615 1\n1 9000000000\n9000000000 18446744073709551615\n"
        let graph = try EdgeListReader().load(source(text)).graph
        #expect(graph.nodeCount == 3)
        #expect(
            edges(graph) == [
                "1 9000000000", "9000000000 18446744073709551615", "18446744073709551615 1",
            ])
        #expect(
            problem("1 18446744073709551616\n")
                == "g.el:1:3: The node number is above 2^64 − 1; read the ids as names.")
    }

    @Test func `names are told apart by their bytes and keep the order of the file`() throws {
        // The two spellings of é are equal for Swift's `String ==`, and two nodes here.
        let outcome = try EdgeListReader().load(source("b\te\u{301}\nb\t\u{e9}\nnew york\tb\n"))
        #expect(outcome.graph.nodeCount == 4)
        #expect(outcome.name(of: 0).utf8.elementsEqual("b".utf8))
        #expect(outcome.name(of: 1).utf8.elementsEqual("e\u{301}".utf8))
        #expect(outcome.name(of: 2).utf8.elementsEqual("\u{e9}".utf8))
        #expect(outcome.name(of: 3).utf8.elementsEqual("new york".utf8))
        #expect(edges(outcome.graph) == ["0 1", "0 2", "3 0"])
    }

    @Test func `an undirected edge stands in the rows of both ends`() throws {
        let graph = try EdgeListReader(isDirected: false).load(source("1 2\n2 2\n")).graph
        #expect(graph.edgeCount == 2)
        #expect(edges(graph) == ["1 2", "2 1", "2 2"])
    }

    @Test func `a file of nodes adds isolated ones and refuses strangers`() throws {
        let graph = try EdgeListReader().load(source("1 2\n"), nodes: source("1\n2\n9\n")).graph
        #expect(graph.nodeCount == 3)
        #expect(throws: FormatError.self) {
            try EdgeListReader().load(source("1 2\n1 3\n", name: "e"), nodes: source("1\n2\n"))
        }
        do {
            _ = try EdgeListReader().load(source("1 2\n1 3\n", name: "e"), nodes: source("1\n2\n"))
        } catch let error as FormatError {
            #expect(error.code == .danglingEdge && error.line == 2 && error.column == 3)
        }
        let named = try EdgeListReader(onError: .skip)
            .load(source("a b\nb c\n", name: "e"), nodes: source("a\nb\nz\n"))
        #expect(named.graph.nodeCount == 3 && named.graph.edgeCount == 1)
        #expect(named.problems.first.first?.line == 2)
    }

    @Test(arguments: ["a b\n", "1 2\n", "new york\tb\n", "1 a\n"], ["", "\n", "# none\n"])
    func `beside a file of no nodes every edge is told to name one that is missing`(
        edges: String, nodes: String
    ) throws {
        for adjacency in [false, true] {
            var options = EdgeListOptions()
            options.row = adjacency ? .adjacency : .edge
            let reader = EdgeListReader(options: options)
            let failure = #expect(throws: FormatError.self) {
                try reader.load(source(edges, name: "e"), nodes: source(nodes))
            }
            #expect(failure?.code == .danglingEdge && failure?.line == 1)
            #expect(failure?.message.contains("but the file of nodes is empty; ") == true)
        }
        let none = try EdgeListReader().load(source("# no edge\n"), nodes: source(nodes))
        #expect(none.graph.nodeCount == 0 && none.graph.edgeCount == 0)
        let skipped = try EdgeListReader(onError: .skip)
            .load(source(edges), nodes: source(nodes))
        #expect(skipped.graph.nodeCount == 0 && skipped.problems.count >= 1)
    }

    @Test func `beside a file of numbers a name is a node that is missing`() throws {
        let failure = #expect(throws: FormatError.self) {
            try EdgeListReader().load(source("1 2\n2 Rome\n", name: "e"), nodes: source("1\n2\n"))
        }
        #expect(failure?.code == .danglingEdge && failure?.line == 2)
        #expect(failure?.message.contains("names node 'Rome', which the file of nodes") == true)
    }

    @Test func `the adjacency form lists a node and its neighbours`() throws {
        var options = EdgeListOptions()
        options.row = .adjacency
        let directed = try EdgeListReader(options: options).load(source("1 2 3\n4\n2 3\n")).graph
        #expect(edges(directed) == ["1 2", "1 3", "2 3"] && directed.nodeCount == 4)
        let both = try EdgeListReader(isDirected: false, options: options)
            .load(source("1 2 3\n2 1\n3 1\n")).graph
        #expect(both.edgeCount == 2)
    }

    @Test func `errors name file, line and column and how to mend`() {
        #expect(problem("1 2\n3\n").hasPrefix("g.el:2:2: The line ends before the target; "))
        var options = EdgeListOptions()
        options.identity = .integers
        #expect(
            problem("# c\n1 2\nx 4\n", options).hasPrefix("g.el:3:1: 'x' is not a node number;"))
        #expect(
            problem("1 2 0.5\n1 3 heavy\n").hasPrefix("g.el:2:5: 'heavy' is not a finite weight;"))
        #expect(
            problem("1 2 0.5\n1 3 1e999\n").hasPrefix("g.el:2:5: '1e999' is not a finite weight;"))
        #expect(problem("1 2 0.5\n1 3\n").hasPrefix("g.el:2:4: The line ends before the weight;"))
        #expect(
            problem("%%MatrixMarket matrix\n3 3 1\n1 2\n").hasPrefix(
                "g.el:1: The first line is '%%MatrixMarket"))
        #expect(throws: FormatError.self) { try EdgeListReader().load(path: "/no/such/file.el") }
    }

    @Test func `skipping counts the problems and a report holds one line for each`() throws {
        let folder = try TemporaryFolder()
        let report = "\(folder.path)/report.txt"
        let path = try folder.write("g.el", "1 2\nx y z\n2 3\n\u{7}\n")
        var options = EdgeListOptions()
        options.identity = .integers
        let outcome = try EdgeListReader(onError: .report(path: report), options: options)
            .load(path: path)
        #expect(outcome.graph.edgeCount == 2 && outcome.problems.count == 2)
        let lines = String(decoding: try #require(contents(report)), as: UTF8.self)
            .split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first?.hasPrefix("\(path):2:1: 'x' is not a node number; ") == true)
    }

    @Test(arguments: [1, 2, 3, 5])
    func `many blocks give the same graph and true line numbers on any number of threads`(
        threads: Int
    ) throws {
        var generator = SeededGenerator(seed: 7)
        var text = ""
        for _ in 0..<3_000 {
            text +=
                "\(UInt32.random(in: 0..<5_000, using: &generator)) \(UInt32.random(in: 0..<5_000, using: &generator))\n"
        }
        text += "oops\n"
        var options = EdgeListOptions()
        options.threads = threads
        options.limits.blockBytes = 512
        let outcome = try EdgeListReader(onError: .skip, options: options).load(source(text))
        #expect(outcome.graph.edgeCount == 3_000)
        #expect(outcome.problems.first.first?.line == 3_001)
        #expect(outcome.lines == 3_001)
    }

    @Test func `a line of a gigabyte is refused without holding it`() throws {
        var made = 0
        let endless = ByteSource(name: "huge") { wanted in
            made += wanted
            return made > 1 << 30 ? [] : [UInt8](repeating: 0x31, count: wanted)
        }
        var options = EdgeListOptions()
        options.limits.maximumLineBytes = 1 << 18
        options.limits.blockBytes = 1 << 16
        do {
            _ = try EdgeListReader(options: options).load(endless)
            Issue.record("accepted")
        } catch let error as FormatError {
            #expect(error.code == .limitExceeded && error.line == 1)
        }
        #expect(made < 1 << 20, "the rest was never read")
    }

    @Test func `cancelling in the middle stops`() {
        let endless = ByteSource(name: "endless") { wanted in
            Array(String(repeating: "1 2\n", count: wanted / 4).utf8)
        }
        let questions = Atomic(0)
        let hooks = FormatHooks(isCancelled: {
            questions.wrappingAdd(1, ordering: .relaxed).newValue > 9
        })
        let failure = #expect(throws: FormatError.self) {
            try EdgeListReader().load(endless, hooks: hooks)
        }
        #expect(failure?.code == .cancelled)
    }
}
