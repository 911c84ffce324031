import GraphFormats
import GraphStore
import PropertyGraph
import Synchronization
import Testing

/// The nodes of a database as `labels key=value …`, sorted.
func nodeTexts(_ database: GraphDatabase) throws -> [String] {
    try database.read { txn in
        var texts: [String] = []
        try txn.forEachNode { node in
            let properties = node.properties.sorted { $0.key < $1.key }
                .map { "\($0.key)=\(show($0.value))" }
            texts.append((node.labels.map { ":\($0)" } + properties).joined(separator: " "))
            return true
        }
        return texts.sorted()
    }
}

/// The edges of a database as `source type target key=value …`, ends by a property, sorted.
func edgeTexts(_ database: GraphDatabase, by key: PropertyKey = "name") throws -> [String] {
    try database.read { txn in
        var texts: [String] = []
        try txn.forEachEdge { edge in
            let source = try txn.property(key, of: edge.source).map { show($0) } ?? "?"
            let target = try txn.property(key, of: edge.target).map { show($0) } ?? "?"
            let properties = edge.properties.sorted { $0.key < $1.key }
                .map { " \($0.key)=\(show($0.value))" }.joined()
            texts.append("\(source) \(edge.type) \(target)\(properties)")
            return true
        }
        return texts.sorted()
    }
}

func show(_ value: PropertyValue) -> String {
    switch value {
    case .string(let text): "'\(text)'"
    case .integer(let number): "\(number)"
    case .double(let number): "\(number)"
    case .boolean(let bool): "\(bool)"
    case .list(let elements): "[\(elements.map { show($0) }.joined(separator: ","))]"
    default: "\(value.typeName)"
    }
}

