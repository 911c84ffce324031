internal import PropertyGraph

/// `count(DISTINCT b)` of the nodes at the ends of paths, which are counted as they are found. By
/// reference: it is handed over for every run.
final class ReachCount: Sendable {
    let expansion: PathExpansion
    /// What must be true of a node that counts.
    let conditions: [Code]
    /// Whether the node that paths begin at does not count.
    let isWithoutStart: Bool
    /// Where the count goes.
    let slot: Int

    /// Takes the steps that it does away from the end of a pipeline; nil where more is asked.
    init?(_ steps: inout [Step], _ aggregates: [Aggregate]) {
        guard aggregates.count == 1, let aggregate = aggregates.first, aggregate.kind == .count,
            aggregate.isDistinct, case .slot(let counted)? = aggregate.argument
        else { return nil }
        var conditions: [Code] = []
        for (place, step) in steps.enumerated().reversed() {
            switch step {
            case .filter(let code): conditions.insert(code, at: 0)
            case .expandPath(let expansion):
                guard expansion.endsOnly, !expansion.isInto, expansion.to == counted else {
                    return nil
                }
                let others = conditions.filter { !Self.isUnequal($0, expansion.from, counted) }
                self.expansion = expansion
                self.conditions = others
                isWithoutStart = others.count < conditions.count
                slot = aggregate.slot
                steps.removeSubrange(place...)
                return
            default: return nil
            }
        }
        return nil
    }

    /// `a <> b`, either way round.
    private static func isUnequal(_ code: Code, _ left: Int, _ right: Int) -> Bool {
        guard case .comparison(let operands, let signs) = code, signs == [.notEqual],
            operands.count == 2, case .slot(let one) = operands[0],
            case .slot(let other) = operands[1]
        else { return false }
        return (one, other) == (left, right) || (one, other) == (right, left)
    }
}
