internal import Dispatch
internal import LMDB

/// Drives the slices of indexes that are built in slices: as soon as one is committed it queues
/// the next behind whatever waits for the writer by then, and lets other processes write that wait
/// for their turn. It needs no thread of its own.
final class BackgroundIndexing: Sendable {
    private struct Progress {
        var isRunning = false
        /// Whether something was begun since the last slice looked.
        var isWanted = false
        var slices = 0
        /// What the last slice worked at; nil when it found nothing to do.
        var attempted: UInt32?
        var error: (any Error)?
    }

    /// Longer than another process that waits for the writer lock pauses between two tries.
    private static let pauseForOthers = DispatchTimeInterval.milliseconds(60)

    private let writer: Writer
    private let environment: Environment
    private let sliceCount: Int
    private let progress = Monitor(Progress())

    init(_ writer: Writer, _ environment: Environment, sliceCount: Int) {
        self.writer = writer
        self.environment = environment
        self.sliceCount = max(1, sliceCount)
    }

    /// Goes to work, unless it is at it.
    func start() {
        let begins = progress.update { state in
            state.isWanted = true
            defer { state.isRunning = true }
            if !state.isRunning { state.error = nil }
            return !state.isRunning
        }
        if begins { submitSlice() }
    }

    /// Waits until nothing is left to do.
    ///
    /// - Parameter each: Called after slices; an error it throws ends the waiting, not the work.
    /// - Throws: What stopped the work, such as `.writerTimeout`.
    func wait(_ each: () throws -> Void) throws {
        start()
        var seen = -1
        while true {
            let now = progress.wait { $0.slices != seen || !$0.isRunning ? $0 : nil }
            seen = now.slices
            try each()
            if now.isRunning { continue }
            if let error = now.error { throw error }
            return
        }
    }

    private func submitSlice() {
        let (progress, count) = (progress, sliceCount)
        progress.update { $0.isWanted = false }
        writer.submit(
            WriteRequest(
                body: { txn in
                    let attempted = try txn.buildSlice(atMost: count)
                    progress.update { $0.attempted = attempted }
                }, isHeavy: false, finish: { self.finished($0) }))
    }

    private func finished(_ error: (any Error)?) {
        if let error = error as? GraphStoreError,
            error.code == .uniqueViolation || error.code == .existenceViolation,
            let number = progress.withLock({ $0.attempted })
        {
            return writer.submit(
                WriteRequest(
                    body: { try $0.failBuilding(number, error.message) }, isHeavy: false,
                    finish: { self.goOn($0) }))
        }
        goOn(error)
    }

    private func goOn(_ error: (any Error)?) {
        let isDone = progress.update { state in
            state.slices += 1
            state.isRunning = error == nil && (state.attempted != nil || state.isWanted)
            state.error = error
            return !state.isRunning
        }
        if isDone { return }
        guard environment.isWriterAwaited else { return submitSlice() }
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.pauseForOthers) {
            self.submitSlice()
        }
    }
}

extension GraphDatabase {
    /// Builds what an earlier process left, and from now on what a write of this one begins.
    func goOnBuilding(_ indexing: BackgroundIndexing) {
        // Weak: the mirror is reached from the writer as well.
        mirror.callWhenBuilding { [weak indexing] in indexing?.start() }
        // What is wrong with the catalog, reads will say.
        if (try? read({ $0.view.catalog.hasUnfinished })) == true { indexing.start() }
    }

    /// Waits until every index that is built in slices is online, or has failed.
    ///
    /// Writes go on meanwhile, and may wait for a slice of some milliseconds. Nothing is lost when
    /// the process ends before: the next one that opens the database for writing goes on.
    ///
    /// - Parameter progress: Called after each slice with the objects not online yet, by name; an
    ///   error it throws ends the waiting, not the building.
    /// - Throws: `.readOnly`; what stopped the building, such as `.writerTimeout`.
    public func waitForIndexes(
        progress: ([SchemaObject]) throws -> Void = { _ in }
    ) throws {
        guard let indexing else {
            throw GraphStoreError(
                .readOnly,
                "The database at '\(path)' was opened for reading only. Open it without "
                    + "`isReadOnly` to build its indexes.")
        }
        try indexing.wait {
            try progress(try read { try $0.schemaObjects().filter { $0.state != .online } })
        }
    }
}
