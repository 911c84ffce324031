public import GraphStore
internal import PropertyGraph

/// A label, type or property key of a query that the database does not have, and is nearly one
/// that it has.
public struct UnknownName: Hashable, Sendable {
    /// What a name names.
    public enum Kind: String, Sendable {
        case label
        case type
        case propertyKey = "property key"
    }

    /// What it names.
    public let kind: Kind
    /// As the query has it.
    public let name: String
    /// What it most likely meant.
    public let suggestion: String
}

extension ReadTransaction {
    /// The names of a query that nothing has, and that are nearly names of something: most likely
    /// typos, which openCypher answers with no row or null.
    ///
    /// It looks at words alone, so a key of a map may be among them, and no keys are told of a query
    /// that makes temporal values.
    ///
    /// - Complexity: O(length of the query + number of names).
    public func unknownNames(in query: String) throws -> [UnknownName] {
        guard let tokens = try? Lexer.tokens(of: query) else { return [] }
        let found = NamesOfQuery(tokens)
        var result: [UnknownName] = []
        func look(_ names: Set<String>, _ kind: UnknownName.Kind, _ known: [String]) {
            let known = Set(known)
            for name in names.subtracting(known).sorted() {
                guard let near = NearMiss.best(for: name, among: known) else { continue }
                result.append(UnknownName(kind: kind, name: name, suggestion: near))
            }
        }
        look(found.labels, .label, try labels().map(\.name))
        look(found.types, .type, try edgeTypes().map(\.name))
        look(found.keys, .propertyKey, propertyKeys().map(\.name))
        return result
    }
}

/// The names of a query, told apart by what stands around them.
private struct NamesOfQuery {
    var labels: Set<String> = []
    var types: Set<String> = []
    var keys: Set<String> = []

    init(_ tokens: [Token]) {
        var open: [Token.Sign] = []
        // Whether a colon of labels was passed, and only names and their signs since.
        var isAtLabels = false
        for (place, token) in tokens.enumerated() {
            let before = place > 0 ? tokens[place - 1] : nil
            switch token.kind {
            case .sign(.leftParenthesis), .sign(.leftBracket), .sign(.leftBrace):
                if case .sign(let sign) = token.kind { open.append(sign) }
                isAtLabels = isAtLabels && token.isSign(.leftParenthesis)
            case .sign(.rightParenthesis), .sign(.rightBracket), .sign(.rightBrace):
                _ = open.popLast()
                isAtLabels = false
            case .sign(.colon): isAtLabels = open.last != .leftBrace
            case .sign(.bar), .sign(.ampersand), .sign(.exclamation), .sign(.percent): continue
            case .identifier, .quotedIdentifier:
                let isJoined = before.map { $0.kind != .identifier } ?? false
                if isAtLabels, isJoined {
                    if open.last == .leftBracket {
                        types.insert(token.text)
                    } else {
                        labels.insert(token.text)
                    }
                    continue
                }
                isAtLabels = false
                let next = tokens.indices.contains(place + 1) ? tokens[place + 1] : nil
                // `p.born.year` has a part of a value behind the key.
                let isChained = place > 2 && tokens[place - 3].isSign(.dot)
                let isKey = (before?.isSign(.dot) ?? false) && !isChained
                // `date.truncate(` is a function, and `db.labels` a procedure.
                if isKey, next?.isSign(.leftParenthesis) == false { keys.insert(token.text) }
            default: isAtLabels = false
            }
        }
        // Parts of temporal values are written like properties.
        let makesTime = tokens.contains { token in
            token.kind == .identifier && TemporalKind(rawValue: token.text.lowercased()) != nil
        }
        if makesTime || tokens.contains(where: { $0.isKeyword("DURATION") }) { keys = [] }
    }
}
