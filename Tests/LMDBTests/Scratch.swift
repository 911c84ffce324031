import Glibc
import Synchronization

@testable import LMDB

/// A directory of its own for one test, removed with everything in it afterwards.
final class Scratch {
    let path: String

    init() throws {
        while true {
            let number = Scratch.counter.add(1, ordering: .relaxed).newValue
            let candidate = "/tmp/lmdb-tests-\(getpid())-\(number)"
            if unsafe mkdir(candidate, 0o755) == 0 {
                path = candidate
                return
            }
            guard errno == EEXIST else { throw SystemFailure(code: errno) }
        }
    }

    private static let counter = Atomic<Int>(0)

    deinit { Scratch.remove(path) }

    /// The path of something inside.
    func file(_ name: String) -> String { path + "/" + name }

    /// The names inside a directory, sorted.
    static func names(in directory: String) -> [String] {
        guard let stream = unsafe opendir(directory) else { return [] }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes a file or a directory with everything in it.
    static func remove(_ path: String) {
        for name in names(in: path) { remove(path + "/" + name) }
        if unsafe rmdir(path) != 0 { unsafe unlink(path) }
    }

    /// Creates a file, or replaces its content.
    static func write(_ bytes: [UInt8], to path: String) throws {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        guard descriptor >= 0 else { throw SystemFailure(code: errno) }
        defer { close(descriptor) }
        let written = unsafe bytes.withUnsafeBytes {
            unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
        }
        guard written == bytes.count else { throw SystemFailure(code: errno) }
    }

    /// The size of a file in bytes; -1 if there is none.
    static func size(of path: String) -> Int {
        var facts = stat()
        return unsafe stat(path, &facts) == 0 ? Int(facts.st_size) : -1
    }
}

/// A system call of a test failed.
struct SystemFailure: Error {
    let code: Int32
}

/// An environment in a scratch directory with one table.
struct Store {
    let scratch: Scratch
    let environment: Environment
    let table: Table

    init(options: Environment.Options = .init(mapSizeBytes: 16 << 20, sync: .none)) throws {
        scratch = try Scratch()
        environment = try Environment.open(at: scratch.file("store"), options: options)
        table = try environment.tables(["things"], create: true)[0]
    }

    /// Stores pairs in one transaction.
    func put(_ pairs: [(String, String)]) throws {
        try environment.write { txn in
            for (key, value) in pairs {
                try txn.put(table, key.utf8.span.rawSpan, value.utf8.span.rawSpan)
            }
        }
    }

    /// All pairs of the table in order, as bytes.
    func pairs() throws -> [Pair] {
        try environment.read { txn in try Pair.all(in: table, of: txn.view) }
    }

    /// The value of a key as text.
    func get(_ key: String) throws -> String? {
        try environment.read { txn in try txn.view.get(table, key.utf8.span.rawSpan)?.string() }
    }
}

/// A store without a path, for processes that are meant to trap and could not clean up.
struct FleetingStore {
    let environment: Environment
    let table: Table

    init() throws {
        environment = try Environment.temporary(options: .init(mapSizeBytes: 16 << 20))
        table = try environment.tables(["things"], create: true)[0]
    }
}

/// A record as plain bytes.
struct Pair: Equatable, CustomStringConvertible {
    let key: [UInt8]
    let value: [UInt8]

    var description: String { "\(key)=\(value)" }

    /// Every record of a table in key order.
    static func all(in table: Table, of view: TransactionView) throws -> [Pair] {
        var pairs: [Pair] = []
        var cursor = try view.cursor(table)
        while try cursor.next() {
            pairs.append(Pair(key: cursor.key.bytes(), value: cursor.value.bytes()))
        }
        return pairs
    }
}
