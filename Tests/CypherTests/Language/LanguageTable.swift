import GraphStore
import Testing

@testable import Cypher

/// Queries with what they give, each asked of a fresh copy of one graph, with the optimiser and
/// without.
///
/// What a query gives is written as its rows, `1, 'a' | 2, 'b'`, or as its error,
/// `SyntaxError at compile time: UndefinedVariable`.
struct LanguageTable {
    /// What makes the graph; empty for none.
    var setup = ""
    var parameters: [String: CypherValue] = [:]
    let cases: [(query: String, expected: String)]

    func check(sourceLocation: SourceLocation = #_sourceLocation) throws {
        for (query, expected) in cases {
            for isNaive in [false, true] {
                let found = try outcome(of: query, isNaive: isNaive)
                #expect(
                    found == expected, "\(query)\(isNaive ? " (naive)" : "")",
                    sourceLocation: sourceLocation)
            }
        }
    }

    private func outcome(of query: String, isNaive: Bool) throws -> String {
        let db = try GraphDatabase.temporary()
        defer { db.close() }
        if !setup.isEmpty { _ = try db.query(setup) }
        var options = QueryOptions()
        options.isNaive = isNaive
        do {
            let result = try db.query(query, parameters: parameters, options: options)
            let rows = result.rows.map { row in
                row.map { $0.canonical(sortsLists: false) }.joined(separator: ", ")
            }
            return rows.isEmpty ? "no rows" : rows.joined(separator: " | ")
        } catch let error as CypherError {
            return "\(error.kind.rawValue) at \(error.phase.rawValue): \(error.detail.rawValue)"
        }
    }
}
