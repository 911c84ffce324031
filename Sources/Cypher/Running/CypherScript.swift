/// A text of several statements.
public enum CypherScript {
    /// The statements of a script, which end with semicolons; blank ones are left out.
    ///
    /// - Throws: `CypherError` where a string or comment does not end.
    public static func statements(of script: String) throws -> [String] {
        let text = SourceText(script)
        var statements: [String] = []
        var start: Int?
        for token in try Lexer.tokens(of: script) {
            if token.isSign(.semicolon) || token.kind == .end {
                if let first = start {
                    statements.append(
                        text.text(SourceRange(start: first, end: token.range.start)))
                }
                start = nil
            } else if start == nil {
                start = token.range.start
            }
        }
        return statements
    }
}
