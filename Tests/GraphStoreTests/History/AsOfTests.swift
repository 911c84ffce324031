import Foundation
import GraphStore
import PropertyGraph
import StoreTestSupport
import TestSupport
import Testing

/// A store with history and what it was at every position.
private struct Life {
    let directory = TemporaryDirectory()
    var db: GraphDatabase
    /// The model at each position, from the first that can be asked for.
    private(set) var states: [UInt64: ModelGraph] = [:]
    private(set) var operations: [[GraphOperation]] = []
    private var history: ModelHistory
    private var generation = 0

    init(seed: UInt64, retention: HistoryRetention = .init()) throws {
        history = ModelHistory(seed: seed)
        db = try GraphDatabase(path: directory.file("store-0"))
        try db.setHistory(retention)
        states[0] = history.graph
    }

    var newest: UInt64 { history.graph.position }
    var model: ModelGraph { history.graph }

    mutating func advance(_ count: Int) throws {
        for _ in 0..<count {
            let done = history.advance()
            operations.append(done)
            try db.write { txn in for operation in done { try operation.apply(to: &txn) } }
            states[newest] = history.graph
        }
    }

    mutating func reopen() throws {
        db.close()
        db = try GraphDatabase(path: directory.file("store-\(generation)"))
    }

    mutating func compact() throws {
        generation += 1
        try db.copy(to: directory.file("store-\(generation)"), compacting: true)
        try reopen()
    }

    /// The store at a position agrees with the model of that time; indexes are those of today.
    func compare(at position: UInt64, _ generator: inout OperationGenerator) throws {
        guard var then = states[position] else { return }
        try db.read(asOf: .position(position)) { txn in
            try Comparison.graph(txn, then)
            then.schema = model.schema
            try QueryComparison.allIndexes(txn, then, &generator)
        }
    }

    /// The same operations in a store of its own, up to a position.
    func replay(to position: UInt64) throws -> GraphDatabase {
        let replica = try GraphDatabase.temporary()
        for done in operations.prefix(Int(position)) {
            try replica.write { txn in for operation in done { try operation.apply(to: &txn) } }
        }
        return replica
    }
}

@Suite struct `Reading as of an earlier position` {
    /// Two lives, compared at 180 positions; more with `CAIRN_MODEL_SEEDS=12`, at 90 each.
    private static var seeds: ClosedRange<UInt64> {
        let text = ProcessInfo.processInfo.environment["CAIRN_MODEL_SEEDS"] ?? ""
        return 1...max(1, UInt64(text) ?? 2)
    }

    @Test(arguments: seeds)
    func `agrees with a replay of the life to there`(seed: UInt64) throws {
        var life = try Life(seed: seed)
        var generator = OperationGenerator(seed: seed &* 31)
        for round in 0..<6 {
            try life.advance(30)
            if round % 3 == 1 { try life.reopen() }
            if round % 3 == 2 { try life.compact() }
            for _ in 0..<15 {
                let position = UInt64(generator.random.below(Int(life.newest) + 1))
                try life.compare(at: position, &generator)
            }
        }
        let report = try life.db.check()
        #expect(report.isClean, "seed \(seed): \(report.findings)")
    }

