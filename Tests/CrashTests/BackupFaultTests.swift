import Foundation
import GraphStore
import StoreTestSupport
import TestSupport
import Testing

@Suite struct `Backups under a system that fails` {
    /// What is done while the system fails.
    enum Task: String, CaseIterable {
        /// The first backup, and a second one behind it.
        case full, increment
        /// Into a new place, and over a database that is there.
        case restore, replace

        var isBackup: Bool { self == .full || self == .increment }
    }

    private static let seed: UInt64 = 11
    private static let early: UInt64 = 6
    private static let late: UInt64 = 11

    /// Every call when `CAIRN_FAULTS` says how many at most; else two of them, and failures that
    /// last only where a single one is borne.
    private static let most = Setting.number("CAIRN_FAULTS") ?? 2
    private static let isThorough = Setting.number("CAIRN_FAULTS") != nil
    private static let faults = Fault.ofBackups.filter {
        isThorough || ($0.call == "mmap") == $0.lasts
    }

    @Test(arguments: faults, Task.allCases)
    func `a backup is whole or not there, and a restored database as well`(
        fault: Fault, task: Task
    ) throws {
        let tools = TemporaryDirectory()
        guard let shim = try PreloadedShim(source: Fault.shim, in: tools) else {
            return print("skipped: failures are simulated with a C compiler, and there is none")
        }
        let template = try Self.template(task)
        let total = try run(fault, at: 0, task, template, shim).calls
        var failures = 0
        for number in stride(from: 1, through: total, by: max(1, total / Self.most)) {
            do {
                failures += try run(fault, at: number, task, template, shim).hasFailed ? 1 : 0
            } catch {
                Issue.record("\(task), call \(number) of \(total): \(error)")
            }
        }
        // A short write is gone on with, and a map that was refused is asked for smaller.
        let isBorne = fault.call == "short" || (fault.call == "mmap" && !fault.lasts)
        #expect(failures > 0 || total == 0 || isBorne)
    }

    /// A database `store` and, where the task begins with one, its backup.
    private static func template(_ task: Task) throws -> TemporaryDirectory {
        let directory = TemporaryDirectory()
        let db = try GraphDatabase(path: directory.file("store"))
        defer { db.close() }
        var history = ModelHistory(seed: seed)
        while history.graph.position < late {
            let operations = history.advance()
            try db.write { txn in for operation in operations { try operation.apply(to: &txn) } }
            if history.graph.position == early, task != .full {
                _ = try db.backup(to: directory.file("backup"))
                if task == .replace { try db.copy(to: directory.file("target")) }
            }
        }
        if !task.isBackup { _ = try db.backup(to: directory.file("backup")) }
        return directory
    }

    /// Does the task in a copy of the template while a call fails, and looks at what is left.
    private func run(
        _ fault: Fault, at number: Int, _ task: Task, _ template: TemporaryDirectory,
        _ shim: PreloadedShim
    ) throws -> (calls: Int, hasFailed: Bool) {
        let directory = TemporaryDirectory()
        for name in TemporaryDirectory.names(in: template.path) {
            try FileManager.default.copyItem(
                atPath: template.file(name), toPath: directory.file(name))
        }
        let path = directory.file(task.isBackup ? "store" : "target")
        let child = try ChildProcess(
            "crash-writer",
            [task.isBackup ? "backup" : "restore", path, "0", directory.file("backup")],
            environment: fault.environment(
                shim, root: directory.path, at: number, count: directory.file("count")))
        var said: [String] = []
        while let line = child.line() { said.append(line) }
        try expectSame(child.wait(), 0, "wait status after \(said)")
        guard said.count == 1, let word = said.first else { throw Disagreement("said \(said)") }
        let isDone = word.hasPrefix("done ")
        guard isDone ? word == "done \(Self.late)" : word.hasPrefix("failed ") else {
            throw Disagreement(word)
        }
        do {
            if task.isBackup {
                try examine(backup: directory, task, isDone: isDone)
            } else {
                try examine(target: directory, task, isDone: isDone)
            }
        } catch {
            throw Disagreement("after '\(word)': \(error)")
        }
        let count = String(
            decoding: TemporaryDirectory.bytes(of: directory.file("count")), as: UTF8.self)
        return (Int(count) ?? 0, !isDone)
    }

    /// What is listed can be restored, and the next backup is like any other.
    private func examine(
        backup directory: TemporaryDirectory, _ task: Task, isDone: Bool
    ) throws {
        let backup = Backup(at: directory.file("backup"))
        if isDone || task == .increment || !backup.pieces().isEmpty {
            let report = try backup.verify()
            try expectSame(report.findings, [], "findings")
            let last = report.spans.last?.last ?? 0
            let allowed = isDone ? [Self.late] : [Self.early, Self.late]
            guard allowed.contains(last) else { throw Disagreement("\(last) can be restored") }
            try restore(backup, directory.file("first"), last)
        }
        let db = try GraphDatabase(path: directory.file("store"))
        _ = try db.backup(to: backup.path)
        db.close()
        try expectSame(try backup.verify().findings, [], "findings of the next backup")
        if Self.isThorough { try restore(backup, directory.file("second"), Self.late) }
    }

    private func restore(_ backup: Backup, _ path: String, _ position: UInt64) throws {
        try expectSame(try backup.restore(to: path).position, position, "restored position")
        try compare(path, [position])
    }

    /// The database is the old one or the new one, and restoring again makes it the new one.
    private func examine(
        target directory: TemporaryDirectory, _ task: Task, isDone: Bool
    ) throws {
        let path = directory.file("target")
        let isThere = FileManager.default.fileExists(atPath: path + "/data.mdb")
        if isDone || isThere || task == .replace {
            try compare(path, isDone || task == .restore ? [Self.late] : [Self.early, Self.late])
        } else if !TemporaryDirectory.names(in: path).isEmpty {
            throw Disagreement("left \(TemporaryDirectory.names(in: path))")
        }
        let backup = Backup(at: directory.file("backup"))
        try expectSame(try backup.verify().findings, [], "findings")
        _ = try backup.restore(to: path, replacing: true)
        try compare(path, [Self.late])
    }

    /// The database is sound, and equals the model at one of some positions.
    private func compare(_ path: String, _ positions: [UInt64]) throws {
        let db = try GraphDatabase(path: path)
        defer { db.close() }
        let position = try db.position()
        guard positions.contains(position) else { throw Disagreement("position \(position)") }
        var history = ModelHistory(seed: Self.seed)
        while history.graph.position < position { _ = history.advance() }
        try db.read { try Comparison.everything($0, history.graph) }
        if let finding = try db.check().findings.first {
            throw Disagreement("check found \(finding)")
        }
    }
}
