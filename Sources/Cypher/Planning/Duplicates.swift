extension SingleQuery {
    /// Whether the rows after a clause can be told apart by how often each comes: if not, a
    /// pattern may give each of its rows once.
    func countsRows(after place: Int) -> Bool {
        for clause in clauses.dropFirst(place + 1) {
            switch clause.kind {
            case .match, .unwind: continue
            case .with(let projection), .return(let projection):
                let items = projection.items.map(\.expression) + projection.order.map(\.expression)
                if items.contains(where: \.hasAggregate) {
                    return !items.allSatisfy(\.ignoresDuplicates)
                }
                if projection.isDistinct { return false }
                if projection.skip != nil || projection.limit != nil { return true }
                if case .return = clause.kind { return true }
            case .finish: return false
            default: return true
            }
        }
        return true
    }
}

extension Query {
    /// Whether it gives rows or none whatever number of times each row of its patterns comes.
    var onlyMatches: Bool {
        parts.allSatisfy { part in
            part.clauses.allSatisfy { clause in
                switch clause.kind {
                case .match, .unwind: return true
                case .return(let projection), .with(let projection):
                    return projection.skip == nil && projection.limit == nil
                        && !projection.items.contains { $0.expression.hasAggregate }
                default: return false
                }
            }
        }
    }
}

extension Expression {
    /// Whether every aggregate in it is the same when values come more than once.
    var ignoresDuplicates: Bool {
        guard isAggregate else { return parts.allSatisfy(\.ignoresDuplicates) }
        guard case .call(let call) = kind else { return false }
        switch call.name.text.lowercased() {
        case "min", "max": return true
        default: return call.isDistinct
        }
    }
}
