internal import PropertyGraph

extension Compiler {
    /// A pipeline that finds a pattern for each row, with the condition of its WHERE.
    ///
    /// Variables of the pattern are in sight afterwards.
    ///
    /// - Parameter pathSlot: Where the only path of the pattern goes, when it has no name.
    mutating func matching(
        _ patterns: [PathPattern], _ condition: Expression?, pathSlot: Int? = nil,
        endsSuffice: Bool = false
    ) throws(CypherError) -> Pipeline {
        var planner = MatchPlanner(
            bound: Set(scope.values), knowledge: knowledge, isNaive: isNaive)
        planner.endsSuffice = endsSuffice && pathSlot == nil
        var wrapped: (count: Int, Bool)?
        for (place, path) in patterns.enumerated() {
            try add(path, place, to: &planner, pathSlot: pathSlot)
            if case .any(let count) = path.search { wrapped = (count, true) }
        }
        // Conditions may speak of variables further right, so they come when all are declared.
        for path in patterns { try addConditions(of: path, to: &planner) }
        if let condition {
            for part in condition.conjuncts { try add(part, to: &planner) }
        }
        let steps = planner.planned()
        guard let wrapped else { return Pipeline(steps: steps) }
        return Pipeline(steps: [.first(wrapped.count, Pipeline(steps: steps))])
    }

    private mutating func add(
        _ condition: Expression, to planner: inout MatchPlanner
    ) throws(CypherError) {
        planner.conditions.append(
            MatchPlanner.Condition(code: try code(condition), needs: needs(of: condition)))
    }

    /// The slots of all variables that an expression mentions.
    private func needs(of expression: Expression) -> Set<Int> {
        Set(expression.mentions.compactMap { scope[$0] })
    }

    // MARK: Structure

    private mutating func add(
        _ path: PathPattern, _ number: Int, to planner: inout MatchPlanner, pathSlot: Int?
    ) throws(CypherError) {
        var parts: [PathPart] = []
        var needs: Set<Int> = []
        var last: Int?
        var pending: PatternElement?
        for element in path.elements {
            switch element {
            case .node(let node):
                let slot = try self.node(node, to: &planner)
                if let pending, let last {
                    let between = try connect(
                        pending, last, slot, path.search, number, to: &planner)
                    parts.append(.relationships(between))
                    needs.insert(between)
                }
                parts.append(.node(slot))
                needs.insert(slot)
                last = slot
                pending = nil
            case .relationship:
                pending = element
            case .group:
                // A group stands between nodes; where none is written there is one without a name.
                if let open = pending, let start = last {
                    let slot = anonymous(to: &planner)
                    let between = try connect(open, start, slot, path.search, number, to: &planner)
                    parts += [.relationships(between), .node(slot)]
                    needs.formUnion([between, slot])
                    last = slot
                } else if last == nil {
                    let slot = anonymous(to: &planner)
                    parts.append(.node(slot))
                    needs.insert(slot)
                    last = slot
                }
                pending = element
            }
        }
        if let open = pending, let start = last {
            let slot = anonymous(to: &planner)
            let between = try connect(open, start, slot, path.search, number, to: &planner)
            parts += [.relationships(between), .node(slot)]
            needs.formUnion([between, slot])
        }
        let named = path.variable.map { declare($0.text) }
        if let slot = named ?? pathSlot {
            planner.paths.append(MatchPlanner.PathItem(slot: slot, parts: parts, needs: needs))
        }
    }

    private mutating func anonymous(to planner: inout MatchPlanner) -> Int {
        let slot = newSlot()
        planner.nodes.append(MatchPlanner.NodeItem(slot: slot))
        return slot
    }

    private mutating func node(
        _ node: NodePattern, to planner: inout MatchPlanner
    ) throws(CypherError) -> Int {
        let slot = node.variable.map { self.slot($0.text) } ?? newSlot()
        elementSlots[node.range] = slot
        slotRanges[slot] = slotRanges[slot] ?? node.range
        if !planner.nodes.contains(where: { $0.slot == slot }) {
            planner.nodes.append(MatchPlanner.NodeItem(slot: slot))
        }
        return slot
    }

