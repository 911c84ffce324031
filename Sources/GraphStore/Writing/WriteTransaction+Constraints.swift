internal import LMDB
internal import PropertyGraph

// What must hold when a closure ends. While it runs, only what looks broken is noted, so a closure
// may break a constraint and mend it, and one that breaks none pays next to nothing.
extension WriteTransaction {
    mutating func suspect(_ entry: SchemaEntry, _ key: [UInt8]) {
        state.suspects.append(UniqueSuspect(entry: entry, key: key))
    }

    /// Checks what must hold when a closure ends: first that values are unique, then that they
    /// exist, then their types.
    ///
    /// - Throws: `.uniqueViolation`, `.existenceViolation`, `.typeViolation`, naming the nodes.
    func checkConstraints() throws {
        for suspect in state.suspects {
            // A constraint dropped later in the same closure asks for nothing.
            guard let entry = state.catalog.entry(suspect.entry.number), entry.kind.isUnique else {
                continue
            }
            var ids: [UInt64] = []
            let view = view
            let full = indexKey(entry, suspect.key, 0)
            guard let bytes = try view.bytes.get(tables.unique, full.span) else { continue }
            view.appendIDs(in: bytes, to: &ids)
            try view.checkUnique(ids.sorted(), entry)
        }
        guard !state.doubts.isEmpty || !state.unproven.isEmpty else { return }
        let demands = state.catalog.entries.filter { $0.kind.isConstraint && $0.kind != .unique }
        for isType in [false, true] {
            for entry in demands where (entry.kind == .type) == isType { try prove(entry) }
        }
    }

    private func prove(_ entry: SchemaEntry) throws {
        let view = view
        var broken = BrokenDemand()
        let isNew = state.unproven.contains(entry.number)
        if isNew {
            try view.forEachMember(entry.entity, entry.symbol) {
                if try view.isBroken(entry, $0) { broken.add($0) }
                return true
            }
        } else {
            let doubts = state.doubts.filter { $0.entry == entry.number }.map { $0.id }.sorted()
            for id in doubts where try view.isBroken(entry, id) { broken.add(id) }
        }
        if broken.count > 0 { throw try view.violation(of: entry, broken, isNew: isNew) }
    }
}

/// The first entities that break a constraint, and how many do.
struct BrokenDemand {
    /// Enough to begin mending with.
    static let named = 5

    private(set) var ids: [UInt64] = []
    private(set) var count = 0

    mutating func add(_ id: UInt64) {
        if count < Self.named { ids.append(id) }
        count += 1
    }

    /// For example "nodes 3, 7 and 12 more".
    func text(_ entity: EntityKind) -> String {
        let noun = entity == .node ? "node" : "edge"
        return (count == 1 ? noun : noun + "s") + " " + Self.list(ids, of: count)
    }

    static func list(_ ids: [UInt64], of count: Int) -> String {
        let text = ids.prefix(named).map { String($0) }
        let more = count - text.count
        if more > 0 { return text.joined(separator: ", ") + " and \(more) more" }
        guard let last = text.last, text.count > 1 else { return text.joined() }
        return text.dropLast().joined(separator: ", ") + " and " + last
    }
}

extension GraphView {
    /// Whether an entity exists, has the label or type, and breaks an existence, type or key
    /// constraint; not whether its values are unique.
    func isBroken(_ entry: SchemaEntry, _ id: UInt64) throws -> Bool {
        switch entry.entity {
        case .node:
            guard let bytes = try bytes.get(tables.node, FixedKey(be64: id).span) else {
                return false
            }
            guard let record = RecordView(bytes) else {
                throw GraphStoreError.corrupted("record of node \(id)")
            }
            guard record.hasLabel(entry.symbol) else { return false }
        case .edge:
            guard try currentLocator(EdgeID(id))?.type == entry.symbol else { return false }
        }
        var properties: NumberedProperties = []
        for property in entry.properties {
            if let value = try currentValue(entry.entity, id, property) {
                properties.append((property, value))
            }
        }
        return entry.isBroken(by: properties)
    }

