import Dispatch
import Foundation
import PropertyGraph
import Synchronization
import Testing

@testable import GraphStore

/// What the tests of derived files share.
enum DerivedGraphs {
    static let projection = Projection(
        weight: "w", nodeProperties: ["key", "score"], edgeProperties: ["note"],
        includesEdgeIDs: true)

    static func database(_ scratch: ScratchDirectory, seed: UInt64 = 3) throws -> GraphDatabase {
        let db = try GraphDatabase(path: scratch.child("db"))
        try RandomStore.fill(db, seed: seed)
        return db
    }

    static func folder(_ scratch: ScratchDirectory) -> String { scratch.child("db/derived") }

    /// The graphs in the folder, and nothing else but its lock.
    static func files(_ scratch: ScratchDirectory) -> [String] {
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder(scratch))
        return (names ?? []).filter { $0 != "lock" }.sorted()
    }

    static func onlyFile(_ scratch: ScratchDirectory) throws -> String {
        let names = files(scratch)
        #expect(names.count == 1)
        return folder(scratch) + "/" + (try #require(names.first))
    }

    static func expectRight(
        _ graph: CSRGraph, _ db: GraphDatabase, _ projection: Projection = projection,
        _ note: String = ""
    ) throws {
        try NaiveProjection(projection, db).expect(graph, projection, note)
        let built = try db.read { try $0.projection(projection) }
        expectSame(graph.nodeColumns, built.nodeColumns, note)
        expectSame(graph.edgeColumns, built.edgeColumns, note)
    }

    private static func expectSame(
        _ left: [String: CSRColumn], _ right: [String: CSRColumn], _ note: String
    ) {
        #expect(Set(left.keys) == Set(right.keys))
        for (name, column) in left {
            guard let other = right[name] else { continue }
            #expect(column.count == other.count)
            for row in 0..<min(column.count, other.count) {
                #expect(column.string(at: row) == other.string(at: row), "\(note)")
                #expect(column.double(at: row) == other.double(at: row), "\(note)")
                #expect(column.boolean(at: row) == other.boolean(at: row), "\(note)")
            }
        }
    }
}

@Suite struct `Derived graph files` {
    @Test func `the second call maps what the first one wrote`() throws {
        let scratch = ScratchDirectory()
        let db = try DerivedGraphs.database(scratch)
        let first = try db.tracedProjection(DerivedGraphs.projection, publish: .always)
        #expect(first.origin == .published)
        let file = try DerivedGraphs.onlyFile(scratch)
        let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
        let second = try db.tracedProjection(DerivedGraphs.projection, publish: .always)
        #expect(second.origin == .mapped)
        try DerivedGraphs.expectRight(first.graph, db)
        try DerivedGraphs.expectRight(second.graph, db)
        #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == bytes)
        db.close()
        let reopened = try GraphDatabase(path: scratch.child("db"))
        let third = try reopened.tracedProjection(DerivedGraphs.projection)
        #expect(third.origin == .mapped)
    }

    @Test(arguments: UInt64(1)...4)
    func `a mapped graph is the built one for any options`(seed: UInt64) throws {
        let scratch = ScratchDirectory()
        let db = try DerivedGraphs.database(scratch, seed: seed)
        var random = SplitMix(seed)
        for _ in 0..<12 {
            let projection = RandomStore.projection(&random)
            _ = try db.projection(projection, publish: .always)
            let (graph, origin) = try db.tracedProjection(projection)
            #expect(origin == .mapped)
            try DerivedGraphs.expectRight(graph, db, projection, "\(seed) \(projection)")
        }
    }

    @Test func `after a write a graph is made from the old file, which is then removed`() throws {
        let scratch = ScratchDirectory()
        let db = try DerivedGraphs.database(scratch)
        let other = Projection(direction: .undirected)
        _ = try db.projection(other, publish: .always)
        _ = try db.projection(DerivedGraphs.projection, publish: .always)
        #expect(DerivedGraphs.files(scratch).count == 2)
        let foreign = DerivedGraphs.folder(scratch) + "/00000000-1-1-1.csr"
        try Data("x".utf8).write(to: URL(fileURLWithPath: foreign))
        try db.write { txn in
            let node = try txn.createNode(labels: ["A"])
            try txn.createEdge("Bare", from: node, to: node)
        }
        let (graph, origin) = try db.tracedProjection(DerivedGraphs.projection, publish: .always)
        // Columns over the edges cannot be patched.
        #expect(origin == .published)
        try DerivedGraphs.expectRight(graph, db)
        // One of each projection, and the file of another store.
        #expect(DerivedGraphs.files(scratch).count == 3)
        #expect(FileManager.default.fileExists(atPath: foreign))
        #expect(try db.tracedProjection(DerivedGraphs.projection).origin == .mapped)
        #expect(try db.tracedProjection(other, publish: .never).origin == .patched)
    }

