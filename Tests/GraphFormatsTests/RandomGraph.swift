import GraphStore
import PropertyGraph

/// A graph as plain values: what an export and an import must give back, ids aside.
struct ModelGraph: Equatable {
    struct ModelNode: Hashable {
        var labels: [Label]
        var properties: Properties
    }
    struct ModelEdge: Hashable {
        var type: EdgeType
        var source: Int
        var target: Int
        var properties: Properties
    }

    var nodes: [ModelNode] = []
    var edges: [ModelEdge] = []

    /// The content of a database, nodes and edges in the order of their ids.
    init(of database: GraphDatabase) throws {
        var places: [NodeID: Int] = [:]
        var nodes: [ModelNode] = []
        var edges: [ModelEdge] = []
        try database.read { txn in
            try txn.forEachNode { node in
                places[node.id] = nodes.count
                nodes.append(ModelNode(labels: node.labels, properties: node.properties))
                return true
            }
            try txn.forEachEdge { edge in
                edges.append(
                    ModelEdge(
                        type: edge.type, source: places[edge.source] ?? -1,
                        target: places[edge.target] ?? -1, properties: edge.properties))
                return true
            }
        }
        self.nodes = nodes
        self.edges = edges
    }

    /// The same graph with nodes and edges in an order that does not depend on ids: each node is
    /// known by its property `uid`, parallel edges keep their order.
    func sortedByUID() -> ModelGraph {
        let order = nodes.indices.sorted {
            (nodes[$0].properties["uid"]?.integerValue ?? 0)
                < (nodes[$1].properties["uid"]?.integerValue ?? 0)
        }
        var place = [Int](repeating: 0, count: nodes.count)
        for (new, old) in order.enumerated() { place[old] = new }
        var copy = self
        copy.nodes = order.map { nodes[$0] }
        let moved = edges.map { edge in
            var edge = edge
            edge.source = place[edge.source]
            edge.target = place[edge.target]
            return edge
        }
        copy.edges = moved.enumerated().sorted { a, b in
            (a.element.source, a.element.target, a.element.type.name, a.offset)
                < (b.element.source, b.element.target, b.element.type.name, b.offset)
        }.map(\.element)
        return copy
    }

    /// Puts the graph into a database.
    func store(in database: GraphDatabase) throws {
        let (nodes, edges) = (nodes, edges)
        try database.write { txn in
            var ids: [NodeID] = []
            for node in nodes {
                ids.append(try txn.createNode(labels: node.labels, properties: node.properties))
            }
            for edge in edges {
                try txn.createEdge(
                    edge.type, from: ids[edge.source], to: ids[edge.target],
                    properties: edge.properties)
            }
        }
    }

    /// A random graph with values of every type, parallel edges, loops and odd names.
    init(seed: UInt64, nodeCount: Int, edgeCount: Int) {
        var random = SeededGenerator(seed: seed)
        let labels: [Label] = [
            "Person", "Concept", "a;b", "quote\"d", "e\u{301}", "\u{e9}", "back\\slash",
        ]
        let types: [EdgeType] = ["KNOWS", "part of", "x,y", "\"", "ü"]
        for uid in 0..<nodeCount {
            let count = Int.random(in: 0...3, using: &random)
            let chosen = Set((0..<count).compactMap { _ in labels.randomElement(using: &random) })
            var properties = Self.properties(&random)
            properties["uid"] = .integer(Int64(uid))
            nodes.append(ModelNode(labels: chosen.sorted(), properties: properties))
        }
        guard nodeCount > 0 else { return }
        for _ in 0..<edgeCount {
            edges.append(
                ModelEdge(
                    type: types.randomElement(using: &random) ?? "T",
                    source: Int.random(in: 0..<nodeCount, using: &random),
                    target: Int.random(in: 0..<min(3, nodeCount), using: &random),
                    properties: Self.properties(&random)))
        }
    }

    private static func properties(_ random: inout SeededGenerator) -> Properties {
        let keys: [PropertyKey] = ["a", "b", "c:d", "e,f", "{g}", "h\"i", "line\nbreak", "é"]
        var properties: Properties = [:]
        for _ in 0..<Int.random(in: 0...5, using: &random) {
            properties[keys.randomElement(using: &random) ?? "a"] = value(&random)
        }
        return properties
    }

    private static func value(_ random: inout SeededGenerator) -> PropertyValue {
        switch Int.random(in: 0..<18, using: &random) {
        case 0...12: return scalar(Int.random(in: 0..<13, using: &random), &random)
        case 13:
            return .vector(
                (0..<Int.random(in: 0...4, using: &random)).map { _ in
                    Float(bitPattern: UInt32.random(in: .min ... .max, using: &random))
                })
        default:
            let kind = Int.random(in: 0..<13, using: &random)
            return .list(
                (0..<Int.random(in: 0...3, using: &random)).map { _ in scalar(kind, &random) })
        }
    }

    private static func scalar(_ kind: Int, _ random: inout SeededGenerator) -> PropertyValue {
        let bits = UInt64.random(in: .min ... .max, using: &random)
        let nanoseconds = Int64(bits % 3 == 0 ? 0 : bits % 1_000_000_000)
        let seconds = Int64(truncatingIfNeeded: bits >> 8) % 200_000_000_000
        let offset = Int32(truncatingIfNeeded: Int64(bits % 129_600) - 64_800)
        let time = LocalTime(nanosecondsSinceMidnight: Int64(bits % 86_400_000_000_000))
        switch kind {
        case 0: return .boolean(bits & 1 == 0)
        case 1: return .integer(Int64(bitPattern: bits))
        case 2: return .double(Double(bitPattern: bits))
        case 3:
            return .double([0.0, -0.0, .nan, .infinity, -.infinity, 0.1, 1e300, 5][Int(bits % 8)])
        case 4:
            return .string(
                [
                    "", "plain", "a;b", "\\", "\\;", ";", "\"quoted\"",
                    "comma, tab\tand\nline\r\nends",
                    "e\u{301}", "\u{e9}", "😀\u{0}\u{1F}", "true", "007", " spaces ", "null", "\r",
                ][Int(bits % 16)])
        case 5: return .bytes((0..<Int(bits % 6)).map { UInt8(truncatingIfNeeded: bits >> $0) })
        case 6: return .date(CalendarDate(daysSinceEpoch: seconds % 5_000_000))
        case 7: return .localTime(time)
        case 8: return .zonedTime(ZonedTime(localTime: time, utcOffsetSeconds: offset))
        case 9:
            return .localDateTime(
                LocalDateTime(secondsSinceEpoch: seconds, nanoseconds: Int32(nanoseconds)))
        case 10:
            return .zonedDateTime(
                ZonedDateTime(
                    secondsSinceEpoch: seconds, nanoseconds: Int32(nanoseconds),
                    utcOffsetSeconds: offset, zoneName: bits & 4 == 0 ? nil : "Europe/Berlin"))
        case 11:
            return .duration(
                TemporalDuration(
                    months: seconds % 1_000, days: seconds % 77, seconds: seconds,
                    nanoseconds: Int32(nanoseconds)))
        default:
            return .point(
                Point(
                    Point.ReferenceSystem.allCases[Int(bits % 4)], x: Double(seconds) / 3, y: -0.0,
                    z: 1e-9))
        }
    }
}
