import Foundation
import Glibc
import StoreTestSupport
import Testing

@Suite struct `Interruptions` {
    @Test func `a closed pipe ends a listing quietly`() throws {
        let scratch = try Scratch()
        // Larger than a pipe holds, so that writing goes on after the reader left.
        var text = "id:ID,text,:LABEL\n"
        for row in 0..<3_000 { text += "\(row),\(String(repeating: "x", count: 60)),Row\n" }
        try scratch.file("rows.csv", text)
        try scratch.cairn("import", "rows.csv", "--db", "g.cairn")
        let lines = [
            "node list -n 0 --format plain", "changes --from 1", "export - --as jsonl",
            "run pagerank --format csv",
        ]
        for words in lines {
            let shell = Process()
            shell.executableURL = URL(fileURLWithPath: "/bin/bash")
            shell.arguments = [
                "-c",
                "set -o pipefail; '\(Cairn.path)' \(words) --db g.cairn 2>errors | head -1 >/dev/null",
            ]
            shell.currentDirectoryURL = URL(fileURLWithPath: scratch.path)
            shell.environment = BuiltCommand.environment
            try shell.run()
            shell.waitUntilExit()
            #expect(shell.terminationStatus == 0, "\(words)")
            let errors = try scratch.text("errors")
            #expect(errors.isEmpty, "\(words): \(errors)")
        }
    }

