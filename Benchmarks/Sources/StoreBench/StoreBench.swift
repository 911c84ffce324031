import Foundation
import GraphFormats
import GraphStore
import PropertyGraph

/// Measures the store on the learning graph, and one hub of a million edges:
/// `store-bench GRAPH-FOLDER DATABASE [--seconds S]`; `store-bench load GRAPH-FOLDER DATABASE` only
/// loads, `store-bench hub` measures the hub alone,
/// `store-bench commits DATABASE [CLIENTS]`, `store-bench beside DATABASE` and
/// `store-bench projections DATABASE` one group of measures on a
/// database that was loaded so.
@main
struct StoreBench {
    static func main() throws {
        var arguments = Array(CommandLine.arguments.dropFirst())
        if arguments == ["hub"] { return try Hub().run() }
        var seconds = 3.0
        if let place = arguments.firstIndex(of: "--seconds"), place + 1 < arguments.count {
            seconds = Double(arguments[place + 1]) ?? seconds
            arguments.removeSubrange(place...(place + 1))
        }
        if arguments.count == 3, arguments[0] == "commits", let clients = Int(arguments[2]) {
            return try commits(arguments[1], seconds, clients: [clients])
        }
        if arguments.count == 3, arguments[0] == "load" {
            return try load(arguments[1], arguments[2])
        }
        guard arguments.count == 2 else {
            print("usage: store-bench GRAPH-FOLDER DATABASE [--seconds S]")
            exit(64)
        }
        let (graph, path) = (arguments[0], arguments[1])
        if graph == "commits" { return try commits(path, seconds) }
        if graph == "beside" { return try Beside(path: path).run() }
        if graph == "projections" { return try Projections(path: path).run() }
        try? FileManager.default.removeItem(atPath: path)
        try load(graph, path)
        try openings(path)
        let db = try GraphDatabase(path: path)
        let reads = try Reads(db)
        try reads.run()
        db.close()
        try commits(path, seconds)
        try Beside(path: path).run()
        try Projections(path: path).run()
        try Hub().run()
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
        let watch = Stopwatch()
        let summary = try GraphImporter().run([graph], creating: path)
        let spent = (watch.wall, watch.cpu)
        let rows = summary.nodes + summary.edges
        report("load", spent.0, "s", spent, operations: 1, rows: rows)
        report("load_rate", Double(rows) / spent.0, "rows/s", spent, operations: rows, rows: rows)
        let size = try FileManager.default.attributesOfItem(atPath: path + "/data.mdb")[.size]
        let bytes = (size as? NSNumber)?.doubleValue ?? 0
        report("disk", bytes / 1e6, "MB", (0, 0), operations: 1)
        report("memory_anonymous_peak", peakAnonymousMegabytes(), "MB", (0, 0), operations: 1)
    }

    /// Opening, and finding the middle concept by its key.
    static func openings(_ path: String) throws {
        var answer = 0
        let watch = Stopwatch()
        for _ in 0..<10 {
            let db = try GraphDatabase(path: path)
            answer += try db.read { txn in
                guard let id = try txn.node(label: "Concept", "key", "c100000") else { return 0 }
                return Int(try txn.property("minutes", of: id)?.integerValue ?? 0)
            }
            db.close()
        }
        let spent = (watch.wall, watch.cpu)
        report("open_warm", spent.0 * 1000 / 10, "ms", spent, operations: 10, answer: answer)
    }

    /// Resident anonymous memory now, which after the load is near its highest.
    static func peakAnonymousMegabytes() -> Double {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
        let words = line?.split(separator: " ") ?? []
        return words.count > 1 ? (Double(words[1]) ?? 0) / 1000 : 0
    }
}
