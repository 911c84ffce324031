import GraphStore
import PropertyGraph
import Testing

@Suite struct `Upserting in bulk` {
    /// A row of nodes or edges; keys are small so that many rows meet.
    private enum Row {
        case node(kind: Int, key: Int64, name: Int64?, tag: String?)
        case edge(kind: Int, from: Int64, to: Int64, weight: Double?, note: String?)
    }

    private static func rows(_ seed: UInt64, count: Int, keys: UInt64) -> [Row] {
        var random = SplitMix(seed)
        var rows: [Row] = []
        for _ in 0..<count {
            let key = Int64(random.next() % keys)
            if random.next() % 3 == 0 {
                rows.append(
                    .node(
                        kind: Int(random.next() % 2), key: key,
                        name: random.next() % 4 == 0 ? nil : Int64(random.next() % 50),
                        tag: random.next() % 2 == 0 ? nil : "t\(random.next() % 9)"))
            } else {
                rows.append(
                    .edge(
                        kind: Int(random.next() % 2), from: key,
                        to: Int64(random.next() % keys),
                        weight: random.next() % 3 == 0 ? nil : Double(random.next() % 8),
                        note: random.next() % 3 == 0 ? "n\(random.next() % 5)" : nil))
            }
        }
        // Every key that an edge may name.
        return rows + (0..<Int64(keys)).map { .node(kind: 0, key: $0, name: nil, tag: nil) }
    }

    /// What the rows mean, in dictionaries.
    private struct Model: Equatable {
        struct Spoke: Hashable {
            var type: EdgeType
            var from: PropertyValue
            var to: PropertyValue
        }
        var nodes: [PropertyValue: (labels: Set<Label>, properties: Properties)] = [:]
        var edges: [Spoke: Properties] = [:]

        mutating func apply(_ rows: [Row]) {
            for case .node(let kind, let key, let name, let tag) in rows {
                var node = nodes[.integer(key)] ?? ([], [:])
                node.labels.formUnion(kind == 0 ? ["N"] : ["N", "Extra"])
                node.properties["id"] = .integer(key)
                if let name { node.properties["name"] = .integer(name) }
                if let tag { node.properties["tag"] = .string(tag) }
                nodes[.integer(key)] = node
            }
            for case .edge(let kind, let from, let to, let weight, let note) in rows {
                let spoke = Spoke(
                    type: EdgeType("T\(kind)"), from: .integer(from), to: .integer(to))
                var edge = edges[spoke] ?? [:]
                if let weight { edge["w"] = .double(weight) }
                if let note { edge["note"] = .string(note) }
                edges[spoke] = edge
            }
        }

        init() {}

        init(of database: GraphDatabase) throws {
            var (nodes, edges) = (self.nodes, self.edges)
            try database.read { txn in
                var keys: [NodeID: PropertyValue] = [:]
                try txn.forEachNode { node in
                    let key = node["id"] ?? .string("")
                    keys[node.id] = key
                    nodes[key] = (Set(node.labels), node.properties)
                    return true
                }
                #expect(nodes.count == (try txn.nodeCount()))
                try txn.forEachEdge { edge in
                    let spoke = Spoke(
                        type: edge.type, from: keys[edge.source] ?? 0, to: keys[edge.target] ?? 0)
                    #expect(edges[spoke] == nil, "one edge of a type between two nodes")
                    edges[spoke] = edge.properties
                    return true
                }
            }
            (self.nodes, self.edges) = (nodes, edges)
        }

        static func == (a: Model, b: Model) -> Bool {
            a.edges == b.edges && a.nodes.count == b.nodes.count
                && a.nodes.allSatisfy { key, node in
                    b.nodes[key].map {
                        $0.labels == node.labels && $0.properties == node.properties
                    }
                        ?? false
                }
        }
    }

    private static func upsert(
        _ rows: [Row], into database: GraphDatabase, _ options: BulkLoadOptions = .init()
    ) throws -> BulkUpsertSummary {
        var upsert = try BulkUpsert(into: database, options: options)
        let kinds = [
            try upsert.nodeLayout(label: "N", key: "id", properties: ["name", "tag"]),
            try upsert.nodeLayout(
                label: "N", key: "id", properties: ["tag", "name"], moreLabels: ["Extra"]),
        ]
        let types = try (0..<2).map {
            try upsert.edgeLayout(type: EdgeType("T\($0)"), properties: ["w", "note"])
        }
        for row in rows {
            switch row {
            case .node(let kind, let key, let name, let tag):
                let name = name.map { PropertyValue.integer($0) }
                let tag = tag.map { PropertyValue.string($0) }
                try upsert.put(
                    kinds[kind], key: .integer(key), values: kind == 0 ? [name, tag] : [tag, name])
            case .edge(let kind, let from, let to, let weight, let note):
                try upsert.put(
                    types[kind], from: (kinds[0], .integer(from)), to: (kinds[1], .integer(to)),
                    values: [weight.map { .double($0) }, note.map { .string($0) }])
            }
        }
        return try upsert.finish()
    }

