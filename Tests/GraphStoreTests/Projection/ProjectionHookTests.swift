import Foundation
import PropertyGraph
import Synchronization
import Testing

@testable import GraphStore

@Suite struct `Stopping a projection` {
    private static let projections = [
        DerivedGraphs.projection, Projection(),
        Projection(labels: ["A", "C"], types: ["Inline"], weight: "w"),
        Projection(types: ["Recorded", "Bare"], direction: .undirected, nodeProperties: ["key"]),
    ]

    /// Counts questions and says yes from the given one on.
    private final class Doubt: Sendable {
        private let asked = Atomic<Int>(0)
        private let patience: Int
        init(_ patience: Int) { self.patience = patience }
        var count: Int { asked.load(ordering: .relaxed) }
        func hooks() -> ProjectionHooks {
            ProjectionHooks(isCancelled: {
                self.asked.wrappingAdd(1, ordering: .relaxed).oldValue >= self.patience
            })
        }
    }

    @Test(arguments: projections)
    func `ends it with an error of its own, whichever question is answered so, and leaves no file`(
        projection: Projection
    ) throws {
        let scratch = ScratchDirectory()
        let db = try DerivedGraphs.database(scratch)
        var patience = 0
        while true {
            let doubt = Doubt(patience)
            do {
                _ = try db.projection(projection, publish: .always, hooks: doubt.hooks())
                // It was made before it asked so often.
                #expect(doubt.count <= patience)
                break
            } catch let error as GraphStoreError {
                #expect(error.code == .cancelled)
                #expect(doubt.count == patience + 1)
                #expect(DerivedGraphs.files(scratch).isEmpty)
            }
            patience += 1
        }
        #expect(patience > 3, "It asks too seldom to be tested.")
        #expect(DerivedGraphs.files(scratch).count == 1)
        try DerivedGraphs.expectRight(try db.projection(projection), db, projection)
    }

    @Test func `ends the making of columns, and of what is kept up with the database`() throws {
        let scratch = ScratchDirectory()
        let db = try DerivedGraphs.database(scratch)
        let live = db.liveProjection(DerivedGraphs.projection)
        let columns = db.liveNodeColumns(["key"])
        let makers: [(ProjectionHooks) throws -> Int] = [
            { try db.nodeColumns(["key", "w"], publish: .always, hooks: $0).count },
            { try columns.columns(hooks: $0).count },
            { try live.graph(hooks: $0).nodeCount },
        ]
        for make in makers {
            var patience = 0
            while true {
                let doubt = Doubt(patience)
                do {
                    let count = try make(doubt.hooks())
                    #expect(doubt.count <= patience)
                    #expect(try count == make(ProjectionHooks()))
                    break
                } catch let error as GraphStoreError {
                    #expect(error.code == .cancelled)
                    #expect(doubt.count == patience + 1)
                }
                patience += 1
            }
            #expect(patience > 3)
        }
        // One that is held stays when the making of the next is ended.
        let before = try live.graph()
        try db.write { txn in _ = try txn.createNode(labels: ["A", "C"]) }
        #expect(throws: GraphStoreError.self) { try live.graph(hooks: Doubt(0).hooks()) }
        #expect(try live.graph().nodeCount >= before.nodeCount)
        try DerivedGraphs.expectRight(try live.graph(), db, DerivedGraphs.projection)
    }

    @Test func `leaves nothing of a file that was being written`() throws {
        let scratch = ScratchDirectory()
        let db = try DerivedGraphs.database(scratch)
        let graph = try db.projection(Projection(), publish: .never)
        let folder = try #require(DerivedFolder(db.environment))
        let stamp = GraphFileStamp(
            identity: db.format.identity, position: 7, token: 7, projection: [1])
        struct Enough: Error {}
        var patience = 0
        while true {
            var asked = 0
            do {
                try folder.publish(graph, stamp) {
                    if asked == patience { throw Enough() }
                    asked += 1
                }
                break
            } catch is Enough {
                let names = try FileManager.default.contentsOfDirectory(atPath: folder.directory)
                #expect(names.filter { $0 != "lock" }.isEmpty, "\(names)")
            }
            patience += 1
        }
        // Every array is summed up and written.
        #expect(patience > 4)
        #expect(folder.graph(stamp)?.nodeCount == graph.nodeCount)
    }

    @Test func `works for an earlier state, and inside of a transaction`() throws {
        let db = try GraphDatabase.temporary()
        try RandomStore.fill(db, seed: 3)
        try db.setHistory(HistoryRetention(maximumPositions: 100))
        let position = try db.read { try $0.position() }
        try db.write { txn in _ = try txn.createNode(labels: ["A"]) }
        for patience in 0..<3 {
            let before = #expect(throws: GraphStoreError.self) {
                try db.read(asOf: .position(position)) {
                    try $0.projection(DerivedGraphs.projection, hooks: Doubt(patience).hooks())
                }
            }
            #expect(before?.code == .cancelled)
            let now = #expect(throws: GraphStoreError.self) {
                try db.read {
                    try $0.projection(DerivedGraphs.projection, hooks: Doubt(patience).hooks())
                }
            }
            #expect(now?.code == .cancelled)
        }
    }

    @Test func `is asked often enough in a store of many edges, which tells how far it is`() throws
    {
        let db = try GraphDatabase.temporary()
        try RandomStore.fill(db, seed: 4, nodes: 9_000, edges: 20_000)
        let steps = Mutex<[ProjectionHooks.Step]>([])
        let asked = Atomic<Int>(0)
        let hooks = ProjectionHooks(
            progress: { step in steps.withLock { $0.append(step) } },
            isCancelled: {
                asked.wrappingAdd(1, ordering: .relaxed)
                return false
            })
        let graph = try db.projection(DerivedGraphs.projection, hooks: hooks)
        let told = steps.withLock { $0 }
        #expect(Set(told.map(\.phase)).isSuperset(of: ["nodes", "edges", "weights", "rows"]))
        #expect(told.allSatisfy { $0.completed <= $0.total ?? .max })
        // Never more than some thousands of nodes or edges without a question.
        #expect(asked.load(ordering: .relaxed) >= (graph.nodeCount + graph.edgeCount) / 4_096)
    }
}
