extension Expression {
    /// The expression in one way of writing: two of one meaning that differ in blanks, brackets or
    /// the case of keywords have one text. It is what ORDER BY and grouping compare, and what
    /// EXPLAIN shows.
    var canonicalText: String {
        switch kind {
        case .literal(let literal): return literal.canonicalText
        case .parameter(let name): return "$" + Name.quoted(name)
        case .variable(let name): return Name.quoted(name)
        case .list(let elements): return "[\(Self.join(elements))]"
        case .map(let entries):
            return "{\(entries.map(\.canonicalText).joined(separator: ", "))}"
        case .property(let base, let key):
            return "\(base.operandText).\(Name.quoted(key.text))"
        case .element(let base, let index): return "\(base.operandText)[\(index.canonicalText)]"
        case .slice(let base, let from, let to):
            return "\(base.operandText)[\(from?.canonicalText ?? "")..\(to?.canonicalText ?? "")]"
        case .unary(let sign, let operand):
            return sign == .not ? "NOT \(operand.operandText)" : sign.rawValue + operand.operandText
        case .binary(let sign, let left, let right):
            return "\(left.operandText) \(sign.rawValue) \(right.operandText)"
        case .junction(let junction, let operands):
            return operands.map(\.operandText).joined(separator: " \(junction.rawValue) ")
        case .comparison(let operands, let signs):
            var text = operands[0].operandText
            for (sign, operand) in zip(signs, operands.dropFirst()) {
                text += " \(sign.rawValue) \(operand.operandText)"
            }
            return text
        case .isNull(let operand, let isNegated):
            return "\(operand.operandText) IS \(isNegated ? "NOT " : "")NULL"
        case .hasLabels(let base, let labels):
            return "\(base.operandText):\(labels.canonicalText)"
        case .call(let call):
            let name = call.name.text.lowercased()
            return "\(name)(\(call.isDistinct ? "DISTINCT " : "")\(Self.join(call.arguments)))"
        case .countAll: return "count(*)"
        case .conditional(let conditional): return conditional.canonicalText
        case .listComprehension(let comprehension): return "[\(comprehension.canonicalText)]"
        case .quantifier(let quantifier, let comprehension):
            return "\(quantifier.rawValue)(\(comprehension.canonicalText))"
        case .reduction(let reduction):
            return "reduce(\(Name.quoted(reduction.accumulator.text)) = "
                + "\(reduction.initial.canonicalText), \(Name.quoted(reduction.variable.text)) IN "
                + "\(reduction.list.canonicalText) | \(reduction.body.canonicalText))"
        case .mapProjection(let variable, let items):
            return Name.quoted(variable.text)
                + " {\(items.map(\.canonicalText).joined(separator: ", "))}"
        case .patternComprehension, .patternPredicate, .subquery, .shortestPath:
            // Patterns are compared by where they stand: each is a question of its own.
            return "pattern@\(range.start)"
        }
    }

    /// The text with brackets where it is more than a word.
    private var operandText: String {
        switch kind {
        case .unary, .binary, .junction, .comparison, .isNull, .hasLabels: "(\(canonicalText))"
        default: canonicalText
        }
    }

    private static func join(_ expressions: [Expression]) -> String {
        expressions.map(\.canonicalText).joined(separator: ", ")
    }
}

extension Name {
    /// A name as the language takes it, in backticks where it must be.
    static func quoted(_ text: String) -> String {
        let bytes = text.utf8
        let isPlain =
            bytes.allSatisfy { Lexer.isNameByte($0) && $0 < 0x80 }
            && bytes.first.map { !Lexer.isDigit($0) } ?? false
        return isPlain
            ? text
            : "`\(text.split(separator: "`", omittingEmptySubsequences: false).joined(separator: "``"))`"
    }
}

extension Literal {
    var canonicalText: String {
        switch self {
        case .null: "null"
        case .boolean(let value): String(value)
        case .integer(let value): String(value)
        case .float(let value): value.isNaN ? "NaN" : value.isInfinite ? "Inf" : String(value)
        case .string(let value): "'\(Self.escaped(value))'"
        }
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "'": result += "\\'"
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension MapEntry {
    var canonicalText: String { "\(Name.quoted(key.text)): \(value.canonicalText)" }
}

extension Conditional {
    var canonicalText: String {
        var text = "CASE"
        if let subject { text += " " + subject.canonicalText }
        for branch in branches {
            text += " WHEN \(branch.condition.canonicalText) THEN \(branch.result.canonicalText)"
        }
        if let otherwise { text += " ELSE " + otherwise.canonicalText }
        return text + " END"
    }
}

extension Comprehension {
    var canonicalText: String {
        var text = "\(Name.quoted(variable.text)) IN \(list.canonicalText)"
        if let condition { text += " WHERE " + condition.canonicalText }
        if let result { text += " | " + result.canonicalText }
        return text
    }
}

extension MapProjectionItem {
    var canonicalText: String {
        switch self {
        case .property(let key): ".\(Name.quoted(key.text))"
        case .allProperties: ".*"
        case .entry(let entry): entry.canonicalText
        case .variable(let name): Name.quoted(name.text)
        }
    }
}

extension LabelExpression {
    var canonicalText: String {
        switch self {
        case .name(let name): Name.quoted(name.text)
        case .and(let parts): parts.map(\.operandText).joined(separator: "&")
        case .or(let parts): parts.map(\.operandText).joined(separator: "|")
        case .not(let part): "!\(part.operandText)"
        case .any: "%"
        case .computed(let expression): "$(\(expression.canonicalText))"
        }
    }

    private var operandText: String {
        switch self {
        case .and, .or: "(\(canonicalText))"
        default: canonicalText
        }
    }
}
