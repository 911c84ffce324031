import GraphFormats
import GraphStore
import PropertyGraph
import Testing

/// Files of other tools, and of hands.
private func load(
    _ text: String, _ name: String, _ options: ImportOptions = ImportOptions()
) throws -> (graph: ModelGraph, summary: ImportSummary) {
    let folder = try TemporaryFolder()
    let database = try GraphDatabase.temporary()
    let path = try folder.write(name, text)
    let summary = try GraphImporter(options: options).run([path], into: database)
    return (try ModelGraph(of: database), summary)
}

/// What is wrong with a file, without the folder in front.
private func problem(_ text: String, _ name: String) -> String {
    do {
        _ = try load(text, name)
        return "no problem"
    } catch {
        let words = "\(error)"
        return words.split(separator: "/", omittingEmptySubsequences: false).dropFirst(3)
            .joined(separator: "/")
    }
}

@Suite struct `GraphML` {
    @Test func `as networkx writes it has typed properties and defaults`() throws {
        let (graph, summary) = try load(
            """
            <?xml version='1.0' encoding='utf-8'?>
            <graphml xmlns="http://graphml.graphdrawing.org/xmlns">
              <key id="d0" for="node" attr.name="age" attr.type="long"><default>7</default></key>
              <key id="d1" for="node" attr.name="ok" attr.type="boolean" />
              <key id="d2" for="edge" attr.name="weight" attr.type="double" />
              <graph edgedefault="undirected">
                <node id="a"><data key="d0">3</data><data key="d1">True</data></node>
                <edge source="a" target="b"><data key="d2">0.5</data></edge>
                <node id="b" />
              </graph>
            </graphml>
            """, "g.graphml")
        #expect(
            graph.nodes.map(\.properties) == [["age": 3, "ok": true], ["age": 7]])
        #expect(graph.edges.first?.type == "EDGE" && graph.edges.count == 1)
        #expect(graph.edges.first?.properties == ["weight": 0.5])
        #expect(summary.notes.contains { $0.hasSuffix("kept as edges from source to target.") })
    }

    @Test func `as Neo4j writes it has labels and types`() throws {
        let (graph, _) = try load(
            """
            <graphml xmlns="http://graphml.graphdrawing.org/xmlns">
            <key id="labels" for="node" attr.name="labels"/>
            <key id="label" for="edge" attr.name="label"/>
            <key id="tags" for="node" attr.name="tags" attr.type="string" attr.list="string"/>
            <graph id="G" edgedefault="directed">
            <node id="n0" labels=":Person:Author"><data key="labels">:Person:Author</data>
            <data key="tags">["a","b"]</data></node>
            <edge id="e0" source="n0" target="n0" label="KNOWS"><data key="label">KNOWS</data></edge>
            </graph></graphml>
            """, "g.graphml")
        #expect(graph.nodes.first?.labels == ["Author", "Person"])
        #expect(graph.nodes.first?.properties == ["tags": .list(["a", "b"])])
        #expect(graph.edges.first?.type == "KNOWS" && graph.edges.first?.properties == [:])
    }

    @Test func `that cannot be imported says where and how to mend it`() {
        func inGraph(_ text: String) -> String {
            problem("<graphml><graph>\n  \(text)</graph></graphml>", "g.graphml")
        }
        #expect(inGraph("<hyperedge/>").hasPrefix("g.graphml:2:3: Hyperedges"))
        #expect(inGraph("<node id='a'><graph/></node>").hasPrefix("g.graphml:2:16: A graph within"))
        #expect(inGraph("<node/>").hasPrefix("g.graphml:2:3: A node needs an id"))
        #expect(inGraph("<edge source='a' target='b'/>").hasPrefix("g.graphml:2: The edge names"))
        #expect(inGraph("<node id='a'></edge>").hasPrefix("g.graphml:2:18: This is no XML"))
        #expect(
            problem("<!DOCTYPE g [<!ENTITY a 'b'>]><graphml>&a;</graphml>", "g.graphml")
                .contains("declares an entity, which is refused"))
        #expect(problem("<html/>", "g.graphml").hasPrefix("g.graphml:1:1: The root is <html>"))
        let deep = String(repeating: "<a>", count: 100)
        #expect(problem("<graphml>\(deep)", "g.graphml").contains("deeper than the limit of 64"))
    }
}

