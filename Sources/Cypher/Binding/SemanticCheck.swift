/// The pass between parsing and planning: finds every error that shows in the text.
///
/// It resolves variables, kinds and types, scopes and grouping, and throws the first error, with
/// phase "compile time". What passes can still fail on values, and on those only.
struct SemanticCheck {
    let text: SourceText
    /// The procedures that can be called.
    let procedures: (String) -> ProcedureSignature?
    /// What is seen at the place the pass has come to.
    var scope = Scope()
    /// Why variables that were seen before are not any more, for messages.
    var outOfSight: [String: Absence] = [:]

    enum Absence {
        /// A WITH, DISTINCT or aggregation left it behind.
        case unprojected
        /// It is bound outside of a CALL that does not take it.
        case outside
    }

    /// Checks a query and returns the names of its columns.
    ///
    /// - Throws: The error, with its place.
    static func columns(
        of query: Query, in text: SourceText, procedures: @escaping (String) -> ProcedureSignature?
    ) throws(CypherError) -> [String] {
        var check = SemanticCheck(text: text, procedures: procedures)
        return try check.query(query, .whole).columns
    }

    /// Where a query stands.
    enum Place {
        case whole
        /// `CALL { … }`: may change the graph, may end without RETURN.
        case call
        /// `EXISTS { … }` and kin: only reads.
        case expression
    }

    /// What a query gives.
    struct Output {
        var columns: [String] = []
        var types = Scope()
    }

    // MARK: Queries

    mutating func query(_ query: Query, _ place: Place) throws(CypherError) -> Output {
        let outer = scope
        let outerAbsences = outOfSight
        defer { outOfSight = outerAbsences }
        var result: Output?
        for part in query.parts {
            (scope, outOfSight) = (outer, outerAbsences)
            let output = try single(part, place, isPart: query.parts.count > 1)
            if let first = result, !Self.same(first.columns, output.columns) {
                throw .syntax(
                    .differentColumnsInUnion,
                    "The parts of a UNION have different columns: \(Self.list(first.columns)) and "
                        + "\(Self.list(output.columns)). Name them alike with AS.",
                    at: part.range)
            }
            if result == nil { result = output }
        }
        scope = outer
        return result ?? Output()
    }

    private mutating func single(
        _ query: SingleQuery, _ place: Place, isPart: Bool
    ) throws(CypherError) -> Output {
        var output = Output()
        for (number, clause) in query.clauses.enumerated() {
            let isLast = number == query.clauses.count - 1
            try order(clause, isLast: isLast, isOnly: query.clauses.count == 1, place)
            if case .call(let call) = clause.kind, query.clauses.count == 1, place == .whole {
                output = try standaloneCall(call)
            } else if case .return(let projection) = clause.kind {
                output = try self.projection(projection, isReturn: true)
            } else {
                try self.clause(clause, isLast: isLast)
            }
        }
        return output
    }

    /// Whether a clause may stand where it does.
    private func order(
        _ clause: Clause, isLast: Bool, isOnly: Bool, _ place: Place
    ) throws(CypherError) {
        let name = text.text(clause.range).uppercased()
        switch clause.kind {
        case .return, .finish:
            guard isLast else {
                let advice =
                    name == "RETURN"
                    ? "To go on with its rows, write WITH in its place." : "Put it last."
                throw misplaced(clause, "\(name) ends a query. \(advice)")
            }
        case .match, .unwind, .with, .loadCSV:
            if isLast, place != .expression {
                throw misplaced(
                    clause,
                    "A query cannot end with \(name). End it with RETURN, or with a clause "
                        + "that changes the graph.")
            }
        case .create, .merge, .set, .remove, .delete, .forEach:
            if place == .expression {
                throw misplaced(clause, "\(name) cannot stand in a subquery of an expression.")
            }
        case .call(let call):
            if place == .expression, procedures(call.name.text)?.isWriting ?? false {
                throw misplaced(
                    clause,
                    "\(call.name.text) changes the graph and cannot stand in a subquery of an "
                        + "expression.")
            }
        case .subquery:
            break
        }
    }

    private func misplaced(_ clause: Clause, _ message: String) -> CypherError {
        .syntax(.invalidClauseComposition, message, at: clause.range)
    }

    static func same(_ left: [String], _ right: [String]) -> Bool {
        left.count == right.count && Set(left) == Set(right)
    }

    static func list(_ names: [String]) -> String {
        names.isEmpty ? "none" : names.joined(separator: ", ")
    }

    // MARK: Variables

    /// The type of a variable in sight.
    func variable(_ name: String, at range: SourceRange) throws(CypherError) -> StaticType {
        if let type = scope[name] { return type }
        if let constant = Literal.float(named: name) { return constant.staticType }
        let advice =
            switch outOfSight[name] {
            case .unprojected:
                "It was there before, and is not among the columns that are left. Project it too."
            case .outside:
                "It is outside of this CALL. Hand it in: CALL (\(name)) { … }."
            case nil:
                scope.nearMiss(of: name).map { "Did you mean `\($0)`?" }
                    ?? "Bind it first, with MATCH, UNWIND or WITH … AS."
            }
        throw .syntax(
            .undefinedVariable, "Variable `\(name)` is not defined. \(advice)", at: range)
    }

    /// A new variable, which must not be there.
    mutating func declare(_ name: Name, _ type: StaticType) throws(CypherError) {
        guard scope[name.text] == nil else { throw alreadyBound(name) }
        scope.add(name.text, type)
    }

    func alreadyBound(_ name: Name) -> CypherError {
        .syntax(
            .variableAlreadyBound,
            "Variable `\(name.text)` is bound already. Give this one another name.", at: name.range)
    }

    /// Runs with variables of its own, which are gone afterwards.
    mutating func inner<Result>(
        _ body: (inout SemanticCheck) throws(CypherError) -> Result
    ) throws(CypherError) -> Result {
        let outer = scope
        defer { scope = outer }
        return try body(&self)
    }
}
