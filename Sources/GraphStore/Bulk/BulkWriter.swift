internal import LMDB
internal import PropertyGraph

/// Writes rows of a bulk load into a transaction: records and locators at once, in order of their
/// ids; containers when they are full; runs and index entries at the end, sorted.
struct BulkWriter {
    /// In a store of its own every table is written in ascending order, so keys are appended.
    let isFresh: Bool
    /// Containers under way: members of labels and types, at `MemberChunk.place`.
    private var members: [MemberChunk] = []
    /// Indexes and constraints, at `MemberChunk.place` of their label or type.
    private var indexes: [[SchemaEntry]] = []
    private var indexesVersion: UInt64 = .max
    var locators: [EdgeLocator?] = []
    var locatorChunk: UInt64 = 0
    var edges: EdgeSorter
    var keys: KeySorter
    var nodeCount: UInt64 = 0
    var edgeCount: UInt64 = 0

    private struct MemberChunk {
        var chunk: UInt64 = 0
        var lows: [UInt16] = []

        /// Labels and types have numbers of their own: they take turns.
        static func place(_ entity: EntityKind, _ symbol: UInt32) -> Int {
            Int(symbol) * 2 + (entity == .edge ? 1 : 0)
        }

        static func owner(of place: Int) -> (EntityKind, UInt32) {
            (place & 1 == 1 ? .edge : .node, UInt32(truncatingIfNeeded: place >> 1))
        }
    }

    /// - Parameters:
    ///   - directory: Where files are made for what does not fit into the memory.
    ///   - memoryBytes: For sorting.
    init(isFresh: Bool, spillingTo directory: String, memoryBytes: Int) throws {
        self.isFresh = isFresh
        edges = try EdgeSorter(
            limit: max(1_000, memoryBytes / 3 * 2 / EdgeSorter.bytesPerRow),
            spillingTo: directory)
        keys = KeySorter(
            limit: max(1 << 16, memoryBytes / 6), spill: try SpillFile(in: directory))
    }

    // MARK: Nodes

    mutating func putNode(
        _ id: UInt64, _ layout: RecordLayout, _ bytes: RawSpan, _ txn: inout WriteTransaction
    ) throws {
        guard var row = EncodedRow(bytes), !row.record.isEmpty else { throw Self.badRow(id) }
        let key = FixedKey(be64: id)
        if isFresh {
            try txn.lmdb.append(txn.tables.node, key.span, row.record)
        } else {
            try txn.lmdb.put(txn.tables.node, key.span, row.record)
        }
        try putBlobs(&row, .node, id, &txn)
        for label in layout.labels {
            try addMember(.node, label, id, &txn)
            txn.state.count(.label(label), 1)
            try addKeys(.node, id, label, row.record, .absent, &txn)
        }
        txn.state.count(.nodes, 1)
        nodeCount += 1
    }

    private func putBlobs(
        _ row: inout EncodedRow, _ entity: EntityKind, _ id: UInt64, _ txn: inout WriteTransaction
    ) throws {
        for _ in 0..<row.blobCount {
            guard let (key, bytes) = row.nextBlob() else { throw Self.badRow(id) }
            let blobKey = FixedKey.blob(entity, id, key)
            try txn.lmdb.put(txn.tables.blob, blobKey.span, bytes.rawSpan)
        }
    }

    static func badRow(_ id: UInt64) -> GraphStoreError {
        GraphStoreError(.misuse, "Row \(id) was not encoded by a layout of this loader.")
    }

    // MARK: Edges

    /// Takes an edge that touches no table now: without a record, not the first of a chunk of
    /// locators or of a container, of a type without indexes. False when it is not such an edge.
    mutating func takePlainEdge(
        _ id: UInt64, type: UInt32, source: UInt64, target: UInt64, _ bytes: RawSpan
    ) throws -> Bool {
        let place = MemberChunk.place(.edge, type)
        guard id & (1 << EdgeChunk.bits - 1) != 0, !locators.isEmpty,
            locatorChunk == id >> UInt64(EdgeChunk.bits), place < members.count,
            members[place].chunk == id >> UInt64(IDContainer.bits),
            !members[place].lows.isEmpty, place >= indexes.count || indexes[place].isEmpty,
            let row = EncodedRow(bytes), row.record.isEmpty, row.blobCount == 0
        else { return false }
        locators[Int(id & (1 << EdgeChunk.bits - 1))] = EdgeLocator(
            source: source, target: target, type: type, hasRecord: false)
        members[place].lows.append(
            UInt16(truncatingIfNeeded: id & (1 << IDContainer.bits - 1)))
        try edges.add(id, type: type, source: source, target: target, inline: row.inline)
        edgeCount += 1
        return true
    }

