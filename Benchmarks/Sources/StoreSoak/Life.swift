import GraphStore
import PropertyGraph

/// A graph that stays of one size while it is changed for ever: what grows then is a leak.
struct Life {
    let path: String
    let commits: UInt64
    /// How many positions the change log keeps.
    let log: UInt64
    /// How many positions as-of reads reach back; 0 keeps no history.
    let history: UInt64

    private static let nodes = 20_000
    private static let samples: UInt64 = 56

    func run() throws {
        var options = GraphDatabaseOptions()
        options.changeLogRetention = log
        let db = try GraphDatabase(path: path, options: options)
        defer { db.close() }
        if history > 0 { try db.setHistory(HistoryRetention(maximumPositions: history)) }
        var nodes = try populate(db)
        var numbers = Numbers()
        for commit in 1...commits {
            try change(db, &nodes, &numbers, commit)
            if commit % max(1, commits / Self.samples) == 0 { sample(commit) }
        }
        let report = try db.check()
        say(["done": "live", "findings": report.findings.count])
    }

    private func populate(_ db: GraphDatabase) throws -> [NodeID] {
        try db.write { txn in
            try txn.createIndex(label: "Item", properties: ["rank"])
            var nodes: [NodeID] = []
            for place in 0..<Self.nodes {
                let node = try txn.createNode(labels: ["Item"], properties: properties(place))
                if let last = nodes.last { try txn.createEdge("NEXT", from: node, to: last) }
                nodes.append(node)
            }
            return nodes
        }
    }

    private func properties(_ place: Int) -> [PropertyKey: PropertyValue] {
        ["rank": .integer(Int64(place % 1_000)), "name": .string("item \(place)")]
    }

    /// One commit: mostly a changed property, else a node that takes the place of another.
    private func change(
        _ db: GraphDatabase, _ nodes: inout [NodeID], _ numbers: inout Numbers, _ commit: UInt64
    ) throws {
        let place = numbers.next(below: nodes.count)
        let (other, third) = (
            nodes[numbers.next(below: nodes.count)], nodes[numbers.next(below: nodes.count)]
        )
        let victim = nodes[place]
        if numbers.next(below: 4) > 0 {
            let rank = PropertyValue.integer(Int64(numbers.next(below: 1_000)))
            return try db.write { try $0.setProperty("rank", of: victim, to: rank) }
        }
        let properties = properties(Int(commit % 1_000_000))
        nodes[place] = try db.write { txn in
            try txn.detachDeleteNode(victim)
            let node = try txn.createNode(labels: ["Item"], properties: properties)
            for end in [other, third] where end != victim {
                try txn.createEdge("NEXT", from: node, to: end, properties: ["weight": 0.5])
            }
            return node
        }
    }

    private func sample(_ commit: UInt64) {
        say([
            "commit": commit, "file_bytes": fileBytes(path), "anonymous_kb": memory("RssAnon"),
        ])
    }
}
