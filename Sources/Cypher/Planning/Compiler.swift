internal import PropertyGraph

/// Turns a checked query into a plan: variables become slots of a frame, clauses steps.
struct Compiler {
    /// What the planner may know of the graph.
    struct Knowledge: Sendable {
        /// How many nodes carry a label; nil means all nodes.
        var nodeCount: @Sendable (Label?) -> Int
        /// Whether an index over one property of a label serves lookups.
        var hasIndex: @Sendable (Label, PropertyKey) -> Bool
        /// How many relationships have a type; nil means all.
        var edgeCount: @Sendable (EdgeType?) -> Int
        /// How many different values a property has among the nodes of a label.
        var distinct: @Sendable (Label, PropertyKey) -> Int

        /// Nothing: every choice falls as the query was written.
        static let nothing = Knowledge(
            nodeCount: { _ in 1 }, hasIndex: { _, _ in false }, edgeCount: { _ in 1 },
            distinct: { _, _ in 1 })
    }

    /// One property of a label.
    struct IndexKey: Hashable {
        let label: Label
        let property: PropertyKey
    }

    let text: SourceText
    let knowledge: Knowledge
    /// Whether clauses run as they are written, without a choice of order or indexes.
    let isNaive: Bool
    /// Whether each row of the pattern under way is needed once, however often it is found.
    var endsSuffice = false
    let procedures: (String) -> ProcedureSignature?
    /// How many slots a frame has.
    var slotCount = 0
    /// The variables in sight.
    var scope: [String: Int] = [:]
    /// The order in which they came.
    var order: [String] = []
    /// Expressions that were computed already, by their canonical text.
    var substitutions: [String: Substitution] = [:]
    /// The variables behind slots, for plans that are shown.
    var slotNames: [Int: String] = [:]
    /// The slots of the elements of patterns, by where they stand.
    var elementSlots: [SourceRange: Int] = [:]
    /// Where slots are filled in the text, for errors.
    var slotRanges: [Int: SourceRange] = [:]

    init(
        text: SourceText, knowledge: Knowledge, isNaive: Bool,
        procedures: @escaping (String) -> ProcedureSignature?
    ) {
        self.text = text
        self.knowledge = knowledge
        self.isNaive = isNaive
        self.procedures = procedures
    }

    mutating func newSlot() -> Int {
        slotCount += 1
        return slotCount - 1
    }

    /// The slot of a variable, a new one if it is not in sight.
    mutating func slot(_ name: String) -> Int {
        if let slot = scope[name] { return slot }
        return declare(name)
    }

    @discardableResult
    mutating func declare(_ name: String) -> Int {
        let slot = newSlot()
        bind(name, slot)
        return slot
    }

    /// From here on the expression is read from a slot.
    mutating func substitute(_ expression: Expression, _ slot: Int) {
        substitutions[expression.canonicalText] = Substitution(of: expression, slot)
    }

    /// Declares a variable of a part of an expression: what has its name outside, and was computed
    /// from that, is out of sight.
    mutating func shadow(_ name: String) -> Int {
        substitutions = substitutions.filter { !$0.value.names.contains(name) }
        return declare(name)
    }

    /// The compiled plan of a query.
    mutating func compiled(_ query: Query) throws(CypherError) -> CompiledPlan {
        let plan = try plan(query)
        return CompiledPlan(
            plan: plan, slotCount: slotCount, slotNames: slotNames, slotRanges: slotRanges)
    }

    mutating func bind(_ name: String, _ slot: Int) {
        slotNames[slot] = name
        if scope.updateValue(slot, forKey: name) == nil { order.append(name) }
    }

    /// Compiles with variables that are gone afterwards.
    mutating func inner<Result>(
        _ body: (inout Compiler) throws(CypherError) -> Result
    ) throws(CypherError) -> Result {
        let before = (scope, order, substitutions)
        defer { (scope, order, substitutions) = before }
        return try body(&self)
    }

    /// What the semantic check should have refused.
    func impossible(_ range: SourceRange?, _ what: String = "query") -> CypherError {
        .syntax(.unexpectedSyntax, "This \(what) is not supported here.", at: range)
    }
}
