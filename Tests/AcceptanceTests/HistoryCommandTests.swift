import Foundation
import Testing

@Suite struct `Earlier states at the command line` {
    @Test func `a graph is read as it was, by position and by time`() throws {
        let scratch = try Scratch()
        try scratch.people()
        try scratch.cairn("history", "on", "--db", "g.cairn")
        try scratch.cairn("node", "set", "Person:name=Ada", "city=Paris", "--db", "g.cairn")
        try scratch.cairn("node", "delete", "2", "--detach", "--force", "--db", "g.cairn")
        let shown = try scratch.cairn("history", "--json", "--db", "g.cairn").object()
        let first = try #require(shown["first_position"] as? Int)
        let newest = try #require(shown["newest_position"] as? Int)
        #expect(newest == first + 2)
        let now = try scratch.cairn("node", "list", "--json", "--db", "g.cairn").json()
        #expect((now as? [Any])?.count == 1)
        let then = try scratch.cairn(
            "node", "list", "--json", "--at", "\(first)", "--db", "g.cairn"
        ).json()
        #expect((then as? [Any])?.count == 2)
        let neighbors = try scratch.cairn(
            "neighbors", "Person:name=Ada", "--json", "--at", "\(first + 1)", "--db", "g.cairn"
        ).json()
        #expect((neighbors as? [Any])?.count == 1)
        let exported = try scratch.cairn("export", "-", "--at", "\(first)", "--db", "g.cairn")
        #expect(exported.output.contains("Zoë"))
        #expect(!exported.output.contains("Paris"))
        let ranks = try scratch.cairn(
            "run", "pagerank", "--json", "--at", "\(first)", "--db", "g.cairn"
        ).object()
        #expect((ranks["graph"] as? [String: Any])?["nodes"] as? Int == 2)
        let late = try scratch.cairn(
            "node", "list", "--json", "--at", "2999-01-01", "--db", "g.cairn"
        ).json()
        #expect((late as? [Any])?.count == 1)
    }

    @Test func `what cannot be read is said`() throws {
        let scratch = try Scratch()
        try scratch.people()
        let none = try scratch.failing(1, "node", "list", "--at", "1", "--db", "g.cairn")
        #expect(none.errors.contains("keeps no earlier states"))
        try scratch.cairn("history", "on", "--positions", "5", "--db", "g.cairn")
        let early = try scratch.failing(1, "node", "list", "--at", "1", "--db", "g.cairn")
        #expect(early.errors.contains("from position"))
        try scratch.failing(64, "node", "list", "--at", "yesterday", "--db", "g.cairn")
        try scratch.failing(64, "history", "on", "--age", "soon", "--db", "g.cairn")
        try scratch.failing(1, "history", "off", "--db", "g.cairn")
        try scratch.cairn("history", "off", "--force", "--db", "g.cairn")
        try scratch.cairn("check", "--db", "g.cairn")
    }
}
