public import PropertyGraph

/// What a schema object does.
public enum SchemaKind: UInt8, Hashable, Sendable {
    /// An ordered index over one or more properties.
    case index = 1
    /// A unique constraint, which is an ordered index as well.
    case unique = 2
    /// A property of an edge type kept beside the neighbour in adjacency blocks.
    case inlineProperty = 3
    /// A property that must have a value.
    case existence = 4
    /// A property whose values must be of certain types.
    case type = 5
    /// Properties that must have values, and be unique together: a unique constraint without
    /// exemption.
    case key = 6

    /// The word for it in messages and listings.
    public var word: String {
        switch self {
        case .index: "index"
        case .unique: "unique constraint"
        case .inlineProperty: "inline property"
        case .existence: "existence constraint"
        case .type: "type constraint"
        case .key: "key constraint"
        }
    }

    /// Whether it is an ordered index, or is one as well.
    public var isOrdered: Bool { self == .index || isUnique }

    /// Whether it lets no two nodes or edges have equal values.
    public var isUnique: Bool { self == .unique || self == .key }

    /// Whether it can refuse a change.
    public var isConstraint: Bool { self != .index && self != .inlineProperty }

    /// What it demands of properties beside their order: one object of each for the same ones.
    enum Family { case order, inline, existence, type }

    var family: Family {
        switch self {
        case .index, .unique, .key: .order
        case .inlineProperty: .inline
        case .existence: .existence
        case .type: .type
        }
    }
}

/// Whether an index can be used yet.
public enum SchemaState: Hashable, Sendable {
    /// It holds everything: reads use it.
    case online
    /// It is being built in slices; reads do not use it yet.
    case building(done: Double)
    /// It cannot be built, for the reason given; nothing uses it, and it is to be dropped.
    case failed(String)
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
    /// The types that a type constraint allows; nil for other kinds.
    public let type: PropertyType?
    /// Whether it can be used yet; no part of what it is, so not compared.
    public let state: SchemaState

    /// Makes a description of a schema object; without a name it gets the one it would be created
    /// with, such as `unique_Person_name`.
    public init(
        name: String? = nil, kind: SchemaKind, entity: EntityKind, labelOrType: String,
        properties: [PropertyKey], type: PropertyType? = nil, state: SchemaState = .online
    ) {
        self.name = name ?? Self.defaultName(kind, labelOrType, properties)
        self.kind = kind
        self.entity = entity
        self.labelOrType = labelOrType
        self.properties = properties
        self.type = type
        self.state = state
    }

    static func defaultName(
        _ kind: SchemaKind, _ labelOrType: String, _ properties: [PropertyKey]
    ) -> String {
        let word =
            switch kind {
            case .index: "index"
            case .unique: "unique"
            case .key: "key"
            case .existence: "exists"
            case .type: "type"
            case .inlineProperty: "inline"
            }
        return ([word, labelOrType] + properties.map(\.name)).joined(separator: "_")
    }

    /// Whether another object demands the same, whatever the two are called.
    public func demandsSame(as other: SchemaObject) -> Bool {
        kind == other.kind && entity == other.entity && properties == other.properties
            && type == other.type && UTF8Order.equal(labelOrType, other.labelOrType)
    }

    /// Whether another object cannot stand beside it: for its name, or for what it is about.
    func excludes(_ other: SchemaObject) -> Bool {
        if UTF8Order.equal(name, other.name) { return true }
        return entity == other.entity && UTF8Order.equal(labelOrType, other.labelOrType)
            && kind.family == other.kind.family
            && (kind == .inlineProperty || properties == other.properties)
    }

    /// Compares names by their bytes, as everything in the database does.
    public static func == (lhs: Self, rhs: Self) -> Bool {
        lhs.kind == rhs.kind && lhs.entity == rhs.entity && lhs.properties == rhs.properties
            && lhs.type == rhs.type && UTF8Order.equal(lhs.name, rhs.name)
            && UTF8Order.equal(lhs.labelOrType, rhs.labelOrType)
    }

    /// Feeds what `==` compares.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(kind)
        hasher.combine(entity)
        hasher.combine(properties)
        hasher.combine(name)
        hasher.combine(labelOrType)
    }
}
