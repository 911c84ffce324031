internal import PropertyGraph

/// Chooses the order in which the pattern of one MATCH is found.
///
/// It keeps the nodes and relationships still to be found and the conditions still to be tested. A
/// condition is tested as soon as all it speaks of is bound; of the relationships that touch a
/// bound node the one with fewest expected rows is gone over next; where none does, the cheapest
/// node is looked up or scanned. Naive planning takes everything from left to right.
struct MatchPlanner {
    struct NodeItem {
        let slot: Int
        var labels: [LabelTest] = []
    }

    struct RelationshipItem {
        let slot: Int
        let from: Int
        let to: Int
        let direction: RelationshipPattern.Direction
        let types: TypeTest
        let length: Repetition?
        /// For variable lengths: the slot of one step and what must be true of it.
        let step: Int
        let stepCondition: Code?
        let isBound: Bool
        /// Whether something can ask for it.
        let isNamed: Bool
        let group: GroupRepetition?
        let search: ShortestSearch?
        let pattern: Int
    }

    struct Condition {
        let code: Code
        let needs: Set<Int>
    }

    struct PathItem {
        let slot: Int
        let parts: [PathPart]
        let needs: Set<Int>
    }

    var nodes: [NodeItem] = []
    var relationships: [RelationshipItem] = []
    var conditions: [Condition] = []
    var paths: [PathItem] = []
    var bound: Set<Int>
    let knowledge: Compiler.Knowledge
    let isNaive: Bool
    /// Whether each row is needed once, however often it is found.
    var endsSuffice = false

    private var steps: [Step] = []
    /// Relationship slots bound in this MATCH, which later ones must differ from.
    private var used: [(slot: Int, types: TypeTest)] = []

    init(bound: Set<Int>, knowledge: Compiler.Knowledge, isNaive: Bool) {
        self.bound = bound
        self.knowledge = knowledge
        self.isNaive = isNaive
    }

    mutating func planned() -> [Step] {
        for node in nodes where bound.contains(node.slot) {
            steps.append(.require(slot: node.slot, isNode: true))
            take(node)
        }
        for item in relationships where item.isBound && item.length == nil && item.group == nil {
            steps.append(.require(slot: item.slot, isNode: false))
        }
        applyConditions()
        while true {
            if let place = nextRelationship() {
                expand(relationships.remove(at: place))
            } else if let place = nextStart() {
                start(nodes[place])
            } else {
                break
            }
            applyConditions()
        }
        for condition in conditions { steps.append(.filter(condition.code)) }
        return steps
    }

    // MARK: Conditions

    private mutating func applyConditions() {
        while true {
            if let place = paths.firstIndex(where: { $0.needs.isSubset(of: bound) }) {
                let path = paths.remove(at: place)
                steps.append(.assign([(path.slot, .path(path.parts))]))
                bound.insert(path.slot)
                continue
            }
            guard let place = conditions.firstIndex(where: { $0.needs.isSubset(of: bound) }) else {
                return
            }
            steps.append(.filter(conditions.remove(at: place).code))
        }
    }

    /// Marks a node as found and tests its labels.
    private mutating func take(_ node: NodeItem, butNot tested: Int? = nil) {
        bound.insert(node.slot)
        for (place, label) in node.labels.enumerated() where place != tested {
            steps.append(
                .filter(.hasLabels(.slot(node.slot), label, SourceRange(start: 0, end: 0))))
        }
    }

    // MARK: Relationships

    private func nextRelationship() -> Int? {
        var best: (place: Int, cost: Double)?
        for (place, item) in relationships.enumerated() {
            let hasFrom = bound.contains(item.from)
            let hasTo = bound.contains(item.to)
            guard hasFrom || hasTo else { continue }
            if item.search != nil, !hasFrom || !hasTo { continue }
            if item.group != nil, !hasFrom { continue }
            if isNaive { return place }
            let cost = cost(item, isInto: hasFrom && hasTo)
            if best == nil || cost < best?.cost ?? 0 { best = (place, cost) }
        }
        return best?.place
    }

    /// The rows expected for each row, more or less.
    private func cost(_ item: RelationshipItem, isInto: Bool) -> Double {
        if item.isBound { return 0 }
        let all = max(1, Double(knowledge.nodeCount(nil)))
        var fanOut: Double
        switch item.types {
        case .names(let types):
            fanOut = types.reduce(0) { $0 + Double(knowledge.edgeCount($1)) } / all
        case .every, .test: fanOut = Double(knowledge.edgeCount(nil)) / all
        }
        if item.direction == .either { fanOut *= 2 }
        if item.length != nil || item.group != nil { fanOut = fanOut * fanOut * 4 + 8 }
        return isInto ? fanOut / all : fanOut
    }

