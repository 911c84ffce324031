internal import PropertyGraph

/// The words that begin clauses and their parts.
enum Keywords {
    /// What begins a clause or a command, as documents write it.
    static let clauses = [
        "CALL", "CREATE", "DELETE", "DETACH DELETE", "EXPLAIN", "FINISH", "FOREACH", "INSERT",
        "LOAD CSV", "MATCH", "MERGE", "NODETACH DELETE", "OPTIONAL CALL", "OPTIONAL MATCH",
        "PROFILE", "REMOVE", "RETURN", "SET", "UNION", "UNWIND", "USE", "WITH",
    ]

    /// What begins a command over the schema.
    static let commands = [
        "CREATE CONSTRAINT", "CREATE INDEX", "DROP CONSTRAINT", "DROP INDEX", "SHOW CONSTRAINTS",
        "SHOW FUNCTIONS", "SHOW INDEXES", "SHOW PROCEDURES", "SHOW TRANSACTIONS",
    ]

    /// What may follow an expression or a pattern within a clause.
    static let parts = [
        "AND", "AS", "ASC", "CONTAINS", "DESC", "ENDS WITH", "IN", "IN TRANSACTIONS", "IS NOT NULL",
        "IS NULL", "LIMIT", "OFFSET", "ON CREATE SET", "ON MATCH SET", "OR", "ORDER BY", "SKIP",
        "STARTS WITH", "WHERE", "XOR", "YIELD",
    ]
}

extension Parser {
    /// The keyword that a misspelt word here most likely meant; nil when it is like none.
    func meantKeyword(_ wanted: String) -> String? {
        // Where one keyword is wanted, the message names it already.
        guard current.kind == .identifier, !wanted.allSatisfy(\.isUppercase) else { return nil }
        let word = current.text.uppercased()
        let candidates = Keywords.clauses + Keywords.commands + Keywords.parts
        if let pair = meantPair(word, candidates) { return pair }
        guard let near = NearMiss.best(for: word, among: candidates), near != word else {
            return nil
        }
        // Of two letters nearly every word is near; only swapped ones are a typo.
        return word.utf8.count > 2 || word.utf8.sorted() == near.utf8.sorted() ? near : nil
    }

    /// `OPTIONAL MTACH`, `ODER BY`: one word of two is right, the other is not.
    private func meantPair(_ first: String, _ candidates: [String]) -> String? {
        guard ahead(1).kind == .identifier else { return nil }
        let second = ahead(1).text.uppercased()
        let pairs = candidates.filter { candidate in
            let words = candidate.split(separator: " ")
            guard words.count == 2 else { return false }
            return (words[0] == first) != (words[1] == second)
        }
        return NearMiss.best(for: "\(first) \(second)", among: pairs)
    }
}
