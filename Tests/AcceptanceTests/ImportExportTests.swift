import Foundation
import Testing

@Suite struct `Importing and exporting at the command line` {
    @Test func `the curriculum comes in, goes out, and comes in again the same`() throws {
        let scratch = try Scratch()
        let folder = Golden.package.appendingPathComponent("datasets/curriculum").path
        let first = try scratch.cairn("import", folder, "--db", "a.cairn", "--json").object()
        #expect(first["nodes"] as? Int == 656)
        #expect(first["edges"] as? Int == 1_383)
        try scratch.cairn("export", "out.jsonl", "--db", "a.cairn")
        try scratch.cairn("import", "out.jsonl", "--db", "b.cairn")
        try scratch.cairn("export", "again.jsonl", "--db", "b.cairn")
        #expect(try scratch.text("out.jsonl") == scratch.text("again.jsonl"))
        #expect(
            try scratch.cairn("check", "--json", "--db", "b.cairn").object()["sound"] as? Bool
                == true)
    }

    @Test func `importing again with a key merges`() throws {
        let scratch = try Scratch()
        try scratch.file("p.csv", "id:ID,name,:LABEL\n1,Ada,Person\n2,Bob,Person\n")
        try scratch.file("q.csv", "id:ID,age:int,:LABEL\n2,7,Person\n3,8,Person\n")
        try scratch.cairn("import", "p.csv", "--db", "g.cairn")
        let again = try scratch.cairn(
            "import", "q.csv", "--merge", "id", "--db", "g.cairn", "--json"
        ).object()
        #expect(again["merged_nodes"] as? Int == 1)
        #expect(
            try scratch.cairn("info", "--json", "--db", "g.cairn").object()["nodes"] as? Int == 3)
    }

    @Test func `bad records stop an import, or are skipped and told`() throws {
        let scratch = try Scratch()
        try scratch.file(
            "p.csv", "id:ID,age:int,:LABEL\na,12,Person\nb,twelve,Person\nc,3,Person\n")
        let stopped = try scratch.failing(1, "import", "p.csv", "--db", "g.cairn")
        #expect(stopped.errors.contains("p.csv:3"))
        let skipped = try scratch.cairn(
            "import", "p.csv", "--on-error", "skip", "--db", "g.cairn", "--json")
        #expect(try skipped.object()["nodes"] as? Int == 2)
        #expect(try skipped.object()["skipped"] as? Int == 1)
        #expect(skipped.errors.contains("p.csv:3"))
    }

    @Test func `a dry run makes nothing`() throws {
        let scratch = try Scratch()
        try scratch.file("p.csv", "id:ID,age:int,:LABEL\na,12,Person\n")
        let told = try scratch.cairn("import", "p.csv", "--dry-run", "--db", "g.cairn", "--json")
        #expect(try #require(told.json() as? [[String: Any]])[0]["rows"] as? Int == 1)
        #expect(!scratch.has("g.cairn"))
    }

    @Test func `an import is held to a schema, or leaves nothing`() throws {
        let scratch = try Scratch()
        try scratch.file(
            "s.cypher",
            """
            // What persons must have.
            CREATE CONSTRAINT persons FOR (p:Person) REQUIRE (p.name, p.born) IS NODE KEY;
            CREATE CONSTRAINT FOR (p:Person) REQUIRE p.born IS :: INTEGER | DATE;
            CREATE INDEX FOR ()-[k:KNOWS]-() ON (k.since);

            """)
        try scratch.file(
            "p.csv", "id:ID,name,born:int,:LABEL\na,Ada,1815,Person\nb,Ada,1816,Person\n")
        try scratch.file("k.csv", ":START_ID,:END_ID,:TYPE,since:int\na,b,KNOWS,1833\n")
        try scratch.cairn("import", "p.csv", "k.csv", "--schema", "s.cypher", "--db", "g.cairn")
        let listed = try scratch.cairn("schema", "list", "--format", "plain", "--db", "g.cairn")
        for name in ["persons", "type_Person_born", "index_KNOWS_since"] {
            #expect(listed.output.contains(name), "\(listed.output)")
        }
        try scratch.file("q.csv", "id:ID,name,born:int,:LABEL\nc,Cyd,7,Person\nd,Dan,,Person\n")
        for database in ["g.cairn", "new.cairn"] {
            let refused = try scratch.failing(
                1, "import", "q.csv", "--schema", "s.cypher", "--db", database)
            #expect(refused.errors.contains("has no 'name' or 'born'"), "\(refused.errors)")
        }
        #expect(!scratch.has("new.cairn"))
        try scratch.file("bad.cypher", "CREATE INDEX FOR (p:P) ON (p.x);\nMATCH (n) RETURN n;")
        for (file, told) in [
            ("bad.cypher", "stand in a schema"), ("none.cypher", "Cannot read"),
        ] {
            let refused = try scratch.failing(
                1, "import", "p.csv", "--schema", file, "--db", "new.cairn")
            #expect(refused.errors.contains(told), "\(refused.errors)")
        }
    }

    @Test func `a script of openCypher makes the same graph with the same schema`() throws {
        let scratch = try Scratch()
        try scratch.people()
        for words in [
            "unique Person name", "exists Person name", "type Person age --type INTEGER",
            "key KNOWS since --edges", "index Person born age", "exists KNOWS since --edges",
        ] {
            try scratch.cairn(
                ["schema", "create"] + words.split(separator: " ").map(String.init)
                    + ["--db", "g.cairn"])
        }
        try scratch.cairn("export", "g.cypher", "--db", "g.cairn")
        try scratch.cairn("init", "new.cairn")
        let ran = try scratch.cairn(
            "cypher", "--quiet", "--db", "new.cairn", input: try scratch.text("g.cypher"))
        #expect(ran.errors.isEmpty, "\(ran.errors)")
        let exports = try ["g.cairn", "new.cairn"].map { database in
            let text = try scratch.cairn("export", "-", "--as", "jsonl", "--db", database).output
            // The schema is a set: each object on a line of its own, sorted.
            let lines = text.split(separator: "\n").map(String.init)
            let objects = (lines.first ?? "").split(separator: "{").sorted()
            return objects.map(String.init) + lines.dropFirst()
        }
        #expect(exports[0] == exports[1])
        #expect(exports[0].contains { $0.contains("exists_KNOWS_since") })
    }

    @Test func `a dry run names types as the header does`() throws {
        let scratch = try Scratch()
        try scratch.file("p.csv", "id:ID,age:int,born:date,:LABEL\na,12,1815-12-10,Person\n")
        try scratch.file("q.jsonl", #"{"type":"node","properties":{"age":7}}"# + "\n")
        let told = try scratch.cairn("import", "p.csv", "q.jsonl", "--dry-run", "--json")
        let files = try #require(told.json() as? [[String: Any]])
        #expect(files[0]["properties"] as? [String] == ["age:int", "born:date", "id:string"])
        #expect(files[1]["properties"] as? [String] == ["age:long"])
    }

    @Test func `a table without a header is a list of edges when their type is given`() throws {
        let scratch = try Scratch()
        try scratch.file("links.tsv", "ada\tbob\nbob\tcyd\n")
        try scratch.file("people.tsv", "name\tage\nada\t7\n")
        try scratch.file("knows.tsv", "source\ttarget\nada\tbob\n")
        let links = try scratch.cairn(
            "import", "links.tsv", "--type", "LINKS", "--db", "a.cairn", "--json"
        ).object()
        #expect(links["nodes"] as? Int == 3 && links["edges"] as? Int == 2)
        // Beside a table with a header the others have one, too.
        let told = try scratch.cairn(
            "import", "people.tsv", "knows.tsv", "--type", "KNOWS", "--on-error", "skip",
            "--dry-run", "--json")
        let files = try #require(told.json() as? [[String: Any]])
        #expect(files.first?["properties"] as? [String] == ["age:string", "name:string"])
    }

    @Test func `an export does not overwrite unless forced`() throws {
        let scratch = try Scratch()
        try scratch.people()
        try scratch.file("out.jsonl", "precious")
        try scratch.failing(1, "export", "out.jsonl", "--db", "g.cairn")
        #expect(try scratch.text("out.jsonl") == "precious")
        try scratch.cairn("export", "out.jsonl", "--force", "--db", "g.cairn")
        #expect(try scratch.text("out.jsonl").contains("Ada"))
        let piped = try scratch.cairn("export", "-", "--db", "g.cairn")
        #expect(piped.output == (try scratch.text("out.jsonl")))
    }
}
