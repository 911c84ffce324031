import Glibc
import LMDB
import PropertyGraph
import StoreTestSupport
import TestSupport
import Testing

@testable import GraphStore

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
                for _ in 0..<40 { try txn.createNode(properties: ["n": .integer(Int64(number))]) }
                if number % 3 == 0 { try txn.detachDeleteNode(NodeID(UInt64(10 + number))) }
            }
            #expect(try db.check().isClean)
        }
    }

    /// Every bit that decides how a reader walks: page numbers, flags, bounds, offsets, the heads of
    /// nodes, metas. A flip is reported, or it is none: nothing reads otherwise because of it.
    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `report each flipped bit of their structure, and never trap`(seed: UInt64) throws {
        let pages = try Pages(edges: 300)
        var random = TestRandom(seed: seed)
        let live = try pages.live()
        var unreported = 0
        for _ in 0..<40 {
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
        let pages = try Pages(edges: 300)
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
        for page in try pages.live().dropFirst(2).prefix(8) {
            var damaged = pages.bytes
            for offset in 0..<4_096 { damaged[page * 4_096 + offset] = 0 }
            pages.store(damaged)
            let report = try GraphDatabase.check(path: pages.path)
            #expect(report.findings.first?.place.hasSuffix("page \(page)") == true, "page \(page)")
            #expect(report.findings.first?.code == .page)
        }
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
