import Foundation
import GraphStore
import PropertyGraph

/// A database larger than the memory it may use.
struct LargeStore {
    let path: String

    func fill(bytes: Int) throws {
        let db = try GraphDatabase(path: path)
        defer { db.close() }
        _ = try db.write { try $0.createUniqueConstraint(label: "Page", properties: ["number"]) }
        var first = 0
        while fileBytes(path) < bytes {
            let numbers = first..<(first + 20_000)
            try db.writeAlone { txn in
                var last: NodeID?
                for number in numbers {
                    let node = try txn.createNode(
                        labels: ["Page"],
                        properties: [
                            "number": .integer(Int64(number)),
                            "text": .string(String(repeating: "page \(number) ", count: 20)),
                        ])
                    if let last { try txn.createEdge("NEXT", from: last, to: node) }
                    last = node
                }
            }
            first = numbers.upperBound
        }
        say(["done": "fill", "nodes": first, "file_bytes": fileBytes(path)])
    }

    func use() throws {
        let db = try GraphDatabase(path: path)
        defer { db.close() }
        try read(db)
        try write(db)
        let graph = try db.projection(Projection(types: ["NEXT"]), publish: .always)
        say(["step": "projection", "nodes": graph.nodeCount, "edges": graph.edgeCount])
        let report = try db.check()
        say([
            "done": "use", "findings": report.findings.count, "file_bytes": fileBytes(path),
            "anonymous_peak_kb": memory("RssAnon"), "resident_peak_kb": memory("VmHWM"),
        ])
    }

    /// Every node by a scan, and as many as that again by their key, in no order.
    private func read(_ db: GraphDatabase) throws {
        var (count, sum) = (0, 0)
        try db.read { txn in
            try txn.forEachNode(label: "Page") { node in
                count += 1
                sum += node["text"]?.stringValue?.utf8.count ?? 0
                return true
            }
        }
        say(["step": "scan", "nodes": count, "bytes": sum])
        var numbers = Numbers()
        var found = 0
        for _ in 0..<count {
            let number = PropertyValue.integer(Int64(numbers.next(below: count)))
            found += try db.read { try $0.node(label: "Page", "number", number) == nil ? 0 : 1 }
        }
        say(["step": "points", "asked": count, "found": found])
    }

    /// Changes all over the file, in small commits and one large one.
    ///
    /// LMDB keeps the pages that a transaction changed in memory, up to 512 MB of them, and so a
    /// transaction that changes every page needs as much memory as the file has bytes.
    private func write(_ db: GraphDatabase) throws {
        let nodes = try db.read { try $0.nodeIDs(label: "Page") }
        var numbers = Numbers()
        for round in 0..<2_000 {
            let node = nodes[numbers.next(below: nodes.count)]
            try db.write { try $0.setProperty("round", of: node, to: .integer(Int64(round))) }
        }
        let few = stride(from: 0, to: nodes.count, by: 100).map { nodes[$0] }
        try db.writeAlone { txn in
            for node in few { try txn.setProperty("few", of: node, to: true) }
        }
        say(["step": "writes", "small": 2_000, "large": few.count])
    }
}
