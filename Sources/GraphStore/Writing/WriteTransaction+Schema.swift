internal import LMDB
public import PropertyGraph

extension WriteTransaction {
    /// Creates an ordered index over properties of a label, also over nodes already there.
    ///
    /// - Parameters:
    ///   - name: Unique in the database; nil derives one, such as `index_Person_name`.
    ///   - building: At once, in this transaction, or in slices between other writes.
    /// - Throws: `.schemaExists` when the name or an index over the same properties exists.
    /// - Complexity: O(nodes of the label × log entries); in slices O(1) now.
    @discardableResult
    public mutating func createIndex(
        label: Label, properties: [PropertyKey], name: String? = nil,
        building: IndexBuilding = .atOnce
    ) throws -> SchemaObject {
        try createOrdered(.index, try subject(label), properties, name, building)
    }

    /// Creates an ordered index over properties of an edge type, also over edges already there.
    @discardableResult
    public mutating func createIndex(
        edgeType: EdgeType, properties: [PropertyKey], name: String? = nil,
        building: IndexBuilding = .atOnce
    ) throws -> SchemaObject {
        try createOrdered(.index, try subject(edgeType), properties, name, building)
    }

    /// Demands that no two nodes of a label have equal values of all the properties; nodes
    /// without one of them are exempt, and so is NaN. It serves as an index as well.
    ///
    /// - Throws: `.uniqueViolation`, naming the nodes, when nodes already there break it.
    @discardableResult
    public mutating func createUniqueConstraint(
        label: Label, properties: [PropertyKey], name: String? = nil,
        building: IndexBuilding = .atOnce
    ) throws -> SchemaObject {
        try createOrdered(.unique, try subject(label), properties, name, building)
    }

    /// Demands that no two edges of a type have equal values of all the properties; as for nodes.
    @discardableResult
    public mutating func createUniqueConstraint(
        edgeType: EdgeType, properties: [PropertyKey], name: String? = nil,
        building: IndexBuilding = .atOnce
    ) throws -> SchemaObject {
        try createOrdered(.unique, try subject(edgeType), properties, name, building)
    }

    /// Demands that every node of a label has values of all the properties, and that no two have
    /// equal ones: a unique constraint without exemption (but NaN's), and an index as well.
    ///
    /// - Throws: `.uniqueViolation`, `.existenceViolation`, naming the nodes.
    @discardableResult
    public mutating func createKeyConstraint(
        label: Label, properties: [PropertyKey], name: String? = nil,
        building: IndexBuilding = .atOnce
    ) throws -> SchemaObject {
        try createOrdered(.key, try subject(label), properties, name, building)
    }

    /// Demands values of all the properties of every edge of a type, no two of them equal; as for
    /// nodes.
    @discardableResult
    public mutating func createKeyConstraint(
        edgeType: EdgeType, properties: [PropertyKey], name: String? = nil,
        building: IndexBuilding = .atOnce
    ) throws -> SchemaObject {
        try createOrdered(.key, try subject(edgeType), properties, name, building)
    }

    /// Demands that every node of a label has a value of a property.
    ///
    /// As every constraint it is checked when the closure ends, also for what is there already, so
    /// the same closure may create it and fill in what is missing.
    ///
    /// - Throws: `.existenceViolation`, naming nodes; `.schemaExists`.
    /// - Complexity: O(nodes of the label).
    @discardableResult
    public mutating func createExistenceConstraint(
        label: Label, property: PropertyKey, name: String? = nil
    ) throws -> SchemaObject {
        try createDemand(.existence, try subject(label), property, nil, name)
    }

    /// Demands that every edge of a type has a value of a property; as for nodes.
    @discardableResult
    public mutating func createExistenceConstraint(
        edgeType: EdgeType, property: PropertyKey, name: String? = nil
    ) throws -> SchemaObject {
        try createDemand(.existence, try subject(edgeType), property, nil, name)
    }

