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

    /// Whether it is a variable or a property, and not computed from them.
    var isSimple: Bool {
        switch kind {
        case .variable, .property: true
        default: false
        }
    }

    /// Whether it is a property, by name or by a computed key.
    var isLookup: Bool {
        switch kind {
        case .property, .element: true
        default: false
        }
    }

    /// The first aggregate in it, itself included.
    var firstAggregate: Expression? {
        if isAggregate { return self }
        for part in parts {
            if let found = part.firstAggregate { return found }
        }
        return nil
    }

    /// Whether it is a variable, or properties of one.
    var isPath: Bool {
        switch kind {
        case .variable: true
        case .property(let base, _): base.isPath
        default: false
        }
    }

    /// Whether a pattern or subquery stands anywhere inside.
    var hasPattern: Bool {
        switch kind {
        case .patternComprehension, .patternPredicate, .subquery, .shortestPath: true
        default: parts.contains { $0.hasPattern }
        }
    }
}

extension Expression {
    /// What is joined by AND at the top.
    var conjuncts: [Expression] {
        if case .junction(.and, let operands) = kind {
            operands.flatMap(\.conjuncts)
        } else {
            [self]
        }
    }

    /// Every name that may be a variable, inside patterns and subqueries too.
    var mentions: Set<String> {
        var names: Set<String> = []
        mention(&names)
        return names
    }

    private func mention(_ names: inout Set<String>) {
        switch kind {
        case .variable(let name): names.insert(name)
        case .mapProjection(let name, let items):
            names.insert(name.text)
            for case .variable(let other) in items { names.insert(other.text) }
        case .hasLabels(_, .computed(let expression)): expression.mention(&names)
        case .patternComprehension(let comprehension): comprehension.pattern.mention(&names)
        case .patternPredicate(let path), .shortestPath(let path): path.mention(&names)
        case .subquery(let subquery): subquery.query.mention(&names)
        default: break
        }
        for part in parts { part.mention(&names) }
    }

    fileprivate func add(to names: inout Set<String>) { mention(&names) }
}

extension PathPattern {
    fileprivate func mention(_ names: inout Set<String>) {
        if let variable { names.insert(variable.text) }
        for element in elements {
            switch element {
            case .node(let node):
                if let name = node.variable { names.insert(name.text) }
                node.properties?.add(to: &names)
                node.condition?.add(to: &names)
            case .relationship(let pattern):
                if let name = pattern.variable { names.insert(name.text) }
                pattern.properties?.add(to: &names)
                pattern.condition?.add(to: &names)
            case .group(let path, let condition, _, _):
                path.mention(&names)
                condition?.add(to: &names)
            }
        }
    }
}

extension Query {
    fileprivate func mention(_ names: inout Set<String>) {
        for clause in parts.flatMap(\.clauses) {
            switch clause.kind {
            case .match(let match):
                for path in match.pattern.paths { path.mention(&names) }
                match.condition?.add(to: &names)
            case .unwind(let list, _): list.add(to: &names)
            case .with(let projection), .return(let projection):
                for item in projection.items { item.expression.add(to: &names) }
                for item in projection.order { item.expression.add(to: &names) }
                projection.condition?.add(to: &names)
            case .call(let call): for argument in call.arguments ?? [] { argument.add(to: &names) }
            case .subquery(let call):
                for name in call.imports ?? [] { names.insert(name.text) }
                call.query.mention(&names)
            default: break
            }
        }
    }
}

extension LabelExpression {
    /// Whether it is a name that is computed.
    var isComputed: Bool { if case .computed = self { true } else { false } }
}

extension Query {
    /// Whether a clause of it changes the graph.
    ///
    /// - Parameter isWriting: Whether the procedure of a name does.
    func isUpdating(_ isWriting: (String) -> Bool) -> Bool {
        parts.contains { part in
            part.clauses.contains { clause in
                switch clause.kind {
                case .create, .merge, .set, .remove, .delete, .forEach: true
                case .subquery(let call): call.query.isUpdating(isWriting)
                case .call(let call): isWriting(call.name.text)
                default: false
                }
            }
        }
    }
}
