internal import LMDB
internal import PropertyGraph

extension StoreCheck {
    /// Looks an entity up where an index must list it.
    mutating func expectEntry(
        _ entry: SchemaEntry, _ parts: (symbols: [UInt32], properties: NumberedProperties),
        _ id: UInt64, _ view: borrowing GraphView
    ) throws {
        guard entry.covers(id) else { return }
        if entry.isBroken(by: parts.properties) {
            let code: CheckReport.Code = entry.kind == .type ? .type : .existence
            note(code, "\(entry.entity) \(id)", "it breaks the \(entry.kind.word) '\(entry.name)'")
        }
        guard entry.kind.isOrdered, let values = WriteTransaction.values(of: entry, parts) else {
            return
        }
        expectedEntries[entry.number, default: 0] += 1
        let key = OrderedKey.encode(values).bytes
        var full = ByteWriter()
        full.appendBE32(entry.number)
        full.append(key.rawSpan)
        let isListed: Bool
        if entry.kind.isUnique {
            var ids: [UInt64] = []
            if let stored = try view.bytes.get(view.tables.unique, full.span) {
                view.appendIDs(in: stored, to: &ids)
            }
            isListed = ids.contains(id)
        } else {
            full.appendBE64(id >> UInt64(IDContainer.bits))
            isListed = self.isListed(id, in: try view.bytes.get(view.tables.index, full.span))
        }
        if !isListed {
            note(.missing, "\(entry.entity) \(id)", "'\(entry.name)' does not list it")
        }
    }

    /// Members of labels and types: each listed id is a node with the label, or an edge of the
    /// type.
    mutating func checkMembers(_ view: borrowing GraphView) throws {
        var ids: [UInt16] = []
        var cursor = try view.bytes.cursor(view.tables.member)
        var found = try cursor.first()
        while found {
            try step()
            let key = cursor.key
            if key.byteCount == 13, let entity = EntityKind(rawValue: key.loadUInt8(at: 0)) {
                let symbol = key.loadBE32(at: 1)
                let base = key.loadBE64(at: 5) << UInt64(IDContainer.bits)
                ids.removeAll(keepingCapacity: true)
                if IDContainer.isValid(cursor.value), IDContainer.decode(cursor.value, into: &ids) {
                    for low in ids {
                        report.counts.members += 1
                        if try !has(entity, base | UInt64(low), symbol, view) {
                            note(
                                .leftOver, "members of \(entity) symbol \(symbol)",
                                "\(entity) \(base | UInt64(low)) is listed and is none")
                        }
                    }
                } else {
                    note(.malformed, "members of \(entity) symbol \(symbol)", "cannot be decoded")
                }
            } else {
                malformedKey("member", key)
            }
            found = try cursor.next()
        }
        if report.counts.members != expectedMembers {
            note(
                .count, "table member",
                "\(report.counts.members) ids are listed, and \(expectedMembers) should be")
        }
    }

    private func has(
        _ entity: EntityKind, _ id: UInt64, _ symbol: UInt32, _ view: borrowing GraphView
    ) throws -> Bool {
        switch entity {
        case .edge: return try view.locator(EdgeID(id))?.type == symbol
        case .node:
            guard let bytes = try view.bytes.get(view.tables.node, FixedKey(be64: id).span),
                let record = RecordView(bytes)
            else { return false }
            return record.hasLabel(symbol)
        }
    }

    /// Ordered indexes: each listed entity has the values of its key.
    mutating func checkIndexes(_ view: borrowing GraphView) throws {
        let entries = entriesByNumber(view) { $0 == .index }
        var listed: [UInt32: Int] = [:]
        var ids: [UInt16] = []
        var cursor = try view.bytes.cursor(view.tables.index)
        var found = try cursor.first()
        while found {
            try step()
            let key = cursor.key
            if key.byteCount > 12, let entry = entries[key.loadBE32(at: 0)] {
                let base = key.loadBE64(at: key.byteCount - 8) << UInt64(IDContainer.bits)
                let valueKey = key.bytes(at: 4, count: key.byteCount - 12)
                ids.removeAll(keepingCapacity: true)
                if IDContainer.isValid(cursor.value), IDContainer.decode(cursor.value, into: &ids) {
                    listed[entry.number, default: 0] += ids.count
                    for low in ids {
                        try checkListed(base | UInt64(low), valueKey, entry, view)
                    }
                } else {
                    note(.malformed, "index '\(entry.name)'", "a set of ids cannot be decoded")
                }
            } else {
                note(.leftOver, "table index", "a key of no index")
            }
            found = try cursor.next()
        }
        compare(listed, entries)
    }

