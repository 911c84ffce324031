internal import LMDB
internal import PropertyGraph

/// The records of a damaged file, put back into tables of their names: in a temporary environment, so
/// that there may be more of them than memory holds.
final class SalvagedTables {
    let environment: Environment
    let tables: Tables
    private let byName: [String: Table]
    /// Pages that nothing led to, by what became of them.
    private(set) var recognizedPages = 0
    private(set) var unrecognizedPages = 0
    private var waiting: [(table: Table, key: [UInt8], value: [UInt8])] = []
    private var waitingBytes = 0

    private static let batchBytes = 4 << 20

    init(in directory: String) throws {
        environment = try Environment.temporary(in: directory)
        let handles = try environment.tables(Tables.names, create: true)
        guard let tables = Tables(handles) else {
            throw GraphStoreError(.misuse, "A table of the store is missing in the program.")
        }
        self.tables = tables
        byName = Dictionary(uniqueKeysWithValues: zip(Tables.names, handles))
    }

    func close() { environment.close() }

    func collect(_ file: PageSalvage, _ isCancelled: () -> Bool) throws {
        try file.forEachRecord { name, key, value in
            if isCancelled() { throw Self.cancelled }
            if let table = self.byName[name] { try self.add(table, key, value) }
        }
        try flush()
        // What names the others comes first: a page of adjacency is told by the locators.
        var orphans: [[PageSalvage.Record]] = []
        try file.forEachOrphan { records in
            if isCancelled() { throw Self.cancelled }
            switch OrphanKind(records) {
            case .sure(let name):
                recognizedPages += 1
                if let table = byName[name] {
                    for (key, value) in records { try add(table, key, value) }
                }
            case .derived: recognizedPages += 1
            case .adjacency, .record: orphans.append(records)
            case .unknown: unrecognizedPages += 1
            }
            if orphans.count >= 256 {
                try flush()
                try settle(orphans)
                orphans.removeAll()
            }
        }
        try flush()
        try settle(orphans)
        try flush()
    }

    static var cancelled: GraphStoreError {
        GraphStoreError(.cancelled, "The salvage was stopped; nothing is left of it.")
    }

    private func add(_ table: Table, _ key: [UInt8], _ value: [UInt8]) throws {
        waiting.append((table, key, value))
        waitingBytes += key.count + value.count
        if waitingBytes >= Self.batchBytes { try flush() }
    }

    /// Stores what waits; of several records of one key the first stays.
    private func flush() throws {
        let batch = waiting
        try environment.write { txn in
            for (table, key, value) in batch
            where try !key.isEmpty && key.count <= Table.maxKeyBytes
                && txn.view.get(table, key.rawSpan) == nil
            {
                try txn.put(table, key.rawSpan, value.rawSpan)
            }
        }
        waiting.removeAll()
        waitingBytes = 0
    }

    // MARK: Pages whose table the others tell

    private func settle(_ orphans: [[PageSalvage.Record]]) throws {
        for records in orphans {
            let isRecord = if case .record = OrphanKind(records) { true } else { false }
            guard
                let name = isRecord
                    ? try entity(of: records) : try side(of: records)
            else {
                unrecognizedPages += 1
                continue
            }
            recognizedPages += 1
            if let table = byName[name] {
                for (key, value) in records { try add(table, key, value) }
            }
        }
    }

    /// Properties without labels: of edges, where the locators know edges of those ids with records.
    private func entity(of records: [PageSalvage.Record]) throws -> String? {
        let tables = tables
        let known = try environment.read { transaction in
            let view = GraphView(transaction.view, CatalogSnapshot(Catalog()), tables)
            return try records.count { key, _ in
                try view.currentLocator(EdgeID(key.rawSpan.loadBE64(at: 0)))?.hasRecord == true
            }
        }
        return known * 2 > records.count ? "edgerec" : "node"
    }

    /// Whether rows run out of the nodes of their keys or into them, by the locators of their edges,
    /// or by the rows of the other side.
    private func side(of records: [PageSalvage.Record]) throws -> String? {
        let tables = tables
        var (out, into) = (0, 0)
        try environment.read { transaction in
            let view = GraphView(transaction.view, CatalogSnapshot(Catalog()), tables)
            for (key, value) in records {
                var rows: [AdjacencyEntry] = []
                guard let header = AdjacencyBlock.decode(value.rawSpan, into: &rows) else {
                    continue
                }
                // Only rows that leave a node carry values.
                if header.hasColumn { out += rows.count }
                let (node, type) = (key.rawSpan.loadBE64(at: 0), key.rawSpan.loadBE32(at: 8))
                for row in rows.prefix(64) where row.neighbor != node {
                    if let locator = try view.currentLocator(EdgeID(row.edge)) {
                        if locator.source == node && locator.target == row.neighbor { out += 1 }
                        if locator.target == node && locator.source == row.neighbor { into += 1 }
                    } else {
                        if try view.hasRow(tables.in, row.neighbor, type, node, row.edge) {
                            out += 1
                        }
                        if try view.hasRow(tables.out, row.neighbor, type, node, row.edge) {
                            into += 1
                        }
                    }
                }
            }
        }
        return out == into ? nil : out > into ? "out" : "in"
    }
}

