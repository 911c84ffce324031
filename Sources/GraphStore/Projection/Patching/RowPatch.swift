internal import PropertyGraph

/// An arc that comes, goes, or gets another weight, as one row sees it.
struct ArcChange {
    /// The node of the row, and the other end, by identity.
    let row: UInt64
    let neighbor: UInt64
    let edge: UInt64
    let before: Double?
    let after: Double?
}

/// One row, open for changes; kept and reused from row to row.
struct OpenRow {
    /// Ascending by (neighbour, edge).
    var neighbors: [UInt64] = []
    /// Empty where the graph keeps none.
    var edges: [UInt64] = []
    /// Empty where the graph has none.
    var weights: [Double] = []

    mutating func removeAll() {
        neighbors.removeAll(keepingCapacity: true)
        edges.removeAll(keepingCapacity: true)
        weights.removeAll(keepingCapacity: true)
    }

    mutating func insert(_ change: ArcChange, _ weight: Double, at place: Int, like rows: CSRRows) {
        neighbors.insert(change.neighbor, at: place)
        if rows.edges != nil { edges.insert(change.edge, at: place) }
        if rows.weights != nil { weights.insert(weight, at: place) }
    }

    mutating func remove(at place: Int) {
        neighbors.remove(at: place)
        if !edges.isEmpty { edges.remove(at: place) }
        if !weights.isEmpty { weights.remove(at: place) }
    }

    /// The places of the arcs to a neighbour.
    func places(of neighbor: UInt64) -> Range<Int> {
        let start = lowerBound(neighbor)
        var end = start
        while end < neighbors.count, neighbors[end] == neighbor { end += 1 }
        return start..<end
    }