    /// Demands that a property of nodes of a label, where it has a value, is of certain types.
    ///
    /// - Throws: `.typeViolation`, naming nodes; `.schemaExists`.
    /// - Complexity: O(nodes of the label).
    @discardableResult
    public mutating func createTypeConstraint(
        label: Label, property: PropertyKey, type: PropertyType, name: String? = nil
    ) throws -> SchemaObject {
        try createDemand(.type, try subject(label), property, type, name)
    }

    /// Demands that a property of edges of a type, where it has a value, is of certain types.
    @discardableResult
    public mutating func createTypeConstraint(
        edgeType: EdgeType, property: PropertyKey, type: PropertyType, name: String? = nil
    ) throws -> SchemaObject {
        try createDemand(.type, try subject(edgeType), property, type, name)
    }

    /// Keeps one numeric property of an edge type beside the neighbours, where traversals and
    /// projections read it without a lookup. Answers do not change.
    ///
    /// - Complexity: O(edges of the type).
    @discardableResult
    public mutating func setInlineProperty(
        _ key: PropertyKey, of type: EdgeType, name: String? = nil
    ) throws -> SchemaObject {
        let subject = try subject(type)
        let property = try number(key)
        if state.catalog.inlineProperties[subject.symbol] != nil {
            throw GraphStoreError(
                .schemaExists,
                "Edge type '\(type)' has an inline property already. Drop it first.")
        }
        let entry = try newEntry(
            .inlineProperty, subject, [property],
            name ?? SchemaObject.defaultName(.inlineProperty, subject.name, [key]))
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
        // One that never was online is not in the feed.
        if entry.isOnline { try logSchema(entry, isCreated: false) }
        state.mustStore = true
        if entry.kind == .inlineProperty {
            let type = try state.catalog.edgeType(entry.symbol)
            try moveInlineProperty(of: type) { $0.removeEntry(entry) }
        } else {
            state.changeCatalog { $0.removeEntry(number: entry.number) }
            if entry.kind.isOrdered { while try removeKeys(of: entry, atMost: 10_000) {} }
        }
        try deleteEntry(entry)
    }

    /// A label or an edge type, by number and by name.
    private typealias Subject = (entity: EntityKind, symbol: UInt32, name: String)

    private mutating func subject(_ label: Label) throws -> Subject {
        (.node, try number(label), label.name)
    }

    private mutating func subject(_ type: EdgeType) throws -> Subject {
        (.edge, try number(type), type.name)
    }

    private mutating func createOrdered(
        _ kind: SchemaKind, _ subject: Subject, _ properties: [PropertyKey], _ name: String?,
        _ building: IndexBuilding
    ) throws -> SchemaObject {
        guard !properties.isEmpty, properties.count <= 16, Set(properties).count == properties.count
        else {
            throw GraphStoreError(
                .invalidValue,
                "An index needs 1 to 16 different properties, and got \(properties.count).")
        }
        var numbers: [UInt32] = []
        for property in properties { numbers.append(try number(property)) }
        var entry = try newEntry(
            kind, subject, numbers,
            name ?? SchemaObject.defaultName(kind, subject.name, properties))
        try requireNoTwin(of: entry, subject)
        if building == .inSlices { return try beginBuilding(&entry) }
        let made = entry
        state.changeCatalog { $0.add(made) }
        try putEntry(entry)
        try fill(entry)
        if kind == .key { state.unproven.append(entry.number) }
        return try logSchema(entry, isCreated: true)
    }

    private mutating func createDemand(
        _ kind: SchemaKind, _ subject: Subject, _ property: PropertyKey, _ type: PropertyType?,
        _ name: String?
    ) throws -> SchemaObject {
        var entry = try newEntry(
            kind, subject, [try number(property)],
            name ?? SchemaObject.defaultName(kind, subject.name, [property]))
        entry.type = type
        try requireNoTwin(of: entry, subject)
        let made = entry
        state.changeCatalog { $0.add(made) }
        try putEntry(entry)
        state.unproven.append(entry.number)
        return try logSchema(entry, isCreated: true)
    }

