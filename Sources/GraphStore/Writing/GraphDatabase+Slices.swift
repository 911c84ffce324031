extension GraphDatabase {
    /// Makes a change too large for one transaction that others wait for: item by item, in slices,
    /// each a transaction of its own that runs alone and is committed after about `time`.
    ///
    /// Between two slices the closures that wait are run, so a small write waits for the slice under
    /// way and its flush, never for the whole. The price: readers see the slices one by one, and an
    /// error leaves the earlier ones in place. Where all or nothing matters, use `writeAlone` or
    /// `BulkLoader`, which hold the writer to their end.
    ///
    /// ```swift
    /// try db.writeInSlices(of: rows) { txn, row in
    ///     try txn.createNode(labels: ["Person"], properties: ["name": .string(row.name)])
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - items: What to write, in this order.
    ///   - time: How long a slice may run before its flush; one item is never cut.
    ///   - progress: Called after each commit with the number of items committed so far: after an
    ///     error, where to go on.
    ///   - body: Writes one item; may run more than once for it, as every closure.
    /// - Returns: The number of items.
    /// - Throws: As `writeAlone`; the slice in which `body` throws is undone.
    @discardableResult
    public func writeInSlices<Items: Sequence>(
        of items: Items, holding time: Duration = .milliseconds(10),
        progress: (Int) -> Void = { _ in },
        _ body: @escaping @Sendable (inout WriteTransaction, Items.Element) throws -> Void
    ) throws -> Int where Items.Element: Sendable {
        var slices = Slices(items, limit: GroupTime(time, clock: options.groupTime.clock))
        var done = 0
        while let slice = slices.next() {
            let count = try writeAlone { txn in try slice.run(&txn, body) }
            slices.drop(count)
            done += count
            progress(done)
        }
        return done
    }
}

/// Items that wait to be written; the first ones are at hand.
private struct Slices<Items: Sequence> where Items.Element: Sendable {
    private var rest: Items.Iterator
    private var atHand: [Items.Element] = []
    private let limit: GroupTime
    /// How many to keep at hand: more than fit into a slice, so that time ends it.
    private var wanted = 256

    init(_ items: Items, limit: GroupTime) {
        rest = items.makeIterator()
        self.limit = limit
    }

    mutating func next() -> Slice<Items.Element>? {
        while atHand.count < wanted, let item = rest.next() { atHand.append(item) }
        return atHand.isEmpty ? nil : Slice(items: atHand, limit: limit)
    }

    mutating func drop(_ count: Int) {
        if count == atHand.count { wanted = min(wanted * 2, 1 << 16) }
        atHand.removeFirst(count)
    }
}

private struct Slice<Item: Sendable>: Sendable {
    let items: [Item]
    let limit: GroupTime

    /// Writes items until the time is over; returns how many.
    func run(
        _ txn: inout WriteTransaction, _ body: (inout WriteTransaction, Item) throws -> Void
    ) throws -> Int {
        let end = limit.end()
        for (index, item) in items.enumerated() {
            try body(&txn, item)
            if limit.isOver(end) { return index + 1 }
        }
        return items.count
    }
}
