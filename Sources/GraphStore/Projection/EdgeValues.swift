internal import LMDB
internal import PropertyGraph

extension GraphView {
    /// The values of some properties of the edges, one builder for each key, by edge row.
    ///
    /// Values kept inline come from one walk over the blocks of adjacency, the others from one
    /// walk over the records of the edges that have one.
    func edgeValues(
        _ keys: [PropertyKey], of edges: ProjectedEdges, within bounds: ProjectionBounds = .none
    ) throws -> [ColumnBuilder] {
        var builders = keys.map { _ in ColumnBuilder(count: edges.ids.count) }
        guard !keys.isEmpty, !edges.ids.isEmpty else { return builders }
        let numbers = keys.map { catalog.number(of: $0) ?? 0 }
        if past != nil {
            try fillOneByOne(&builders, numbers, .edge, edges.ids, bounds)
            return builders
        }
        var rows: IDIndex?
        for column in numbers.indices {
            let types = edges.typeCounts.indices.filter {
                edges.typeCounts[$0] > 0
                    && catalog.inlineProperties[UInt32($0)] == numbers[column]
            }
            guard !types.isEmpty else { continue }
            let index = rows ?? IDIndex(edges.ids)
            rows = index
            try readInline(
                types, expected: types.reduce(0) { $0 + edges.typeCounts[$1] }, index, bounds,
                into: &builders[column])
        }
        // Texts must be set in ascending rows; inline values are numbers, so they may go first.
        guard numbers.contains(where: { $0 != 0 }) else { return builders }
        var walk = try AscendingWalk(bytes.cursor(tables.edgeRecord))
        for (place, row) in edges.recordRows.enumerated() {
            try bounds.tick("weights", place, of: edges.recordRows.count, every: 1 << 12)
            let id = edges.ids[Int(row)]
            guard try walk.advance(to: id) else {
                throw GraphStoreError.corrupted("edge \(id) has no record")
            }
            try fill(&builders, numbers, Int(row), walk.value, .edge, id)
        }
        return builders
    }

    /// Sets the inline values of all edges of some types.
    private func readInline(
        _ types: [Int], expected: Int, _ rows: IDIndex, _ bounds: ProjectionBounds,
        into builder: inout ColumnBuilder
    ) throws {
        var isWanted = [Bool](repeating: false, count: (types.max() ?? 0) + 1)
        for type in types { isWanted[type] = true }
        var seen = 0
        var cursor = try bytes.cursor(tables.out)
        var found = try cursor.first()
        var blocks = 0
        while found {
            // A block holds up to some hundreds of edges.
            if blocks & 0xFF == 0 { try bounds.look("weights", seen, of: expected) }
            blocks &+= 1
            guard cursor.key.byteCount >= 12 else {
                throw GraphStoreError.corrupted("adjacency key")
            }
            let type = Int(cursor.key.loadBE32(at: 8))
            if type < isWanted.count, isWanted[type] {
                guard var reader = AdjacencyReader(cursor.value) else {
                    throw GraphStoreError.corrupted("adjacency block of type \(type)")
                }
                while reader.next() {
                    guard let row = rows.index(of: reader.edge) else { continue }
                    seen &+= 1
                    switch reader.inlineValue() {
                    case .integer(let value): builder.set(row, integer: value)
                    case .double(let value): builder.set(row, double: value)
                    case .absent, .elsewhere: break
                    }
                }
                guard reader.isAtEnd else {
                    throw GraphStoreError.corrupted("adjacency block of type \(type)")
                }
            }
            found = try cursor.next()
        }
        guard seen == expected else {
            throw GraphStoreError.corrupted(
                "\(expected) edges are listed, but \(seen) stand at their sources")
        }
    }

    /// The weights of edges from the values of their property.
    func weights(
        _ values: ColumnBuilder, _ projection: Projection, _ edges: ProjectedEdges
    ) throws -> [Double] {
        var weights = [Double](repeating: projection.defaultWeight, count: values.count)
        for row in weights.indices where values.kinds[row] != ColumnBuilder.Kind.absent {
            guard let number = values.number(at: row), !number.isNaN else {
                throw try invalidWeight(projection, edges.ids[row])
            }
            weights[row] = number
        }
        return weights
    }

    private func invalidWeight(_ projection: Projection, _ id: UInt64) throws -> GraphStoreError {
        var found = "something else"
        if let key = projection.weight, let number = catalog.number(of: key),
            let value = try value(.edge, id, number)
        {
            found = ValueText.short(value)
        }
        return GraphStoreError(
            .invalidWeight,
            "Cannot project: the weight of edge \(id), its property "
                + "'\(projection.weight?.name ?? "")', is \(found) and not a number. Give the edge "
                + "a number or none, or project another property.")
    }
}
