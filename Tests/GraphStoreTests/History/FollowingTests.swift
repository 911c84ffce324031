import GraphStore
import PropertyGraph
import StoreTestSupport
import Testing

@Suite struct `Following a database` {
    @Test func `the feed gives every position once, in order, as it comes`() async throws {
        let db = try GraphDatabase.temporary()
        let node = try await db.write { try $0.createNode(properties: ["n": 0]) }
        let follower = Task {
            var seen: [UInt64] = []
            var values: [Int64] = []
            for try await set in db.follow(after: 0, every: .milliseconds(1)) {
                seen.append(set.position)
                for case .nodeChanged(_, let changes) in set.changes {
                    values += changes.compactMap { $0.after?.integerValue }
                }
                if set.position == 301 { break }
            }
            return (seen, values)
        }
        for n in 1...300 as ClosedRange<Int64> {
            try await db.write { try $0.setProperty("n", of: node, to: .integer(n)) }
        }
        let (seen, values) = try await follower.value
        #expect(seen == Array(1...301))
        #expect(values == Array(1...300))
    }

    @Test func `a follower that is cancelled ends`() async throws {
        let db = try GraphDatabase.temporary()
        let follower = Task {
            for try await _ in db.follow(after: 0) {}
            return true
        }
        follower.cancel()
        #expect(try await follower.value)
    }

    @Test func `a position of another history is refused`() throws {
        let directory = TemporaryDirectory()
        let db = try GraphDatabase(path: directory.file("store"))
        try db.write { _ = try $0.createNode() }
        try db.copy(to: directory.file("backup"), compacting: false)
        try db.write { _ = try $0.createNode() }
        let followed = try db.read { try $0.changes(from: 2) }[0]
        try db.write { _ = try $0.createNode() }
        let next = try db.read { try $0.changes(after: 2, token: followed.token) }
        #expect(next.map(\.position) == [3])
        db.close()
        // The backup goes on by itself: its position 2 is another transaction.
        let restored = try GraphDatabase(path: directory.file("backup"))
        let ahead = #expect(throws: GraphStoreError.self) {
            try restored.read { try $0.changes(after: 2, token: followed.token) }
        }
        #expect(ahead?.code == .otherHistory)
        try restored.write { _ = try $0.createNode() }
        let other = #expect(throws: GraphStoreError.self) {
            try restored.read { try $0.changes(after: 2, token: followed.token) }
        }
        #expect(other?.code == .otherHistory)
    }

    @Test func `a read waits for a position, and says when it does not come`() async throws {
        let db = try GraphDatabase.temporary()
        let late = #expect(throws: GraphStoreError.self) {
            try db.read(atLeast: 1, timeout: .milliseconds(2)) { _ in }
        }
        #expect(late?.code == .positionTimeout)
        let reader = Task {
            try await db.read(atLeast: 3, timeout: .seconds(1_000)) { try $0.nodeCount() }
        }
        for _ in 0..<3 { try await db.write { _ = try $0.createNode() } }
        #expect(try await reader.value == 3)
        let again = try await db.read(atLeast: 3) { try $0.nodeCount() }
        #expect(again == 3)
    }
}
