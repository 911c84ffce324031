internal import LMDB
internal import PropertyGraph

/// Which of the two tables of adjacency a pass is about.
enum AdjacencySide {
    case out, `in`

    var name: String { self == .out ? "out" : "in" }
}

/// The run at hand: all blocks of one node and type.
private struct Run {
    let node: UInt64
    let type: UInt32
    /// What the first block says; nil when there was none.
    var total: UInt64?
    var rows: UInt64 = 0
    var matching: UInt64 = 0
    var last: (neighbor: UInt64, edge: UInt64)?
}

extension StoreCheck {
    /// The rows of one direction: their order, the totals of runs, inline values, and that each
    /// is the row of an edge.
    mutating func checkAdjacency(
        _ view: borrowing GraphView, _ side: AdjacencySide
    ) throws {
        let table = side == .out ? view.tables.out : view.tables.in
        var run: Run?
        var matching = 0
        var entries: [AdjacencyEntry] = []
        var cursor = try view.bytes.cursor(table)
        var found = try cursor.first()
        while found {
            try step()
            let key = cursor.key
            if key.byteCount == 12 || key.byteCount == 28 {
                let (node, type) = (key.loadBE64(at: 0), key.loadBE32(at: 8))
                if run?.node != node || run?.type != type {
                    if let run { matching += try finish(run, side, view) }
                    run = Run(node: node, type: type)
                }
                entries.removeAll(keepingCapacity: true)
                if let header = AdjacencyBlock.decode(cursor.value, into: &entries) {
                    var current = run ?? Run(node: node, type: type)
                    checkBlock(key, header, entries, &current, side)
                    for entry in entries { try checkRow(entry, &current, side, view) }
                    run = current
                } else {
                    note(.malformed, place(node, type, side), "a block cannot be decoded")
                }
            } else {
                malformedKey(side.name, key)
            }
            found = try cursor.next()
        }
        if let run { matching += try finish(run, side, view) }
        if matching != report.counts.edges { try nameMissingRows(view, side) }
    }

    private func place(_ node: UInt64, _ type: UInt32, _ side: AdjacencySide) -> String {
        "\(side.name) rows of node \(node), type \(type)"
    }

    /// The key of a block against its rows and the rows before.
    private mutating func checkBlock(
        _ key: RawSpan, _ header: (runTotal: UInt64?, hasColumn: Bool),
        _ entries: [AdjacencyEntry], _ run: inout Run, _ side: AdjacencySide
    ) {
        report.counts.adjacencyBlocks += 1
        let place = place(run.node, run.type, side)
        if header.hasColumn, side == .in {
            note(.mismatch, place, "inline values stand on the incoming side")
        }
        if key.byteCount == 12 {
            if header.runTotal == nil { note(.mismatch, place, "the first block has no total") }
            run.total = header.runTotal
            return
        }
        if header.runTotal != nil { note(.mismatch, place, "a later block has a total") }
        let bound = (neighbor: key.loadBE64(at: 12), edge: key.loadBE64(at: 20))
        // A block keeps its key when its first row goes, so the key is a lower bound of its rows.
        if let first = entries.first {
            if (first.neighbor, first.edge) < bound {
                note(.order, place, "a block begins before its key")
            }
        } else {
            note(.leftOver, place, "a later block is empty")
        }
        if let last = run.last, bound <= last { note(.order, place, "two blocks overlap") }
    }

    private mutating func checkRow(
        _ row: AdjacencyEntry, _ run: inout Run, _ side: AdjacencySide,
        _ view: borrowing GraphView
    ) throws {
        report.counts.adjacencyRows += 1
        run.rows &+= 1
        if let last = run.last, (row.neighbor, row.edge) <= last {
            note(.order, place(run.node, run.type, side), "row of edge \(row.edge) out of order")
        }
        run.last = (row.neighbor, row.edge)
        guard let locator = try view.locator(EdgeID(row.edge)) else {
            return note(
                .leftOver, place(run.node, run.type, side),
                "a row of edge \(row.edge), which does not exist")
        }
        let (source, target) =
            side == .out ? (run.node, row.neighbor) : (row.neighbor, run.node)
        guard locator.source == source, locator.target == target, locator.type == run.type else {
            return note(
                .mismatch, place(run.node, run.type, side),
                "edge \(row.edge) runs from \(locator.source) to \(locator.target) with type "
                    + "\(locator.type), not to or from \(row.neighbor)")
        }
        run.matching &+= 1
        if side == .out { try checkInline(row, locator, view) }
    }

    /// The inline value against the record: the property stands in one of the two places.
    private mutating func checkInline(
        _ row: AdjacencyEntry, _ locator: EdgeLocator, _ view: borrowing GraphView
    ) throws {
        let place = "edge \(row.edge)"
        guard let property = view.catalog.inlineProperties[locator.type] else {
            if row.inline != .absent {
                note(.leftOver, place, "an inline value, where its type has no inline property")
            }
            return
        }
        guard locator.hasRecord,
            let bytes = try view.bytes.get(
                view.tables.edgeRecord, FixedKey(be64: row.edge).span),
            let record = RecordView(bytes), let index = record.find(property)
        else {
            if row.inline == .elsewhere {
                note(.missing, place, "its inline property is said to be in a record without it")
            }
            return
        }
        let isNumber = record.integer(at: index) != nil || record.double(at: index) != nil
        if row.inline != .elsewhere || isNumber {
            note(.mismatch, place, "its inline property stands in its record as well")
        }
    }

    /// The end of a run: its total, its node, and the counts by label; the matching rows.
    private mutating func finish(
        _ run: Run, _ side: AdjacencySide, _ view: borrowing GraphView
    ) throws -> Int {
        let place = place(run.node, run.type, side)
        if run.total != run.rows {
            note(
                .count, place,
                run.total.map { "the total is \($0), and there are \(run.rows) rows" }
                    ?? "the first block is missing")
        }
        if run.rows == 0 { note(.leftOver, place, "a run without rows") }
        if view.catalog.name(.edgeType, run.type) == nil {
            note(.symbol, place, "the edge type has no name")
        }
        let node = try view.bytes.get(view.tables.node, FixedKey(be64: run.node).span)
        if let node {
            // One that cannot be decoded is a finding already.
            if let record = RecordView(node) {
                for index in 0..<record.labelCount {
                    let key = Statistic.labelType(
                        record.label(at: index), run.type, isOut: side == .out)
                    recount[key, default: 0] += Int64(clamping: run.rows)
                }
            }
        } else {
            note(.leftOver, place, "the node does not exist")
        }
        return Int(clamping: run.matching)
    }

    /// Walks the edges again to name those without a row, after the counts have shown there are.
    private mutating func nameMissingRows(_ view: borrowing GraphView, _ side: AdjacencySide) throws
    {
        let table = side == .out ? view.tables.out : view.tables.in
        var cursor = try view.bytes.cursor(view.tables.edge)
        var found = try cursor.first()
        while found {
            if cursor.key.byteCount == 8, let slots = EdgeChunk.decode(cursor.value) {
                let base = cursor.key.loadBE64(at: 0) << UInt64(EdgeChunk.bits)
                for (slot, locator) in slots.enumerated() {
                    guard let locator else { continue }
                    let id = base | UInt64(slot)
                    let (node, neighbor) =
                        side == .out
                        ? (locator.source, locator.target) : (locator.target, locator.source)
                    if try !view.hasRow(table, node, locator.type, neighbor, id) {
                        note(.missing, "edge \(id)", "it has no row in table \(side.name)")
                    }
                }
            }
            found = try cursor.next()
        }
    }
}
