internal import LMDB
internal import PropertyGraph

/// What constraints demand of each row of a layout: existence and types, which the row alone tells.
///
/// A load into an open database writes at its end, when nobody knows any more which line of a file a
/// row was. So rows are held to this as they come; what is written at the end is held to the
/// constraints of that moment all the same.
struct RowDemands {
    private struct Demand {
        let entry: SchemaEntry
        /// Whether the load itself declares it.
        let isDeclared: Bool
    }

    private let demands: [Demand]
    private let inlineProperty: UInt32?

    /// - Parameter declared: What the load declares, by numbers.
    init(_ layout: RecordLayout, _ catalog: Catalog, declared: [SchemaEntry]) {
        let entity: EntityKind = layout.isEdge ? .edge : .node
        let symbols = layout.isEdge ? [layout.type] : layout.labels
        func holds(_ entry: SchemaEntry) -> Bool {
            entry.entity == entity && symbols.contains(entry.symbol) && entry.isOnline
                && entry.kind.isConstraint && entry.kind != .unique
        }
        demands =
            catalog.entries.filter(holds).map { Demand(entry: $0, isDeclared: false) }
            + declared.filter(holds).map { Demand(entry: $0, isDeclared: true) }
        inlineProperty = layout.inlineProperty
    }

    var isEmpty: Bool { demands.isEmpty }

    /// The first constraint that a row breaks, the value it breaks it with, and whether the load
    /// declares it; nil where it breaks none, or where its end must decide.
    func broken(
        by encoded: RawSpan
    ) -> (entry: SchemaEntry, value: PropertyValue?, isDeclared: Bool)? {
        guard let row = EncodedRow(encoded) else { return nil }
        for demand in demands {
            guard let properties = properties(of: demand.entry, in: row),
                demand.entry.isBroken(by: properties)
            else { continue }
            return (demand.entry, properties.first?.value, demand.isDeclared)
        }
        return nil
    }

    /// The properties a constraint is over; nil when one is long and apart, or the row is damaged.
    private func properties(of entry: SchemaEntry, in row: borrowing EncodedRow)
        -> NumberedProperties?
    {
        var properties: NumberedProperties = []
        for number in entry.properties {
            if number == inlineProperty {
                switch row.inline {
                case .integer(let value): properties.append((number, .integer(value)))
                case .double(let value): properties.append((number, .double(value)))
                case .absent: break
                case .elsewhere: return nil
                }
                continue
            }
            if row.record.isEmpty { continue }
            guard let record = RecordView(row.record) else { return nil }
            guard let place = record.find(number) else { continue }
            guard let value = record.value(at: place) else { return nil }
            properties.append((number, value))
        }
        return properties
    }
}

extension WriteTransaction {
    /// The constraints that a load declares, by numbers; without numbers of their own.
    mutating func constraints(_ objects: [SchemaObject]) throws -> [SchemaEntry] {
        var entries: [SchemaEntry] = []
        for object in objects where object.kind.isConstraint && object.kind != .unique {
            var properties: [UInt32] = []
            for property in object.properties { properties.append(try number(property)) }
            let symbol =
                object.entity == .node
                ? try number(Label(object.labelOrType)) : try number(EdgeType(object.labelOrType))
            var entry = SchemaEntry(
                number: 0, name: object.name, kind: object.kind, entity: object.entity,
                symbol: symbol, properties: properties)
            entry.type = object.type
            entries.append(entry)
        }
        return entries
    }
}
