import Foundation
import PropertyGraph
import TestSupport
import Testing

@testable import GraphStore

@Suite struct `Properties as columns` {
    /// Nodes with integers, doubles, texts and booleans, some absent, some deleted again.
    private static func database(_ scratch: ScratchDirectory, seed: UInt64) throws -> GraphDatabase
    {
        let db = try GraphDatabase(path: scratch.child("db"))
        try db.write { txn in
            var random = TestRandom(seed: seed)
            let words = [
                "", "a", "algebra", "caf\u{E9}", "cafe\u{301}", "logic of proofs and more",
            ]
            for index in 0..<400 {
                var properties: Properties = ["mixed": .integer(Int64(index % 3))]
                if random.percent(80) { properties["i"] = .integer(Int64(random.below(20)) - 9) }
                if random.percent(80) { properties["d"] = .double(Double(random.below(9)) / 4) }
                if random.percent(80) { properties["t"] = .string(random.pick(words)) }
                if random.percent(80) { properties["b"] = .boolean(random.percent(50)) }
                if index == 77 { properties["mixed"] = "odd" }
                let node = try txn.createNode(
                    labels: random.percent(60) ? ["A"] : [], properties: properties)
                if random.percent(5) { try txn.deleteNode(node) }
            }
        }
        return db
    }

    private static let keys: [PropertyKey] = ["i", "d", "t", "b", "mixed", "none"]

    @Test(arguments: [nil, "A"] as [Label?], UInt64(1)...3)
    func `hold what each node holds`(label: Label?, seed: UInt64) throws {
        let scratch = ScratchDirectory()
        let db = try Self.database(scratch, seed: seed)
        let columns = try db.nodeColumns(Self.keys, label: label)
        try db.read { txn in
            let nodes = try txn.nodeIDs(label: label)
            #expect(columns.count == nodes.count)
            for (row, node) in nodes.enumerated() {
                #expect(columns.node(at: row) == node && columns.row(of: node) == row)
                for key in Self.keys where key != "mixed" {
                    #expect(try columns[key]?.value(at: row) == txn.property(key, of: node))
                }
            }
            #expect(columns["mixed"]?.value(at: columns.row(of: nodes[0]) ?? 0) != nil)
        }
        #expect(columns["other"] == nil)
    }

