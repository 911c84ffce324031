internal import PropertyGraph

extension Compiler {
    /// The plan of a query whose outer variables are in sight.
    mutating func plan(_ query: Query) throws(CypherError) -> QueryPlan {
        var plan = QueryPlan()
        plan.isDistinct = query.isUnionAll == false
        for part in query.parts {
            let (stages, columns, outputs) = try inner { compiler throws(CypherError) in
                try compiler.stages(part)
            }
            if plan.parts.isEmpty {
                (plan.columns, plan.outputs) = (columns, outputs)
                plan.parts.append(stages)
                continue
            }
            // Later parts put their columns where those of the first stand.
            var moves: [(slot: Int, code: Code)] = []
            for (column, slot) in zip(plan.columns, plan.outputs) {
                guard let place = columns.firstIndex(of: column) else {
                    throw impossible(part.range)
                }
                moves.append((slot, .slot(outputs[place])))
            }
            plan.parts.append(
                stages + [QueryPlan.Stage(pipeline: Pipeline(steps: [.assign(moves)]))])
        }
        return plan
    }

    private mutating func stages(
        _ query: SingleQuery
    ) throws(CypherError) -> ([QueryPlan.Stage], [String], [Int]) {
        var builder = StageBuilder()
        var columns: [String] = []
        var outputs: [Int] = []
        let outer = endsSuffice
        defer { endsSuffice = outer }
        let isInExists = outer
        for (place, clause) in query.clauses.enumerated() {
            endsSuffice = isInExists || !query.countsRows(after: place)
            builder.range = clause.range
            switch clause.kind {
            case .return(let projection):
                columns = try self.projection(projection, isReturn: true, &builder)
                outputs = columns.compactMap { scope[$0] }
            case .call(let call) where query.clauses.count == 1:
                try self.call(call, clause.range, isStandalone: true, &builder)
                columns = order
                outputs = columns.compactMap { scope[$0] }
            case .finish:
                builder.end(.limit(skip: nil, limit: .constant(.integer(0))))
            default:
                try self.clause(clause, &builder)
            }
        }
        return (builder.finish(keeping: outputs), columns, outputs)
    }

    private mutating func clause(
        _ clause: Clause, _ builder: inout StageBuilder
    ) throws(CypherError) {
        switch clause.kind {
        case .match(let match): try self.match(match, &builder)
        case .unwind(let list, let name):
            let code = try code(list)
            let slot = declare(name.text)
            slotRanges[slot] = list.range
            builder.add(.unwind(code, slot: slot))
        case .with(let projection):
            _ = try self.projection(projection, isReturn: false, &builder)
        case .call(let call): try self.call(call, clause.range, isStandalone: false, &builder)
        case .subquery(let call): try subquery(call, &builder)
        case .create, .merge, .set, .remove, .delete, .forEach:
            builder.end(.change(try change(clause)))
        case .loadCSV(let load):
            let source = try code(load.source)
            let separator = try optional(load.separator)
            builder.add(
                .loadCSV(
                    CSVLoading(
                        source: source, separator: separator, hasHeaders: load.hasHeaders,
                        slot: declare(load.variable.text), range: load.source.range)))
        case .return, .finish: throw impossible(clause.range)
        }
    }

    private mutating func match(
        _ clause: MatchClause, _ builder: inout StageBuilder
    ) throws(CypherError) {
        guard clause.isOptional else {
            let pipeline = try matching(
                clause.pattern.paths, clause.condition, endsSuffice: endsSuffice)
            return builder.add(pipeline.steps)
        }
        let before = Set(scope.values)
        let pipeline = try matching(
            clause.pattern.paths, clause.condition, endsSuffice: endsSuffice)
        let new = scope.values.filter { !before.contains($0) }
        builder.add(.optional(pipeline, slots: new.sorted()))
    }

    // MARK: Calls

