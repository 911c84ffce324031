import Foundation
import GraphFormats
import GraphStore
import PropertyGraph

/// Measures the store on the learning graph, and one hub of a million edges:
/// `store-bench GRAPH-FOLDER DATABASE [--seconds S] [--only MEASURE,…]`; `store-bench load GRAPH-FOLDER DATABASE` only
/// loads, `store-bench hub` measures the hub alone, `store-bench GROUP[,GROUP] DATABASE` some groups
/// on a database that was loaded so, and `store-bench commits DATABASE CLIENTS` one part of a group.
@main
struct StoreBench {
    static let groups = [
        "opens", "reads", "mapped", "cypher", "cypher-writes", "mixed", "commits", "beside",
        "projections",
    ]

    static func main() throws {
        var arguments = Array(CommandLine.arguments.dropFirst())
        if arguments == ["hub"] { return try Hub().run() }
        let seconds = Asked.words(behind: "--seconds").flatMap { Double($0[0]) } ?? 3
        for option in ["--seconds", "--only"] {
            guard let place = arguments.firstIndex(of: option), place + 1 < arguments.count else {
                continue
            }
            arguments.removeSubrange(place...(place + 1))
        }
        if arguments.count == 3, arguments[0] == "commits", let clients = Int(arguments[2]) {
            return try commits(arguments[1], seconds, clients: [clients])
        }
        if arguments.count == 3, arguments[0] == "load" {
            return try load(arguments[1], arguments[2])
        }
        guard arguments.count == 2 else {
            print(
                "usage: store-bench GRAPH-FOLDER|GROUP[,GROUP] DATABASE [--seconds S] [--only MEASURE,…]"
            )
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
        // Measures of queries bear the names of those they stand beside, so they run alone.
        for group in groups where !group.hasPrefix("cypher") { try run(group, path, seconds) }
        try Hub().run()
    }

    static func run(_ group: String, _ path: String, _ seconds: Double) throws {
        switch group {
        case "opens": try openings(path)
        case "commits": try commits(path, seconds)
        case "beside": try Beside(path: path).run()
        case "projections": try Projections(path: path).run()
        default:
            let db = try GraphDatabase(path: path)
            defer { db.close() }
            switch group {
            case "reads": try Reads(db).run()
            case "mapped": try MappedReads(db).run()
            case "cypher": try CypherReads(db).run()
            case "cypher-writes": try CypherWrites(db, seconds: seconds).run()
            default: try Mixed(db, seconds: seconds).run()
            }
        }
    }

    /// Commits by 1, 8 and 64 clients: durable ones, those that wait to share a flush, and those
    /// that a power loss may undo.
    static func commits(_ path: String, _ seconds: Double, clients: [Int] = [1, 8, 64]) throws {
        let kinds: [(Durability, String)] = [
            (.durable, ""), (.grouped(maxDelay: .milliseconds(2)), "_grouped"),
            (.relaxed, "_nometasync"),
        ]
        for (durability, suffix) in kinds {
            var options = GraphDatabaseOptions()
            options.durability = durability
            let db = try GraphDatabase(path: path, options: options)
            defer { db.close() }
            let commits = try Commits(db, seconds: seconds)
            for count in clients {
                commits.measure("commit_node2\(suffix)_\(count)", clients: count)
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
    }

    /// Opening, and finding the middle concept by its key; cold, the system has forgotten the file.
    static func openings(_ path: String) throws {
        let middle = try GraphDatabase(path: path).read { try $0.nodeCount(label: "Concept") / 2 }
        let key = Reads.key(UInt64(middle))
        for name in ["open_cold", "open_warm"] {
            var answer = 0
            var spent = (wall: 0.0, cpu: 0.0)
            for _ in 0..<10 {
                if name == "open_cold" { forgetPages(path + "/data.mdb") }
                let watch = Stopwatch()
                let db = try GraphDatabase(path: path)
                answer += try db.read { txn in
                    guard let id = try txn.node(label: "Concept", "key", key) else {
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
