import Foundation
import LMDB
import PropertyGraph
import TestSupport
import Testing

@testable import GraphStore

/// A small crowded graph that goes on changing: parallel edges, loops, equal weights.
private struct RestlessGraph {
    let db: GraphDatabase
    private let scratch = ScratchDirectory()
    private var random: TestRandom

    init(seed: UInt64) throws {
        db = try GraphDatabase(path: scratch.child("db"))
        random = TestRandom(seed: seed)
        try change(times: 150)
    }

    /// One transaction of some changes.
    mutating func change(times: Int) throws {
        var random = random
        let seed = random.next()
        try db.write { txn in
            var dice = TestRandom(seed: seed)
            for _ in 0..<times { try Self.changeOnce(&txn, &dice) }
        }
        self.random = random
    }

    private static func changeOnce(
        _ txn: inout GraphStore.WriteTransaction, _ random: inout TestRandom
    ) throws {
        var nodes: [NodeID] = []
        try txn.forEachNode {
            nodes.append($0.id)
            return true
        }
        var edges: [EdgeID] = []
        try txn.forEachEdge {
            edges.append($0.id)
            return true
        }
        guard nodes.count > 12 else {
            try txn.createNode(
                labels: random.percent(60) ? ["A"] : ["B"], properties: ["n": 1, "t": "x"])
            return
        }
        let weight = PropertyValue.double(Double(random.below(3)) / 2)
        switch random.below(20) {
        case 0: try txn.createNode(labels: ["A"], properties: ["n": .integer(2)])
        case 1: try txn.detachDeleteNode(random.pick(nodes))
        case 2: try txn.setProperty("n", of: random.pick(nodes), to: .integer(5))
        case 3..<6 where !edges.isEmpty: try txn.deleteEdge(random.pick(edges))
        case 6..<8 where !edges.isEmpty:
            try txn.setProperty(
                "w", of: random.pick(edges), to: random.percent(20) ? nil : weight)
        case 8 where random.percent(4): try txn.addLabel("A", to: random.pick(nodes))
        default:
            try txn.createEdge(
                random.pick(["R", "S", "T"]), from: random.pick(nodes), to: random.pick(nodes),
                properties: random.percent(70) ? ["w": weight] : [:])
        }
    }
}

extension CSRGraph {
    /// All bytes of the graph's file.
    fileprivate func fileBytes() throws -> [UInt8] {
        let scratch = ScratchDirectory()
        let stamp = GraphFileStamp(
            identity: String(repeating: "0", count: 32), position: 1, token: 1, projection: [])
        var file = try PublishedFile(in: scratch.child("f"), mode: 0o644)
        try GraphFileWriter(self, stamp).write(to: &file)
        try file.publish(as: "graph")
        return Array(try Data(contentsOf: URL(filePath: scratch.child("f/graph"))))
    }
}

@Suite struct `A graph made from an earlier one` {
    private static func projections(_ random: inout TestRandom) -> [Projection] {
        (0..<6).map { _ in
            Projection(
                labels: random.pick([nil, nil, ["A"], ["A", "B"]]),
                types: random.pick([nil, ["R"], ["R", "S"]]),
                direction: random.pick(Projection.Direction.allCases),
                weight: random.percent(50) ? "w" : nil, defaultWeight: 0.75,
                isSimple: random.percent(40), includesIncoming: random.percent(80),
                nodeProperties: random.percent(40) ? ["n", "t"] : [],
                includesEdgeIDs: random.percent(50))
        }
    }

    @Test(arguments: UInt64(1)...6)
    func `is the built one to the last bit`(seed: UInt64) throws {
        var random = TestRandom(seed: seed)
        var graph = try RestlessGraph(seed: seed)
        let projections = Self.projections(&random)
        var origins: [GraphDatabase.ProjectionOrigin: Int] = [:]
        for round in 0..<25 {
            for _ in 0..<(1 + random.below(3)) { try graph.change(times: 1 + random.below(6)) }
            for projection in projections {
                let built = try graph.db.read { try $0.projection(projection) }
                let made = try graph.db.tracedProjection(projection, publish: .always)
                origins[made.origin, default: 0] += 1
                let isSame = try made.graph.fileBytes() == built.fileBytes()
                #expect(isSame, "seed \(seed), round \(round), \(made.origin): \(projection)")
                guard isSame else { return }
            }
        }
        #expect(origins[.patched, default: 0] > 100, "\(origins)")
    }

    @Test func `is kept up with the database while others read it`() throws {
        var graph = try RestlessGraph(seed: 9)
        let live = graph.db.liveProjection(Projection(weight: "w", isSimple: true))
        for _ in 0..<40 {
            let before = try live.graph()
            let bytes = try before.fileBytes()
            try graph.change(times: 4)
            let built = try graph.db.read { try $0.projection(live.projection) }
            #expect(try live.graph().fileBytes() == built.fileBytes())
            #expect(try before.fileBytes() == bytes)
        }
        try graph.db.write { txn in
            let node = try txn.createNode(labels: ["A"])
            try txn.createEdge("R", from: node, to: node, properties: ["w": "heavy"])
        }
        #expect(throws: GraphStoreError.self) { try live.graph() }
    }

    @Test func `is not made from a file of another history`() throws {
        var graph = try RestlessGraph(seed: 1)
        let projection = Projection()
        _ = try graph.db.tracedProjection(projection, publish: .always)
        let folder = graph.db.path + "/derived"
        let name = try #require(
            FileManager.default.contentsOfDirectory(atPath: folder).first { $0.hasSuffix(".csr") })
        let parts = name.split(separator: "-")
        let forged = parts.dropLast().joined(separator: "-") + "-1234abcd.csr"
        try FileManager.default.moveItem(
            atPath: folder + "/" + name, toPath: folder + "/" + forged)
        try graph.change(times: 1)
        let made = try graph.db.tracedProjection(projection, publish: .never)
        #expect(made.origin == .built)
    }

    @Test func `is built where the log does not lead to it, or tells of a bulk load`() throws {
        let scratch = ScratchDirectory()
        var options = GraphDatabaseOptions()
        options.changeLogRetention = 2
        let db = try GraphDatabase(path: scratch.child("db"), options: options)
        func touch() throws { try db.write { txn in _ = try txn.createNode() } }
        try touch()
        try touch()
        #expect(try db.tracedProjection(Projection(), publish: .always).origin == .published)
        try touch()
        #expect(try db.tracedProjection(Projection(), publish: .never).origin == .patched)
        for _ in 0..<30 { try touch() }
        #expect(try db.tracedProjection(Projection(), publish: .always).origin == .published)
        var loader = try BulkLoader(into: db)
        let layout = try loader.nodeLayout(labels: ["A"], keys: [])
        _ = try loader.addNode(layout, values: [])
        _ = try loader.finish()
        let made = try db.tracedProjection(Projection(), publish: .never)
        #expect(made.origin == .built && made.graph.nodeCount == 34)
    }
}
