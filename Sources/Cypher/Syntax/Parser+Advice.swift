extension Parser {
    /// How to mend what stands here, where it is a slip that people often make, or comes from
    /// another language; nil for anything else.
    func advice(_ wanted: String) -> String? {
        if let slip = operatorSlip(wanted) { return slip }
        switch current.kind {
        case .string where wanted == "a key":
            return "Keys are written without quotes, and odd ones in backticks."
        case .identifier:
            if wanted == "'('", !isAtClause {
                return "A node stands in parentheses: (\(current.text))."
            }
            if wanted == "the end of the query", current.isKeyword("WHERE") {
                return "WHERE stands behind MATCH or WITH, and before RETURN."
            }
            return wanted.allSatisfy(\.isUppercase) ? nil : Self.foreign[current.text.uppercased()]
        default:
            return wanted == "':'" && at(.equal) ? "A key and its value have a colon between." : nil
        }
    }

    private var isAtClause: Bool {
        Keywords.clauses.contains { current.isKeyword(String($0.prefix { $0 != " " })) }
    }

    /// Words of other languages.
    private static let foreign = [
        "BETWEEN": "Write the bounds on both sides: 1 <= x <= 2.",
        "FROM": "MATCH tells where rows come from, and IN goes through a list.",
        "GROUP": "Rows are grouped by the columns that stand beside an aggregate.",
        "HAVING": "Aggregate in WITH, and put its WHERE behind it.",
        "JOIN": "Patterns that share a variable are joined.",
        "LIKE": "Write STARTS WITH, ENDS WITH, CONTAINS, or =~ and a regular expression.",
        "SELECT": "A query begins with MATCH, and ends with RETURN and its columns.",
        "UPDATE": "Find it with MATCH, and change it with SET.",
    ]

    private func operatorSlip(_ wanted: String) -> String? {
        if at(.exclamation), ahead(1).isSign(.equal) { return "Unequal is written <>." }
        guard let previous else { return nil }
        if previous.isSign(.equal) {
            if at(.equal) { return "Equal is written =." }
            if at(.greater) || at(.less) {
                return "Write \(at(.greater) ? ">=" : "<="), the equals sign last."
            }
        }
        // A NOT that could not begin an operand, as in `a = NOT b`, was read as a name.
        guard previous.isKeyword("NOT"), !wanted.allSatisfy(\.isUppercase) else { return nil }
        switch current.kind {
        case .identifier, .quotedIdentifier, .parameter, .integer, .float, .string:
            return "An operand that begins with NOT stands in parentheses: (NOT …)."
        default: return nil
        }
    }
}
