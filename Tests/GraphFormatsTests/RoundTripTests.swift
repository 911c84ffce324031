import GraphFormats
import GraphStore
import PropertyGraph
import Testing

@Suite struct `Export and import again` {
    @Test(
        arguments: UInt64(1)...12,
        [ExportFormat.csv, .jsonl, .graphML, .gexf, .nTriples, .turtle])
    func `give the same graph, every value bit for bit`(seed: UInt64, format: ExportFormat) throws {
        let folder = try TemporaryFolder()
        let model = ModelGraph(seed: seed, nodeCount: 30, edgeCount: 60)
        let first = try GraphDatabase.temporary()
        try model.store(in: first)
        var options = ExportOptions()
        options.format = format
        options.isCompressed = seed % 3 == 0
        options.rdf.names = seed % 2 == 0 ? .full : .local
        let endings: [ExportFormat: String] = [
            .csv: "", .graphML: ".graphml", .nTriples: ".nt", .turtle: ".ttl",
        ]
        let ending = endings[format] ?? ".\(format.rawValue)"
        let isOneFile = options.isCompressed && format != .csv
        let path = "\(folder.path)/out\(ending)\(isOneFile ? ".gz" : "")"
        let exported = try GraphExporter(options: options).run(first, to: path)
        #expect(exported.nodes == 30 && exported.edges == 60)

        let second = try GraphDatabase.temporary()
        var importing = ImportOptions()
        importing.rdf = options.rdf
        let summary = try GraphImporter(options: importing).run([path], into: second)
        #expect(summary.nodes == 30 && summary.edges == 60 && summary.problems.count == 0)
        let found = try ModelGraph(of: second).sortedByUID()
        let wanted = model.sortedByUID()
        #expect(found.nodes == wanted.nodes, "seed \(seed)")
        #expect(found.edges == wanted.edges, "seed \(seed)")
        #expect(folder.names.count == 1, "nothing is left beside the export")
    }

    @Test(arguments: [UInt8(ascii: "\t"), UInt8(ascii: "|"), UInt8(ascii: ";")])
    func `work with other delimiters and quotes`(delimiter: UInt8) throws {
        let folder = try TemporaryFolder()
        let model = ModelGraph(seed: 99, nodeCount: 20, edgeCount: 30)
        let first = try GraphDatabase.temporary()
        try model.store(in: first)
        var dialect = CSVDialect()
        dialect.delimiter = delimiter
        dialect.quote = UInt8(ascii: "'")
        dialect.listDelimiter = UInt8(ascii: "^")
        var exporting = ExportOptions()
        exporting.dialect = dialect
        try GraphExporter(options: exporting).run(first, to: "\(folder.path)/out")
        var importing = ImportOptions()
        importing.dialect = dialect
        let second = try GraphDatabase.temporary()
        try GraphImporter(options: importing).run(["\(folder.path)/out"], into: second)
        #expect(try ModelGraph(of: second).sortedByUID() == model.sortedByUID())
    }

    @Test func `more sets of labels than files make one file of nodes`() throws {
        let folder = try TemporaryFolder()
        let first = try GraphDatabase.temporary()
        try first.write { txn in
            for number in 0...GraphExporter.maximumTables {
                try txn.createNode(
                    labels: [Label("L\(number)")], properties: ["uid": .integer(Int64(number))])
            }
        }
        let summary = try GraphExporter().run(first, to: "\(folder.path)/out")
        #expect(summary.files == ["\(folder.path)/out/nodes.csv"])
        let second = try GraphDatabase.temporary()
        try GraphImporter().run(["\(folder.path)/out"], into: second)
        #expect(try ModelGraph(of: second).sortedByUID() == ModelGraph(of: first).sortedByUID())
    }

    @Test func `an empty graph is a header`() throws {
        let folder = try TemporaryFolder()
        try GraphExporter().run(GraphDatabase.temporary(), to: "\(folder.path)/out")
        let second = try GraphDatabase.temporary()
        #expect(try GraphImporter().run(["\(folder.path)/out"], into: second).nodes == 0)
    }

    @Test func `an edge list keeps edges and weights`() throws {
        let folder = try TemporaryFolder()
        let database = try GraphDatabase.temporary()
        try database.write { txn in
            let a = try txn.createNode()
            let b = try txn.createNode()
            try txn.createEdge("T", from: a, to: b, properties: ["w": 0.25])
            try txn.createEdge("T", from: b, to: a, properties: ["w": 3])
        }
        var options = ExportOptions()
        options.format = .edgeList
        options.weightProperty = "w"
        let path = "\(folder.path)/g.wel"
        try GraphExporter(options: options).run(database, to: path)
        let graph = try EdgeListReader().load(path: path).graph
        #expect(graph.nodeCount == 2 && graph.edgeCount == 2 && graph.isWeighted)
        let again = try GraphDatabase.temporary()
        let summary = try GraphImporter().run([path], into: again)
        #expect(summary.nodes == 2 && summary.edges == 2)
        try database.write { txn in
            let ids = try txn.nodeIDs()
            try txn.createEdge("T", from: ids[0], to: ids[0])
        }
        options.replacesExisting = true
        #expect(throws: FormatError.self) {
            try GraphExporter(options: options).run(database, to: path)
        }
        #expect(folder.names == ["g.wel"], "a failed export leaves the old file and nothing else")
    }

    @Test func `what is at the destination stays unless it may be replaced`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("out.jsonl", "precious")
        var options = ExportOptions()
        options.format = .jsonl
        #expect(throws: FormatError.self) {
            try GraphExporter(options: options).run(GraphDatabase.temporary(), to: path)
        }
        #expect(contents(path) == Array("precious".utf8))
        options.replacesExisting = true
        try GraphExporter(options: options).run(GraphDatabase.temporary(), to: path)
        #expect(contents(path) == [])
    }
}
