internal import LMDB
public import PropertyGraph

extension WriteTransaction {
    /// Creates an ordered index over properties of a label, also over nodes already there.
    ///
    /// - Parameter name: Unique in the database; nil derives one, such as `index_Person_name`.
    /// - Throws: `.schemaExists` when the name or an index over the same properties exists.
    /// - Complexity: O(nodes of the label).
    @discardableResult
    public mutating func createIndex(
        label: Label, properties: [PropertyKey], name: String? = nil
    ) throws -> SchemaObject {
        let symbol = try number(label)
        return try createOrdered(.index, .node, symbol, label.name, properties, name)
    }

    /// Creates an ordered index over properties of an edge type, also over edges already there.
    @discardableResult
    public mutating func createIndex(
        edgeType: EdgeType, properties: [PropertyKey], name: String? = nil
    ) throws -> SchemaObject {
        let symbol = try number(edgeType)
        return try createOrdered(.index, .edge, symbol, edgeType.name, properties, name)
    }

    /// Demands that no two nodes of a label have equal values of all the properties; nodes
    /// without one of them are exempt, and so is NaN. It serves as an index as well.
    ///
    /// - Throws: `.uniqueViolation`, naming the nodes, when nodes already there break it.
    @discardableResult
    public mutating func createUniqueConstraint(
        label: Label, properties: [PropertyKey], name: String? = nil
    ) throws -> SchemaObject {
        let symbol = try number(label)
        return try createOrdered(.unique, .node, symbol, label.name, properties, name)
    }

    /// Keeps one numeric property of an edge type beside the neighbours, where traversals and
    /// projections read it without a lookup. Answers do not change.
    ///
    /// - Complexity: O(edges of the type).
    @discardableResult
    public mutating func setInlineProperty(
        _ key: PropertyKey, of type: EdgeType, name: String? = nil
    ) throws -> SchemaObject {
        let symbol = try number(type)
        let property = try number(key)
        if state.catalog.inlineProperties[symbol] != nil {
            throw GraphStoreError(
                .schemaExists,
                "Edge type '\(type)' has an inline property already. Drop it first.")
        }
        let entry = try newEntry(
            .inlineProperty, .edge, symbol, [property], name ?? "inline_\(type)_\(key)")
        try moveInlineProperty(of: type) { $0.addEntry(entry) }
        try putEntry(entry)
        return try logSchema(entry, isCreated: true)
    }

    /// Drops an index, a constraint or an inline property by name.
    ///
    /// - Throws: `.schemaNotFound`, offering the nearest names.
    public mutating func dropSchemaObject(named name: String) throws {
        guard let entry = state.catalog.entries.first(where: { UTF8Order.equal($0.name, name) })
        else {
            let names = state.catalog.entries.map { $0.name }.sorted()
            throw GraphStoreError(
                .schemaNotFound,
                "There is no index or constraint named '\(name)'. "
                    + (names.isEmpty ? "The database has none." : "There are: ")
                    + names.joined(separator: ", "))
        }
        try logSchema(entry, isCreated: false)
        if entry.kind == .inlineProperty {
            let type = try state.catalog.edgeType(entry.symbol)
            try moveInlineProperty(of: type) { $0.removeEntry(entry) }
        } else {
            state.changeCatalog { $0.removeEntry(number: entry.number) }
            try removeKeys(of: entry)
        }
        _ = try lmdb.delete(tables.schema, FixedKey(be32: entry.number).span)
    }

    private mutating func createOrdered(
        _ kind: SchemaKind, _ entity: EntityKind, _ symbol: UInt32, _ symbolName: String,
        _ properties: [PropertyKey], _ name: String?
    ) throws -> SchemaObject {
        guard !properties.isEmpty, properties.count <= 16, Set(properties).count == properties.count
        else {
            throw GraphStoreError(
                .invalidValue,
                "An index needs 1 to 16 different properties, and got \(properties.count).")
        }
        var numbers: [UInt32] = []
        for property in properties { numbers.append(try number(property)) }
        if let old = state.catalog.orderedIndex(entity, symbol: symbol, properties: numbers) {
            throw GraphStoreError(
                .schemaExists,
                "The \(old.kind.word) '\(old.name)' covers these properties of '\(symbolName)' "
                    + "already. Drop it first to change its kind.")
        }
        let parts = [kind == .unique ? "unique" : "index", symbolName] + properties.map { $0.name }
        let entry = try newEntry(
            kind, entity, symbol, numbers, name ?? parts.joined(separator: "_"))
        state.changeCatalog { $0.add(entry) }
        try putEntry(entry)
        try fill(entry)
        return try logSchema(entry, isCreated: true)
    }

