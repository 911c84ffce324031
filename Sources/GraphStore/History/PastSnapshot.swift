internal import LMDB
internal import PropertyGraph

/// An earlier position that a transaction reads at. Used on the transaction's thread only.
final class PastSnapshot {
    let position: UInt64
    let moment: HistoryMoment
    /// What changed since, ascending; read when first asked for.
    private var touched: [EntityKind: [UInt64]]?

    init(_ position: UInt64, _ moment: HistoryMoment) {
        self.position = position
        self.moment = moment
    }

    /// Ids from here on were given later.
    func nextID(_ entity: EntityKind) -> UInt64 {
        entity == .node ? moment.nextNode : moment.nextEdge
    }

    /// The nodes or edges that existed at this position or before and were changed since.
    ///
    /// - Complexity: O(changes since the position), once.
    func touched(_ entity: EntityKind, _ view: borrowing GraphView) throws -> [UInt64] {
        if let touched { return touched[entity] ?? [] }
        var found: [EntityKind: Set<UInt64>] = [.node: [], .edge: []]
        var cursor = try view.bytes.cursor(view.tables.history)
        var isFound = try cursor.seek(
            atOrAfter: FixedKey.touchedPrefix(position + 1).span)
        while isFound, cursor.key.byteCount == 18, cursor.key.loadUInt8(at: 0) == 3 {
            guard let kind = EntityKind(rawValue: cursor.key.loadUInt8(at: 9)) else {
                throw GraphStoreError.corrupted("a key of the history")
            }
            let id = cursor.key.loadBE64(at: 10)
            if id < nextID(kind) { found[kind]?.insert(id) }
            isFound = try cursor.next()
        }
        let sorted = found.mapValues { $0.sorted() }
        touched = sorted
        return sorted[entity] ?? []
    }
}

/// What is known of an entity at an earlier position.
enum PastEntity {
    /// It has not changed since.
    case asToday
    /// It did not exist.
    case absent
    /// It was this.
    case image(EntityImage)
}

extension GraphView {
    /// The entity at the earlier position.
    ///
    /// - Complexity: O(log images).
    func pastEntity(_ entity: EntityKind, _ id: UInt64, _ past: PastSnapshot) throws -> PastEntity {
        guard id < past.nextID(entity) else { return .absent }
        // Images of an entity are in descending order of position; the one wanted is that of the
        // first change after the past position, the last key at or before its place.
        let prefix = FixedKey.imagePrefix(entity, id)
        var cursor = try bytes.cursor(tables.history)
        guard
            try cursor.seek(atOrBefore: FixedKey.image(entity, id, past.position + 1).span),
            cursor.key.byteCount == 17, cursor.key.hasPrefix(prefix.span)
        else { return .asToday }
        switch EntityImage.decode(cursor.value, entity) {
        case nil: throw GraphStoreError.corrupted("the history of \(entity) \(id)")
        case .absent: return .absent
        case .present(let image): return .image(image)
        }
    }

    /// Names of what an image holds.
    func properties(of image: EntityImage) throws -> Properties {
        var result = Properties(minimumCapacity: image.properties.count)
        for (key, value) in image.properties { result[try catalog.propertyKey(key)] = value }
        return result
    }

    func labels(of image: EntityImage) throws -> [Label] {
        try image.labels.map { try catalog.label($0) }.sorted()
    }

    func pastNode(_ id: NodeID, _ past: PastSnapshot) throws -> Node? {
        switch try pastEntity(.node, id.rawValue, past) {
        case .absent: return nil
        case .image(let image):
            return Node(
                id: id, labels: try labels(of: image), properties: try properties(of: image))
        case .asToday:
            guard let record = try bytes.get(tables.node, FixedKey(be64: id.rawValue).span) else {
                return nil
            }
            return try node(id, decoding: record)
        }
    }

    func pastNodeExists(_ id: NodeID, _ past: PastSnapshot) throws -> Bool {
        switch try pastEntity(.node, id.rawValue, past) {
        case .absent: false
        case .image: true
        case .asToday: try bytes.get(tables.node, FixedKey(be64: id.rawValue).span) != nil
        }
    }

    /// A node's labels at the earlier position, by number; nil when it did not exist.
    func pastLabelNumbers(_ id: UInt64, _ past: PastSnapshot) throws -> [UInt32]? {
        switch try pastEntity(.node, id, past) {
        case .absent: return nil
        case .image(let image): return image.labels
        case .asToday:
            guard let bytes = try bytes.get(tables.node, FixedKey(be64: id).span) else {
                return nil
            }
            guard let record = RecordView(bytes) else {
                throw GraphStoreError.corrupted("record of node \(id)")
            }
            return (0..<record.labelCount).map { record.label(at: $0) }
        }
    }

    /// Where an edge ran; nil when it did not exist. `hasRecord` is today's.
    func pastLocator(_ id: EdgeID, _ past: PastSnapshot) throws -> EdgeLocator? {
        switch try pastEntity(.edge, id.rawValue, past) {
        case .absent: nil
        case .image(let image): image.locator
        case .asToday: try currentLocator(id)
        }
    }

    /// One property of a node or an edge that existed; nil when absent.
    func pastValue(
        _ entity: EntityKind, _ id: UInt64, _ property: UInt32, _ past: PastSnapshot
    ) throws -> PropertyValue? {
        switch try pastEntity(entity, id, past) {
        case .absent: return nil
        case .image(let image): return image.properties.value(property)
        case .asToday: return try currentValue(entity, id, property)
        }
    }

    // MARK: Adjacency

    /// A row of a node at the earlier position.
    typealias PastRow = (type: UInt32, neighbor: UInt64, edge: UInt64)

    /// The rows of a node, ascending by type, neighbour and edge.
    ///
    /// - Complexity: O(rows today and rows removed since the history begins).
    func pastRows(
        _ table: Table, _ node: UInt64, _ type: UInt32?, _ past: PastSnapshot
    ) throws -> [PastRow] {
        var rows: [PastRow] = []
        let limit = past.moment.nextEdge
        _ = try forEachCurrentRow(table, node, type) { neighbor, edge, type in
            if edge < limit { rows.append((type, neighbor, edge)) }
            return true
        }
        let isOut = table.name == tables.out.name
        let prefix = FixedKey.removedRows(isOut: isOut, node, type)
        var cursor = try bytes.cursor(tables.history)
        var found = try cursor.seek(atOrAfter: prefix.span)
        while found, cursor.key.hasPrefix(prefix.span) {
            guard cursor.key.byteCount == 29, cursor.value.byteCount == 8 else {
                throw GraphStoreError.corrupted("a removed row of node \(node) in the history")
            }
            let edge = cursor.key.loadBE64(at: 21)
            if cursor.value.loadLE64(at: 0) > past.position, edge < limit {
                rows.append((cursor.key.loadBE32(at: 9), cursor.key.loadBE64(at: 13), edge))
            }
            found = try cursor.next()
        }
        rows.sort { ($0.type, $0.neighbor, $0.edge) < ($1.type, $1.neighbor, $1.edge) }
        return rows
    }
}
