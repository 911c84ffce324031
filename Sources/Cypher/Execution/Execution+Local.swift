internal import GraphStore
internal import PropertyGraph

extension Execution {
    /// Expressions with slots of their own.
    func local<T: GraphReading & ~Copyable>(_ code: Code, _ txn: borrowing T) throws -> Value {
        switch code {
        case .listComprehension(let slot, let list, let condition, let result, let range):
            guard let elements = try elements(list, txn, range) else { return .null }
            var results = GrowingList()
            for element in elements {
                try tick()
                slots[slot] = element
                if let condition, try truth(try value(condition, txn), range) != true { continue }
                try results.append(try result.map { try value($0, txn) } ?? element, self)
            }
            return .list(results.values)
        case .quantifier(let quantifier, let slot, let list, let condition, let range):
            guard let elements = try elements(list, txn, range) else { return .null }
            return try quantify(quantifier, slot, elements, condition, txn, range)
        case .reduction(let accumulator, let initial, let slot, let list, let body, let range):
            let first = try value(initial, txn)
            guard let elements = try elements(list, txn, range) else { return .null }
            slots[accumulator] = first
            for element in elements {
                try tick()
                slots[slot] = element
                slots[accumulator] = try value(body, txn)
            }
            return slots[accumulator]
        case .patternComprehension(let pipeline, let result):
            var results = GrowingList()
            _ = try push(pipeline.steps, 0, txn) {
                try results.append(try value(result, txn), self)
                return true
            }
            return .list(results.values)
        case .exists(let pipeline):
            var isThere = false
            _ = try push(pipeline.steps, 0, txn) {
                isThere = true
                return false
            }
            return .boolean(isThere)
        case .count(let pipeline, _):
            var count: Int64 = 0
            _ = try push(pipeline.steps, 0, txn) {
                count += 1
                return true
            }
            return .integer(count)
        case .collect(let pipeline, let result):
            var results = GrowingList()
            _ = try push(pipeline.steps, 0, txn) {
                try results.append(slots[result], self)
                return true
            }
            return .list(results.values)
        case .mapProjection(let base, let items):
            return try mapProjection(try value(base, txn), items, txn)
        case .shortestPath(let pipeline, let slot, let isAll):
            var paths: [Value] = []
            _ = try push(pipeline.steps, 0, txn) {
                paths.append(slots[slot])
                return isAll
            }
            return isAll ? .list(paths) : paths.first ?? .null
        case .path(let parts): return try path(parts, txn)
        default:
            throw CypherError(
                .semanticError, .runtime, .unexpectedSyntax, "This expression cannot be evaluated.")
        }
    }

    private func elements<T: GraphReading & ~Copyable>(
        _ list: Code, _ txn: borrowing T, _ range: SourceRange
    ) throws -> [Value]? {
        switch try value(list, txn) {
        case .null: return nil
        case .list(let elements): return elements
        case let other: throw wrongType("A list is expected", other, range)
        }
    }

    private func quantify<T: GraphReading & ~Copyable>(
        _ quantifier: Quantifier, _ slot: Int, _ elements: [Value], _ condition: Code?,
        _ txn: borrowing T, _ range: SourceRange
    ) throws -> Value {
        var trues = 0
        var falses = 0
        var nulls = 0
        for element in elements {
            try tick()
            slots[slot] = element
            let truth = try truth(
                try condition.map { try value($0, txn) } ?? element, range)
            switch truth {
            case true: trues += 1
            case false: falses += 1
            case nil: nulls += 1
            }
        }
        switch quantifier {
        case .all: return falses > 0 ? .boolean(false) : nulls > 0 ? .null : .boolean(true)
        case .any: return trues > 0 ? .boolean(true) : nulls > 0 ? .null : .boolean(false)
        case .none: return trues > 0 ? .boolean(false) : nulls > 0 ? .null : .boolean(true)
        case .single:
            return trues > 1 ? .boolean(false) : nulls > 0 ? .null : .boolean(trues == 1)
        }
    }

    private func mapProjection<T: GraphReading & ~Copyable>(
        _ base: Value, _ items: [MapProjectionCode], _ txn: borrowing T
    ) throws -> Value {
        if base.isNull { return .null }
        let nowhere = SourceRange(start: 0, end: 0)
        var map = ValueMap()
        for item in items {
            switch item {
            case .property(let key): map[key.name] = try property(key, of: base, txn, nowhere)
            case .allProperties:
                for entry in try properties(of: base, txn, nowhere).entries {
                    map[entry.key] = entry.value
                }
            case .entry(let key, let code): map[key] = try value(code, txn)
            }
        }
        return .map(map)
    }

    /// The properties of a node or relationship, or a map as it is.
    func properties<T: GraphReading & ~Copyable>(
        of value: Value, _ txn: borrowing T, _ range: SourceRange
    ) throws -> ValueMap {
        let stored: Properties
        switch value {
        case .map(let map): return map
        case .node(let id):
            try checkLiving(node: id, range)
            stored = try txn.node(id)?.properties ?? [:]
        case .relationship(let id):
            try checkLiving(relationship: id, range)
            stored = try txn.edge(id)?.properties ?? [:]
        default:
            throw wrongType("Properties come from a map, node or relationship", value, range)
        }
        return ValueMap(stored.map { ($0.key.name, Value($0.value)) })
    }

    /// The path over slots that are bound; null when one of them is.
    private func path<T: GraphReading & ~Copyable>(
        _ parts: [PathPart], _ txn: borrowing T
    ) throws -> Value {
        var nodes: [NodeID] = []
        var edges: [EdgeID] = []
        for part in parts {
            switch part {
            case .node(let slot):
                guard let id = node(slot) else { return .null }
                // The node behind a list of relationships was reached by walking them.
                if nodes.count <= edges.count { nodes.append(id) }
            case .relationships(let slot):
                if slots[slot].isNull { return .null }
                for edge in relationships(slot) {
                    guard let ends = try txn.edge(edge), let last = nodes.last else { return .null }
                    edges.append(edge)
                    nodes.append(ends.source == last ? ends.target : ends.source)
                }
            }
        }
        return .path(PathValue(nodes: nodes, relationships: edges))
    }
}
