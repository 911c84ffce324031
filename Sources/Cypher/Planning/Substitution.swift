/// An expression that was computed already, and where.
struct Substitution {
    let slot: Int
    /// The variables it was computed from; where one of them is shadowed, it is another expression.
    let names: Set<String>

    init(of expression: Expression, _ slot: Int) {
        self.slot = slot
        names = expression.names
    }
}

extension Expression {
    /// The variables that are named in it, those of its own parts among them.
    fileprivate var names: Set<String> {
        if case .variable(let name) = kind { return [name] }
        return parts.reduce(into: []) { $0.formUnion($1.names) }
    }
}
