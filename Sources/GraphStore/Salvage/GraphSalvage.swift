internal import LMDB
internal import PropertyGraph

/// What came out of a damaged database.
public struct SalvageReport: Sendable {
    /// Pages of the file that should hold records, or lead to them, and could not be read.
    public internal(set) var damagedPages = 0
    /// Pages of records that nothing led to any more and that were recognised by their contents.
    public internal(set) var recognizedPages = 0
    /// Nodes and edges in the new database.
    public internal(set) var nodes = 0, edges = 0
    /// Nodes and edges among them whose own record is lost, and was taken from the change log.
    public internal(set) var fromChangeLog = 0
    /// Nodes among them of which no property is known: only that they were there.
    public internal(set) var bareNodes = 0
    /// What was lost, as far as it can be told, a sentence each; empty when nothing was.
    public internal(set) var losses: [String] = []

    mutating func note(_ count: Int, _ one: String, _ many: String) {
        if count > 0 { losses.append(count == 1 ? "1 \(one)." : "\(count) \(many).") }
    }
}

/// Getting out of a damaged database what can still be read.
public enum GraphSalvage {
    /// Reads everything readable out of a damaged database and builds a sound one of it.
    ///
    /// The file is read by bounded reads, page by page; where its trees are broken, pages are
    /// recognised by what is on them. An edge survives in its locator or in either of its two rows of
    /// adjacency; a node whose record is lost survives in the change log, or else bare, with its
    /// labels, where edges or labels name it. Ids are kept. Indexes, constraints, counts and adjacency
    /// are made anew. The new database has its own identity and a change log that begins with it;
    /// earlier states are not carried over.
    ///
    /// When the list of free pages is damaged as well, a page may hold an earlier version of its
    /// records; then they are used only where nothing newer is known.
    ///
    /// - Parameters:
    ///   - damaged: The directory of the database; no process may write to it meanwhile.
    ///   - path: The new directory, which does not exist or is empty.
    /// - Throws: `.databaseExists`; `.storage` when the file cannot be read at all, and for failures
    ///   of the new database; `.cancelled`.
    /// - Complexity: O(bytes × log records); memory for what is lost, disk for a second copy.
    public static func salvage(
        _ damaged: String, to path: String, isCancelled: @escaping () -> Bool = { false }
    ) throws -> SalvageReport {
        try translatingErrors {
            do {
                try PublishedDirectory.requireFree(path)
            } catch let error as LMDBError where error.code == .alreadyExists {
                throw GraphStoreError(
                    .databaseExists, "'\(path)' exists already. Name another place.", cause: error)
            }
            let file = try PageSalvage(file: damaged + "/data.mdb", path: damaged)
            let building = try PublishedDirectory.makeBuildingPlace(for: path)
            do {
                let found = try SalvagedTables(in: building)
                defer { found.close() }
                try found.collect(file, isCancelled)
                var report = try build(found, building, isCancelled)
                report.damagedPages = file.damagedPages
                report.recognizedPages = found.recognizedPages
                report.note(
                    file.missingPages, "page is missing at the end of the file",
                    "pages are missing at the end of the file")
                report.note(
                    found.unrecognizedPages, "page of records could not be recognised",
                    "pages of records could not be recognised")
                let check = try GraphDatabase.check(path: building)
                guard let finding = check.findings.first else {
                    PublishedDirectory.keepOnly(["data.mdb"], in: building)
                    try PublishedDirectory.publish(building, as: path)
                    return report
                }
                throw GraphStoreError(
                    .corrupted, "What was salvaged is not sound: \(finding). Report this.")
            } catch {
                PublishedDirectory.remove(building)
                throw error
            }
        }
    }

    private static func build(
        _ found: SalvagedTables, _ building: String, _ isCancelled: @escaping () -> Bool
    ) throws -> SalvageReport {
        let (environment, tables, _) = try StoreOpening(
            path: building, options: GraphDatabaseOptions(), isBuilding: true
        ).open()
        defer { environment.close() }
        let (source, rawTables) = (found.environment, found.tables)
        let names = try source.read { try SalvagedNames($0.view, rawTables) }
        let transaction = try source.startRead(isScoped: true)
        let raw = ReadTransaction(transaction, CatalogSnapshot(names.catalog), rawTables)
        var rebuild = SalvageRebuild(environment, tables, names, isCancelled)
        try rebuild.run(raw)
        return rebuild.report
    }
}
