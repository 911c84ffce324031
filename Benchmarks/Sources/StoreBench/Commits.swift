import Foundation
import GraphStore
import PropertyGraph
import Synchronization

/// Commits by several clients, each of which waits for its own to be on the disk.
struct Commits {
    let db: GraphDatabase
    let concepts: [NodeID]
    let seconds: Double

    func run(clients: Int, suffix: String = "") {
        let done = Atomic<Int>(0)
        let failures = Atomic<Int>(0)
        let latencies = Mutex<[Double]>([])
        let watch = Stopwatch()
        let deadline = Date().addingTimeInterval(seconds)
        let group = DispatchGroup()
        for client in 0..<clients {
            let thread = Thread {
                var mine: [Double] = []
                var random = SystemRandomNumberGenerator()
                var number = 0
                while Date() < deadline {
                    let single = Stopwatch()
                    let key = "bench-\(suffix)-\(clients)-\(client)-\(number)"
                    let first = concepts[Int(random.next() % UInt64(concepts.count))]
                    let second = concepts[Int(random.next() % UInt64(concepts.count))]
                    do {
                        try add(key, first, second)
                        done.add(1, ordering: .relaxed)
                    } catch {
                        failures.add(1, ordering: .relaxed)
                    }
                    mine.append(single.wall)
                    number += 1
                }
                latencies.withLock { $0.append(contentsOf: mine) }
                group.leave()
            }
            group.enter()
            thread.start()
        }
        group.wait()
        let spent = (watch.wall, watch.cpu)
        let count = done.load(ordering: .relaxed)
        let name = "commit_node2_\(clients)\(suffix)"
        report(name, Double(count) / spent.0, "tx/s", spent, operations: count)
        let sorted = latencies.withLock { $0.sorted() }
        for (label, share) in [("p50", 0.5), ("p99", 0.99)] where !sorted.isEmpty {
            let value = sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))] * 1e6
            report("\(name)_\(label)", value, "us", spent, operations: count)
        }
        if failures.load(ordering: .relaxed) > 0 {
            FileHandle.standardError.write(Data("\(name): some commits failed\n".utf8))
        }
    }

    /// Commits one after the other for a while, on this thread; returns how many.
    func count(for seconds: Double, name: String) -> Int {
        let deadline = Date().addingTimeInterval(seconds)
        var random = SystemRandomNumberGenerator()
        var done = 0
        while Date() < deadline {
            let first = concepts[Int(random.next() % UInt64(concepts.count))]
            let second = concepts[Int(random.next() % UInt64(concepts.count))]
            if (try? add("\(name)-\(done)", first, second)) != nil { done += 1 }
        }
        return done
    }

    /// One node with a key and two edges to concepts.
    private func add(_ key: String, _ first: NodeID, _ second: NodeID) throws {
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
