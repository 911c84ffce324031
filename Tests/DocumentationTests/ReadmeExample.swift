import Cairn

func friendsOfAda(in path: String) throws -> [Node] {
    let db = try GraphDatabase(path: path)
    let ada = try db.write { txn in
        let ada = try txn.createNode(labels: ["Person"], properties: ["name": "Ada"])
        let bob = try txn.createNode(labels: ["Person"], properties: ["name": "Bob"])
        try txn.createEdge("KNOWS", from: ada, to: bob, properties: ["since": 1840])
        return ada
    }
    return try db.read { txn in
        try txn.neighbors(of: ada, type: "KNOWS").compactMap { try txn.node($0.node) }
    }
}
