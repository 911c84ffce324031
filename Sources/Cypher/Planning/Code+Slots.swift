extension Code {
    /// Whether the value depends on a slot.
    func uses(_ slot: Int) -> Bool {
        var found = false
        forEachSlot { if $0 == slot { found = true } }
        return found
    }

    /// Calls `body` with every slot that the value may depend on, those of its own variables among
    /// them.
    func forEachSlot(_ body: (Int) -> Void) {
        switch self {
        case .constant, .parameter: return
        case .slot(let slot): body(slot)
        case .list(let elements): for element in elements { element.forEachSlot(body) }
        case .map(let entries): for entry in entries { entry.value.forEachSlot(body) }
        case .property(let base, _, _), .not(let base, _), .negated(let base, _),
            .positive(let base, _), .isNull(let base, _):
            base.forEachSlot(body)
        case .element(let left, let right, _), .arithmetic(_, let left, let right, _),
            .text(_, let left, let right), .isIn(let left, let right, _):
            left.forEachSlot(body)
            right.forEachSlot(body)
        case .slice(let base, let from, let to, _):
            base.forEachSlot(body)
            from?.forEachSlot(body)
            to?.forEachSlot(body)
        case .junction(_, let operands, _), .comparison(let operands, _),
            .call(_, let operands, _):
            for operand in operands { operand.forEachSlot(body) }
        case .hasLabels(let base, let test, _):
            base.forEachSlot(body)
            test.forEachSlot(body)
        case .simpleCase(let subject, let branches, let otherwise):
            subject.forEachSlot(body)
            Self.searchedCase(branches, otherwise).forEachSlot(body)
        case .searchedCase(let branches, let otherwise):
            for branch in branches {
                branch.0.forEachSlot(body)
                branch.1.forEachSlot(body)
            }
            otherwise?.forEachSlot(body)
        case .listComprehension(_, let list, let condition, let result, _):
            list.forEachSlot(body)
            condition?.forEachSlot(body)
            result?.forEachSlot(body)
        case .quantifier(_, _, let list, let condition, _):
            list.forEachSlot(body)
            condition?.forEachSlot(body)
        case .reduction(_, let initial, _, let list, let step, _):
            initial.forEachSlot(body)
            list.forEachSlot(body)
            step.forEachSlot(body)
        case .mapProjection(let base, let items):
            base.forEachSlot(body)
            for case .entry(_, let value) in items { value.forEachSlot(body) }
        case .patternComprehension, .exists, .count, .collect, .shortestPath, .path:
            // What a pattern depends on is known to the compiler alone; see `needs(of:)`.
            return
        }
    }
}

extension LabelTest {
    func forEachSlot(_ body: (Int) -> Void) {
        switch self {
        case .and(let parts), .or(let parts): for part in parts { part.forEachSlot(body) }
        case .not(let part): part.forEachSlot(body)
        case .computed(let code): code.forEachSlot(body)
        case .name, .any: return
        }
    }
}
