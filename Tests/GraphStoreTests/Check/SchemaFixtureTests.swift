import Glibc
import LMDB
import PropertyGraph
import StoreTestSupport
import Testing

@testable import GraphStore

/// A store with everything of the schema that came after the first programs of format 1. It must
/// open for ever.
@Suite struct `The store of format 1 with a later schema` {
    private static let folder: String = {
        let parts = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        return parts.dropLast(2).joined(separator: "/") + "/Fixtures"
    }()
    private static let data = folder + "/format-1-schema/data.mdb"
    private static let dump = folder + "/format-1-schema.txt"

    /// `CAIRN_WRITE_SCHEMA_FIXTURE=1` writes it anew: only before its format is settled.
    private static var mustWrite: Bool { unsafe getenv("CAIRN_WRITE_SCHEMA_FIXTURE") != nil }

    /// Not yet built indexes stay so, to be looked at.
    private static var options: GraphDatabaseOptions {
        var options = GraphDatabaseOptions()
        options.buildsIndexes = false
        return options
    }

    @Test func `opens, holds what it held, goes on building, and is sound`() throws {
        if Self.mustWrite { try write() }
        let directory = TemporaryDirectory()
        try #require(unsafe mkdir(directory.file("store"), 0o755) == 0)
        let bytes = TemporaryDirectory.bytes(of: Self.data)
        try #require(!bytes.isEmpty, "the committed store is missing: \(Self.data)")
        #expect(bytes.count < 250_000)
        TemporaryDirectory.write(bytes, to: directory.file("store/data.mdb"))
        let db = try GraphDatabase(path: directory.file("store"), options: Self.options)
        #expect(db.format.features.mustNotWrite == FeatureBits.newerObjects)
        let text = try Self.text(db)
        let golden = String(decoding: TemporaryDirectory.bytes(of: Self.dump), as: UTF8.self)
        #expect(text == golden)
        #expect(try db.check().isClean)
        try db.waitForIndexes()
        let states = try db.read { try $0.schemaObjects().map { $0.state } }
        #expect(states.count { $0 == .online } == 6)
        #expect(try db.check().isClean)
        #expect(
            refusal { _ = try db.write { try $0.createNode(labels: ["Human"]) } }?.code
                == .existenceViolation)
        db.close()
    }

    private static func text(_ db: GraphDatabase) throws -> String {
        var text = try db.read { try GraphDump.text($0) }
        for object in try db.read({ try $0.schemaObjects() }) {
            text += "state \(object.name) \(object.state)\n"
        }
        let statistics = try db.statistics()
        text += "analysed at \(statistics.analysis?.position ?? 0)\n"
        for pattern in statistics.patterns {
            text +=
                "pattern \(pattern.source) \(pattern.type) \(pattern.target) "
                + "\(pattern.count)\n"
        }
        for property in statistics.properties {
            let found = property.statistics
            text +=
                "property \(property.labelOrType) \(property.key) \(found.present) of "
                + "\(found.count), \(found.distinct) distinct, common "
                + "\(found.common.map { "\($0.value) \($0.share)" }), bounds "
                + "\(found.bounds.count)\n"
        }
        return text
    }

    private func write() throws {
        let directory = TemporaryDirectory()
        let db = try GraphDatabase(path: directory.file("store"), options: Self.options)
        try db.write { txn in
            try txn.createKeyConstraint(label: "Person", properties: ["id"])
            try txn.createExistenceConstraint(edgeType: "KNOWS", property: "since")
            try txn.createTypeConstraint(
                label: "Person", property: "tags", type: .integer.union(.date))
            try txn.createUniqueConstraint(edgeType: "KNOWS", properties: ["since", "note"])
            var last: NodeID?
            for index in 0..<60 as Range<Int64> {
                let node = try txn.createNode(
                    labels: index % 3 == 0 ? ["Person", "Guest"] : ["Person"],
                    properties: ["id": .integer(index), "city": .string("c\(index % 4)")])
                if let last {
                    try txn.createEdge(
                        "KNOWS", from: last, to: node, properties: ["since": .integer(index)])
                }
                last = node
            }
        }
        try db.analyze()
        try db.write { txn in
            try txn.rename(Label("Person"), to: "Human")
            try txn.rename(PropertyKey("city"), to: "town")
        }
        for name in ["built", "twins"] {
            _ = try db.write { txn in
                name == "built"
                    ? try txn.createIndex(
                        label: "Human", properties: ["id", "town"], name: name,
                        building: .inSlices)
                    : try txn.createUniqueConstraint(
                        label: "Human", properties: ["town"], name: name, building: .inSlices)
            }
        }
        try db.write { txn in
            let twins = txn.state.catalog.entries.first { $0.name == "twins" }
            try txn.failBuilding(twins?.number ?? 0, "nodes 1 and 5 have town = 'c0'")
        }
        _ = try db.write { try $0.buildSlice(atMost: 25) }
        _ = try db.write {
            try $0.createIndex(
                edgeType: "KNOWS", properties: ["note"], name: "begun", building: .inSlices)
        }
        try db.environment.copy(to: directory.file("copy"), compacting: true)
        let text = try Self.text(db)
        db.close()
        _ = unsafe mkdir(Self.folder + "/format-1-schema", 0o755)
        TemporaryDirectory.write(
            TemporaryDirectory.bytes(of: directory.file("copy/data.mdb")), to: Self.data)
        TemporaryDirectory.write(Array(text.utf8), to: Self.dump)
    }
}