    mutating func putEdge(
        _ id: UInt64, _ layout: RecordLayout, source: UInt64, target: UInt64, _ bytes: RawSpan,
        _ txn: inout WriteTransaction
    ) throws {
        guard var row = EncodedRow(bytes) else { throw Self.badRow(id) }
        let hasRecord = !row.record.isEmpty
        if hasRecord {
            let key = FixedKey(be64: id)
            if isFresh {
                try txn.lmdb.append(txn.tables.edgeRecord, key.span, row.record)
            } else {
                try txn.lmdb.put(txn.tables.edgeRecord, key.span, row.record)
            }
        }
        try putBlobs(&row, .edge, id, &txn)
        let locator = EdgeLocator(
            source: source, target: target, type: layout.type, hasRecord: hasRecord)
        try addLocator(locator, id, &txn)
        try addMember(.edge, layout.type, id, &txn)
        try edges.add(
            id, type: layout.type, source: source, target: target, inline: row.inline)
        try addKeys(.edge, id, layout.type, row.record, row.inline, &txn)
        edgeCount += 1
    }

    private mutating func addLocator(
        _ locator: EdgeLocator, _ id: UInt64, _ txn: inout WriteTransaction
    ) throws {
        let chunk = id >> UInt64(EdgeChunk.bits)
        if chunk != locatorChunk || locators.isEmpty {
            try flushLocators(&txn)
            locatorChunk = chunk
            locators.append(contentsOf: repeatElement(nil, count: 1 << EdgeChunk.bits))
        }
        locators[Int(id & (1 << EdgeChunk.bits - 1))] = locator
    }

    mutating func flushLocators(_ txn: inout WriteTransaction) throws {
        guard !locators.isEmpty else { return }
        let key = FixedKey(be64: locatorChunk)
        // An existing database may hold the beginning of this chunk.
        if !isFresh, let old = try txn.edgeChunk(locatorChunk) {
            for (slot, locator) in old.enumerated() where locators[slot] == nil {
                locators[slot] = locator
            }
        }
        txn.scratch.removeAll()
        EdgeChunk.encode(locators, into: &txn.scratch)
        if isFresh {
            try txn.appendScratch(txn.tables.edge, key.span)
        } else {
            try txn.putScratch(txn.tables.edge, key.span)
        }
        locators.removeAll(keepingCapacity: true)
    }

    // MARK: Containers and keys

    private mutating func addMember(
        _ entity: EntityKind, _ symbol: UInt32, _ id: UInt64, _ txn: inout WriteTransaction
    ) throws {
        let place = MemberChunk.place(entity, symbol)
        while members.count <= place { members.append(MemberChunk()) }
        let chunk = id >> UInt64(IDContainer.bits)
        if members[place].chunk != chunk {
            try flushMembers(place, &txn)
            members[place].chunk = chunk
        }
        members[place].lows.append(
            UInt16(truncatingIfNeeded: id & (1 << IDContainer.bits - 1)))
    }

    /// Whether rows with a label or of a type were added.
    func hasMembers(_ entity: EntityKind, _ symbol: UInt32) -> Bool {
        let place = MemberChunk.place(entity, symbol)
        return place < members.count && !members[place].lows.isEmpty
    }

    private mutating func flushMembers(_ place: Int, _ txn: inout WriteTransaction) throws {
        guard !members[place].lows.isEmpty else { return }
        let id = members[place].chunk << UInt64(IDContainer.bits)
        let (entity, symbol) = MemberChunk.owner(of: place)
        let tableKey = FixedKey.member(entity, symbol, id)
        try txn.union(members[place].lows, table: txn.tables.member, key: tableKey.span)
        members[place].lows.removeAll(keepingCapacity: true)
    }

    /// The indexes and constraints over a label or type.
    private mutating func indexes(
        _ entity: EntityKind, _ symbol: UInt32, _ catalog: borrowing Catalog
    ) -> [SchemaEntry] {
        if catalog.version != indexesVersion {
            indexesVersion = catalog.version
            indexes.removeAll(keepingCapacity: true)
            for entry in catalog.entries where entry.kind != .inlineProperty {
                let place = MemberChunk.place(entry.entity, entry.symbol)
                while indexes.count <= place { indexes.append([]) }
                indexes[place].append(entry)
            }
        }
        let place = MemberChunk.place(entity, symbol)
        return place < indexes.count ? indexes[place] : []
    }

    /// Hands the keys of a row to the indexes over one of its labels, or over its type, and holds
    /// it to their constraints.
    private mutating func addKeys(
        _ entity: EntityKind, _ id: UInt64, _ symbol: UInt32, _ record: RawSpan,
        _ inline: InlineValue, _ txn: inout WriteTransaction
    ) throws {
        for entry in indexes(entity, symbol, txn.state.catalog) where entry.covers(id) {
            if entry.kind.isConstraint, entry.kind != .unique {
                try prove(entry, id, symbol, record, inline, txn)
            }
            guard entry.kind.isOrdered else { continue }
            keys.list.begin(index: entry.number)
            if try appendKey(entry, id, symbol, record, inline, txn) {
                try keys.end(id: id)
            } else {
                keys.list.cancel()
            }
        }
    }