    /// What to say of an existence, type or key constraint that is broken.
    ///
    /// - Parameter isNew: Whether it was being created, over what is there.
    func violation(
        of entry: SchemaEntry, _ broken: BrokenDemand, isNew: Bool = false
    ) throws -> GraphStoreError {
        let found =
            entry.kind == .type
            ? try broken.ids.first.flatMap { id in
                try entry.properties.first.flatMap { try currentValue(entry.entity, id, $0) }
            } : nil
        let nodes = entry.entity == .node ? broken.ids.map { NodeID($0) } : []
        return try violation(
            of: entry, broken.text(entry.entity), broken.count, found, nodes,
            isNew ? ", then create it again." : ", or drop the constraint.")
    }

    /// - Parameters:
    ///   - who: Breaks it, in words.
    ///   - found: The value of the first, for a type constraint.
    func violation(
        of entry: SchemaEntry, _ who: String, _ count: Int, _ found: PropertyValue?,
        _ nodes: [NodeID], _ remedy: String
    ) throws -> GraphStoreError {
        let object = try describe(entry)
        let title = "\(object.kind.word) '\(object.name)' on \(object.labelOrType) is broken: "
        let head = title.prefix(1).uppercased() + title.dropFirst()
        if let type = object.type, let key = object.properties.first {
            let found =
                found.flatMap { PropertyType(of: $0) }
                .map { ", and is \($0)" + (count > 1 ? " in the first" : "") } ?? ""
            return GraphStoreError(
                .typeViolation,
                head + "'\(key)' of \(who) must be \(type)\(found). Convert the "
                    + (count == 1 ? "value" : "values") + remedy, nodes: nodes)
        }
        let names = object.properties.map { "'\($0)'" }.joined(separator: " or ")
        return GraphStoreError(
            .existenceViolation,
            head + "\(who) " + (count == 1 ? "has" : "have") + " no \(names). Set it"
                + remedy, nodes: nodes)
    }

    /// - Throws: `.uniqueViolation` when two of the entities have equal values.
    func checkUnique(_ ids: [UInt64], _ entry: SchemaEntry) throws {
        guard ids.count > 1 else { return }
        for (place, id) in ids.enumerated() {
            var values: [PropertyValue] = []
            for property in entry.properties {
                guard let value = try value(entry.entity, id, property) else {
                    throw GraphStoreError.corrupted("\(entry.name) lists \(entry.entity) \(id)")
                }
                values.append(value)
            }
            let twins = try ids[(place + 1)...].filter {
                try entity(entry.entity, $0, entry.properties, equal: values)
            }
            guard !twins.isEmpty else { continue }
            throw uniqueViolation([id] + twins, entry, values)
        }
    }

    private func uniqueViolation(_ ids: [UInt64], _ entry: SchemaEntry, _ values: [PropertyValue])
        -> GraphStoreError
    {
        let object = (try? describe(entry)) ?? nil
        let properties = zip(object?.properties ?? [], values)
            .map { "\($0.0) = \(ValueText.short($0.1))" }.joined(separator: ", ")
        let kind = entry.entity == .node ? "nodes" : "edges"
        let word = entry.kind == .key ? "Key" : "Unique"
        return GraphStoreError(
            .uniqueViolation,
            "\(word) constraint '\(entry.name)' on \(object?.labelOrType ?? "?") is broken: "
                + "\(kind) \(BrokenDemand.list(ids, of: ids.count)) have \(properties). "
                + "Change or delete all but one of them.",
            nodes: entry.entity == .node ? ids.map { NodeID($0) } : [])
    }

    /// A schema object by names.
    func describe(_ entry: SchemaEntry) throws -> SchemaObject {
        let state: SchemaState =
            switch entry.building {
            case .online: .online
            case .underWay(let done, let end):
                .building(done: end > 1 ? min(1, Double(done) / Double(end - 1)) : 1)
            case .failed(let reason): .failed(reason)
            }
        return SchemaObject(
            name: entry.name, kind: entry.kind, entity: entry.entity,
            labelOrType: entry.entity == .node
                ? try catalog.label(entry.symbol).name : try catalog.edgeType(entry.symbol).name,
            properties: try entry.properties.map { try catalog.propertyKey($0) },
            type: entry.type, state: state)
    }
}
