internal import GraphStore
internal import PropertyGraph

extension Execution {
    /// Applies a change for every row, in order, and returns the rows after it.
    func change(
        _ step: ChangeStep, _ rows: [[Value]], _ txn: inout WriteTransaction
    ) throws -> [[Value]] {
        if case .delete(let targets, let isDetaching, let ranges) = step {
            try delete(targets, rows, isDetaching: isDetaching, ranges, &txn)
            return rows
        }
        var results: [[Value]] = []
        results.reserveCapacity(rows.count)
        for row in rows {
            try tick()
            slots = row
            switch step {
            case .create(let paths):
                for path in paths { try create(path, &txn) }
                results.append(slots)
            case .merge(let merge): results += try self.merge(merge, &txn)
            case .set(let items):
                for item in items { try set(item, &txn) }
                results.append(slots)
            case .forEach(let slot, let list, let steps, let range):
                try forEach(slot, list, steps, range, &txn)
                results.append(row)
            case .subquery(let plan, let isOptional):
                let inner = try update(plan, &txn)
                if plan.outputs.isEmpty {
                    results.append(row)
                } else if inner.isEmpty, isOptional {
                    results.append(row)
                } else {
                    results += inner
                }
            case .call(let step): results += try change(step, &txn)
            case .delete, .batches: break
            }
        }
        return results
    }

    private func forEach(
        _ slot: Int, _ list: Code, _ steps: [ChangeStep], _ range: SourceRange,
        _ txn: inout WriteTransaction
    ) throws {
        let elements: [Value]
        switch try value(list, txn) {
        case .null: return
        case .list(let found): elements = found
        case let other: throw wrongType("FOREACH goes through a list", other, range)
        }
        let before = slots
        for element in elements {
            slots = before
            slots[slot] = element
            var rows = [slots]
            for step in steps { rows = try change(step, rows, &txn) }
        }
        slots = before
    }

    // MARK: CREATE

    private func create(_ path: CreatePath, _ txn: inout WriteTransaction) throws {
        // Nodes first: a relationship needs both ends.
        for element in path.elements {
            switch element {
            case .node(let slot, let labels, let properties, let range):
                let stored = try self.stored(properties, &txn, range)
                var names: [Label] = []
                for label in labels { names += try self.labels(label, txn, range) }
                slots[slot] = .node(try txn.createNode(labels: names, properties: stored))
            case .bound(let slot, let range):
                guard let id = node(slot) else {
                    throw CypherError(
                        .semanticError, .runtime, .invalidArgumentValue,
                        "A relationship cannot be created: a node at its end is null.", at: range)
                }
                try checkLiving(node: id, range)
            case .relationship: continue
            }
        }
        for case .relationship(let slot, let type, let from, let to, let code, let range)
            in path.elements
        {
            guard let source = node(from), let target = node(to) else { continue }
            let names = try self.labels(type, txn, range)
            guard let name = names.first, names.count == 1 else {
                throw CypherError.argument(
                    .invalidArgumentValue, "A relationship has exactly one type.", at: range)
            }
            let stored = try self.stored(code, &txn, range)
            slots[slot] = .relationship(
                try txn.createEdge(
                    EdgeType(name.name), from: source, to: target, properties: stored))
        }
        if let named = path.path { slots[named.slot] = try value(.path(named.parts), txn) }
    }

    private func labels<T: GraphReading & ~Copyable>(
        _ test: LabelTest, _ txn: borrowing T, _ range: SourceRange
    ) throws -> [Label] {
        switch test {
        case .name(let name): return [Label(name)]
        case .and(let parts):
            var labels: [Label] = []
            for part in parts { labels += try self.labels(part, txn, range) }
            return labels
        case .computed(let code):
            return try names(try value(code, txn), range).map { Label($0) }
        case .or, .not, .any: return []
        }
    }

    private func stored(
        _ code: Code?, _ txn: inout WriteTransaction, _ range: SourceRange
    ) throws -> Properties {
        guard let code else { return [:] }
        let map = try value(code, txn)
        guard case .map(let entries) = map else {
            throw wrongType("Properties come from a map", map, range)
        }
        return try stored(entries, range)
    }

    /// The entries of a map as properties; those that are null are left out.
    private func stored(_ map: ValueMap, _ range: SourceRange) throws -> Properties {
        var properties: Properties = [:]
        for entry in map.entries where !entry.value.isNull {
            properties[PropertyKey(entry.key)] = try stored(entry.value, entry.key, range)
        }
        return properties
    }

    private func stored(
        _ value: Value, _ key: String, _ range: SourceRange
    ) throws -> PropertyValue {
        if let stored = value.storable { return stored }
        throw CypherError.type(
            .invalidPropertyType,
            "Property `\(key)` cannot hold this \(value.typeName). Properties hold booleans, "
                + "numbers, strings, temporal values, points, and lists of one of them.", at: range)
    }

    // MARK: MERGE

