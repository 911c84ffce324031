internal import PropertyGraph

/// Rows that differ from old ones in some places. What did not change is copied as it lies, so the
/// work is that of a few large copies and of one small edit for each change.
///
/// Until the end all indexes are those of the old nodes, followed by those of the nodes that came.
struct RowPatch: Sendable {
    /// At an old arc some are taken out and others put in.
    private struct Edit {
        let position: Int
        let removedCount: Int
        /// The arcs put in, among `content`.
        let content: Range<Int>
    }

    private let old: CSRRows
    private let renumbering: Renumbering
    /// Ascending by position; those of one position in the order of their rows.
    private var edits: [Edit] = []
    /// By how many arcs a row became longer; ascending by row.
    private var growth: [(row: Int, arcs: Int)] = []
    private var content = OpenRow()

    init(_ old: CSRRows, _ renumbering: Renumbering) {
        self.old = old
        self.renumbering = renumbering
    }

    /// Where the arcs of a row begin and end; for nodes that came, the end of all.
    func range(ofRow row: Int) -> Range<Int> {
        guard row < renumbering.oldCount else { return old.arcCount..<old.arcCount }
        return old.range(of: UInt32(truncatingIfNeeded: row))
    }

    /// Replaces a row. Rows come ascending.
    mutating func replace(row: Int, with arcs: OpenRow) {
        let range = range(ofRow: row)
        let start = content.targets.count
        content.append(contentsOf: arcs)
        edits.append(
            Edit(
                position: range.lowerBound, removedCount: range.count,
                content: start..<content.targets.count))
        growth.append((row, arcs.targets.count - range.count))
    }

    /// Makes the changes of a row, which ascend by edge.
    ///
    /// - Returns: False, with nothing done, where the arcs do not tell which one is meant.
    mutating func apply(_ changes: ArraySlice<ArcChange>, row: Int) -> Bool {
        let range = range(ofRow: row)
        var taken: [UInt32: Int] = [:]
        let (firstEdit, contentBefore) = (edits.count, content.targets.count)
        var grown = 0
        for change in changes {
            let places = places(of: change.target, in: range)
            let start = content.targets.count
            // Ids grow, so a new edge is the last among its parallels.
            var (position, removedCount) = (places.upperBound, 0)
            if change.before != nil {
                guard let place = place(of: change, among: places, &taken) else {
                    content.removeLast(content.targets.count - contentBefore)
                    edits.removeLast(edits.count - firstEdit)
                    return false
                }
                (position, removedCount) = (place, 1)
            }
            if change.after != nil { content.append(change, like: old) }
            let end = content.targets.count
            edits.append(
                Edit(position: position, removedCount: removedCount, content: start..<end))
            grown += end - start - removedCount
        }
        if edits.count - firstEdit > 1 { sortEdits(from: firstEdit) }
        growth.append((row, grown))
        return true
    }

    /// By position; at one position what is put in before an arc comes before the arc's own edit,
    /// and new arcs to several neighbours ascend.
    private mutating func sortEdits(from first: Int) {
        let targets = content.targets
        var made = Array(edits[first...])
        made.sort { left, right in
            if left.position != right.position { return left.position < right.position }
            if left.removedCount != right.removedCount {
                return left.removedCount < right.removedCount
            }
            guard let first = left.content.first, let second = right.content.first else {
                return false
            }
            return (targets[first], first) < (targets[second], second)
        }
        for (index, edit) in made.enumerated() { edits[first + index] = edit }
    }

    /// The positions of the arcs to a neighbour.
    private func places(of target: UInt32, in range: Range<Int>) -> Range<Int> {
        let targets = old.targets.span
        var (low, high) = (range.lowerBound, range.upperBound)
        while high &- low > 32 {
            let middle = (low &+ high) / 2
            if targets[middle] < target { low = middle &+ 1 } else { high = middle }
        }
        // Counted without a branch: in a short row each step of a search is a coin toss.
        var smaller = 0
        for arc in low..<high { smaller &+= targets[arc] < target ? 1 : 0 }
        low &+= smaller
        var end = low
        while end < range.upperBound, targets[end] == target { end &+= 1 }
        return low..<end
    }

