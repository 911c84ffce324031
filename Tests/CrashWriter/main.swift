import Glibc
import GraphStore
import PropertyGraph
import StoreTestSupport
import TestSupport

// A process that works on a database until it is done or killed. It says each commit on its
// standard output only after the store has acknowledged it.
//
//   crash-writer history PATH SEED      lives the life of a seed for ever
//   crash-writer large PATH SEED        the same with large transactions and index creation
//   crash-writer build PATH SEED        builds an index in slices while it changes nodes
//   crash-writer recorded PATH SEED COMMITS [relaxed]
//                                       lives so long, publishing projections and compacting
//   crash-writer suffer PATH SEED COMMITS
//                                       lives so long though the system fails it; says how
//   crash-writer backup PATH 0 TO       backs the database up; says how that ended
//   crash-writer restore PATH 0 FROM    puts its backup in its place; says how that ended
//   crash-writer count PATH TIMES       adds 1 to a counter so many times
//   crash-writer transfer PATH TIMES    moves amounts between accounts so many times
//   crash-writer watch PATH GOAL        reads until the counter is at the goal; says torn sums
//   crash-writer publish PATH TIMES     waits for a line, publishes a projection so many times and
//                                       says a digest of each graph
//   crash-writer hold PATH              holds the writer until a line comes in

func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    // One write of a short line to a pipe is whole or not at all.
    _ = unsafe bytes.withUnsafeBytes { unsafe write(STDOUT_FILENO, $0.baseAddress, $0.count) }
}

func live(_ path: String, _ seed: UInt64, isLarge: Bool) throws {
    let db = try GraphDatabase(path: path)
    let reached = try db.read { try $0.position() }
    // Half of the lives keep their history, most of which is trimmed again.
    if seed % 2 == 1, try db.history() == nil {
        try db.setHistory(HistoryRetention(maximumPositions: 40))
    }
    var history = ModelHistory(seed: seed, isLarge: isLarge)
    while history.graph.position < reached { _ = history.advance() }
    say("open \(reached)")
    while true {
        let operations = history.advance()
        try db.write { txn in for operation in operations { try operation.apply(to: &txn) } }
        say(history.digest)
    }
}

func record(_ path: String, _ seed: UInt64, _ commits: UInt64, _ durability: Durability) throws {
    var options = GraphDatabaseOptions()
    options.durability = durability
    // Small, so that it grows under way.
    options.initialMapSizeBytes = 1 << 20
    options.growthHeadroomBytes = 0
    options.changeLogRetention = 50
    var history = ModelHistory(seed: seed)
    while history.graph.position < commits {
        let db = try GraphDatabase(path: path, options: options)
        if history.graph.position == 0, seed % 2 == 1 {
            try db.setHistory(HistoryRetention(maximumPositions: 20))
        }
        say("open")
        repeat {
            let operations = history.advance()
            try db.write { txn in for operation in operations { try operation.apply(to: &txn) } }
            say(history.digest)
            if history.graph.position % 16 == 0 {
                _ = try db.projection(Projection(includesEdgeIDs: true), publish: .always)
            }
        } while history.graph.position < commits && history.graph.position % 40 != 0
        db.close()
        say("closed")
        if seed % 3 == 1 { _ = try GraphDatabase.compact(path: path) }
    }
}

func build(_ path: String, _ seed: UInt64) throws {
    var options = GraphDatabaseOptions()
    options.indexSliceCount = 10
    let db = try GraphDatabase(path: path, options: options)
    if try db.read({ try $0.position() }) == 0 {
        try db.write { txn in
            for number in 0..<3_000 {
                try txn.createNode(
                    labels: ["A"],
                    properties: ["p": .integer(Int64(number % 50)), "u": .integer(Int64(number))])
            }
            try txn.createIndex(label: "A", properties: ["p"], name: "p", building: .inSlices)
            try txn.createKeyConstraint(
                label: "A", properties: ["u"], name: "u", building: .inSlices)
        }
    }
    say("open")
    var random = TestRandom(seed: seed)
    while true {
        let id = NodeID(UInt64(1 + random.below(3_000)))
        let value = PropertyValue.integer(Int64(random.below(50)))
        try db.write { txn in
            try txn.setProperty("p", of: id, to: value)
        }
        say("wrote")
    }
}