    @Test func `after a restore the same position with another token is not used`() throws {
        let scratch = ScratchDirectory()
        let files = FileManager.default
        let db = try DerivedGraphs.database(scratch)
        db.close()
        let (data, backup) = (scratch.child("db/data.mdb"), scratch.child("backup.mdb"))
        try files.copyItem(atPath: data, toPath: backup)
        let before = try GraphDatabase(path: scratch.child("db"))
        try before.write { txn in _ = try txn.createNode(labels: ["A"]) }
        _ = try before.projection(DerivedGraphs.projection, publish: .always)
        let position = try before.read { try $0.position() }
        before.close()
        try files.removeItem(atPath: data)
        try files.moveItem(atPath: backup, toPath: data)
        let restored = try GraphDatabase(path: scratch.child("db"))
        try restored.write { txn in
            let node = try txn.createNode(labels: ["B"])
            try txn.createEdge("Bare", from: node, to: node)
        }
        #expect(try restored.read { try $0.position() } == position)
        let (graph, origin) = try restored.tracedProjection(
            DerivedGraphs.projection, publish: .always)
        #expect(origin == .published)
        try DerivedGraphs.expectRight(graph, restored)
        #expect(DerivedGraphs.files(scratch).count == 1)
    }

    @Test func `a file with any byte of header or content changed is ignored`() throws {
        let scratch = ScratchDirectory()
        let db = try GraphDatabase(path: scratch.child("db"))
        try RandomStore.fill(db, seed: 8, nodes: 12, edges: 30)
        _ = try db.projection(DerivedGraphs.projection, publish: .always)
        let file = URL(fileURLWithPath: try DerivedGraphs.onlyFile(scratch))
        let sound = try Data(contentsOf: file)
        var refused = 0
        for offset in stride(from: 0, to: sound.count, by: sound.count > 2_000 ? 3 : 1) {
            var damaged = sound
            damaged[damaged.startIndex + offset] ^= UInt8(1 << (offset % 8))
            // A new file each time, as a mapped one must not be written.
            try FileManager.default.removeItem(at: file)
            try damaged.write(to: file)
            let (graph, origin) = try db.tracedProjection(
                DerivedGraphs.projection, publish: .never)
            if origin == .built { refused += 1 }
            // Only the zeros between sections may change unseen.
            if origin == .mapped {
                #expect(sound[sound.startIndex + offset] == 0, "offset \(offset)")
                try DerivedGraphs.expectRight(graph, db, DerivedGraphs.projection, "\(offset)")
            }
        }
        #expect(refused > sound.count / 6)
        for length in stride(from: 0, to: sound.count, by: 97) {
            try FileManager.default.removeItem(at: file)
            try sound.prefix(length).write(to: file)
            let origin = try db.tracedProjection(DerivedGraphs.projection, publish: .never).origin
            #expect(origin == .built, "cut to \(length) bytes")
        }
        let mended = try db.tracedProjection(DerivedGraphs.projection, publish: .always)
        #expect(mended.origin == .published)
        #expect(try Data(contentsOf: file) == sound)
        #expect(try db.tracedProjection(DerivedGraphs.projection).origin == .mapped)
    }

    @Test func `the file of another projection or store is ignored under any name`() throws {
        let scratch = ScratchDirectory()
        let db = try DerivedGraphs.database(scratch)
        _ = try db.projection(DerivedGraphs.projection, publish: .always)
        let mine = try DerivedGraphs.onlyFile(scratch)
        let other = Projection(direction: .reversed)
        _ = try db.projection(other, publish: .always)
        let theirs = try #require(
            DerivedGraphs.files(scratch).map { DerivedGraphs.folder(scratch) + "/" + $0 }
                .first { $0 != mine })
        try FileManager.default.removeItem(atPath: mine)
        try FileManager.default.copyItem(atPath: theirs, toPath: mine)
        let origin = try db.tracedProjection(DerivedGraphs.projection, publish: .never).origin
        #expect(origin == .built)
    }

    @Test func `several threads may publish at once`() throws {
        let scratch = ScratchDirectory()
        let db = try DerivedGraphs.database(scratch)
        // What a process that died while writing left behind; no process has that number.
        let folder = DerivedGraphs.folder(scratch)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data("x".utf8).write(to: URL(fileURLWithPath: folder + "/.writing-999999999-1"))
        let graphs = Mutex<[CSRGraph]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            guard let graph = try? db.projection(DerivedGraphs.projection, publish: .always) else {
                return
            }
            graphs.withLock { $0.append(graph) }
        }
        let made = graphs.withLock { $0 }
        #expect(made.count == 8)
        for graph in made { try DerivedGraphs.expectRight(graph, db) }
        #expect(DerivedGraphs.files(scratch).count == 1)
        #expect(try db.tracedProjection(DerivedGraphs.projection).origin == .mapped)
    }

    @Test func `a mapped graph outlives its file and its database`() throws {
        let scratch = ScratchDirectory()
        let db = try DerivedGraphs.database(scratch)
        _ = try db.projection(DerivedGraphs.projection, publish: .always)
        let (graph, origin) = try db.tracedProjection(DerivedGraphs.projection)
        #expect(origin == .mapped)
        let naive = try NaiveProjection(DerivedGraphs.projection, db)
        try FileManager.default.removeItem(atPath: DerivedGraphs.onlyFile(scratch))
        db.close()
        naive.expect(graph, DerivedGraphs.projection, "after removal")
    }
}