    @Test func `Ctrl-C in the middle of an import leaves the database as it was`() throws {
        let scratch = try Scratch()
        try scratch.people()
        let before = try scratch.cairn("info", "--json", "--db", "g.cairn").object()
        // The import waits for input that never ends: a named pipe held open by this test.
        let pipe = scratch.path + "/pipe.csv"
        let isMade = unsafe mkfifo(pipe, 0o600) == 0
        try #require(isMade)
        let holder = unsafe open(pipe, O_RDWR)
        defer { close(holder) }
        let running = try Cairn.start(
            ["import", "pipe.csv", "--db", "g.cairn"], in: scratch)
        // Feed rows until the command dies of the signal; a full pipe blocks this thread meanwhile.
        let flags = fcntl(holder, F_GETFL)
        _ = fcntl(holder, F_SETFL, flags | O_NONBLOCK)
        let rows = Array(("id:ID,name,:LABEL\n").utf8)
        Self.send(rows, holder)
        var sent = 0
        var number = 0
        var isSignalled = false
        let patience = Patience(running)
        while patience.lasts() {
            // Ids all differ, and every row has one length, so that none is cut by a full pipe.
            let row = Array("\(1_000_000 + number),Ada,Person\n".utf8)
            let count = Self.send(row, holder)
            if count > 0 {
                sent += count
                number += 1
            }
            // More than a pipe holds was taken: the import is in the middle of its work.
            if sent > 1 << 18, !isSignalled {
                isSignalled = true
                kill(running.process.processIdentifier, SIGINT)
            }
        }
        let outcome = try running.finish()
        #expect(outcome.code == 130, "\(outcome.errors)")
        let after = try scratch.cairn("info", "--json", "--db", "g.cairn").object()
        #expect(before["nodes"] as? Int == after["nodes"] as? Int)
        #expect(before["position"] as? Int == after["position"] as? Int)
        #expect(
            try scratch.cairn("check", "--json", "--db", "g.cairn").object()["sound"] as? Bool
                == true)
    }

    /// Nodes in a circle.
    private static func ring(_ count: Int) -> String {
        (0..<count).map { "\($0)\t\(($0 + 1) % count)\n" }.joined()
    }

    @Test func `Ctrl-C ends a run in the middle of its work, and no file is left`() throws {
        let scratch = try Scratch()
        try scratch.file("e.tsv", Self.ring(500))
        let running = try Cairn.start(
            [
                "run", "stats,pagerank", "e.tsv", "iterations=1000000", "--json", "-o",
                "{algorithm}.csv",
            ], in: scratch)
        // The first answer is out, so the second algorithm is at work.
        let patience = Patience(running)
        while try String(contentsOf: running.outputFile, encoding: .utf8).isEmpty,
            patience.lasts()
        { sched_yield() }
        kill(running.process.processIdentifier, SIGINT)
        while patience.lasts() { sched_yield() }
        let outcome = try running.finish()
        #expect(outcome.code == 130)
        #expect(outcome.errors == "cairn: Interrupted; nothing was changed.\n")
        #expect(!scratch.has("pagerank.csv"))
    }

    @Test func `a long run tells a terminal how far it is, until Ctrl-C ends it`() throws {
        let scratch = try Scratch()
        try scratch.file("e.tsv", Self.ring(500))
        try scratch.file("keys", "[\"pagerank: \"]\n\"\\x03\"\n[\"Interrupted\"]\n")
        let driver = Golden.root.appendingPathComponent("Fixtures/terminal.py").path
        let shell = Process()
        shell.executableURL = URL(fileURLWithPath: "/bin/sh")
        shell.arguments = [
            "-c",
            "python3 \"$0\" \"$1\" run pagerank e.tsv iterations=1000000 --threads 1 < keys > shown",
            driver, Cairn.path,
        ]
        shell.currentDirectoryURL = URL(fileURLWithPath: scratch.path)
        shell.environment = BuiltCommand.environment(adding: [
            "PATH": "/usr/local/bin:/usr/bin:/bin"
        ])
        try shell.run()
        shell.waitUntilExit()
        let shown = try scratch.text("shown")
        #expect(shell.terminationStatus == 130, "\(shown)")
        #expect(shown.contains("nothing was changed"))
        #expect(!shown.contains("waited in vain"), "\(shown)")
    }

    @Test(arguments: [true, false])
    func `Ctrl-C ends a run on a database wherever it is, and the database is as it was`(
        isNow: Bool
    ) throws {
        let scratch = try Scratch()
        var text = ":START_ID,:END_ID,:TYPE,w:double\n"
        for row in 0..<30_000 { text += "n\(row % 9_000),n\(row &* 7 % 9_000),E,\(row % 5)\n" }
        try scratch.file("e.csv", text)
        try scratch.file(
            "n.csv", "id:ID,:LABEL\n" + (0..<9_000).map { "n\($0),N\n" }.joined())
        try scratch.cairn("import", "n.csv", "e.csv", "--db", "g.cairn")
        var moment: [String] = []
        if !isNow {
            try scratch.cairn("history", "on", "--db", "g.cairn")
            let info = try scratch.cairn("info", "--json", "--db", "g.cairn").object()
            moment = ["--at", "\(try #require(info["position"] as? Int))"]
            try scratch.cairn("node", "create", "N", "id=later", "--db", "g.cairn")
        }
        // The run cannot end by itself: it is opening, projecting or ranking when the signal comes.
        let running = try Cairn.start(
            ["run", "pagerank", "g.cairn", "--weight", "w", "iterations=1000000", "weighted=true"]
                + moment, in: scratch)
        let patience = Patience(running)
        while patience.lasts(), !running.maps("data.mdb") { sched_yield() }
        kill(running.process.processIdentifier, SIGINT)
        while patience.lasts() { sched_yield() }
        let outcome = try running.finish()
        #expect(outcome.code == 130)
        #expect(outcome.errors == "cairn: Interrupted; nothing was changed.\n")
        #expect(
            try scratch.cairn("check", "--json", "--db", "g.cairn").object()["sound"] as? Bool
                == true)
        let after = try scratch.cairn("run", "stats", "g.cairn", "--json").object()
        #expect((after["graph"] as? [String: Any])?["edges"] as? Int == 30_000)
    }

    @Test func `Ctrl-C ends a run that waits for its input`() throws {
        let scratch = try Scratch()
        let pipe = scratch.path + "/pipe.tsv"
        let isMade = unsafe mkfifo(pipe, 0o600) == 0
        try #require(isMade)
        let holder = unsafe open(pipe, O_RDWR)
        defer { close(holder) }
        let running = try Cairn.start(["run", "pagerank", "pipe.tsv"], in: scratch)
        // More than the pipe holds: when all of it is gone, the command waits for more.
        let rows = Array(String(repeating: "1\t2\n", count: 1 << 16).utf8)
        let flags = fcntl(holder, F_GETFL)
        _ = fcntl(holder, F_SETFL, flags | O_NONBLOCK)
        let patience = Patience(running)
        var sent = 0
        while sent < rows.count, patience.lasts() {
            sent += max(0, Self.send(Array(rows[sent..<min(sent + 4_096, rows.count)]), holder))
        }
        kill(running.process.processIdentifier, SIGINT)
        while patience.lasts() { sched_yield() }
        let outcome = try running.finish()
        #expect(outcome.code == 130)
        #expect(outcome.errors == "cairn: Interrupted; nothing was changed.\n")
    }

    @discardableResult
    private static func send(_ bytes: [UInt8], _ descriptor: Int32) -> Int {
        // SAFETY: the buffer is the array's own, and its count is its length.
        unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
    }

    @Test func `following changes shows those of another process, and ends with Ctrl-C`() throws {
        let scratch = try Scratch()
        try scratch.people()
        let running = try Cairn.start(
            ["changes", "--follow", "--from", "1", "--format", "jsonl", "--db", "g.cairn"],
            in: scratch)
        func shows(_ count: Int) throws -> Bool {
            try String(contentsOf: running.outputFile, encoding: .utf8)
                .split(separator: "\n").count >= count
        }
        let patience = Patience(running)
        while try !shows(3), patience.lasts() { sched_yield() }
        try scratch.cairn("node", "create", "Person", "name=Cy", "--db", "g.cairn")
        while try !shows(4), patience.lasts() { sched_yield() }
        kill(running.process.processIdentifier, SIGINT)
        while patience.lasts() { sched_yield() }
        let outcome = try running.finish()
        #expect(outcome.code == 0)
        #expect(try outcome.objects().count == 4)
    }
}

extension Cairn.Running {
    /// Whether the command has mapped a file of this name.
    fileprivate func maps(_ name: String) -> Bool {
        // Not by its path: the system's file has no size, and is longer than one reading of it.
        let file = FileHandle(forReadingAtPath: "/proc/\(process.processIdentifier)/maps")
        let bytes = (try? file?.readToEnd()) ?? nil
        return String(decoding: bytes ?? Data(), as: UTF8.self).contains(name)
    }
}

/// Ends a command that hangs, so that a defect fails the test instead of stopping all of them.
private struct Patience {
    private let running: Cairn.Running
    private let end = ContinuousClock.now + .seconds(60)

    init(_ running: Cairn.Running) { self.running = running }

    /// Whether the command runs and there is time left; kills it when there is none.
    func lasts() -> Bool {
        guard running.process.isRunning else { return false }
        guard ContinuousClock.now >= end else { return true }
        Issue.record("The command did not end within a minute.")
        kill(running.process.processIdentifier, SIGKILL)
        return false
    }
}