@Suite struct `GEXF` {
    @Test func `as Gephi writes it has weights, lists and kinds; time and colours are left out`()
        throws
    {
        let (graph, summary) = try load(
            """
            <gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">
            <graph defaultedgetype="directed" mode="dynamic">
            <attributes class="node"><attribute id="0" title="tags" type="liststring"/>
            <attribute id="1" title="n" type="integer"><default>4</default></attribute></attributes>
            <nodes><node id="1" label="One" start="2001"><attvalues>
            <attvalue for="0" value="[a, b]"/></attvalues><viz:size value="3"/></node>
            <node id="2"/></nodes>
            <edges><edge id="0" source="1" target="2" weight="2.5" kind="KNOWS"/></edges>
            </graph></gexf>
            """, "g.gexf")
        #expect(
            graph.nodes.map(\.properties) == [
                ["label": "One", "tags": .list(["a", "b"]), "n": 4], ["n": 4],
            ])
        #expect(graph.edges.first?.type == "KNOWS")
        #expect(graph.edges.first?.properties == ["weight": 2.5])
        #expect(summary.notes.count == 2)
    }

    @Test func `with nodes in nodes is refused`() {
        #expect(
            problem(
                "<gexf><graph><nodes><node id='1'><nodes/></node></nodes></graph></gexf>", "g.gexf"
            ).hasPrefix("g.gexf:1:34: Nodes within a node"))
    }
}

@Suite struct `A matrix` {
    private static let symmetric =
        "%%MatrixMarket matrix coordinate integer symmetric\n% by hand\n4 4 3\n2 1 5\n3 3 1\n4 1 2\n"

    @Test func `has a node for each row and the entries that symmetry leaves out`() throws {
        let (graph, _) = try load(Self.symmetric, "m.mtx")
        #expect(graph.nodes.map { $0.properties["id"] } == [1, 2, 3, 4])
        #expect(
            graph.edges.map { [$0.source, $0.target] } == [
                [1, 0], [0, 1], [2, 2], [3, 0], [0, 3],
            ])
        #expect(graph.edges.map { $0.properties["weight"] } == [5, 5, 1, 2, 2])
        let skew = "%%MatrixMarket matrix coordinate real skew-symmetric\n2 2 1\n2 1 0.5\n"
        #expect(try load(skew, "m.mtx").graph.edges.map { $0.properties["weight"] } == [0.5, -0.5])
    }

    @Test func `is read straight into memory as well`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("m.mtx", Self.symmetric)
        let directed = try EdgeListReader(isDirected: true).load(path: path).graph
        #expect(directed.nodeCount == 4 && directed.edgeCount == 5 && directed.isWeighted)
        #expect(directed.id(of: 0) == 1)
        let undirected = try EdgeListReader(isDirected: false).load(path: path).graph
        #expect(undirected.nodeCount == 4 && undirected.edgeCount == 3)
        var options = EdgeListOptions()
        options.weights = .required
        let pattern = try folder.write(
            "p.mtx", "%%MatrixMarket matrix coordinate pattern general\n2 2 1\n1 2\n")
        #expect(throws: FormatError.self) {
            try EdgeListReader(options: options).load(path: pattern)
        }
    }

    @Test func `that cannot be imported says where and how to mend it`() {
        func matrix(_ kind: String, _ rest: String) -> String {
            problem("%%MatrixMarket matrix \(kind)\n\(rest)", "m.mtx")
        }
        #expect(matrix("array real general", "2 2\n1\n").hasPrefix("m.mtx:1: A 'array' matrix"))
        #expect(matrix("coordinate complex general", "").contains("field 'complex'"))
        #expect(matrix("coordinate real hermitian", "").contains("'hermitian' is no symmetry"))
        #expect(
            matrix("coordinate real general", "2 3 1\n1 1 1\n").hasPrefix("m.mtx:2:1: The matrix"))
        #expect(
            matrix("coordinate real general", "2 2 1\n3 1 1\n")
                .hasPrefix("m.mtx:3:1: 3 is outside the matrix"))
        #expect(matrix("coordinate real general", "2 2 1\n0 1 1\n").contains("0 is outside"))
        #expect(
            matrix("coordinate real general", "2 2 2\n1 1 1\n").contains("promises 2 entries"))
    }

    @Test func `of an export has a row for each node`() throws {
        let folder = try TemporaryFolder()
        let database = try GraphDatabase.temporary()
        try ModelGraph(seed: 5, nodeCount: 9, edgeCount: 20).store(in: database)
        var options = ExportOptions()
        options.format = .matrixMarket
        let path = "\(folder.path)/m.mtx"
        try GraphExporter(options: options).run(database, to: path)
        let graph = try EdgeListReader().load(path: path).graph
        #expect(graph.nodeCount == 9 && graph.edgeCount == 20)
    }
}

