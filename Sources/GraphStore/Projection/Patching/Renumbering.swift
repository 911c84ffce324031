internal import PropertyGraph

/// Which index each node has after some have gone and some have come.
///
/// Between old and new stand extended indexes: those of the old nodes, then those that came.
struct Renumbering: Sendable {
    private let old: IDIndex
    private let added: [UInt64]
    /// Old indexes of the nodes that went, ascending.
    let removed: [Int]
    /// Extended index to new; empty where nobody went.
    let map: [UInt32]

    /// Nil when the nodes that went were not there, or those that came do not follow the others.
    init?(_ ids: CSRBuffer<UInt64>, _ delta: ProjectionDelta) {
        var oldIDs = [UInt64](repeating: 0, count: ids.count)
        let span = ids.span
        var copies = oldIDs.mutableSpan
        for index in span.indices { copies[index] = span[index] }
        old = IDIndex(oldIDs)
        added = delta.addedNodes
        if let last = oldIDs.last, let first = added.first, first <= last { return nil }
        var removed: [Int] = []
        for id in delta.removedNodes {
            guard let index = old.index(of: id) else { return nil }
            removed.append(index)
        }
        self.removed = removed
        guard !removed.isEmpty else {
            map = []
            return
        }
        var map = [UInt32](repeating: .max, count: oldIDs.count + added.count)
        var (next, index) = (0, 0 as UInt32)
        for place in map.indices {
            if next < removed.count, removed[next] == place {
                next += 1
                continue
            }
            map[place] = index
            index += 1
        }
        self.map = map
    }

    var oldCount: Int { old.count }
    var extendedCount: Int { old.count + added.count }
    var newCount: Int { extendedCount - removed.count }
    /// Whether all nodes keep their index, and none came.
    var isIdentity: Bool { removed.isEmpty && added.isEmpty }

    /// The index of a node among the old and the new ones.
    func extendedIndex(of id: UInt64) -> Int? {
        if let index = old.index(of: id) { return index }
        var (low, high) = (0, added.count)
        while low < high {
            let middle = (low + high) / 2
            if added[middle] < id { low = middle + 1 } else { high = middle }
        }
        return low < added.count && added[low] == id ? old.count + low : nil
    }

    /// The node at an extended index.
    func id(at index: Int) -> UInt64 {
        index < old.count ? old.ids[index] : added[index - old.count]
    }

    /// Whether the node at an extended index is still there.
    func isPresent(_ index: Int) -> Bool { map.isEmpty || map[index] != .max }

    /// The nodes as they are now.
    var newIDs: [UInt64] {
        guard !removed.isEmpty else { return old.ids + added }
        return (0..<extendedCount).filter { isPresent($0) }.map { id(at: $0) }
    }
}
