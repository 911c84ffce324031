internal import LMDB
internal import PropertyGraph

/// What a property was and is; nil is absent.
typealias NumberedChange = (key: UInt32, before: PropertyValue?, after: PropertyValue?)

/// The properties that differ, ascending by key.
func propertyChanges(from old: NumberedProperties, to new: NumberedProperties) -> [NumberedChange] {
    var changes: [NumberedChange] = []
    var (left, right) = (old.startIndex, new.startIndex)
    while left < old.endIndex || right < new.endIndex {
        let leftKey = left < old.endIndex ? old[left].key : .max
        let rightKey = right < new.endIndex ? new[right].key : .max
        if leftKey < rightKey {
            changes.append((leftKey, old[left].value, nil))
            left += 1
        } else if rightKey < leftKey {
            changes.append((rightKey, nil, new[right].value))
            right += 1
        } else {
            if old[left].value != new[right].value {
                changes.append((leftKey, old[left].value, new[right].value))
            }
            left += 1
            right += 1
        }
    }
    return changes
}

extension WriteTransaction {
    /// Writes a record and the blobs beside it; removes blobs that are no longer wanted.
    mutating func putRecord(
        _ entity: EntityKind, _ id: UInt64, _ labels: [UInt32], _ properties: NumberedProperties,
        spilledBefore: [UInt32]
    ) throws {
        var spilled: [(key: UInt32, bytes: [UInt8])] = []
        scratch.removeAll()
        RecordEncoder.encode(
            labels: labels, since: nil, properties: properties, into: &scratch, spilled: &spilled)
        let table = entity == .node ? tables.node : tables.edgeRecord
        try putScratch(table, FixedKey(be64: id).span)
        for (key, bytes) in spilled {
            try lmdb.put(tables.blob, FixedKey.blob(entity, id, key).span, bytes.rawSpan)
        }
        let kept = spilled.map { $0.key }
        try deleteBlobs(entity, id, spilledBefore.filter { !kept.contains($0) })
    }

    mutating func deleteBlobs(_ entity: EntityKind, _ id: UInt64, _ keys: [UInt32]) throws {
        for key in keys { _ = try lmdb.delete(tables.blob, FixedKey.blob(entity, id, key).span) }
    }

    /// Records operations of this closure in the change log.
    mutating func log(_ body: (inout ChangeLogBuffer) -> Void) throws {
        try timeLimit?.noteChange()
        body(&state.log)
        state.isChanged = true
        state.changeCount &+= 1
        if state.log.isFull { try flushLogPart() }
    }

    // MARK: Ordered indexes

    /// Moves an entity in every index it is in, or was in.
    mutating func reindex(
        _ entity: EntityKind, _ id: UInt64,
        from old: (symbols: [UInt32], properties: NumberedProperties)?,
        to new: (symbols: [UInt32], properties: NumberedProperties)?
    ) throws {
        for entry in state.catalog.entries
        where entry.entity == entity && entry.kind != .inlineProperty {
            guard entry.covers(id) else { continue }
            if let new, new.symbols.contains(entry.symbol), entry.isBroken(by: new.properties) {
                state.doubts.insert(Doubt(entry: entry.number, id: id))
            }
            guard entry.kind.isOrdered else { continue }
            let before = Self.values(of: entry, old)
            let after = Self.values(of: entry, new)
            if before == nil && after == nil { continue }
            let oldKey = before.map { OrderedKey.encode($0).bytes }
            let newKey = after.map { OrderedKey.encode($0).bytes }
            if oldKey == newKey {
                // The key stands, yet the value behind a cut key may have become equal to another.
                if entry.kind.isUnique, let newKey, before != after { suspect(entry, newKey) }
                continue
            }
            if let oldKey { try removeKey(oldKey, id, entry) }
            if let newKey { try addKey(newKey, id, entry) }
        }
    }

    static func values(
        of entry: SchemaEntry, _ parts: (symbols: [UInt32], properties: NumberedProperties)?
    ) -> [PropertyValue]? {
        guard let parts, parts.symbols.contains(entry.symbol) else { return nil }
        var values: [PropertyValue] = []
        for property in entry.properties {
            guard let value = parts.properties.value(property) else { return nil }
            values.append(value)
        }
        return values
    }

    func indexKey(_ entry: SchemaEntry, _ key: [UInt8], _ id: UInt64) -> ByteWriter {
        var full = ByteWriter()
        full.appendBE32(entry.number)
        full.append(key.rawSpan)
        if entry.kind == .index { full.appendBE64(id >> UInt64(IDContainer.bits)) }
        return full
    }

    mutating func addKey(_ key: [UInt8], _ id: UInt64, _ entry: SchemaEntry) throws {
        let full = indexKey(entry, key, id)
        if entry.kind == .index {
            try insert(id, table: tables.index, key: full.span)
            return
        }
        var isTaken = false
        try replace(tables.unique, full.span) { old, output in
            if let old { output.append(old) }
            isTaken = output.count > 0
            output.appendLE64(id)
            return .store
        }
        if isTaken { suspect(entry, key) }
    }

    mutating func removeKey(_ key: [UInt8], _ id: UInt64, _ entry: SchemaEntry) throws {
        let full = indexKey(entry, key, id)
        if entry.kind == .index {
            try remove(id, table: tables.index, key: full.span)
            return
        }
        var ids: [UInt64] = []
        do {
            let view = view
            if let old = try view.bytes.get(tables.unique, full.span) {
                view.appendIDs(in: old, to: &ids)
            }
        }
        guard let place = ids.firstIndex(of: id) else {
            throw GraphStoreError.corrupted("id \(id) is missing in \(entry.name)")
        }
        ids.remove(at: place)
        if ids.isEmpty {
            _ = try lmdb.delete(tables.unique, full.span)
            return
        }
        scratch.removeAll()
        for id in ids { scratch.appendLE64(id) }
        try putScratch(tables.unique, full.span)
    }
}