    private func newEntry(
        _ kind: SchemaKind, _ entity: EntityKind, _ symbol: UInt32, _ properties: [UInt32],
        _ name: String
    ) throws -> SchemaEntry {
        guard !name.isEmpty, name.utf8.count <= limits.maximumNameBytes else {
            throw GraphStoreError(.invalidName, "The name of a schema object is empty or too long.")
        }
        if state.catalog.entries.contains(where: { UTF8Order.equal($0.name, name) }) {
            throw GraphStoreError(
                .schemaExists,
                "There is a schema object named '\(name)' already. Choose another name.")
        }
        let number = (state.catalog.entries.map { $0.number }.max() ?? 0) + 1
        return SchemaEntry(
            number: number, name: name, kind: kind, entity: entity, symbol: symbol,
            properties: properties)
    }

    mutating func addEntry(_ entry: SchemaEntry) { state.changeCatalog { $0.add(entry) } }

    mutating func removeEntry(_ entry: SchemaEntry) {
        state.changeCatalog { $0.removeEntry(number: entry.number) }
    }

    private mutating func putEntry(_ entry: SchemaEntry) throws {
        scratch.removeAll()
        SchemaCodec.encode(entry, into: &scratch)
        try putScratch(tables.schema, FixedKey(be32: entry.number).span)
    }

    @discardableResult
    private mutating func logSchema(_ entry: SchemaEntry, isCreated: Bool) throws -> SchemaObject {
        let object = try view.describe(entry)
        try log { $0.schemaChanged(object, isCreated: isCreated) }
        return object
    }

    /// Enters everything already there into a new index.
    private mutating func fill(_ entry: SchemaEntry) throws {
        var ids: [UInt64] = []
        try view.forEachMember(entry.entity, entry.symbol) {
            ids.append($0)
            return true
        }
        var keys: [(key: [UInt8], id: UInt64)] = []
        for id in ids {
            var values: [PropertyValue] = []
            for property in entry.properties {
                guard let value = try view.value(entry.entity, id, property) else { break }
                values.append(value)
            }
            guard values.count == entry.properties.count else { continue }
            keys.append((OrderedKey.encode(values).bytes, id))
        }
        // In order, so that pages fill up instead of splitting.
        keys.sort { $0.key == $1.key ? $0.id < $1.id : $0.key.lexicographicallyPrecedes($1.key) }
        for (key, id) in keys { try addKey(key, id, entry) }
    }

    private mutating func removeKeys(of entry: SchemaEntry) throws {
        let table = entry.kind == .unique ? tables.unique : tables.index
        let prefix = FixedKey(be32: entry.number)
        while true {
            var keys: [[UInt8]] = []
            do {
                var cursor = try lmdb.view.cursor(table)
                var found = try cursor.seek(atOrAfter: prefix.span)
                while found, keys.count < 10_000, cursor.key.hasPrefix(prefix.span) {
                    keys.append(cursor.key.bytes(at: 0, count: cursor.key.byteCount))
                    found = try cursor.next()
                }
            }
            if keys.isEmpty { return }
            for key in keys { _ = try lmdb.delete(table, key.rawSpan) }
        }
    }

    /// Rewrites the edges of a type while its inline property changes.
    private mutating func moveInlineProperty(
        of type: EdgeType, _ change: (inout WriteTransaction) -> Void
    ) throws {
        var ids: [EdgeID] = []
        try forEachEdgeID(type: type) {
            ids.append($0)
            return true
        }
        var parts: [(EdgeID, EdgeLocator, NumberedProperties, [UInt32])] = []
        for id in ids {
            guard let locator = try view.locator(id) else { throw GraphStoreError.edgeNotFound(id) }
            let (properties, spilled) = try edgeParts(id, locator)
            if !properties.isEmpty { parts.append((id, locator, properties, spilled)) }
        }
        change(&self)
        for (id, locator, properties, spilled) in parts {
            // Every row with properties is written anew: its block may gain or lose the column.
            let (inline, _) = divide(properties, locator.type)
            try storeProperties(properties, of: id, locator, inlineBefore: inline, spilled)
            try replaceRow(id.rawValue, inline, out: locator)
        }
    }
}

extension GraphReading where Self: ~Copyable {
    /// Returns every index, constraint and inline property, by name.
    public func schemaObjects() throws -> [SchemaObject] {
        let view = view
        return try view.catalog.entries.map { try view.describe($0) }
            .sorted { UTF8Order.precedes($0.name, $1.name) }
    }
}
