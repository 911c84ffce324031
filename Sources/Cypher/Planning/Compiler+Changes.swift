internal import PropertyGraph

extension Compiler {
    /// A clause that changes the graph; its variables are in sight afterwards.
    mutating func change(_ clause: Clause) throws(CypherError) -> ChangeStep {
        switch clause.kind {
        case .create(let pattern):
            var paths: [CreatePath] = []
            for path in pattern.paths { paths.append(try created(path)) }
            return .create(paths)
        case .merge(let merge): return .merge(try self.merge(merge))
        case .set(let items): return .set(try sets(items))
        case .remove(let items):
            var steps: [SetStep] = []
            for item in items { steps.append(try removal(item)) }
            return .set(steps)
        case .delete(let targets, let isDetaching):
            return .delete(
                try codes(targets), isDetaching: isDetaching, targets.map(\.range))
        case .forEach(let name, let list, let clauses):
            let listCode = try code(list)
            return try inner { compiler throws(CypherError) in
                let slot = compiler.declare(name.text)
                var steps: [ChangeStep] = []
                for clause in clauses { steps.append(try compiler.change(clause)) }
                return .forEach(slot: slot, listCode, steps, list.range)
            }
        default: throw impossible(clause.range, "clause")
        }
    }

    // MARK: CREATE

    private mutating func created(_ path: PathPattern) throws(CypherError) -> CreatePath {
        var elements: [CreatePath.Element] = []
        var parts: [PathPart] = []
        var last: Int?
        var pending: RelationshipPattern?
        for element in path.elements {
            switch element {
            case .node(let node):
                let slot: Int
                if let name = node.variable, let known = scope[name.text] {
                    slot = known
                    elements.append(.bound(slot: known, node.range))
                } else {
                    let properties = try optional(node.properties)
                    let labels = try createdLabels(node.labels)
                    slot = node.variable.map { declare($0.text) } ?? newSlot()
                    elements.append(
                        .node(slot: slot, labels: labels, properties: properties, node.range))
                }
                if let pattern = pending, let start = last {
                    let relationship = try created(pattern, start, slot, &elements)
                    parts.append(.relationships(relationship))
                }
                parts.append(.node(slot))
                last = slot
                pending = nil
            case .relationship(let pattern): pending = pattern
            case .group(_, _, _, let range): throw impossible(range, "pattern")
            }
        }
        let named = path.variable.map { (slot: declare($0.text), parts: parts) }
        return CreatePath(elements: elements, path: named)
    }

    private mutating func created(
        _ pattern: RelationshipPattern, _ from: Int, _ to: Int,
        _ elements: inout [CreatePath.Element]
    ) throws(CypherError) -> Int {
        guard let types = pattern.types else { throw impossible(pattern.range, "pattern") }
        let type = try test(types)
        let properties = try optional(pattern.properties)
        let slot = pattern.variable.map { declare($0.text) } ?? newSlot()
        let isIncoming = pattern.direction == .incoming
        elements.append(
            .relationship(
                slot: slot, type: type, from: isIncoming ? to : from, to: isIncoming ? from : to,
                properties: properties, pattern.range))
        return slot
    }

    private mutating func createdLabels(
        _ labels: LabelExpression?
    ) throws(CypherError) -> [LabelTest] {
        switch labels {
        case nil: return []
        case .and(let parts):
            var tests: [LabelTest] = []
            for part in parts { tests += try createdLabels(part) }
            return tests
        case let labels?: return [try test(labels)]
        }
    }

    // MARK: MERGE

    private mutating func merge(_ merge: MergeClause) throws(CypherError) -> MergeStep {
        // What is found and what is made have the same slots, so the names are bound once.
        let before = (scope, order)
        let create = try created(merge.path)
        let after = (scope, order)
        (scope, order) = before
        let match = try matching([merge.path], nil)
        // The slots of the match go over into those of what is made.
        var moves: [(slot: Int, code: Code)] = []
        for (name, slot) in after.0 where before.0[name] == nil {
            if let found = scope[name] { moves.append((slot, .slot(found))) }
        }
        (scope, order) = after
        var properties: [(code: Code, range: SourceRange)] = []
        for element in create.elements {
            switch element {
            case .node(_, _, let code?, let range): properties.append((code, range))
            case .relationship(_, _, _, _, let code?, let range): properties.append((code, range))
            default: break
            }
        }
        return MergeStep(
            match: Pipeline(steps: match.steps + [.assign(moves)]), create: create,
            onCreate: try sets(merge.onCreate), onMatch: try sets(merge.onMatch),
            properties: properties)
    }

    // MARK: SET and REMOVE

    private mutating func sets(_ items: [SetItem]) throws(CypherError) -> [SetStep] {
        var steps: [SetStep] = []
        for item in items { steps.append(try set(item)) }
        return steps
    }

    private mutating func set(_ item: SetItem) throws(CypherError) -> SetStep {
        switch item {
        case .property(let target, let key, let value):
            return .property(
                try code(target), PropertyKey(key.text), try code(value), value.range)
        case .element(let target, let key, let value):
            return .element(try code(target), key: try code(key), try code(value), value.range)
        case .replace(let name, let value):
            return .replace(slot: slot(name.text), try code(value), value.range)
        case .add(let name, let value):
            return .add(slot: slot(name.text), try code(value), value.range)
        case .labels(let name, let labels):
            return try self.labels(name, labels, isRemoval: false)
        }
    }

    private mutating func removal(_ item: RemoveItem) throws(CypherError) -> SetStep {
        switch item {
        case .property(let target, let key):
            return .property(
                try code(target), PropertyKey(key.text), .constant(.null), key.range)
        case .element(let target, let key):
            return .element(try code(target), key: try code(key), .constant(.null), key.range)
        case .labels(let name, let labels):
            return try self.labels(name, labels, isRemoval: true)
        }
    }

    private mutating func labels(
        _ name: Name, _ labels: [LabelExpression], isRemoval: Bool
    ) throws(CypherError) -> SetStep {
        var tests: [LabelTest] = []
        for label in labels { tests += try createdLabels(label) }
        return .labels(slot: slot(name.text), tests, isRemoval: isRemoval, name.range)
    }
}