@Suite struct `Deciding for a derived file` {
    @Test func `a database opened for reading uses files and writes none`() throws {
        let scratch = ScratchDirectory()
        try DerivedGraphs.database(scratch).close()
        var options = GraphDatabaseOptions()
        options.isReadOnly = true
        let reader = try GraphDatabase(path: scratch.child("db"), options: options)
        let built = try reader.tracedProjection(DerivedGraphs.projection, publish: .always)
        #expect(built.origin == .built)
        #expect(DerivedGraphs.files(scratch).isEmpty)
        reader.close()
        let writer = try GraphDatabase(path: scratch.child("db"))
        _ = try writer.projection(DerivedGraphs.projection, publish: .always)
        writer.close()
        let again = try GraphDatabase(path: scratch.child("db"), options: options)
        let (graph, origin) = try again.tracedProjection(DerivedGraphs.projection)
        #expect(origin == .mapped)
        try DerivedGraphs.expectRight(graph, again)
    }

    @Test func `where nothing can be written the graph comes all the same`() throws {
        let scratch = ScratchDirectory()
        let db = try DerivedGraphs.database(scratch)
        // A file where the directory should be stops everybody, the superuser too.
        try Data().write(to: URL(fileURLWithPath: DerivedGraphs.folder(scratch)))
        let (graph, origin) = try db.tracedProjection(DerivedGraphs.projection, publish: .always)
        #expect(origin == .built)
        try DerivedGraphs.expectRight(graph, db)
    }

    @Test func `small graphs, temporary databases and relaxed commits make no file`() throws {
        let scratch = ScratchDirectory()
        let db = try DerivedGraphs.database(scratch)
        #expect(try db.tracedProjection(DerivedGraphs.projection).origin == .built)
        db.close()
        var options = GraphDatabaseOptions()
        options.durability = .relaxed
        let relaxed = try GraphDatabase(path: scratch.child("db"), options: options)
        try relaxed.write { txn in _ = try txn.createNode() }
        let notDurable = try relaxed.tracedProjection(DerivedGraphs.projection, publish: .always)
        #expect(notDurable.origin == .built)
        #expect(DerivedGraphs.files(scratch).isEmpty)
        let temporary = try GraphDatabase.temporary()
        #expect(try temporary.tracedProjection(Projection(), publish: .always).origin == .built)
    }

    @Test func `descriptions of one graph have one text, and others have others`() {
        let base = Projection(labels: ["A", "B"], weight: "w")
        let same = Projection(labels: ["B", "A", "B"], weight: "w")
        #expect(base.canonicalText == same.canonicalText)
        let unweighted = Projection(defaultWeight: 2)
        #expect(unweighted.canonicalText == Projection().canonicalText)
        let others = [
            Projection(labels: ["A,B"], weight: "w"), Projection(labels: ["A\n1:B"], weight: "w"),
            Projection(labels: ["A", "B"], weight: "v"), Projection(labels: ["A", "B"]),
            Projection(labels: ["A", "B"], weight: "w", defaultWeight: 2),
            Projection(labels: ["A", "B"], direction: .reversed, weight: "w"),
            Projection(labels: ["A", "B"], weight: "w", isSimple: true),
            Projection(labels: ["A", "B"], weight: "w", includesIncoming: false),
            Projection(labels: ["A", "B"], weight: "w", nodeProperties: ["x"]),
            Projection(labels: ["A", "B"], weight: "w", edgeProperties: ["x"]),
            Projection(labels: ["A", "B"], weight: "w", includesEdgeIDs: true),
            Projection(labels: ["A", "B"], types: [], weight: "w"),
            Projection(labels: ["A", "B"], types: ["B"], weight: "w"),
            Projection(labels: nil, weight: "w"), Projection(labels: [], weight: "w"),
            Projection(labels: ["\u{e9}"], weight: "w"),
            Projection(labels: ["e\u{301}"], weight: "w"),
            base,
        ]
        #expect(Set(others.map(\.canonicalText)).count == others.count)
    }
}
