internal import LMDB

/// Runs groups of closures, each group in one LMDB transaction. Lives on the writer's thread.
struct GroupCommitter: Sendable {
    let environment: Environment
    let tables: Tables
    let mirror: CatalogMirror
    let options: GraphDatabaseOptions
    /// The file that was opened.
    private let dataFile: FileIdentity?
    /// The state after the last commit of this process, and the transaction that made it.
    private var known: (transaction: UInt64, state: WriteState)?
    /// How large the file may become, as of the last transaction begun, and the pages in use before
    /// the group.
    private var sizeLimit: SizeLimit?
    private var pagesBefore = 0
    /// Called before the first answer after a commit.
    var willAnswer: @Sendable () -> Void = {}
    /// Closures of the group under way that proved too long for it.
    private var postponed: [WriteRequest] = []
    /// How long the last commit took, in nanoseconds.
    private(set) var lastFlushNanoseconds: UInt64 = 0
    /// Set when a flush failed: nothing in memory can be trusted from then on.
    private var failure: GraphStoreError?

    init(
        _ environment: Environment, _ tables: Tables, _ mirror: CatalogMirror,
        _ options: GraphDatabaseOptions
    ) {
        self.environment = environment
        self.tables = tables
        self.mirror = mirror
        self.options = options
        dataFile = environment.dataFileIdentity()
        sizeLimit = SizeLimit(options.maximumSizeBytes, nil)
    }

    /// Runs closures and acknowledges them.
    ///
    /// - Returns: Those that took so long that the others were committed without them; each must be
    ///   run again, alone.
    mutating func run(_ group: [WriteRequest]) -> [WriteRequest] {
        var waiting = group[...]
        var isAlone = false
        postponed.removeAll()
        while let first = waiting.first {
            if let failure {
                for request in waiting + postponed { request.finish(failure) }
                return []
            }
            let count = first.isHeavy || isAlone ? 1 : waiting.prefix { !$0.isHeavy }.count
            let members = waiting.prefix(count)
            switch attempt(Array(members)) {
            case .finished(let done):
                waiting = waiting.dropFirst(done)
            case .runAlone:
                isAlone = true
            }
        }
        return postponed
    }

    private enum Outcome {
        /// So many of the first members are acknowledged, or postponed.
        case finished(Int)
        /// None is; each must be tried in a transaction of its own.
        case runAlone
    }

    private mutating func attempt(_ group: [WriteRequest]) -> Outcome {
        do {
            return try attemptLocked(group)
        } catch {
            let error = translated(error)
            for request in group { request.finish(error) }
            return .finished(group.count)
        }
    }

    private mutating func attemptLocked(_ group: [WriteRequest]) throws -> Outcome {
        // LMDB's own lock cannot be waited for with a limit, so ours comes first.
        let lock = try environment.acquireWriterLock(timeout: options.writerTimeout)
        let outcome = try commitGrowing(group)
        _ = consume lock
        return outcome
    }

    /// Runs a group; the map grows as often as it must.
    private mutating func commitGrowing(_ group: [WriteRequest]) throws -> Outcome {
        guard environment.isTemporary || environment.dataFileIdentity() == dataFile else {
            throw GraphStoreError(
                .closed,
                "The file of the database at '\(environment.path)' was replaced, by a compaction "
                    + "or a restore. Close the database and open it again.")
        }
        try growAhead()
        for _ in 0..<48 {
            switch try commitOnce(group) {
            case .finished(let count): return .finished(count)
            case .runAlone: return .runAlone
            case .grow:
                if group.count > 1 {
                    // Where it cannot, those that do not fit say so, and they alone.
                    try? grow()
                    return .runAlone
                }
                try grow()
            }
        }
        throw GraphStoreError(
            .storage, "The database grew 48 times and a write still found no room.")
    }

    private enum Step {
        case finished(Int)
        case runAlone
        case grow
    }

