internal import LMDB
internal import PropertyGraph

/// The interned names and the schema as one snapshot sees them.
///
/// A catalog is a value; transactions share it through `CatalogSnapshot`. The writer changes its
/// own copy, which others see only after the commit.
struct Catalog: Sendable {
    /// Grows with every change; equal versions of one store are equal catalogs.
    var version: UInt64 = 0
    /// The names of each kind, by its raw value.
    private var tables = Array(repeating: NameTable(), count: SymbolKind.allCases.count + 1)
    private(set) var entries: [SchemaEntry] = [] {
        didSet {
            hasBuilding = entries.contains {
                if case .underWay = $0.building { true } else { false }
            }
            orders = entries.indices.compactMap { OrderedProperty(entries[$0], at: $0) }
        }
    }
    /// The indexes and constraints over one property that can be used.
    private var orders: [OrderedProperty] = []
    /// Whether an index is built in slices.
    private(set) var hasBuilding = false
    /// Edge type → property kept inline, by number.
    private(set) var inlineProperties: [UInt32: UInt32] = [:]
    /// Whether an index is built in slices, or what is left of a failed one may be to be removed.
    var hasUnfinished: Bool { entries.contains { !$0.isOnline } }
    /// Renames that the change log still reaches behind, oldest first.
    private(set) var renames: [Rename] = []

    /// The number of a name; nil when it was never used.
    func number(of label: Label) -> UInt32? { number(.label, label.name) }
    func number(of type: EdgeType) -> UInt32? { number(.edgeType, type.name) }
    func number(of key: PropertyKey) -> UInt32? { number(.propertyKey, key.name) }
    func number(_ kind: SymbolKind, _ name: String) -> UInt32? {
        tables[Int(kind.rawValue)].number(of: name)
    }

    /// All names of a kind, with their numbers.
    func names(_ kind: SymbolKind) -> [(name: String, number: UInt32)] {
        tables[Int(kind.rawValue)].names.enumerated().dropFirst().map {
            ($0.element, UInt32($0.offset))
        }
    }

    /// The name of a number; nil in a damaged store.
    func name(_ kind: SymbolKind, _ number: UInt32) -> String? {
        let place = Int(kind.rawValue)
        return number > 0 && Int(number) <= tables[place].count
            ? tables[place].names[Int(number)] : nil
    }

    func label(_ number: UInt32) throws -> Label {
        guard let name = name(.label, number) else {
            throw GraphStoreError.corrupted("label \(number) has no name")
        }
        return Label(name)
    }

    func edgeType(_ number: UInt32) throws -> EdgeType {
        guard let name = name(.edgeType, number) else {
            throw GraphStoreError.corrupted("edge type \(number) has no name")
        }
        return EdgeType(name)
    }

    func propertyKey(_ number: UInt32) throws -> PropertyKey {
        guard let name = name(.propertyKey, number) else {
            throw GraphStoreError.corrupted("property key \(number) has no name")
        }
        return PropertyKey(name)
    }

    /// How many names of a kind there are.
    func count(_ kind: SymbolKind) -> Int { tables[Int(kind.rawValue)].count }

    /// The object of a number.
    func entry(_ number: UInt32) -> SchemaEntry? { entries.first { $0.number == number } }

    /// The constraints and indexes of nodes or edges: what their records are checked against.
    func checked(_ entity: EntityKind) -> [SchemaEntry] {
        entries.filter { $0.entity == entity && $0.kind != .inlineProperty }
    }

    /// The index or constraint that orders exactly these properties of a label or type, and can
    /// be used.
    func orderedIndex(_ entity: EntityKind, symbol: UInt32, properties: [UInt32]) -> SchemaEntry? {
        entries.first {
            $0.entity == entity && $0.symbol == symbol && $0.kind.isOrdered && $0.isOnline
                && $0.properties == properties
        }
    }

    /// The object that demands the same of the same properties, whatever its state.
    func twin(of entry: SchemaEntry) -> SchemaEntry? {
        entries.first {
            $0.entity == entry.entity && $0.symbol == entry.symbol
                && $0.kind.family == entry.kind.family
                && ($0.kind == .inlineProperty || $0.properties == entry.properties)
        }
    }

    /// The index or constraint over exactly one property that can be used.
    func order(
        _ entity: EntityKind, symbol: UInt32, property: UInt32
    ) -> OrderedProperty? {
        for order in orders
        where order.symbol == symbol && order.property == property && order.entity == entity {
            return order
        }
        return nil
    }

    // MARK: Changing (the writer's own copy only)

    /// Adds the next name of a kind and returns its number.
    mutating func add(_ kind: SymbolKind, _ name: String) -> UInt32 {
        version &+= 1
        return tables[Int(kind.rawValue)].append(name)
    }