    private mutating func expand(_ item: RelationshipItem) {
        let hasFrom = bound.contains(item.from)
        let isInto = hasFrom && bound.contains(item.to)
        let others = used.filter { isNaive || !$0.types.excludes(item.types) }
            .map { $0.slot }
        if let group = item.group {
            steps.append(
                .repeatGroup(
                    GroupRepetition(
                        from: group.from, to: group.to, isInto: isInto, inner: group.inner,
                        innerStart: group.innerStart, innerEnd: group.innerEnd,
                        minimum: group.minimum, maximum: group.maximum, lists: group.lists,
                        relationships: group.relationships, all: group.all, distinctFrom: others)))
            for list in group.lists { bound.insert(list.list) }
            used.append((group.all, .every))
        } else if let search = item.search {
            steps.append(.shortestPaths(search))
            used.append((item.slot, item.types))
        } else if let length = item.length {
            steps.append(
                .expandPath(
                    PathExpansion(
                        from: hasFrom ? item.from : item.to, relationships: item.slot,
                        to: hasFrom ? item.to : item.from,
                        direction: Self.direction(item.direction, isReversed: !hasFrom),
                        types: item.types, minimum: length.minimum, maximum: length.maximum,
                        isInto: isInto, isRelationshipBound: item.isBound, distinctFrom: others,
                        step: item.step, condition: item.stepCondition, isReversed: !hasFrom,
                        endsOnly: endsOnly(item, length))))
            used.append((item.slot, item.types))
        } else {
            steps.append(
                .expand(
                    Expansion(
                        from: hasFrom ? item.from : item.to, relationship: item.slot,
                        to: hasFrom ? item.to : item.from,
                        direction: Self.direction(item.direction, isReversed: !hasFrom),
                        types: item.types, isInto: isInto, isRelationshipBound: item.isBound,
                        distinctFrom: others)))
            used.append((item.slot, item.types))
        }
        bound.insert(item.slot)
        for end in [item.from, item.to] where !bound.contains(end) {
            take(nodes.first { $0.slot == end } ?? NodeItem(slot: end))
        }
    }

    /// Whether of paths of any length only the ends are needed: nobody asks for the relationships,
    /// and none that is still to be found could be one of them.
    private func endsOnly(_ item: RelationshipItem, _ length: Repetition) -> Bool {
        guard endsSuffice, !isNaive, !item.isNamed, !item.isBound, length.minimum <= 1,
            !paths.contains(where: { $0.needs.contains(item.slot) })
        else { return false }
        return relationships.allSatisfy { $0.types.excludes(item.types) && $0.group == nil }
    }

    static func direction(
        _ direction: RelationshipPattern.Direction, isReversed: Bool
    ) -> Direction {
        switch direction {
        case .either: .both
        case .outgoing: isReversed ? .incoming : .outgoing
        case .incoming: isReversed ? .outgoing : .incoming
        }
    }

    // MARK: Starts

    private func nextStart() -> Int? {
        var best: (place: Int, cost: Double)?
        for (place, node) in nodes.enumerated() where !bound.contains(node.slot) {
            if isNaive { return place }
            let cost = seek(for: node)?.cost ?? scanCost(node)
            if best == nil || cost < best?.cost ?? 0 { best = (place, cost) }
        }
        return best?.place
    }

    private func scanCost(_ node: NodeItem) -> Double {
        let counts = names(of: node).map { Double(knowledge.nodeCount($0.label)) }
        return counts.min() ?? Double(knowledge.nodeCount(nil)) + 1
    }

    /// Labels that a node must have, and their place among its tests.
    private func names(of node: NodeItem) -> [(place: Int, label: Label)] {
        var found: [(Int, Label)] = []
        for (place, test) in node.labels.enumerated() {
            switch test {
            case .name(let name): found.append((place, Label(name)))
            case .and(let parts):
                for case .name(let name) in parts { found.append((-1, Label(name))) }
            default: break
            }
        }
        return found
    }

    private mutating func start(_ node: NodeItem) {
        if let seek = seek(for: node) {
            steps.append(seek.step)
            if let place = seek.answered { conditions.remove(at: place) }
            return take(node, butNot: seek.label)
        }
        let names = names(of: node)
        let cheapest =
            isNaive
            ? names.first
            : names.min { knowledge.nodeCount($0.label) < knowledge.nodeCount($1.label) }
        if let cheapest {
            steps.append(.scanLabel(slot: node.slot, cheapest.label))
            take(node, butNot: cheapest.place)
        } else {
            steps.append(.scanNodes(slot: node.slot))
            take(node)
        }
    }

    /// A lookup, and what it spares.
    private struct Lookup {
        let step: Step
        let cost: Double
        /// The place among the labels of the node of the one that need not be tested.
        let label: Int
        /// The place among the conditions of the one that need not be tested.
        let answered: Int?
    }

