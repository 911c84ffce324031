internal import LMDB

/// Opens, or makes, the files of a database.
struct StoreOpening {
    /// The directory; nil for a temporary database.
    let path: String?
    let options: GraphDatabaseOptions
    /// Whether nobody can see the files yet, so that nothing needs to be synced.
    var isBuilding = false

    func open() throws -> (Environment, Tables, StoreFormat) {
        var storage = Environment.Options()
        storage.isReadOnly = options.isReadOnly
        storage.create = options.createsIfMissing && !options.isReadOnly
        storage.mapSizeBytes = options.initialMapSizeBytes ?? limitedMapSize
        storage.sync =
            isBuilding ? .none : options.durability == .relaxed ? .noMetaSync : .full
        let environment =
            if let path {
                try Environment.open(at: path, options: storage)
            } else {
                try Environment.temporary(options: storage)
            }
        do {
            let tables = try openTables(environment)
            let format = try format(environment, tables)
            if !options.isReadOnly, !isBuilding { try limitMap(of: environment, tables) }
            return (environment, tables, format)
        } catch {
            environment.close()
            throw error
        }
    }

    /// A map no larger than the file may become; nil leaves it to the storage layer.
    private var limitedMapSize: Int? {
        guard let limit = options.maximumSizeBytes, !options.isReadOnly else { return nil }
        let file = path.flatMap { DataFile.size("\($0)/data.mdb") } ?? 0
        return max(
            min(limit, 1 << 30),
            file < limit ? file : SizeLimit(bytes: limit).mapBytes(file: file))
    }

    /// Shrinks the map to what the store itself allows.
    private func limitMap(of environment: Environment, _ tables: Tables) throws {
        let stored = try environment.read { transaction in
            try GraphView(transaction.view, CatalogSnapshot(Catalog()), tables).sizeLimit()
        }
        guard let limit = SizeLimit(options.maximumSizeBytes, stored),
            environment.mapSizeBytes > limit.bytes
        else { return }
        try environment.shrink(toAtMost: limit.mapBytes(file: environment.usedBytes))
    }

    private func openTables(_ environment: Environment) throws -> Tables {
        let handles = try openHandles(environment)
        guard let tables = Tables(handles) else {
            throw GraphStoreError(.misuse, "A table of the store is missing in the program.")
        }
        return tables
    }

    private func openHandles(_ environment: Environment) throws -> [Table] {
        do {
            return try environment.tables(Tables.names, create: !options.isReadOnly)
        } catch {
            guard error.code == .notFound else { throw error }
            throw GraphStoreError(
                .notADatabase,
                "'\(environment.path)' holds an LMDB store that is not a Cairn database. Name "
                    + "another directory.", cause: error)
        }
    }

    /// Reads the head, or writes it into a store that has none yet.
    private func format(_ environment: Environment, _ tables: Tables) throws -> StoreFormat {
        if let format = try read(environment, tables) { return format }
        guard !options.isReadOnly else { throw notADatabase(environment) }
        let lock = try environment.acquireWriterLock(timeout: options.writerTimeout)
        let format = try readOrWrite(environment, tables)
        _ = consume lock
        return format
    }

    private func readOrWrite(_ environment: Environment, _ tables: Tables) throws -> StoreFormat {
        // Another process may have been first.
        if let format = try read(environment, tables) { return format }
        let format = StoreFormat()
        var transaction = try environment.beginWrite()
        var value = ByteWriter()
        format.encode(into: &value)
        try transaction.put(tables.meta, FixedKey(ascii: MetaKey.format).span, value.span)
        value.removeAll()
        Counters().encode(into: &value)
        try transaction.put(tables.meta, FixedKey(ascii: MetaKey.counters).span, value.span)
        try transaction.commit()
        return format
    }

    private func read(_ environment: Environment, _ tables: Tables) throws -> StoreFormat? {
        let (head, recordCount) = try environment.read { try Self.head(of: $0, tables) }
        guard let head else {
            // Records without a head belong to some other program.
            guard recordCount == 0 else { throw notADatabase(environment) }
            return nil
        }
        guard let format = StoreFormat(head.rawSpan) else {
            throw GraphStoreError.corrupted("the head of the database at '\(environment.path)'")
        }
        try format.check(isReadOnly: options.isReadOnly, path: environment.path)
        return format
    }

    private static func head(
        of transaction: borrowing LMDB.ReadTransaction, _ tables: Tables
    ) throws -> ([UInt8]?, Int) {
        let view = transaction.view
        let count = try view.statistics(tables.meta).entries
        let bytes = try view.get(tables.meta, FixedKey(ascii: MetaKey.format).span)
        return (bytes?.bytes(), count)
    }

    private func notADatabase(_ environment: Environment) -> GraphStoreError {
        GraphStoreError(
            .notADatabase,
            "'\(environment.path)' holds no Cairn database. Make one with `cairn init`, or name "
                + "another directory.")
    }
}
