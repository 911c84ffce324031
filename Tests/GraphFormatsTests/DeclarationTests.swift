import GraphFormats
import GraphStore
import PropertyGraph
import Testing

@Suite struct `Declaring by import` {
    /// Imports files into a new database and tells its schema.
    private func schema(
        _ folder: TemporaryFolder, _ options: ImportOptions = ImportOptions()
    ) throws -> (objects: [String], notes: [String]) {
        let directory = folder.path + "/new.cairn"
        let files = folder.names.map { "\(folder.path)/\($0)" }
        let summary = try GraphImporter(options: options).run(files, creating: directory)
        let database = try GraphDatabase(path: directory)
        defer { database.close() }
        let objects = try database.read { txn in
            try txn.schemaObjects().map {
                "\($0.kind) \($0.labelOrType) \($0.properties.map(\.name).joined(separator: ","))"
            }
        }
        return (objects.sorted(), summary.notes)
    }

    @Test func `the ids of one space are unique for every label, the first double goes inline`()
        throws
    {
        let folder = try TemporaryFolder()
        try folder.write("a.csv", "key:ID,name,:LABEL\na,Ada,Person;Author\nb,Bob,Person\n")
        try folder.write("b.csv", "key:ID,:LABEL\nc,City\n")
        try folder.write(
            "c.csv", ":START_ID,:END_ID,:TYPE,year:int,weight:double\na,b,KNOWS,1843,0.5\n")
        let found = try schema(folder)
        #expect(
            found.objects == [
                "inlineProperty KNOWS weight", "unique Author key", "unique City key",
                "unique Person key",
            ])
        #expect(found.notes.count == 4)
        let database = try GraphDatabase(path: folder.path + "/new.cairn")
        defer { database.close() }
        try database.read { txn in
            let ada = try txn.node(label: "Person", "key", "a")
            #expect(ada == NodeID(1))
            let author = try txn.node(label: "Author", "key", "b")
            #expect(author == nil)
            let weights = try txn.edges(of: NodeID(1), .outgoing, type: "KNOWS").map {
                $0["weight"]
            }
            #expect(weights == [.double(0.5)])
        }
    }

    @Test func `files of one label that keep their ids differently have no constraint`() throws {
        let folder = try TemporaryFolder()
        try folder.write("one.csv", "key:ID(A),:LABEL\n1,Person\n")
        try folder.write("two.csv", "key:ID(B),:LABEL\n1,Person\n")
        let found = try schema(folder)
        #expect(found.objects == [])
        #expect(found.notes.first?.contains("No property of") == true)
    }

    @Test func `files named for their labels have constraints of their own`() throws {
        let folder = try TemporaryFolder()
        try folder.write("Person.csv", "ssn:ID(P),name\n1,Ada\n2,Bob\n")
        try folder.write("City.csv", "code:ID(C)\nLON\n")
        let found = try schema(folder)
        #expect(found.objects == ["unique City code", "unique Person ssn"])
    }

    @Test func `nothing is declared when it is switched off or ids are not kept`() throws {
        let folder = try TemporaryFolder()
        try folder.write("Person.csv", "ssn:ID,name\n1,Ada\n")
        var options = ImportOptions()
        options.declaresUnique = false
        #expect(try schema(folder, options).objects == [])
        let other = try TemporaryFolder()
        try other.write("Person.csv", ":ID,name\n1,Ada\n2,Ada\n")
        #expect(try schema(other).objects == [])
    }
}
