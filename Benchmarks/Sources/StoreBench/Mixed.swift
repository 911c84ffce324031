import Foundation
import GraphStore
import Synchronization

/// Two threads that read while one commits durably, for some seconds.
struct Mixed {
    private let commits: Commits
    private let read: @Sendable (inout Starts) throws -> Void

    init(_ commits: Commits, _ read: @escaping @Sendable (inout Starts) throws -> Void) {
        self.commits = commits
        self.read = read
    }

    /// Reads and commits through the store.
    init(_ db: GraphDatabase, seconds: Double) throws {
        let reads = try Reads(db)
        self.init(try Commits(db, seconds: seconds)) { try reads.pointAndHop(&$0) }
    }

    func run() {
        let done = Atomic<Int>(0)
        let failures = Atomic<Int>(0)
        let isOver = Atomic<Bool>(false)
        let group = DispatchGroup()
        let read = read
        for reader in 0..<2 {
            group.enter()
            Thread {
                var starts = Starts(seed: 42 + UInt64(reader))
                while !isOver.load(ordering: .relaxed) {
                    do {
                        try read(&starts)
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
