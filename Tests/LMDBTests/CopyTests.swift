import Glibc
import Testing

@testable import LMDB

@Suite struct Copying {
    /// A store with free pages inside.
    private func holed() throws -> Store {
        let store = try Store()
        let value = [UInt8](repeating: 1, count: 900)
        try store.environment.write { txn in
            for number in UInt64(0)..<3000 {
                try txn.put(store.table, FixedKey(be64: number).span, value.rawSpan)
            }
        }
        try store.environment.write { txn in
            for number in UInt64(0)..<2900 {
                _ = try txn.delete(store.table, FixedKey(be64: number).span)
            }
        }
        return store
    }

    private func pairs(at path: String) throws -> [Pair] {
        let copy = try Environment.open(at: path, options: .init(create: false))
        let table = try copy.tables(["things"], create: false)[0]
        return try copy.read { txn in try Pair.all(in: table, of: txn.view) }
    }

    @Test(arguments: [false, true])
    func `a copy holds the same records`(isCompacting: Bool) throws {
        let store = try holed()
        let target = store.scratch.file("copy")
        try store.environment.copy(to: target, compacting: isCompacting)
        #expect(Scratch.names(in: store.scratch.path) == ["copy", "store"])
        #expect(Scratch.names(in: target) == ["data.mdb"])
        #expect(try pairs(at: target) == store.pairs())
        let size = Scratch.size(of: target + "/data.mdb")
        let original = Scratch.size(of: store.environment.path + "/data.mdb")
        #expect(isCompacting ? size < original / 4 : size == original)
    }

    @Test func `a place where a directory is built is told by the name it will get`() {
        for (text, told) in [
            ("Cannot open '/a/b.building-81-3044/data.mdb'.", "Cannot open '/a/b/data.mdb'."),
            ("'x.building-1-2' 'y.building-3-4'", "'x' 'y'"), ("no place", "no place"),
            (".building-", ""), ("Zoë.building-5-6 ends", "Zoë ends"),
        ] {
            #expect(PublishedDirectory.namingTargets(in: text) == told)
        }
    }

    @Test func `a copy is of one snapshot while a writer goes on`() throws {
        let store = try holed()
        let before = try store.pairs()
        var txn = try store.environment.beginWrite()
        try txn.put(store.table, "late".utf8.span.rawSpan, "1".utf8.span.rawSpan)
        let threads = Threads()
        let environment = store.environment
        let target = store.scratch.file("copy")
        threads.start { try environment.copy(to: target, compacting: true) }
        try threads.join()
        try txn.commit()
        #expect(try pairs(at: target) == before)
    }

    @Test func `an empty directory is a fine target, with a slash too`() throws {
        let store = try holed()
        let target = store.scratch.file("copy")
        #expect(unsafe mkdir(target, 0o755) == 0)
        try store.environment.copy(to: target + "/", compacting: true)
        #expect(try pairs(at: target) == store.pairs())
    }

    @Test func `an occupied target is refused and untouched`() throws {
        let store = try holed()
        let target = store.scratch.file("copy")
        #expect(unsafe mkdir(target, 0o755) == 0)
        try Scratch.write([1, 2, 3], to: target + "/mine")
        let refused = #expect(throws: LMDBError.self) {
            try store.environment.copy(to: target, compacting: false)
        }
        #expect(refused?.code == .alreadyExists)
        #expect(Scratch.names(in: target) == ["mine"])
        #expect(Scratch.names(in: store.scratch.path) == ["copy", "store"])
    }

    @Test func `a file is no target`() throws {
        let store = try holed()
        try Scratch.write([1], to: store.scratch.file("copy"))
        let refused = #expect(throws: LMDBError.self) {
            try store.environment.copy(to: store.scratch.file("copy"), compacting: false)
        }
        #expect(refused?.code == .notADirectory)
    }

    @Test func `without a parent there is nothing to copy to`() throws {
        let store = try holed()
        let refused = #expect(throws: LMDBError.self) {
            try store.environment.copy(to: store.scratch.file("no/copy"), compacting: false)
        }
        #expect(refused?.code == .noSuchFile)
        #expect(Scratch.names(in: store.scratch.path) == ["store"])
    }

    @Test func `inside a write of the same thread a copy is refused, not stuck`() throws {
        let store = try holed()
        let refused = #expect(throws: LMDBError.self) {
            try store.environment.write { _ in
                try store.environment.copy(to: store.scratch.file("copy"), compacting: true)
            }
        }
        #expect(refused?.code == .badTransaction)
        #expect(Scratch.names(in: store.scratch.path) == ["store"])
    }
}
