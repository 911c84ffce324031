import LMDB
import PropertyGraph
import StoreTestSupport
import TestSupport
import Testing

@testable import GraphStore

@Suite struct `Statistics of a graph` {
    /// A random life, and what it came to.
    private func life(_ seed: UInt64) throws -> (GraphDatabase, ModelGraph) {
        let db = try GraphDatabase.temporary()
        var generator = OperationGenerator(seed: seed)
        var model = ModelGraph()
        for _ in 0..<300 {
            let operation = generator.next(for: model)
            guard (try? model.write { try operation.apply(to: &$0) }) != nil else { continue }
            try db.write { try operation.apply(to: &$0) }
        }
        return (db, model)
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `are those of a count by hand`(seed: UInt64) throws {
        let (db, model) = try life(seed)
        try db.analyze()
        let statistics = try db.statistics()
        #expect(statistics.nodes() == model.nodes.count)
        #expect(statistics.edges() == model.edges.count)
        let labels = Set(model.nodes.values.flatMap { $0.labels })
        let types = Set(model.edges.values.map { $0.type })
        var triples = 0
        for label in labels {
            #expect(statistics.nodes(label) == model.nodeIDs(label: label).count)
            for type in types {
                let count = model.edgeCount(type: type, label: label, isOutgoing: true)
                #expect(statistics.edges(type, at: label, .outgoing) == count)
                let nodes = model.nodeIDs(label: label).count
                #expect(statistics.degree(label, type, .outgoing) == Double(count) / Double(nodes))
                for target in labels {
                    let wanted = model.edges.values.count {
                        $0.type == type && model.nodes[$0.source]?.labels.contains(label) == true
                            && model.nodes[$0.target]?.labels.contains(target) == true
                    }
                    #expect(statistics.edges(from: label, type, to: target) == Double(wanted))
                    if wanted > 0 { triples += 1 }
                }
            }
        }
        #expect(statistics.patterns.count == triples)
        for type in types { #expect(statistics.edges(type) == model.edgeIDs(type: type).count) }
        for property in statistics.properties {
            let all = model.entities(
                of: property.labelOrType, isOverNodes: property.entity == .node)
            let values = all.compactMap { $0.properties[property.key] }
            let found = property.statistics
            #expect(found.count == all.count)
            #expect(found.present == values.count)
            // Values that equal each other, and NaN, are one in an index.
            let keys = Set(values.map { OrderedKey.encode([$0]).bytes })
            #expect(found.isDistinctExact)
            // A long value that is kept apart is told from an equal one by nothing but its bytes.
            #expect(found.distinct == keys.count)
        }
        #expect(try db.check().isClean)
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `estimate what a predicate selects`(seed: UInt64) throws {
        var random = TestRandom(seed: seed)
        var summary = PropertySummary(seed: 1)
        var values: [PropertyValue] = []
        let count = 8_000
        for index in 0..<count {
            if random.percent(10) { continue }
            let value: PropertyValue =
                switch seed % 4 {
                // Skewed, spread, text, and a mixture of types.
                case 0: .integer(Int64(random.below(1 + random.below(1 + random.below(5_000)))))
                case 1: .double(Double(random.below(1 << 30)) / 1_000)
                case 2: .string("k\(random.below(3_000))")
                default:
                    index % 2 == 0 ? .integer(Int64(random.below(50))) : .string("t\(index % 700)")
                }
            values.append(value)
            summary.add(value)
        }
        let statistics = summary.statistics(of: count)
        #expect(abs(statistics.nullFraction - 0.1) < 0.02)
        let distinct = Set(values.map { OrderedKey.encode([$0]).bytes }).count
        // Four standard errors.
        #expect(abs(Double(statistics.distinct) / Double(distinct) - 1) < 0.09)
        #expect(statistics.isDistinctExact == (distinct < 4_096))
        func share(_ predicate: PropertyPredicate) -> Double {
            Double(values.count { predicate.isSatisfied(by: $0) }) / Double(count)
        }
        var worst = 0.0
        for _ in 0..<25 {
            let (a, b) = (random.pick(values), random.pick(values))
            let bounds = OrderedKey.compare(a, b) < 0 ? (a, b) : (b, a)
            for predicate in [
                PropertyPredicate.exists, .equals(a),
                .range(from: .including(bounds.0), to: .excluding(bounds.1)),
                .range(from: .excluding(a), to: nil), .range(from: nil, to: .including(a)),
                .startsWith("k\(random.below(10))"), .startsWith("t"),
            ] {
                let error = abs(statistics.selectivity(of: predicate) - share(predicate))
                worst = max(worst, error)
                #expect(error < 0.05, "\(predicate)")
            }
        }
        // The test can fail: the estimates are no copies of the shares.
        #expect(worst > 0)
        // And it survives storage.
        var writer = ByteWriter()
        statistics.encode(into: &writer)
        let bytes = writer.bytes
        let again = try #require(decoded(bytes, bytes.count))
        #expect(again.common == statistics.common)
        #expect(again.bounds == statistics.bounds)
        let first = PropertyPredicate.equals(values[0])
        #expect(again.selectivity(of: first) == statistics.selectivity(of: first))
        for cut in bytes.indices { #expect(decoded(bytes, cut) == nil) }
    }

    private func decoded(_ bytes: [UInt8], _ count: Int) -> PropertyStatistics? {
        PropertyStatistics(bytes.rawSpan.extracting(0..<count))
    }

    @Test func `counts many distinct values within its error`() {
        for count in [0, 1, 4_000, 4_096, 150_000] {
            var counter = DistinctCounter()
            for index in 0..<count {
                let bytes = withUnsafeBytesOf(UInt64(index))
                counter.add(bytes.rawSpan.hash64())
                if count <= 4_096 { counter.add(bytes.rawSpan.hash64()) }
            }
            let (estimate, isExact) = counter.estimate
            #expect(isExact == (count < 4_096))
            if isExact {
                #expect(estimate == count)
            } else {
                #expect(abs(Double(estimate) / Double(count) - 1) < 0.09)
            }
        }
    }

    private func withUnsafeBytesOf(_ number: UInt64) -> [UInt8] {
        var writer = ByteWriter()
        writer.appendLE64(number)
        return writer.bytes
    }

    @Test func `tell how old they are, and are kept across reopening, copies and renames`() throws {
        let directory = TemporaryDirectory()
        let db = try GraphDatabase(path: directory.file("store"))
        #expect(try db.statistics().analysis == nil)
        try db.write { txn in
            for index in 0..<100 {
                try txn.createNode(labels: ["A"], properties: ["p": .integer(Int64(index % 10))])
            }
        }
        let before = try db.statistics()
        #expect(before.selectivity(of: .equals(1), on: "p", of: Label("A")) == 0.1)
        let position = try db.read { try $0.position() }
        try db.analyze()
        // It takes no position: nothing changed.
        #expect(try db.read { try $0.position() } == position)
        let fresh = try #require(try db.statistics().analysis)
        #expect(fresh.position == position)
        #expect(fresh.changesSince == 0)
        #expect(!fresh.isStale)
        try db.write { try $0.rename(Label("A"), to: "Z") }
        for _ in 0..<20 { _ = try db.write { try $0.createNode(labels: ["Z"]) } }
        db.close()
        let again = try GraphDatabase(path: directory.file("store"))
        let statistics = try again.statistics()
        let analysis = try #require(statistics.analysis)
        #expect(analysis.changesSince == 21)
        #expect(analysis.isStale)
        #expect(statistics.nodes("Z") == 120)
        #expect(statistics.distinct(Label("Z"), "p") == 10)
        #expect(statistics.property("p", of: Label("A")) == nil)
        #expect(statistics.property("p", of: Label("Z"))?.common.count == 10)
        #expect(try again.check().isClean)
    }

    @Test func `know what constraints say`() throws {
        let db = try GraphDatabase.temporary()
        try db.write { txn in
            for index in 0..<50 {
                try txn.createNode(labels: ["A"], properties: ["id": .integer(Int64(index))])
            }
            try txn.createKeyConstraint(label: "A", properties: ["id"])
        }
        let statistics = try db.statistics()
        #expect(statistics.selectivity(of: .equals(7), on: "id", of: Label("A")) == 1 / 50.0)
        #expect(statistics.selectivity(of: .exists, on: "id", of: Label("A")) == 1)
        #expect(statistics.distinct(Label("A"), "id") == 50)
    }

    @Test func `follow more properties than fit in memory at once`() throws {
        let db = try GraphDatabase.temporary()
        try db.write { txn in
            for index in 0..<300 {
                let key = PropertyKey("p\(index)")
                try txn.createNode(labels: ["A", "B"], properties: [key: 1, "all": "x"])
            }
        }
        try db.analyze()
        let statistics = try db.statistics()
        #expect(statistics.properties.count == 602)
        #expect(
            statistics.properties.allSatisfy {
                $0.statistics.present == ($0.key == "all" ? 300 : 1)
            })
    }

    @Test func `read inline values, long ones, and those of edges`() throws {
        let db = try GraphDatabase.temporary()
        try db.write { txn in
            try txn.setInlineProperty("w", of: "R")
            let node = try txn.createNode(labels: ["A"])
            for index in 0..<30 {
                let weight: PropertyValue = index < 10 ? "heavy" : .integer(Int64(index % 5))
                let text = String(repeating: "x", count: 2_000 + index % 3)
                try txn.createEdge(
                    "R", from: node, to: node, properties: ["w": weight, "t": .string(text)])
            }
        }
        try db.analyze()
        let statistics = try db.statistics()
        let weight = try #require(statistics.property("w", of: EdgeType("R")))
        #expect(weight.present == 30)
        #expect(weight.distinct == 6)
        #expect(weight.common.first == .init(value: "heavy", share: 10.0 / 30))
        #expect(weight.minimum == "heavy")
        #expect(weight.maximum == 4)
        let text = try #require(statistics.property("t", of: EdgeType("R")))
        #expect(text.present == 30)
        #expect(text.distinct == 3)
        #expect(text.nullFraction == 0)
        #expect(try db.check().isClean)
    }
}