    /// Adds what stands between two nodes; the slot of its relationship or list.
    private mutating func connect(
        _ element: PatternElement, _ from: Int, _ to: Int, _ search: PathPattern.Search,
        _ number: Int, to planner: inout MatchPlanner
    ) throws(CypherError) -> Int {
        switch element {
        case .relationship(let pattern):
            return try connect(pattern, from, to, search, number, to: &planner)
        case .group(let path, let condition, let repetition, _):
            return try group(path, condition, repetition, from, to, number, to: &planner)
        case .node(let node):
            throw impossible(node.range, "pattern")
        }
    }

    private mutating func connect(
        _ pattern: RelationshipPattern, _ from: Int, _ to: Int, _ search: PathPattern.Search,
        _ number: Int, to planner: inout MatchPlanner
    ) throws(CypherError) -> Int {
        let known = pattern.variable.flatMap { scope[$0.text] }
        let isBound = known.map { planner.bound.contains($0) } ?? false
        let slot = known ?? pattern.variable.map { declare($0.text) } ?? newSlot()
        elementSlots[pattern.range] = slot
        slotRanges[slot] = slotRanges[slot] ?? pattern.range
        let step = newSlot()
        let types = self.types(pattern.types)
        var found: ShortestSearch?
        if let wanted = Self.wanted(search) {
            found = ShortestSearch(
                from: from, to: to, relationships: slot,
                direction: MatchPlanner.direction(pattern.direction, isReversed: false),
                types: types, minimum: pattern.length?.minimum ?? 1,
                maximum: pattern.length == nil ? 1 : pattern.length?.maximum, step: step,
                condition: try stepCondition(pattern, step), count: wanted.count,
                isGrouped: wanted.isGrouped)
        }
        planner.relationships.append(
            MatchPlanner.RelationshipItem(
                slot: slot, from: from, to: to, direction: pattern.direction, types: types,
                length: pattern.length, step: step,
                stepCondition: pattern.length == nil ? nil : try stepCondition(pattern, step),
                isBound: isBound, isNamed: pattern.variable != nil, group: nil, search: found,
                pattern: number))
        return slot
    }

    private static func wanted(_ search: PathPattern.Search) -> (count: Int?, isGrouped: Bool)? {
        switch search {
        case .every, .any: nil
        case .shortest(let count): (count, false)
        case .allShortest: (1, true)
        case .shortestGroups(let count): (count, true)
        }
    }

    func types(_ types: LabelExpression?) -> TypeTest {
        guard let types else { return .every }
        if let names = types.disjunction {
            return .names(Set(names.map { EdgeType($0.text) }).sorted())
        }
        return .test(typeTest(types))
    }

    /// A test without computed names, which types of relationships may not have in a match.
    private func typeTest(_ types: LabelExpression) -> LabelTest {
        switch types {
        case .name(let name): .name(name.text)
        case .and(let parts): .and(parts.map(typeTest))
        case .or(let parts): .or(parts.map(typeTest))
        case .not(let part): .not(typeTest(part))
        case .any, .computed: .any
        }
    }

    /// What must be true of each relationship of a path, in the slot of a step.
    private mutating func stepCondition(
        _ pattern: RelationshipPattern, _ step: Int
    ) throws(CypherError) -> Code? {
        var parts: [Code] = []
        for entry in try entries(pattern.properties) {
            parts.append(
                .comparison(
                    [
                        .property(.slot(step), PropertyKey(entry.key.text), entry.key.range),
                        try code(entry.value),
                    ], [.equal]))
        }
        if let condition = pattern.condition {
            let outer = pattern.variable.flatMap { scope[$0.text] }
            if let name = pattern.variable { bind(name.text, step) }
            parts.append(try code(condition))
            if let name = pattern.variable, let outer { bind(name.text, outer) }
        }
        if case .computed(let expression) = pattern.types {
            parts.append(
                .hasLabels(.slot(step), .computed(try code(expression)), expression.range))
        }
        guard let first = parts.first else { return nil }
        return parts.count == 1 ? first : .junction(.and, parts, pattern.range)
    }

    private func entries(_ properties: Expression?) throws(CypherError) -> [MapEntry] {
        guard let properties else { return [] }
        guard case .map(let entries) = properties.kind else {
            throw impossible(properties.range, "map of properties")
        }
        return entries
    }