@Suite struct `RDF` {
    private static let turtle = """
        @prefix foaf: <http://xmlns.com/foaf/0.1/> .
        @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        @base <http://e.org/> .
        <ada> a foaf:Person ; foaf:name "Ada"@en, "Ada L." ; foaf:age 36 ;
            foaf:knows <bob>, [ foaf:nick "x", "y" ] .
        <bob> foaf:born "1815-12-10"^^xsd:date .
        [] a rdf:Statement ; rdf:subject <ada> ; rdf:predicate foaf:knows ; rdf:object <bob> ;
            foaf:since 1833 .
        <ada> foaf:height 1.7 .

        """

    @Test func `is nodes by IRI, labels, properties by language and edges with their statements`()
        throws
    {
        let (graph, _) = try load(Self.turtle, "g.ttl")
        #expect(graph.nodes.map(\.labels) == [["Person"], [], []])
        #expect(
            graph.nodes.map(\.properties) == [
                [
                    "iri": "http://e.org/ada", "name@en": "Ada", "name": "Ada L.", "age": 36,
                    "height": 1.7,
                ],
                [
                    "iri": "http://e.org/bob",
                    "born": .date(try #require(CalendarDate(iso: "1815-12-10"))),
                ],
                ["nick": .list(["x", "y"])],
            ])
        #expect(graph.edges.map(\.type) == ["knows", "knows"])
        #expect(graph.edges.map { [$0.source, $0.target] } == [[0, 2], [0, 1]])
        #expect(graph.edges.map(\.properties) == [[:], ["since": 1833]])
    }