    private func requireNoTwin(of entry: SchemaEntry, _ subject: Subject) throws {
        guard let old = state.catalog.twin(of: entry) else { return }
        throw GraphStoreError(
            .schemaExists,
            "The \(old.kind.word) '\(old.name)' covers these properties of '\(subject.name)' "
                + "already. Drop it first to change its kind.")
    }

    private func newEntry(
        _ kind: SchemaKind, _ subject: Subject, _ properties: [UInt32], _ name: String
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
            number: number, name: name, kind: kind, entity: subject.entity,
            symbol: subject.symbol, properties: properties)
    }

    mutating func addEntry(_ entry: SchemaEntry) { state.changeCatalog { $0.add(entry) } }

    mutating func removeEntry(_ entry: SchemaEntry) {
        state.changeCatalog { $0.removeEntry(number: entry.number) }
    }

    /// Stores an entry where programs look for it that know its kind and state.
    mutating func putEntry(_ entry: SchemaEntry) throws {
        scratch.removeAll()
        SchemaCodec.encode(entry, into: &scratch)
        if entry.isOfVersion1 {
            try putScratch(tables.schema, FixedKey(be32: entry.number).span)
        } else {
            try putScratch(tables.meta, FixedKey.object(entry.number).span)
        }
        try markNewerObjects()
    }

    mutating func deleteEntry(_ entry: SchemaEntry) throws {
        if entry.isOfVersion1 {
            _ = try lmdb.delete(tables.schema, FixedKey(be32: entry.number).span)
        } else {
            _ = try lmdb.delete(tables.meta, FixedKey.object(entry.number).span)
        }
        try markNewerObjects()
    }

    /// Tells older programs whether they may write.
    private mutating func markNewerObjects() throws {
        let isNeeded = state.catalog.entries.contains { !$0.isOfVersion1 }
        try changeFeatures {
            if isNeeded {
                $0.mustNotWrite |= FeatureBits.newerObjects
            } else {
                $0.mustNotWrite &= ~FeatureBits.newerObjects
            }
        }
    }

    @discardableResult
    mutating func logSchema(_ entry: SchemaEntry, isCreated: Bool) throws -> SchemaObject {
        let object = try view.describe(entry)
        try log { $0.schemaChanged(object, isCreated: isCreated) }
        return object
    }

    /// Enters everything already there into a new index.
    private mutating func fill(_ entry: SchemaEntry) throws {
        try enter(try view.members(entry.entity, entry.symbol), entry)
    }

    /// Enters entities that have the label or type into an index, in the order of their keys.
    mutating func enter(_ ids: [UInt64], _ entry: SchemaEntry) throws {
        var keys = KeyList()
        try view.addKeys(of: ids, entry, to: &keys)
        // In order, so that pages fill up instead of splitting.
        keys.sort()
        var builder = IndexBuilder(isAppending: try isLast(entry), entry: entry)
        try keys.forEach { key, id in try builder.add(key, id, &self) }
        try builder.finish(&self)
    }

    /// Removes keys of an index; returns whether there were any.
    mutating func removeKeys(of entry: SchemaEntry, atMost count: Int) throws -> Bool {
        let table = entry.kind.isUnique ? tables.unique : tables.index
        let prefix = FixedKey(be32: entry.number)
        var keys: [[UInt8]] = []
        do {
            var cursor = try lmdb.view.cursor(table)
            var found = try cursor.seek(atOrAfter: prefix.span)
            while found, keys.count < count, cursor.key.hasPrefix(prefix.span) {
                keys.append(cursor.key.bytes(at: 0, count: cursor.key.byteCount))
                found = try cursor.next()
            }
        }
        for key in keys { _ = try lmdb.delete(table, key.rawSpan) }
        return !keys.isEmpty
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
