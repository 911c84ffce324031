internal import LMDB
internal import PropertyGraph

// Keeping what was: one image for each entity that a position touches, written before its first
// change. Nothing of this happens in a store that keeps no history.
extension WriteTransaction {
    /// Keeps the state of an entity before this closure changes it; nil says that it is new.
    ///
    /// - Returns: Whether the entity existed before this position.
    @discardableResult
    mutating func remember(
        _ entity: EntityKind, _ id: UInt64, _ image: @autoclosure () -> EntityImage?
    ) throws -> Bool {
        guard state.history != nil else { return false }
        let position = state.counters.position + 1
        let key = FixedKey.image(entity, id, position)
        // Only the first change of a position sees what was before it.
        if let known = try presence(key) { return known }
        let image = image()
        var bytes = ByteWriter()
        if let image { image.encode(into: &bytes) } else { EntityImage.encodeAbsence(into: &bytes) }
        try lmdb.put(tables.history, key.span, bytes.span)
        try lmdb.put(
            tables.history, FixedKey.touched(position, entity, id).span, ByteWriter().span)
        return image != nil
    }

    /// Keeps the rows of an edge that goes, for those who look back.
    mutating func rememberRows(_ locator: EdgeLocator, _ edge: UInt64) throws {
        var position = ByteWriter()
        position.appendLE64(state.counters.position + 1)
        for isOut in [true, false] {
            let key = FixedKey.removedRow(isOut: isOut, locator, edge)
            try lmdb.put(tables.history, key.span, position.span)
        }
    }

    /// Notes the position that was just given.
    mutating func rememberMoment() throws {
        guard state.history != nil else { return }
        var value = ByteWriter()
        HistoryMoment(state.counters).encode(into: &value)
        try lmdb.put(
            tables.history, FixedKey.moment(state.counters.position).span, value.span)
    }

    /// After a bulk load nothing before it can be read: its elements have no images.
    mutating func beginHistoryAnew() {
        guard var history = state.history else { return }
        history.floor = state.counters.position + 1
        state.history = history
    }

    /// Whether an image says that the entity existed; nil when there is none.
    private func presence(_ key: FixedKey) throws -> Bool? {
        guard let stored = try lmdb.view.get(tables.history, key.span) else { return nil }
        return stored.byteCount > 0 && stored.loadUInt8(at: 0) == 1
    }

    // MARK: Retention

    /// Moves the floor as the retention says and removes what lies below it, so many records at
    /// most, then stores the state.
    mutating func storeHistory(now: Int64, atMost budget: Int) throws {
        guard var history = state.history else { return }
        let position = state.counters.position
        if position > history.maximumPositions {
            history.floor = max(history.floor, position - history.maximumPositions)
        }
        if history.maximumAge != .max {
            let oldest = now.subtractingReportingOverflow(Int64(clamping: history.maximumAge))
            try raiseFloor(&history, to: oldest.overflow ? .min : oldest.partialValue)
        }
        history.floor = min(history.floor, position)
        var left = budget
        while history.trimmed < history.floor, left > 0 {
            guard try trim(history.trimmed + 1, &left) else { break }
            _ = try lmdb.delete(tables.history, FixedKey.moment(history.trimmed).span)
            history.trimmed += 1
        }
        state.history = history
        scratch.removeAll()
        history.encode(into: &scratch)
        try putScratch(tables.meta, FixedKey(ascii: MetaKey.history).span)
    }

    /// The state at the floor must reach at least as far back as `oldest`.
    private func raiseFloor(_ history: inout HistoryState, to oldest: Int64) throws {
        let view = view
        for _ in 0..<1_024 where history.floor < state.counters.position {
            // The floor answers for all moments before the position behind it.
            guard let next = try view.moment(history.floor + 1), next.time <= oldest else { return }
            history.floor += 1
        }
    }

