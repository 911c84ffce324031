internal import LMDB
internal import PropertyGraph

/// Which piece to add to a backup.
public enum BackupChoice: Hashable, Sendable {
    /// An increment where the change log reaches back to the newest piece, else a whole database.
    case automatic
    /// A whole database.
    case full
    /// An increment, or an error that says why there can be none.
    case increment
}

/// What a backup added.
public struct BackupResult: Sendable {
    /// The new piece; nil when nothing was changed since the newest one.
    public let piece: BackupPiece?
    /// Why a whole database was copied, where an increment might have been expected.
    public let reason: String?
}

extension GraphDatabase {
    /// Adds the present state to a backup, a directory that is made when it is missing, while reads
    /// and writes go on.
    ///
    /// The first piece is a compacted copy of the whole database; later ones are the change log since
    /// the piece before, as long as it reaches back so far and lists everything (a bulk load it does
    /// not). A piece is written aside, flushed, proved page by page, and renamed: it is whole or
    /// absent. ``Backup`` proves and restores it.
    ///
    /// - Throws: `.otherHistory` when the directory holds a backup of another database, or of
    ///   positions that this one does not have; `.backup` when there can be no increment and one was
    ///   demanded, or when the database is too damaged to be copied; `.storage`.
    /// - Complexity: O(bytes) for a whole database, O(changes) for an increment. A long reader.
    @discardableResult
    public func backup(
        to folder: String, _ choice: BackupChoice = .automatic
    ) throws -> BackupResult {
        try translatingErrors {
            try PublishedDirectory.make(folder)
            let known = try BackupFolder(folder)
            try requireSameStore(known)
            guard let last = known.newestChain.last else {
                if choice == .increment {
                    throw GraphStoreError(
                        .backup,
                        "'\(folder)' holds no whole database that an increment could follow. Make "
                            + "a full backup first.")
                }
                return BackupResult(piece: try backUpAll(known), reason: nil)
            }
            try requireSameHistory(last, folder)
            if choice == .full { return BackupResult(piece: try backUpAll(known), reason: nil) }
            if try position() == last.manifest.end.position {
                return BackupResult(piece: nil, reason: nil)
            }
            do {
                return BackupResult(piece: try backUpChanges(since: last, known), reason: nil)
            } catch let obstacle as IncrementWriter.Obstacle {
                guard choice == .automatic else {
                    throw GraphStoreError(.backup, obstacle.reason)
                }
                return BackupResult(piece: try backUpAll(known), reason: obstacle.reason)
            }
        }
    }

    private func requireSameStore(_ known: BackupFolder) throws {
        for piece in known.pieces where piece.manifest.store != format.identity {
            throw GraphStoreError(
                .otherHistory,
                "'\(known.path)' is the backup of another database (\(piece.manifest.store)); this "
                    + "one is \(format.identity). Name another directory.")
        }
    }

    /// The newest piece must be of this database's past.
    private func requireSameHistory(_ last: BackupFolder.Piece, _ folder: String) throws {
        let end = last.manifest.end
        let isOurs = try read { transaction -> Bool in
            let view = transaction.view
            let counters = try view.counters()
            // What the log has forgotten cannot be compared, and becomes a whole copy.
            if end.position < counters.firstLoggedPosition, end.position < counters.position {
                return true
            }
            return try end.position == 0 || view.isHistory(end.position, end.token)
        }
        guard isOurs else {
            throw GraphStoreError(
                .otherHistory,
                "The backup at '\(folder)' ends with a transaction at position \(end.position) that "
                    + "this database does not have: it was restored to an earlier state, or lost "
                    + "its last commits. Back it up into another directory.")
        }
    }

    // MARK: A whole database

    private func backUpAll(_ known: BackupFolder) throws -> BackupPiece {
        // A copy follows the pages through the map, which only sound pages allow.
        let walk = try environment.walkPages()
        if let finding = walk.findings.first {
            throw GraphStoreError(
                .backup,
                "The database is damaged and cannot be copied: \(finding.place): "
                    + "\(finding.message). Run `cairn check`; `cairn salvage` gets out what can be "
                    + "read.")
        }
        return try publishing(in: known) { building in
            try environment.copy(to: building, compacting: true)
            return try Self.manifest(of: building, after: nil)
        }
    }

    /// What the store in a directory holds; it is opened for the purpose, and left as it was.
    private static func manifest(
        of building: String, after: BackupManifest.Place?
    ) throws -> BackupManifest {
        let walk = try DataFile.walk(building + "/data.mdb", path: building)
        if let finding = walk.findings.first {
            throw GraphStoreError(
                .backup,
                "The new piece of the backup was not written as it should be: \(finding.place): "
                    + "\(finding.message). Check the disk, and try again.")
        }
        var options = GraphDatabaseOptions()
        options.isReadOnly = true
        let (environment, tables, format) = try StoreOpening(path: building, options: options)
            .open()
        defer {
            environment.close()
            PublishedDirectory.keepOnly(["data.mdb"], in: building)
        }
        let file = try DataFile.checksum(building + "/data.mdb")
        return try environment.read { transaction in
            let view = GraphView(transaction.view, CatalogSnapshot(Catalog()), tables)
            let counters = try view.counters()
            return BackupManifest(
                store: format.identity, after: after,
                end: .init(position: counters.position, token: counters.lastToken),
                committed: counters.lastCommitTime, made: WallClock.microsecondsSinceEpoch(),
                nodes: Int(clamping: try view.count(.nodes)),
                edges: Int(clamping: try view.count(.edges)), bytes: file.bytes,
                checksum: file.checksum)
        }
    }

    /// Builds a piece aside and gives it its name.
    private func publishing(
        in known: BackupFolder, _ build: (_ building: String) throws -> BackupManifest
    ) throws -> BackupPiece {
        let building = try PublishedDirectory.makeBuildingPlace(for: known.path + "/piece")
        do {
            let manifest = try build(building)
            let name = BackupFolder.name(of: manifest)
            var file = try PublishedFile(in: building, mode: 0o644)
            try file.append(manifest.text.utf8.span.rawSpan)
            try file.publish(as: "manifest")
            // The same position twice is the same piece, unless the first was damaged meanwhile.
            if let same = try BackupFolder(known.path).soundPiece(name) {
                PublishedDirectory.remove(building)
                return BackupPiece(name, same)
            }
            PublishedDirectory.remove("\(known.path)/\(name)")
            try PublishedDirectory.publish(building, as: "\(known.path)/\(name)")
            return BackupPiece(name, manifest)
        } catch {
            PublishedDirectory.remove(building)
            throw error
        }
    }

    // MARK: The changes since a piece

    private func backUpChanges(
        since last: BackupFolder.Piece, _ known: BackupFolder
    ) throws -> BackupPiece {
        try publishing(in: known) { building in
            var options = GraphDatabaseOptions()
            options.durability = .relaxed
            let (environment, tables, _) = try StoreOpening(
                path: building, options: options, isBuilding: true
            ).open()
            do {
                let transaction = try self.environment.startRead(isScoped: true)
                let snapshot = try catalog(of: transaction)
                let source = ReadTransaction(transaction, snapshot, self.tables)
                try IncrementWriter(environment, tables).write(
                    source, after: last.manifest.end.position)
            } catch {
                environment.close()
                throw error
            }
            environment.close()
            return try Self.manifest(of: building, after: last.manifest.end)
        }
    }
}
