import Glibc
import LMDB
import PropertyGraph
import StoreTestSupport
import TestSupport
import Testing

@testable import GraphStore

/// A database whose tables are deep, and whose list of free pages is long.
private struct Pages {
    let directory = TemporaryDirectory()
    let bytes: [UInt8]
    let dump: String

    var path: String { directory.file("store") }
    private var file: String { directory.file("store/data.mdb") }

    init(edges: UInt64 = 3_000) throws {
        let db = try GraphDatabase(path: directory.file("store"))
        try Sample.fill(db, edges: edges)
        try db.write { txn in
            for number in 0..<600 {
                try txn.createNode(
                    labels: ["Value"],
                    properties: ["number": .integer(Int64(1_000 + number)), "kind": "filler"])
            }
        }
        // Gives pages back, so that the free list is not empty.
        try db.write { txn in
            for id in 100..<500 as Range<UInt64> { try? txn.deleteNode(NodeID(id)) }
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
}

@Suite struct `The pages of a store` {
    @Test func `are all proved, used or free`() throws {
        let pages = try Pages()
        let report = try GraphDatabase.check(path: pages.path)
        #expect(report.isClean, "\(report.findings.prefix(3))")
        #expect(report.counts.pages * 4_096 == pages.bytes.count)
        let walk = try DataFile.walk(pages.path + "/data.mdb", path: pages.path)
        #expect(walk.freePages > 0)
        #expect(walk.trees.contains { $0.name == "out" && $0.depth > 1 })
        #expect(walk.trees.reduce(2 + walk.freePages) { $0 + $1.pages } == walk.pages)
    }

    @Test func `are proved while others write`() throws {
        let directory = TemporaryDirectory()
        let db = try GraphDatabase(path: directory.file("store"))
        try Sample.fill(db, edges: 200)
        var writes = 0
        // Each step of the walk is followed by commits that would reuse pages.
        let walk = try db.environment.walkPages { _, _ in
            try db.write { try $0.setProperty("n", of: NodeID(1), to: .integer(7)) }
            writes += 1
        }
        #expect(walk.isClean, "\(walk.findings.prefix(3))")
        for number in 0..<20 {
            try db.write { txn in
                for _ in 0..<50 { try txn.createNode(properties: ["n": .integer(Int64(number))]) }
                if number % 3 == 0 { try txn.detachDeleteNode(NodeID(UInt64(10 + number))) }
            }
            #expect(try db.check().isClean)
        }
    }

    /// Every bit that decides how a reader walks: page numbers, flags, bounds, offsets, the heads of
    /// nodes, metas. A flip is reported, or it is none: nothing reads otherwise because of it.
    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `report each flipped bit of their structure, and never trap`(seed: UInt64) throws {
        let pages = try Pages(edges: 600)
        var random = TestRandom(seed: seed)
        let live = try livePages(pages)
        var unreported = 0
        for _ in 0..<50 {
            let page = random.pick(live)
            let offsets = structure(of: page, in: pages.bytes)
            var damaged = pages.bytes
            let offset = page * 4_096 + random.pick(offsets)
            damaged[offset] ^= 1 << UInt8(random.below(8))
            pages.store(damaged)
            let report = try GraphDatabase.check(path: pages.path)
            guard report.isClean else { continue }
            unreported += 1
            let text = pages.text()
            #expect(text == pages.dump, "seed \(seed), page \(page), offset \(offset % 4_096)")
        }
        #expect(unreported < 8, "seed \(seed): \(unreported) flips were not reported")
    }

    /// Any bit anywhere: check and reading may differ in values, and never trap.
    @Test(arguments: 11...12 as ClosedRange<UInt64>)
    func `never crash a check, wherever a bit is flipped`(seed: UInt64) throws {
        let pages = try Pages(edges: 600)
        var random = TestRandom(seed: seed)
        for _ in 0..<40 {
            var damaged = pages.bytes
            for _ in 0..<(1 + random.below(3)) {
                damaged[random.below(damaged.count)] ^= 1 << UInt8(random.below(8))
            }
            pages.store(damaged)
            let report = try? GraphDatabase.check(path: pages.path)
            if report?.isClean == true { _ = pages.text() }
        }
    }

    @Test func `name a page that is zeroed, and the table it belongs to`() throws {
        let pages = try Pages()
        let walk = try DataFile.walk(pages.path + "/data.mdb", path: pages.path)
        try #require(walk.isClean)
        for page in try livePages(pages).dropFirst(2).prefix(12) {
            var damaged = pages.bytes
            for offset in 0..<4_096 { damaged[page * 4_096 + offset] = 0 }
            pages.store(damaged)
            let report = try GraphDatabase.check(path: pages.path)
            #expect(report.findings.first?.place.hasSuffix("page \(page)") == true, "page \(page)")
            #expect(report.findings.first?.code == .page)
        }
    }

    /// Pages of the newest commit: those whose loss is a finding.
    private func livePages(_ pages: Pages) throws -> [Int] {
        var free: Set<Int> = []
        let env = try Environment.open(at: pages.path, options: .init(isReadOnly: true))
        defer { env.close() }
        for page in try env.freePageNumbers() { free.insert(Int(page)) }
        let overflowTails = overflowTails(pages)
        return (0..<pages.bytes.count / 4_096).filter {
            !free.contains($0) && !overflowTails.contains($0)
        }
    }

    private func overflowTails(_ pages: Pages) -> Set<Int> {
        var tails: Set<Int> = []
        for page in pages.pages(4) {
            let run = Int(pages.bytes.rawSpan.loadLE32(at: page * 4_096 + 12))
            if run > 1, run < 100 { for next in 1..<run { tails.insert(page + next) } }
        }
        return tails
    }

    /// Offsets within a page of bytes that are structure.
    private func structure(of page: Int, in bytes: [UInt8]) -> [Int] {
        let span = bytes.rawSpan
        let base = page * 4_096
        let flags = span.loadLE16(at: base + 10)
        var offsets = Array(0..<8) + [10, 11, 12, 13, 14, 15]
        if flags == 8 { return offsets + Array(16..<152) }
        guard flags == 1 || flags == 2 else { return offsets }
        let count = (Int(span.loadLE16(at: base + 12)) - 16) / 2
        for index in 0..<count {
            offsets += [16 + index * 2, 17 + index * 2]
            let node = Int(span.loadLE16(at: base + 16 + index * 2))
            offsets += Array(node..<node + 8)
        }
        return offsets
    }
}
