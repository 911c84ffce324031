import Foundation
import GraphStore
import StoreTestSupport
import TestSupport
import Testing

/// A way in which the system fails a program.
struct Fault: Sendable, CustomTestStringConvertible {
    let call: String
    let code: Int32
    /// Whether every later call fails as well.
    let lasts: Bool

    var testDescription: String {
        "\(call) with \(unsafe String(cString: strerror(code)))\(lasts ? ", for ever" : "")"
    }

    /// The source of what makes calls fail.
    static let shim = (#filePath as NSString).deletingLastPathComponent + "/Shims/faults.c"

    /// What a life of commits meets; they ask the system to read and to rename too rarely.
    static let all = [
        Fault(call: "write", code: EIO, lasts: false),
        Fault(call: "write", code: ENOSPC, lasts: true),
        Fault(call: "write", code: EFBIG, lasts: true),
        Fault(call: "short", code: 0, lasts: false),
        Fault(call: "sync", code: EIO, lasts: false),
        Fault(call: "sync", code: EIO, lasts: true),
        Fault(call: "open", code: EMFILE, lasts: false),
        Fault(call: "open", code: EACCES, lasts: true),
        Fault(call: "resize", code: ENOSPC, lasts: false),
        Fault(call: "mmap", code: ENOMEM, lasts: false),
        Fault(call: "mmap", code: ENOMEM, lasts: true),
        Fault(call: "allocate", code: ENOMEM, lasts: false),
        Fault(call: "allocate", code: ENOMEM, lasts: true),
    ]

    /// What backups meet.
    static let ofBackups =
        all.filter { $0.call != "allocate" || !$0.lasts } + [
            Fault(call: "read", code: EIO, lasts: false),
            Fault(call: "read", code: EIO, lasts: true),
            Fault(call: "rename", code: EIO, lasts: false),
            Fault(call: "rename", code: EACCES, lasts: true),
        ]

    /// The settings of a process in which it happens below a directory, at a call of its kind.
    func environment(_ shim: PreloadedShim, root: String, at number: Int, count: String)
        -> [String: String]
    {
        let own = [
            "CAIRN_FAULT_ROOT": root, "CAIRN_FAULT_CALL": call, "CAIRN_FAULT_AT": String(number),
            "CAIRN_FAULT_LASTS": lasts ? "1" : "0", "CAIRN_FAULT_ERRNO": String(code),
            "CAIRN_FAULT_COUNT": count,
        ]
        return shim.environment.merging(own) { $1 }
    }
}

@Suite struct `A system that fails` {
    private static let commits = 14
    private static let seed: UInt64 = 5

    /// Every call when `CAIRN_FAULTS` says how many at most; else some of them, spread over all.
    private static let most = Setting.number("CAIRN_FAULTS") ?? 25

    @Test(arguments: Fault.all)
    func `gets a clear error, and costs no acknowledged commit`(fault: Fault) throws {
        let tools = TemporaryDirectory()
        guard let shim = try PreloadedShim(source: Fault.shim, in: tools) else {
            return print("skipped: failures are simulated with a C compiler, and there is none")
        }
        if fault.call == "allocate", Sanitizer.allocates {
            return print("skipped: under a sanitizer no allocation comes to the shim")
        }
        let total = try run(fault, at: 0, shim).calls
        #expect(total > 0)
        let step = max(1, total / Self.most)
        var failures = 0
        for number in stride(from: 1, through: total, by: step) {
            do {
                failures += try run(fault, at: number, shim).failures
            } catch {
                Issue.record("call \(number) of \(total): \(error)")
            }
        }
        #expect(failures > 0)
    }

    /// Lives a short life in which a call fails; how many such calls there were, and errors.
    private func run(_ fault: Fault, at number: Int, _ shim: PreloadedShim) throws -> (
        calls: Int, failures: Int
    ) {
        let directory = TemporaryDirectory()
        let path = directory.file("store")
        let environment = fault.environment(
            shim, root: directory.path, at: number, count: directory.file("count"))
        let child = try ChildProcess(
            "crash-writer", ["suffer", path, String(Self.seed), String(Self.commits)],
            environment: environment)
        var said: [String] = []
        while let line = child.line() { said.append(line) }
        try expectSame(child.wait(), 0, "wait status after \(said.suffix(2))")
        let known = ["failed"]
        let strange = said.dropLast().filter { line in
            line.first?.isNumber != true && !known.contains { line.hasPrefix($0) }
        }
        try expectSame(strange, [], "what must not be said")
        try examine(path, said)
        let count = String(
            decoding: TemporaryDirectory.bytes(of: directory.file("count")), as: UTF8.self)
        return (Int(count) ?? 0, said.filter { $0.hasPrefix("failed") }.count)
    }

    /// Without the failures the store opens, and holds all that was acknowledged.
    private func examine(_ path: String, _ said: [String]) throws {
        let acknowledged = said.last { $0.first?.isNumber == true }
        let db = try GraphDatabase(path: path)
        defer { db.close() }
        let position = try db.read { try $0.position() }
        var history = ModelHistory(seed: Self.seed)
        var digests = [String]()
        while history.graph.position < position {
            _ = history.advance()
            digests.append(history.digest)
        }
        if let acknowledged, !digests.suffix(2).contains(acknowledged) {
            throw Disagreement("'\(acknowledged)' was acknowledged; \(digests.suffix(2)) are last")
        }
        try db.read { try Comparison.everything($0, history.graph) }
        if let finding = try db.check().findings.first {
            throw Disagreement("check found \(finding)")
        }
    }
}
