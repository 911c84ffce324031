import Cairn

func tutorial(_ path: String) throws -> [String] {
    let db = try GraphDatabase(path: path)
    try db.write { txn in
        try txn.createUniqueConstraint(label: "Book", properties: ["title"])
        let euclid = try txn.createNode(
            labels: ["Book"], properties: ["title": "Elements", "year": -300])
        let newton = try txn.createNode(
            labels: ["Book"], properties: ["title": "Principia", "year": 1687])
        let gauss = try txn.createNode(
            labels: ["Book"], properties: ["title": "Disquisitiones", "year": 1801])
        try txn.createEdge("CITES", from: newton, to: euclid, properties: ["pages": 12])
        try txn.createEdge("CITES", from: gauss, to: euclid, properties: ["pages": 3])
        try txn.createEdge("CITES", from: gauss, to: newton, properties: ["pages": 1])
    }

    var lines: [String] = []
    try db.read { txn in
        if let elements = try txn.node(label: "Book", "title", "Elements") {
            let citations = try txn.degree(of: elements, .incoming, type: "CITES")
            lines.append("Elements is cited \(citations) times")
        }
        let modern = try txn.nodeIDs(
            label: "Book", where: "year", .range(from: .including(1600), to: nil),
            order: .ascending)
        for id in modern {
            let title = try txn.property("title", of: id)?.stringValue ?? ""
            lines.append("since 1600: \(title)")
        }
    }

    let graph = try db.projection(Projection(types: ["CITES"]))
    let result = try PageRank().run(on: graph)
    let best = result.ranks.indices.max { result.ranks[$0] < result.ranks[$1] } ?? 0
    let id = NodeID(graph.id(of: UInt32(best)))
    let title = try db.read { try $0.property("title", of: id)?.stringValue ?? "" }
    lines.append("most central: \(title)")
    return lines
}
