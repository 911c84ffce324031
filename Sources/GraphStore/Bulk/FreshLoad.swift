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
    private var edgeCounts = LoadedEdgeCounts()
    private var rowsSinceCommit = 0

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
            writer = try BulkWriter(
                isFresh: true, spillingTo: building,
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

    func declare(_ object: SchemaObject) throws {
        try withTransaction { txn in
            let before = txn.state.catalog.entries.count
            try txn.declare([object])
            guard let entry = txn.state.catalog.entries.last,
                txn.state.catalog.entries.count > before
            else { return }
            // Nothing is there that could break it, and each row is held to it as it passes.
            txn.state.unproven.removeAll()
            // The keys of rows are taken as they pass; those that passed would be missing.
            guard !writer.hasMembers(entry.entity, entry.symbol) else {
                throw GraphStoreError(
                    .misuse,
                    "Indexes and constraints of '\(object.labelOrType)' are declared before its "
                        + "first row of a load.")
            }
        }
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
        // Not inside a step: most edges only join what waits in memory.
        let isPlain =
            try rowsSinceCommit < Self.rowsPerCommit
            && writer.takePlainEdge(
                id, type: layout.type, source: source, target: target, encoded)
        if isPlain {
            rowsSinceCommit += 1
            try checkpoint.passed()
        } else {
            try step {
                try $1.putEdge(id, layout, source: source, target: target, encoded, &$0)
            }
        }
        edgeCounts.add(
            layout.type, from: setOfNode[Int(source) - 1], to: setOfNode[Int(target) - 1])
        return id
    }

    private func step(_ body: (inout WriteTransaction, inout BulkWriter) throws -> Void) throws {
        try withTransaction {
            try body(&$0, &writer)
            try checkpoint.passed()
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
            edgeCounts.forEach { type, labelSet, isOut, count in
                txn.state.count(.edges, isOut ? count : 0)
                txn.state.count(.type(type), isOut ? count : 0)
                for label in labelSets[labelSet] {
                    txn.state.count(.labelType(label, type, isOut: isOut), count)
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

/// How many edges of a load there are, by type and by the label sets of their ends.
private struct LoadedEdgeCounts {
    /// By type and direction (two places a type, leaving first), then by label set.
    private var counts: [[Int64]] = []

    mutating func add(_ type: UInt32, from source: UInt16, to target: UInt16) {
        add(place: Int(type) * 2, Int(source))
        add(place: Int(type) * 2 + 1, Int(target))
    }

    private mutating func add(place: Int, _ labelSet: Int) {
        while counts.count <= place { counts.append([]) }
        while counts[place].count <= labelSet { counts[place].append(0) }
        counts[place][labelSet] += 1
    }

    /// Calls `body` with type, label set, whether the edges leave, and how many they are.
    func forEach(_ body: (UInt32, Int, Bool, Int64) -> Void) {
        for (place, counts) in counts.enumerated() {
            for (labelSet, count) in counts.enumerated() where count > 0 {
                body(UInt32(truncatingIfNeeded: place / 2), labelSet, place & 1 == 0, count)
            }
        }
    }
}