    @Test(arguments: UInt64(1)...3)
    func `projects what was projected then`(seed: UInt64) throws {
        var life = try Life(seed: seed &+ 100)
        try life.advance(60)
        let projection = Projection(
            nodeProperties: ["p", "q"], edgeProperties: ["w"], includesEdgeIDs: true)
        for position in [7, 23, 41, 59] as [UInt64] {
            let then = try life.db.read(asOf: .position(position)) { try $0.projection(projection) }
            let replica = try life.replay(to: position)
            let expected = try replica.read { try $0.projection(projection) }
            #expect(projectionDigest(of: then) == projectionDigest(of: expected))
            for key in ["p", "q"] {
                for row in 0..<then.nodeCount {
                    #expect(
                        then.nodeColumns[key]?.string(at: row)
                            == expected.nodeColumns[key]?.string(at: row))
                }
            }
            for arc in 0..<then.outgoing.arcCount {
                #expect(
                    then.edgeColumns["w"]?.string(at: arc)
                        == expected.edgeColumns["w"]?.string(at: arc))
            }
            let rare = Projection(labels: ["A"], types: ["R"])
            let few = try life.db.read(asOf: .position(position)) { try $0.projection(rare) }
            #expect(
                projectionDigest(of: few)
                    == projectionDigest(of: try replica.read { try $0.projection(rare) }))
        }
    }

    @Test func `keeps so many positions and says from where on`() throws {
        var life = try Life(seed: 5, retention: HistoryRetention(maximumPositions: 20))
        var generator = OperationGenerator(seed: 5)
        try life.advance(90)
        let info = try #require(try life.db.history())
        #expect(info.firstPosition == life.newest - 20)
        for position in info.firstPosition...life.newest {
            try life.compare(at: position, &generator)
        }
        let error = #expect(throws: GraphStoreError.self) {
            try life.db.read(asOf: .position(info.firstPosition - 1)) { _ in }
        }
        #expect(error?.code == .historyUnavailable)
        #expect(error?.message.contains("position \(info.firstPosition)") == true)
        let report = try life.db.check()
        #expect(report.isClean, "\(report.findings)")
    }

    @Test func `finds the position of a time`() throws {
        let db = try GraphDatabase.temporary()
        try db.setHistory(.init())
        let node = try db.write { try $0.createNode(properties: ["n": 0]) }
        var times: [Int64] = []
        for step in 1...20 as ClosedRange<Int64> {
            try db.write { try $0.setProperty("n", of: node, to: .integer(step)) }
            times.append(
                try db.read { try $0.changes(from: $0.position())[0].microsecondsSinceEpoch })
        }
        for (index, time) in times.enumerated() {
            // Of several positions at one time the last counts.
            let last = times.lastIndex(of: time) ?? index
            let found = try db.read(asOf: .time(microsecondsSinceEpoch: time)) {
                try $0.property("n", of: node)
            }
            #expect(found == .integer(Int64(last + 1)))
        }
        // It is kept from the beginning on, when the graph was empty.
        let empty = try db.read(asOf: .time(microsecondsSinceEpoch: 1_000)) { try $0.nodeCount() }
        #expect(empty == 0)
        let newest = try db.read(asOf: .time(microsecondsSinceEpoch: .max)) {
            try $0.property("n", of: node)
        }
        #expect(newest == .integer(20))
    }

    @Test func `begins anew after a bulk load`() throws {
        let db = try GraphDatabase.temporary()
        try db.setHistory(.init())
        let node = try db.write { try $0.createNode(labels: ["A"]) }
        let before = try db.position()
        try Self.load(100, into: db)
        let error = #expect(throws: GraphStoreError.self) {
            try db.read(asOf: .position(before)) { _ in }
        }
        #expect(error?.code == .historyUnavailable)
        let early = #expect(throws: GraphStoreError.self) {
            try db.read(asOf: .time(microsecondsSinceEpoch: 1_000)) { _ in }
        }
        #expect(early?.code == .historyUnavailable)
        let loaded = try db.position()
        try db.write { try $0.deleteNode(node) }
        let count = try db.read(asOf: .position(loaded)) { try $0.nodeCount(label: "A") }
        #expect(count == 101)
        #expect(try db.check().isClean)
    }

    private static func load(_ count: Int64, into db: GraphDatabase) throws {
        var loader = try BulkLoader(into: db)
        let layout = try loader.nodeLayout(labels: ["A"], keys: ["n"])
        for n in 0..<count { _ = try loader.addNode(layout, values: [.integer(n)]) }
        _ = try loader.finish()
    }

    @Test func `is refused where no history is kept, and when it was switched off`() throws {
        let db = try GraphDatabase.temporary()
        for _ in 0..<3 { try db.write { _ = try $0.createNode() } }
        #expect(try db.history() == nil)
        let refused = #expect(throws: GraphStoreError.self) {
            try db.read(asOf: .position(1)) { _ in }
        }
        #expect(refused?.code == .historyUnavailable)
        try db.setHistory(.init())
        try db.write { _ = try $0.createNode() }
        let count = try db.read(asOf: .position(3)) { try $0.nodeCount() }
        #expect(count == 3)
        let future = #expect(throws: GraphStoreError.self) {
            try db.read(asOf: .position(9)) { _ in }
        }
        #expect(future?.code == .historyUnavailable)
        try db.setHistory(nil)
        #expect(try db.history() == nil)
        #expect(try db.check().isClean)
    }

    @Test func `a closure that fails leaves no trace in the history`() throws {
        let db = try GraphDatabase.temporary()
        try db.setHistory(.init())
        let node = try db.write { try $0.createNode(properties: ["n": 1]) }
        struct Refused: Error {}
        #expect(throws: Refused.self) {
            try db.write { txn in
                try txn.setProperty("n", of: node, to: 2)
                throw Refused()
            }
        }
        try db.write { try $0.setProperty("n", of: node, to: 3) }
        let then = try db.read(asOf: .position(1)) { try $0.property("n", of: node) }
        #expect(then == 1)
        #expect(try db.check().isClean)
    }
}
