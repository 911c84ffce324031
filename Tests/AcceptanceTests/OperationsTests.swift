import Foundation
import StoreTestSupport
import Testing

@Suite struct `Operations at the command line` {
    /// Runs a shell line in the folder.
    private func shell(_ line: String, in scratch: Scratch) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", line]
        process.currentDirectoryURL = URL(fileURLWithPath: scratch.path)
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let problems = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(
            code: process.terminationStatus, output: String(decoding: text, as: UTF8.self),
            errors: String(decoding: problems, as: UTF8.self))
    }

    /// Runs the command where `g.cairn` is mounted read-only; nil where that is not permitted.
    private func readOnly(_ line: String, in scratch: Scratch) throws -> Outcome? {
        let mount = "mount --bind g.cairn g.cairn && mount -o remount,ro,bind g.cairn"
        guard try shell("unshare -rm sh -c '\(mount)'", in: scratch).code == 0 else {
            print("Skipped: this user may not mount anything in a namespace of its own.")
            return nil
        }
        return try shell("unshare -rm sh -c '\(mount) && \(line)'", in: scratch)
    }

    @Test func `a database on a read-only volume is read, and refuses writes with a sentence`()
        throws
    {
        let scratch = try Scratch()
        try scratch.people()
        for withLockFiles in [true, false] {
            if !withLockFiles {
                for name in ["lock.mdb", "writer.lock", "namespace.lock"] {
                    try? FileManager.default.removeItem(atPath: "\(scratch.path)/g.cairn/\(name)")
                }
            }
            let cairn = Cairn.path
            guard let read = try readOnly("\(cairn) node list --db g.cairn", in: scratch) else {
                return
            }
            #expect(read.code == 0 && read.output.contains("Ada"), "\(read.errors)")
            let check = try readOnly("\(cairn) check --db g.cairn", in: scratch)
            #expect(check?.code == 0, "\(check?.errors ?? "")")
            let write = try readOnly("\(cairn) node create X --db g.cairn", in: scratch)
            #expect(write?.code == 1)
            #expect(write?.errors.contains("read-only") == true, "\(write?.errors ?? "")")
            let names = try FileManager.default.contentsOfDirectory(
                atPath: scratch.path + "/g.cairn")
            #expect(withLockFiles || names == ["data.mdb"])
        }
    }

    @Test func `a database that others write is not read where the reader cannot say so`() throws {
        let scratch = try Scratch()
        try scratch.people()
        // A follower has it open, on the writable mount.
        let follower = try Cairn.start(
            ["changes", "--follow", "--from", "1", "--format", "jsonl", "--db", "g.cairn"],
            in: scratch)
        defer { follower.process.terminate() }
        while try String(contentsOf: follower.outputFile, encoding: .utf8).isEmpty {
            try #require(follower.process.isRunning)
        }
        guard let read = try readOnly("\(Cairn.path) node list --db g.cairn", in: scratch) else {
            return
        }
        #expect(read.code == 1)
        #expect(read.errors.contains("has it open"), "\(read.errors)")
    }

    @Test func `a directory that nobody may write is read, one that others may is not`() throws {
        let scratch = try Scratch()
        try scratch.people()
        for name in ["lock.mdb", "writer.lock", "namespace.lock"] {
            try? FileManager.default.removeItem(atPath: "\(scratch.path)/g.cairn/\(name)")
        }
        // Permissions do not bind the superuser, so the command runs as somebody else.
        var prefix = ""
        if geteuid() == 0 {
            prefix = "setpriv --reuid=65534 --regid=65534 --clear-groups "
            guard try shell(prefix + "\(Cairn.path) --version", in: scratch).code == 0 else {
                print("Skipped: the superuser cannot run the command as another user here.")
                return
            }
        }
        let list = prefix + "\(Cairn.path) node list --db g.cairn"
        _ = try shell("chmod 755 . && chmod 555 g.cairn && chmod 644 g.cairn/data.mdb", in: scratch)
        let refused = try shell(list, in: scratch)
        #expect(refused.code == 1 && refused.errors.contains("lock.mdb"), "\(refused.errors)")
        _ = try shell("chmod 444 g.cairn/data.mdb", in: scratch)
        let read = try shell(list, in: scratch)
        #expect(read.code == 0 && read.output.contains("Ada"), "\(read.errors)")
        _ = try shell("chmod 755 g.cairn", in: scratch)
    }

    @Test func `sizes and counts are told so that a person can read them`() throws {
        let scratch = try Scratch()
        try scratch.file("e.tsv", (1...1_500).map { "\($0)\t\($0 + 1)\n" }.joined())
        try scratch.cairn("import", "e.tsv", "--type", "NEXT", "--db", "g.cairn")
        let info = try scratch.cairn("info", "--db", "g.cairn").output
        for text in ["Node  1,501", "1,500", "KiB"] {
            #expect(info.contains(text), "\(info)")
        }
        try scratch.cairn("init", "one.cairn")
        try scratch.cairn("schema", "create", "index", "P", "name", "--db", "one.cairn")
        try scratch.cairn("node", "create", "P", "name=Ada", "--db", "one.cairn")
        let sound = try scratch.cairn("check", "--db", "one.cairn").output
        #expect(sound.contains("1 node, 0 edges, 1 index entry, 2 positions of"), "\(sound)")
    }

    @Test func `a quota holds for every program that writes`() throws {
        let scratch = try Scratch()
        try scratch.people()
        #expect(
            try scratch.cairn("quota", "--db", "g.cairn").output
                .hasPrefix("The file may grow as far as the volume allows; it has "))
        #expect(
            try scratch.cairn("quota", "2MB", "--db", "g.cairn").output
                .hasPrefix("The file may grow to 2.0 MiB; it has "))
        try scratch.file("e.tsv", (1...40_000).map { "\($0)\t\($0 + 1)\n" }.joined())
        let refused = try scratch.failing(
            1, "import", "e.tsv", "--type", "NEXT", "--db", "g.cairn")
        #expect(refused.errors.contains("may grow to 2097152 bytes"), "\(refused.errors)")
        #expect(refused.errors.contains("cairn quota"), "\(refused.errors)")
        let info = try scratch.cairn("info", "--json", "--db", "g.cairn").object()
        #expect(info["size_limit_bytes"] as? Int == 2 << 20)
        #expect(info["nodes"] as? Int == 2)
        #expect(try scratch.cairn("info", "--db", "g.cairn").output.contains("limited to 2.0 MiB"))
        try scratch.failing(64, "quota", "5", "--db", "g.cairn")
        try scratch.cairn("quota", "none", "--db", "g.cairn")
        try scratch.cairn("import", "e.tsv", "--type", "NEXT", "--db", "g.cairn")
        try scratch.cairn("check", "--db", "g.cairn")
    }

    @Test func `variables tell slow transactions, and limit one program`() throws {
        let scratch = try Scratch()
        try scratch.people()
        try scratch.file("e.tsv", (1...40_000).map { "\($0)\t\($0 + 1)\n" }.joined())
        let cairn = Cairn.path
        let slow = try shell(
            "CAIRN_SLOW_MS=0 \(cairn) node set 1 x=1 --db g.cairn", in: scratch)
        #expect(slow.code == 0)
        #expect(slow.errors.contains("cairn: slow write: "), "\(slow.errors)")
        #expect(slow.errors.contains("1 change)"), "\(slow.errors)")
        let limited = try shell(
            "CAIRN_MAX_SIZE=2MB \(cairn) import e.tsv --type NEXT --db g.cairn", in: scratch)
        #expect(limited.code == 1 && limited.errors.contains("may grow to"), "\(limited.errors)")
        for setting in ["CAIRN_SLOW_MS=x", "CAIRN_MAX_SIZE=3"] {
            let wrong = try shell("\(setting) \(cairn) node list --db g.cairn", in: scratch)
            #expect(wrong.code == 64 && wrong.errors.contains(setting.dropLast(2)))
        }
    }

    @Test func `an index that was being built is gone on with after a kill`() throws {
        let scratch = try Scratch()
        try scratch.file(
            "p.csv",
            "id:ID,name,:LABEL\n"
                + (0..<20_000).map { "\($0),n\($0 % 700),Person\n" }.joined())
        try scratch.cairn("import", "p.csv", "--db", "g.cairn")
        let building = try Cairn.start(
            ["schema", "create", "index", "Person", "name", "--slices", "--db", "g.cairn"],
            in: scratch)
        // It is listed from its first slice on; whether the kill meets it under way does not
        // decide what must hold afterwards.
        while building.process.isRunning,
            try !scratch.cairn("schema", "list", "--db", "g.cairn").output.contains("index_Person")
        {}
        kill(building.process.processIdentifier, SIGKILL)
        building.process.waitUntilExit()
        try scratch.cairn("check", "--db", "g.cairn")
        try scratch.cairn("schema", "build", "--db", "g.cairn")
        let found = try scratch.cairn(
            "node", "list", "--label", "Person", "--where", "name=n7", "-n", "0", "--json", "--db",
            "g.cairn")
        #expect((try found.json() as? [Any])?.count == 29)
        let listed = try scratch.cairn("schema", "list", "--format", "csv", "--db", "g.cairn")
        #expect(listed.output.contains("index_Person_name"))
        #expect(!listed.output.contains("building"))
        try scratch.cairn("check", "--db", "g.cairn")
    }

    @Test func `a failed import names the place it was for, not the one it was built at`() throws {
        if Sanitizer.watchesThreads {
            return print("skipped: ThreadSanitizer itself needs longer files than this allows")
        }
        let scratch = try Scratch()
        try scratch.file("e.tsv", (1...90_000).map { "\($0)\t\($0 + 1)\n" }.joined())
        let outcome = try shell(
            "ulimit -f 600; \(Cairn.path) import e.tsv --type NEXT --db g.cairn", in: scratch)
        #expect(outcome.code == 1)
        #expect(outcome.errors.contains("'g.cairn'"), "\(outcome.errors)")
        #expect(!outcome.errors.contains("building"), "\(outcome.errors)")
        #expect(!scratch.has("g.cairn"))
    }

    @Test func `a backup is made, proved, extended and restored`() throws {
        let scratch = try Scratch()
        try scratch.people()
        let first = try scratch.cairn("backup", "b", "--db", "g.cairn").output
        #expect(first.hasPrefix("Backed up the whole database to 'b': position 3"))
        #expect(try scratch.cairn("backup", "b", "--db", "g.cairn").output.hasPrefix("Nothing"))
        try scratch.cairn("node", "set", "1", "name=Augusta", "--db", "g.cairn")
        let second = try scratch.cairn("backup", "b", "--db", "g.cairn").output
        #expect(second.hasPrefix("Backed up the changes since position 3"))
        let proof = try scratch.cairn("backup", "--verify", "b").output
        #expect(proof.hasPrefix("Yes: positions 3 to 4 can be restored"), "\(proof)")
        #expect(try scratch.cairn("backup", "--list", "b", "--json").json() as? [Any] != nil)
        try scratch.cairn("restore", "b", "--db", "new.cairn")
        try scratch.cairn("restore", "b", "--at", "3", "--db", "old.cairn")
        #expect(
            try scratch.cairn("node", "get", "1", "--db", "new.cairn").output.contains("Augusta"))
        #expect(try scratch.cairn("node", "get", "1", "--db", "old.cairn").output.contains("Ada"))
        #expect(
            try scratch.failing(1, "restore", "b", "--db", "new.cairn").errors.contains("--force"))
        try scratch.cairn("restore", "b", "--force", "--db", "new.cairn")
        // A changed byte is found.
        let piece = "b/00000000000000000003-full/data.mdb"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: scratch.path + "/" + piece))
        bytes[bytes.count - 100] ^= 1
        try bytes.write(to: URL(fileURLWithPath: scratch.path + "/" + piece))
        let refused = try Cairn.run(["backup", "--verify", "b"], in: scratch)
        #expect(refused.code == 1)
        #expect(refused.output.hasPrefix("No: nothing can be restored"), "\(refused.output)")
    }

    @Test func `a damaged database is named, and salvaged`() throws {
        let scratch = try Scratch()
        try scratch.people()
        let file = URL(fileURLWithPath: scratch.path + "/g.cairn/data.mdb")
        var bytes = try Data(contentsOf: file)
        // The page of the nodes: it holds a name, and it is a leaf.
        let name = try #require(bytes.range(of: Data("Ada".utf8), options: .backwards))
        let page = name.lowerBound / 4_096 * 4_096
        for offset in page..<page + 4_096 { bytes[offset] = 0 }
        try bytes.write(to: file)
        let check = try Cairn.run(["check", "--db", "g.cairn"], in: scratch)
        #expect(check.code == 1)
        #expect(check.output.contains("PAGE"), "\(check.output)")
        #expect(check.errors.contains("salvage"))
        let salvaged = try scratch.cairn("salvage", "g.cairn", "--to", "s.cairn")
        #expect(salvaged.output.hasPrefix("Salvaged 2 nodes and 1 edge"), "\(salvaged.output)")
        try scratch.cairn("check", "--db", "s.cairn")
    }
}
