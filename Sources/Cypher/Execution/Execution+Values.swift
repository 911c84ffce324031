internal import GraphStore
internal import PropertyGraph

extension Execution {
    /// The value of an expression for the row under way.
    func value<T: GraphReading & ~Copyable>(_ code: Code, _ txn: borrowing T) throws -> Value {
        switch code {
        case .constant(let value): return value
        case .slot(let slot): return slots[slot]
        case .parameter(let name, let range):
            guard let value = parameter(name) else {
                throw CypherError.missing(parameter: name, at: range)
            }
            return value
        case .property(let base, let key, let range):
            return try property(key, of: try value(base, txn), txn, range)
        case .comparison(let operands, let signs): return try compare(operands, signs, txn)
        case .junction(let junction, let operands, let range):
            return try join(junction, operands, txn, range)
        case .not(let operand, let range):
            return try truth(try value(operand, txn), range).map { .boolean(!$0) } ?? .null
        case .isNull(let operand, let isNegated):
            return .boolean(try value(operand, txn).isNull != isNegated)
        case .hasLabels(let base, let test, let range):
            return try hasLabels(try value(base, txn), test, txn, range)
        case .arithmetic(let sign, let left, let right, let range):
            let left = try value(left, txn)
            let right = try value(right, txn)
            if sign == .add || sign == .concatenate { try checkGrowth(left, right) }
            return try Arithmetic.value(sign, left, right, at: range)
        case .negated(let operand, let range):
            return try Arithmetic.negated(try value(operand, txn), at: range)
        case .positive(let operand, let range):
            let number = try value(operand, txn)
            switch number {
            case .null, .integer, .float, .duration: return number
            default: throw wrongType("+ takes a number", number, range)
            }
        case .text(let sign, let left, let right):
            return try TextPredicates.value(sign, try value(left, txn), try value(right, txn))
        case .isIn(let left, let right, let range):
            return try isIn(try value(left, txn), try value(right, txn), range)
        case .list(let elements): return .list(try elements.map { try value($0, txn) })
        case .map(let entries):
            var map = ValueMap()
            for entry in entries { map[entry.key] = try value(entry.value, txn) }
            return .map(map)
        case .element(let base, let index, let range):
            return try element(try value(base, txn), try value(index, txn), txn, range)
        case .slice(let base, let from, let to, let range):
            return try slice(base, from, to, txn, range)
        case .call(let function, let arguments, let range):
            return try call(function, arguments, txn, range)
        case .simpleCase(let subject, let branches, let otherwise):
            let subject = try value(subject, txn)
            for branch in branches where subject.equals(try value(branch.0, txn)) == true {
                return try value(branch.1, txn)
            }
            return try otherwise.map { try value($0, txn) } ?? .null
        case .searchedCase(let branches, let otherwise):
            for branch in branches {
                if case .boolean(true) = try value(branch.0, txn) {
                    return try value(branch.1, txn)
                }
            }
            return try otherwise.map { try value($0, txn) } ?? .null
        default: return try local(code, txn)
        }
    }

    /// Refuses to join texts or lists that are too large together.
    private func checkGrowth(_ left: Value, _ right: Value) throws {
        switch (left, right) {
        case (.string(let first), .string(let second)):
            let bytes = first.utf8.count + second.utf8.count
            if bytes > 1 << 16 { try ensure(bytes) }
        case (.list(let first), .list(let second)):
            let count = first.count + second.count
            if count > 1 << 12 { try ensure(count * MemoryLayout<Value>.stride) }
        default: return
        }
    }

    /// Whether a condition holds: true, and neither false nor null.
    func holds<T: GraphReading & ~Copyable>(_ code: Code, _ txn: borrowing T) throws -> Bool {
        if case .comparison(let operands, let signs) = code, signs.count == 1 {
            let left = try value(operands[0], txn)
            return Self.compare(left, signs[0], try value(operands[1], txn)) == true
        }
        switch try value(code, txn) {
        case .boolean(let truth): return truth
        case .null: return false
        case let other:
            throw CypherError.type(
                .invalidArgumentType, "A condition is true or false, and this is \(other.typeName)."
            )
        }
    }