    private func merge(
        _ step: MergeStep, _ txn: inout WriteTransaction
    ) throws -> [[Value]] {
        for properties in step.properties {
            guard case .map(let map) = try value(properties.code, txn) else { continue }
            for entry in map.entries where entry.value.isNull {
                throw CypherError(
                    .semanticError, .runtime, .mergeReadOwnWrites,
                    "MERGE cannot look for `\(entry.key)`, which is null: nothing equals null.",
                    at: properties.range)
            }
        }
        var found: [[Value]] = []
        let before = slots
        _ = try push(step.match.steps, 0, txn) {
            try keep(rowBytes)
            found.append(slots)
            return true
        }
        if found.isEmpty {
            slots = before
            try create(step.create, &txn)
            for item in step.onCreate { try set(item, &txn) }
            return [slots]
        }
        guard !step.onMatch.isEmpty else { return found }
        return try found.map { row in
            slots = row
            for item in step.onMatch { try set(item, &txn) }
            return slots
        }
    }

    // MARK: SET

    private func set(_ item: SetStep, _ txn: inout WriteTransaction) throws {
        switch item {
        case .property(let target, let key, let value, let range):
            try set(
                key, of: try self.value(target, txn), to: try self.value(value, txn), &txn, range)
        case .element(let target, let key, let value, let range):
            let name = try self.value(key, txn)
            guard case .string(let text) = name else {
                throw CypherError.type(
                    .mapElementAccessByNonString,
                    "A key is a string, and this is \(name.typeName).", at: range)
            }
            try set(
                PropertyKey(text), of: try self.value(target, txn),
                to: try self.value(value, txn), &txn, range)
        case .replace(let slot, let code, let range):
            try setAll(slot, code, replaces: true, &txn, range)
        case .add(let slot, let code, let range):
            try setAll(slot, code, replaces: false, &txn, range)
        case .labels(let slot, let tests, let isRemoval, let range):
            guard let id = node(slot) else {
                if slots[slot].isNull { return }
                throw wrongType("Labels are those of nodes", slots[slot], range)
            }
            try checkLiving(node: id, range)
            for test in tests {
                for label in try labels(test, txn, range) {
                    if isRemoval {
                        try txn.removeLabel(label, from: id)
                    } else {
                        try txn.addLabel(label, to: id)
                    }
                }
            }
        }
    }

    private func set(
        _ key: PropertyKey, of target: Value, to value: Value, _ txn: inout WriteTransaction,
        _ range: SourceRange
    ) throws {
        let stored = value.isNull ? nil : try stored(value, key.name, range)
        switch target {
        case .null: return
        case .node(let id):
            try checkLiving(node: id, range)
            try txn.setProperty(key, of: id, to: stored)
        case .relationship(let id):
            try checkLiving(relationship: id, range)
            try txn.setProperty(key, of: id, to: stored)
        default: throw wrongType("Properties are set on nodes and relationships", target, range)
        }
    }

    private func setAll(
        _ slot: Int, _ code: Code, replaces: Bool, _ txn: inout WriteTransaction,
        _ range: SourceRange
    ) throws {
        let target = slots[slot]
        if target.isNull { return }
        let source = try value(code, txn)
        if source.isNull { return }
        let map = try properties(of: source, txn, range)
        let new = try stored(map, range)
        switch target {
        case .node(let id):
            try checkLiving(node: id, range)
            if replaces { return try txn.setProperties(of: id, to: new) }
            for entry in map.entries {
                try txn.setProperty(PropertyKey(entry.key), of: id, to: new[PropertyKey(entry.key)])
            }
        case .relationship(let id):
            try checkLiving(relationship: id, range)
            if replaces {
                for key in try txn.edge(id)?.properties.keys.sorted() ?? [] where new[key] == nil {
                    try txn.setProperty(key, of: id, to: nil)
                }
            }
            for entry in map.entries {
                try txn.setProperty(PropertyKey(entry.key), of: id, to: new[PropertyKey(entry.key)])
            }
        default: throw wrongType("Properties are set on nodes and relationships", target, range)
        }
    }

    // MARK: DELETE

    /// Deletes what the targets of all rows are, relationships first, so that no order of rows
    /// matters.
    private func delete(
        _ targets: [Code], _ rows: [[Value]], isDetaching: Bool, _ ranges: [SourceRange],
        _ txn: inout WriteTransaction
    ) throws {
        var nodes: Set<NodeID> = []
        var edges: Set<EdgeID> = []
        for row in rows {
            slots = row
            for (target, range) in zip(targets, ranges) {
                switch try value(target, txn) {
                case .null: continue
                case .node(let id): nodes.insert(id)
                case .relationship(let id): edges.insert(id)
                case .path(let path):
                    nodes.formUnion(path.nodes)
                    edges.formUnion(path.relationships)
                case let other:
                    throw wrongType("DELETE takes nodes, relationships and paths", other, range)
                }
            }
        }
        if isDetaching {
            for node in nodes where try txn.contains(node) {
                try txn.forEachNeighbor(of: node, .both) {
                    edges.insert($0.edge)
                    return true
                }
            }
        }
        for edge in edges.sorted() {
            guard let found = try txn.edge(edge) else { continue }
            try txn.deleteEdge(edge)
            deletedRelationships[edge] = found.type
        }
        for node in nodes.sorted() where try txn.contains(node) {
            guard try txn.degree(of: node, .both) == 0 else {
                throw CypherError(
                    .constraintVerificationFailed, .runtime, .deleteConnectedNode,
                    "Node \(node) still has relationships. Delete them too, or write DETACH DELETE.",
                    at: ranges.first)
            }
            try txn.deleteNode(node)
            deletedNodes.insert(node)
        }
    }
}
