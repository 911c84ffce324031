import CLMDB
import Glibc
import Testing

@testable import LMDB

@Suite struct `Opening a store` {
    private func refusal(
        _ path: String, _ options: Environment.Options = .init()
    ) -> LMDBError? {
        do throws(LMDBError) {
            _ = try Environment.open(at: path, options: options)
            return nil
        } catch {
            return error
        }
    }

    @Test func `a second open in this process is refused until the first is closed`() throws {
        let store = try Store()
        let path = store.environment.path
        #expect(refusal(path)?.code == .alreadyOpen)
        #expect(refusal(path + "/")?.code == .alreadyOpen)
        #expect(refusal(path + "/../store")?.code == .alreadyOpen)
        store.environment.close()
        #expect(refusal(path) == nil)
    }

    @Test func `a symbolic link leads to the same store`() throws {
        let store = try Store()
        let link = store.scratch.file("link")
        #expect(unsafe symlink(store.environment.path, link) == 0)
        let refused = refusal(link)
        #expect(refused?.code == .alreadyOpen)
        #expect(refused?.path == link)
        store.environment.close()
        #expect(refusal(link) == nil)
    }

    /// The system may give the inode of a removed directory to the next one, which was then taken for
    /// a store that is open. The environment holds its directory now.
    @Test func `a removed directory is not mistaken for a new one`() throws {
        let scratch = try Scratch()
        var held: [Environment] = []
        for _ in 0..<20 {
            held.append(try Environment.open(at: scratch.file("store")))
            Scratch.remove(scratch.file("store"))
            held.append(try Environment.temporary(in: scratch.path))
        }
        #expect(held.count == 40)
    }

    @Test func `a forgotten environment is closed`() throws {
        let scratch = try Scratch()
        for _ in 0..<3 {
            let environment = try Environment.open(at: scratch.file("store"))
            try environment.read { _ in }
        }
    }

    @Test func `without create an absent store is refused and nothing appears`() throws {
        let scratch = try Scratch()
        let refused = refusal(scratch.file("store"), .init(create: false))
        #expect(refused?.code == .noSuchFile)
        #expect(Scratch.names(in: scratch.path).isEmpty)
        let empty = refusal(scratch.path, .init(create: false))
        #expect(empty?.code == .noSuchFile)
    }

    @Test func `a file is not a directory`() throws {
        let scratch = try Scratch()
        try Scratch.write([1], to: scratch.file("store"))
        let refused = refusal(scratch.file("store"))
        #expect(refused?.code == .notADirectory)
        #expect(refused?.message.contains("data.mdb") == true)
    }

    @Test func `a directory without permission is refused`() throws {
        guard geteuid() != 0 else {
            print("skipped: root may enter every directory")
            return
        }
        let scratch = try Scratch()
        #expect(unsafe mkdir(scratch.file("store"), 0o000) == 0)
        #expect(refusal(scratch.file("store"))?.code == .accessDenied)
    }

    @Test func `junk is not a store`() throws {
        let scratch = try Scratch()
        for size in [1, 15, 16, 100, 152, 4096, 10_000] {
            try Scratch.write([UInt8](repeating: 0x5A, count: size), to: scratch.file("data.mdb"))
            let code = refusal(scratch.path)?.code
            #expect(code == (size < 20 ? .corrupted : .notLMDB), "\(size) bytes of junk")
        }
    }

    @Test func `an empty file is a new store only where one may be created`() throws {
        let scratch = try Scratch()
        try Scratch.write([], to: scratch.file("data.mdb"))
        #expect(refusal(scratch.path, .init(create: false))?.code == .corrupted)
        #expect(refusal(scratch.path) == nil)
    }

    @Test func `another format version is told by its number`() throws {
        let scratch = try Scratch()
        #expect(refusal(scratch.path) == nil)
        try patch(scratch.file("data.mdb"), at: 20, [7, 0, 0, 0])
        let refused = refusal(scratch.path)
        #expect(refused?.code == .versionMismatch)
        #expect(refused?.message.contains("version 7") == true)
    }

