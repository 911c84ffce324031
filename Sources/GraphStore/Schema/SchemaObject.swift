public import PropertyGraph

/// What a schema object does.
public enum SchemaKind: UInt8, Hashable, Sendable {
    /// An ordered index over one or more properties.
    case index = 1
    /// A unique constraint, which is an ordered index as well.
    case unique = 2
    /// A property of an edge type kept beside the neighbour in adjacency blocks.
    case inlineProperty = 3

    /// The word for it in messages and listings.
    public var word: String {
        switch self {
        case .index: "index"
        case .unique: "unique constraint"
        case .inlineProperty: "inline property"
        }
    }
}

/// An index, a constraint or an inline property, as people see it.
public struct SchemaObject: Hashable, Sendable {
    /// Its name, unique in the database.
    public let name: String
    /// What it does.
    public let kind: SchemaKind
    /// Whether it is about nodes or edges.
    public let entity: EntityKind
    /// The label or edge type it is about.
    public let labelOrType: String
    /// The properties, in order.
    public let properties: [PropertyKey]

    /// Makes a description of a schema object.
    public init(
        name: String, kind: SchemaKind, entity: EntityKind, labelOrType: String,
        properties: [PropertyKey]
    ) {
        self.name = name
        self.kind = kind
        self.entity = entity
        self.labelOrType = labelOrType
        self.properties = properties
    }

    /// Compares names by their bytes, as everything in the database does.
    public static func == (lhs: Self, rhs: Self) -> Bool {
        lhs.kind == rhs.kind && lhs.entity == rhs.entity && lhs.properties == rhs.properties
            && UTF8Order.equal(lhs.name, rhs.name)
            && UTF8Order.equal(lhs.labelOrType, rhs.labelOrType)
    }
}