    // MARK: Groups

    private mutating func group(
        _ path: PathPattern, _ condition: Expression?, _ repetition: Repetition, _ from: Int,
        _ to: Int, _ number: Int, to planner: inout MatchPlanner
    ) throws(CypherError) -> Int {
        let before = (scope, order)
        var inner = MatchPlanner(bound: planner.bound, knowledge: knowledge, isNaive: true)
        try add(path, number, to: &inner, pathSlot: nil)
        guard let first = inner.nodes.first?.slot, let last = inner.nodes.last?.slot else {
            throw impossible(path.range, "pattern")
        }
        let relationships = inner.relationships.map(\.slot)
        inner.bound.insert(first)
        try addConditions(of: path, to: &inner)
        if let condition {
            for part in condition.conjuncts { try add(part, to: &inner) }
        }
        let pipeline = Pipeline(steps: inner.planned())
        let named = order.filter { before.0[$0] == nil }.compactMap { name in
            scope[name].map { (name, $0) }
        }
        (scope, order) = before
        let lists = named.map { (inner: $0.1, list: declare($0.0)) }
        let all = newSlot()
        slotRanges[all] = path.range
        let repeated = GroupRepetition(
            from: from, to: to, isInto: false, inner: pipeline, innerStart: first, innerEnd: last,
            minimum: repetition.minimum, maximum: repetition.maximum, lists: lists,
            relationships: relationships, all: all, distinctFrom: [])
        planner.relationships.append(
            MatchPlanner.RelationshipItem(
                slot: all, from: from, to: to, direction: .outgoing, types: .every, length: nil,
                step: newSlot(), stepCondition: nil, isBound: false, isNamed: true,
                group: repeated, search: nil,
                pattern: number))
        return all
    }

    // MARK: Conditions

    /// Labels, properties and conditions that stand in a pattern.
    private mutating func addConditions(
        of path: PathPattern, to planner: inout MatchPlanner
    ) throws(CypherError) {
        for element in path.elements {
            switch element {
            case .node(let node):
                guard let slot = elementSlots[node.range] else { continue }
                if let labels = node.labels {
                    let test = try test(labels)
                    if let place = planner.nodes.firstIndex(where: { $0.slot == slot }) {
                        planner.nodes[place].labels.append(test)
                    }
                }
                for entry in try entries(node.properties) {
                    try add(entry, of: slot, to: &planner)
                }
                if let condition = node.condition {
                    for part in condition.conjuncts { try add(part, to: &planner) }
                }
            case .relationship(let pattern):
                guard pattern.length == nil, path.search == .every || isAny(path.search) else {
                    continue
                }
                try addConditions(of: pattern, to: &planner)
            case .group:
                continue
            }
        }
    }

    private func isAny(_ search: PathPattern.Search) -> Bool {
        if case .any = search { true } else { false }
    }

    private mutating func addConditions(
        of pattern: RelationshipPattern, to planner: inout MatchPlanner
    ) throws(CypherError) {
        let needsSlot =
            pattern.properties != nil || pattern.condition != nil
            || pattern.types?.isComputed ?? false
        guard needsSlot else { return }
        guard let slot = elementSlots[pattern.range] else { return }
        for entry in try entries(pattern.properties) { try add(entry, of: slot, to: &planner) }
        if let condition = pattern.condition {
            for part in condition.conjuncts { try add(part, to: &planner) }
        }
        if case .computed(let expression) = pattern.types {
            planner.conditions.append(
                MatchPlanner.Condition(
                    code: .hasLabels(
                        .slot(slot), .computed(try code(expression)), expression.range),
                    needs: needs(of: expression).union([slot])))
        }
    }

    private mutating func add(
        _ entry: MapEntry, of slot: Int, to planner: inout MatchPlanner
    ) throws(CypherError) {
        let value = try code(entry.value)
        planner.conditions.append(
            MatchPlanner.Condition(
                code: .comparison(
                    [.property(.slot(slot), PropertyKey(entry.key.text), entry.key.range), value],
                    [.equal]),
                needs: needs(of: entry.value).union([slot])))
    }
}