@Suite struct `Importing` {
    @Test func `Neo4j headers give labels, types, lists, id spaces and typed values`() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "people.csv",
            """
            \u{FEFF}personId:ID(Person),name,born:int,tags:string[],:LABEL,secret:IGNORE
            1,Ada,1815,math;poetry,Person;Author,x
            2,"Grace ""Amazing""\r\nHopper",,,Person,y
            """ + "\r\n")
        try folder.write(
            "films.csv", ":ID(Film)\ttitle:string\tscore:float\tseen:boolean\n1\tOne\t7.5\tTRUE\n")
        try folder.write(
            "acted.csv",
            ":START_ID(Person),role,:END_ID(Film),:TYPE\r1,\"\",1,ACTED_IN\r2,,1,LIKED\r")
        let database = try GraphDatabase.temporary()
        let summary = try GraphImporter().run([folder.path], into: database)
        #expect(summary.nodes == 3 && summary.edges == 2 && summary.files.count == 3)
        #expect(
            try nodeTexts(database) == [
                ":Author :Person born=1815 name='Ada' personId='1' tags=['math','poetry']",
                ":Films score=7.5 seen=true title='One'",
                ":Person name='Grace \"Amazing\"\r\nHopper' personId='2'",
            ])
        #expect(
            try edgeTexts(database) == [
                "'Ada' ACTED_IN ? role=''", "'Grace \"Amazing\"\r\nHopper' LIKED ?",
            ])
    }

    @Test func `LDBC files take label, type and id space from their names and headers`() throws {
        let folder = try TemporaryFolder()
        try folder.write(
            "person_0_0.csv",
            "id|firstName|birthday|score\n933|Mahinda|1989-12-03|1.5\n1129|Carmen|1984-02-18|2\n")
        try folder.write("tag_0_0.csv", "id|name\n933|Swift\n")
        try folder.write(
            "person_knows_person_0_0.csv",
            "Person.id|Person.id|creationDate\n933|1129|2010-03-13T07:37:21.718+00:00\n")
        try folder.write("person_hasInterest_tag_0_0.csv", "Person.id|Tag.id\n1129|933\n")
        var options = ImportOptions()
        options.infersTypes = true
        let database = try GraphDatabase.temporary()
        try GraphImporter(options: options).run([folder.path], into: database)
        #expect(
            try nodeTexts(database) == [
                ":Person birthday=date firstName='Carmen' id=1129 score=2.0",
                ":Person birthday=date firstName='Mahinda' id=933 score=1.5",
                ":Tag id=933 name='Swift'",
            ])
        #expect(
            try edgeTexts(database, by: "id") == [
                "1129 HAS_INTEREST 933", "933 KNOWS 1129 creationDate=datetime",
            ])
    }

    @Test func `inference takes the narrowest type that fits every row`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "t.csv",
            """
            a,b,c,d,e,f,g,h,i
            1,1,007,true,2015-07-21,2015-07-21T10:00:00,2015-07-21T10:00:00Z,,1
            -2,2.5,1,false,2015-07-22,2015-07-21T10:00:00.5,2015-07-21T10:00:00+01:00,,x
            9223372036854775807,1e3,2,TRUE,2015-07-23,2015-07-21T10:00,2015-07-21T10:00Z,,

            """)
        var options = ImportOptions()
        options.infersTypes = true
        let summary = try GraphImporter(options: options).dryRun([path])
        let types = summary.files[0].tables[0].properties.map {
            "\($0.key) \($0.types) \($0.count)"
        }
        #expect(
            types == [
                "a [\"long\"] 3", "b [\"double\"] 3", "c [\"string\"] 3", "d [\"boolean\"] 3",
                "e [\"date\"] 3", "f [\"localdatetime\"] 3", "g [\"datetime\"] 3",
                "i [\"string\"] 2",
            ])
        #expect(summary.files[0].tables[0].names == ["T"] && summary.files[0].tables[0].rows == 3)
    }

    @Test func `JSON lines of our own and of APOC are read in any order`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            "g.jsonl",
            """
            {"type":"edge","label":"KNOWS","start":1,"end":"2","properties":{"since":{"$type":"date","value":"2015-07-21"}}}
            {"type":"node","id":"1","labels":["A","B"],"properties":{"name":"Ada","n":9007199254740993,"x":1.0,"none":null}}

            {"labels":["A"],"properties":{"name":"B\\u00e9\\ud83d\\ude00\\n"},"id":2,"type":"node","extra":[{"deep":[1]}]}
            {"id":"0","type":"relationship","label":"KNOWS","start":{"id":"2","labels":["A"]},"end":{"id":"1"}}
            """)
        let database = try GraphDatabase.temporary()
        try GraphImporter().run([path], into: database)
        #expect(
            try nodeTexts(database) == [
                ":A :B n=9007199254740993 name='Ada' x=1.0", ":A name='Bé😀\n'",
            ])
        #expect(
            try edgeTexts(database) == ["'Ada' KNOWS 'Bé😀\n' since=date", "'Bé😀\n' KNOWS 'Ada'"])
    }

    @Test func `importing again with a key merges and adds only what is new`() throws {
        let folder = try TemporaryFolder()
        let nodes = try folder.write(
            "n.csv", "uid:ID{id-type:long},name,:LABEL\n1,Ada,P\n2,Bob,P\n")
        let edges = try folder.write("e.csv", ":START_ID,:END_ID,:TYPE,w:int\n1,2,T,5\n1,2,T,6\n")
        var options = ImportOptions()
        options.mergeKey = "uid"
        let importer = GraphImporter(options: options)
        let database = try GraphDatabase.temporary()
        try importer.run([nodes, edges], into: database)
        let second = try importer.run([nodes, edges], into: database)
        #expect(second.mergedNodes == 2 && second.mergedEdges == 2)
        #expect(try edgeTexts(database) == ["'Ada' T 'Bob' w=5", "'Ada' T 'Bob' w=6"])

        try folder.write("n.csv", "uid:ID{id-type:long},city,:LABEL\n1,London,P;Q\n3,Rome,P\n")
        try folder.write(
            "e.csv", ":START_ID,:END_ID,:TYPE,w:int\n1,2,T,7\n1,2,T,8\n1,2,T,9\n3,1,T,\n")
        let third = try importer.run([nodes, edges], into: database)
        #expect(third.mergedNodes == 1 && third.mergedEdges == 2)
        #expect(
            try nodeTexts(database) == [
                ":P :Q city='London' name='Ada' uid=1", ":P city='Rome' uid=3",
                ":P name='Bob' uid=2",
            ])
        #expect(
            try edgeTexts(database, by: "uid") == ["1 T 2 w=7", "1 T 2 w=8", "1 T 2 w=9", "3 T 1"])
    }

    @Test func `a key with an index merges alike`() throws {
        let folder = try TemporaryFolder()
        let nodes = try folder.write(
            "n.csv", "uid:ID{id-type:long},name,:LABEL\n1,Ada,P\n2,Bob,P\n")
        var options = ImportOptions()
        options.mergeKey = "uid"
        let database = try GraphDatabase.temporary()
        try database.write { txn in
            try txn.createUniqueConstraint(label: "P", properties: ["uid"])
            try txn.createNode(labels: ["P"], properties: ["uid": 2, "name": "Old"])
        }
        let summary = try GraphImporter(options: options).run([nodes], into: database)
        #expect(summary.mergedNodes == 1)
        #expect(try nodeTexts(database) == [":P name='Ada' uid=1", ":P name='Bob' uid=2"])
        #expect(throws: GraphStoreError.self, "without the key the constraint refuses all of it") {
            try GraphImporter().run([nodes], into: database)
        }
        #expect(try nodeTexts(database).count == 2)
    }

    @Test func `many small blocks on several threads keep every record and its line`() throws {
        let folder = try TemporaryFolder()
        var text = "id:ID,note,n:int\n"
        for number in 0..<400 {
            text +=
                number % 7 == 0
                ? "\(number),\"line\none, \"\"\(number)\"\"\r\n\",\(number)\n"
                : "\(number),plain,\(number)\r\n"
        }
        text += "400,last,oops"
        let path = try folder.write("n.csv", text)
        for threads in 1...3 {
            var options = ImportOptions()
            options.threads = threads
            options.limits.blockBytes = 64
            options.onError = .skip
            let database = try GraphDatabase.temporary()
            let summary = try GraphImporter(options: options).run([path], into: database)
            #expect(summary.nodes == 400)
            #expect(summary.problems.first.map(\.line) == [text.utf8.count { $0 == 0x0A } + 1])
            #expect(summary.problems.first.first?.column == 10)
            let sum = try database.read { txn in
                var sum: Int64 = 0
                try txn.forEachNode { node in
                    sum += node["n"]?.integerValue ?? 0
                    return true
                }
                return sum
            }
            #expect(sum == 399 * 400 / 2)
        }
    }

    @Test func `a dry run tells files, kinds, types, rows and problems, and stores nothing`() throws
    {
        let folder = try TemporaryFolder()
        try folder.write("n.csv", "id:ID,age:int,:LABEL\n1,5,A\n2,x,A\n3,,B;A\n")
        try folder.write("e.jsonl", "{\"type\":\"edge\",\"label\":\"T\",\"start\":1,\"end\":3}\n")
        var options = ImportOptions()
        options.onError = .skip
        let summary = try GraphImporter(options: options).dryRun([folder.path])
        #expect(summary.nodes == 2 && summary.edges == 1 && summary.problems.count == 1)
        let nodes = try #require(summary.files.last)
        #expect(nodes.problems == 1 && nodes.tables.map(\.names) == [["A"], ["A", "B"]])
        #expect(nodes.tables[0].properties.map(\.types) == [["int"], ["string"]])
        #expect(summary.files.first?.tables.map(\.names) == [["T"]])
    }

    @Test func `an import that is cancelled or fails leaves nothing`() throws {
        let folder = try TemporaryFolder()
        var text = "id:ID\n"
        for number in 0..<2_000 { text += "\(number)\n" }
        let path = try folder.write("n.csv", text)
        let database = try GraphDatabase.temporary()
        var options = ImportOptions()
        options.limits.blockBytes = 256
        let questions = Atomic(0)
        let hooks = FormatHooks(isCancelled: {
            questions.wrappingAdd(1, ordering: .relaxed).newValue > 5
        })
        let failure = #expect(throws: FormatError.self) {
            try GraphImporter(options: options).run([path], into: database, hooks: hooks)
        }
        #expect(failure?.code == .cancelled)
        try folder.write("n.csv", text + "7\n")
        #expect(throws: FormatError.self) {
            try GraphImporter(options: options).run([path], into: database)
        }
        #expect(try nodeTexts(database).isEmpty)
    }
}

