import Dispatch
import LMDB
import PropertyGraph
import StoreTestSupport
import TestSupport
import Testing

@testable import GraphStore

/// A database that lives on, and its backup.
struct BackedUp {
    let directory = TemporaryDirectory()
    let db: GraphDatabase
    var folder: String { directory.file("backup") }

    init() throws {
        db = try GraphDatabase(path: directory.file("store"))
        try Sample.fill(db, edges: 120)
    }

    func dump() throws -> String { try db.read { try GraphDump.text($0) } }

    /// Restores somewhere else and opens that.
    func restored(_ moment: PastMoment? = nil, as name: String = "restored") throws
        -> GraphDatabase
    {
        let path = directory.file(name)
        TemporaryDirectory.remove(path)
        try Backup(at: folder).restore(to: path, at: moment)
        return try GraphDatabase(path: path)
    }

    /// One transaction with something of everything.
    func change(_ number: Int) throws {
        try db.write { txn in
            let node = try txn.createNode(
                labels: ["Value", number > 6 ? "Later" : "Late"],
                properties: ["number": .integer(Int64(10_000 + number)), "kind": "late"])
            try txn.createEdge("LINK", from: node, to: NodeID(1), properties: ["w": .integer(9)])
            try txn.setProperty("n", of: NodeID(2), to: .integer(Int64(number)))
            try txn.setProperty("w", of: EdgeID(2), to: .double(Double(number)))
            if number % 3 == 1 { try txn.detachDeleteNode(NodeID(UInt64(20 + number))) }
            if number % 4 == 2 {
                try txn.createIndex(
                    label: number > 6 ? "Later" : "Late", properties: ["number"],
                    name: "late \(number)")
            }
            if number % 4 == 3 { try txn.dropSchemaObject(named: "late \(number - 1)") }
            if number == 5 { try txn.setInlineProperty("w", of: "BACK") }
            if number == 6 { try txn.rename(Label("Late"), to: "Later") }
            if number == 7 {
                try txn.createExistenceConstraint(label: "Later", property: "number")
                try txn.createKeyConstraint(label: "Later", properties: ["number", "kind"])
            }
            if number % 5 == 4 {
                try txn.put([9, UInt8(number)], [1], in: try txn.byteTable("notes"))
            }
        }
    }

    /// Changes a byte of a file.
    static func flip(_ file: String, at offset: Int) {
        var bytes = TemporaryDirectory.bytes(of: file)
        bytes[offset] ^= 0x10
        TemporaryDirectory.write(bytes, to: file)
    }
}

@Suite struct `A backup` {
    @Test func `restores everything, ids, positions, schema and log included`() throws {
        let source = try BackedUp()
        let first = try source.db.backup(to: source.folder)
        #expect(first.piece?.kind == .full)
        let copy = try source.restored()
        #expect(try copy.read { try GraphDump.text($0) } == source.dump())
        #expect(copy.format == source.db.format)
        let report = try copy.check()
        #expect(report.isClean, "\(report.findings.prefix(3))")
    }

    @Test func `grows by the changes since, and restores each position between`() throws {
        let source = try BackedUp()
        try source.db.setHistory(HistoryRetention(maximumPositions: 1_000))
        try source.db.backup(to: source.folder)
        var dumps: [UInt64: String] = [try source.db.position(): try source.dump()]
        for number in 0..<12 {
            try source.change(number)
            dumps[try source.db.position()] = try source.dump()
            // Some increments hold several positions.
            if number % 3 == 2 {
                let result = try source.db.backup(to: source.folder)
                #expect(result.piece?.kind == .increment)
                #expect(result.reason == nil)
            }
        }
        #expect(try source.db.backup(to: source.folder).piece == nil)
        let report = try Backup(at: source.folder).verify()
        #expect(report.isRestorable && report.findings.isEmpty, "\(report.findings)")
        #expect(report.pieces.count == 5)
        for (position, dump) in dumps.sorted(by: { $0.key < $1.key }) {
            let copy = try source.restored(.position(position), as: "at-\(position)")
            #expect(try copy.position() == position)
            let text = try copy.read { try GraphDump.text($0) }
            let (lines, wanted) = (text.split(separator: "\n"), dump.split(separator: "\n"))
            let difference = zip(lines, wanted).first { $0 != $1 }
            #expect(text == dump, "position \(position): \(difference.map { "\($0)" } ?? "length")")
            #expect(try copy.history() != nil)
        }
    }