    private mutating func call(
        _ call: ProcedureCall, _ range: SourceRange, isStandalone: Bool,
        _ builder: inout StageBuilder
    ) throws(CypherError) {
        guard let signature = procedures(call.name.text) else { throw impossible(range, "call") }
        var arguments: [Code] = []
        if let given = call.arguments {
            arguments = try codes(given)
        } else {
            arguments = signature.inputs.map { .parameter($0.name, call.name.range) }
        }
        var outputs: [(output: Int, slot: Int)] = []
        var conditions: Expression?
        if let yield = call.yield, !yield.includesAll {
            for (field, alias) in yield.items {
                guard let place = signature.outputs.firstIndex(where: { $0.name == field.text })
                else { throw impossible(field.range) }
                outputs.append((place, declare((alias ?? field).text)))
            }
            conditions = yield.condition
        } else if isStandalone {
            for (place, field) in signature.outputs.enumerated() {
                outputs.append((place, declare(field.name)))
            }
            conditions = call.yield?.condition
        }
        let step = ProcedureStep(
            name: signature.name, arguments: arguments, signature: signature, outputs: outputs,
            range: call.name.range)
        if signature.isWriting {
            builder.end(.change(.call(step)))
        } else {
            builder.add(.call(step))
        }
        if let conditions { builder.add(.filter(try code(conditions))) }
    }

    private mutating func subquery(
        _ call: SubqueryCall, _ builder: inout StageBuilder
    ) throws(CypherError) {
        let before = (scope, order)
        let importsByWith: Bool =
            if case .with = call.query.parts.first?.clauses.first?.kind { true } else { false }
        if let imports = call.imports, !call.importsAll {
            let names = Set(imports.map(\.text))
            scope = scope.filter { names.contains($0.key) }
            order = order.filter { names.contains($0) }
        } else if call.imports == nil, !importsByWith {
            (scope, order) = ([:], [])
        }
        let outer = endsSuffice
        endsSuffice = false
        let plan = try self.plan(call.query)
        endsSuffice = outer
        (scope, order) = before
        if let batches = call.batches {
            let rows = try optional(batches.rows)
            let action = batches.onError?.uppercased()
            let report = batches.report.map { declare($0.text) }
            builder.end(
                .change(
                    .batches(
                        BatchedCall(
                            plan: plan, isOptional: call.isOptional, rows: rows,
                            continues: action == "CONTINUE", breaks: action == "BREAK",
                            report: report))))
        } else if plan.isUpdating {
            builder.end(.change(.subquery(plan, isOptional: call.isOptional)))
        } else if !plan.columns.isEmpty {
            builder.add(.subquery(plan, isOptional: call.isOptional))
        }
        for (name, slot) in zip(plan.columns, plan.outputs) { bind(name, slot) }
    }

    // MARK: Projections

    /// Compiles a WITH or RETURN; afterwards only its columns are in sight. Returns their names.
    private mutating func projection(
        _ projection: Projection, isReturn: Bool, _ builder: inout StageBuilder
    ) throws(CypherError) -> [String] {
        var columns: [(name: String, slot: Int)] = []
        if projection.includesAll {
            for name in order.sorted(by: { UTF8Order.precedes($0, $1) }) {
                if let slot = scope[name] { columns.append((name, slot)) }
            }
        }
        let isAggregating = projection.items.contains { $0.expression.hasAggregate }
        let outer = substitutions
        defer { substitutions = outer }
        if isAggregating {
            columns += try aggregation(projection, columns, isReturn: isReturn, &builder)
        } else {
            var assigned: [(slot: Int, code: Code)] = []
            for item in projection.items {
                let slot = newSlot()
                slotRanges[slot] = item.expression.range
                assigned.append((slot, try code(item.expression)))
                columns.append((name(of: item, isReturn: isReturn), slot))
            }
            if !assigned.isEmpty { builder.add(.assign(assigned)) }
        }
        if projection.isDistinct { builder.end(.distinct(columns.map(\.slot))) }
        if isAggregating || projection.isDistinct {
            (scope, order) = ([:], [])
            for (item, column) in zip(projection.items, columns.suffix(projection.items.count)) {
                substitute(item.expression, column.slot)
            }
        }
        for column in columns { bind(column.name, column.slot) }
        if !isAggregating, !projection.isDistinct, !projection.order.isEmpty {
            // An expression that is a column stands for the column in the order, even where an
            // alias hides a variable of it.
            for (item, column) in zip(projection.items, columns.suffix(projection.items.count)) {
                if case .variable = item.expression.kind { continue }
                substitute(item.expression, column.slot)
            }
        }
        try rows(projection, &builder)
        if !isAggregating, !projection.isDistinct { substitutions = outer }
        if let condition = projection.condition { builder.add(.filter(try code(condition))) }
        (scope, order) = ([:], [])
        for column in columns { bind(column.name, column.slot) }
        return columns.map(\.name)
    }

