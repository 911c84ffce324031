import Foundation
import Testing

@Suite struct `Writing results into a database` {
    /// Three towns and a lake: a → b → c by road, a → c by ferry.
    private func roads() throws -> Scratch {
        let scratch = try Scratch()
        try scratch.file("nodes.csv", "id:ID,:LABEL\na,Town\nb,Town\nc,Town\nx,Lake\n")
        try scratch.file(
            "edges.csv",
            ":START_ID,:END_ID,:TYPE,length:double\na,b,ROAD,2.5\nb,c,ROAD,1\na,c,FERRY,1\n")
        try scratch.cairn("import", "nodes.csv", "edges.csv", "--db", "r.cairn")
        return scratch
    }

    /// The property of each node by its name; absent ones are left out.
    private func values(_ property: String, _ scratch: Scratch) throws -> [String: Double] {
        var found: [String: Double] = [:]
        let nodes = try #require(
            scratch.cairn("node", "list", "-n", "0", "--json", "--db", "r.cairn").json()
                as? [[String: Any]])
        for node in nodes {
            let properties = try #require(node["properties"] as? [String: Any])
            let name = try #require(properties["id"] as? String)
            found[name] = (properties[property] as? NSNumber)?.doubleValue
        }
        return found
    }

    @Test func `a column becomes a property of the nodes that were projected`() throws {
        let scratch = try roads()
        let object = try scratch.cairn(
            "run", "sssp", "r.cairn", "--labels", "Town", "--types", "ROAD", "--weight", "length",
            "source=a", "--write", "far", "--json"
        ).object()
        let written = try #require(object["written"] as? [String: Any])
        #expect(written["nodes"] as? Int == 3)
        #expect(written["properties"] as? [String] == ["far"])
        #expect(try values("far", scratch) == ["a": 0, "b": 2.5, "c": 3.5])
        #expect(
            try scratch.cairn("check", "--json", "--db", "r.cairn").object()["sound"] as? Bool
                == true)
    }

    @Test func `all nodes change at one position, and again only what is new`() throws {
        let scratch = try roads()
        func position() throws -> Int {
            try #require(
                try scratch.cairn("info", "--json", "--db", "r.cairn").object()["position"] as? Int)
        }
        let before = try position()
        try scratch.cairn("run", "pagerank", "r.cairn", "--write", "rank")
        #expect(try position() == before + 1)
        #expect(try values("rank", scratch).count == 4)
        try scratch.cairn("run", "pagerank", "r.cairn", "--write", "rank")
        #expect(try position() == before + 1)
    }

    @Test func `a missing value removes that of an earlier run`() throws {
        let scratch = try roads()
        try scratch.cairn("run", "bfs", "r.cairn", "source=a", "--write", "depth")
        #expect(try values("depth", scratch) == ["a": 0, "b": 1, "c": 1])
        let object = try scratch.cairn(
            "run", "bfs", "r.cairn", "source=b", "--write", "depth", "--json"
        ).object()
        #expect(try values("depth", scratch) == ["b": 0, "c": 1])
        #expect((object["written"] as? [String: Any])?["cleared"] as? Int == 2)
    }

    @Test func `several algorithms write properties of their own`() throws {
        let scratch = try roads()
        try scratch.cairn(
            "run", "pagerank,wcc", "r.cairn", "--write", "rank,wcc=island", "--format", "json")
        let islands = try values("island", scratch)
        // A node as a value is its id.
        #expect(islands == ["a": 1, "b": 1, "c": 1, "x": 4])
        #expect(try values("rank", scratch).count == 4)
        let unclear = try scratch.failing(
            64, "run", "pagerank,wcc", "r.cairn", "--write", "value")
        #expect(unclear.errors.contains("pagerank=value_pagerank"))
    }

    @Test func `a constraint that forbids one value keeps all of them out`() throws {
        let scratch = try roads()
        try scratch.cairn(
            "schema", "create", "unique", "Town", "island", "--db", "r.cairn")
        let outcome = try scratch.failing(1, "run", "wcc", "r.cairn", "--write", "island")
        #expect(outcome.errors.contains("island"))
        #expect(try values("island", scratch).isEmpty)
    }

    @Test func `a part that would not fit into memory is refused before it is projected`() throws {
        let scratch = try roads()
        let refused = try scratch.failing(1, "run", "stats", "r.cairn", "--memory", "100")
        #expect(refused.errors.contains("4 nodes and 3 edges"))
        #expect(refused.errors.contains("to project; --memory allows 100 bytes"))
        try scratch.cairn("run", "stats", "r.cairn", "--memory", "100", "--force")
        try scratch.cairn("run", "stats", "r.cairn", "--memory", "1MB")
    }

    @Test func `what cannot be written is refused before anything runs`() throws {
        let scratch = try roads()
        try scratch.file("e.tsv", "1\t2\n")
        let lines: [(Int32, [String])] = [
            (64, ["pagerank", "e.tsv", "--write", "rank"]),
            (64, ["pagerank", "r.cairn", "--write", "="]),
            (64, ["pagerank", "r.cairn", "--write", "rank,x=rank"]),
            (64, ["pagerank", "r.cairn", "--at", "1", "--write", "rank"]),
            (1, ["pagerank", "r.cairn", "--write", "id"]),
            (1, ["pagerank", "r.cairn", "--write", "rnk=value"]),
            (1, ["shortest-path", "r.cairn", "pairs=a:c", "--write", "path"]),
        ]
        for (code, words) in lines {
            let outcome = try scratch.failing(code, ["run"] + words)
            #expect(outcome.output.isEmpty, "\(words)")
        }
        try scratch.cairn("run", "pagerank", "r.cairn", "--write", "id", "--force")
    }
}