    /// One LMDB transaction: runs the members, undoes those that fail, commits the rest.
    ///
    /// The group closes when its time is over: members that have not begun wait for the next one,
    /// and one that is under way is undone and postponed.
    private mutating func commitOnce(_ group: [WriteRequest]) throws -> Step {
        var txn = try begin()
        let before = txn.state.counters.position
        let end = group.count > 1 ? options.groupTime.end() : nil
        // Nobody is told before the commit: when the map must grow, all of them run again.
        var verdicts: [Verdict] = []
        var late: [WriteRequest] = []
        for request in group {
            if !verdicts.isEmpty, let end, options.groupTime.isOver(end) { break }
            txn.state.beginClosure()
            // An id of a closure that failed is given out again.
            txn.newNode = nil
            txn.timeLimit = end.map { TimeLimit(end: $0, options.groupTime) }
            let saved = txn.state
            let isJournaled = !verdicts.isEmpty
            if isJournaled { txn.lmdb.beginSavepoint() }
            do {
                try runMember(request, &txn)
                if isJournaled { txn.lmdb.releaseSavepoint() }
                verdicts.append((request, nil))
            } catch {
                if let step = try step(after: txn.lmdb.failure, group.count) { return step }
                let isLate = txn.timeLimit?.isOver == true
                // Without a journal nothing precedes it: the transaction is simply dropped.
                guard isJournaled else {
                    if isLate {
                        postponed.append(request)
                    } else {
                        request.finish(translated(error))
                    }
                    return .finished(1)
                }
                do {
                    try txn.lmdb.rollBackToSavepoint()
                } catch {
                    // Undoing needs pages as well.
                    if let step = try step(after: error, group.count) { return step }
                }
                txn.state = saved
                if isLate {
                    late.append(request)
                    break
                }
                verdicts.append((request, translated(error)))
            }
        }
        let step = try commit(txn, verdicts, before)
        guard case .finished(let count) = step else { return step }
        postponed += late
        return .finished(count + late.count)
    }

    private func translated(_ error: any Error) -> any Error {
        (error as? LMDBError).map { GraphStoreError($0) } ?? error
    }

    /// A closure and why it failed, if it did.
    private typealias Verdict = (request: WriteRequest, error: (any Error)?)

    private func runMember(_ request: WriteRequest, _ txn: inout WriteTransaction) throws {
        try request.body(&txn)
        // The closure may have caught it, and yet the transaction is lost.
        if let failure = txn.lmdb.failure { throw failure }
        try txn.timeLimit?.check()
        try txn.checkConstraints()
        guard txn.state.isChanged else { return }
        try txn.finishPosition(
            time: WallClock.microsecondsSinceEpoch(), token: UInt64.random(in: .min ... .max))
    }

    private mutating func commit(
        _ txn: consuming WriteTransaction, _ verdicts: [Verdict], _ before: UInt64
    ) throws -> Step {
        let id = txn.lmdb.id
        if let sizeLimit {
            do {
                try sizeLimit.check(
                    pagesBefore: pagesBefore, txn, path: environment.path)
            } catch {
                guard verdicts.count == 1, let only = verdicts.first else { return .runAlone }
                only.request.finish(only.error ?? error)
                return .finished(1)
            }
        }
        if txn.state.counters.position != before || txn.state.mustStore {
            do {
                try finishGroup(&txn, before, verdicts.count)
            } catch let error as LMDBError {
                if let step = try step(after: txn.lmdb.failure, verdicts.count) { return step }
                throw error
            }
            var state = txn.state
            let began = MonotonicClock.nanoseconds()
            do {
                try txn.commit()
                lastFlushNanoseconds = MonotonicClock.nanoseconds() &- began
            } catch {
                if error.code == .mapFull { return .grow }
                stopWriting(after: error)
                throw failure ?? GraphStoreError(error)
            }
            state.settle()
            known = (id, state)
            mirror.offer(state.snapshot)
        }
        willAnswer()
        for verdict in verdicts { verdict.request.finish(verdict.error) }
        return .finished(verdicts.count)
    }

    /// What to do about a storage failure that made the transaction unusable; nil when it is none.
    private func step(after failure: LMDBError?, _ groupCount: Int) throws -> Step? {
        guard let failure else { return nil }
        if failure.code == .mapFull { return .grow }
        if groupCount > 1 { return .runAlone }
        throw failure
    }

