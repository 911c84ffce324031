internal import LMDB
internal import PropertyGraph

extension StoreCheck {
    /// Kept counts against the recount, both ways.
    mutating func checkStatistics(_ view: borrowing GraphView) throws {
        var missing = recount.filter { $0.value != 0 }
        var cursor = try view.bytes.cursor(view.tables.stat)
        var found = try cursor.first()
        while found {
            if let statistic = Statistic(cursor.key), cursor.value.byteCount == 8 {
                report.counts.statistics += 1
                let kept = Int64(clamping: cursor.value.loadLE64(at: 0))
                let counted = missing.removeValue(forKey: statistic) ?? 0
                if kept != counted {
                    note(.count, "count of \(statistic)", "\(kept) is kept, \(counted) counted")
                }
            } else {
                note(.malformed, "table stat", "a count cannot be decoded")
            }
            found = try cursor.next()
        }
        for (statistic, counted) in missing {
            note(.count, "count of \(statistic)", "none is kept, \(counted) counted")
        }
    }

    /// What `analyze` found: readable, and of names that there are. It may be out of date.
    mutating func checkAnalysis(_ view: borrowing GraphView) throws {
        let prefix = FixedKey(ascii: MetaKey.analysis)
        var cursor = try view.bytes.cursor(view.tables.meta)
        var found = try cursor.seek(atOrAfter: prefix.span)
        while found, cursor.key.hasPrefix(prefix.span) {
            let isSound: Bool
            if cursor.value.byteCount > 0, cursor.value.loadUInt8(at: 0) > 1 {
                // Of a later form, which this program does without.
                isSound = true
            } else if cursor.key.byteCount == MetaKey.analysis.utf8.count {
                isSound = AnalysisHead(cursor.value) != nil
            } else if let property = AnalysedProperty(cursor.key) {
                let kind: SymbolKind = property.entity == .node ? .label : .edgeType
                isSound =
                    PropertyStatistics(cursor.value) != nil
                    && view.catalog.name(kind, property.symbol) != nil
                    && view.catalog.name(.propertyKey, property.property) != nil
            } else {
                isSound = false
            }
            if !isSound {
                note(.malformed, "meta analysis", "it cannot be read; analyse the database again")
            }
            found = try cursor.next()
        }
    }

    /// Long values: each belongs to a property that says so.
    mutating func checkBlobs(_ view: borrowing GraphView) throws {
        var cursor = try view.bytes.cursor(view.tables.blob)
        var found = try cursor.first()
        while found {
            try step()
            let key = cursor.key
            if key.byteCount == 13, let entity = EntityKind(rawValue: key.loadUInt8(at: 0)) {
                report.counts.blobs += 1
                let (id, property) = (key.loadBE64(at: 1), key.loadBE32(at: 9))
                if try !hasLongValue(entity, id, property, view) {
                    note(
                        .leftOver, "\(entity) \(id)",
                        "a long value of property \(property) that its record does not mention")
                }
            } else {
                malformedKey("blob", key)
            }
            found = try cursor.next()
        }
        if report.counts.blobs != expectedBlobs {
            note(
                .count, "table blob",
                "\(report.counts.blobs) long values are kept, \(expectedBlobs) referred to")
        }
    }

    private func hasLongValue(
        _ entity: EntityKind, _ id: UInt64, _ property: UInt32, _ view: borrowing GraphView
    ) throws -> Bool {
        let table = entity == .node ? view.tables.node : view.tables.edgeRecord
        guard let bytes = try view.bytes.get(table, FixedKey(be64: id).span),
            let record = RecordView(bytes), let index = record.find(property)
        else { return false }
        return record.isSpilled(at: index)
    }

    /// The change log: every position from the first to the last, each whole and readable.
    mutating func checkChangeLog(_ view: borrowing GraphView) throws {
        var expected = counters.firstLoggedPosition
        var time = Int64.min
        var cursor = try view.bytes.cursor(view.tables.log)
        var found = try cursor.first()
        while found {
            try step()
            guard cursor.key.byteCount == 12 else {
                malformedKey("log", cursor.key)
                found = try cursor.next()
                continue
            }
            let position = cursor.key.loadBE64(at: 0)
            let part = cursor.key.loadBE32(at: 8)
            if part == 0 {
                notePosition(position, expected)
                try checkChangeSet(position, &time, view)
                expected = position &+ 1
                report.counts.positions += 1
            }
            let next = part
            found = try cursor.next()
            if found, cursor.key.byteCount == 12, cursor.key.loadBE64(at: 0) == position,
                cursor.key.loadBE32(at: 8) != next &+ 1
            {
                note(.changeLog, "position \(position)", "part \(next &+ 1) is missing")
            } else if found, cursor.key.byteCount == 12, cursor.key.loadBE64(at: 0) != position,
                cursor.key.loadBE32(at: 8) != 0
            {
                note(
                    .changeLog, "position \(cursor.key.loadBE64(at: 0))",
                    "its first part is missing")
            }
        }
        if expected != counters.position &+ 1 {
            note(
                .changeLog, "table log",
                "it ends before position \(expected), and the last is \(counters.position)")
        }
    }

    private mutating func notePosition(_ position: UInt64, _ expected: UInt64) {
        guard position != expected else { return }
        note(
            .changeLog, "position \(position)",
            position > expected
                ? "positions \(expected) to \(position - 1) are missing"
                : "the log should begin at \(expected)")
    }

    private mutating func checkChangeSet(
        _ position: UInt64, _ time: inout Int64, _ view: borrowing GraphView
    ) throws {
        do {
            let changes = try view.changeSet(position)
            if changes.microsecondsSinceEpoch < time {
                note(.changeLog, "position \(position)", "it is older than the one before")
            }
            time = changes.microsecondsSinceEpoch
            if position == counters.position, changes.token != counters.lastToken {
                note(.changeLog, "position \(position)", "its token is not that of the counters")
            }
        } catch let error as GraphStoreError where error.code == .corrupted {
            note(.changeLog, "position \(position)", error.message)
        }
    }
}
