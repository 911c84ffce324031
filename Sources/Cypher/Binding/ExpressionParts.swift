extension Expression {
    /// The expressions directly inside, those of patterns and subqueries apart.
    var parts: [Expression] {
        switch kind {
        case .literal, .parameter, .variable, .countAll, .patternPredicate, .subquery,
            .shortestPath:
            return []
        case .list(let elements): return elements
        case .map(let entries): return entries.map(\.value)
        case .property(let base, _): return [base]
        case .element(let base, let index): return [base, index]
        case .slice(let base, let from, let to): return [base] + [from, to].compactMap { $0 }
        case .unary(_, let operand), .isNull(let operand, _): return [operand]
        case .hasLabels(let base, _): return [base]
        case .binary(_, let left, let right): return [left, right]
        case .junction(_, let operands), .comparison(let operands, _): return operands
        case .call(let call): return call.arguments
        case .conditional(let conditional):
            return [conditional.subject, conditional.otherwise].compactMap { $0 }
                + conditional.branches.flatMap { [$0.condition, $0.result] }
        case .listComprehension(let comprehension), .quantifier(_, let comprehension):
            return [comprehension.list]
                + [comprehension.condition, comprehension.result].compactMap { $0 }
        case .reduction(let reduction): return [reduction.initial, reduction.list, reduction.body]
        case .patternComprehension(let comprehension):
            return [comprehension.condition, comprehension.result].compactMap { $0 }
        case .mapProjection(_, let items):
            return items.compactMap { if case .entry(let entry) = $0 { entry.value } else { nil } }
        }
    }

    /// Whether it is an aggregate itself.
    var isAggregate: Bool {
        switch kind {
        case .countAll: true
        case .call(let call): FunctionSignature.find(call.name.text)?.isAggregate ?? false
        default: false
        }
    }

    /// Whether an aggregate stands anywhere inside.
    var hasAggregate: Bool { isAggregate || parts.contains { $0.hasAggregate } }

    /// Whether it has variables of its own.
    var isLocal: Bool {
        switch kind {
        case .listComprehension, .quantifier, .reduction, .patternComprehension, .subquery,
            .patternPredicate, .shortestPath, .mapProjection:
            true
        default: false
        }
    }

    /// Whether it is a variable, or properties of one.
    var isPath: Bool {
        switch kind {
        case .variable: true
        case .property(let base, _): base.isPath
        default: false
        }
    }

    /// A variable it speaks of, if any.
    var firstVariable: String? {
        if case .variable(let name) = kind { return name }
        if case .mapProjection(let name, _) = kind { return name.text }
        return parts.lazy.compactMap(\.firstVariable).first
    }
}