    mutating func add(_ entry: SchemaEntry) {
        entries.append(entry)
        if entry.kind == .inlineProperty, let property = entry.properties.first {
            inlineProperties[entry.symbol] = property
        }
        version &+= 1
    }

    /// Puts an entry in the place of the one with its number.
    mutating func replace(_ entry: SchemaEntry) {
        guard let place = entries.firstIndex(where: { $0.number == entry.number }) else { return }
        entries[place] = entry
        version &+= 1
    }

    /// Gives a name another text, which no name of its kind has.
    mutating func rename(_ kind: SymbolKind, _ number: UInt32, to name: String) {
        tables[Int(kind.rawValue)].rename(number, to: name)
        version &+= 1
    }

    mutating func setRenames(_ new: [Rename]) { renames = new }

    mutating func removeEntry(number: UInt32) {
        for entry in entries where entry.number == number && entry.kind == .inlineProperty {
            inlineProperties[entry.symbol] = nil
        }
        entries.removeAll { $0.number == number }
        version &+= 1
    }
}

extension Catalog {
    /// Reads the catalog of a snapshot.
    init(reading view: TransactionView, _ tables: Tables) throws {
        var symbols = try view.cursor(tables.symbol)
        var found = try symbols.first()
        while found {
            let key = symbols.key
            guard key.byteCount == 5, let kind = SymbolKind(rawValue: key.loadUInt8(at: 0)),
                let name = symbols.value.string(at: 0, count: symbols.value.byteCount),
                Int(key.loadBE32(at: 1)) == self.tables[Int(kind.rawValue)].count + 1
            else { throw GraphStoreError.corrupted("table symbol is not a list of names") }
            _ = add(kind, name)
            found = try symbols.next()
        }
        var objects = try view.cursor(tables.schema)
        found = try objects.first()
        while found {
            let number = objects.key.byteCount == 4 ? objects.key.loadBE32(at: 0) : 0
            guard let entry = SchemaCodec.decode(objects.value, number: number) else {
                throw GraphStoreError.corrupted("schema object \(number)")
            }
            add(entry)
            found = try objects.next()
        }
        try addNewerObjects(reading: view, tables)
        if let bytes = try view.get(tables.meta, FixedKey(ascii: MetaKey.renames).span) {
            guard let renames = Rename.decode(bytes) else {
                throw GraphStoreError.corrupted("the list of renames")
            }
            setRenames(renames)
        }
        version = try Catalog.version(reading: view, tables)
    }

    /// The objects that the first version of the format does not know.
    private mutating func addNewerObjects(reading view: TransactionView, _ tables: Tables) throws {
        let prefix = FixedKey(ascii: MetaKey.object)
        var cursor = try view.cursor(tables.meta)
        var found = try cursor.seek(atOrAfter: prefix.span)
        while found, cursor.key.hasPrefix(prefix.span) {
            let key = cursor.key
            guard key.byteCount == MetaKey.object.utf8.count + 4,
                let entry = SchemaCodec.decode(
                    cursor.value, number: key.loadBE32(at: key.byteCount - 4))
            else { throw GraphStoreError.corrupted("a schema object") }
            add(entry)
            found = try cursor.next()
        }
    }

    /// Reads the version of the catalog that a snapshot has.
    static func version(reading view: TransactionView, _ tables: Tables) throws -> UInt64 {
        guard let value = try view.get(tables.meta, FixedKey(ascii: MetaKey.catalogVersion).span)
        else { return 0 }
        guard value.byteCount == 8 else { throw GraphStoreError.corrupted("catalog version") }
        return value.loadLE64(at: 0)
    }
}

/// An index or constraint over one property: numbers alone, so that finding it counts no references.
struct OrderedProperty: Sendable {
    let entity: EntityKind
    let symbol: UInt32
    let property: UInt32
    /// The number of its entry, and its place among the entries.
    let number: UInt32
    let place: Int
    let isUnique: Bool

    /// Nil for an entry over other than one property, or that cannot be used.
    init?(_ entry: SchemaEntry, at place: Int) {
        guard entry.kind.isOrdered, entry.isOnline, entry.properties.count == 1 else { return nil }
        entity = entry.entity
        symbol = entry.symbol
        property = entry.properties[0]
        number = entry.number
        self.place = place
        isUnique = entry.kind.isUnique
    }
}

/// A catalog shared by the transactions that see it; immutable.
final class CatalogSnapshot: Sendable {
    let catalog: Catalog
    /// The counters of the one commit whose readers share it; nil where each reads them.
    let counters: Counters?
    /// Whether it holds changes of a transaction that may still fail.
    let isPending: Bool

    init(_ catalog: Catalog, counters: Counters? = nil, isPending: Bool = false) {
        self.catalog = catalog
        self.counters = counters
        self.isPending = isPending
    }
}
