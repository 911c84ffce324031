import Dispatch
import GraphStore
import PropertyGraph
import Synchronization
import Testing

@testable import Cypher

@Suite struct `Limits of rows and columns that queries share` {
    /// So many nodes with integers, and texts of a length.
    private func graph(_ count: Int, textBytes: Int = 0) throws -> GraphDatabase {
        let db = try GraphDatabase.temporary()
        try add(count, textBytes: textBytes, to: db)
        return db
    }

    private func add(_ count: Int, textBytes: Int = 0, to db: GraphDatabase) throws {
        _ = try db.query(
            "UNWIND range(1, $count) AS i "
                + "CREATE (:N {a: i, b: i, c: i, d: i, e: i, text: $long + i, odd: toFloat(i % 2)})",
            parameters: [
                "count": .integer(Int64(count)),
                "long": .string(String(repeating: "b", count: textBytes)),
            ])
    }

    private func isMade(
        _ key: PropertyKey, of db: GraphDatabase, _ derived: DerivedGraphs,
        _ making: DerivedGraphs.Making = .always
    ) throws -> Bool {
        try db.read { try derived.graph(.column(key, "N"), of: db, making, $0) != nil }
    }

    /// Runs a body while all places for readers but one are taken.
    private func withOneReaderLeft(_ db: GraphDatabase, _ body: () throws -> Void) throws {
        var refusals = 0
        func nest() throws {
            do {
                try db.read { _ in try nest() }
            } catch let error as GraphStoreError
                where error.code == .storage && refusals < 2
            {
                // The first who is refused has no place himself; the one before him has.
                refusals += 1
                guard refusals == 2 else { throw error }
                try body()
            }
        }
        try nest()
        #expect(refusals == 2)
    }

    @Test func `a query is answered where no reader is left to make a column`() throws {
        let db = try graph(20)
        try withOneReaderLeft(db) {
            let rows = try db.query("MATCH (n) RETURN max(n.a)").rows
            #expect("\(rows)".contains("20"))
        }
        // Nothing of that stays: the next makes it.
        #expect(try isMade("a", of: db, db.queries.derived))
    }

    @Test func `what was small when it was first asked for is not made once it is too large`()
        throws
    {
        let db = try graph(1)
        let derived = DerivedGraphs(mostBytes: 10_000)
        #expect(try isMade("a", of: db, derived))
        try add(2_000, to: db)
        #expect(try !isMade("a", of: db, derived))
        #expect(derived.heldBytes == 0)
    }

    @Test func `a column of long texts is given up, and not tried again`() throws {
        let db = try graph(100, textBytes: 1_000)
        let derived = DerivedGraphs(mostBytes: 50_000)
        #expect(try isMade("a", of: db, derived))
        #expect(try !isMade("text", of: db, derived))
        let tries = Mutex(0)
        var making = DerivedGraphs.Making.always
        making.isStopped = {
            tries.withLock { $0 += 1 }
            return false
        }
        #expect(try !isMade("text", of: db, derived, making))
        #expect(tries.withLock { $0 } == 0)
        // Enough room for the same.
        #expect(try isMade("text", of: db, DerivedGraphs(mostBytes: 500_000)))
    }

    @Test func `what is held together never exceeds the limit, by the size it really has`() throws {
        let db = try graph(1_000, textBytes: 40)
        let most = 100_000
        let derived = DerivedGraphs(mostBytes: most)
        for key in ["a", "b", "text", "c", "d", "text", "e", "a"] as [PropertyKey] {
            #expect(try isMade(key, of: db, derived), "\(key)")
            #expect(derived.heldBytes > 16_000)
            #expect(derived.heldBytes <= most, "\(key)")
        }
    }

    @Test func `memory that is kept for the next rows counts`() throws {
        let db = try GraphDatabase.temporary()
        _ = try db.query("UNWIND range(0, 199) AS i CREATE (:N {i: i})")
        _ = try db.query("MATCH (a:N), (b:N {i: a.i + 1}) CREATE (a)-[:R]->(b)")
        let derived = DerivedGraphs()
        func held() throws -> Int {
            #expect(
                try db.read {
                    try derived.graph(.relationships(["R"]), of: db, .always, $0) != nil
                })
            return derived.heldBytes
        }
        let first = try held()
        _ = try db.query("MATCH (a:N {i: 5}), (b:N {i: 9}) CREATE (a)-[:R]->(b)")
        #expect(try held() > first + first / 2)
    }

    @Test func `while one is made, others go without`() throws {
        let db = try graph(10)
        let derived = DerivedGraphs()
        let meanwhile = Mutex<[Bool]>([])
        var making = DerivedGraphs.Making.always
        making.isStopped = {
            let isMade = try? self.isMade("b", of: db, derived)
            meanwhile.withLock { $0.append(isMade ?? true) }
            return false
        }
        #expect(try isMade("a", of: db, derived, making))
        let found = meanwhile.withLock { $0 }
        #expect(!found.isEmpty && found.allSatisfy { !$0 })
        #expect(try isMade("b", of: db, derived))
    }

    @Test func `a column is given up with its query, and made for the next`() throws {
        let db = try graph(10)
        let derived = DerivedGraphs()
        var making = DerivedGraphs.Making.always
        making.isStopped = { true }
        #expect(try !isMade("a", of: db, derived, making))
        #expect(try isMade("a", of: db, derived))
    }

    @Test func `a part that two threads ask for at once counts once`() throws {
        let db = try graph(500)
        let derived = DerivedGraphs()
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            _ = try? isMade("a", of: db, derived)
        }
        let alone = DerivedGraphs()
        #expect(try isMade("a", of: db, alone))
        #expect(try isMade("a", of: db, derived))
        #expect(derived.heldBytes == alone.heldBytes)
    }

    @Test(arguments: [
        "MATCH (n:N) RETURN min(n.text)", "MATCH (n:N) RETURN n.odd, count(n.odd)",
    ])
    func `an aggregate over columns can be stopped in its midst`(query: String) throws {
        let db = try graph(10_000)
        for key in ["text", "odd"] as [PropertyKey] {
            #expect(try isMade(key, of: db, db.queries.derived))
        }
        let asked = Mutex(0)
        var options = QueryOptions()
        options.limits.isCancelled = {
            asked.withLock { $0 += 1 }
            return false
        }
        _ = try db.query(query, options: options)
        #expect(asked.withLock { $0 } >= 10)
    }
}
