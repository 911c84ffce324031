internal import LMDB

extension GraphDatabase {
    /// Reads the whole database and proves that its parts agree.
    ///
    /// First the structure of every page of the file is proved by bounded reads, which no damage can
    /// crash. Only when that is sound, names, records, locators, adjacency in both directions,
    /// members of labels and types, indexes, unique constraints, long values, counts, the change log
    /// and the history are read and compared with each other, both ways, and the checksums of
    /// derived files are computed. Damage is a finding of the report, never a trap.
    ///
    /// All of it happens on the calling thread, in two snapshots. It blocks no writer; yet while it
    /// runs, pages it can see are not reused, so the file may grow.
    ///
    /// - Parameter progress: Called every few thousand records; an error it throws ends the check.
    /// - Throws: `.closed`, and what `progress` throws.
    /// - Complexity: O(records × log records) time; memory for the distinct counts, and two bits a
    ///   page.
    public func check(
        progress: @escaping (CheckProgress) throws -> Void = { _ in }
    ) throws -> CheckReport {
        var run = StoreCheck(progress: progress)
        guard try run.checkPages(of: environment) else { return run.report }
        do {
            let transaction = try translatingErrors { try environment.startRead(isScoped: true) }
            // Read anew: the catalog in memory may be sounder than the one on the disk.
            let catalog = try translatingErrors { try Catalog(reading: transaction.view, tables) }
            let snapshot = ReadTransaction(transaction, CatalogSnapshot(catalog), tables)
            try run.checkAll(snapshot.view)
        } catch let error as GraphStoreError where error.code == .corrupted {
            // Without a catalog or counters nothing else can be interpreted.
            run.note(.head, "database", error.message)
        }
        if let folder = DerivedFolder(environment) {
            try run.checkDerivedFiles(in: folder, identity: format.identity)
        }
        return run.report
    }

    /// Checks a database that may be too damaged to be opened: as the method, and beginning with
    /// the file itself.
    ///
    /// - Throws: `.notADatabase` when there is none; `.alreadyOpen` when this process has it open:
    ///   use the method then; what `progress` throws.
    public static func check(
        path: String, progress: @escaping (CheckProgress) throws -> Void = { _ in }
    ) throws -> CheckReport {
        var run = StoreCheck(progress: progress)
        do {
            var storage = Environment.Options()
            storage.isReadOnly = true
            let environment = try translatingErrors {
                try Environment.open(at: path, options: storage)
            }
            defer { environment.close() }
            // Opening tables would read their records through the map.
            guard try run.checkPages(of: environment) else { return run.report }
        } catch let error as GraphStoreError where error.code == .corrupted {
            run.note(.page, "data.mdb", error.message)
            return run.report
        } catch let error as GraphStoreError where error.cause?.code == .notLMDB {
            // A damaged store still has one of its two meta pages.
            let walk = try translatingErrors {
                try DataFile.walk(path + "/data.mdb", path: path)
            }
            guard walk.findingCount == 1 else { throw error }
            run.note(walk)
            return run.report
        }
        var options = GraphDatabaseOptions()
        options.isReadOnly = true
        do {
            let database = try GraphDatabase(path: path, options: options)
            defer { database.close() }
            return try database.check(progress: progress)
        } catch let error as GraphStoreError where error.code == .corrupted {
            run.note(.head, "database", error.message)
            return run.report
        }
    }
}

extension StoreCheck {
    /// Proves the structure of the file; false when it is damaged.
    mutating func checkPages(of environment: Environment) throws -> Bool {
        let progress = progress
        let walk = try translatingErrors {
            try environment.walkPages {
                try progress(CheckProgress(table: "pages", done: $0, total: $1))
            }
        }
        note(walk)
        return walk.isClean
    }

    /// Takes over what a walk over the pages found.
    fileprivate mutating func note(_ walk: PageReport) {
        report.counts.pages = walk.pages
        for finding in walk.findings { note(.page, finding.place, finding.message) }
        report.findingCount += walk.findingCount - walk.findings.count
    }

    /// Derived files that stand for this store: their checksums and what readers rely on.
    mutating func checkDerivedFiles(in folder: DerivedFolder, identity: String) throws {
        for (name, isSound) in folder.soundness(identity: identity) {
            report.counts.derivedFiles += 1
            if !isSound { note(.derived, "derived/\(name)", "it is damaged, and not used") }
        }
    }
}
