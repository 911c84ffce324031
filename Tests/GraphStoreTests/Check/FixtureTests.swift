import Glibc
import LMDB
import PropertyGraph
import StoreTestSupport
import Testing

@testable import GraphStore

/// A store that the first version of the format was written with. It must open for ever.
@Suite struct `The store of format 1` {
    private static let folder: String = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return parts.dropLast(2).joined(separator: "/") + "/Fixtures"
    }()
    private static let data = folder + "/format-1-store/data.mdb"
    private static let dump = folder + "/format-1-store.txt"

    /// `CAIRN_WRITE_FIXTURE=1` writes the store and its dump anew: only before a format is settled.
    private static var mustWrite: Bool { unsafe getenv("CAIRN_WRITE_FIXTURE") != nil }

    @Test func `opens, holds what it held, and is sound`() throws {
        if Self.mustWrite { try write() }
        let directory = TemporaryDirectory()
        try #require(unsafe mkdir(directory.file("store"), 0o755) == 0)
        let bytes = TemporaryDirectory.bytes(of: Self.data)
        try #require(!bytes.isEmpty, "the committed store is missing: \(Self.data)")
        #expect(bytes.count < 200_000)
        TemporaryDirectory.write(bytes, to: directory.file("store/data.mdb"))
        var options = GraphDatabaseOptions()
        options.createsIfMissing = false
        let db = try GraphDatabase(path: directory.file("store"), options: options)
        #expect(db.format.version == 1)
        let text = try db.read { try GraphDump.text($0) }
        let golden = String(decoding: TemporaryDirectory.bytes(of: Self.dump), as: UTF8.self)
        let (lines, expected) = (text.split(separator: "\n"), golden.split(separator: "\n"))
        #expect(lines.count == expected.count)
        for (line, wanted) in zip(lines, expected) where line != wanted {
            Issue.record("the store says \(line.prefix(300)), once it said \(wanted.prefix(300))")
            break
        }
        let report = try db.check()
        #expect(report.isClean, "\(report.findings.prefix(3))")
        // And it can still be written.
        try db.write { txn in
            try txn.createEdge("LINK", from: NodeID(1), to: NodeID(2), properties: ["w": 2.5])
            try txn.detachDeleteNode(NodeID(7))
        }
        #expect(try db.check().isClean)
        db.close()
    }

    private func write() throws {
        let directory = TemporaryDirectory()
        let db = try GraphDatabase(path: directory.file("store"))
        try Sample.fill(db, edges: 400)
        try db.environment.copy(to: directory.file("copy"), compacting: true)
        let text = try db.read { try GraphDump.text($0) }
        db.close()
        _ = unsafe mkdir(Self.folder + "/format-1-store", 0o755)
        TemporaryDirectory.write(
            TemporaryDirectory.bytes(of: directory.file("copy/data.mdb")), to: Self.data)
        TemporaryDirectory.write(Array(text.utf8), to: Self.dump)
    }
}
