import Foundation
import Testing

@Suite struct `Help and reference` {
    @Test func `the version names program and format, and the format is that of a new database`()
        throws
    {
        let scratch = try Scratch()
        let version = try scratch.cairn("--version").output
        #expect(version == "cairn 0.1.0 (format 1)\n")
        let made = try scratch.cairn("init", "g.cairn", "--json").object()
        #expect(version.contains("(format \(try #require(made["format"] as? Int)))"))
    }

    @Test func `the reference of commands is made from their help`() throws {
        let scratch = try Scratch()
        let page = try scratch.cairn("reference", "cli").output
        try Golden.expect(
            page, file: Golden.package.appendingPathComponent("docs/reference/cli.md"))
    }

    @Test func `the reference of algorithms is made from the catalog`() throws {
        let scratch = try Scratch()
        let page = try scratch.cairn("reference", "algorithms").output
        try Golden.expect(
            page, file: Golden.package.appendingPathComponent("docs/reference/algorithms.md"))
    }

    @Test func `help begins with examples`() throws {
        let scratch = try Scratch()
        for words in [["--help"], ["help", "import"], ["learn", "plan", "-h"]] {
            let outcome = try Cairn.run(words, in: scratch)
            #expect(outcome.code == 0)
            let examples = try #require(outcome.output.range(of: "EXAMPLES:"))
            let usage = try #require(outcome.output.range(of: "USAGE:"))
            #expect(examples.lowerBound < usage.lowerBound, "\(words)")
        }
        try Golden.expect(try scratch.cairn(columns: 80).output, "help/root.txt")
    }

    @Test func `help is no wider than the terminal`() throws {
        let scratch = try Scratch()
        for command in ["init", "import", "export", "info", "neighbors", "changes", "run"] {
            let page = try scratch.cairn(command, "--help", columns: 80).output
            let wide = page.split(separator: "\n").filter { $0.count > 80 }
            #expect(wide.isEmpty, "\(command)")
        }
    }

    @Test func `every algorithm has a page with its parameters and summary`() throws {
        let scratch = try Scratch()
        let listed = try #require(
            scratch.cairn("run", "--list", "--json").json() as? [[String: String]])
        #expect(listed.count >= 8)
        for name in listed.compactMap({ $0["name"] }) {
            let page = try scratch.cairn("run", name, "--help").output
            #expect(page.contains("SUMMARY"), "\(name)")
            #expect(page.contains("cairn run \(name) --input"), "\(name)")
        }
        try Golden.expect(
            try scratch.cairn("run", "pagerank", "--help", columns: 80).output, "help/pagerank.txt")
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `there are completions for a shell, and they know the commands`(shell: String) throws {
        let script = try Scratch().cairn("completions", shell).output
        for word in ["import", "neighbors", "pagerank", "--db"] {
            #expect(script.contains(shell == "fish" && word == "--db" ? "db" : word), "\(word)")
        }
    }
}