    private mutating func rows(
        _ projection: Projection, _ builder: inout StageBuilder
    ) throws(CypherError) {
        let skip = try optional(projection.skip)
        let limit = try optional(projection.limit)
        if projection.order.isEmpty {
            if skip != nil || limit != nil { builder.end(.limit(skip: skip, limit: limit)) }
            return
        }
        var keys: [SortKey] = []
        for item in projection.order {
            keys.append(SortKey(code: try code(item.expression), isDescending: item.isDescending))
        }
        if let limit, keys.count == 1, !isNaive,
            builder.scan(inOrderOf: keys[0], skip, limit, knowledge)
        {
            return builder.end(.limit(skip: skip, limit: limit))
        }
        builder.end(.sort(Sort(keys: keys, skip: skip, limit: limit)))
    }

    private func name(of item: ProjectionItem, isReturn: Bool) -> String {
        if let alias = item.alias { return alias.text }
        if case .variable(let name) = item.expression.kind { return name }
        return text.text(item.expression.range)
    }

    /// Groups rows; returns the columns of the items.
    private mutating func aggregation(
        _ projection: Projection, _ all: [(name: String, slot: Int)], isReturn: Bool,
        _ builder: inout StageBuilder
    ) throws(CypherError) -> [(name: String, slot: Int)] {
        var keys = all.map { (code: Code.slot($0.slot), slot: $0.slot) }
        var keySlots: [(expression: Expression, slot: Int)] = []
        for item in projection.items where !item.expression.hasAggregate {
            let slot = newSlot()
            keys.append((try code(item.expression), slot))
            keySlots.append((item.expression, slot))
        }
        var aggregates: [Aggregate] = []
        var found: [String: Substitution] = [:]
        for item in projection.items where item.expression.hasAggregate {
            try collectAggregates(item.expression, &aggregates, &found)
        }
        builder.endAggregation(keys, aggregates, isNaive: isNaive)
        for key in keySlots { substitute(key.expression, key.slot) }
        substitutions.merge(found) { $1 }
        var columns: [(name: String, slot: Int)] = []
        var assigned: [(slot: Int, code: Code)] = []
        for item in projection.items {
            let name = name(of: item, isReturn: isReturn)
            if let known = substitutions[item.expression.canonicalText] {
                columns.append((name, known.slot))
                continue
            }
            let slot = newSlot()
            assigned.append((slot, try code(item.expression)))
            columns.append((name, slot))
        }
        if !assigned.isEmpty { builder.add(.assign(assigned)) }
        return columns
    }

    private mutating func collectAggregates(
        _ expression: Expression, _ aggregates: inout [Aggregate],
        _ found: inout [String: Substitution]
    ) throws(CypherError) {
        guard expression.isAggregate else {
            for part in expression.parts { try collectAggregates(part, &aggregates, &found) }
            return
        }
        let text = expression.canonicalText
        guard found[text] == nil else { return }
        let slot = newSlot()
        found[text] = Substitution(of: expression, slot)
        guard case .call(let call) = expression.kind else {
            aggregates.append(
                Aggregate(
                    kind: .countAll, argument: nil, second: nil, isDistinct: false, slot: slot,
                    range: expression.range))
            return
        }
        guard let kind = Aggregate.Kind(function: call.name.text) else {
            throw impossible(expression.range, "aggregate")
        }
        let arguments = try codes(call.arguments)
        aggregates.append(
            Aggregate(
                kind: kind, argument: arguments.first, second: arguments[safe: 1],
                isDistinct: call.isDistinct, slot: slot, range: expression.range))
    }
}

extension Aggregate.Kind {
    init?(function name: String) {
        switch name.lowercased() {
        case "count": self = .count
        case "sum": self = .sum
        case "avg": self = .average
        case "min": self = .minimum
        case "max": self = .maximum
        case "collect": self = .collect
        case "stdev": self = .deviation
        case "stdevp": self = .deviationOfAll
        case "percentilecont": self = .percentileContinuous
        case "percentiledisc": self = .percentileDiscrete
        default: return nil
        }
    }
}
