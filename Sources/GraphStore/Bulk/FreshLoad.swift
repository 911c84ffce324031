internal import LMDB
internal import PropertyGraph

/// A bulk load into a directory that does not exist yet: written aside, in ascending order,
/// without syncing, then synced once and renamed.
final class FreshLoad: BulkSink {
    private let directory: String
    private let building: String
    private let environment: Environment
    private let options: BulkLoadOptions
    private var txn: WriteTransaction?
    private var writer: BulkWriter
    private let checkpoint: BulkCheckpoint
    private var isFinished = false
    private var labelSets: [[UInt32]] = []
    /// The label set of each node, for counting edges by label.
    private var setOfNode: [UInt16] = []
    /// Edges by label set, type and direction.
    private var edgeCounts: [EdgeCountKey: Int64] = [:]
    private var rowsSinceCommit = 0

    private struct EdgeCountKey: Hashable {
        let labelSet: UInt16
        let type: UInt32
        let isOut: Bool
    }

    /// Rows after which the transaction is committed, so that dirty pages do not gather.
    private static let rowsPerCommit = 200_000

    init(_ directory: String, _ options: BulkLoadOptions) throws {
        self.directory = directory
        self.options = options
        try PublishedDirectory.requireFree(directory)
        building = try PublishedDirectory.makeBuildingPlace(for: directory)
        var opening = GraphDatabaseOptions()
        opening.limits = options.limits
        do {
            let place = StoreOpening(path: building, options: opening, isBuilding: true)
            let (environment, tables, _) = try place.open()
            self.environment = environment
            writer = BulkWriter(
                isFresh: true, spill: try SpillFile(in: building),
                memoryBytes: options.sortMemoryBytes)
            checkpoint = BulkCheckpoint(isCancelled: options.isCancelled)
            let state = WriteState(counters: Counters(), catalog: Catalog())
            txn = try Self.begin(environment, state, tables, options.limits)
        } catch {
            PublishedDirectory.remove(building)
            throw error
        }
    }

    deinit {
        guard !isFinished else { return }
        txn = nil
        environment.close()
        PublishedDirectory.remove(building)
    }

    private static func begin(
        _ environment: Environment, _ state: WriteState, _ tables: Tables, _ limits: StoreLimits
    ) throws -> WriteTransaction {
        if environment.mapSizeBytes - environment.usedBytes
            < max(
                1 << 30, environment.mapSizeBytes / 2)
        {
            try environment.grow(toAtLeast: environment.mapSizeBytes * 2)
        }
        return WriteTransaction(try environment.beginWrite(), state, tables, limits)
    }

    /// Runs `body` with the transaction under way.
    private func withTransaction<R>(_ body: (inout WriteTransaction) throws -> R) throws -> R {
        guard var current = txn.take() else {
            throw GraphStoreError(
                .misuse, "An earlier step of this load failed. Start it again from the beginning.")
        }
        let result = try body(&current)
        txn = consume current
        return result
    }

    func declare(
        _ change: @escaping @Sendable (inout WriteTransaction) throws -> SchemaObject
    ) throws {
        guard writer.nodeCount == 0, writer.edgeCount == 0 else {
            throw GraphStoreError(
                .misuse, "Indexes and constraints are declared before the first node of a load.")
        }
        try withTransaction { _ = try change(&$0) }
    }

    func layout(_ labels: [Label], _ type: EdgeType?, _ keys: [PropertyKey]) throws -> RecordLayout
    {
        try withTransaction { txn in
            var layout = try txn.layout(labels, type, keys, labelSet: 0)
            guard type == nil else { return layout }
            let numbers = try txn.numbers(labels)
            if let known = labelSets.firstIndex(of: numbers) {
                layout.labelSet = known
            } else {
                guard labelSets.count < Int(UInt16.max) else {
                    throw GraphStoreError(
                        .limitExceeded, "A load has more than 65,535 different sets of labels.")
                }
                layout.labelSet = labelSets.count
                labelSets.append(numbers)
            }
            return layout
        }
    }

    func addNode(_ layout: RecordLayout, _ encoded: RawSpan) throws -> UInt64 {
        guard writer.edgeCount == 0 else {
            throw GraphStoreError(.misuse, "All nodes of a load come before its first edge.")
        }
        let id = writer.nodeCount + 1
        try step { try $1.putNode(id, layout, encoded, &$0) }
        setOfNode.append(UInt16(truncatingIfNeeded: layout.labelSet))
        return id
    }

    func addEdge(
        _ layout: RecordLayout, _ source: UInt64, _ target: UInt64, _ encoded: RawSpan
    ) throws -> UInt64 {
        for end in [source, target] where end == 0 || end > UInt64(setOfNode.count) {
            throw GraphStoreError.nodeNotFound(NodeID(end))
        }
        let id = writer.edgeCount + 1
        try step {
            try $1.putEdge(id, layout, source: source, target: target, encoded, &$0)
        }
        let from = setOfNode[Int(source) - 1]
        let to = setOfNode[Int(target) - 1]
        edgeCounts[EdgeCountKey(labelSet: from, type: layout.type, isOut: true), default: 0] += 1
        edgeCounts[EdgeCountKey(labelSet: to, type: layout.type, isOut: false), default: 0] += 1
        return id
    }

    private func step(_ body: (inout WriteTransaction, inout BulkWriter) throws -> Void) throws {
        try withTransaction {
            try body(&$0, &writer)
            try checkpoint.passed(&$0)
        }
        rowsSinceCommit += 1
        if rowsSinceCommit >= Self.rowsPerCommit { try commitAndContinue() }
    }

    private func commitAndContinue() throws {
        rowsSinceCommit = 0
        guard let current = txn.take() else { return }
        let state = current.state
        let tables = current.tables
        try current.commit()
        txn = try Self.begin(environment, state, tables, options.limits)
    }

    func finish() throws -> BulkLoadSummary {
        try commitAndContinue()
        try withTransaction { txn in
            try writer.finish(&txn, checkpoint: checkpoint)
            for (key, count) in edgeCounts {
                txn.state.count(.edges, key.isOut ? count : 0)
                txn.state.count(.type(key.type), key.isOut ? count : 0)
                for label in labelSets[Int(key.labelSet)] {
                    txn.state.count(.labelType(label, key.type, isOut: key.isOut), count)
                }
            }
            try txn.checkConstraints()
            txn.state.counters.nextNode = writer.nodeCount + 1
            txn.state.counters.nextEdge = writer.edgeCount + 1
            try txn.log { $0.bulkLoaded(nodes: writer.nodeCount, edges: writer.edgeCount) }
            try txn.finishPosition(
                time: WallClock.microsecondsSinceEpoch(), token: .random(in: .min ... .max))
            txn.state.counters.durablePosition = txn.state.counters.position
            try txn.storeCounts()
            try txn.storeCounters()
        }
        guard let current = txn.take() else { return BulkLoadSummary(nodes: 0, edges: 0) }
        try current.commit()
        try environment.sync(force: true)
        environment.close()
        isFinished = true
        do {
            try PublishedDirectory.publish(building, as: directory)
        } catch {
            PublishedDirectory.remove(building)
            throw error
        }
        return BulkLoadSummary(nodes: Int(writer.nodeCount), edges: Int(writer.edgeCount))
    }
}
