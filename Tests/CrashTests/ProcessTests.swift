import Foundation
import GraphStore
import PropertyGraph
import StoreTestSupport
import TestSupport
import Testing

@Suite struct `Several processes on one database` {
    @Test func `lose no update and see no torn sum`() throws {
        let directory = TemporaryDirectory()
        let path = directory.file("store")
        let db = try GraphDatabase(path: path)
        try db.write { txn in
            try txn.createNode(properties: ["n": 0])
            for _ in 0..<10 {
                try txn.createNode(labels: ["Account"], properties: ["amount": 100])
            }
        }
        let times = 150
        let children = [
            try ChildProcess("crash-writer", ["watch", path, String(times * 2)]),
            try ChildProcess("crash-writer", ["watch", path, String(times * 2)]),
            try ChildProcess("crash-writer", ["transfer", path, String(times)]),
            try ChildProcess("crash-writer", ["count", path, String(times)]),
        ]
        for child in children {
            #expect(child.line() == "done")
            #expect(child.wait() == 0)
        }
        try db.read { txn in
            #expect(try txn.property("n", of: NodeID(1)) == .integer(Int64(times * 2)))
            let amounts = try txn.nodeIDs(label: "Account").map {
                try txn.property("amount", of: $0)?.integerValue ?? 0
            }
            #expect(amounts.reduce(0, +) == 1_000)
        }
        #expect(try db.check().isClean)
        db.close()
    }

    @Test func `publish one projection at once and leave one sound file`() throws {
        let directory = TemporaryDirectory()
        let path = directory.file("store")
        let db = try GraphDatabase(path: path)
        try db.write { txn in
            var random = TestRandom(seed: 11)
            var nodes: [NodeID] = []
            for _ in 0..<500 { nodes.append(try txn.createNode(labels: ["A"])) }
            for _ in 0..<5_000 {
                try txn.createEdge("T", from: random.pick(nodes), to: random.pick(nodes))
            }
        }
        let projection = Projection(includesEdgeIDs: true)
        let expected = projectionDigest(of: try db.read { try $0.projection(projection) })
        let folder = path + "/derived"
        for round in 0..<8 {
            let children = try (0..<2).map { _ in
                try ChildProcess("crash-writer", ["publish", path, "5"])
            }
            for child in children { #expect(child.line() == "ready") }
            for child in children { child.send("go") }
            for child in children {
                for _ in 0..<5 { #expect(child.line() == expected, "round \(round)") }
                #expect(child.line() == "done")
                #expect(child.wait() == 0)
            }
            let files = try FileManager.default.contentsOfDirectory(atPath: folder)
                .filter { $0 != "lock" }
            #expect(files.count == 1 && files.allSatisfy { $0.hasSuffix(".csr") }, "\(files)")
            #expect(try projectionDigest(of: db.projection(projection)) == expected)
            for file in files { try FileManager.default.removeItem(atPath: folder + "/" + file) }
        }
        db.close()
    }

    @Test func `read what another wrote, and see it as it was before`() throws {
        let directory = TemporaryDirectory()
        let path = directory.file("store")
        let db = try GraphDatabase(path: path)
        try db.setHistory(.init())
        try db.write { txn in _ = try txn.createNode(properties: ["n": 0]) }
        let child = try ChildProcess("crash-writer", ["count", path, "60"])
        for position in [11, 41, 61] as [UInt64] {
            let n = try db.read(atLeast: position, timeout: .seconds(60)) {
                try $0.property("n", of: NodeID(1))?.integerValue ?? 0
            }
            #expect(n >= Int64(position) - 1)
        }
        #expect(child.line() == "done")
        #expect(child.wait() == 0)
        // Every process that writes keeps what was.
        for position in 1...61 as ClosedRange<UInt64> {
            let n = try db.read(asOf: .position(position)) { try $0.property("n", of: NodeID(1)) }
            #expect(n == .integer(Int64(position) - 1))
        }
        #expect(try db.check().isClean)
        db.close()
    }

    @Test func `wait for each other only so long, and say for whom`() throws {
        let directory = TemporaryDirectory()
        let path = directory.file("store")
        var options = GraphDatabaseOptions()
        options.writerTimeout = .milliseconds(30)
        let db = try GraphDatabase(path: path, options: options)
        try db.write { txn in _ = try txn.createNode() }
        let child = try ChildProcess("crash-writer", ["hold", path])
        #expect(child.line() == "held")
        let error = #expect(throws: GraphStoreError.self) {
            try db.write { txn in _ = try txn.createNode() }
        }
        #expect(error?.code == .writerTimeout)
        #expect(error?.message.contains(String(child.processID)) == true)
        // Readers do not wait, and see nothing of what is not committed.
        #expect(try db.read { try $0.nodeCount() } == 1)
        child.send("go on")
        #expect(child.line() == "done")
        #expect(child.wait() == 0)
        #expect(try db.read { try $0.nodeCount() } == 2)
        try db.write { txn in _ = try txn.createNode() }
        db.close()
    }

    @Test func `get the writer's place when its holder dies`() throws {
        let directory = TemporaryDirectory()
        let path = directory.file("store")
        let db = try GraphDatabase(path: path)
        try db.write { txn in _ = try txn.createNode() }
        let child = try ChildProcess("crash-writer", ["hold", path])
        #expect(child.line() == "held")
        child.kill()
        try db.write { txn in _ = try txn.createNode() }
        #expect(try db.read { try $0.nodeCount() } == 2)
        #expect(try db.check().isClean)
        db.close()
    }
}
