import Glibc
import GraphStore
import PropertyGraph
import StoreTestSupport
import TestSupport
import Testing

/// A database whose writer is killed again and again, and what it must hold.
private struct KilledDatabase {
    let directory = TemporaryDirectory()
    let mode: String
    let seed: UInt64
    var history: ModelHistory
    private(set) var acknowledged = 0

    init(mode: String, seed: UInt64) {
        self.mode = mode
        self.seed = seed
        history = ModelHistory(seed: seed, isLarge: mode == "large")
    }

    /// Lets a writer live for some commits and a moment more, kills it, and looks at what is left.
    mutating func round(commits: Int, moment: UInt32) throws {
        let path = directory.file("store")
        let child = try ChildProcess("crash-writer", [mode, path, String(seed)])
        var said: [String] = []
        while said.count <= commits, let line = child.line() { said.append(line) }
        usleep(moment)
        child.kill()
        // What it said before it died counts, read or not.
        while let line = child.line() { said.append(line) }
        try expectSame(said.filter { $0.hasPrefix("error") }, [], "errors of the writer")
        try examine(path, said.filter { !$0.hasPrefix("open") })
    }

    private mutating func examine(_ path: String, _ said: [String]) throws {
        // No recovery step, no repair: it opens, or what it says is wrong.
        let db = try GraphDatabase(path: path)
        defer { db.close() }
        let position = try db.read { try $0.position() }
        var digests: Set<String> = []
        while history.graph.position < position {
            _ = history.advance()
            digests.insert(history.digest)
        }
        acknowledged += said.count
        for line in said where !digests.contains(line) {
            throw Disagreement("commit '\(line)' was acknowledged and is gone: \(position) is last")
        }
        try db.read { try Comparison.everything($0, history.graph) }
        let report = try db.check()
        if let finding = report.findings.first { throw Disagreement("check found \(finding)") }
    }
}

@Suite struct `A writer that is killed` {
    /// Twenty databases of ten rounds each; `CAIRN_KILLS` asks for another number of rounds.
    private static let databases = max(1, (Setting.number("CAIRN_KILLS") ?? 200) / 10)

    @Test(arguments: 1...UInt64(databases))
    func `keeps every acknowledged commit and no half of one`(seed: UInt64) throws {
        var random = TestRandom(seed: seed)
        var database = KilledDatabase(mode: "history", seed: seed)
        for round in 0..<10 {
            // The first is killed while it makes the database, or soon after.
            let commits = round == 0 && seed % 2 == 0 ? -1 : random.below(10)
            let moment = UInt32(random.below(commits < 0 ? 20_000 : 2_500))
            do {
                try database.round(commits: commits, moment: moment)
            } catch {
                Issue.record("seed \(seed), round \(round): \(error)")
                return
            }
        }
        #expect(database.acknowledged > 0)
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `goes on with an index that is built in slices`(seed: UInt64) throws {
        var random = TestRandom(seed: seed)
        let directory = TemporaryDirectory()
        let path = directory.file("store")
        for round in 0..<8 {
            let child = try ChildProcess("crash-writer", ["build", path, String(seed &+ 7)])
            // The first says so once the database and what is to be built are committed.
            let first = child.line()
            try #require(first == "open", "the writer said \(first ?? "nothing")")
            usleep(UInt32(random.below(9_000)))
            child.kill()
            var options = GraphDatabaseOptions()
            // Nothing goes on while it is looked at, until the last round.
            options.buildsIndexes = false
            let db = try GraphDatabase(path: path, options: options)
            defer { db.close() }
            if round == 7 { try db.waitForIndexes() }
            let report = try db.check()
            #expect(report.isClean, "\(report.findings.prefix(3))")
            try db.read { txn in
                for value in stride(from: Int64(0), to: 50, by: 7) {
                    let with = try txn.nodeIDs(label: "A", where: "p", .equals(.integer(value)))
                    let without = try txn.nodeIDs(
                        label: "A", where: "p", .equals(.integer(value)), using: .never)
                    #expect(with == without)
                }
                let states = try txn.schemaObjects().map { $0.state }
                #expect(states.count == 2)
                if round == 7 { #expect(states == [.online, .online]) }
            }
        }
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `leaves no part of a large change or an index under way`(seed: UInt64) throws {
        var random = TestRandom(seed: seed)
        var database = KilledDatabase(mode: "large", seed: seed)
        for round in 0..<6 {
            do {
                try database.round(
                    commits: random.below(2), moment: UInt32(random.below(120_000)))
            } catch {
                Issue.record("seed \(seed), round \(round): \(error)")
                return
            }
        }
    }
}
