internal import LMDB
internal import PropertyGraph

/// What was restored.
public struct RestoreSummary: Sendable, Hashable {
    /// The position the database is at.
    public let position: UInt64
    /// When that was committed, microseconds since 1970 UTC.
    public let committedMicroseconds: Int64
    /// Nodes and edges.
    public let nodes, edges: Int
    /// Positions that were applied from increments.
    public let replayed: Int
}

extension Backup {
    /// Makes the database of the backup anew in a directory, as of its newest position or an earlier
    /// one.
    ///
    /// Ids, positions, tokens, the change log, indexes, constraints and earlier states are those of
    /// the original. The identity stays the same, and so does the token of each position, so that
    /// whoever followed the database up to the restored position goes on; positions given afterwards
    /// have other tokens than those that were lost, so followers and derived files from beyond it
    /// are told apart (`.otherHistory`).
    ///
    /// The database is built aside, checked as `GraphDatabase.check` does, and renamed.
    ///
    /// - Parameters:
    ///   - moment: A position, or a time: then the last position committed at or before it.
    ///   - replacing: Takes the place of a database that is there, which no other process may have
    ///     open; only once the new one is whole and sound.
    /// - Throws: `.databaseExists`; `.backup` when a piece is damaged or missing, or the moment is
    ///   not in the backup; `.alreadyOpen`; `.storage`.
    /// - Complexity: O(bytes + changes behind the whole database).
    @discardableResult
    public func restore(
        to path: String, at moment: PastMoment? = nil, replacing: Bool = false
    ) throws -> RestoreSummary {
        try translatingErrors {
            let folder = try BackupFolder(self.path)
            guard !folder.pieces.isEmpty else { throw Self.noBackup(self.path) }
            let plan = try RestorePlan(folder, moment)
            if !replacing || !PublishedDirectory.exists(path + "/data.mdb") {
                do {
                    try PublishedDirectory.requireFree(path)
                } catch let error as LMDBError where error.code == .alreadyExists {
                    throw GraphStoreError(
                        .databaseExists,
                        "'\(path)' exists already. Restore to another place, or say that it is to "
                            + "be replaced (`--force`).", cause: error)
                }
            }
            let building = try PublishedDirectory.makeBuildingPlace(for: path)
            do {
                let summary = try build(plan, folder, in: building)
                try publish(building, as: path, replacing: replacing)
                return summary
            } catch {
                PublishedDirectory.remove(building)
                throw error
            }
        }
    }

    private func build(
        _ plan: RestorePlan, _ folder: BackupFolder, in building: String
    ) throws -> RestoreSummary {
        try fetch(plan.full, folder, to: building)
        var replayed = 0
        if plan.needsReplay {
            var options = GraphDatabaseOptions()
            options.createsIfMissing = false
            let (environment, tables, _) = try StoreOpening(
                path: building, options: options, isBuilding: true
            ).open()
            defer { environment.close() }
            var replay = try ChangeReplay(environment, tables)
            for increment in plan.increments {
                try apply(increment, plan, folder, building, &replay)
            }
            replayed = replay.count
            try replay.finish(at: plan.stop)
        }
        let report = try GraphDatabase.check(path: building)
        guard report.isClean else {
            throw GraphStoreError(
                .backup,
                "What was restored is not sound: \(report.findings.first?.description ?? ""). "
                    + "Restore an earlier position, and see `cairn backup --verify`.")
        }
        let summary = try summary(of: building, replayed)
        PublishedDirectory.keepOnly(["data.mdb"], in: building)
        return summary
    }

    private func summary(of building: String, _ replayed: Int) throws -> RestoreSummary {
        var options = GraphDatabaseOptions()
        options.isReadOnly = true
        let database = try GraphDatabase(path: building, options: options)
        defer { database.close() }
        return try database.read { transaction in
            let counters = try transaction.view.counters()
            return RestoreSummary(
                position: counters.position, committedMicroseconds: counters.lastCommitTime,
                nodes: try transaction.nodeCount(), edges: try transaction.edgeCount(),
                replayed: replayed)
        }
    }

    /// Copies the data of a piece, and proves it on the way.
    private func fetch(
        _ piece: BackupFolder.Piece, _ folder: BackupFolder, to directory: String
    ) throws {
        let copied = try DataFile.copy(folder.dataFile(piece), to: directory + "/data.mdb")
        guard copied.bytes == piece.manifest.bytes, copied.checksum == piece.manifest.checksum
        else {
            throw GraphStoreError(
                .backup,
                "Piece \(piece.name) of the backup at '\(path)' is damaged: its data is not as it "
                    + "was written. Restore an earlier position; see `cairn backup --verify`.")
        }
        let walk = try DataFile.walk(directory + "/data.mdb", path: directory)
        guard walk.isClean else {
            throw GraphStoreError(
                .backup, "Piece \(piece.name) of the backup at '\(path)' is damaged.")
        }
    }

