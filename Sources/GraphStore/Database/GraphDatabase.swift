internal import Dispatch
internal import LMDB
internal import PropertyGraph

/// An open graph database: one directory, one writer, any number of readers.
///
/// ```swift
/// let db = try GraphDatabase(path: "people.cairn")
/// let ada = try db.write { try $0.createNode(labels: ["Person"], properties: ["name": "Ada"]) }
/// let name = try db.read { try $0.property("name", of: ada) }
/// ```
///
/// It may be shared among threads and tasks. Several processes may open the same directory; within
/// one process a second open is refused, so share the object.
public final class GraphDatabase: Sendable {
    /// The directory the database lies in; empty for a temporary one.
    public let path: String
    /// How it was opened.
    public let options: GraphDatabaseOptions
    /// Which format the files have.
    public let format: StoreFormat

    let environment: Environment
    let tables: Tables
    let mirror: CatalogMirror
    /// What modules above keep for as long as it is open.
    @usableFromInline let companions = Companions()
    private let writer: Writer?
    /// Builds indexes between writes; nil when only reading.
    let indexing: BackgroundIndexing?
    private let readers = DispatchQueue(label: "cairn.readers", attributes: .concurrent)

    /// Opens a database, making it when the directory holds none.
    ///
    /// - Throws: `.notADatabase`, `.formatTooNew`, `.alreadyOpen`, `.storage`.
    public convenience init(path: String, options: GraphDatabaseOptions = .init()) throws {
        try self.init(StoreOpening(path: path, options: options))
    }

    /// Makes an empty database that lives as long as the object: files in a private temporary
    /// directory, unlinked at once, never synced.
    public static func temporary(options: GraphDatabaseOptions = .init()) throws -> GraphDatabase {
        try GraphDatabase(StoreOpening(path: nil, options: options))
    }

    private init(_ opening: StoreOpening) throws {
        (environment, tables, format) = try translatingErrors { try opening.open() }
        path = opening.path ?? ""
        options = opening.options
        mirror = CatalogMirror()
        writer =
            options.isReadOnly
            ? nil
            : Writer(
                GroupCommitter(environment, tables, mirror, options), options.durability)
        let (environment, sliceCount) = (environment, options.indexSliceCount)
        indexing = writer.map {
            BackgroundIndexing($0, environment, sliceCount: sliceCount)
        }
        if options.buildsIndexes, let indexing { goOnBuilding(indexing) }
    }

    deinit { close() }

    /// Finishes writes that wait, waits for readers, and closes the files.
    ///
    /// A second call does nothing; later reads and writes throw `.closed`.
    public func close() {
        writer?.close()
        environment.close()
    }

    // MARK: Reading

    /// Runs `body` on a snapshot, on the calling thread.
    ///
    /// The snapshot is that of the newest commit; beginning one takes about a microsecond and
    /// never waits for a writer. Do not write from inside, and keep it short.
    ///
    /// - Throws: What `body` throws; `GraphStoreError`.
    public func read<R>(_ body: (borrowing ReadTransaction) throws -> R) throws -> R {
        if let slow = options.slowTransactions { return try slow.timing { try readUntimed(body) } }
        return try readUntimed(body)
    }

    @inline(__always)
    private func readUntimed<R>(_ body: (borrowing ReadTransaction) throws -> R) throws -> R {
        do {
            let transaction = try beginRead()
            return try body(transaction)
        } catch let error as LMDBError {
            throw GraphStoreError(error)
        }
    }

    private func beginRead() throws -> ReadTransaction {
        let transaction = try environment.startRead(isScoped: true)
        let snapshot = try catalog(of: transaction)
        return ReadTransaction(transaction, snapshot, tables)
    }

    func catalog(of transaction: borrowing LMDB.ReadTransaction) throws -> CatalogSnapshot {
        try mirror.snapshot(ofCommitted: transaction.view, tables)
    }

