internal import LMDB
public import PropertyGraph

extension GraphReading where Self: ~Copyable {
    /// Returns the edges that lead from one node to another, ascending by type in order of its
    /// first use, then by id. Absent nodes and types have none.
    ///
    /// - Complexity: O(log edges + parallel edges) for a type, whatever the degree of the nodes;
    ///   without one the same for each type of the source.
    public func edgeIDs(
        from source: NodeID, to target: NodeID, type: EdgeType? = nil
    ) throws -> [EdgeID] {
        let view = view
        var ids: [EdgeID] = []
        if let type {
            guard let number = view.catalog.number(of: type) else { return [] }
            try view.collectEdges(source.rawValue, number, target.rawValue, &ids)
        } else {
            var types: [UInt32] = []
            try view.forEachRun(view.tables.out, source.rawValue, nil) { number, _ in
                types.append(number)
            }
            for number in types {
                try view.collectEdges(source.rawValue, number, target.rawValue, &ids)
            }
        }
        return ids
    }

    /// Whether an edge leads from one node to another.
    ///
    /// - Complexity: As `edgeIDs(from:to:type:)`.
    public func hasEdge(
        from source: NodeID, to target: NodeID, type: EdgeType? = nil
    ) throws -> Bool {
        try !edgeIDs(from: source, to: target, type: type).isEmpty
    }
}

extension GraphView {
    /// Appends the edges of one run that lead to a neighbour.
    fileprivate func collectEdges(
        _ source: UInt64, _ type: UInt32, _ target: UInt64, _ ids: inout [EdgeID]
    ) throws {
        if let past {
            for row in try pastRows(tables.out, source, type, past) where row.neighbor == target {
                ids.append(EdgeID(row.edge))
            }
            return
        }
        let run = FixedKey.run(source, type)
        var cursor = try bytes.cursor(tables.out)
        // Rows ascend by (neighbour, edge); the block before the key may hold the first of them.
        var found = try cursor.seek(atOrBefore: FixedKey.block(source, type, target, 0).span)
        while found, cursor.key.hasPrefix(run.span) {
            guard var reader = AdjacencyReader(rowsOf: cursor.value) else {
                throw GraphStoreError.corrupted("adjacency block of node \(source), type \(type)")
            }
            while reader.next() {
                if reader.neighbor < target { continue }
                if reader.neighbor > target { return }
                ids.append(EdgeID(reader.edge))
            }
            found = try cursor.next()
        }
    }
}
