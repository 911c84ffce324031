import Foundation
import GraphStore
import PropertyGraph
import Synchronization

/// Two threads that read while one commits durably, for some seconds.
struct Mixed {
    private let db: GraphDatabase
    private let reads: Reads
    private let commits: Commits

    init(_ db: GraphDatabase, seconds: Double) throws {
        self.db = db
        commits = try Commits(db, seconds: seconds)
        reads = try Reads(db)
    }

    func run() {
        let done = Atomic<Int>(0)
        let failures = Atomic<Int>(0)
        let isOver = Atomic<Bool>(false)
        let group = DispatchGroup()
        let reads = reads
        for reader in 0..<2 {
            group.enter()
            Thread {
                var starts = Starts(seed: 42 + UInt64(reader))
                while !isOver.load(ordering: .relaxed) {
                    do {
                        try reads.pointAndHop(&starts)
                        done.add(1, ordering: .relaxed)
                    } catch {
                        failures.add(1, ordering: .relaxed)
                    }
                }
                group.leave()
            }.start()
        }
        let watch = Stopwatch()
        let (_, latencies, failed) = commits.commit(clients: 1)
        isOver.store(true, ordering: .relaxed)
        group.wait()
        let spent = (watch.wall, watch.cpu)
        let count = done.load(ordering: .relaxed)
        report("mixed_reads", Double(count) / spent.0, "reads/s", spent, operations: count)
        let written = latencies.count - failed
        report("mixed_commits_1", Double(written) / spent.0, "tx/s", spent, operations: written)
        if failures.load(ordering: .relaxed) > 0 {
            FileHandle.standardError.write(Data("mixed: some reads failed\n".utf8))
        }
    }
}
