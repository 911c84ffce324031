internal import PropertyGraph

extension WriteTransaction {
    /// Creates the index, constraint or inline property that a description tells of, over what is
    /// there; for following a feed, and for putting back what was listed elsewhere.
    ///
    /// - Throws: As the method for its kind; `.invalidValue` for a description of none.
    @discardableResult
    public mutating func createSchemaObject(_ object: SchemaObject) throws -> SchemaObject {
        let (keys, name) = (object.properties, object.name)
        let (label, type) = (Label(object.labelOrType), EdgeType(object.labelOrType))
        switch (object.kind, object.entity) {
        case (.index, .node): return try createIndex(label: label, properties: keys, name: name)
        case (.index, .edge): return try createIndex(edgeType: type, properties: keys, name: name)
        case (.unique, .node):
            return try createUniqueConstraint(label: label, properties: keys, name: name)
        case (.unique, .edge):
            return try createUniqueConstraint(edgeType: type, properties: keys, name: name)
        case (.key, .node):
            return try createKeyConstraint(label: label, properties: keys, name: name)
        case (.key, .edge):
            return try createKeyConstraint(edgeType: type, properties: keys, name: name)
        default: break
        }
        guard let key = keys.first, keys.count == 1 else { throw Self.noSuchObject(object) }
        switch (object.kind, object.entity, object.type) {
        case (.inlineProperty, .edge, _):
            return try setInlineProperty(key, of: type, name: name)
        case (.existence, .node, _):
            return try createExistenceConstraint(label: label, property: key, name: name)
        case (.existence, .edge, _):
            return try createExistenceConstraint(edgeType: type, property: key, name: name)
        case (.type, .node, let allowed?):
            return try createTypeConstraint(
                label: label, property: key, type: allowed, name: name)
        case (.type, .edge, let allowed?):
            return try createTypeConstraint(
                edgeType: type, property: key, type: allowed, name: name)
        default: throw Self.noSuchObject(object)
        }
    }

    /// Creates the objects that are not there yet, whatever they are called.
    ///
    /// - Throws: As `createSchemaObject`; `.schemaExists` when another kind of object stands in the
    ///   way of one, or has its name.
    public mutating func declare(_ objects: [SchemaObject]) throws {
        var known = try schemaObjects()
        for object in objects where !known.contains(where: { $0.demandsSame(as: object) }) {
            known.append(try createSchemaObject(object))
        }
    }

    private static func noSuchObject(_ object: SchemaObject) -> GraphStoreError {
        GraphStoreError(
            .invalidValue,
            "The \(object.kind.word) '\(object.name)' cannot be made from its description: "
                + "\(object.entity)s with \(object.properties.count) properties.")
    }
}
