internal import LMDB
internal import PropertyGraph

/// The edges of a projection as columns, ascending by edge id.
struct ProjectedEdges: Equatable {
    /// Where edges are looked for.
    enum Way {
        /// The whole table of locators.
        case table
        /// The ids listed for each type, and the locator of each.
        case members
    }

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
    /// adjacency: it holds them by edge id, 128 to a value and at fixed width. Of types with few
    /// of the edges only the locators of their members are looked up.
    ///
    /// - Parameter way: How to find them; nil takes the quicker one.
    /// - Complexity: O(edges of the store), or O(*m* log edges) for types that are rare and have
    ///   *m* edges.
    func projectedEdges(
        _ projection: Projection, among nodes: IDIndex, by way: ProjectedEdges.Way? = nil,
        within bounds: ProjectionBounds = .none
    ) throws -> ProjectedEdges {
        let typeCount = catalog.count(.edgeType) + 1
        var isWanted = [Bool](repeating: projection.types == nil, count: typeCount)
        for type in projection.types ?? [] {
            if let number = catalog.number(of: type) { isWanted[Int(number)] = true }
        }
        let capacity = try bytes.statistics(tables.edge).entries * EdgeChunk.capacity
        var edges = ProjectedEdges(
            typeCount: typeCount, capacity: projection.types == nil ? capacity : 0)
        guard isWanted.contains(true), nodes.count > 0 else { return edges }
        let ends = ProjectedEnds(nodes: nodes, keepsAll: projection.labels == nil)
        let types = projection.types == nil ? nil : isWanted.indices.filter { isWanted[$0] }
        switch try way ?? quickerWay(types) {
        case .members:
            try addMembers(of: types ?? Array(isWanted.indices), ends, bounds, to: &edges)
        case .table: try addLocators(isWanted, ends, bounds, to: &edges)
        }
        guard edges.ids.count < Int(UInt32.max) else {
            throw GraphStoreError(
                .limitExceeded,
                "Cannot project \(edges.ids.count) edges: a projection has at most "
                    + "\(UInt32.max - 1). Project fewer edge types.")
        }
        return edges
    }

    /// Looking up one locator costs about as much as walking past some tens of them.
    private func quickerWay(_ types: [Int]?) throws -> ProjectedEdges.Way {
        guard let types else { return .table }
        var wanted = 0
        for type in types { wanted &+= try count(.type(UInt32(type))) }
        return try wanted <= count(.edges) / 32 ? .members : .table
    }

    private func addMembers(
        of types: [Int], _ ends: ProjectedEnds, _ bounds: ProjectionBounds,
        to edges: inout ProjectedEdges
    ) throws {
        var ids: [UInt64] = []
        for type in types {
            try forEachMember(.edge, UInt32(type)) {
                try bounds.tick("edges", ids.count, every: 1 << 12)
                ids.append($0)
                return true
            }
        }
        // An edge has one type, so none is there twice.
        if types.count > 1 { ids.sort() }
        for (place, id) in ids.enumerated() {
            try bounds.tick("edges", place, of: ids.count, every: 1 << 12)
            guard let locator = try locator(EdgeID(id)), types.contains(Int(locator.type)) else {
                throw GraphStoreError.corrupted("edge \(id), listed by its type")
            }
            try ends.add(id, locator, to: &edges)
        }
    }

    private func addLocators(
        _ isWanted: [Bool], _ ends: ProjectedEnds, _ bounds: ProjectionBounds,
        to edges: inout ProjectedEdges
    ) throws {
        var walked = 0
        if past != nil {
            return try forEachLocator { id, locator in
                try bounds.tick("edges", walked, every: 1 << 12)
                walked &+= 1
                if isWanted[Int(locator.type)] {
                    try ends.add(id.rawValue, locator, to: &edges)
                }
                return true
            }
        }
        let total = try bytes.statistics(tables.edge).entries * EdgeChunk.capacity
        var cursor = try bytes.cursor(tables.edge)
        var found = try cursor.first()
        while found {
            try bounds.tick("edges", walked, of: total, every: 64 * EdgeChunk.capacity)
            walked &+= EdgeChunk.capacity
            guard cursor.key.byteCount == 8, let slots = EdgeChunk.decode(cursor.value) else {
                throw GraphStoreError.corrupted("edge chunk")
            }
            let base = cursor.key.loadBE64(at: 0) &<< UInt64(EdgeChunk.bits)
            for slot in slots.indices {
                guard let locator = slots[slot] else { continue }
                guard Int(locator.type) < isWanted.count else {
                    throw GraphStoreError.corrupted("edge type \(locator.type) has no name")
                }
                guard isWanted[Int(locator.type)] else { continue }
                try ends.add(base | UInt64(slot), locator, to: &edges)
            }
            found = try cursor.next()
        }
    }
}

/// The nodes of a projection, between which its edges run.
private struct ProjectedEnds {
    let nodes: IDIndex
    /// Whether these are all nodes, so that both ends of every edge must be among them.
    let keepsAll: Bool

    @inline(__always)
    func add(_ id: UInt64, _ locator: EdgeLocator, to edges: inout ProjectedEdges) throws {
        guard let source = nodes.index(of: locator.source),
            let target = nodes.index(of: locator.target)
        else {
            if keepsAll { throw GraphStoreError.corrupted("an end of edge \(id) is absent") }
            return
        }
        edges.append(id, source, target, locator)
    }
}