    @Test(arguments: UInt64(1)...3)
    func `are summed, grouped and searched as the obvious way does`(seed: UInt64) throws {
        let scratch = ScratchDirectory()
        let db = try Self.database(scratch, seed: seed)
        let columns = try db.nodeColumns(Self.keys)
        for key in Self.keys {
            let column = try #require(columns[key])
            let values = (0..<column.count).map { column.value(at: $0) }
            let numbers = (0..<column.count).compactMap { column.double(at: $0) }
            if key == "i" || key == "d" {
                let summary = try #require(column.summary())
                #expect(summary.count == numbers.count && summary.sum == numbers.reduce(0, +))
                #expect(summary.minimum == numbers.min() && summary.maximum == numbers.max())
                #expect(
                    column.rows { $0 > 1 }
                        == values.indices.filter { column.double(at: $0) ?? 0 > 1 })
            } else if key == "t" || key == "b" {
                #expect(column.rows { _ in true }.isEmpty)
            }
            var first: [PropertyValue?: Int] = [:]
            var counts: [PropertyValue?: Int] = [:]
            for (row, value) in values.enumerated() {
                first[value] = first[value] ?? row
                counts[value, default: 0] += 1
            }
            let groups = column.groups()
            #expect(groups.map { $0.firstRow } == first.values.sorted())
            for group in groups {
                #expect(counts[group.value] == group.count && first[group.value] == group.firstRow)
            }
        }
        let texts = try #require(columns["t"])
        for word in ["", "algebra", "caf\u{E9}", "cafe\u{301}", "nothing"] {
            let expected = (0..<texts.count).filter { row in
                texts.string(at: row).map { Array($0.utf8) == Array(word.utf8) } ?? false
            }
            #expect(texts.rows(equalTo: word) == expected)
        }
    }

    @Test func `sum beyond 64 bits without a trap`() {
        let column = CSRColumn(.integers(CSRBuffer([.max, .max, 1])))
        #expect(column.summary()?.sum == 0x1p64)
        #expect(CSRColumn(.integers(CSRBuffer([]))).summary() == nil)
        #expect(CSRColumn(strings: ["a"]).summary() == nil)
    }

    @Test func `follow the commits and are kept as a file`() throws {
        let scratch = ScratchDirectory()
        let db = try Self.database(scratch, seed: 1)
        _ = try db.nodeColumns(["i"], publish: .always)
        try db.write { txn in
            let node = try txn.createNode(labels: ["A"], properties: ["i": 1_000])
            try txn.createEdge("T", from: node, to: node)
        }
        let columns = try db.nodeColumns(["i"], publish: .always)
        #expect(columns["i"]?.summary()?.maximum == 1_000)
        #expect(DerivedGraphs.files(scratch).count == 1)
    }

    @Test func `are made anew when their file is missing, cut or changed, and never wrong`() throws
    {
        let scratch = ScratchDirectory()
        let db = try Self.database(scratch, seed: 5)
        let expected = try db.nodeColumns(["i", "t"], publish: .always)
        if case .dictionary = expected["t"]?.values {} else { Issue.record("no dictionary") }
        let file = URL(fileURLWithPath: try DerivedGraphs.onlyFile(scratch))
        let sound = try Data(contentsOf: file)
        func check(_ note: Comment) throws {
            let columns = try db.nodeColumns(["i", "t"], publish: .never)
            for key in ["i", "t"] as [PropertyKey] {
                let (found, right) = (columns[key], expected[key])
                for row in 0..<expected.count {
                    guard found?.value(at: row) == right?.value(at: row) else {
                        Issue.record("\(key) of row \(row): \(note)")
                        return
                    }
                }
            }
        }
        for offset in stride(from: 0, to: sound.count, by: 7) {
            var damaged = sound
            damaged[damaged.startIndex + offset] ^= UInt8(1 << (offset % 8))
            // A new file each time, as a mapped one must not be written.
            try FileManager.default.removeItem(at: file)
            try damaged.write(to: file)
            try check("a bit at \(offset)")
        }
        for length in stride(from: 0, to: sound.count, by: 211) {
            try FileManager.default.removeItem(at: file)
            try sound.prefix(length).write(to: file)
            try check("cut to \(length)")
        }
        try FileManager.default.removeItem(at: file)
        try check("missing")
        _ = try db.nodeColumns(["i", "t"], publish: .always)
        #expect(try Data(contentsOf: file) == sound)
    }

    @Test func `are kept up with the database`() throws {
        let scratch = ScratchDirectory()
        let db = try Self.database(scratch, seed: 2)
        let live = db.liveNodeColumns(["i", "t"], label: "A")
        for round in 0..<30 {
            let columns = try live.columns()
            let built = try db.nodeColumns(["i", "t"], label: "A", publish: .never)
            #expect(columns.count == built.count)
            for key in ["i", "t"] as [PropertyKey] {
                #expect(columns[key]?.groups() == built[key]?.groups(), "round \(round)")
            }
            try db.write { txn in
                let nodes = try txn.nodeIDs()
                let node = nodes[round * 7 % nodes.count]
                switch round % 4 {
                case 0: try txn.setProperty("i", of: node, to: .integer(Int64(round)))
                case 1: try txn.detachDeleteNode(node)
                case 2: try txn.createNode(labels: ["A"], properties: ["t": "a new text"])
                default: try txn.createEdge("T", from: node, to: nodes[0])
                }
            }
        }
    }

    @Test(arguments: [nil, "A", "B"] as [Label?])
    func `one value after the other is what each node holds`(label: Label?) throws {
        let scratch = ScratchDirectory()
        let db = try Self.database(scratch, seed: 4)
        try db.setHistory(.init())
        let before = try db.read { try $0.position() }
        try db.write { txn in
            for node in try txn.nodeIDs().prefix(50) {
                try txn.setProperty(
                    "t", of: node, to: .string(String(repeating: "long", count: 200)))
            }
        }
        for key in Self.keys {
            for position in [before, before + 1] {
                try db.read(asOf: .position(position)) { txn in
                    var found: [NodeID: PropertyValue] = [:]
                    try txn.forEachValue(of: key, label: label) { node, value in
                        found[node] = value
                        return true
                    }
                    var expected: [NodeID: PropertyValue] = [:]
                    for node in try txn.nodeIDs(label: label) {
                        expected[node] = try txn.property(key, of: node)
                    }
                    #expect(found == expected)
                }
            }
        }
        try db.read { txn in
            var count = 0
            try txn.forEachValue(of: "mixed", label: nil) { _, _ in
                count += 1
                return count < 5
            }
            #expect(count == 5)
        }
    }

    @Test(arguments: [nil, "Common", "Rare", "Unknown"] as [Label?])
    func `one value after the other is found in records of any shape`(label: Label?) throws {
        let db = try GraphDatabase.temporary()
        let long = String(repeating: "long", count: 200)
        try db.write { txn in
            for number in 0..<500 {
                var properties: Properties = [:]
                // The property asked for stands at another place of the record, or nowhere.
                for other in 0..<(number % 5) { properties[PropertyKey("a\(other)")] = 1 }
                switch number % 7 {
                case 0: properties["v"] = .integer(Int64(number) << Int64(number % 50))
                case 1: properties["v"] = .string(long)
                case 2: properties["v"] = .double(0.1)
                case 3: break
                default: properties["v"] = .integer(Int64(number))
                }
                var labels: Set<Label> = number % 9 == 0 ? ["Rare"] : ["Common"]
                if number % 2 == 0 { labels.insert("Even") }
                try txn.createNode(labels: labels.sorted(), properties: properties)
            }
            for node in try txn.nodeIDs().prefix(100) where node.rawValue % 3 == 0 {
                try txn.deleteNode(node)
            }
            try Self.expectEveryValue(of: "v", label, txn)
        }
        try db.read { try Self.expectEveryValue(of: "v", label, $0) }
    }

    private static func expectEveryValue<Reading: GraphReading & ~Copyable>(
        of key: PropertyKey, _ label: Label?, _ txn: borrowing Reading
    ) throws {
        var found: [(NodeID, PropertyValue)] = []
        try txn.forEachValue(of: key, label: label) {
            found.append(($0, $1))
            return true
        }
        var expected: [(NodeID, PropertyValue)] = []
        for node in try txn.nodeIDs(label: label) {
            if let value = try txn.property(key, of: node) { expected.append((node, value)) }
        }
        #expect(found.map(\.0) == expected.map(\.0))
        #expect(found.map(\.1) == expected.map(\.1))
        #expect(found.isEmpty == (label == "Unknown"))
    }
}