    func wrongType(_ rule: String, _ value: Value, _ range: SourceRange) -> CypherError {
        .type(.invalidArgumentType, "\(rule), and this is \(value.typeName).", at: range)
    }

    func truth(_ value: Value, _ range: SourceRange) throws -> Bool? {
        switch value {
        case .boolean(let truth): return truth
        case .null: return nil
        default: throw wrongType("A truth value is expected", value, range)
        }
    }

    private func join<T: GraphReading & ~Copyable>(
        _ junction: Junction, _ operands: [Code], _ txn: borrowing T, _ range: SourceRange
    ) throws -> Value {
        var isNull = false
        var parity = false
        for operand in operands {
            guard let truth = try truth(try value(operand, txn), range) else {
                isNull = true
                continue
            }
            switch junction {
            case .and: if !truth { return .boolean(false) }
            case .or: if truth { return .boolean(true) }
            case .xor: parity = parity != truth
            }
        }
        if isNull { return .null }
        return .boolean(junction == .and || (junction == .xor && parity))
    }

    private func compare<T: GraphReading & ~Copyable>(
        _ operands: [Code], _ signs: [ComparisonOperator], _ txn: borrowing T
    ) throws -> Value {
        var left = try value(operands[0], txn)
        var isNull = false
        for (place, sign) in signs.enumerated() {
            let right = try value(operands[place + 1], txn)
            switch Self.compare(left, sign, right) {
            case false: return .boolean(false)
            case nil: isNull = true
            default: break
            }
            left = right
        }
        return isNull ? .null : .boolean(true)
    }

    static func compare(_ left: Value, _ sign: ComparisonOperator, _ right: Value) -> Bool? {
        switch sign {
        case .equal: return left.equals(right)
        case .notEqual: return left.equals(right).map { !$0 }
        default: break
        }
        guard let order = left.comparison(with: right) else {
            // A NaN is neither less nor greater than a number.
            return MathFunctions.double(left) != nil && MathFunctions.double(right) != nil
                ? false : nil
        }
        switch sign {
        case .less: return order < 0
        case .lessOrEqual: return order <= 0
        case .greater: return order > 0
        default: return order >= 0
        }
    }

    private func isIn(_ needle: Value, _ haystack: Value, _ range: SourceRange) throws -> Value {
        switch haystack {
        case .null: return .null
        case .list(let elements):
            var isNull = false
            for element in elements {
                switch needle.equals(element) {
                case true: return .boolean(true)
                case nil: isNull = true
                default: break
                }
            }
            return isNull ? .null : .boolean(false)
        default: throw wrongType("IN looks through a list", haystack, range)
        }
    }

    // MARK: Parts of values

    func property<T: GraphReading & ~Copyable>(
        _ key: PropertyKey, of base: Value, _ txn: borrowing T, _ range: SourceRange
    ) throws -> Value {
        switch base {
        case .node(let id):
            try checkLiving(node: id, range)
            storeHits &+= 1
            if derived != nil, let value = try columnValue(key, of: id, txn) { return value }
            return Value(try txn.property(key, of: id))
        case .relationship(let id):
            try checkLiving(relationship: id, range)
            storeHits &+= 1
            return Value(try txn.property(key, of: id))
        case .map(let map): return map[key.name] ?? .null
        case .null: return .null
        case .date, .localTime, .time, .localDateTime, .dateTime, .duration:
            return TemporalComponents.value(key.name, of: base)
        case .point(let point): return PointFunctions.component(key.name, of: point)
        default:
            throw wrongType("Properties are those of nodes, relationships and maps", base, range)
        }
    }

    func checkLiving(node: NodeID, _ range: SourceRange) throws {
        if !deletedNodes.isEmpty, deletedNodes.contains(node) { throw deleted("node", range) }
    }

    func checkLiving(relationship: EdgeID, _ range: SourceRange) throws {
        if !deletedRelationships.isEmpty, deletedRelationships[relationship] != nil {
            throw deleted("relationship", range)
        }
    }

    private func deleted(_ what: String, _ range: SourceRange) -> CypherError {
        CypherError(
            .entityNotFound, .runtime, .deletedEntityAccess,
            "This \(what) was deleted earlier in the query. Read what you need of it before.",
            at: range)
    }