    private func lowerBound(_ neighbor: UInt64) -> Int {
        var (low, high) = (0, neighbors.count)
        while low < high {
            let middle = (low + high) / 2
            if neighbors[middle] < neighbor { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Makes a change.
    ///
    /// - Returns: False where the row alone does not tell which arc is meant.
    mutating func apply(_ change: ArcChange, isSimple: Bool, like rows: CSRRows) -> Bool {
        let places = places(of: change.neighbor)
        guard change.before != nil else {
            guard let weight = change.after else { return true }
            if isSimple, let place = places.first {
                // The one of smallest weight stays; among equals the one with the lowest id.
                if rows.weights != nil, weight < weights[place] {
                    weights[place] = weight
                    if rows.edges != nil { edges[place] = change.edge }
                }
            } else {
                // Ids grow, so a new edge is the last among its parallels.
                insert(change, weight, at: places.upperBound, like: rows)
            }
            return true
        }
        // An edge that a simple graph left out may come to light.
        guard !isSimple, let place = place(of: change, among: places, like: rows) else {
            return false
        }
        if let weight = change.after { weights[place] = weight } else { remove(at: place) }
        return true
    }

    private func place(of change: ArcChange, among places: Range<Int>, like rows: CSRRows) -> Int? {
        if rows.edges != nil { return places.first { edges[$0] == change.edge } }
        return places.count == 1 ? places.lowerBound : nil
    }
}

/// Rows that differ from old ones in some places: what did not change is copied as it lies.
struct RowPatch {
    private let old: CSRRows
    private let numbering: Renumbering
    /// The new content of changed rows, one after the other.
    private var targets: [UInt32] = []
    private var edges: [UInt64] = []
    private var weights: [Double] = []
    /// The changed rows by new index, ascending, and where the content of each ends.
    private var changed: [(row: Int, end: Int)] = []

    init(_ old: CSRRows, _ numbering: Renumbering) {
        self.old = old
        self.numbering = numbering
    }

    /// Takes the next changed row; rows come ascending.
    ///
    /// - Returns: False when it leads to a node that the graph has not.
    mutating func add(_ row: OpenRow, at index: Int) -> Bool {
        for neighbor in row.neighbors {
            guard let target = numbering.new.index(of: neighbor) else { return false }
            targets.append(UInt32(truncatingIfNeeded: target))
        }
        edges.append(contentsOf: row.edges)
        weights.append(contentsOf: row.weights)
        changed.append((index, targets.count))
        return true
    }

    /// The rows as they are now.
    ///
    /// - Complexity: O(nodes + arcs), at the speed of memory where nodes keep their indexes.
    func rows() -> CSRRows {
        let pieces = pieces()
        let offsets = offsets(pieces)
        let count = Int(truncatingIfNeeded: offsets[numbering.new.count])
        let newTargets = CSRBuffer<UInt32>(count: count) { span in
            copy(pieces, offsets, old.targets, targets, into: &span)
            renumber(pieces, offsets, &span)
        }
        return CSRRows(
            offsets: offsets, targets: newTargets,
            weights: old.weights.map { column in
                CSRBuffer(count: count) { copy(pieces, offsets, column, weights, into: &$0) }
            },
            edges: old.edges.map { column in
                CSRBuffer(count: count) { copy(pieces, offsets, column, edges, into: &$0) }
            })
    }

    /// A run of rows that are taken over from old ones, or one changed row.
    private struct Piece {
        let row: Int
        let count: Int
        /// The first old row; nil for new nodes without arcs.
        var old: Int?
        /// Where a changed row's content lies.
        var content: Range<Int>?
    }

    private func pieces() -> [Piece] {
        var pieces: [Piece] = []
        pieces.reserveCapacity(2 * changed.count + numbering.removed.count + 2)
        var (row, oldRow, nextChange, nextRemoved, start) = (0, 0, 0, 0, 0)
        while row < numbering.new.count {
            while nextRemoved < numbering.removed.count,
                numbering.removed[nextRemoved] == oldRow
            {
                oldRow += 1
                nextRemoved += 1
            }
            if nextChange < changed.count, changed[nextChange].row == row {
                let end = changed[nextChange].end
                pieces.append(Piece(row: row, count: 1, content: start..<end))
                start = end
                nextChange += 1
                row += 1
                oldRow += oldRow < numbering.oldCount ? 1 : 0
                continue
            }
            var count =
                (nextChange < changed.count ? changed[nextChange].row : numbering.new.count) - row
            if oldRow < numbering.oldCount {
                let stop =
                    nextRemoved < numbering.removed.count
                    ? numbering.removed[nextRemoved] : numbering.oldCount
                count = min(count, stop - oldRow)
                pieces.append(Piece(row: row, count: count, old: oldRow))
                oldRow += count
            } else {
                pieces.append(Piece(row: row, count: count))
            }
            row += count
        }
        return pieces
    }

    private func offsets(_ pieces: [Piece]) -> CSRBuffer<UInt64> {
        let oldOffsets = old.offsets.span
        return CSRBuffer(count: numbering.new.count + 1) { span in
            var end: UInt64 = 0
            for piece in pieces {
                if let first = piece.old {
                    let shift = end &- oldOffsets[first]
                    for step in 0..<piece.count {
                        span[piece.row &+ step] = oldOffsets[first &+ step] &+ shift
                    }
                    end = oldOffsets[first &+ piece.count] &+ shift
                } else {
                    for step in 0..<piece.count { span[piece.row &+ step] = end }
                    end &+= UInt64(piece.content?.count ?? 0)
                }
            }
            span[numbering.new.count] = end
        }
    }

    private func copy<Element: CSRElement>(
        _ pieces: [Piece], _ offsets: CSRBuffer<UInt64>, _ column: CSRBuffer<Element>,
        _ content: [Element], into span: inout MutableSpan<Element>
    ) {
        let (oldValues, oldOffsets) = (column.span, old.offsets.span)
        for piece in pieces {
            let start = Int(truncatingIfNeeded: offsets[piece.row])
            if let first = piece.old {
                let range =
                    Int(
                        truncatingIfNeeded: oldOffsets[first])..<Int(
                        truncatingIfNeeded: oldOffsets[first &+ piece.count])
                span.copy(oldValues.extracting(range), at: start)
            } else if let range = piece.content, !range.isEmpty {
                span.copy(content.span.extracting(range), at: start)
            }
        }
    }

    /// Gives the copied targets their new indexes.
    private func renumber(
        _ pieces: [Piece], _ offsets: CSRBuffer<UInt64>, _ targets: inout MutableSpan<UInt32>
    ) {
        guard !numbering.removed.isEmpty else { return }
        let map = numbering.map.span
        for piece in pieces where piece.old != nil {
            let range =
                Int(
                    truncatingIfNeeded: offsets[piece.row])..<Int(
                    truncatingIfNeeded: offsets[piece.row &+ piece.count])
            for arc in range { targets[arc] = map[Int(targets[arc])] }
        }
    }
}

/// Which index each node has after some have gone and some have come.
struct Renumbering {
    let old: IDIndex
    let new: IDIndex
    /// Old indexes of the nodes that went, ascending.
    let removed: [Int]
    /// Old index to new; empty where nobody went.
    let map: [UInt32]

    var oldCount: Int { old.count }

    /// Nil when the nodes that went were not there, or those that came do not follow the others.
    init?(_ ids: CSRBuffer<UInt64>, _ delta: ProjectionDelta) {
        var oldIDs: [UInt64] = []
        oldIDs.reserveCapacity(ids.count + delta.addedNodes.count)
        for index in 0..<ids.count { oldIDs.append(ids[index]) }
        old = IDIndex(oldIDs)
        guard !delta.addedNodes.isEmpty || !delta.removedNodes.isEmpty else {
            (new, removed, map) = (old, [], [])
            return
        }
        var removed: [Int] = []
        for id in delta.removedNodes {
            guard let index = old.index(of: id) else { return nil }
            removed.append(index)
        }
        if let last = oldIDs.last, let first = delta.addedNodes.first, first <= last { return nil }
        self.removed = removed
        guard !removed.isEmpty else {
            new = IDIndex(oldIDs + delta.addedNodes)
            map = []
            return
        }
        var kept: [UInt64] = []
        kept.reserveCapacity(oldIDs.count)
        var map = [UInt32](repeating: .max, count: oldIDs.count)
        var next = 0
        for index in oldIDs.indices {
            if next < removed.count, removed[next] == index {
                next += 1
                continue
            }
            map[index] = UInt32(truncatingIfNeeded: kept.count)
            kept.append(oldIDs[index])
        }
        self.map = map
        new = IDIndex(kept + delta.addedNodes)
    }
}
