import Foundation
import Glibc
import GraphStore
import PropertyGraph
import Synchronization
import Testing

@testable import GraphFormats

/// What is no file gives its bytes once, and lets its reader wait.
@Suite struct `Pipes and devices` {
    /// Telling the format took the first bytes of a pipe, and the import went on behind them: of a
    /// hundred thousand nodes it stored some, and said so as if that were all.
    @Test(arguments: [ImportFormat.automatic, .csv])
    func `every record of a pipe is imported`(format: ImportFormat) throws {
        let folder = try TemporaryFolder()
        var text = "id:ID,name,:LABEL\n"
        for row in 0..<40_000 { text += "\(row),name \(row),Row\n" }
        let pipe = folder.path + "/rows"
        try #require(unsafe mkfifo(pipe, 0o600) == 0)
        let bytes = Array(text.utf8)
        Thread.detachNewThread {
            FileHandle(forWritingAtPath: pipe)?.write(Data(bytes))
        }
        var options = ImportOptions()
        options.format = format
        let summary = try GraphImporter(options: options)
            .run([pipe], creating: folder.path + "/g.cairn")
        #expect(summary.nodes == 40_000)
    }

    /// A read that waits for a pipe did not hear Ctrl-C; when the input ended later, what had come
    /// was stored.
    @Test func `a reader that waits for a pipe hears that it is to stop`() throws {
        let folder = try TemporaryFolder()
        let pipe = folder.path + "/silent.csv"
        try #require(unsafe mkfifo(pipe, 0o600) == 0)
        // Held open, so that neither the opening nor the reading ever ends by itself.
        let holder = unsafe open(pipe, O_RDWR)
        defer { close(holder) }
        let questions = Atomic<Int>(0)
        let stop: @Sendable () -> Bool = {
            questions.add(1, ordering: .relaxed).newValue > 3
        }
        let hooks = FormatHooks(isCancelled: stop)
        let database = folder.path + "/g.cairn"
        let importing = #expect(throws: FormatError.self) {
            try GraphImporter().run([pipe], creating: database, hooks: hooks)
        }
        #expect(importing?.code == .cancelled)
        #expect(folder.names == ["silent.csv"])
        let loading = #expect(throws: FormatError.self) {
            try EdgeListReader().load(path: pipe, hooks: hooks)
        }
        #expect(loading?.code == .cancelled)
    }

    @Test func `an export to a pipe is written into it and does not take its place`() throws {
        let folder = try TemporaryFolder()
        let database = try GraphDatabase(path: folder.path + "/g.cairn")
        try database.write { txn in
            for _ in 0..<20 { _ = try txn.createNode(labels: ["Row"]) }
        }
        let pipe = folder.path + "/rows"
        try #require(unsafe mkfifo(pipe, 0o600) == 0)
        let reader = unsafe open(pipe, O_RDWR | O_NONBLOCK)
        defer { close(reader) }
        var options = ExportOptions()
        options.format = .jsonl
        try GraphExporter(options: options).run(database, to: pipe)
        var status = stat()
        #expect(unsafe stat(pipe, &status) == 0)
        #expect(status.st_mode & S_IFMT == S_IFIFO)
        #expect(folder.names == ["g.cairn", "rows"])
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe bytes.withUnsafeMutableBytes {
            unsafe read(reader, $0.baseAddress, $0.count)
        }
        #expect(bytes.prefix(max(0, count)).count { $0 == 0x0A } == 20)
    }
}

@Suite struct `Files that must not be lost` {
    @Test func `a report does not overwrite what is to be read`() throws {
        let folder = try TemporaryFolder()
        let text = "id:ID,age:int\na,1\nb,x\n"
        let file = try folder.write("people.csv", text)
        for path in [file, folder.path] {
            var options = ImportOptions()
            options.onError = .report(path: folder.path + "/./people.csv")
            let refused = #expect(throws: FormatError.self) {
                try GraphImporter(options: options).dryRun([path])
            }
            #expect(refused?.code == .badOption)
            #expect(contents(file) == Array(text.utf8))
        }
        let edges = EdgeListReader(onError: .report(path: file))
        let refused = #expect(throws: FormatError.self) { try edges.load(path: file) }
        #expect(refused?.code == .badOption)
        #expect(contents(file) == Array(text.utf8))
    }

    @Test func `an export replaces an export, and no other folder`() throws {
        let folder = try TemporaryFolder()
        let database = try GraphDatabase(path: folder.path + "/g.cairn")
        try database.write { txn in _ = try txn.createNode(labels: ["Row"]) }
        var options = ExportOptions()
        let target = folder.path + "/out"
        try GraphExporter(options: options).run(database, to: target)
        options.replacesExisting = true
        try GraphExporter(options: options).run(database, to: target)
        try folder.write("out/.notes", "mine")
        for path in [target, folder.path + "/g.cairn", folder.path] {
            let refused = #expect(throws: FormatError.self) {
                try GraphExporter(options: options).run(database, to: path)
            }
            #expect(refused?.code == .badOption)
        }
        #expect(contents(target + "/.notes") == Array("mine".utf8))
        #expect(folder.names == ["g.cairn", "out"])
        #expect(try database.check().isClean)
    }
}
