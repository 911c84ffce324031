import GraphFormats
import GraphStore
import PropertyGraph
import Testing

@Suite struct `Carrying indexes and constraints` {
    /// A graph with one object of each kind, and names that need escapes.
    static func graph() throws -> GraphDatabase {
        let database = try GraphDatabase.temporary()
        try database.write { txn in
            try txn.createKeyConstraint(label: "Per`son", properties: ["first \"name\"", "b"])
            try txn.createUniqueConstraint(
                label: "Per`son", properties: ["c"], name: "own\nname")
            try txn.createExistenceConstraint(label: "Per`son", property: "c")
            try txn.createTypeConstraint(
                label: "Per`son", property: "c",
                type: try #require(PropertyType("INTEGER | LIST<STRING> | BYTES | VECTOR")))
            try txn.createIndex(label: "City", properties: ["n", "c"])
            try txn.createExistenceConstraint(edgeType: "KNOWS", property: "since")
            try txn.createTypeConstraint(
                edgeType: "KNOWS", property: "since", type: .zonedDateTime.union(.date))
            try txn.createKeyConstraint(edgeType: "KNOWS", properties: ["id"])
            try txn.createUniqueConstraint(edgeType: "KNOWS", properties: ["since", "id"])
            try txn.createIndex(edgeType: "KNOWS", properties: ["w"])
            try txn.setInlineProperty("w", of: "KNOWS")
            let a = try txn.createNode(
                labels: ["Per`son", "City"],
                properties: ["first \"name\"": "Ada", "b": 1, "c": .list(["x"])])
            let b = try txn.createNode(
                labels: ["Per`son"],
                properties: ["first \"name\"": "Ada", "b": 2, "c": .bytes([1, 2])])
            let day = try #require(CalendarDate(iso: "1815-12-10"))
            try txn.createEdge(
                "KNOWS", from: a, to: b,
                properties: ["since": .date(day), "id": 1, "w": .double(0.5)])
        }
        return database
    }

    static func objects(_ database: GraphDatabase) throws -> Set<SchemaObject> {
        Set(try database.read { try $0.schemaObjects() })
    }

    /// Where an import goes.
    enum Target: CaseIterable { case fresh, open, merged }

    @Test(arguments: [ExportFormat.csv, .jsonl], Target.allCases)
    func `an import declares what an export carried`(
        format: ExportFormat, target: Target
    ) throws {
        let folder = try TemporaryFolder()
        let source = try Self.graph()
        for isCompressed in [false, true] {
            var options = ExportOptions()
            options.format = format
            options.isCompressed = isCompressed
            options.replacesExisting = true
            let path = folder.path + (format == .csv ? "/out" : "/out.jsonl")
            let summary = try GraphExporter(options: options).run(source, to: path)
            #expect(summary.notes == [])
            let place = "\(folder.path)/\(isCompressed).cairn"
            var importing = ImportOptions()
            if target == .merged { importing.mergeKey = "b" }
            let importer = GraphImporter(options: importing)
            let told: ImportSummary
            if target == .fresh {
                told = try importer.run([path], creating: place)
            } else {
                let database = try GraphDatabase(path: place)
                told = try importer.run([path], into: database)
                database.close()
            }
            #expect(told.nodes == 2 && told.edges == 1)
            #expect(told.notes.last?.hasPrefix("Indexes and constraints hold: ") == true)
            let database = try GraphDatabase(path: place)
            #expect(try Self.objects(database) == Self.objects(source))
            #expect(try database.check().isClean)
            // Again: it is there, and stays so; the records break the keys.
            #expect(throws: GraphStoreError.self) {
                try GraphImporter().run([path], into: database)
            }
            #expect(try database.read { try $0.nodeCount() } == 2)
            database.close()
        }
    }

    @Test func `files may be imported without what they declare`() throws {
        let folder = try TemporaryFolder()
        let source = try Self.graph()
        var options = ExportOptions()
        options.format = .jsonl
        let path = folder.path + "/out.jsonl"
        try GraphExporter(options: options).run(source, to: path)
        var importing = ImportOptions()
        importing.readsSchema = false
        try GraphImporter(options: importing).run([path], creating: folder.path + "/new.cairn")
        let database = try GraphDatabase(path: folder.path + "/new.cairn")
        #expect(try Self.objects(database).isEmpty)
        database.close()
    }

