import Foundation
import GraphStore
import PropertyGraph

/// From an opened store to a graph that kernels run on: built, mapped, and patched after one edge
/// in a hundred has changed.
struct Projections {
    let path: String

    func run() throws {
        let plain = Projection()
        let weighted = Projection(
            types: ["PREREQUISITE", "RELATED_TO"], weight: "strength", includesEdgeIDs: true)
        for (name, projection) in [("plain", plain), ("weighted", weighted)] {
            try measure(name, projection)
        }
    }

    private func measure(_ kind: String, _ projection: Projection) throws {
        try? FileManager.default.removeItem(atPath: path + "/derived")
        let db = try GraphDatabase(path: path)
        // So that the newest commit is a durable one, of which files are written.
        try db.write { txn in _ = try txn.createNode() }
        var graph = try timed("project_build_\(kind)", 5) {
            try db.projection(projection, publish: .never)
        }
        graph = try timed("project_publish_\(kind)", 1) { try db.projection(projection) }
        db.close()
        graph = try timed("project_open_and_map_\(kind)", 10) {
            let db = try GraphDatabase(path: path)
            defer { db.close() }
            return try db.projection(projection)
        }
        let after = try GraphDatabase(path: path)
        defer { after.close() }
        let live = after.liveProjection(projection)
        graph = try live.graph()
        // The first two make their memory; from then on that of the graph before last is used.
        for (name, times) in [("patch_first", 2), ("patch", 6)] {
            var spent = (wall: 0.0, cpu: 0.0)
            for _ in 0..<times {
                try change(after, share: graph.edgeCount / 100)
                let watch = Stopwatch()
                graph = try live.graph()
                spent = (spent.wall + watch.wall, spent.cpu + watch.cpu)
            }
            report(
                "project_\(name)_\(kind)", spent.wall * 1000 / Double(times), "ms", spent,
                operations: times, rows: graph.edgeCount * times, answer: nil)
        }
        _ = try after.projection(projection, publish: .always)
        try change(after, share: graph.edgeCount / 100)
        graph = try timed("project_patch_from_file_\(kind)", 3) {
            try after.projection(projection, publish: .never)
        }
        try? FileManager.default.removeItem(atPath: path + "/derived")
        let rebuilt = try timed("project_rebuild_\(kind)", 5) {
            try after.projection(projection, publish: .never)
        }
        if graph.edgeCount != rebuilt.edgeCount { print("the patched graph is wrong") }
    }

    /// Removes so many edges, and adds as many, a hundred to a commit.
    private func change(_ db: GraphDatabase, share: Int) throws {
        let (nodes, edges) = try db.read { txn in
            var edges: [EdgeID] = []
            try txn.forEachEdgeID(type: "RELATED_TO") {
                edges.append($0)
                return true
            }
            return (try txn.nodeIDs(label: "Concept"), edges)
        }
        for start in stride(from: 0, to: share / 2, by: 100) {
            try db.write { txn in
                for step in start..<min(start + 100, share / 2) {
                    let place = step &* 7_919
                    try txn.deleteEdge(edges[place % edges.count])
                    try txn.createEdge(
                        "RELATED_TO", from: nodes[place % nodes.count],
                        to: nodes[(place &* 31) % nodes.count], properties: ["strength": 0.25])
                }
            }
        }
    }

    private func timed(_ name: String, _ times: Int, _ body: () throws -> CSRGraph) throws
        -> CSRGraph
    {
        var graph = try body()
        let watch = Stopwatch()
        for _ in 0..<times { graph = try body() }
        let spent = (watch.wall, watch.cpu)
        report(
            name, spent.0 * 1000 / Double(times), "ms", spent, operations: times,
            rows: graph.edgeCount, answer: graph.edgeCount)
        return graph
    }
}