    @Test func `a meta page that makes no sense is damage`() throws {
        let scratch = try Scratch()
        #expect(refusal(scratch.path) == nil)
        try patch(scratch.file("data.mdb"), at: 40, [3, 0, 0, 0])
        #expect(refusal(scratch.path)?.code == .corrupted)
    }

    private func patch(_ file: String, at offset: off_t, _ bytes: [UInt8]) throws {
        let descriptor = unsafe open(file, O_WRONLY)
        guard descriptor >= 0 else { throw SystemFailure(code: errno) }
        defer { close(descriptor) }
        let count = unsafe bytes.withUnsafeBytes {
            unsafe pwrite(descriptor, $0.baseAddress, $0.count, offset)
        }
        guard count == bytes.count else { throw SystemFailure(code: errno) }
    }

    @Test func `a truncated file is refused, or holds every record`() throws {
        let store = try Store()
        let value = [UInt8](repeating: 9, count: 700)
        for batch in UInt64(0)..<8 {
            try store.environment.write { txn in
                for number in 0..<UInt64(60) {
                    let key = FixedKey(be64: batch &* 7919 &+ number &* 104_729 & 0xFFFF)
                    try txn.put(store.table, key.span, value.rawSpan)
                }
            }
        }
        let whole = try store.pairs()
        store.environment.close()
        let file = store.environment.path + "/data.mdb"
        let size = Scratch.size(of: file)
        var refusals = 0
        for cut in stride(from: 1, to: size, by: 2048) {
            #expect(unsafe truncate(file, off_t(size - cut)) == 0)
            do {
                let environment = try Environment.open(
                    at: store.environment.path, options: .init(sync: .none, create: false))
                let table = try environment.tables(["things"], create: false)[0]
                let left = try environment.read { txn in try Pair.all(in: table, of: txn.view) }
                #expect(left == whole, "\(cut) bytes cut off")
            } catch let error as LMDBError {
                #expect(error.code == .corrupted, "\(cut) bytes cut off")
                #expect(error.message.contains("data.mdb"))
                refusals += 1
            }
        }
        #expect(refusals > size / 2048 / 2)
    }

    /// LMDB does not write pages that a transaction took from the end of the file and gave back, so
    /// a sound file can be shorter than its last page says. Refusing it would lose a sound store.
    @Test func `a sound file without its free last pages opens`() throws {
        let store = try Store()
        // A key before all others stays on the first leaf.
        try store.put([("\0", "1")])
        // First leave free pages behind, so that LMDB need not extend the file for its free list.
        for _ in 0..<3 { try fillAndEmpty(store, records: 200, commitsBetween: true) }
        try fillAndEmpty(store, records: 2000, commitsBetween: false)
        let used = store.environment.usedBytes
        let path = store.environment.path
        store.environment.close()
        try #require(Scratch.size(of: path + "/data.mdb") < used, "the case did not arise")
        let again = try Environment.open(at: path)
        let table = try again.tables(["things"], create: false)[0]
        #expect(try again.read { txn in try Pair.all(in: table, of: txn.view) }.count == 1)
    }

    private func fillAndEmpty(_ store: Store, records: UInt64, commitsBetween: Bool) throws {
        let value = [UInt8](repeating: 9, count: 1500)
        var txn = try store.environment.beginWrite()
        for number in 0..<records {
            try txn.put(store.table, FixedKey(be64: number).span, value.rawSpan)
        }
        if commitsBetween {
            try txn.commit()
            txn = try store.environment.beginWrite()
        }
        // The last pages first, for LMDB takes again what was given back latest.
        for number in (0..<records).reversed() {
            _ = try txn.delete(store.table, FixedKey(be64: number).span)
        }
        try txn.commit()
    }

