import Foundation
import GraphStore
import PropertyGraph
import Synchronization

/// Commits by several clients, each of which waits for its own to be acknowledged.
struct Commits {
    /// Commits a node with a key and edges to two concepts, named by their numbers.
    typealias Add = @Sendable (_ key: String, _ first: UInt64, _ second: UInt64) throws -> Void

    private let count: UInt64
    private let seconds: Double
    private let add: Add

    init(concepts count: UInt64, seconds: Double, _ add: @escaping Add) {
        self.count = count
        self.seconds = seconds
        self.add = add
    }

    /// Commits through the store.
    init(_ db: GraphDatabase, seconds: Double) throws {
        let concepts = try db.read { try $0.nodeIDs(label: "Concept") }
        self.init(concepts: UInt64(concepts.count), seconds: seconds) { key, first, second in
            try Self.add(key, concepts[Int(first)], concepts[Int(second)], to: db)
        }
    }

    /// Runs so many clients and reports commits a second and their latencies.
    func measure(_ name: String, clients: Int) {
        let syncsBefore = Syncs.count
        let (spent, latencies, failures) = commit(clients: clients)
        let count = latencies.count - failures
        report(name, Double(count) / spent.wall, "tx/s", spent, operations: count)
        for (label, share) in [("p50", 0.5), ("p99", 0.99)] where !latencies.isEmpty {
            let value = latencies[min(latencies.count - 1, Int(Double(latencies.count) * share))]
            report("\(name)_\(label)", value * 1e6, "us", spent, operations: count)
        }
        if let before = syncsBefore, let after = Syncs.count, count > 0 {
            let each = Double(after - before) / Double(count)
            report("\(name)_syncs", each, "syncs/tx", spent, operations: count)
        }
        if failures > 0 {
            FileHandle.standardError.write(Data("\(name): \(failures) commits failed\n".utf8))
        }
    }

    /// Commits until the time is over.
    ///
    /// - Returns: What it took, every latency in seconds, ascending, and how many failed.
    func commit(
        clients: Int, whileTrue goesOn: @escaping @Sendable () -> Bool = { true }
    ) -> (spent: (wall: Double, cpu: Double), latencies: [Double], failures: Int) {
        // Begins every key, so that measuring the same database again makes new nodes.
        let run = UInt64.random(in: .min ... .max)
        let failures = Atomic<Int>(0)
        let latencies = Mutex<[Double]>([])
        let watch = Stopwatch()
        let group = DispatchGroup()
        for client in 0..<clients {
            let thread = Thread {
                var mine: [Double] = []
                var starts = Starts(seed: run &+ UInt64(client))
                while watch.wall < seconds, goesOn() {
                    let began = ContinuousClock.now
                    let key = "bench-\(run)-\(client)-\(mine.count)"
                    let first = starts.next(below: count)
                    let second = starts.next(below: count)
                    do {
                        try add(key, first, second)
                    } catch {
                        failures.add(1, ordering: .relaxed)
                    }
                    mine.append(Stopwatch.seconds(since: began))
                }
                latencies.withLock { $0.append(contentsOf: mine) }
                group.leave()
            }
            group.enter()
            thread.start()
        }
        group.wait()
        let spent = (watch.wall, watch.cpu)
        return (spent, latencies.withLock { $0.sorted() }, failures.load(ordering: .relaxed))
    }

    /// One node with a key and two edges to concepts.
    private static func add(
        _ key: String, _ first: NodeID, _ second: NodeID, to db: GraphDatabase
    ) throws {
        try db.write { txn in
            let node = try txn.createNode(
                labels: ["Concept"],
                properties: [
                    "key": .string(key), "title": "A new concept", "domain": "algebra",
                    "difficulty": 0.5, "minutes": 30,
                ])
            try txn.createEdge(
                "PREREQUISITE", from: node, to: first, properties: ["strength": 0.5])
            try txn.createEdge("RELATED_TO", from: node, to: second, properties: ["strength": 0.5])
        }
    }
}

/// Flushes of this process, counted by `baselines/count_syncs.c` where that is preloaded.
enum Syncs {
    static var count: UInt64? {
        typealias Counter = @convention(c) () -> UInt64
        guard let symbol = dlsym(UnsafeMutableRawPointer(bitPattern: 0), "counted_syncs") else {
            return nil
        }
        return unsafeBitCast(symbol, to: Counter.self)()
    }
}
