internal import GraphStore

/// What one run of a query is given. By reference: it is handed from one to the next.
final class QuerySetting: Sendable {
    let values: [String: Value]
    let options: QueryOptions
    /// The run by which it can be stopped; nil inside of a transaction that a program holds.
    let run: QueryRegistry.Run?
    let isProfiled: Bool
    /// The database whose newest commit is read, and the rows and columns that its queries share.
    let database: GraphDatabase?
    let shared: DerivedGraphs?

    init(
        values: [String: Value], options: QueryOptions, run: QueryRegistry.Run?, isProfiled: Bool,
        database: GraphDatabase?, shared: DerivedGraphs?
    ) {
        self.values = values
        self.options = options
        self.run = run
        self.isProfiled = isProfiled
        self.database = database
        self.shared = shared
    }

    /// Inside of a transaction.
    convenience init(_ parameters: [String: CypherValue], _ options: QueryOptions) {
        self.init(
            values: parameters.mapValues { Value($0) }, options: options, run: nil,
            isProfiled: false, database: nil, shared: nil)
    }
}