func count(_ path: String, _ times: Int) throws {
    let db = try GraphDatabase(path: path)
    for _ in 0..<times {
        try db.write { txn in
            let id = NodeID(1)
            let value = try txn.property("n", of: id)?.integerValue ?? 0
            try txn.setProperty("n", of: id, to: .integer(value + 1))
        }
    }
    db.close()
    say("done")
}

func transfer(_ path: String, _ times: Int) throws {
    let db = try GraphDatabase(path: path)
    var random = TestRandom(seed: UInt64(getpid()))
    for _ in 0..<times {
        let accounts = try db.read { try $0.nodeIDs(label: "Account") }
        let (from, to) = (random.pick(accounts), random.pick(accounts))
        let amount = Int64(random.below(20))
        try db.write { txn in
            for (account, change) in [(from, -amount), (to, amount)] {
                let value = try txn.property("amount", of: account)?.integerValue ?? 0
                try txn.setProperty("amount", of: account, to: .integer(value + change))
            }
            let value = try txn.property("n", of: NodeID(1))?.integerValue ?? 0
            try txn.setProperty("n", of: NodeID(1), to: .integer(value + 1))
        }
    }
    db.close()
    say("done")
}

func watch(_ path: String, _ goal: Int64) throws {
    var options = GraphDatabaseOptions()
    options.isReadOnly = true
    let db = try GraphDatabase(path: path, options: options)
    var last: Int64 = 0
    while last < goal {
        let (sum, n) = try db.read { txn in
            var sum: Int64 = 0
            try txn.forEachNode(label: "Account") {
                sum += $0["amount"]?.integerValue ?? 0
                return true
            }
            return (sum, try txn.property("n", of: NodeID(1))?.integerValue ?? 0)
        }
        if sum != 1_000 { say("torn \(sum)") }
        if n < last { say("back \(n)") }
        last = n
    }
    db.close()
    say("done")
}

func publish(_ path: String, _ times: Int) throws {
    let db = try GraphDatabase(path: path)
    say("ready")
    _ = readLine()
    for _ in 0..<times {
        let graph = try db.projection(Projection(includesEdgeIDs: true), publish: .always)
        say(projectionDigest(of: graph))
    }
    db.close()
    say("done")
}

func hold(_ path: String) throws {
    let db = try GraphDatabase(path: path)
    try db.write { txn in
        try txn.createNode()
        say("held")
        _ = readLine()
    }
    db.close()
    say("done")
}

let arguments = CommandLine.arguments
guard arguments.count >= 3 else {
    say("usage: crash-writer MODE PATH [NUMBER]")
    exit(64)
}
let path = arguments[2]
let number = arguments.count > 3 ? UInt64(arguments[3]) ?? 0 : 0
do {
    switch arguments[1] {
    case "history": try live(path, number, isLarge: false)
    case "large": try live(path, number, isLarge: true)
    case "build": try build(path, number)
    case "recorded":
        try record(
            path, number, arguments.count > 4 ? UInt64(arguments[4]) ?? 0 : 0,
            arguments.count > 5 ? .relaxed : .durable)
    case "suffer": suffer(path, number, arguments.count > 4 ? UInt64(arguments[4]) ?? 0 : 0)
    case "backup", "restore":
        protect(path, arguments[1], backup: arguments.count > 4 ? arguments[4] : "")
    case "count": try count(path, Int(number))
    case "transfer": try transfer(path, Int(number))
    case "watch": try watch(path, Int64(number))
    case "publish": try publish(path, Int(number))
    case "hold": try hold(path)
    default: exit(64)
    }
} catch {
    say("error \(error)")
    exit(1)
}
