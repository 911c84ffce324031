internal import LMDB
internal import PropertyGraph

/// The edges of a projection as columns, ascending by edge id.
struct ProjectedEdges {
    /// Dense indexes of the ends, as stored.
    private(set) var sources: [UInt32] = []
    private(set) var targets: [UInt32] = []
    private(set) var ids: [UInt64] = []
    /// Rows whose edge has a record.
    private(set) var recordRows: [UInt32] = []
    /// How many edges there are of each type, by number.
    private(set) var typeCounts: [Int]

    fileprivate init(typeCount: Int, capacity: Int) {
        typeCounts = [Int](repeating: 0, count: typeCount)
        sources.reserveCapacity(capacity)
        targets.reserveCapacity(capacity)
        ids.reserveCapacity(capacity)
    }

    @inline(__always)
    fileprivate mutating func append(
        _ id: UInt64, _ source: Int, _ target: Int, _ locator: EdgeLocator
    ) {
        if locator.hasRecord { recordRows.append(UInt32(truncatingIfNeeded: ids.count)) }
        sources.append(UInt32(truncatingIfNeeded: source))
        targets.append(UInt32(truncatingIfNeeded: target))
        ids.append(id)
        typeCounts[Int(locator.type)] &+= 1
    }
}

extension GraphView {
    /// The edges of the projection's types between the given nodes.
    ///
    /// They come from the table of locators, which is four times as quick to walk as the blocks of
    /// adjacency: it holds them by edge id, 128 to a value and at fixed width.
    ///
    /// - Complexity: O(edges of the store), or O(edges of the types) for types that are rare.
    func projectedEdges(_ projection: Projection, among nodes: IDIndex) throws -> ProjectedEdges {
        let typeCount = catalog.count(.edgeType) + 1
        var isWanted = [Bool](repeating: projection.types == nil, count: typeCount)
        for type in projection.types ?? [] {
            if let number = catalog.number(of: type) { isWanted[Int(number)] = true }
        }
        let capacity = try bytes.statistics(tables.edge).entries * EdgeChunk.capacity
        var edges = ProjectedEdges(
            typeCount: typeCount, capacity: projection.types == nil ? capacity : 0)
        guard isWanted.contains(true), nodes.count > 0 else { return edges }
        let keepsAll = projection.labels == nil
        var cursor = try bytes.cursor(tables.edge)
        var found = try cursor.first()
        while found {
            guard cursor.key.byteCount == 8, let slots = EdgeChunk.decode(cursor.value) else {
                throw GraphStoreError.corrupted("edge chunk")
            }
            let base = cursor.key.loadBE64(at: 0) &<< UInt64(EdgeChunk.bits)
            for slot in slots.indices {
                guard let locator = slots[slot] else { continue }
                guard Int(locator.type) < typeCount else {
                    throw GraphStoreError.corrupted("edge type \(locator.type) has no name")
                }
                guard isWanted[Int(locator.type)] else { continue }
                let id = base | UInt64(slot)
                guard let source = nodes.index(of: locator.source),
                    let target = nodes.index(of: locator.target)
                else {
                    if keepsAll {
                        throw GraphStoreError.corrupted("an end of edge \(id) is absent")
                    }
                    continue
                }
                edges.append(id, source, target, locator)
            }
            found = try cursor.next()
        }
        guard edges.ids.count < Int(UInt32.max) else {
            throw GraphStoreError(
                .limitExceeded,
                "Cannot project \(edges.ids.count) edges: a projection has at most "
                    + "\(UInt32.max - 1). Project fewer edge types.")
        }
        return edges
    }
}