    @Test(arguments: UInt64(1)...6)
    func `every sound file opens again`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let store = try Store()
        let path = store.environment.path
        store.environment.close()
        var expected: [[UInt8]: [UInt8]] = [:]
        for _ in 0..<12 {
            let environment = try Environment.open(
                at: path, options: .init(mapSizeBytes: 16 << 20, sync: .none))
            let table = try environment.tables(["things"], create: true)[0]
            try environment.write { txn in
                for _ in 0..<Int.random(in: 1..<200, using: &random) {
                    let key = [UInt8(truncatingIfNeeded: random.next()), 1]
                    if Bool.random(using: &random) {
                        let count = Int.random(in: 0..<6000, using: &random)
                        let value = [UInt8](repeating: key[0], count: count)
                        try txn.put(table, key.rawSpan, value.rawSpan)
                        expected[key] = value
                    } else {
                        _ = try txn.delete(table, key.rawSpan)
                        expected[key] = nil
                    }
                }
            }
            let found = try environment.read { txn in try Pair.all(in: table, of: txn.view) }
            let sorted = expected.sorted { $0.key.lexicographicallyPrecedes($1.key) }
            #expect(found == sorted.map { Pair(key: $0.key, value: $0.value) }, "seed \(seed)")
        }
    }

    @Test func `a read-only environment reads and does not write`() throws {
        let store = try Store()
        try store.put([("a", "1")])
        let path = store.environment.path
        store.environment.close()
        let environment = try Environment.open(at: path, options: .init(isReadOnly: true))
        let table = try environment.tables(["things"], create: true)[0]
        let value = try environment.read { txn in
            try txn.view.get(table, "a".utf8.span.rawSpan)?.string()
        }
        #expect(value == "1")
        let refused = #expect(throws: LMDBError.self) { try environment.write { _ in } }
        #expect(refused?.code == .readOnly)
        try environment.sync(force: true)
        let absent = #expect(throws: LMDBError.self) {
            try environment.tables(["new"], create: true)
        }
        #expect(absent?.code == .notFound)
    }

    /// LMDB makes `lock.mdb` by its length alone and writes to it through a mapping: on a full volume
    /// that ended the process by a signal, where an error was due.
    @Test func `the reader table has its place on the volume before it is written`() throws {
        let scratch = try Scratch()
        let environment = try Environment.open(
            at: scratch.file("store"), options: .init(maxReaders: 5_000))
        #expect(try environment.facts().maxReaders == 5_000)
        var status = stat()
        #expect(unsafe stat(scratch.file("store/lock.mdb"), &status) == 0)
        #expect(status.st_size >= 5_000 * 64)
        #expect(Int(status.st_blocks) * 512 >= Int(status.st_size))
    }

    @Test func `the sync mode can change between commits`() throws {
        let store = try Store()
        for mode in [Environment.Sync.none, .noMetaSync, .full] {
            try store.environment.setSync(mode)
            try store.put([("a", "\(mode)")])
            try store.environment.sync(force: true)
        }
        #expect(try store.get("a") == "full")
        let refused = #expect(throws: LMDBError.self) {
            try store.environment.write { _ in try store.environment.setSync(.none) }
        }
        #expect(refused?.code == .badTransaction)
    }
}

@Suite struct `Refusing unsuitable places` {
    @Test func `network volumes are known by their kind`() {
        #expect(VolumeKind.refusedName(magic: 0x6969) { nil } == "nfs")
        #expect(VolumeKind.refusedName(magic: 0xFF53_4D42) { nil } == "cifs")
        #expect(VolumeKind.refusedName(magic: 0xEF53) { "fuse.sshfs" } == nil)
        #expect(VolumeKind.refusedName(magic: 0x0102_1994) { nil } == nil)
        #expect(VolumeKind.refusedName(magic: 0x6573_5546) { "fuse.sshfs" } == "fuse.sshfs")
        #expect(VolumeKind.refusedName(magic: 0x6573_5546) { "fuseblk" } == nil)
        #expect(VolumeKind.refusedName(magic: 0x6573_5546) { nil } == nil)
    }

