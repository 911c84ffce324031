import Foundation
import Testing

@Suite struct `The schema at the command line` {
    @Test func `constraints are listed with their types, and refuse what breaks them`() throws {
        let scratch = try Scratch()
        try scratch.people()
        try scratch.cairn(
            "schema", "create", "type", "Person", "age", "--type", "integer | float", "--db",
            "g.cairn")
        try scratch.cairn("schema", "create", "key", "Person", "name", "--db", "g.cairn")
        try scratch.cairn(
            "schema", "create", "exists", "KNOWS", "since", "--edges", "--db", "g.cairn")
        let wrong = try scratch.failing(
            1, "node", "create", "Person", "name=Bob", "age=old", "--db", "g.cairn")
        #expect(wrong.errors.contains("must be INTEGER | FLOAT, and is STRING"))
        let absent = try scratch.failing(1, "edge", "create", "1", "KNOWS", "1", "--db", "g.cairn")
        #expect(absent.errors.contains("no 'since'"))
        try scratch.failing(1, "node", "create", "Person", "--db", "g.cairn")
        try Golden.expect(
            try scratch.cairn("schema", "list", "--db", "g.cairn").output, "tables/schema.txt")
        let rows = try scratch.cairn("schema", "list", "--format", "jsonl", "--db", "g.cairn")
            .objects()
        let row = rows.first { $0["name"] as? String == "type_Person_age" }
        #expect(row?["type"] as? String == "INTEGER | FLOAT")
        #expect(row?["state"] as? String == "online")
        let changes = try scratch.cairn("changes", "--db", "g.cairn").output
        #expect(changes.contains("on Person(age) IS :: INTEGER | FLOAT"))
    }

    @Test func `a rename is seen everywhere`() throws {
        let scratch = try Scratch()
        try scratch.people()
        try scratch.cairn("schema", "rename", "label", "Person", "Human", "--db", "g.cairn")
        try scratch.cairn("schema", "rename", "type", "KNOWS", "MET", "--db", "g.cairn")
        try scratch.cairn("schema", "rename", "property", "name", "called", "--db", "g.cairn")
        let node = try scratch.cairn("node", "get", "Human:called=Ada", "--json", "--db", "g.cairn")
            .object()
        #expect(node["id"] as? Int == 1)
        let miss = try scratch.failing(
            1, "schema", "rename", "label", "Humn", "X", "--db", "g.cairn")
        #expect(miss.errors.contains("Human"))
        let twice = try scratch.failing(
            1, "schema", "rename", "property", "called", "age", "--db", "g.cairn")
        #expect(twice.errors.contains("does not merge"))
        let changes = try scratch.cairn("changes", "--db", "g.cairn").output
        #expect(changes.contains("~ label Person is called Human"))
        #expect(changes.contains("+ node 1 :Person"))
    }

    @Test func `an index is built in slices, and says why it could not be`() throws {
        let scratch = try Scratch()
        var lines = "id:ID,name,:LABEL\n"
        for number in 0..<5_000 { lines += "\(number),n\(number % 4_999),Person\n" }
        try scratch.file("people.csv", lines)
        try scratch.cairn("import", "people.csv", "--db", "p.cairn")
        let failed = try scratch.failing(
            1, "schema", "create", "unique", "Person", "name", "--slices", "--db", "p.cairn")
        #expect(failed.errors.contains("nodes 1 and 5000 have name = 'n0'"))
        let listed = try scratch.cairn("schema", "list", "--db", "p.cairn").output
        #expect(listed.contains("failed"))
        try scratch.cairn("schema", "drop", "unique_Person_name", "--force", "--db", "p.cairn")
        let made = try scratch.cairn(
            "schema", "create", "index", "Person", "name", "--slices", "--db", "p.cairn")
        #expect(made.output == "Created index 'index_Person_name'.\n")
        #expect(
            try scratch.cairn("schema", "build", "--db", "p.cairn").output
                == "Every index is online.\n")
        try scratch.cairn("check", "--db", "p.cairn")
    }

    @Test func `statistics are a table for people and numbers for programs`() throws {
        let scratch = try Scratch()
        try scratch.people()
        let none = try scratch.failing(1, "schema", "statistics", "--db", "g.cairn")
        #expect(none.errors.contains("cairn schema analyze"))
        try scratch.cairn("schema", "analyze", "--db", "g.cairn")
        var table = try scratch.cairn("schema", "statistics", "--db", "g.cairn").output
        let first = try #require(table.firstIndex(of: "\n"))
        #expect(table.hasPrefix("As of position 3, "))
        #expect(table[..<first].hasSuffix(", nothing changed since."))
        table.removeSubrange(...first)
        try Golden.expect(table, "tables/statistics.txt")
        let object = try scratch.cairn("schema", "statistics", "--json", "--db", "g.cairn").object()
        #expect(object["stale"] as? Bool == false)
        let properties = try #require(object["properties"] as? [[String: Any]])
        #expect(properties.count == 4)
        #expect(properties[0]["null_share"] as? Double == 0.5)
        let some = try scratch.cairn(
            "schema", "statistics", "--of", "KNOWS", "--format", "csv", "--db", "g.cairn"
        ).output
        #expect(some.split(separator: "\n").count == 2)
    }
}
