// A second process for the tests of LMDB: does one thing to a store, says so, and waits to be
// told to go or to be killed.
//
//   lmdb-peer hold-read DIRECTORY           begins a read, says "ready", waits for a line
//   lmdb-peer hold-writer-lock DIRECTORY    takes the writer lock, says "ready", waits for a line
//   lmdb-peer hold-write DIRECTORY KEY      puts a key without committing, says "ready", waits
//   lmdb-peer fill DIRECTORY MIB RECORDS    grows the map and writes records of 1000 bytes

import Glibc
import LMDB

func say(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    // SAFETY: the buffer is the array's own.
    _ = unsafe bytes.withUnsafeBytes { unsafe write(STDOUT_FILENO, $0.baseAddress, $0.count) }
}

func waitForWord() {
    say("ready")
    _ = readLine()
}

func fill(_ environment: Environment, records: UInt64) throws {
    let table = try environment.tables(["things"], create: true)[0]
    let value = [UInt8](repeating: 7, count: 1000)
    try environment.write { txn in
        for number in 0..<records {
            try txn.put(table, FixedKey(be64: number).span, value.rawSpan)
        }
    }
}

let arguments = CommandLine.arguments
guard arguments.count >= 3 else {
    say("usage: lmdb-peer COMMAND DIRECTORY …")
    exit(64)
}
do {
    var options = Environment.Options(sync: .none)
    if arguments.count > 3, let mebibytes = Int(arguments[3]) {
        options.mapSizeBytes = mebibytes << 20
    }
    let environment = try Environment.open(at: arguments[2], options: options)
    switch arguments[1] {
    case "hold-read":
        let transaction = try environment.beginRead()
        waitForWord()
        say("\(transaction.id)")
    case "hold-writer-lock":
        let lock = try environment.acquireWriterLock(timeout: .seconds(10))
        waitForWord()
        _ = consume lock
    case "hold-write":
        let table = try environment.tables(["things"], create: true)[0]
        var transaction = try environment.beginWrite()
        try transaction.put(table, arguments[3].utf8.span.rawSpan, "lost".utf8.span.rawSpan)
        waitForWord()
        transaction.abort()
    case "fill":
        try fill(environment, records: UInt64(arguments[4]) ?? 0)
        say("done")
    default:
        say("unknown command")
        exit(64)
    }
} catch {
    say("failed: \(error)")
    exit(1)
}
