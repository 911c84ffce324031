internal import PropertyGraph

/// The words of the language, for tools that complete or colour queries.
public enum CypherVocabulary {
    /// The names of all functions, ascending, as documents write them.
    public static let functions: [String] = FunctionSignature.all.map(\.name)
        .sorted { UTF8Order.precedes($0, $1) }

    /// What begins a clause or a command over the schema, in capitals.
    public static let clauses: [String] = Keywords.clauses + Keywords.commands

    /// The words with which clauses and operators are written, in capitals, ascending.
    public static let keywords: [String] = [
        "ALL", "AND", "ANY", "AS", "ASC", "BY", "CALL", "CASE", "COLLECT", "CONSTRAINT", "CONTAINS",
        "COUNT", "CREATE", "CSV", "DELETE", "DESC", "DETACH", "DISTINCT", "DROP", "ELSE", "END",
        "ENDS", "EXISTS", "EXPLAIN", "FALSE", "FINISH", "FOR", "FOREACH", "FROM", "HEADERS", "IN",
        "INDEX", "INDEXES", "IS", "LIMIT", "LOAD", "MATCH", "MERGE", "NONE", "NOT", "NULL", "ON",
        "OPTIONAL", "OR", "ORDER", "PROFILE", "REMOVE", "REQUIRE", "RETURN", "SET", "SHORTEST",
        "SHOW", "SINGLE", "SKIP", "STARTS", "THEN", "TRANSACTIONS", "TRUE", "UNION", "UNIQUE",
        "UNWIND", "USE", "WHEN", "WHERE", "WITH", "XOR", "YIELD",
    ]
}