    @Test(arguments: UInt64(1)...8, [false, true])
    func `again and again gives what the rows mean, with an index and without`(
        seed: UInt64, isIndexed: Bool
    ) throws {
        let database = try GraphDatabase.temporary()
        try database.write { txn in
            if isIndexed { try txn.createUniqueConstraint(label: "N", properties: ["id"]) }
            try txn.createIndex(label: "N", properties: ["tag"])
            try txn.setInlineProperty("w", of: "T1")
        }
        var options = BulkLoadOptions()
        options.sortMemoryBytes = 1 << 12
        var model = Model()
        for round in 0..<3 {
            let rows = Self.rows(seed * 10 + UInt64(round), count: 400, keys: 40 + seed * 20)
            let before = model
            model.apply(rows)
            let summary = try Self.upsert(rows, into: database, options)
            #expect(summary.createdNodes == model.nodes.count - before.nodes.count)
            #expect(summary.createdEdges == model.edges.count - before.edges.count)
            #expect(
                summary.createdNodes + summary.mergedNodes + summary.createdEdges
                    + summary.mergedEdges == rows.count)
            #expect(try Model(of: database) == model, "seed \(seed), round \(round)")
            #expect(try database.check().isClean)
        }
    }

    @Test func `finds nodes written one by one, and keeps what rows do not name`() throws {
        let database = try GraphDatabase.temporary()
        let long = String(repeating: "long", count: 300)
        try database.write { txn in
            for key in ["a", long] {
                try txn.createNode(labels: ["P"], properties: ["k": .string(key), "kept": true])
            }
        }
        var upsert = try BulkUpsert(into: database)
        let layout = try upsert.nodeLayout(label: "P", key: "k", properties: ["x"])
        let type = try upsert.edgeLayout(type: "T")
        try upsert.put(type, from: (layout, "a"), to: (layout, .string(long)))
        try upsert.put(layout, key: .string(long), values: [1])
        let summary = try upsert.finish()
        #expect(summary.mergedNodes == 1 && summary.createdEdges == 1 && summary.createdNodes == 0)
        try database.read { txn in
            #expect(try txn.nodeCount() == 2)
            let node = try txn.node(label: "P", "k", .string(long)).flatMap { try txn.node($0) }
            #expect(node?["kept"] == true && node?["x"] == 1)
        }
    }

    @Test func `that cannot be done leaves everything as it was`() throws {
        let database = try GraphDatabase.temporary()
        _ = try database.write { try $0.createUniqueConstraint(label: "P", properties: ["mail"]) }
        func dangle() throws {
            var upsert = try BulkUpsert(into: database)
            let person = try upsert.nodeLayout(label: "P", key: "k", properties: ["mail"])
            let type = try upsert.edgeLayout(type: "T")
            try upsert.put(person, key: 1, values: ["m"])
            try upsert.put(type, from: (person, 1), to: (person, 2))
            _ = try upsert.finish()
        }
        func clash() throws {
            var upsert = try BulkUpsert(into: database)
            let person = try upsert.nodeLayout(label: "P", key: "k", properties: ["mail"])
            for key in [1, 2] as [PropertyValue] {
                try upsert.put(person, key: key, values: ["m"])
            }
            _ = try upsert.finish()
        }
        func put(_ key: PropertyValue, _ values: [PropertyValue?]) throws {
            var upsert = try BulkUpsert(into: database)
            let layout = try upsert.nodeLayout(label: "P", key: "k")
            try upsert.put(layout, key: key, values: values)
        }
        #expect(throws: GraphStoreError.self) { try dangle() }
        #expect(throws: GraphStoreError.self) { try clash() }
        #expect(throws: GraphStoreError.self) { try put(1, [2]) }
        #expect(throws: GraphStoreError.self) { try put(.double(.nan), []) }
        #expect(try database.read { try $0.nodeCount() } == 0)
        #expect(try database.check().isClean)
    }
}
