import LMDB
import PropertyGraph
import StoreTestSupport
import TestSupport
import Testing

@testable import GraphStore

@Suite struct `What is salvaged` {
    /// Salvages a damaged file and returns what came out, a line each, by its first two words.
    private func salvage(
        _ pages: Pages, _ damaged: [UInt8]
    ) throws -> (lines: [String: String], report: SalvageReport) {
        pages.store(damaged)
        let target = pages.directory.file("salvaged")
        TemporaryDirectory.remove(target)
        let report = try GraphSalvage.salvage(pages.path, to: target)
        let db = try GraphDatabase(path: target)
        defer { db.close() }
        let check = try db.check()
        #expect(check.isClean, "\(check.findings.prefix(3))")
        return (Self.lines(try db.read { try GraphDump.text($0) }), report)
    }

    private static func lines(_ dump: String) -> [String: String] {
        var lines: [String: String] = [:]
        for line in dump.split(separator: "\n") where line.first != " " {
            let words = line.split(separator: " ", maxSplits: 2)
            guard words.count > 1, ["node", "edge", "schema", "bytes"].contains(words[0]) else {
                continue
            }
            // A line of a byte table is named by its key as well.
            let isBytes = words[0] == "bytes"
            lines[isBytes ? String(line) : "\(words[0]) \(words[1])"] = String(line)
        }
        return lines
    }

    /// An edge without its properties.
    private static func head(_ line: String) -> String {
        line.split(separator: " ").prefix(5).joined(separator: " ")
    }

    @Test func `is everything, where nothing is damaged`() throws {
        let pages = try Pages(edges: 300)
        let (lines, report) = try salvage(pages, pages.bytes)
        #expect(lines == Self.lines(pages.dump))
        #expect(report.losses.isEmpty && report.damagedPages == 0, "\(report)")
    }

    /// One page after another is zeroed: nothing that stood elsewhere may be missing.
    @Test(arguments: [true, false])
    func `is everything that stood on other pages than the one lost`(keepsLog: Bool) throws {
        let pages = try Pages(edges: 300, keepsLog: keepsLog)
        let expected = Self.lines(pages.dump)
        var random = TestRandom(seed: keepsLog ? 1 : 2)
        let live = try pages.live().filter { $0 > 1 }
        for _ in 0..<9 {
            let page = random.pick(live)
            var damaged = pages.bytes
            for offset in 0..<4_096 { damaged[page * 4_096 + offset] = 0 }
            let (lines, report) = try salvage(pages, damaged)
            #expect(report.damagedPages > 0 || isOverflow(page, pages), "page \(page)")
            let mayDiffer = ids(on: page, in: pages)
            for (name, line) in expected {
                if name.hasPrefix("edge") {
                    // A locator and two rows: one page cannot take all three.
                    #expect(
                        lines[name].map { Self.head($0) } == Self.head(line), "page \(page)")
                } else if name.hasPrefix("node"), !mayDiffer.contains(name), line.count < 600 {
                    #expect(lines[name] == line, "page \(page): \(line.prefix(99))")
                }
            }
        }
    }

    @Test func `is found by its shape where no tree leads to it any more`() throws {
        let pages = try Pages(edges: 300)
        let expected = Self.lines(pages.dump)
        var damaged = pages.bytes
        for offset in 0..<8_192 { damaged[offset] = 0xA5 }
        let (lines, report) = try salvage(pages, damaged)
        #expect(report.recognizedPages > 20)
        for (name, line) in expected where name.hasPrefix("node") || name.hasPrefix("edge") {
            #expect(lines[name] != nil, "\(line.prefix(99))")
        }
    }

    @Test(arguments: [0.3, 0.6, 0.95])
    func `is what a truncated file still holds`(share: Double) throws {
        let pages = try Pages(edges: 300)
        let damaged = Array(pages.bytes.prefix(Int(Double(pages.bytes.count) * share)))
        let (lines, report) = try salvage(pages, damaged)
        #expect(!lines.isEmpty && !report.losses.isEmpty)
    }

    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func `never traps, whatever is damaged, and is sound`(seed: UInt64) throws {
        let pages = try Pages(edges: 300)
        var random = TestRandom(seed: seed)
        for _ in 0..<4 {
            var damaged = pages.bytes
            for _ in 0..<(1 + random.below(40)) {
                let start = random.below(damaged.count)
                if random.below(3) == 0 {
                    let end = min(start + random.below(9_000), damaged.count)
                    for offset in start..<end { damaged[offset] = UInt8(random.below(256)) }
                } else {
                    damaged[start] ^= 1 << UInt8(random.below(8))
                }
            }
            _ = try salvage(pages, damaged)
        }
    }

    @Test func `goes to a new place only, and leaves nothing when there is nothing`() throws {
        let pages = try Pages(edges: 300)
        #expect(throws: GraphStoreError.self) {
            try GraphSalvage.salvage(pages.path, to: pages.path)
        }
        #expect(throws: GraphStoreError.self) {
            try GraphSalvage.salvage(
                pages.directory.file("none"), to: pages.directory.file("salvaged"))
        }
        #expect(throws: GraphStoreError.self) {
            try GraphSalvage.salvage(pages.path, to: pages.directory.file("salvaged")) { true }
        }
        #expect(TemporaryDirectory.names(in: pages.directory.path) == ["store"])
    }

    private func isOverflow(_ page: Int, _ pages: Pages) -> Bool { pages.pages(4).contains(page) }

    /// Nodes whose record stands on a page.
    private func ids(on page: Int, in pages: Pages) -> Set<String> {
        let span = pages.bytes.rawSpan
        let base = page * 4_096
        guard span.loadLE16(at: base + 10) == 2 else { return [] }
        var names: Set<String> = []
        for index in 0..<(Int(span.loadLE16(at: base + 12)) - 16) / 2 {
            let node = base + Int(span.loadLE16(at: base + 16 + index * 2))
            if span.loadLE16(at: node + 6) == 8 {
                names.insert("node \(span.loadBE64(at: node + 8))")
            }
        }
        return names
    }
}
