import LMDB
import PropertyGraph
import StoreTestSupport

@testable import GraphStore

/// A database whose tables are deep, and whose list of free pages is long.
struct Pages {
    let directory = TemporaryDirectory()
    let bytes: [UInt8]
    let dump: String

    var path: String { directory.file("store") }
    var file: String { directory.file("store/data.mdb") }

    init(edges: UInt64 = 3_000, keepsLog: Bool = true) throws {
        var options = GraphDatabaseOptions()
        if !keepsLog { options.changeLogRetention = 1 }
        let db = try GraphDatabase(path: directory.file("store"), options: options)
        try Sample.fill(db, edges: edges)
        try db.write { txn in
            for number in 0..<400 {
                try txn.createNode(
                    labels: ["Value"],
                    properties: ["number": .integer(Int64(1_000 + number)), "kind": "filler"])
            }
        }
        // Gives pages back, so that the free list is not empty.
        try db.write { txn in
            for id in 60..<300 as Range<UInt64> { try? txn.deleteNode(NodeID(id)) }
        }
        try db.write { try $0.setProperty("number", of: NodeID(1), to: -7) }
        dump = try db.read { try GraphDump.text($0) }
        db.close()
        bytes = TemporaryDirectory.bytes(of: directory.file("store/data.mdb"))
    }

    func store(_ bytes: [UInt8]) { TemporaryDirectory.write(bytes, to: file) }

    /// Pages by their flags, free ones included.
    func pages(_ flags: UInt16) -> [Int] {
        (0..<bytes.count / 4_096).filter { bytes.rawSpan.loadLE16(at: $0 * 4_096 + 10) == flags }
    }

    /// What everything reads as, without a trap; nil where it cannot be read.
    func text() -> String? {
        var options = GraphDatabaseOptions()
        options.isReadOnly = true
        guard let db = try? GraphDatabase(path: path, options: options) else { return nil }
        defer { db.close() }
        return try? db.read { try GraphDump.text($0) }
    }

    /// Pages of the newest commit: those whose loss is a finding.
    func live() throws -> [Int] {
        var free: Set<Int> = []
        let env = try Environment.open(at: path, options: .init(isReadOnly: true))
        defer { env.close() }
        for page in try env.freePageNumbers() { free.insert(Int(page)) }
        let overflowTails = overflowTails()
        return (0..<bytes.count / 4_096).filter {
            !free.contains($0) && !overflowTails.contains($0)
        }
    }

    private func overflowTails() -> Set<Int> {
        var tails: Set<Int> = []
        for page in pages(4) {
            let run = Int(bytes.rawSpan.loadLE32(at: page * 4_096 + 12))
            if run > 1, run < 100 { for next in 1..<run { tails.insert(page + next) } }
        }
        return tails
    }
}
