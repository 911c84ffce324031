import Dispatch
import PropertyGraph
import Synchronization
import Testing

@testable import GraphAlgorithms

@Suite struct `Threads that stay awake` {
    /// Counts how often each number was called.
    private final class Tally: Sendable {
        private let counts: Mutex<[Int]>

        init(_ count: Int) { counts = Mutex([Int](repeating: 0, count: count)) }

        func add(_ number: Int) { counts.withLock { $0[number] += 1 } }

        /// Whether each was called just so often.
        func isEach(_ times: Int) -> Bool {
            counts.withLock { $0.allSatisfy { $0 == times } }
        }
    }

    @Test func `call each number once, in one piece of work after another`() {
        let pool = WorkerPool()
        for count in [1, 2, 3, 8, 40] {
            let tally = Tally(count)
            for round in 1...500 {
                pool.perform(count) { tally.add($0) }
                #expect(tally.isEach(round), "\(count) numbers, round \(round)")
            }
        }
    }

    @Test func `see what was written before, and show what they write`() throws {
        var sums = ParallelColumn<Int>(zeroed: 4 * 64)
        let rows = ParallelRows(
            offsets: CSRBuffer((0...256).map { UInt64($0) }), options: .eager(threads: 4))
        for round in 1...500 {
            try rows.sweep(&sums) { _, part in
                for row in part.indices { part[row] += round }
                return .zero
            }
        }
        let found = sums.array()
        #expect(found.allSatisfy { $0 == 500 * 501 / 2 })
    }

    @Test func `do work that is handed out from within work`() {
        let pool = WorkerPool()
        let tally = Tally(6)
        for round in 1...50 {
            pool.perform(3) { outer in pool.perform(2) { tally.add(outer * 2 + $0) } }
            #expect(tally.isEach(round))
        }
    }

    @Test func `serve callers from several threads`() {
        let pool = WorkerPool()
        let tally = Tally(5)
        DispatchQueue.concurrentPerform(iterations: 4) { _ in
            for _ in 0..<100 { pool.perform(5) { tally.add($0) } }
        }
        #expect(tally.isEach(400))
    }

    @Test func `are waited for, however long one of them takes`() {
        let pool = WorkerPool()
        let ended = Atomic<Int>(0)
        for round in 1...5 {
            pool.perform(2) { _ in
                // Longer than a caller looks out before it sleeps.
                var state: UInt64 = 1
                for _ in 0..<200_000 { state = SeededRandom.mix(state) }
                ended.wrappingAdd(state == 0 ? 2 : 1, ordering: .relaxed)
            }
            #expect(ended.load(ordering: .relaxed) == 2 * round)
        }
    }
}
