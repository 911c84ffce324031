internal import LMDB
internal import PropertyGraph

extension StoreCheck {
    /// Earlier states: every image belongs to a touched row and the other way round, removed rows
    /// to an image of their edge, and every position from the floor on has its moment.
    mutating func checkHistory(_ view: borrowing GraphView) throws {
        guard let state = try view.historyState() else {
            let entries = try view.bytes.statistics(view.tables.history).entries
            if entries > 0 {
                note(.leftOver, "table history", "\(entries) records, and none is kept")
            }
            return
        }
        guard state.trimmed <= state.floor, state.floor <= counters.position else {
            note(
                .history, "settings",
                "trimmed to \(state.trimmed), readable from \(state.floor), and the last position "
                    + "is \(counters.position)")
            return
        }
        var seen = HistoryCounts(nextMoment: state.trimmed)
        var cursor = try view.bytes.cursor(view.tables.history)
        var found = try cursor.first()
        while found {
            try step()
            switch cursor.key.byteCount > 0 ? cursor.key.loadUInt8(at: 0) : 0 {
            case 1, 2: try checkImage(cursor.key, cursor.value, state, view, &seen)
            case 3: try checkTouched(cursor.key, state, view, &seen)
            case 4, 5: try checkRemovedRow(cursor.key, cursor.value, state, view, &seen)
            case 6: checkMoment(cursor.key, cursor.value, &seen)
            default: malformedKey("history", cursor.key)
            }
            found = try cursor.next()
        }
        if seen.images != seen.touched {
            note(
                .count, "table history",
                "\(seen.images) states are kept, \(seen.touched) are listed by position")
        }
        if seen.rowsOut != seen.rowsIn {
            note(
                .count, "table history",
                "\(seen.rowsOut) removed rows at sources, \(seen.rowsIn) at targets")
        }
        if seen.nextMoment != counters.position &+ 1 {
            note(
                .history, "table history",
                "position \(seen.nextMoment) has no moment; the last is \(counters.position)")
        }
    }

    private func isKept(_ position: UInt64, _ state: HistoryState) -> Bool {
        position > state.trimmed && position <= counters.position
    }

    private mutating func checkImage(
        _ key: RawSpan, _ value: RawSpan, _ state: HistoryState, _ view: borrowing GraphView,
        _ seen: inout HistoryCounts
    ) throws {
        guard key.byteCount == 17, let entity = EntityKind(rawValue: key.loadUInt8(at: 0)) else {
            return malformedKey("history", key)
        }
        let (id, position) = (key.loadBE64(at: 1), ~key.loadBE64(at: 9))
        let place = "\(entity) \(id) at position \(position)"
        seen.images += 1
        if !isKept(position, state) { note(.history, place, "its position is not kept") }
        if EntityImage.decode(value, entity) == nil {
            note(.malformed, place, "its earlier state cannot be decoded")
        }
        if id >= (entity == .node ? counters.nextNode : counters.nextEdge) {
            note(.identity, place, "the id was never given")
        }
        let touched = FixedKey.touched(position, entity, id)
        if try view.bytes.get(view.tables.history, touched.span) == nil {
            note(.missing, place, "its position does not list it")
        }
    }

    private mutating func checkTouched(
        _ key: RawSpan, _ state: HistoryState, _ view: borrowing GraphView,
        _ seen: inout HistoryCounts
    ) throws {
        guard key.byteCount == 18, let entity = EntityKind(rawValue: key.loadUInt8(at: 9)) else {
            return malformedKey("history", key)
        }
        let (position, id) = (key.loadBE64(at: 1), key.loadBE64(at: 10))
        seen.touched += 1
        if try view.bytes.get(
            view.tables.history, FixedKey.image(entity, id, position).span) == nil
        {
            note(
                .missing, "\(entity) \(id) at position \(position)", "its earlier state is missing")
        }
    }

    private mutating func checkRemovedRow(
        _ key: RawSpan, _ value: RawSpan, _ state: HistoryState, _ view: borrowing GraphView,
        _ seen: inout HistoryCounts
    ) throws {
        guard key.byteCount == 29, value.byteCount == 8 else {
            return malformedKey("history", key)
        }
        let isOut = key.loadUInt8(at: 0) == 4
        if isOut { seen.rowsOut += 1 } else { seen.rowsIn += 1 }
        let (node, type) = (key.loadBE64(at: 1), key.loadBE32(at: 9))
        let (neighbor, edge) = (key.loadBE64(at: 13), key.loadBE64(at: 21))
        let position = value.loadLE64(at: 0)
        let place = "the removed edge \(edge)"
        if !isKept(position, state) { note(.history, place, "position \(position) is not kept") }
        let expected = EdgeLocator(
            source: isOut ? node : neighbor, target: isOut ? neighbor : node, type: type,
            hasRecord: false)
        let image = FixedKey.image(.edge, edge, position)
        guard let stored = try view.bytes.get(view.tables.history, image.span),
            case .present(let state)? = EntityImage.decode(stored, .edge), state.locator == expected
        else {
            return note(.mismatch, place, "its row differs from its earlier state")
        }
        if try view.currentLocator(EdgeID(edge)) != nil {
            note(.mismatch, place, "it still exists")
        }
    }

    private mutating func checkMoment(
        _ key: RawSpan, _ value: RawSpan, _ seen: inout HistoryCounts
    ) {
        guard key.byteCount == 9, let moment = HistoryMoment(value) else {
            return malformedKey("history", key)
        }
        let position = key.loadBE64(at: 1)
        if position != seen.nextMoment {
            note(.history, "position \(position)", "position \(seen.nextMoment) was to come")
        }
        if moment.time < seen.time {
            note(.history, "position \(position)", "it is older than the one before")
        }
        seen.time = moment.time
        seen.nextMoment = position &+ 1
    }
}

/// What the pass over the history has met.
private struct HistoryCounts {
    var images = 0
    var touched = 0
    var rowsOut = 0
    var rowsIn = 0
    var nextMoment: UInt64
    var time = Int64.min
}
