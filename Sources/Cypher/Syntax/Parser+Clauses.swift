extension Parser {
    /// Single queries, joined by UNION.
    mutating func query() throws(CypherError) -> Query {
        let start = start
        var parts = [try singleQuery()]
        var isAll: Bool?
        while at("UNION") {
            let range = current.range
            advance()
            let keeps = take("ALL")
            if !keeps { _ = take("DISTINCT") }
            guard isAll == nil || isAll == keeps else {
                throw .syntax(
                    .invalidClauseComposition,
                    "A query cannot mix UNION and UNION ALL. Use one of them throughout.",
                    at: range)
            }
            isAll = keeps
            parts.append(try singleQuery())
        }
        return Query(parts: parts, isUnionAll: isAll, range: range(from: start))
    }

    /// What stands in the braces of a subquery: a query, or a pattern with its WHERE.
    mutating func subquery() throws(CypherError) -> Query {
        guard at(.leftParenthesis) || (isAtName && ahead(1).isSign(.equal)) else {
            return try query()
        }
        let start = start
        let pattern = try pattern()
        let condition = take("WHERE") ? try expression() : nil
        let range = range(from: start)
        let match = MatchClause(isOptional: false, pattern: pattern, condition: condition)
        let single = SingleQuery(clauses: [Clause(kind: .match(match), range: range)], range: range)
        return Query(parts: [single], isUnionAll: nil, range: range)
    }

    private mutating func singleQuery() throws(CypherError) -> SingleQuery {
        let start = start
        var clauses: [Clause] = []
        while let clause = try clause() { clauses.append(clause) }
        guard !clauses.isEmpty else { throw unexpected("a clause such as MATCH or RETURN") }
        return SingleQuery(clauses: clauses, range: range(from: start))
    }

    /// The next clause; nil when none begins here.
    private mutating func clause() throws(CypherError) -> Clause? {
        let keyword = current.range
        let kind: Clause.Kind
        if take("MATCH") {
            kind = try match(isOptional: false)
        } else if take("OPTIONAL", "MATCH") {
            kind = try match(isOptional: true)
        } else if take("OPTIONAL", "CALL") {
            kind = try call(isOptional: true)
        } else if take("UNWIND") {
            let list = try expression()
            try expect("AS")
            kind = .unwind(list, try name("a variable"))
        } else if at("WITH") {
            kind = .with(try projection())
        } else if at("RETURN") {
            kind = .return(try projection())
        } else if take("CREATE") || take("INSERT") {
            kind = .create(try pattern())
        } else if take("MERGE") {
            kind = .merge(try merge())
        } else if take("SET") {
            kind = .set(try setItems())
        } else if take("REMOVE") {
            kind = .remove(try removeItems())
        } else if let delete = try delete() {
            kind = delete
        } else if take("CALL") {
            kind = try call(isOptional: false)
        } else if take("FOREACH") {
            kind = try forEach()
        } else if take("LOAD", "CSV") {
            kind = .loadCSV(try loadCSV())
        } else if take("FINISH") {
            kind = .finish
        } else {
            return nil
        }
        return Clause(kind: kind, range: keyword)
    }

    // MARK: Reading

    private mutating func match(isOptional: Bool) throws(CypherError) -> Clause.Kind {
        let pattern = try pattern()
        let condition = take("WHERE") ? try expression() : nil
        return .match(
            MatchClause(isOptional: isOptional, pattern: pattern, condition: condition))
    }

    private mutating func projection() throws(CypherError) -> Projection {
        let start = start
        let isWith = at("WITH")
        advance()
        let isDistinct = take("DISTINCT")
        let includesAll = take(.star)
        var items: [ProjectionItem] = []
        if !includesAll || take(.comma) {
            repeat {
                let expression = try expression()
                let alias = take("AS") ? try name("an alias") : nil
                items.append(ProjectionItem(expression: expression, alias: alias))
            } while take(.comma)
        }
        var order: [SortItem] = []
        if take("ORDER", "BY") {
            repeat { order.append(try sortItem()) } while take(.comma)
        }
        let skip = take("SKIP") || take("OFFSET") ? try expression() : nil
        let limit = take("LIMIT") ? try expression() : nil
        let condition = isWith && take("WHERE") ? try expression() : nil
        return Projection(
            isDistinct: isDistinct, includesAll: includesAll, items: items, order: order,
            skip: skip, limit: limit, condition: condition, range: range(from: start))
    }

    private mutating func sortItem() throws(CypherError) -> SortItem {
        let expression = try expression()
        let isDescending = take("DESC") || take("DESCENDING")
        if !isDescending, !take("ASC") { _ = take("ASCENDING") }
        return SortItem(expression: expression, isDescending: isDescending)
    }

    private mutating func loadCSV() throws(CypherError) -> LoadCSV {
        let hasHeaders = take("WITH", "HEADERS")
        try expect("FROM")
        let source = try expression()
        try expect("AS")
        let variable = try name("a variable")
        let separator = take("FIELDTERMINATOR") ? try expression() : nil
        return LoadCSV(
            hasHeaders: hasHeaders, source: source, variable: variable, separator: separator)
    }

    // MARK: Writing

    private mutating func merge() throws(CypherError) -> MergeClause {
        let path = try path()
        var onCreate: [SetItem] = []
        var onMatch: [SetItem] = []
        while at("ON") {
            advance()
            let isCreate = take("CREATE")
            if !isCreate { try expect("MATCH") }
            try expect("SET")
            let items = try setItems()
            if isCreate { onCreate += items } else { onMatch += items }
        }
        return MergeClause(path: path, onCreate: onCreate, onMatch: onMatch)
    }

    private mutating func setItems() throws(CypherError) -> [SetItem] {
        var items: [SetItem] = []
        repeat { items.append(try setItem()) } while take(.comma)
        return items
    }

    private mutating func setItem() throws(CypherError) -> SetItem {
        if isAtName, ahead(1).isSign(.equal) || ahead(1).isSign(.plusEqual) {
            let variable = try name("a variable")
            let adds = take(.plusEqual)
            if !adds { advance() }
            let value = try expression()
            return adds ? .add(variable, value) : .replace(variable, value)
        }
        if isAtName, ahead(1).isSign(.colon) || ahead(1).isKeyword("IS") {
            let variable = try name("a variable")
            return .labels(variable, [try labelExpression()])
        }
        let target = try target()
        try expect(.equal)
        let value = try expression()
        switch target.kind {
        case .property(let base, let key): return .property(base, key: key, value)
        case .element(let base, let key): return .element(base, key: key, value)
        default: throw notAProperty(target.range)
        }
    }

    private mutating func removeItems() throws(CypherError) -> [RemoveItem] {
        var items: [RemoveItem] = []
        repeat {
            if isAtName, ahead(1).isSign(.colon) || ahead(1).isKeyword("IS") {
                let variable = try name("a variable")
                items.append(.labels(variable, [try labelExpression()]))
                continue
            }
            let target = try target()
            switch target.kind {
            case .property(let base, let key): items.append(.property(base, key: key))
            case .element(let base, let key): items.append(.element(base, key: key))
            default: throw notAProperty(target.range)
            }
        } while take(.comma)
        return items
    }

    /// What SET and REMOVE change: a property of an expression.
    private mutating func target() throws(CypherError) -> Expression {
        try nested { parser throws(CypherError) in try parser.postfixTarget() }
    }

    private func notAProperty(_ range: SourceRange) -> CypherError {
        .syntax(
            .unexpectedSyntax, "Only properties and labels can be set or removed, such as n.key.",
            at: range)
    }

    /// `[DETACH | NODETACH] DELETE expressions`; nil when it does not begin here.
    private mutating func delete() throws(CypherError) -> Clause.Kind? {
        let isDetaching = take("DETACH", "DELETE")
        guard isDetaching || take("NODETACH", "DELETE") || take("DELETE") else { return nil }
        var targets: [Expression] = []
        repeat { targets.append(try expression()) } while take(.comma)
        return .delete(targets, isDetaching: isDetaching)
    }

    private mutating func forEach() throws(CypherError) -> Clause.Kind {
        try expect(.leftParenthesis)
        let variable = try name("a variable")
        try expect("IN")
        let list = try expression(pipes: false)
        try expect(.bar)
        let clauses = try nested { parser throws(CypherError) in
            var clauses: [Clause] = []
            while let clause = try parser.clause() { clauses.append(clause) }
            return clauses
        }
        guard !clauses.isEmpty else { throw unexpected("a clause that changes the graph") }
        try expect(.rightParenthesis)
        return .forEach(variable, list, clauses)
    }

    // MARK: Calls

    private mutating func call(isOptional: Bool) throws(CypherError) -> Clause.Kind {
        if at(.leftBrace) || at(.leftParenthesis) {
            return .subquery(try subqueryCall(isOptional: isOptional))
        }
        let start = start
        var parts: [String] = []
        repeat { parts.append(try name("the name of a procedure").text) } while take(.dot)
        let name = Name(text: parts.joined(separator: "."), range: range(from: start))
        var arguments: [Expression]?
        if take(.leftParenthesis) {
            var found: [Expression] = []
            if !at(.rightParenthesis) {
                repeat { found.append(try expression()) } while take(.comma)
            }
            try expect(.rightParenthesis)
            arguments = found
        }
        return .call(
            ProcedureCall(
                name: name, arguments: arguments, isOptional: isOptional, yield: try yield()))
    }

    private mutating func yield() throws(CypherError) -> ProcedureCall.Yield? {
        let start = start
        guard take("YIELD") else { return nil }
        if take(.star) {
            return ProcedureCall.Yield(
                includesAll: true, items: [],
                condition: take("WHERE") ? try expression() : nil, range: range(from: start))
        }
        var items: [(field: Name, alias: Name?)] = []
        repeat {
            let field = try name("the name of a result")
            items.append((field, take("AS") ? try name("an alias") : nil))
        } while take(.comma)
        return ProcedureCall.Yield(
            includesAll: false, items: items, condition: take("WHERE") ? try expression() : nil,
            range: range(from: start))
    }

    private mutating func subqueryCall(isOptional: Bool) throws(CypherError) -> SubqueryCall {
        var imports: [Name]?
        var importsAll = false
        if take(.leftParenthesis) {
            imports = []
            if take(.star) {
                importsAll = true
            } else if !at(.rightParenthesis) {
                repeat { imports?.append(try name("a variable")) } while take(.comma)
            }
            try expect(.rightParenthesis)
        }
        try expect(.leftBrace)
        let query = try nested { parser throws(CypherError) in try parser.query() }
        try expect(.rightBrace)
        return SubqueryCall(
            query: query, isOptional: isOptional, imports: imports, importsAll: importsAll,
            batches: try batches())
    }

    private mutating func batches() throws(CypherError) -> SubqueryCall.Batches? {
        guard at("IN") else { return nil }
        guard nesting == 0 else {
            throw .syntax(
                .invalidClauseComposition,
                "A subquery in transactions cannot stand inside another subquery. Call it from the "
                    + "query itself.", at: current.range)
        }
        advance()
        try expect("TRANSACTIONS")
        var rows: Expression?
        if take("OF") {
            rows = try expression()
            if !take("ROWS") { try expect("ROW") }
        }
        var onError: String?
        if take("ON", "ERROR") { onError = try name("CONTINUE, BREAK or FAIL").text.uppercased() }
        let report = take("REPORT", "STATUS", "AS") ? try name("a variable") : nil
        return SubqueryCall.Batches(rows: rows, onError: onError, report: report)
    }
}