    private func element<T: GraphReading & ~Copyable>(
        _ base: Value, _ index: Value, _ txn: borrowing T, _ range: SourceRange
    ) throws -> Value {
        switch (base, index) {
        case (.null, _): return .null
        case (.list(let elements), .integer(let place)):
            let place = place < 0 ? Int64(elements.count) + place : place
            guard place >= 0, place < elements.count else { return .null }
            return elements[Int(place)]
        case (.list, .null), (.map, .null), (.node, .null), (.relationship, .null): return .null
        case (.list, _):
            throw CypherError.type(
                .invalidArgumentType,
                "A list is indexed by an integer, and this is \(index.typeName).", at: range)
        case (.map, .string(let key)), (.node, .string(let key)), (.relationship, .string(let key)):
            return try property(PropertyKey(key), of: base, txn, range)
        case (.map, _), (.node, _), (.relationship, _):
            throw CypherError.type(
                .mapElementAccessByNonString,
                "A key is a string, and this is \(index.typeName).", at: range)
        default:
            throw wrongType("Elements are those of lists and maps", base, range)
        }
    }

    private func slice<T: GraphReading & ~Copyable>(
        _ base: Code, _ from: Code?, _ to: Code?, _ txn: borrowing T, _ range: SourceRange
    ) throws -> Value {
        let list = try value(base, txn)
        let start = try from.map { try value($0, txn) }
        let end = try to.map { try value($0, txn) }
        guard case .list(let elements) = list else {
            if list.isNull { return .null }
            throw wrongType("Slices are those of lists", list, range)
        }
        func place(_ bound: Value?, orElse standard: Int) throws -> Int? {
            switch bound {
            case nil: return standard
            case .null?: return nil
            case .integer(let place)?:
                let place = place < 0 ? Int64(elements.count) + place : place
                return Int(min(max(place, 0), Int64(elements.count)))
            case let other?: throw wrongType("A slice has integer bounds", other, range)
            }
        }
        guard let first = try place(start, orElse: 0),
            let last = try place(end, orElse: elements.count)
        else { return .null }
        return .list(first < last ? Array(elements[first..<last]) : [])
    }

    // MARK: Labels

    func hasLabels<T: GraphReading & ~Copyable>(
        _ value: Value, _ test: LabelTest, _ txn: borrowing T, _ range: SourceRange
    ) throws -> Value {
        switch value {
        case .null: return .null
        case .node(let id):
            try checkLiving(node: id, range)
            storeHits &+= 1
            if case .name(let name) = test { return .boolean(try txn.hasLabel(Label(name), id)) }
            let labels = try txn.labels(of: id).map(\.name)
            return .boolean(try matches(test, labels, txn, range))
        case .relationship(let id):
            let type = try self.type(of: id, txn)
            return .boolean(try matches(test, type.map { [$0.name] } ?? [], txn, range))
        default: throw wrongType("Labels are those of nodes", value, range)
        }
    }

    private func matches<T: GraphReading & ~Copyable>(
        _ test: LabelTest, _ labels: [String], _ txn: borrowing T, _ range: SourceRange
    ) throws -> Bool {
        switch test {
        case .name(let name): return labels.contains { UTF8Order.equal($0, name) }
        case .and(let parts):
            for part in parts where try !matches(part, labels, txn, range) { return false }
            return true
        case .or(let parts):
            for part in parts where try matches(part, labels, txn, range) { return true }
            return false
        case .not(let part): return try !matches(part, labels, txn, range)
        case .any: return !labels.isEmpty
        case .computed(let code):
            return try names(try value(code, txn), range).allSatisfy { name in
                labels.contains { UTF8Order.equal($0, name) }
            }
        }
    }

    /// Names of labels or types that were computed.
    func names(_ value: Value, _ range: SourceRange) throws -> [String] {
        switch value {
        case .string(let name): return [name]
        case .list(let elements): return try elements.flatMap { try names($0, range) }
        default: throw wrongType("Labels and types are named by strings", value, range)
        }
    }

    func type<T: GraphReading & ~Copyable>(
        of id: EdgeID, _ txn: borrowing T
    ) throws -> EdgeType? {
        if let type = deletedRelationships[id] { return type }
        return try txn.edge(id)?.type
    }
}