    @Test func `the longest mount point above a directory tells its kind`() {
        let mounts = """
            22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
            30 22 0:40 / /mnt/far rw - fuse.sshfs me@there:/ rw
            31 30 8:2 / /mnt/far/near rw master:1 propagate_from:2 - xfs /dev/sdb1 rw
            32 22 8:3 / /mnt/fa rw - btrfs /dev/sdc1 rw
            """
        #expect(VolumeKind.mountedKind(of: "/home/me", mountinfo: mounts) == "ext4")
        #expect(VolumeKind.mountedKind(of: "/mnt/far", mountinfo: mounts) == "fuse.sshfs")
        #expect(VolumeKind.mountedKind(of: "/mnt/far/x", mountinfo: mounts) == "fuse.sshfs")
        #expect(VolumeKind.mountedKind(of: "/mnt/far/near/x", mountinfo: mounts) == "xfs")
        #expect(VolumeKind.mountedKind(of: "/mnt/farther", mountinfo: mounts) == "ext4")
        #expect(VolumeKind.mountedKind(of: "/mnt/far", mountinfo: "") == nil)
    }

    @Test func `a process of another PID namespace is refused while the first is there`() throws {
        let scratch = try Scratch()
        let options = Environment.Options()
        func guarded(_ namespace: String) throws(LMDBError) -> NamespaceGuard {
            try NamespaceGuard(
                directory: scratch.path, options: options, shownAs: "here", namespace: namespace)
        }
        let first = try guarded("pid:[1]")
        let companion = try guarded("pid:[1]")
        let refused = #expect(throws: LMDBError.self) { _ = try guarded("pid:[2]") }
        #expect(refused?.code == .foreignProcess)
        #expect(refused?.message.contains("pid:[1]") == true)
        _ = consume first
        #expect(throws: LMDBError.self) { _ = try guarded("pid:[2]") }
        _ = consume companion
        // A child that another test has just forked holds a copy of the lock until it is replaced
        // by its program: then the first attempts are refused.
        func isTaken(_ namespace: String) -> Bool {
            do {
                _ = try guarded(namespace)
                return false
            } catch {
                return true
            }
        }
        func isFree(_ namespace: String) -> Bool {
            for _ in 0..<1_000_000 {
                if !isTaken(namespace) { return true }
                sched_yield()
            }
            return false
        }
        #expect(isFree("pid:[2]"))
        #expect(isFree("pid:[1]"))
    }

    @Test func `sole access is refused while another process has the store open`() throws {
        let store = try Store()
        #expect(try store.environment.withSoleAccess { 1 } == 1)
        let peer = try Peer("hold-read", store.environment.path)
        #expect(peer.line() == "ready")
        let refused = #expect(throws: LMDBError.self) {
            try store.environment.withSoleAccess {}
        }
        #expect(refused?.code == .inUse)
        #expect(refused?.message.contains("\(peer.processID)") == true)
        #expect(peer.release() == 0)
        #expect(try store.environment.withSoleAccess { 2 } == 2)
    }

    @Test func `whoever opens during sole access waits for its end`() throws {
        let store = try Store()
        try store.put([("a", "1")])
        let peer = try store.environment.withSoleAccess {
            let peer = try Peer("hold-read", store.environment.path)
            // The peer cannot have begun a read: it has no slot yet, however long this takes.
            #expect(try store.environment.readers().allSatisfy { $0.processID == getpid() })
            return peer
        }
        #expect(peer.line() == "ready")
        #expect(peer.release() == 0)
    }

    @Test func `a namespace that stands in the file already is not written again`() throws {
        let scratch = try Scratch()
        let file = scratch.file(NamespaceGuard.fileName)
        func join(_ namespace: String) throws {
            let joined = try NamespaceGuard(
                directory: scratch.path, options: .init(), shownAs: "here", namespace: namespace)
            _ = consume joined
        }
        func secondsOfLastWrite() -> Int {
            var facts = stat()
            return unsafe stat(file, &facts) == 0 ? facts.st_mtim.tv_sec : -1
        }
        try join("pid:[1]")
        #expect(unsafe utimes(file, [timeval(), timeval()]) == 0)
        try join("pid:[1]")
        #expect(secondsOfLastWrite() == 0)
        try join("pid:[2]")
        #expect(secondsOfLastWrite() > 0)
        #expect(SmallFile.text(at: file, limit: 256) == "pid:[2]")
    }

    @Test func `this process knows its own namespace`() throws {
        let namespace = try #require(NamespaceGuard.current())
        #expect(namespace.hasPrefix("pid:["))
    }
}
