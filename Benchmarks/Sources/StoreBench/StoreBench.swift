import Foundation
import GraphFormats
import GraphStore
import PropertyGraph

/// Measures the store on the learning graph: `store-bench GRAPH-FOLDER DATABASE [--seconds S]`.
/// Some groups alone, on a database that was loaded so: `store-bench GROUP[,GROUP] DATABASE`;
/// `store-bench hub` needs none.
@main
struct StoreBench {
    static let groups = ["opens", "reads", "mapped", "mixed", "commits", "projections"]

    static func main() throws {
        var arguments = Array(CommandLine.arguments.dropFirst())
        if arguments == ["hub"] { return try Hub().run() }
        var seconds = 3.0
        if let place = arguments.firstIndex(of: "--seconds"), place + 1 < arguments.count {
            seconds = Double(arguments[place + 1]) ?? seconds
            arguments.removeSubrange(place...(place + 1))
        }
        guard arguments.count == 2 else {
            print("usage: store-bench GRAPH-FOLDER|GROUP[,GROUP] DATABASE [--seconds S]")
            print("groups: \(groups.joined(separator: " "))")
            exit(64)
        }
        let (graph, path) = (arguments[0], arguments[1])
        let chosen = graph.split(separator: ",").map(String.init)
        if chosen.allSatisfy(groups.contains) {
            for group in chosen { try run(group, path, seconds) }
            return
        }
        try? FileManager.default.removeItem(atPath: path)
        try load(graph, path)
        for group in groups { try run(group, path, seconds) }
        try Hub().run()
    }

    static func run(_ group: String, _ path: String, _ seconds: Double) throws {
        switch group {
        case "opens": try openings(path)
        case "commits": try commits(path, seconds)
        case "projections": try Projections(path: path).run()
        default:
            let db = try GraphDatabase(path: path)
            defer { db.close() }
            switch group {
            case "reads": try Reads(db).run()
            case "mapped": try MappedReads(db).run()
            default: try Mixed(db, seconds: seconds).run()
            }
        }
    }

    /// Durable commits, and those that a power loss may undo, by 1, 8 and 64 clients.
    static func commits(_ path: String, _ seconds: Double) throws {
        for (durability, suffix) in [(Durability.durable, ""), (.relaxed, "_nometasync")] {
            var options = GraphDatabaseOptions()
            options.durability = durability
            let db = try GraphDatabase(path: path, options: options)
            defer { db.close() }
            let concepts = try db.read { try $0.nodeIDs(label: "Concept") }
            for clients in [1, 8, 64] {
                Commits(db: db, concepts: concepts, seconds: seconds)
                    .run(clients: clients, suffix: suffix)
            }
        }
    }

    static func load(_ graph: String, _ path: String) throws {
        let memory = MemoryWatch()
        let watch = Stopwatch()
        let summary = try GraphImporter().run([graph], creating: path)
        let spent = (watch.wall, watch.cpu)
        let rows = summary.nodes + summary.edges
        report("load", spent.0, "s", spent, operations: rows, rows: rows)
        report("load_rate", Double(rows) / spent.0, "rows/s", spent, operations: rows, rows: rows)
        report("load_memory", memory.peakMegabytes(), "MB", (0, 0), operations: 1)
        let size = try FileManager.default.attributesOfItem(atPath: path + "/data.mdb")[.size]
        let bytes = (size as? NSNumber)?.doubleValue ?? 0
        report("disk", bytes / 1e6, "MB", (0, 0), operations: 1)
        let db = try GraphDatabase(path: path)
        defer { db.close() }
        let indexing = Stopwatch()
        try db.writeAlone { txn in
            _ = try txn.createIndex(label: "Concept", properties: ["title"])
        }
        let indexed = (indexing.wall, indexing.cpu)
        report("index_titles", indexed.0, "s", indexed, operations: 1)
    }

    /// Opening, and finding the middle concept by its key; cold, the system has forgotten the file.
    static func openings(_ path: String) throws {
        for name in ["open_cold", "open_warm"] {
            var answer = 0
            var spent = (wall: 0.0, cpu: 0.0)
            for _ in 0..<10 {
                if name == "open_cold" { forgetPages(path + "/data.mdb") }
                let watch = Stopwatch()
                let db = try GraphDatabase(path: path)
                answer += try db.read { txn in
                    guard let id = try txn.node(label: "Concept", "key", "c100000") else {
                        return 0
                    }
                    return Int(try txn.property("minutes", of: id)?.integerValue ?? 0)
                }
                spent = (spent.wall + watch.wall, spent.cpu + watch.cpu)
                db.close()
            }
            report(name, spent.wall * 1000 / 10, "ms", spent, operations: 10, answer: answer)
        }
    }

    private static func forgetPages(_ path: String) {
        let file = open(path, O_RDWR)
        guard file >= 0 else { return }
        fsync(file)
        posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED)
        close(file)
    }
}
