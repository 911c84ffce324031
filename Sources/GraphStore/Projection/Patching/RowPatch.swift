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
    private let hasEdges: Bool
    private let hasWeights: Bool
    /// Ascending by position; those of one position in the order of their rows.
    private var edits: [Edit] = []
    /// By how many arcs a row became longer; ascending by row.
    private var growth: [(row: Int, arcs: Int)] = []
    private var content = OpenRow()

    init(_ old: CSRRows, _ renumbering: Renumbering) {
        self.old = old
        self.renumbering = renumbering
        hasEdges = old.edges != nil
        hasWeights = old.weights != nil
    }

    /// A row, and its first neighbour.
    struct Head {
        let row: Int
        let range: Range<Int>
        let first: UInt32
    }

    /// Looks at rows that will change.
    ///
    /// They lie far apart: looked at one after the other, while each is changed, each would be
    /// waited for. Loads that do not depend on one another are under way together.
    func heads(of touches: ArraySlice<Touch>, into heads: inout [Head]) {
        heads.removeAll(keepingCapacity: true)
        let (offsets, targets) = (old.offsets.span, old.targets.span)
        let (rows, arcs) = (renumbering.oldCount, old.arcCount)
        for touch in touches {
            let row = touch.row
            let (start, end) =
                row < rows
                ? (
                    Int(truncatingIfNeeded: offsets[row]),
                    Int(truncatingIfNeeded: offsets[row &+ 1])
                ) : (arcs, arcs)
            heads.append(
                Head(row: row, range: start..<end, first: start < end ? targets[start] : .max))
        }
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

    /// Makes the changes of a row.
    ///
    /// - Parameters:
    ///   - touches: All of one row, ascending by neighbour and edge.
    ///   - edges: The edges they tell of.
    /// - Returns: False, with nothing done, where the arcs do not tell which one is meant.
    mutating func apply(
        _ touches: ArraySlice<Touch>, _ edges: [PlacedEdge], _ head: Head
    ) -> Bool {
        let (firstEdit, contentBefore) = (edits.count, content.targets.count)
        // As touches ascend, so do their places; no arc is taken twice.
        var (low, taken, grown) = (head.range.lowerBound, head.range.lowerBound, 0)
        for touch in touches {
            let places = places(of: touch.target, from: low, in: head)
            low = places.lowerBound
            // Ids grow, so a new edge is the last among its parallels.
            var (position, removedCount) = (places.upperBound, 0)
            if touch.wasThere {
                let rest = max(low, taken)..<max(places.upperBound, taken)
                guard let place = place(of: touch, edges, among: places, rest: rest) else {
                    content.removeLast(content.targets.count - contentBefore)
                    edits.removeLast(edits.count - firstEdit)
                    return false
                }
                (position, removedCount) = (place, 1)
                taken = place &+ 1
            }
            let start = content.targets.count
            if touch.isThere {
                content.targets.append(touch.target)
                if hasEdges { content.edges.append(edges[touch.place].id) }
                if hasWeights { content.weights.append(edges[touch.place].after ?? 0) }
            }
            let end = content.targets.count
            edits.append(
                Edit(position: position, removedCount: removedCount, content: start..<end))
            grown += end - start - removedCount
        }
        growth.append((head.row, grown))
        return true
    }

    /// The positions of the arcs to a neighbour.
    ///
    /// - Parameter start: Arcs before it are to lower neighbours.
    private func places(of target: UInt32, from start: Int, in head: Head) -> Range<Int> {
        if target < head.first { return head.range.lowerBound..<head.range.lowerBound }
        let targets = old.targets.span
        var (low, high) = (start, head.range.upperBound)
        while high &- low > 32 {
            let middle = (low &+ high) / 2
            if targets[middle] < target { low = middle &+ 1 } else { high = middle }
        }
        // Counted without a branch: in a short row each step of a search is a coin toss.
        var smaller = 0
        for arc in low..<high { smaller &+= targets[arc] < target ? 1 : 0 }
        low &+= smaller
        var end = low
        while end < head.range.upperBound, targets[end] == target { end &+= 1 }
        return low..<end
    }

    /// The position of an arc that was there.
    ///
    /// - Parameter rest: Those of `places` that were not taken out yet.
    private func place(
        of touch: Touch, _ edges: [PlacedEdge], among places: Range<Int>, rest: Range<Int>
    ) -> Int? {
        if let column = old.edges {
            let (span, edge) = (column.span, edges[touch.place].id)
            for arc in places where span[arc] == edge { return arc }
            return nil
        }
        if places.count <= 1 { return places.first }
        // Arcs without weight or id are all the same, so any of them will do, but each only once.
        return hasWeights || touch.isThere ? nil : rest.first
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
