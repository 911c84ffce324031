internal import LMDB
internal import PropertyGraph

/// The names and the schema of a damaged file; a name that is lost gets one that says so.
struct SalvagedNames {
    /// Every name under its old number.
    private(set) var catalog = Catalog()
    /// Indexes, constraints and inline properties, by names.
    private(set) var objects: [SchemaObject] = []
    /// Names that were lost.
    private(set) var lost = 0
    /// Schema objects that could not be read.
    private(set) var lostObjects = 0

    /// A number beyond is taken for damage.
    private static let mostNames: UInt32 = 65_536

    init(_ view: TransactionView, _ tables: Tables) throws {
        var names: [SymbolKind: [UInt32: String]] = [:]
        var symbols = try view.cursor(tables.symbol)
        while try symbols.next() {
            guard symbols.key.byteCount == 5,
                let kind = SymbolKind(rawValue: symbols.key.loadUInt8(at: 0)),
                let name = symbols.value.string(), !name.isEmpty
            else { continue }
            names[kind, default: [:]][symbols.key.loadBE32(at: 1)] = name
        }
        for kind in SymbolKind.allCases {
            let known = names[kind] ?? [:]
            let last = max(known.keys.max() ?? 0, try Self.lastUsed(kind, view, tables))
            guard last > 0, last <= Self.mostNames else { continue }
            for number in 1...last {
                if let name = known[number], catalog.number(kind, name) == nil {
                    _ = catalog.add(kind, name)
                } else {
                    _ = catalog.add(kind, "lost_\(kind)_\(number)")
                    lost += 1
                }
            }
        }
        try readObjects(view, tables)
    }

    private mutating func readObjects(_ view: TransactionView, _ tables: Tables) throws {
        var cursor = try view.cursor(tables.schema)
        while try cursor.next() {
            let number = cursor.key.byteCount == 4 ? cursor.key.loadBE32(at: 0) : 0
            note(SchemaCodec.decode(cursor.value, number: number), view, tables)
        }
        let prefix = FixedKey(ascii: MetaKey.object)
        var newer = try view.cursor(tables.meta)
        var found = try newer.seek(atOrAfter: prefix.span)
        while found, newer.key.hasPrefix(prefix.span) {
            let key = newer.key
            let number = key.byteCount >= 4 ? key.loadBE32(at: key.byteCount - 4) : 0
            note(SchemaCodec.decode(newer.value, number: number), view, tables)
            found = try newer.next()
        }
    }

    private mutating func note(_ entry: SchemaEntry?, _ view: TransactionView, _ tables: Tables) {
        let names = GraphView(view, CatalogSnapshot(catalog), tables)
        guard let entry, let object = try? names.describe(entry) else {
            lostObjects += 1
            return
        }
        objects.append(object)
        // Inline values are read back by it.
        catalog.add(entry)
    }

    /// The highest number that records use, where the table of names may have lost its end.
    private static func lastUsed(
        _ kind: SymbolKind, _ view: TransactionView, _ tables: Tables
    ) throws -> UInt32 {
        var last: UInt32 = 0
        func note(_ number: UInt32) { if number <= mostNames { last = max(last, number) } }
        switch kind {
        case .byteTable:
            var cursor = try view.cursor(tables.bytes)
            while try cursor.next() {
                if cursor.key.byteCount >= 4 { note(cursor.key.loadBE32(at: 0)) }
            }
        case .edgeType:
            var cursor = try view.cursor(tables.out)
            while try cursor.next() {
                if cursor.key.byteCount >= 12 { note(cursor.key.loadBE32(at: 8)) }
            }
        case .label, .propertyKey:
            for table in [tables.node, tables.edgeRecord] {
                var cursor = try view.cursor(table)
                while try cursor.next() {
                    guard let record = RecordView(cursor.value), record.isValid else { continue }
                    if kind == .label, record.labelCount > 0 {
                        note(record.label(at: record.labelCount - 1))
                    } else if kind == .propertyKey, record.propertyCount > 0 {
                        note(record.key(at: record.propertyCount - 1))
                    }
                }
            }
        }
        return last
    }
}