    @Test func `keeps the token of each position, and new ones differ from those lost`() throws {
        let source = try BackedUp()
        try source.db.backup(to: source.folder)
        let projection = Projection()
        try source.change(1)
        let followed = try source.db.read {
            try $0.changes(from: 1).map { ($0.position, $0.token) }
        }
        _ = try source.db.projection(projection)
        let lost = try #require(followed.last)
        source.db.close()
        try Backup(at: source.folder).restore(to: source.directory.file("store"), replacing: true)
        let db = try GraphDatabase(path: source.directory.file("store"))
        #expect(try db.position() == lost.0 - 1)
        // Who followed to the restored position goes on; who was beyond it is told.
        let known = followed[followed.count - 2]
        #expect(try db.read { try $0.changes(after: known.0, token: known.1) }.isEmpty)
        #expect(throws: GraphStoreError.self) {
            try db.read { try $0.changes(after: lost.0, token: lost.1) }
        }
        try db.write { try $0.deleteEdge(EdgeID(2)) }
        #expect(try db.position() == lost.0)
        #expect(throws: GraphStoreError.self) {
            try db.read { try $0.changes(after: lost.0, token: lost.1) }
        }
        // And the derived file of the lost position is not taken for that of the new one.
        #expect(try db.projection(projection).edgeCount == db.read { try $0.edgeCount() })
    }

    @Test func `has byte tables as they were at its ends, and does not guess between`() throws {
        let source = try BackedUp()
        try source.db.backup(to: source.folder)
        let base = try source.db.position()
        for value in [1, 2, 3] as [UInt8] {
            try source.db.write { txn in try txn.put([1], [value], in: try txn.byteTable("log")) }
        }
        try source.db.write { _ = try $0.createNode() }
        try source.db.backup(to: source.folder)
        #expect(code { try source.restored(.position(base + 2)) } == .backup)
        for position in [base + 3, base + 4] {
            let copy = try source.restored(.position(position), as: "at-\(position)")
            let value = try copy.read { txn in
                try txn.existingByteTable("log").flatMap { try txn.value(of: [1], in: $0) }
            }
            #expect(value == [3])
        }
    }

    @Test func `made while others write is of one moment`() throws {
        let source = try BackedUp()
        let db = source.db
        let folder = source.folder
        DispatchQueue.concurrentPerform(iterations: 3) { worker in
            do {
                if worker == 0 {
                    for _ in 0..<4 { try db.backup(to: folder) }
                    return
                }
                for _ in 0..<60 {
                    try db.write { txn in
                        let node = try txn.createNode(labels: ["Pair"])
                        let other = try txn.createNode(labels: ["Pair"])
                        try txn.createEdge("OF", from: node, to: other)
                    }
                }
            } catch {
                Issue.record(error)
            }
        }
        try db.backup(to: source.folder)
        #expect(try Backup(at: source.folder).verify().isRestorable)
        for piece in try Backup(at: source.folder).pieces() {
            let copy = try source.restored(.position(piece.position), as: "at-\(piece.name)")
            #expect(try copy.read { try $0.nodeCount(label: "Pair") % 2 } == 0)
            #expect(try copy.read { try $0.nodeCount() } == piece.nodes)
        }
        #expect(try source.restored().read { try GraphDump.text($0) } == source.dump())
    }

    @Test func `tells of every damaged piece, and restores what precedes it`() throws {
        let source = try BackedUp()
        try source.db.backup(to: source.folder)
        let position = try source.db.position()
        for number in 0..<2 {
            try source.change(number)
            try source.db.backup(to: source.folder)
        }
        let pieces = try Backup(at: source.folder).pieces()
        try #require(pieces.count == 3)
        let file = source.folder + "/" + pieces[1].name + "/data.mdb"
        let bytes = TemporaryDirectory.bytes(of: file)
        for offset in [0, 5_000, bytes.count - 1] {
            BackedUp.flip(file, at: offset)
            let report = try Backup(at: source.folder).verify()
            #expect(!report.isRestorable)
            #expect(report.findings.count == 1)
            #expect(
                report.spans == [
                    .init(
                        first: position, last: position,
                        lastMicroseconds: pieces[0].committedMicroseconds)
                ])
            #expect(throws: GraphStoreError.self) { try source.restored() }
            #expect(try source.restored(.position(position)).position() == position)
            TemporaryDirectory.write(bytes, to: file)
        }
        let manifest = source.folder + "/" + pieces[2].name + "/manifest"
        BackedUp.flip(manifest, at: 30)
        #expect(try !Backup(at: source.folder).verify().isRestorable)
        // The newest state is not what can be restored, so an older one must be asked for.
        let reached = pieces[1].position
        let refused = #expect(throws: GraphStoreError.self) { try source.restored() }
        #expect(refused?.message.contains("ends with position \(reached):") == true)
        #expect(try source.restored(.position(reached)).position() == reached)
        TemporaryDirectory.remove(source.folder + "/" + pieces[1].name)
        #expect(try Backup(at: source.folder).verify().findings.count == 1)
        TemporaryDirectory.remove(source.folder + "/" + pieces[0].name)
        #expect(throws: GraphStoreError.self) { try source.restored() }
    }

    @Test func `refuses another database, another history and a gap in the log`() throws {
        let source = try BackedUp()
        try source.db.backup(to: source.folder)
        let other = try GraphDatabase.temporary()
        #expect(code { try other.backup(to: source.folder) } == .otherHistory)
        // Another history: the same store, restored, went another way.
        try source.change(0)
        let fork = try source.restored()
        try fork.write { try $0.setProperty("n", of: NodeID(1), to: 1) }
        try source.db.backup(to: source.folder)
        #expect(code { try fork.backup(to: source.folder) } == .otherHistory)
        #expect(code { try fork.backup(to: source.folder, .full) } == .otherHistory)
        // A gap: the log was trimmed. Then the whole database is copied, unless that is refused.
        source.db.close()
        var options = GraphDatabaseOptions()
        options.changeLogRetention = 1
        let short = try GraphDatabase(path: source.directory.file("store"), options: options)
        for _ in 0..<4 { try short.write { _ = try $0.createNode() } }
        #expect(code { try short.backup(to: source.folder, .increment) } == .backup)
        let result = try short.backup(to: source.folder)
        #expect(result.piece?.kind == .full && result.reason != nil)
    }

    @Test func `copies everything after a bulk load, which the log does not list`() throws {
        let source = try BackedUp()
        try source.db.backup(to: source.folder)
        var loader = try BulkLoader(into: source.db)
        let layout = try loader.nodeLayout(labels: ["Bulk"], keys: [])
        for _ in 0..<10 { _ = try loader.addNode(layout, values: []) }
        _ = try loader.finish()
        #expect(code { try source.db.backup(to: source.folder, .increment) } == .backup)
        #expect(try source.db.backup(to: source.folder).piece?.kind == .full)
        #expect(try source.restored().read { try GraphDump.text($0) } == source.dump())
    }

    @Test func `is never restored over a database unless asked, nor over one that is in use`()
        throws
    {
        let source = try BackedUp()
        try source.db.backup(to: source.folder)
        let path = source.directory.file("store")
        #expect(code { try Backup(at: source.folder).restore(to: path) } == .databaseExists)
        #expect(
            code { try Backup(at: source.folder).restore(to: path, replacing: true) }
                == .alreadyOpen)
        source.db.close()
        // A damaged one is replaced.
        TemporaryDirectory.write([1, 2, 3], to: path + "/data.mdb")
        try Backup(at: source.folder).restore(to: path, replacing: true)
        #expect(try GraphDatabase(path: path).check().isClean)
        #expect(
            code { try Backup(at: path).restore(to: source.directory.file("x")) } == .notADatabase)
        #expect(TemporaryDirectory.names(in: source.directory.path) == ["backup", "store"])
    }

    @Test func `begins and ends where it says`() throws {
        let source = try BackedUp()
        try source.db.backup(to: source.folder)
        let position = try source.db.position()
        #expect(code { try source.restored(.position(position - 1)) } == .backup)
        #expect(code { try source.restored(.position(position + 1)) } == .backup)
        #expect(code { try source.restored(.time(microsecondsSinceEpoch: 1)) } == .backup)
        let end = try Backup(at: source.folder).pieces()[0].committedMicroseconds
        #expect(try source.restored(.time(microsecondsSinceEpoch: end)).position() == position)
        #expect(code { try source.restored(.time(microsecondsSinceEpoch: end + 1)) } == .backup)
    }

    private func code(_ body: () throws -> some Any) -> GraphStoreError.Code? {
        do {
            _ = try body()
            return nil
        } catch {
            return (error as? GraphStoreError)?.code
        }
    }
}