/// What the records of a page that nothing leads to can be, by their shapes: all records of a page are
/// of one table.
enum OrphanKind {
    /// Of this table and no other.
    case sure(String)
    /// Of a table that is made anew.
    case derived
    /// Rows of one of the two directions.
    case adjacency
    /// Properties without labels: of a node or of an edge.
    case record
    case unknown

    init(_ records: [PageSalvage.Record]) {
        func all(_ test: (_ key: RawSpan, _ value: RawSpan) -> Bool) -> Bool {
            records.allSatisfy { test($0.key.rawSpan, $0.value.rawSpan) }
        }
        if all({ $0.byteCount == 8 && EdgeChunk.decode($1) != nil }) {
            self = .sure("edge")
        } else if all({ $0.byteCount == 8 && RecordView($1)?.isValid == true }) {
            let hasLabels = records.contains { RecordView($0.value.rawSpan)?.labelCount != 0 }
            let isEmpty = records.contains { RecordView($0.value.rawSpan)?.propertyCount == 0 }
            self = hasLabels || isEmpty ? .sure("node") : .record
        } else if all({ Self.isBlock($0, $1) }) {
            self = .adjacency
        } else if all({ Self.isBlob($0, $1) }) {
            self = .sure("blob")
        } else if all({
            $0.byteCount == 13 && $0.loadUInt8(at: 0) <= 2 && IDContainer.isValid($1)
        }) {
            self = .sure("member")
        } else if all({
            $0.byteCount == 5 && SymbolKind(rawValue: $0.loadUInt8(at: 0)) != nil
                && !$1.isEmpty && $1.string() != nil
        }) {
            self = .sure("symbol")
        } else if all({ $0.byteCount == 4 && SchemaCodec.decode($1, number: 1) != nil }) {
            self = .sure("schema")
        } else if all({ Self.isLog($0, $1) }) {
            self = .sure("log")
        } else if all({ $0.byteCount == 10 && $1.byteCount == 8 }) {
            self = .derived
        } else {
            self = .unknown
        }
    }

    private static func isBlock(_ key: RawSpan, _ value: RawSpan) -> Bool {
        guard key.byteCount == 12 || key.byteCount == 28 else { return false }
        var rows: [AdjacencyEntry] = []
        return AdjacencyBlock.decode(value, into: &rows) != nil && !rows.isEmpty
    }

    private static func isBlob(_ key: RawSpan, _ value: RawSpan) -> Bool {
        key.byteCount == 13 && EntityKind(rawValue: key.loadUInt8(at: 0)) != nil
            && value.byteCount > 512 && ValueCodec.decode(value) != nil
    }

    private static func isLog(_ key: RawSpan, _ value: RawSpan) -> Bool {
        guard key.byteCount == 12 else { return false }
        return key.loadBE32(at: 8) > 0
            || value.byteCount >= ChangeLogBuffer.headerBytes && value.loadUInt8(at: 0) == 1
    }
}

extension GraphView {
    /// Whether a table of adjacency has the row of an edge.
    func hasRow(
        _ table: Table, _ node: UInt64, _ type: UInt32, _ neighbor: UInt64, _ edge: UInt64
    ) throws -> Bool {
        try inlineValue(table, node, type, neighbor, edge) != nil
    }

    /// The inline value in the row of an edge; nil when there is no such row.
    func inlineValue(
        _ table: Table, _ node: UInt64, _ type: UInt32, _ neighbor: UInt64, _ edge: UInt64
    ) throws -> InlineValue? {
        var cursor = try bytes.cursor(table)
        guard try cursor.seek(atOrBefore: FixedKey.block(node, type, neighbor, edge).span),
            cursor.key.hasPrefix(FixedKey.run(node, type).span),
            var reader = AdjacencyReader(cursor.value)
        else { return nil }
        while reader.next() {
            if reader.edge == edge, reader.neighbor == neighbor { return reader.inlineValue() }
        }
        return nil
    }
}
