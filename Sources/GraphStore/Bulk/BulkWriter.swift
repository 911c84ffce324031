internal import LMDB
internal import PropertyGraph

/// Writes rows of a bulk load into a transaction: records and locators at once, in order of their
/// ids; containers when they are full; runs and index entries at the end, sorted.
struct BulkWriter {
    /// In a store of its own every table is written in ascending order, so keys are appended.
    let isFresh: Bool
    /// Containers under way: members of a label or type, by (entity, symbol).
    var members: [MemberKey: MemberChunk] = [:]
    var locators: [EdgeLocator?] = []
    var locatorChunk: UInt64 = 0
    var out: AdjacencySorter
    var incoming: AdjacencySorter
    var keys: KeySorter
    var nodeCount: UInt64 = 0
    var edgeCount: UInt64 = 0

    struct MemberKey: Hashable {
        let entity: EntityKind
        let symbol: UInt32
    }

    struct MemberChunk {
        var chunk: UInt64
        var lows: [UInt16]
    }

    init(isFresh: Bool, spill: SpillFile, memoryBytes: Int) {
        self.isFresh = isFresh
        let rows = max(1_000, memoryBytes / 3 / 56)
        out = AdjacencySorter(limit: rows, spill: spill)
        incoming = AdjacencySorter(limit: rows, spill: spill)
        keys = KeySorter(limit: max(1 << 16, memoryBytes / 6), spill: spill)
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
        }
        txn.state.count(.nodes, 1)
        try addKeys(.node, id, layout.labels, row.record, .absent, &txn)
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
        try out.add(
            AdjacencyRow(
                node: source, type: layout.type, neighbor: target, edge: id, inline: row.inline))
        try incoming.add(
            AdjacencyRow(
                node: target, type: layout.type, neighbor: source, edge: id, inline: .absent))
        try addKeys(.edge, id, [layout.type], row.record, row.inline, &txn)
        edgeCount += 1
    }

    private mutating func addLocator(
        _ locator: EdgeLocator, _ id: UInt64, _ txn: inout WriteTransaction
    ) throws {
        let chunk = id >> UInt64(EdgeChunk.bits)
        if chunk != locatorChunk || locators.isEmpty {
            try flushLocators(&txn)
            locatorChunk = chunk
            locators = Array(repeating: nil, count: 1 << EdgeChunk.bits)
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
        try txn.putScratch(txn.tables.edge, key.span)
        locators = []
    }

    // MARK: Containers and keys

    private mutating func addMember(
        _ entity: EntityKind, _ symbol: UInt32, _ id: UInt64, _ txn: inout WriteTransaction
    ) throws {
        let key = MemberKey(entity: entity, symbol: symbol)
        let chunk = id >> UInt64(IDContainer.bits)
        let low = UInt16(truncatingIfNeeded: id & (1 << IDContainer.bits - 1))
        if members[key]?.chunk == chunk {
            members[key]?.lows.append(low)
            return
        }
        try flushMembers(key, &txn)
        members[key] = MemberChunk(chunk: chunk, lows: [low])
    }

    private func flushMembers(_ key: MemberKey, _ txn: inout WriteTransaction) throws {
        guard let member = members[key] else { return }
        let id = member.chunk << UInt64(IDContainer.bits)
        let tableKey = FixedKey.member(key.entity, key.symbol, id)
        try txn.union(member.lows, table: txn.tables.member, key: tableKey.span)
    }

    /// Hands the keys of a row to the indexes over its labels or type.
    private mutating func addKeys(
        _ entity: EntityKind, _ id: UInt64, _ symbols: [UInt32], _ record: RawSpan,
        _ inline: InlineValue, _ txn: inout WriteTransaction
    ) throws {
        for entry in txn.state.catalog.entries
        where entry.entity == entity && entry.kind != .inlineProperty
            && symbols.contains(entry.symbol)
        {
            var values: [PropertyValue] = []
            for property in entry.properties {
                guard let value = try txn.value(property, record, inline, symbols, entity, id)
                else { break }
                values.append(value)
            }
            guard values.count == entry.properties.count else { continue }
            try keys.add(index: entry.number, key: OrderedKey.encode(values).bytes, id: id)
        }
    }

    // MARK: The end

    /// Writes everything that waited for its order.
    mutating func finish(_ txn: inout WriteTransaction, checkpoint: BulkCheckpoint) throws {
        try flushLocators(&txn)
        for key in members.keys { try flushMembers(key, &txn) }
        members = [:]
        try checkpoint.passed(&txn)
        try writeKeys(&txn, checkpoint)
        try writeRuns(&out, txn.tables.out, &txn, checkpoint)
        try writeRuns(&incoming, txn.tables.in, &txn, checkpoint)
    }

    private mutating func writeKeys(
        _ txn: inout WriteTransaction, _ checkpoint: BulkCheckpoint
    ) throws {
        var builder = IndexBuilder(isFresh: isFresh)
        try keys.drain { key, id in
            try builder.add(key, id, &txn)
            try checkpoint.passed(&txn)
        }
        try builder.finish(&txn)
    }

    private func writeRuns(
        _ sorter: inout AdjacencySorter, _ table: Table, _ txn: inout WriteTransaction,
        _ checkpoint: BulkCheckpoint
    ) throws {
        var builder = RunBuilder(table: table, isFresh: isFresh)
        try sorter.drain { row in
            try builder.add(row, &txn)
            try checkpoint.passed(&txn)
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
        _ property: UInt32, _ record: RawSpan, _ inline: InlineValue, _ symbols: [UInt32],
        _ entity: EntityKind, _ id: UInt64
    ) throws -> PropertyValue? {
        if entity == .edge, let type = symbols.first,
            state.catalog.inlineProperties[type] == property
        {
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
