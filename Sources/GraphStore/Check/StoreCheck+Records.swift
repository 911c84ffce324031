internal import LMDB
internal import PropertyGraph

extension StoreCheck {
    /// The nodes: records, labels, and what indexes and members must list for them.
    mutating func checkNodes(_ view: borrowing GraphView) throws {
        let indexes = view.catalog.checked(.node)
        var cursor = try view.bytes.cursor(view.tables.node)
        var found = try cursor.first()
        while found {
            try step()
            if cursor.key.byteCount == 8 {
                let id = cursor.key.loadBE64(at: 0)
                try checkNode(id, cursor.value, indexes, view)
            } else {
                malformedKey("node", cursor.key)
            }
            found = try cursor.next()
        }
    }

    private mutating func checkNode(
        _ id: UInt64, _ bytes: RawSpan, _ indexes: [SchemaEntry], _ view: borrowing GraphView
    ) throws {
        let place = "node \(id)"
        recount[.nodes, default: 0] += 1
        if id == 0 || id >= counters.nextNode {
            note(.identity, place, "the next node id is \(counters.nextNode)")
        }
        guard let record = RecordView(bytes), record.isValid else {
            return note(.malformed, place, "the record cannot be decoded")
        }
        report.counts.nodes += 1
        var labels: [UInt32] = []
        for index in 0..<record.labelCount {
            let label = record.label(at: index)
            labels.append(label)
            if view.catalog.name(.label, label) == nil {
                note(.symbol, place, "label \(label) has no name")
            }
            recount[.label(label), default: 0] += 1
            expectedMembers += 1
            let key = FixedKey.member(.node, label, id)
            if !isListed(id, in: try view.bytes.get(view.tables.member, key.span)) {
                note(.missing, place, "label \(label) does not list it")
            }
        }
        let properties = try checkProperties(bytes, .node, id, view)
        for entry in indexes where labels.contains(entry.symbol) {
            try expectEntry(entry, (labels, properties), id, view)
        }
    }

    /// The edges: locators, records, and what members and indexes must list for them.
    mutating func checkEdges(_ view: borrowing GraphView) throws {
        let indexes = view.catalog.checked(.edge)
        var cursor = try view.bytes.cursor(view.tables.edge)
        var found = try cursor.first()
        while found {
            try step()
            if cursor.key.byteCount == 8, let slots = EdgeChunk.decode(cursor.value) {
                let base = cursor.key.loadBE64(at: 0) << UInt64(EdgeChunk.bits)
                for (slot, locator) in slots.enumerated() {
                    guard let locator else { continue }
                    try checkEdge(base | UInt64(slot), locator, indexes, view)
                }
            } else {
                note(.malformed, "table edge", "a chunk of locators cannot be decoded")
            }
            found = try cursor.next()
        }
    }

    private mutating func checkEdge(
        _ id: UInt64, _ locator: EdgeLocator, _ indexes: [SchemaEntry],
        _ view: borrowing GraphView
    ) throws {
        let place = "edge \(id)"
        report.counts.edges += 1
        recount[.edges, default: 0] += 1
        recount[.type(locator.type), default: 0] += 1
        expectedMembers += 1
        if id == 0 || id >= counters.nextEdge {
            note(.identity, place, "the next edge id is \(counters.nextEdge)")
        }
        if view.catalog.name(.edgeType, locator.type) == nil {
            note(.symbol, place, "edge type \(locator.type) has no name")
        }
        for (node, end) in [(locator.source, "source"), (locator.target, "target")]
        where try view.bytes.get(view.tables.node, FixedKey(be64: node).span) == nil {
            note(.missing, place, "its \(end), node \(node), does not exist")
        }
        let member = FixedKey.member(.edge, locator.type, id)
        if !isListed(id, in: try view.bytes.get(view.tables.member, member.span)) {
            note(.missing, place, "edge type \(locator.type) does not list it")
        }
        let record = try view.bytes.get(view.tables.edgeRecord, FixedKey(be64: id).span)
        if locator.hasRecord, record == nil {
            return note(.missing, place, "its properties are missing")
        }
        let mine = indexes.filter { $0.symbol == locator.type }
        guard !mine.isEmpty else { return }
        do {
            // A row without its edge is a finding of the pass over rows.
            let parts = try view.edgeParts(EdgeID(id), locator)
            for entry in mine {
                try expectEntry(entry, ([locator.type], parts.properties), id, view)
            }
        } catch let error as GraphStoreError where error.code == .corrupted {
            note(.malformed, place, "its properties cannot be read, nor its index entries checked")
        }
    }

    /// The records of edges: each belongs to an edge that says so.
    mutating func checkEdgeRecords(_ view: borrowing GraphView) throws {
        var cursor = try view.bytes.cursor(view.tables.edgeRecord)
        var found = try cursor.first()
        while found {
            try step()
            if cursor.key.byteCount == 8 {
                let id = cursor.key.loadBE64(at: 0)
                if let record = RecordView(cursor.value), record.isValid, record.labelCount == 0,
                    record.propertyCount > 0
                {
                    report.counts.edgeRecords += 1
                    if try view.locator(EdgeID(id))?.hasRecord != true {
                        note(.leftOver, "edge \(id)", "a record of properties no edge refers to")
                    }
                    _ = try checkProperties(cursor.value, .edge, id, view)
                } else {
                    note(.malformed, "edge \(id)", "the record cannot be decoded")
                }
            } else {
                malformedKey("edgerec", cursor.key)
            }
            found = try cursor.next()
        }
    }

    /// Names of the properties of a valid record, and the long values beside it; the values.
    private mutating func checkProperties(
        _ bytes: RawSpan, _ entity: EntityKind, _ id: UInt64, _ view: borrowing GraphView
    ) throws -> NumberedProperties {
        guard let record = RecordView(bytes) else { return [] }
        let place = "\(entity) \(id)"
        var properties: NumberedProperties = []
        for index in 0..<record.propertyCount {
            let key = record.key(at: index)
            if view.catalog.name(.propertyKey, key) == nil {
                note(.symbol, place, "property key \(key) has no name")
            }
            guard record.isSpilled(at: index) else {
                if let value = record.value(at: index) { properties.append((key, value)) }
                continue
            }
            expectedBlobs += 1
            let blobKey = FixedKey.blob(entity, id, key)
            guard let blob = try view.bytes.get(view.tables.blob, blobKey.span) else {
                note(.missing, place, "the long value of property \(key) is missing")
                continue
            }
            if let value = ValueCodec.decode(blob), record.spilledSize(at: index) == blob.byteCount
            {
                properties.append((key, value))
            } else {
                note(.malformed, place, "the long value of property \(key) cannot be decoded")
            }
        }
        return properties
    }
}
