import Foundation
import Testing

@Suite struct `Standard input and output` {
    @Test func `an edge list comes in through standard input`() throws {
        let scratch = try Scratch()
        let told = try scratch.cairn(
            "import", "-", "--input-format", "edges", "--type", "ROAD", "--id-property", "id",
            "--db", "g.cairn", "--json", input: "# from to length\na b 2.5\nb c 1\nc a 4\n"
        ).object()
        #expect(told["nodes"] as? Int == 3)
        #expect(told["edges"] as? Int == 3)
        let edges = try scratch.cairn(
            "export", "-", "--as", "edges", "--weight", "weight", "--db", "g.cairn")
        #expect(edges.output.split(separator: "\n").count >= 3)
    }

    @Test func `typed CSV comes in through standard input`() throws {
        let scratch = try Scratch()
        let told = try scratch.cairn(
            "import", "-", "--input-format", "csv", "--db", "g.cairn", "--json",
            input: "id:ID,age:int,:LABEL\na,12,Person\nb,13,Person\n"
        ).object()
        #expect(told["nodes"] as? Int == 2)
        let node = try scratch.cairn(
            "node", "get", "Person:id=a", "--db", "g.cairn", "--json")
        #expect(node.output.contains("12"))
    }

    @Test func `an export as JSON lines comes in again through standard input`() throws {
        let scratch = try Scratch()
        try scratch.people()
        let exported = try scratch.cairn("export", "-", "--db", "g.cairn").output
        try scratch.cairn(
            "import", "-", "--input-format", "jsonl", "--db", "h.cairn", input: exported)
        #expect(try scratch.cairn("export", "-", "--db", "h.cairn").output == exported)
        // Without a name to go by, the first bytes tell the format.
        try scratch.cairn("import", "-", "--db", "i.cairn", input: exported)
        #expect(try scratch.cairn("export", "-", "--db", "i.cairn").output == exported)
    }

    @Test func `a device without room is told, whatever is printed`() throws {
        let scratch = try Scratch()
        try scratch.people()
        let lines = [
            "--help", "--version", "run bfs --help", "info --db g.cairn", "node list --db g.cairn",
        ]
        for words in lines {
            let shell = Process()
            shell.executableURL = URL(fileURLWithPath: "/bin/sh")
            shell.arguments = ["-c", "'\(Cairn.path)' \(words) >/dev/full 2>errors"]
            shell.currentDirectoryURL = URL(fileURLWithPath: scratch.path)
            try shell.run()
            shell.waitUntilExit()
            #expect(shell.terminationStatus == 1, "\(words)")
            #expect(try scratch.text("errors").contains("No space left on device"), "\(words)")
        }
    }

    @Test func `an export goes into an import through a pipe`() throws {
        let scratch = try Scratch()
        let folder = Golden.package.appendingPathComponent("datasets/curriculum").path
        try scratch.cairn("import", folder, "--db", "a.cairn")
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = [
            "-c", "\"$0\" export - --db a.cairn | \"$0\" import - --quiet --db b.cairn",
            Cairn.path,
        ]
        shell.currentDirectoryURL = URL(fileURLWithPath: scratch.path)
        try shell.run()
        shell.waitUntilExit()
        #expect(shell.terminationStatus == 0)
        let before = try scratch.cairn("export", "-", "--db", "a.cairn").output
        #expect(before.split(separator: "\n").count == 1 + 656 + 1_383)
        #expect(try scratch.cairn("export", "-", "--db", "b.cairn").output == before)
    }

    @Test func `what cannot be read on standard input is said with its line`() throws {
        let scratch = try Scratch()
        let outcome = try Cairn.run(
            ["import", "-", "--input-format", "csv", "--db", "g.cairn"], in: scratch,
            input: "id:ID,age:int,:LABEL\na,twelve,Person\n")
        #expect(outcome.code == 1)
        #expect(outcome.errors.contains(":2:"), "\(outcome.errors)")
        #expect(!scratch.has("g.cairn"))
    }
}