    @Test func `keeps whole IRIs as names if asked to, and gives them back`() throws {
        let folder = try TemporaryFolder()
        var importing = ImportOptions()
        importing.rdf.names = .full
        let database = try GraphDatabase.temporary()
        try GraphImporter(options: importing).run(
            [try folder.write("g.ttl", Self.turtle)], into: database)
        var exporting = ExportOptions()
        exporting.format = .nTriples
        exporting.rdf = importing.rdf
        let path = "\(folder.path)/out.nt"
        try GraphExporter(options: exporting).run(database, to: path)
        let lines = String(decoding: contents(path) ?? [], as: UTF8.self).split(separator: "\n")
        #expect(
            lines.contains("<http://e.org/ada> <http://xmlns.com/foaf/0.1/name> \"Ada\"@en ."))
        #expect(
            lines.contains(
                "<http://e.org/ada> <http://xmlns.com/foaf/0.1/knows> <http://e.org/bob> ."))
    }

    @Test func `files add to the same nodes, and merge with those that are there`() throws {
        let folder = try TemporaryFolder()
        let first = try folder.write("a.nt", "<http://a> <http://v/p> \"1\" .\n")
        let second = try folder.write(
            "b.nt", "<http://b> <http://v/knows> <http://a> .\n<http://a> <http://v/q> \"2\" .\n")
        let database = try GraphDatabase.temporary()
        var options = ImportOptions()
        options.mergeKey = RDFOptions.iriKey
        for _ in 0..<2 {
            try GraphImporter(options: options).run([first, second], into: database)
        }
        let graph = try ModelGraph(of: database)
        #expect(
            graph.nodes.map(\.properties) == [
                ["iri": "http://a", "p": "1", "q": "2"], ["iri": "http://b"],
            ])
        #expect(graph.edges.count == 1)
    }

    @Test func `that cannot be read says where, and the rest is kept when asked`() throws {
        let text = """
            <http://a> <http://p> "1" .
            <http://a> <b> "2" .
            <http://a> <http://q> "x"^^<http://www.w3.org/2001/XMLSchema#integer> .
            <http://a> <http://r> "3" .

            """
        #expect(problem(text, "g.nt").hasPrefix("g.nt:2:14: This is no N-Triples"))
        var options = ImportOptions()
        options.onError = .skip
        let (graph, summary) = try load(text, "g.nt", options)
        #expect(summary.problems.first.map(\.line) == [2, 3])
        #expect(graph.nodes.map(\.properties) == [["iri": "http://a", "p": "1", "r": "3"]])
        #expect(problem("<a> <b> <c> .\n", "g.ttl").contains("there is no @base"))
        #expect(problem("a:b a:c a:d .\n", "g.ttl").contains("no @prefix was declared"))
        let deep = String(repeating: "[ <http://p> ", count: 100_000)
        #expect(problem("<http://a> <http://p> \(deep)", "g.ttl").contains("deeper than the limit"))
    }
}

@Suite struct `A script of openCypher` {
    @Test func `declares the schema first and escapes names and values`() throws {
        let folder = try TemporaryFolder()
        let database = try GraphDatabase.temporary()
        try database.write { txn in
            try txn.createUniqueConstraint(label: "P`", properties: ["id"])
            let a = try txn.createNode(
                labels: ["P`"], properties: ["id": 1, "t": "it's\n\\", "min": .integer(.min)])
            try txn.createEdge("T", from: a, to: a, properties: ["x": .double(.infinity)])
        }
        var options = ExportOptions()
        options.format = .cypher
        let path = "\(folder.path)/g.cypher"
        try GraphExporter(options: options).run(database, to: path)
        let lines = String(decoding: contents(path) ?? [], as: UTF8.self)
            .split(separator: "\n").map(String.init)
        #expect(lines[0].hasPrefix("CREATE CONSTRAINT cairn_import"))
        #expect(lines[1].hasSuffix("FOR (x:`P```) REQUIRE (x.`id`) IS UNIQUE;"))
        #expect(
            lines.contains(
                "{id: 1, p: {`id`: 1, `min`: (-9223372036854775807 - 1), `t`: 'it\\'s\\n\\\\'}}"))
        #expect(lines.contains("{s: 1, t: 1, p: {`x`: (1.0 / 0.0)}}"))
        #expect(lines.last == "DROP CONSTRAINT cairn_import IF EXISTS;")
    }
}

@Suite struct `A drawing` {
    @Test func `names nodes and edges`() throws {
        let folder = try TemporaryFolder()
        let database = try GraphDatabase.temporary()
        try database.write { txn in
            let a = try txn.createNode(labels: ["P"], properties: ["name": "say \"a\""])
            try txn.createEdge("T", from: a, to: a)
        }
        var options = ExportOptions()
        options.format = .dot
        let path = "\(folder.path)/g.dot"
        try GraphExporter(options: options).run(database, to: path)
        #expect(
            String(decoding: contents(path) ?? [], as: UTF8.self) == """
                digraph cairn {
                  n1 [label="say \\"a\\"\\n:P"];
                  n1 -> n1 [label="T"];
                }

                """)
    }
}
