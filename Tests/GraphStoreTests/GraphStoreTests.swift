import GraphStore
import PropertyGraph
import Testing

@Suite struct `A first graph` {
    @Test func `reads back what was written`() throws {
        let db = try GraphDatabase.temporary()
        let (ada, bob, knows) = try db.write { txn in
            let ada = try txn.createNode(
                labels: ["Person"], properties: ["name": "Ada", "age": 36])
            let bob = try txn.createNode(labels: ["Person"], properties: ["name": "Bob"])
            let edge = try txn.createEdge("KNOWS", from: ada, to: bob, properties: ["since": 1840])
            return (ada, bob, edge)
        }
        try db.read { txn in
            let node = try txn.node(ada)
            #expect(node?["name"] == "Ada")
            let neighbors = try txn.neighbors(of: ada)
            #expect(neighbors == [Neighbor(node: bob, edge: knows)])
            let degree = try txn.degree(of: bob, .incoming, type: "KNOWS")
            #expect(degree == 1)
            let people = try txn.nodeIDs(label: "Person")
            #expect(people == [ada, bob])
            let edge = try txn.edge(knows)
            #expect(edge?["since"] == 1840)
            let count = try txn.nodeCount(label: "Person")
            #expect(count == 2)
            let outgoing = try txn.edgeCount(type: "KNOWS", label: "Person", .outgoing)
            #expect(outgoing == 1)
            let changes = try txn.changes(from: 1)
            #expect(changes.first?.changes.count == 3)
        }
    }

    @Test func `a broken unique constraint names the nodes and leaves nothing`() throws {
        let db = try GraphDatabase.temporary()
        let first = try db.write { txn in
            try txn.createUniqueConstraint(label: "Person", properties: ["name"])
            return try txn.createNode(labels: ["Person"], properties: ["name": "Ada"])
        }
        let error = #expect(throws: GraphStoreError.self) {
            try db.write { txn in
                _ = try txn.createNode(labels: ["Person"], properties: ["name": "Ada"])
            }
        }
        #expect(error?.code == .uniqueViolation)
        #expect(error?.nodes.contains(first) == true)
        #expect(try db.read { try $0.nodeCount() } == 1)
    }

    @Test func `an index answers as reading does`() throws {
        let db = try GraphDatabase.temporary()
        try db.write { txn in
            for index in 0..<200 {
                try txn.createNode(
                    labels: ["N"],
                    properties: ["k": .integer(Int64(index % 17)), "s": .string("s\(index)")])
            }
            try txn.createIndex(label: "N", properties: ["k"])
            try txn.createIndex(label: "N", properties: ["s"])
        }
        try db.read { txn in
            let predicates: [PropertyPredicate] = [
                .equals(3), .range(from: .including(3), to: .excluding(6)), .exists,
            ]
            for predicate in predicates {
                for order in [ScanOrder.byID, .ascending, .descending] {
                    let indexed = try txn.nodeIDs(label: "N", where: "k", predicate, order: order)
                    let read = try txn.nodeIDs(
                        label: "N", where: "k", predicate, order: order, using: .never)
                    #expect(indexed == read)
                }
            }
            let prefixed = try txn.nodeIDs(label: "N", where: "s", .startsWith("s1"))
            #expect(prefixed.count == 111)
        }
    }

    @Test func `a hub grows and shrinks`() throws {
        let db = try GraphDatabase.temporary()
        let hub = try db.write { txn in
            try txn.setInlineProperty("w", of: "E")
            let hub = try txn.createNode()
            for index in 0..<3000 {
                let leaf = try txn.createNode()
                try txn.createEdge(
                    "E", from: leaf, to: hub, properties: ["w": .double(Double(index) / 3)])
            }
            return hub
        }
        #expect(try db.read { try $0.degree(of: hub, .incoming) } == 3000)
        #expect(try db.read { try $0.neighbors(of: hub, .incoming).count } == 3000)
        #expect(try db.read { try $0.edge(EdgeID(100))?["w"] } == .double(33))
        try db.write { txn in try txn.detachDeleteNode(hub) }
        #expect(try db.read { try $0.edgeCount() } == 0)
    }
}
