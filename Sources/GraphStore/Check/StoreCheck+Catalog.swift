internal import LMDB
internal import PropertyGraph

extension StoreCheck {
    /// Format, counters and catalog version.
    mutating func checkHead(_ view: borrowing GraphView) throws {
        let format = try view.bytes.get(view.tables.meta, FixedKey(ascii: MetaKey.format).span)
        if let format, let head = StoreFormat(format) {
            if head.version == 0 || head.version > currentFormatVersion {
                note(.head, "meta format", "version \(head.version) is unknown")
            }
        } else {
            note(.head, "meta format", "the head is missing or too short")
        }
        if let limit = try view.bytes.get(
            view.tables.meta, FixedKey(ascii: MetaKey.sizeLimit).span), limit.byteCount != 8
        {
            note(.head, "meta sizeLimit", "it is no number")
        }
        counters = try view.counters()
        report.position = counters.position
        if counters.nextNode == 0 || counters.nextEdge == 0 {
            note(.head, "meta counters", "the next id is 0, which is no id")
        }
        if counters.durablePosition > counters.position {
            note(
                .head, "meta counters",
                "position \(counters.durablePosition) is durable, yet the last is "
                    + "\(counters.position)")
        }
        if counters.firstLoggedPosition == 0
            || counters.firstLoggedPosition > counters.position &+ 1
        {
            note(
                .head, "meta counters",
                "the log begins at \(counters.firstLoggedPosition), yet the last position is "
                    + "\(counters.position)")
        }
    }

    /// Names and schema objects. That symbol numbers have no gap was proved by loading them.
    mutating func checkCatalog(_ view: borrowing GraphView) throws {
        let catalog = view.catalog
        for kind in SymbolKind.allCases { report.counts.symbols += catalog.count(kind) }
        var distinct = 0
        for kind in SymbolKind.allCases {
            for (name, number) in catalog.names(kind) where catalog.number(kind, name) == number {
                distinct += 1
            }
        }
        if distinct != report.counts.symbols {
            note(.symbol, "table symbol", "\(report.counts.symbols - distinct) names occur twice")
        }
        for kind in SymbolKind.allCases where catalog.count(kind) > 0 {
            for number in 1...catalog.count(kind)
            where catalog.name(kind, UInt32(number))?.isEmpty != false {
                note(.symbol, "\(kind) \(number)", "the name is empty")
            }
        }
        var names: Set<PropertyKey> = []
        for entry in catalog.entries {
            report.counts.schemaObjects += 1
            checkSchemaEntry(entry, catalog)
            if !names.insert(PropertyKey(entry.name)).inserted {
                note(.symbol, "schema object '\(entry.name)'", "the name is taken twice")
            }
        }
    }

    private mutating func checkSchemaEntry(_ entry: SchemaEntry, _ catalog: Catalog) {
        let place = "schema object '\(entry.name)'"
        let kind: SymbolKind = entry.entity == .node ? .label : .edgeType
        if catalog.name(kind, entry.symbol) == nil {
            note(.symbol, place, "\(kind) \(entry.symbol) has no name")
        }
        if entry.properties.isEmpty { note(.malformed, place, "it has no property") }
        for property in entry.properties where catalog.name(.propertyKey, property) == nil {
            note(.symbol, place, "property key \(property) has no name")
        }
        let twins = catalog.entries.filter {
            $0.entity == entry.entity && $0.symbol == entry.symbol
                && $0.kind.family == entry.kind.family
                && (entry.kind == .inlineProperty || $0.properties == entry.properties)
        }
        if twins.count > 1 { note(.mismatch, place, "another object covers the same properties") }
    }

    /// Byte tables: the contents belong to other modules, only the numbers are ours.
    mutating func checkByteTables(_ view: borrowing GraphView) throws {
        let catalog = view.catalog
        var cursor = try view.bytes.cursor(view.tables.bytes)
        var found = try cursor.first()
        while found {
            try step()
            if cursor.key.byteCount >= 4 {
                report.counts.byteEntries += 1
                let number = cursor.key.loadBE32(at: 0)
                if catalog.name(.byteTable, number) == nil {
                    note(.symbol, "table bytes", "byte table \(number) has no name")
                }
            } else {
                malformedKey("bytes", cursor.key)
            }
            found = try cursor.next()
        }
    }
}
