internal import LMDB
public import PropertyGraph

extension GraphReading where Self: ~Copyable {
    /// Calls `body` for each neighbour of a node until it returns false.
    ///
    /// Neighbours come by direction (outgoing first), then edge type in order of its first use,
    /// then neighbour, then edge id. Absent nodes and types have no neighbours. With `.both` a
    /// loop comes twice, once in each direction.
    ///
    /// - Complexity: O(log edges + neighbours); no lookup per neighbour.
    public func forEachNeighbor(
        of node: NodeID, _ direction: Direction = .outgoing, type: EdgeType? = nil,
        _ body: (Neighbor) throws -> Bool
    ) throws {
        let view = view
        var number: UInt32?
        if let type {
            guard let known = view.catalog.number(of: type) else { return }
            number = known
        }
        if direction != .incoming {
            let isDone = try view.forEachRow(view.tables.out, node.rawValue, number) {
                try body(Neighbor(node: NodeID($0), edge: EdgeID($1)))
            }
            if !isDone { return }
        }
        if direction != .outgoing {
            _ = try view.forEachRow(view.tables.in, node.rawValue, number) {
                try body(Neighbor(node: NodeID($0), edge: EdgeID($1)))
            }
        }
    }

    /// Returns the neighbours of a node, in the order of `forEachNeighbor`.
    public func neighbors(
        of node: NodeID, _ direction: Direction = .outgoing, type: EdgeType? = nil
    ) throws -> [Neighbor] {
        var result: [Neighbor] = []
        try forEachNeighbor(of: node, direction, type: type) {
            result.append($0)
            return true
        }
        return result
    }

    /// Returns the edges of a node with their properties, in the order of `forEachNeighbor`.
    public func edges(
        of node: NodeID, _ direction: Direction = .outgoing, type: EdgeType? = nil
    ) throws -> [Edge] {
        var ids: [EdgeID] = []
        try forEachNeighbor(of: node, direction, type: type) {
            ids.append($0.edge)
            return true
        }
        return try ids.map {
            guard let edge = try edge($0) else {
                throw GraphStoreError.corrupted("edge \($0) of node \(node) has no locator")
            }
            return edge
        }
    }

    /// Returns how many edges a node has, without reading them.
    ///
    /// - Complexity: O(edge types of the node × log edges), whatever the degree.
    public func degree(
        of node: NodeID, _ direction: Direction = .outgoing, type: EdgeType? = nil
    ) throws -> Int {
        let view = view
        var number: UInt32?
        if let type {
            guard let known = view.catalog.number(of: type) else { return 0 }
            number = known
        }
        var total = 0
        for table in view.adjacency(direction) {
            try view.forEachRun(table, node.rawValue, number) { _, count in
                // Clamped, for a damaged total may be any number.
                total = Int(clamping: UInt64(clamping: total) &+ count)
            }
        }
        return total
    }
}

extension GraphView {
    func adjacency(_ direction: Direction) -> [Table] {
        switch direction {
        case .outgoing: [tables.out]
        case .incoming: [tables.in]
        case .both: [tables.out, tables.in]
        }
    }

    /// Calls `body` with (neighbour, edge) for each row of a node; false when it stopped.
    @inline(__always)
    func forEachRow(
        _ table: Table, _ node: UInt64, _ type: UInt32?,
        _ body: (UInt64, UInt64) throws -> Bool
    ) throws -> Bool {
        if let past {
            for row in try pastRows(table, node, type, past) {
                guard try body(row.neighbor, row.edge) else { return false }
            }
            return true
        }
        guard let type else {
            return try forEachRowOfAllTypes(table, node) { neighbor, edge, _ in
                try body(neighbor, edge)
            }
        }
        // Most runs are one block, which a plain get finds without a cursor.
        guard let first = try bytes.get(table, FixedKey.run(node, type).span) else { return true }
        guard var reader = AdjacencyReader(rowsOf: first), let total = reader.runTotal else {
            throw GraphStoreError.corrupted("first block of node \(node), type \(type)")
        }
        while reader.next() {
            guard try body(reader.neighbor, reader.edge) else { return false }
        }
        guard total > UInt64(reader.count) else { return true }
        return try forEachLaterRow(table, node, type, body)
    }

    /// The rows of today, with their types; false when `body` stopped.
    func forEachCurrentRow(
        _ table: Table, _ node: UInt64, _ type: UInt32?,
        _ body: (UInt64, UInt64, UInt32) throws -> Bool
    ) throws -> Bool {
        try forEachRowOfAllTypes(table, node) { neighbor, edge, found in
            if let type, type != found { return true }
            return try body(neighbor, edge, found)
        }
    }