@Suite struct `Importing into a new database` {
    @Test func `builds it aside and publishes all of it, or nothing`() throws {
        let folder = try TemporaryFolder()
        let nodes = try folder.write("n.csv", "id:ID,:LABEL\n1,A\n2,\n")
        let edges = try folder.write("e.csv", ":START_ID,:END_ID,:TYPE\n1,2,T\n2,1,\"T\"\"U\"\n")
        let path = "\(folder.path)/new.cairn"
        #expect(try GraphImporter().run([edges, nodes], creating: path).edges == 2)
        do {
            let database = try GraphDatabase(path: path)
            #expect(try nodeTexts(database) == [":A id='1'", "id='2'"])
            #expect(try edgeTexts(database, by: "id") == ["'1' T '2'", "'2' T\"U '1'"])
            database.close()
        }
        #expect(throws: GraphStoreError.self) { try GraphImporter().run([nodes], creating: path) }

        try folder.write("e.csv", ":START_ID,:END_ID,:TYPE\n1,9,T\n")
        let before = folder.names
        #expect(throws: FormatError.self) {
            try GraphImporter().run([nodes, edges], creating: "\(folder.path)/other.cairn")
        }
        #expect(folder.names == before, "nothing is left of the failed import")
        try folder.write("e.csv", ":START_ID,:END_ID,:TYPE\n1,2,\n")
        #expect(throws: FormatError.self, "an edge needs a type") {
            try GraphImporter().run([nodes, edges], creating: "\(folder.path)/other.cairn")
        }
    }
}