    /// Runs `body` on a snapshot, on a thread for blocking work.
    ///
    /// - Throws: What `body` throws; `GraphStoreError`.
    public func read<R: Sendable>(
        _ body: @escaping @Sendable (borrowing ReadTransaction) throws -> R
    ) async throws -> R {
        // Handed over behind a lock, which ThreadSanitizer sees: it misses what a continuation carries
        // when that is resumed before the task waits.
        let slot = ResultSlot<R>()
        try await withCheckedThrowingContinuation {
            (continuation: CheckedContinuation<Void, any Error>) in
            readers.async {
                continuation.resume(with: Result { slot.store(try self.readNow(body)) })
            }
        }
        return try slot.take()
    }

    private func readNow<R>(_ body: (borrowing ReadTransaction) throws -> R) throws -> R {
        try read(body)
    }

    // MARK: Writing

    /// Runs `body` in a transaction and returns when it is committed as the durability says.
    ///
    /// Closures run one after another; those that wait share one flush. One that throws leaves
    /// nothing behind. A closure may run more than once (when the map must grow, or when it proves
    /// too long to share a commit), on the calling thread or the writer's, so it must have no effect
    /// outside the database, and it must not call `write` itself.
    ///
    /// - Throws: What `body` throws; `.uniqueViolation` when a constraint is broken at its end;
    ///   `.writerTimeout` when another process writes for too long; `GraphStoreError`.
    public func write<R: Sendable>(
        _ body: @escaping @Sendable (inout WriteTransaction) throws -> R
    ) throws -> R {
        try writeNow(body, isHeavy: false)
    }

    /// As the synchronous `write`, suspending instead of blocking.
    public func write<R: Sendable>(
        _ body: @escaping @Sendable (inout WriteTransaction) throws -> R
    ) async throws -> R {
        try await writeSuspending(body)
    }

    /// Runs a large change alone, outside any group: it keeps no undo journal in memory.
    ///
    /// - Throws: As `write`.
    public func writeAlone<R: Sendable>(
        _ body: @escaping @Sendable (inout WriteTransaction) throws -> R
    ) throws -> R {
        try writeNow(body, isHeavy: true)
    }

    private func writeSuspending<R: Sendable>(
        _ body: @escaping @Sendable (inout WriteTransaction) throws -> R
    ) async throws -> R {
        let slot = ResultSlot<R>()
        try await withCheckedThrowingContinuation {
            (continuation: CheckedContinuation<Void, any Error>) in
            do {
                try submit(body, isHeavy: false, slot) { error in
                    if let error {
                        continuation.resume(throwing: error)
                    } else {
                        continuation.resume()
                    }
                }
            } catch {
                continuation.resume(throwing: error)
            }
        }
        return try slot.take()
    }

    private func writeNow<R: Sendable>(
        _ body: @escaping @Sendable (inout WriteTransaction) throws -> R, isHeavy: Bool
    ) throws -> R {
        let slot = ResultSlot<R>()
        try writerForClosure().perform(
            WriteRequest(
                body: { slot.store(try body(&$0)) }, isHeavy: isHeavy,
                finish: { slot.finish($0) }
            ).timed(by: options.slowTransactions))
        return try slot.wait()
    }

    /// Hands a closure to the writer without waiting for it; `finish` is called on its thread.
    func submit<R: Sendable>(
        _ body: @escaping @Sendable (inout WriteTransaction) throws -> R, isHeavy: Bool,
        _ slot: ResultSlot<R>, _ finish: @escaping @Sendable ((any Error)?) -> Void
    ) throws {
        try writerForClosure().submit(
            WriteRequest(body: { slot.store(try body(&$0)) }, isHeavy: isHeavy, finish: finish)
                .timed(by: options.slowTransactions))
    }

    private func writerForClosure() throws -> Writer {
        guard let writer else {
            throw GraphStoreError(
                .readOnly,
                "The database at '\(path)' was opened for reading only. Open it without "
                    + "`isReadOnly` to write.")
        }
        precondition(
            !writer.isCurrentThread,
            "A write was started inside the closure of another write, which would wait for itself. "
                + "Use the transaction at hand.")
        return writer
    }
}