    /// Removes the images of one position; false when the budget ended before.
    private mutating func trim(_ position: UInt64, _ left: inout Int) throws -> Bool {
        while true {
            var batch: [(EntityKind, UInt64)] = []
            do {
                var cursor = try lmdb.view.cursor(tables.history)
                let prefix = FixedKey.touchedPrefix(position)
                var found = try cursor.seek(atOrAfter: prefix.span)
                while found, batch.count < min(left, 256), cursor.key.hasPrefix(prefix.span),
                    cursor.key.byteCount == 18,
                    let entity = EntityKind(rawValue: cursor.key.loadUInt8(at: 9))
                {
                    batch.append((entity, cursor.key.loadBE64(at: 10)))
                    found = try cursor.next()
                }
            }
            if batch.isEmpty { return left > 0 }
            for (entity, id) in batch {
                if entity == .edge { try forgetRows(of: id, removedAt: position) }
                _ = try lmdb.delete(tables.history, FixedKey.image(entity, id, position).span)
                _ = try lmdb.delete(tables.history, FixedKey.touched(position, entity, id).span)
                left -= 1
            }
        }
    }

    private mutating func forgetRows(of edge: UInt64, removedAt position: UInt64) throws {
        guard let locator = try imageLocator(edge, position) else { return }
        for isOut in [true, false] {
            let key = FixedKey.removedRow(isOut: isOut, locator, edge)
            guard try removalPosition(key) == position else { continue }
            _ = try lmdb.delete(tables.history, key.span)
        }
    }

    private func removalPosition(_ key: FixedKey) throws -> UInt64? {
        guard let value = try lmdb.view.get(tables.history, key.span), value.byteCount == 8
        else { return nil }
        return value.loadLE64(at: 0)
    }

    private func imageLocator(_ edge: UInt64, _ position: UInt64) throws -> EdgeLocator? {
        let key = FixedKey.image(.edge, edge, position)
        guard let bytes = try lmdb.view.get(tables.history, key.span),
            case .present(let image)? = EntityImage.decode(bytes, .edge)
        else { return nil }
        return image.locator
    }

    /// Begins, changes or (with nil) ends the keeping of history.
    mutating func setHistory(_ retention: HistoryRetention?) throws {
        state.mustStore = true
        guard let retention else {
            state.history = nil
            try lmdb.removeAll(tables.history)
            _ = try lmdb.delete(tables.meta, FixedKey(ascii: MetaKey.history).span)
            return try changeFeatures { $0.mustNotWrite &= ~FeatureBits.history }
        }
        if var history = state.history {
            history.retain(retention)
            state.history = history
            return
        }
        try lmdb.removeAll(tables.history)
        // What this closure changed before has no images.
        let start = state.counters.position + (state.isChanged ? 1 : 0)
        state.history = HistoryState(retention, from: start)
        if !state.isChanged { try rememberMoment() }
        try changeFeatures { $0.mustNotWrite |= FeatureBits.history }
    }

    /// Rewrites the head where its feature bits change.
    mutating func changeFeatures(_ change: (inout FeatureBits) -> Void) throws {
        let key = FixedKey(ascii: MetaKey.format)
        guard let format = try storedFormat(key) else {
            throw GraphStoreError.corrupted("the head")
        }
        var changed = format
        change(&changed.features)
        guard changed != format else { return }
        scratch.removeAll()
        changed.encode(into: &scratch)
        try putScratch(tables.meta, key.span)
    }

    private func storedFormat(_ key: FixedKey) throws -> StoreFormat? {
        guard let bytes = try lmdb.view.get(tables.meta, key.span) else { return nil }
        return StoreFormat(bytes)
    }
}

extension GraphView {
    /// What a position was; nil when history does not reach there.
    func moment(_ position: UInt64) throws -> HistoryMoment? {
        guard let value = try bytes.get(tables.history, FixedKey.moment(position).span) else {
            return nil
        }
        guard let moment = HistoryMoment(value) else {
            throw GraphStoreError.corrupted("position \(position) in the history")
        }
        return moment
    }

    /// How history is kept; nil when it is not.
    func historyState() throws -> HistoryState? {
        guard let value = try bytes.get(tables.meta, FixedKey(ascii: MetaKey.history).span) else {
            return nil
        }
        guard let state = HistoryState(value) else {
            throw GraphStoreError.corrupted("the settings of history")
        }
        return state
    }
}
