import Foundation
import GraphStore
import PropertyGraph
import StoreTestSupport
import TestSupport
import Testing

/// A life that was recorded, and what the store must hold when it is cut anywhere.
private struct CutLife {
    private let isRelaxed: Bool
    private let log: RecordedLog
    private let directory: TemporaryDirectory
    private var disk: SimulatedDisk
    private var random: TestRandom
    private let seed: UInt64
    /// The graphs at the positions that may be on the disk, oldest first.
    private var graphs: [ModelGraph]
    private var history: ModelHistory
    private(set) var cuts = 0

    /// Lets a writer live for some commits under the recorder; nil without a C compiler.
    init?(seed: UInt64, commits: Int, isRelaxed: Bool = false, isDiskHonest: Bool = true) throws {
        let directory = TemporaryDirectory()
        let source = (#filePath as NSString).deletingLastPathComponent + "/../Shims/recorder.c"
        guard let shim = try PreloadedShim(source: source, in: directory) else {
            print("skipped: a power loss is simulated with a C compiler, and there is none")
            return nil
        }
        let root = directory.file("disk")
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        var environment = shim.environment
        environment["CAIRN_RECORD_ROOT"] = root
        environment["CAIRN_RECORD_LOG"] = directory.file("log")
        let child = try ChildProcess(
            "crash-writer",
            ["recorded", root + "/store", String(seed), String(commits)]
                + (isRelaxed ? ["relaxed"] : []), environment: environment)
        var last = ""
        while let line = child.line() { last = line }
        guard child.wait() == 0 else { throw Disagreement("the writer failed: \(last)") }
        log = try RecordedLog(path: directory.file("log"))
        disk = SimulatedDisk(log, isHonest: isDiskHonest)
        random = TestRandom(seed: seed)
        history = ModelHistory(seed: seed)
        graphs = [history.graph]
        self.seed = seed
        self.isRelaxed = isRelaxed
        self.directory = directory
    }

    /// Plays the log and cuts the power so many times, at moments spread over it by chance.
    mutating func cut(times: Int) throws {
        try cut(at: (0..<times).map { _ in random.below(log.records.count) }.sorted())
    }

    /// Cuts the power at every moment until the database is made, so many times each.
    mutating func cutWhileMaking(times: Int) throws {
        let end = log.records.firstIndex { if case .mark = $0 { true } else { false } } ?? 0
        try cut(at: (0...end).flatMap { [Int](repeating: $0, count: times) })
    }

    private mutating func cut(at moments: [Int]) throws {
        var isMade = false
        var isOpen = false
        var moments = moments[...]
        for (index, record) in log.records.enumerated() {
            while moments.first == index {
                moments.removeFirst()
                try losePower(isMade: isMade, isOpen: isOpen)
            }
            disk.apply(record)
            guard case .mark(let line) = record else { continue }
            isOpen = line.hasPrefix("open") || isOpen && !line.hasPrefix("closed")
            isMade = true
            if line.first?.isNumber == true { acknowledge() }
        }
    }

    /// The position that was said is durable now, or the one before it.
    private mutating func acknowledge() {
        if graphs.last?.position == history.graph.position { _ = history.advance() }
        if graphs.last?.position != history.graph.position { graphs.append(history.graph) }
        graphs.removeFirst(max(0, graphs.count - (isRelaxed ? 2 : 1)))
    }

    private mutating func losePower(isMade: Bool, isOpen: Bool) throws {
        cuts += 1
        let place = directory.file("cut")
        TemporaryDirectory.remove(place)
        let loss = random.pick(SimulatedDisk.Loss.allCases)
        disk.lose(loss, into: place, &random)
        do {
            try examine(place + "/store", isMade: isMade, isOpen: isOpen)
        } catch {
            throw Disagreement("seed \(seed), cut \(cuts), loss of \(loss): \(error)")
        }
    }

    /// No recovery step, no repair: it opens, and holds all that was acknowledged.
    private mutating func examine(_ path: String, isMade: Bool, isOpen: Bool) throws {
        var options = GraphDatabaseOptions()
        options.createsIfMissing = !isMade
        let db = try GraphDatabase(path: path, options: options)
        defer { db.close() }
        let position = try db.read { try $0.position() }
        // The commit that was under way may be there, whole.
        var expected = graphs.first { $0.position == position }
        if expected == nil, isOpen, position == history.graph.position + 1 {
            var next = history
            _ = next.advance()
            expected = next.graph
        }
        guard let expected else {
            throw Disagreement(
                "position \(position) is last; \(graphs.map(\.position)) were acknowledged")
        }
        try db.read { try Comparison.everything($0, expected) }
        if let finding = try db.check().findings.first {
            throw Disagreement("check found \(finding)")
        }
        if random.percent(25) { try goOn(db, from: expected) }
    }

    /// What is left can be written to, and what is derived from it is right.
    private func goOn(_ db: GraphDatabase, from graph: ModelGraph) throws {
        let projection = Projection(includesEdgeIDs: true)
        let fresh = try db.read { try $0.projection(projection) }
        try expectSame(
            projectionDigest(of: try db.projection(projection)), projectionDigest(of: fresh),
            "projection")
        var life = ModelHistory(seed: seed, startingAt: graph)
        for _ in 0..<3 {
            let operations = life.advance()
            try db.write { txn in for operation in operations { try operation.apply(to: &txn) } }
        }
        try db.read { try Comparison.everything($0, life.graph) }
        if let finding = try db.check().findings.first {
            throw Disagreement("check found \(finding) after writing on")
        }
    }
}

@Suite struct `A power loss at any moment` {
    /// `CAIRN_POWER_CUTS` asks for more of them; `script/bench crash` does.
    private static let cuts = Setting.number("CAIRN_POWER_CUTS") ?? 240

    private static let seeds = 1...UInt64(max(6, cuts / 250))

    @Test(arguments: seeds)
    func `loses nothing that was acknowledged and leaves no half of a commit`(seed: UInt64) throws {
        // Every third life acknowledges before the last flush, and may lose that.
        guard var life = try CutLife(seed: seed, commits: 120, isRelaxed: seed % 3 == 0) else {
            return
        }
        let cuts = Self.cuts / Self.seeds.count
        try life.cut(times: cuts)
        #expect(life.cuts == cuts)
    }

    @Test func `leaves a database that was being made to be made again`() throws {
        guard var life = try CutLife(seed: 2, commits: 1) else { return }
        try life.cutWhileMaking(times: 8)
        #expect(life.cuts > 200)
    }

    @Test func `is found out where a disk forgets what it said is written`() throws {
        guard var life = try CutLife(seed: 2, commits: 20, isDiskHonest: false) else { return }
        #expect(throws: Disagreement.self) { try life.cut(times: 400) }
    }
}
