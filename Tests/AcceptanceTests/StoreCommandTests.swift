import Foundation
import Testing

@Suite struct `Nodes and edges at the command line` {
    @Test func `what was created is found by id and by key`() throws {
        let scratch = try Scratch()
        try scratch.people()
        let node = try scratch.cairn("node", "get", "Person:name=Ada", "--json", "--db", "g.cairn")
            .object()
        #expect(node["id"] as? Int == 1)
        #expect(node["labels"] as? [String] == ["Person"])
        #expect(node["properties"] as? [String: String] == ["name": "Ada", "born": "1815-12-10"])
        let edge = try scratch.cairn("edge", "get", "1", "--json", "--db", "g.cairn").object()
        #expect(edge["source"] as? Int == 1)
        #expect(edge["target"] as? Int == 2)
        #expect((edge["properties"] as? [String: Int]) == ["since": 1833])
    }

    @Test func `tables are aligned, also under wide characters, and fit the terminal`() throws {
        let scratch = try Scratch()
        try scratch.people()
        var text = try scratch.cairn("node", "list", "--db", "g.cairn").output
        text += "\n" + (try scratch.cairn("node", "list", "--db", "g.cairn", columns: 30).output)
        text += "\n" + (try scratch.cairn("neighbors", "2", "--db", "g.cairn").output)
        text += "\n" + (try scratch.cairn("node", "get", "1", "--db", "g.cairn").output)
        text += "\n" + (try scratch.cairn("schema", "list", "--db", "g.cairn").output)
        try Golden.expect(text, "tables/people.txt")
        #expect(
            try scratch.cairn("node", "list", "--db", "g.cairn", columns: 30).output
                .split(separator: "\n").allSatisfy { $0.count <= 30 })
    }

    @Test func `the same rows come as csv, plain, json and jsonl`() throws {
        let scratch = try Scratch()
        try scratch.people()
        func list(_ format: String) throws -> Outcome {
            try scratch.cairn("node", "list", "--format", format, "--db", "g.cairn")
        }
        #expect(
            try list("csv").output
                == "id,labels,age,born,name\n1,Person,,1815-12-10,Ada\n2,Person,44,,Zoë 張\n")
        #expect(
            try list("plain").output == "1\tPerson\t\t1815-12-10\tAda\n2\tPerson\t44\t\tZoë 張\n")
        #expect((try list("json").json() as? [Any])?.count == 2)
        #expect(try list("jsonl").objects().map { $0["id"] as? Int } == [1, 2])
    }

    @Test func `bytes are set as base64, and a property named like a column has another heading`()
        throws
    {
        let scratch = try Scratch()
        try scratch.cairn("init", "g.cairn")
        try scratch.cairn(
            "node", "create", "File", "id=7", "sum:bytes=3q2+7w==", "--db", "g.cairn")
        #expect(
            try scratch.cairn("node", "list", "--format", "csv", "--db", "g.cairn").output
                == "id,labels,properties.id,sum\n1,File,7,3q2+7w==\n")
        let one = try scratch.cairn("node", "get", "1", "--format", "csv", "--db", "g.cairn")
        #expect(one.output == "id,labels,properties.id,sum\n1,File,7,3q2+7w==\n")
        for text in ["3q2+7w=", "3q2+7x==", "3q2+!w==", "="] {
            try scratch.failing(64, "node", "create", "b:bytes=\(text)", "--db", "g.cairn")
        }
        try scratch.cairn(
            "node", "create", "b:bytes=", "c:bytes=AA==", "d:bytes=AAA=", "--db", "g.cairn")
        let types = try scratch.cairn(
            "cypher", "MATCH (n) WHERE id(n) = 2 RETURN n.b, n.c, n.d", "--json", "--db", "g.cairn")
        #expect(types.output.contains("AAA="))
    }

    @Test func `properties are set, removed and typed`() throws {
        let scratch = try Scratch()
        try scratch.people()
        try scratch.cairn(
            "node", "set", "1", "code:string=007", "height=1.7", "born=", "tags:string[]=a;b",
            "--add-label", "Author", "--db", "g.cairn")
        let node = try scratch.cairn("node", "get", "1", "--json", "--db", "g.cairn").object()
        let properties = try #require(node["properties"] as? [String: Any])
        #expect(properties["code"] as? String == "007")
        #expect(properties["height"] as? Double == 1.7)
        #expect(properties["tags"] as? [String] == ["a", "b"])
        #expect(properties["born"] == nil)
        #expect(node["labels"] as? [String] == ["Author", "Person"])
    }

    @Test func `control characters of data cannot steer the terminal`() throws {
        let scratch = try Scratch()
        try scratch.cairn("init", "g.cairn")
        try scratch.cairn(
            "node", "create", "name=\u{1B}[31mred\nnext", "ke\u{1B}\ny=1", "--db", "g.cairn")
        for words in [["node", "list"], ["node", "get", "1"]] {
            let table = try Cairn.run(words + ["--db", "g.cairn"], in: scratch).output
            #expect(!table.contains("\u{1B}"))
            #expect(table.contains("\\u{1b}[31mred\\nnext"))
            #expect(table.contains("ke\\u{1b}\\ny"))
        }
        let json = try scratch.cairn("node", "list", "--json", "--db", "g.cairn").json()
        let nodes = try #require(json as? [[String: Any]])
        let properties = try #require(nodes[0]["properties"] as? [String: Any])
        #expect(properties["name"] as? String == "\u{1B}[31mred\nnext")
    }

    @Test func `destruction needs force away from a terminal`() throws {
        let scratch = try Scratch()
        try scratch.people()
        try scratch.failing(1, "node", "delete", "1", "--db", "g.cairn")
        try scratch.failing(1, "node", "delete", "1", "--detach", "--db", "g.cairn")
        try scratch.failing(1, "edge", "delete", "1", "--db", "g.cairn")
        try scratch.cairn("node", "delete", "1", "--detach", "--force", "--db", "g.cairn")
        let info = try scratch.cairn("info", "--json", "--db", "g.cairn").object()
        #expect(info["nodes"] as? Int == 1)
        #expect(info["edges"] as? Int == 0)
    }

    @Test func `constraints are made, kept and dropped`() throws {
        let scratch = try Scratch()
        try scratch.people()
        let made = try scratch.cairn(
            "schema", "create", "unique", "Person", "name", "--json", "--db", "g.cairn"
        ).object()
        let name = try #require(made["name"] as? String)
        let clash = try scratch.failing(
            1, "node", "create", "Person", "name=Ada", "--db", "g.cairn")
        #expect(clash.errors.contains("name"))
        try scratch.failing(1, "schema", "drop", name, "--db", "g.cairn")
        try scratch.cairn("schema", "drop", name, "--force", "--db", "g.cairn")
        try scratch.cairn("node", "create", "Person", "name=Ada", "--db", "g.cairn")
        let ambiguous = try scratch.failing(1, "node", "get", "Person:name=Ada", "--db", "g.cairn")
        #expect(ambiguous.errors.contains("1, 3"))
    }

    @Test func `changes are told in order, and from a position on`() throws {
        let scratch = try Scratch()
        try scratch.people()
        try scratch.cairn("node", "set", "2", "age=45", "--db", "g.cairn")
        let all = try scratch.cairn("changes", "--format", "jsonl", "--db", "g.cairn").objects()
        #expect(
            all.map { $0["change"] as? String }
                == ["nodeCreated", "nodeCreated", "edgeCreated", "nodeChanged"])
        let last = try scratch.cairn(
            "changes", "--from", "4", "--format", "jsonl", "--db", "g.cairn"
        ).objects()
        #expect(last.count == 1)
        let change = try #require(last[0]["properties"] as? [String: [String: Int]])
        #expect(change == ["age": ["before": 44, "after": 45]])
        #expect(
            (try scratch.cairn("changes", "--json", "--db", "g.cairn").json() as? [Any])?.count == 4
        )
    }

    @Test func `a copy is a database of its own, and both are sound`() throws {
        let scratch = try Scratch()
        try scratch.people()
        try scratch.cairn("copy", "backup.cairn", "--db", "g.cairn")
        try scratch.cairn("node", "delete", "1", "--detach", "--force", "--db", "g.cairn")
        try scratch.cairn("compact", "--db", "g.cairn")
        for (database, nodes) in [("g.cairn", 1), ("backup.cairn", 2)] {
            let report = try scratch.cairn("check", "--json", "--db", database).object()
            #expect(report["sound"] as? Bool == true)
            #expect(report["nodes"] as? Int == nodes)
        }
    }
}
