internal import GraphStore

/// What one run of a query is given.
struct QuerySetting: Sendable {
    let values: [String: Value]
    let options: QueryOptions
    /// The run by which it can be stopped; nil inside of a transaction that a program holds.
    var run: QueryRegistry.Run?
    var isProfiled = false
    /// The database whose newest commit is read, and the rows and columns that its queries share.
    var shared: (database: GraphDatabase, graphs: DerivedGraphs)?

    init(
        values: [String: Value], options: QueryOptions, run: QueryRegistry.Run?, isProfiled: Bool
    ) {
        self.values = values
        self.options = options
        self.run = run
        self.isProfiled = isProfiled
    }

    /// Inside of a transaction.
    init(_ parameters: [String: CypherValue], _ options: QueryOptions) {
        values = parameters.mapValues { Value($0) }
        self.options = options
    }
}