    private func apply(
        _ increment: BackupFolder.Piece, _ plan: RestorePlan, _ folder: BackupFolder,
        _ building: String, _ replay: inout ChangeReplay
    ) throws {
        // Opened as a copy: what lies in a backup is never opened, for that would add lock files.
        let place = building + "/increment"
        try PublishedDirectory.make(place)
        defer { PublishedDirectory.remove(place) }
        try fetch(increment, folder, to: place)
        var options = GraphDatabaseOptions()
        options.isReadOnly = true
        let source = try GraphDatabase(path: place, options: options)
        defer { source.close() }
        let stop = plan.stop
        try source.read { try replay.run($0, until: stop) }
    }

    private func publish(_ building: String, as path: String, replacing: Bool) throws {
        guard replacing, PublishedDirectory.exists(path + "/data.mdb") else {
            return try PublishedDirectory.publish(building, as: path)
        }
        try Environment.replaceStore(at: path, byThatOf: building)
        PublishedDirectory.remove(building)
    }
}

/// Which pieces lead to the moment that is asked for.
struct RestorePlan {
    /// Where to stop within the last increment.
    enum Stop: Equatable {
        case atEnd
        case position(UInt64)
        case time(Int64)

        func includes(_ set: ChangeSet) -> Bool {
            switch self {
            case .atEnd: true
            case .position(let position): set.position <= position
            case .time(let time): set.microsecondsSinceEpoch <= time
            }
        }
    }

    let full: BackupFolder.Piece
    let increments: [BackupFolder.Piece]
    let stop: Stop

    var needsReplay: Bool { !increments.isEmpty }

    init(_ folder: BackupFolder, _ moment: PastMoment?) throws {
        let fulls = folder.pieces.filter { $0.manifest.after == nil }
        func isBefore(_ manifest: BackupManifest) -> Bool {
            switch moment {
            case .none: true
            case .position(let position): manifest.end.position <= position
            case .time(let time): manifest.committed <= time
            }
        }
        guard let full = fulls.last(where: { isBefore($0.manifest) }) else {
            throw GraphStoreError(
                .backup,
                fulls.first.map {
                    "The backup at '\(folder.path)' begins with position "
                        + "\($0.manifest.end.position), which the moment asked for precedes."
                } ?? "The backup at '\(folder.path)' holds no whole database.")
        }
        let chain = folder.chain(from: full)
        self.full = full
        // Those that end before the moment, and the one that it lies in.
        var increments: [BackupFolder.Piece] = []
        for piece in chain.dropFirst() {
            if case .position(let wanted) = moment,
                (increments.last ?? full).manifest.end.position >= wanted
            {
                break
            }
            increments.append(piece)
            if moment != nil, !isBefore(piece.manifest) { break }
        }
        self.increments = increments
        let end = (increments.last ?? full).manifest
        switch moment {
        case .none:
            try Self.requireNewest(end.end.position, folder)
            stop = .atEnd
        case .position(let position):
            guard position <= end.end.position else { throw Self.tooLate(folder, end) }
            stop = .position(position)
        case .time(let time):
            guard time <= end.committed || chain.count > increments.count + 1 else {
                throw Self.tooLate(folder, end)
            }
            stop = .time(time)
        }
    }

    /// What is newer than a position, and cannot be reached, was not asked to be given up.
    private static func requireNewest(_ position: UInt64, _ folder: BackupFolder) throws {
        let names = folder.unreadable + folder.pieces.map(\.name)
        let newer = names.filter { (BackupFolder.position(inName: $0) ?? .max) > position }
        guard let name = newer.max(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) else {
            return
        }
        throw GraphStoreError(
            .backup,
            "Piece \(name) of the backup at '\(folder.path)' is newer than what can be restored, "
                + "which ends with position \(position): a manifest is damaged, or a piece between "
                + "is missing. Ask for position \(position) to restore that; see "
                + "`cairn backup --verify`.")
    }

    private static func tooLate(
        _ folder: BackupFolder, _ end: BackupManifest
    ) -> GraphStoreError {
        GraphStoreError(
            .backup,
            "The backup at '\(folder.path)' ends with position \(end.end.position), which the moment "
                + "asked for comes after. Leave the moment out to restore that.")
    }
}