    /// Appends the key of a row, however long; false where it has not all the properties.
    private mutating func appendKey(
        _ entry: SchemaEntry, _ id: UInt64, _ symbol: UInt32, _ record: RawSpan,
        _ inline: InlineValue, _ txn: borrowing WriteTransaction
    ) throws -> Bool {
        if entry.entity == .node {
            return try txn.view.appendKey(entry, of: record, .node, id, to: &keys.list.bytes)
        }
        for property in entry.properties {
            guard let value = try txn.value(property, record, inline, symbol, .edge, id)
            else { return false }
            OrderedKey.append(value, to: &keys.list.bytes)
        }
        return true
    }

    /// Holds a row to an existence, type or key constraint; it is as it will stay.
    private func prove(
        _ entry: SchemaEntry, _ id: UInt64, _ symbol: UInt32, _ record: RawSpan,
        _ inline: InlineValue, _ txn: borrowing WriteTransaction
    ) throws {
        var properties: NumberedProperties = []
        for property in entry.properties {
            if let value = try txn.value(property, record, inline, symbol, entry.entity, id) {
                properties.append((property, value))
            }
        }
        guard entry.isBroken(by: properties) else { return }
        // By its place: the id will never have been given.
        let who =
            entry.entity == .node
            ? "node \(nodeCount + 1) of the load" : "edge \(edgeCount + 1) of the load"
        let isDeclared = isFresh || txn.state.unproven.contains(entry.number)
        throw try txn.view.violation(
            of: entry, who, 1, properties.first?.value, [],
            isDeclared ? ", or load without the constraint." : ", or drop the constraint.")
    }

    // MARK: The end

    /// Writes everything that waited for its order.
    mutating func finish(_ txn: inout WriteTransaction, checkpoint: BulkCheckpoint) throws {
        try flushLocators(&txn)
        for place in members.indices { try flushMembers(place, &txn) }
        members = []
        try checkpoint.passed()
        try writeKeys(&txn, checkpoint)
        try writeRuns(isOut: true, &txn, checkpoint)
        try writeRuns(isOut: false, &txn, checkpoint)
    }

    private mutating func writeKeys(
        _ txn: inout WriteTransaction, _ checkpoint: BulkCheckpoint
    ) throws {
        var builder = IndexBuilder(isAppending: isFresh)
        try keys.drain { key, id in
            try builder.add(key, id, &txn)
            try checkpoint.passed()
        }
        try builder.finish(&txn)
    }

    private mutating func writeRuns(
        isOut: Bool, _ txn: inout WriteTransaction, _ checkpoint: BulkCheckpoint
    ) throws {
        let table = isOut ? txn.tables.out : txn.tables.in
        var builder = RunBuilder(table: table, isFresh: isFresh)
        try edges.drain(isOut: isOut) { row in
            try builder.add(row, &txn)
            try checkpoint.passed()
        }
        try builder.finish(&txn)
    }
}

extension WriteTransaction {
    func edgeChunk(_ chunk: UInt64) throws -> [EdgeLocator?]? {
        let view = view
        guard let old = try view.bytes.get(tables.edge, FixedKey(be64: chunk).span) else {
            return nil
        }
        guard let slots = EdgeChunk.decode(old) else {
            throw GraphStoreError.corrupted("edge chunk \(chunk)")
        }
        return slots
    }

    /// Adds ascending low ids to the container at a key.
    mutating func union(_ lows: [UInt16], table: Table, key: RawSpan) throws {
        var all = lows
        do {
            let view = view
            if let old = try view.bytes.get(table, key) {
                var present: [UInt16] = []
                guard IDContainer.decode(old, into: &present) else {
                    throw GraphStoreError.corrupted("a container of table \(table.name)")
                }
                all = Set(present).union(lows).sorted()
            }
        }
        scratch.removeAll()
        IDContainer.encode(all, into: &scratch)
        try putScratch(table, key)
    }

    /// One property of a row that is being loaded.
    func value(
        _ property: UInt32, _ record: RawSpan, _ inline: InlineValue, _ symbol: UInt32,
        _ entity: EntityKind, _ id: UInt64
    ) throws -> PropertyValue? {
        if entity == .edge, state.catalog.inlineProperties[symbol] == property {
            switch inline {
            case .integer(let value): return .integer(value)
            case .double(let value): return .double(value)
            case .absent: return nil
            case .elsewhere: break
            }
        }
        guard !record.isEmpty else { return nil }
        return try view.property(property, in: record, entity, id)
    }
}