    @Test func `a record that breaks a constraint is told with its line, and nothing is kept`()
        throws
    {
        let folder = try TemporaryFolder()
        try folder.write(
            "schema.jsonl",
            #"{"type":"schema","objects":[{"kind":"exists","label":"P","properties":["a"]}]}"#)
        try folder.write("p.csv", ":ID,a,:LABEL\n1,x,P\n2,,P\n")
        let error = #expect(throws: FormatError.self) {
            try GraphImporter().run([folder.path], creating: folder.path + "/new.cairn")
        }
        #expect(
            error?.description
                == "\(folder.path)/p.csv:3: Existence constraint 'exists_P_a' on P is broken: node 2 "
                + "of the load has no 'a'. Set it, or load without the constraint.")
        #expect(folder.names == ["p.csv", "schema.jsonl"])
    }

    @Test(arguments: [true, false])
    func `so it is told of a record that goes into an open database`(isDeclared: Bool) throws {
        let folder = try TemporaryFolder()
        let database = try GraphDatabase(path: folder.path + "/old.cairn")
        defer { database.close() }
        let kinds = #"""
            {"kind":"exists","label":"P","properties":["a"]},
            {"kind":"type","edgeType":"KNOWS","properties":["since"],"allows":"INTEGER"}
            """#
        let schema = try folder.write(
            "schema.jsonl",
            #"{"type":"schema","objects":["#
                + kinds.split(whereSeparator: \.isNewline).joined() + "]}")
        if !isDeclared { try GraphImporter().run([schema], into: database) }
        let remedy = isDeclared ? "or load without the constraint." : "or drop the constraint."
        let good = try folder.write("good.csv", ":ID,a,:LABEL\n1,x,P\n2,y,P\n")
        let bad = try folder.write("bad.csv", ":ID,a,:LABEL\n1,x,P\n2,,P\n")
        let edges = try folder.write(
            "e.csv", ":START_ID,:END_ID,since:string,:TYPE\n1,2,2020,KNOWS\n")
        let schemas = isDeclared ? [schema] : []
        let node = #expect(throws: FormatError.self) {
            try GraphImporter().run(schemas + [bad], into: database)
        }
        #expect(
            node?.description
                == "\(bad):3: Existence constraint 'exists_P_a' on P is broken: node 2 of the load "
                + "has no 'a'. Set it, \(remedy)")
        let edge = #expect(throws: FormatError.self) {
            try GraphImporter().run(schemas + [good, edges], into: database)
        }
        #expect(
            edge?.description.hasPrefix("\(edges):2: Type constraint 'type_KNOWS_since'") == true)
        #expect(edge?.description.hasSuffix("Convert the value, \(remedy)") == true)
        #expect(try database.read { try $0.nodeCount() } == 0)
    }

    @Test(arguments: [
        (
            #"{"type":"schema","objects":[{"kind":"uniq","label":"P","properties":["a"]}]}"#,
            "1:29: \"kind\" of an index"
        ),
        (
            #"{"type":"schema","objects":[{"kind":"key","properties":["a"]}]}"#,
            "1:29: An index or constraint has"
        ),
        (
            #"{"type":"schema","objects":[{"kind":"type","label":"P","properties":["a"]}]}"#,
            "1:29: A type constraint, and nothing else"
        ),
        (
            #"{"type":"schema","objects":[{"kind":"key","label":"P","allows":"INT"}]}"#,
            "1:29: A type constraint, and nothing else"
        ),
        (#"{"type":"schema","objects":["#, "1:"),
        (
            "{\"type\":\"node\"}\n{\"type\":\"schema\",\"objects\":[]}",
            "2:1: Indexes and constraints stand in the first line"
        ),
    ])
    func `a schema that is none is told with its place`(line: String, told: String) throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("s.jsonl", line)
        for creates in [true, false] {
            let error = #expect(throws: FormatError.self) {
                if creates {
                    try GraphImporter().run([path], creating: folder.path + "/new.cairn")
                } else {
                    try GraphImporter().dryRun([path])
                }
            }
            #expect(error?.description.hasPrefix("\(path):\(told)") == true, "\(error as Any)")
        }
    }

    @Test func `formats without a place for them say so`() throws {
        let folder = try TemporaryFolder()
        let source = try Self.graph()
        for format in [ExportFormat.edgeList, .graphML, .gexf, .matrixMarket, .dot, .turtle] {
            var options = ExportOptions()
            options.format = format
            let summary = try GraphExporter(options: options)
                .run(source, to: "\(folder.path)/\(format.rawValue)")
            #expect(summary.notes.first?.contains("11 were left out") == true)
        }
    }

    @Test func `a script names the types that its values have`() throws {
        let folder = try TemporaryFolder()
        var options = ExportOptions()
        options.format = .cypher
        let path = folder.path + "/g.cypher"
        try GraphExporter(options: options).run(try Self.graph(), to: path)
        let text = String(decoding: contents(path) ?? [], as: UTF8.self)
        for line in [
            "IS :: INTEGER | STRING | LIST<FLOAT NOT NULL> | LIST<STRING NOT NULL>;",
            "REQUIRE x.`since` IS :: DATE | ZONED DATETIME;",
            "REQUIRE x.`since` IS NOT NULL;",
            "FOR ()-[x:`KNOWS`]-() REQUIRE (x.`id`) IS RELATIONSHIP KEY;",
            "// Beside the neighbours of `KNOWS` is kept: `w`",
        ] {
            #expect(text.contains(line), "\(line)")
        }
    }
}