    /// The cheapest lookup that a condition allows. A condition that an index answers exactly is not
    /// tested again.
    private func seek(for node: NodeItem) -> Lookup? {
        guard !isNaive else { return nil }
        var best: Lookup?
        func offer(_ step: Step, _ cost: Double, _ label: Int, answered: Int? = nil) {
            if best == nil || cost < best?.cost ?? 0 {
                best = Lookup(step: step, cost: cost, label: label, answered: answered)
            }
        }
        for (number, condition) in conditions.enumerated()
        where condition.needs.subtracting([node.slot]).isSubset(of: bound) {
            if let id = Self.identity(condition.code, of: node.slot) {
                offer(.seekID(slot: node.slot, id), 0, -1)
            }
            guard let (key, found) = Self.lookup(condition.code, of: node.slot) else { continue }
            for (place, label) in names(of: node) where knowledge.hasIndex(label, key) {
                let seek = bounded(found, key, node.slot)
                let count = Double(knowledge.nodeCount(label))
                let cost: Double
                var isAnswered = false
                switch seek {
                case .equals:
                    cost = max(1, count / Double(max(1, knowledge.distinct(label, key))))
                    isAnswered = true
                case .isIn: cost = 4
                case .startsWith:
                    cost = count / 20
                    isAnswered = true
                case .range(let from, _, let to, _):
                    cost = from != nil && to != nil ? count / 10 : count / 3
                case .exists: cost = count
                }
                let step = IndexSeek(
                    slot: node.slot, label: label, key: key, seek: seek,
                    condition: isAnswered ? condition.code : nil)
                offer(.seek(step), cost, place, answered: isAnswered ? number : nil)
            }
        }
        return best
    }

    /// A range with the other bound that another condition gives.
    private func bounded(_ seek: Seek, _ key: PropertyKey, _ slot: Int) -> Seek {
        guard case .range(var from, var fromInclusive, var to, var toInclusive) = seek,
            from == nil || to == nil
        else { return seek }
        for condition in conditions where condition.needs.subtracting([slot]).isSubset(of: bound) {
            guard let (other, found) = Self.lookup(condition.code, of: slot), other == key,
                case .range(let low, let lowInclusive, let high, let highInclusive) = found
            else { continue }
            if from == nil, let low { (from, fromInclusive) = (low, lowInclusive) }
            if to == nil, let high { (to, toInclusive) = (high, highInclusive) }
        }
        return .range(
            from: from, fromInclusive: fromInclusive, to: to, toInclusive: toInclusive)
    }

    /// `id(n) = value`.
    private static func identity(_ code: Code, of slot: Int) -> Code? {
        guard case .comparison(let operands, let signs) = code, signs == [.equal],
            operands.count == 2
        else { return nil }
        for (side, other) in [(operands[0], operands[1]), (operands[1], operands[0])] {
            if case .call(.id, let arguments, _) = side, arguments.count == 1,
                case .slot(slot) = arguments[0], !other.uses(slot)
            {
                return other
            }
        }
        return nil
    }

    /// A condition on one property of a node that an index can answer.
    private static func lookup(_ code: Code, of slot: Int) -> (PropertyKey, Seek)? {
        func key(_ code: Code) -> PropertyKey? {
            if case .property(.slot(slot), let key, _) = code { key } else { nil }
        }
        switch code {
        case .comparison(let operands, let signs) where signs.count == 2:
            // `low < n.key <= high`
            guard let key = key(operands[1]), !operands[0].uses(slot), !operands[2].uses(slot),
                case .range(let low?, let lowInclusive, nil, _)? = seek(
                    signs[0].mirrored, operands[0]),
                case .range(nil, _, let high?, let highInclusive)? = seek(signs[1], operands[2])
            else { return nil }
            return (
                key,
                .range(
                    from: low, fromInclusive: lowInclusive, to: high, toInclusive: highInclusive)
            )
        case .comparison(let operands, let signs) where signs.count == 1:
            if let key = key(operands[0]), !operands[1].uses(slot) {
                return seek(signs[0], operands[1]).map { (key, $0) }
            }
            if let key = key(operands[1]), !operands[0].uses(slot) {
                return seek(signs[0].mirrored, operands[0]).map { (key, $0) }
            }
            return nil
        case .isIn(let left, let right, _):
            guard let key = key(left), !right.uses(slot) else { return nil }
            return (key, .isIn(right))
        case .text(.startsWith, let left, let right):
            guard let key = key(left), !right.uses(slot) else { return nil }
            return (key, .startsWith(right))
        default: return nil
        }
    }

    private static func seek(_ sign: ComparisonOperator, _ value: Code) -> Seek? {
        switch sign {
        case .equal: .equals(value)
        case .less: .range(from: nil, fromInclusive: false, to: value, toInclusive: false)
        case .lessOrEqual: .range(from: nil, fromInclusive: false, to: value, toInclusive: true)
        case .greater: .range(from: value, fromInclusive: false, to: nil, toInclusive: false)
        case .greaterOrEqual: .range(from: value, fromInclusive: true, to: nil, toInclusive: false)
        case .notEqual: nil
        }
    }
}

extension TypeTest {
    /// Whether no relationship can pass both.
    func excludes(_ other: TypeTest) -> Bool {
        guard case .names(let left) = self, case .names(let right) = other else { return false }
        return Set(left).isDisjoint(with: right)
    }
}

extension ComparisonOperator {
    /// The operator with its operands exchanged.
    var mirrored: ComparisonOperator {
        switch self {
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        case .equal, .notEqual: self
        }
    }
}