    /// Stores what the members share: counts, counters, the catalog's version.
    private func finishGroup(
        _ txn: inout WriteTransaction, _ durableBefore: UInt64, _ members: Int
    ) throws {
        try txn.trimLog(keeping: options.changeLogRetention, atMost: 2 * members + 8)
        try txn.storeCounts()
        try txn.storeHistory(
            now: txn.state.counters.lastCommitTime, atMost: 64 * members + 256)
        if options.durability == .relaxed {
            txn.state.counters.durablePosition = durableBefore
        } else {
            txn.state.counters.durablePosition = txn.state.counters.position
        }
        try txn.storeCounters()
    }

    private mutating func begin() throws -> WriteTransaction {
        let txn = try beginUnmeasured()
        sizeLimit = SizeLimit(options.maximumSizeBytes, txn.state.sizeLimit)
        if sizeLimit != nil { pagesBefore = try txn.pagesInUse() }
        return txn
    }

    private func beginUnmeasured() throws -> WriteTransaction {
        let lmdb = try environment.beginWrite()
        if let known, known.transaction + 1 == lmdb.id {
            return WriteTransaction(lmdb, known.state, tables, options.limits)
        }
        // Another process wrote, or nothing was read yet.
        let snapshot = try mirror.snapshot(of: lmdb.view, tables)
        let view = GraphView(lmdb.view, snapshot, tables)
        let state = WriteState(
            counters: try view.counters(), catalog: snapshot.catalog,
            history: try view.historyState(), sizeLimit: try view.sizeLimit())
        return WriteTransaction(lmdb, state, tables, options.limits)
    }

    private mutating func stopWriting(after error: LMDBError) {
        known = nil
        failure = GraphStoreError(
            .writesStopped,
            "A commit could not be completed: \(error.message) Nothing written since is certain, "
                + "so this database object refuses further writes. Close it, free space or mend "
                + "the disk, open it again and run a check.", cause: error)
    }

    /// Grows before a group when little room is left, since the commit itself needs pages too.
    private func growAhead() throws {
        if let sizeLimit, environment.mapSizeBytes > sizeLimit.bytes {
            // A limit that came after the map was made; the file must not follow the map. Where that
            // cannot be now, what does not fit is refused all the same.
            try? environment.shrink(toAtMost: sizeLimit.mapBytes(file: environment.usedBytes))
        }
        let free = environment.mapSizeBytes - environment.usedBytes
        if free < max(options.growthHeadroomBytes, environment.mapSizeBytes / 16) {
            // Only a precaution: what does not fit says so itself.
            try? grow()
        }
    }

    private func grow() throws {
        let wanted = environment.mapSizeBytes * 2
        guard let sizeLimit else { return try environment.grow(toAtLeast: wanted) }
        guard environment.mapSizeBytes < sizeLimit.bytes else {
            throw sizeLimit.error(environment.path)
        }
        try environment.grow(toAtLeast: min(wanted, sizeLimit.bytes))
    }
}

extension WriteTransaction {
    /// Stores the changes of counts gathered so far.
    mutating func storeCounts() throws {
        for (statistic, change) in state.counts where change != 0 {
            let key = statistic.key
            let old = try storedNumber(tables.stat, key)
            let new = Int64(clamping: old) &+ change
            guard new >= 0 else { throw GraphStoreError.corrupted("the count of \(statistic)") }
            if new == 0 {
                _ = try lmdb.delete(tables.stat, key.span)
            } else {
                scratch.removeAll()
                scratch.appendLE64(UInt64(new))
                try putScratch(tables.stat, key.span)
            }
        }
        state.counts.removeAll(keepingCapacity: true)
    }

    /// A number of 8 bytes; 0 where there is none.
    private func storedNumber(_ table: Table, _ key: FixedKey) throws -> UInt64 {
        guard let value = try lmdb.view.get(table, key.span) else { return 0 }
        guard value.byteCount == 8 else {
            throw GraphStoreError.corrupted("a number in table \(table.name)")
        }
        return value.loadLE64(at: 0)
    }

    mutating func storeCounters() throws {
        scratch.removeAll()
        state.counters.encode(into: &scratch)
        try putScratch(tables.meta, FixedKey(ascii: MetaKey.counters).span)
        let versionKey = FixedKey(ascii: MetaKey.catalogVersion)
        let stored = try storedNumber(tables.meta, versionKey)
        guard stored != state.catalog.version else { return }
        scratch.removeAll()
        scratch.appendLE64(state.catalog.version)
        try putScratch(tables.meta, versionKey.span)
    }
}