    /// Unique constraints: as indexes, and no two entities of a key have equal values.
    mutating func checkUniques(_ view: borrowing GraphView) throws {
        let entries = entriesByNumber(view) { $0.isUnique }
        var listed: [UInt32: Int] = [:]
        var cursor = try view.bytes.cursor(view.tables.unique)
        var found = try cursor.first()
        while found {
            try step()
            let key = cursor.key
            if key.byteCount > 4, let entry = entries[key.loadBE32(at: 0)] {
                let valueKey = key.bytes(at: 4, count: key.byteCount - 4)
                var ids: [UInt64] = []
                view.appendIDs(in: cursor.value, to: &ids)
                if ids.isEmpty || ids.count * 8 != cursor.value.byteCount
                    || Set(ids).count != ids.count
                {
                    note(.malformed, "constraint '\(entry.name)'", "a list of ids is none")
                }
                listed[entry.number, default: 0] += ids.count
                for id in ids { try checkListed(id, valueKey, entry, view) }
                do {
                    if case .failed = entry.building { continue }
                    try view.checkUnique(ids.sorted(), entry)
                } catch let error as GraphStoreError where error.code == .uniqueViolation {
                    note(.unique, "constraint '\(entry.name)'", error.message)
                } catch let error as GraphStoreError where error.code == .corrupted {
                    // A listed entity that cannot be read has been noted already.
                }
            } else {
                note(.leftOver, "table unique", "a key of no constraint")
            }
            found = try cursor.next()
        }
        compare(listed, entries)
    }

    private func entriesByNumber(
        _ view: borrowing GraphView, _ isWanted: (SchemaKind) -> Bool
    ) -> [UInt32: SchemaEntry] {
        var entries: [UInt32: SchemaEntry] = [:]
        for entry in view.catalog.entries where isWanted(entry.kind) {
            entries[entry.number] = entry
        }
        return entries
    }

    private mutating func compare(_ listed: [UInt32: Int], _ entries: [UInt32: SchemaEntry]) {
        // What failed is being removed: whatever is left of it is right.
        for (number, entry) in entries where entry.covers(0) {
            let (have, expected) = (listed[number] ?? 0, expectedEntries[number] ?? 0)
            if have != expected {
                note(.count, "'\(entry.name)'", "it lists \(have), and should list \(expected)")
            }
        }
    }

    private mutating func checkListed(
        _ id: UInt64, _ key: [UInt8], _ entry: SchemaEntry, _ view: borrowing GraphView
    ) throws {
        report.counts.indexEntries += 1
        // What failed is removed in slices, and not kept up meanwhile.
        if case .failed = entry.building { return }
        if !entry.covers(id) {
            return note(
                .leftOver, "'\(entry.name)'",
                "\(entry.entity) \(id) is listed before its turn in the building")
        }
        var values: [PropertyValue] = []
        do {
            guard try has(entry.entity, id, entry.symbol, view) else {
                return note(
                    .leftOver, "'\(entry.name)'", "\(entry.entity) \(id) is listed and is none")
            }
            for property in entry.properties {
                guard let value = try view.value(entry.entity, id, property) else { break }
                values.append(value)
            }
        } catch let error as GraphStoreError where error.code == .corrupted {
            return note(.malformed, "\(entry.entity) \(id)", "its indexed value cannot be read")
        }
        if values.count != entry.properties.count || OrderedKey.encode(values).bytes != key {
            note(
                .mismatch, "'\(entry.name)'",
                "\(entry.entity) \(id) is listed under values it does not have")
        }
    }
}
