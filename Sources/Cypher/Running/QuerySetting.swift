internal import GraphStore
internal import Synchronization

/// What one run of a query is given, and how it is stopped. By reference: it is handed from one to
/// the next, and whoever lists what runs holds it too.
final class QuerySetting: Sendable {
    /// The text, as it was given.
    let text: String
    let start = ContinuousClock.now
    let values: ParameterValues
    let options: QueryOptions
    let isProfiled: Bool
    /// The database that is read, and the rows and columns that its queries share; nil inside of a
    /// transaction that a program holds.
    let database: GraphDatabase?
    let shared: DerivedGraphs?
    private let stopped = Atomic(false)

    init(
        _ query: PreparedQuery, _ parameters: [String: CypherValue], _ options: QueryOptions,
        isProfiled: Bool = false, database: GraphDatabase? = nil, shared: DerivedGraphs? = nil
    ) {
        text = query.query
        values = ParameterValues(parameters, of: query.parameters)
        self.options = options
        self.isProfiled = isProfiled
        self.database = database
        self.shared = shared
    }

    var isStopped: Bool { stopped.load(ordering: .relaxed) }

    func stop() { stopped.store(true, ordering: .relaxed) }
}

/// The values of the parameters of a query.
struct ParameterValues: Sendable {
    private enum Values {
        /// In the order of the names, which are looked through.
        case few([Value?])
        case many([String: Value])
    }

    private static let mostOfFew = 8

    private let parameters: [PreparedQuery.Parameter]
    private let given: [String: CypherValue]
    private let values: Values

    init(_ given: [String: CypherValue], of parameters: [PreparedQuery.Parameter]) {
        self.parameters = parameters
        self.given = given
        values =
            if parameters.count <= Self.mostOfFew {
                .few(parameters.map { parameter in given[parameter.name].map { Value($0) } })
            } else {
                .many(given.mapValues { Value($0) })
            }
    }

    /// The value of a parameter; nil where none was given.
    subscript(name: String) -> Value? {
        switch values {
        case .many(let values): return values[name]
        case .few(let values):
            for place in values.indices where parameters[place].name == name {
                return values[place]
            }
            // A procedure without arguments takes those parameters that its signature names.
            return given[name].map { Value($0) }
        }
    }

    /// The first parameter that the text names and that was not given.
    var missing: PreparedQuery.Parameter? {
        guard case .few(let values) = values else {
            return parameters.first { self[$0.name] == nil }
        }
        for place in values.indices where values[place] == nil { return parameters[place] }
        return nil
    }
}