    /// - Parameter taken: How many arcs to a neighbour were taken out before.
    private func place(
        of change: ArcChange, among places: Range<Int>, _ taken: inout [UInt32: Int]
    ) -> Int? {
        if let edges = old.edges {
            let span = edges.span
            for arc in places where span[arc] == change.edge { return arc }
            return nil
        }
        if places.count <= 1 { return places.first }
        // Arcs without weight or id are all the same, so any of them will do, but each only once.
        guard old.weights == nil, change.after == nil else { return nil }
        let place = places.lowerBound + taken[change.target, default: 0]
        guard place < places.upperBound else { return nil }
        taken[change.target, default: 0] += 1
        return place
    }

    // MARK: The outcome

    /// The rows as they are now.
    ///
    /// - Parameter spare: Rows whose memory may be used for them; taken away.
    /// - Complexity: O(nodes + arcs), at the speed of memory.
    func rows(recycling spare: inout CSRRows?) -> CSRRows {
        // Nothing here, and the nodes are the same: the rows are shared.
        if edits.isEmpty, renumbering.isIdentity { return old }
        let count = old.arcCount + growth.reduce(0) { $0 + $1.arcs }
        var (spareOffsets, spareTargets) = (spare?.offsets, spare?.targets)
        var (spareWeights, spareEdges) = (spare?.weights, spare?.edges)
        spare = nil
        return CSRRows(
            offsets: offsets(recycling: &spareOffsets),
            targets: CSRBuffer(count: count, recycling: &spareTargets) { span in
                copy(old.targets, content.targets, into: &span)
                guard !renumbering.map.isEmpty else { return }
                let map = renumbering.map.span
                for arc in span.indices { span[arc] = map[Int(span[arc])] }
            },
            weights: old.weights.map { column in
                CSRBuffer(count: count, recycling: &spareWeights) {
                    copy(column, content.weights, into: &$0)
                }
            },
            edges: old.edges.map { column in
                CSRBuffer(count: count, recycling: &spareEdges) {
                    copy(column, content.edges, into: &$0)
                }
            })
    }

    private func copy<Element: CSRElement>(
        _ column: CSRBuffer<Element>, _ content: [Element], into span: inout MutableSpan<Element>
    ) {
        let (old, content) = (column.span, content.span)
        var (from, to) = (0, 0)
        for edit in edits {
            span.copy(old.extracting(from..<edit.position), at: to)
            to &+= edit.position &- from
            from = edit.position &+ edit.removedCount
            for arc in edit.content {
                span[to] = content[arc]
                to &+= 1
            }
        }
        span.copy(old.extracting(from..<old.count), at: to)
    }

    /// Where each row begins: as before, moved by the growth of the rows in front of it.
    private func offsets(recycling spare: inout CSRBuffer<UInt64>?) -> CSRBuffer<UInt64> {
        let oldOffsets = old.offsets.span
        let end = UInt64(old.arcCount)
        let (oldCount, total) = (renumbering.oldCount, renumbering.extendedCount)
        return CSRBuffer(count: renumbering.newCount + 1, recycling: &spare) { span in
            var (row, to, moved, nextGrowth, nextRemoved) = (0, 0, UInt64(0), 0, 0)
            while row < total {
                // Up to the next row that grew or went, all move by the same.
                let growing = nextGrowth < growth.count ? growth[nextGrowth].row : total
                let going =
                    nextRemoved < renumbering.removed.count
                    ? renumbering.removed[nextRemoved] : total
                let stop = min(growing, going, total)
                for old in row..<max(row, min(stop, oldCount)) {
                    span[to] = oldOffsets[old] &+ moved
                    to &+= 1
                }
                for _ in max(row, oldCount)..<max(stop, oldCount) {
                    span[to] = end &+ moved
                    to &+= 1
                }
                row = stop
                guard row < total else { break }
                if going == row {
                    nextRemoved &+= 1
                } else {
                    span[to] = (row < oldCount ? oldOffsets[row] : end) &+ moved
                    to &+= 1
                }
                if growing == row {
                    moved &+= UInt64(bitPattern: Int64(growth[nextGrowth].arcs))
                    nextGrowth &+= 1
                }
                row &+= 1
            }
            span[to] = end &+ moved
        }
    }
}
