internal import PropertyGraph

// Where in the text of a query something failed.

extension Execution {
    /// Runs something whose errors belong to a place, if they have none of their own.
    @inline(__always)
    func at<R>(_ place: SourceRange?, _ body: () throws -> R) throws -> R {
        do { return try body() } catch { throw located(error, at: place) }
    }

    /// Where a step stands; nil where that cannot be told.
    func range(of step: Step) -> SourceRange? {
        switch step {
        case .scanNodes(let slot), .scanLabel(let slot, _), .seekID(let slot, _),
            .require(let slot, _):
            slotRanges[slot]
        case .seek(let seek): slotRanges[seek.slot]
        case .orderedScan(let scan): slotRanges[scan.slot]
        case .expand(let step): slotRanges[step.relationship] ?? slotRanges[step.to]
        case .expandPath(let step): slotRanges[step.relationships] ?? slotRanges[step.to]
        case .repeatGroup(let group): slotRanges[group.all]
        case .shortestPaths(let search): slotRanges[search.relationships]
        case .filter(let code): code.range ?? range(ofSlotsIn: code)
        case .assign(let assignments): assignments.first.flatMap { slotRanges[$0.slot] }
        case .unwind(_, let slot): slotRanges[slot]
        case .optional(_, let slots): slots.first.flatMap { slotRanges[$0] }
        case .call(let step): step.range
        case .loadCSV(let step): step.range
        case .subquery, .first, .probe: nil
        }
    }

    private func range(ofSlotsIn code: Code) -> SourceRange? {
        var found: SourceRange?
        code.forEachSlot { found = found ?? slotRanges[$0] }
        return found
    }
}

extension Code {
    /// Where an expression stands; nil for what has no place of its own.
    fileprivate var range: SourceRange? {
        let range: SourceRange?
        switch self {
        case .parameter(_, let own), .property(_, _, let own), .element(_, _, let own),
            .slice(_, _, _, let own), .not(_, let own), .negated(_, let own),
            .positive(_, let own), .arithmetic(_, _, _, let own), .isIn(_, _, let own),
            .junction(_, _, let own), .hasLabels(_, _, let own), .call(_, _, let own),
            .listComprehension(_, _, _, _, let own), .quantifier(_, _, _, _, let own),
            .reduction(_, _, _, _, _, let own):
            range = own
        case .comparison(let operands, _): range = Self.range(of: operands)
        case .text(_, let left, let right): range = Self.range(of: [left, right])
        case .isNull(let operand, _): range = operand.range
        default: range = nil
        }
        // What the planner made has an empty place.
        return range.flatMap { $0.end > $0.start ? $0 : nil }
    }

    private static func range(of operands: [Code]) -> SourceRange? {
        let ranges = operands.compactMap(\.range)
        return ranges.first.map { first in ranges.reduce(first) { $0.through($1) } }
    }
}