    /// The rows of a run behind its first block.
    @inline(never)
    private func forEachLaterRow(
        _ table: Table, _ node: UInt64, _ type: UInt32, _ body: (UInt64, UInt64) throws -> Bool
    ) throws -> Bool {
        let prefix = FixedKey.run(node, type)
        var cursor = try bytes.cursor(table)
        var found = try cursor.seek(to: prefix.span)
        if found { found = try cursor.next() }
        while found, cursor.key.hasPrefix(prefix.span) {
            guard
                try forEachRow(
                    in: cursor.value, type, { neighbor, edge, _ in try body(neighbor, edge) })
            else {
                return false
            }
            found = try cursor.next()
        }
        return true
    }

    private func forEachRowOfAllTypes(
        _ table: Table, _ node: UInt64, _ body: (UInt64, UInt64, UInt32) throws -> Bool
    ) throws -> Bool {
        let prefix = FixedKey(be64: node)
        var cursor = try bytes.cursor(table)
        var found = try cursor.seek(atOrAfter: prefix.span)
        while found, cursor.key.hasPrefix(prefix.span) {
            guard cursor.key.byteCount >= 12 else {
                throw GraphStoreError.corrupted("adjacency key of node \(node)")
            }
            let type = cursor.key.loadBE32(at: 8)
            guard try forEachRow(in: cursor.value, type, body) else { return false }
            found = try cursor.next()
        }
        return true
    }

    private func forEachRow(
        in block: RawSpan, _ type: UInt32, _ body: (UInt64, UInt64, UInt32) throws -> Bool
    ) throws -> Bool {
        guard var reader = AdjacencyReader(rowsOf: block) else {
            throw GraphStoreError.corrupted("adjacency block of type \(type)")
        }
        while reader.next() {
            guard try body(reader.neighbor, reader.edge, type) else { return false }
        }
        return true
    }

    /// Calls `body` with (type, degree) for each run of a node.
    func forEachRun(
        _ table: Table, _ node: UInt64, _ type: UInt32?, _ body: (UInt32, UInt64) throws -> Void
    ) throws {
        if let past {
            var totals: [(type: UInt32, count: UInt64)] = []
            for row in try pastRows(table, node, type, past) {
                if let last = totals.indices.last, totals[last].type == row.type {
                    totals[last].count += 1
                } else {
                    totals.append((row.type, 1))
                }
            }
            for total in totals { try body(total.type, total.count) }
            return
        }
        if let type {
            if let total = try runTotal(table, node, type) { try body(type, total) }
            return
        }
        let prefix = FixedKey(be64: node)
        var cursor = try bytes.cursor(table)
        var found = try cursor.seek(atOrAfter: prefix.span)
        while found, cursor.key.hasPrefix(prefix.span), cursor.key.byteCount >= 12 {
            let current = cursor.key.loadBE32(at: 8)
            guard let total = AdjacencyBlock.header(cursor.value)?.runTotal else {
                throw GraphStoreError.corrupted("first block of node \(node), type \(current)")
            }
            try body(current, total)
            guard current < .max else { return }
            // Skip the other blocks of the run.
            found = try cursor.seek(atOrAfter: FixedKey.run(node, current + 1).span)
        }
    }

    func runTotal(_ table: Table, _ node: UInt64, _ type: UInt32) throws -> UInt64? {
        guard let first = try bytes.get(table, FixedKey.run(node, type).span) else { return nil }
        guard let total = AdjacencyBlock.header(first)?.runTotal else {
            throw GraphStoreError.corrupted("first block of node \(node), type \(type)")
        }
        return total
    }

    /// The inline value of an edge, from the one block that holds it.
    func inlineValue(of id: EdgeID, _ locator: EdgeLocator) throws -> InlineValue {
        let key = FixedKey.block(locator.source, locator.type, locator.target, id.rawValue)
        var cursor = try bytes.cursor(tables.out)
        guard try cursor.seek(atOrBefore: key.span),
            cursor.key.hasPrefix(FixedKey.run(locator.source, locator.type).span),
            var reader = AdjacencyReader(cursor.value)
        else { throw GraphStoreError.corrupted("edge \(id) is missing at its source") }
        while reader.next() {
            if reader.edge == id.rawValue, reader.neighbor == locator.target {
                return reader.inlineValue()
            }
        }
        throw GraphStoreError.corrupted("edge \(id) is missing at its source")
    }
}
