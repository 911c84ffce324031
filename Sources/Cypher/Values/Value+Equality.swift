internal import PropertyGraph

extension Value {
    /// `self = other`: true, false, or nil for null.
    func equals(_ other: Value) -> Bool? {
        switch (self, other) {
        case (.null, _), (_, .null): return nil
        case (.list(let left), .list(let right)):
            guard left.count == right.count else { return false }
            return Self.all(zip(left, right)) { $0.equals($1) }
        case (.map(let left), .map(let right)):
            guard left.entries.count == right.entries.count,
                zip(left.entries, right.entries).allSatisfy({ UTF8Order.equal($0.key, $1.key) })
            else { return false }
            return Self.all(zip(left.entries, right.entries)) { $0.value.equals($1.value) }
        default: return isSame(as: other, isNaNSame: false)
        }
    }

    /// True when all are, false when any is, else null.
    private static func all<Pairs: Sequence>(
        _ pairs: Pairs, _ compare: (Pairs.Element) -> Bool?
    ) -> Bool? {
        var result: Bool? = true
        for pair in pairs {
            switch compare(pair) {
            case false: return false
            case nil: result = nil
            default: break
            }
        }
        return result
    }

    /// Equivalence, as DISTINCT and grouping use it: null is null, NaN is NaN.
    func isEquivalent(to other: Value) -> Bool {
        switch (self, other) {
        case (.null, .null): return true
        case (.list(let left), .list(let right)):
            return left.count == right.count
                && zip(left, right).allSatisfy { $0.isEquivalent(to: $1) }
        case (.map(let left), .map(let right)):
            return left.entries.count == right.entries.count
                && zip(left.entries, right.entries).allSatisfy {
                    UTF8Order.equal($0.key, $1.key) && $0.value.isEquivalent(to: $1.value)
                }
        default: return isSame(as: other, isNaNSame: true)
        }
    }

    /// Values without parts.
    private func isSame(as other: Value, isNaNSame: Bool) -> Bool {
        switch (self, other) {
        case (.boolean(let a), .boolean(let b)): a == b
        case (.integer(let a), .integer(let b)): a == b
        case (.float(let a), .float(let b)): a == b || (isNaNSame && a.isNaN && b.isNaN)
        case (.integer(let a), .float(let b)), (.float(let b), .integer(let a)):
            Int64(exactly: b) == a
        case (.string(let a), .string(let b)): UTF8Order.equal(a, b)
        case (.node(let a), .node(let b)): a == b
        case (.relationship(let a), .relationship(let b)): a == b
        case (.path(let a), .path(let b)):
            a.nodes == b.nodes && a.relationships == b.relationships
        case (.date(let a), .date(let b)): a == b
        case (.localTime(let a), .localTime(let b)): a == b
        case (.time(let a), .time(let b)): a == b
        case (.localDateTime(let a), .localDateTime(let b)): a == b
        case (.dateTime(let a), .dateTime(let b)): a == b
        case (.duration(let a), .duration(let b)): a == b
        case (.point(let a), .point(let b)):
            a.referenceSystem == b.referenceSystem && a.x == b.x && a.y == b.y && a.z == b.z
        case (.bytes(let a), .bytes(let b)): a == b
        case (.vector(let a), .vector(let b)): a == b
        default: false
        }
    }
}

/// Values as a key of grouping: equal when equivalent.
struct ValueKey: Hashable {
    let values: [Value]

    static func == (lhs: ValueKey, rhs: ValueKey) -> Bool {
        lhs.values.count == rhs.values.count
            && zip(lhs.values, rhs.values).allSatisfy { $0.isEquivalent(to: $1) }
    }

    func hash(into hasher: inout Hasher) { for value in values { value.feed(&hasher) } }
}

extension Value {
    /// Feeds what equivalent values have in common.
    fileprivate func feed(_ hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .boolean(let value): hasher.combine(value)
        case .integer(let value):
            // An integer and a float of one value are equivalent.
            hasher.combine(Double(value))
        case .float(let value): hasher.combine(value.isNaN ? Double.infinity : value)
        case .string(let value): hasher.combine(value)
        case .list(let elements):
            hasher.combine(elements.count)
            for element in elements { element.feed(&hasher) }
        case .map(let map):
            for entry in map.entries {
                hasher.combine(entry.key)
                entry.value.feed(&hasher)
            }
        case .node(let id): hasher.combine(id)
        case .relationship(let id): hasher.combine(id)
        case .path(let path):
            hasher.combine(path.nodes)
            hasher.combine(path.relationships)
        case .date(let value): hasher.combine(value)
        case .localTime(let value): hasher.combine(value)
        case .time(let value): hasher.combine(value)
        case .localDateTime(let value): hasher.combine(value)
        case .dateTime(let value): hasher.combine(value)
        case .duration(let value): hasher.combine(value)
        case .point(let value): hasher.combine(value.x)
        case .bytes(let value): hasher.combine(value)
        case .vector(let value): hasher.combine(value.count)
        }
    }
}
