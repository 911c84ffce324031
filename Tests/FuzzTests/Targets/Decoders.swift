import LMDB
import PropertyGraph

@testable import GraphStore

/// The decoders of the store, on bytes of any kind. What they accept they must read to the same
/// thing again once it is encoded anew.
enum Decoders {
    static func value(_ bytes: [UInt8]) {
        guard let value = ValueCodec.decode(bytes.rawSpan) else { return }
        let first = encoded(value)
        guard let again = ValueCodec.decode(first.rawSpan), encoded(again) == first else {
            broken("a value that was decoded is encoded and decoded again")
        }
        if OrderedKey.compare(value, again) != 0 { broken("a value equals itself in order") }
        let (key, _) = OrderedKey.encode([value])
        if OrderedKey.encode([again]).bytes != key { broken("equal values have equal keys") }
    }

    private static func encoded(_ value: PropertyValue) -> [UInt8] {
        var writer = ByteWriter()
        ValueCodec.encode(value, into: &writer)
        return writer.bytes
    }

    static func record(_ bytes: [UInt8]) {
        guard let record = RecordView(bytes.rawSpan) else { return }
        for index in 0..<record.labelCount { _ = record.hasLabel(record.label(at: index)) }
        for index in 0..<record.propertyCount {
            let key = record.key(at: index)
            _ = record.find(key)
            _ = record.valueRange(at: index)
            _ = record.isSpilled(at: index)
            _ = record.spilledSize(at: index)
            _ = record.value(at: index)
            _ = record.integer(at: index)
            _ = record.double(at: index)
        }
    }

    static func adjacency(_ bytes: [UInt8]) {
        let span = bytes.rawSpan
        var entries: [AdjacencyEntry] = []
        let head = AdjacencyBlock.header(span)
        guard let block = AdjacencyBlock.decode(span, into: &entries) else { return }
        guard let head, head.count == entries.count, head.runTotal == block.runTotal else {
            broken("the head of a block tells what is in it")
        }
        var writer = ByteWriter()
        if !AdjacencyBlock.settingRunTotal(7, in: span, into: &writer) {
            broken("a block that can be decoded can get another total")
        }
        let pairs = entries.map { ($0.neighbor, $0.edge) }
        guard zip(pairs, pairs.dropFirst()).allSatisfy({ $0 < $1 }) else { return }
        writer.removeAll()
        AdjacencyBlock.encode(
            entries[...], runTotal: block.runTotal, hasColumn: block.hasColumn, into: &writer)
        var again: [AdjacencyEntry] = []
        let other = AdjacencyBlock.decode(writer.bytes.rawSpan, into: &again)
        guard other?.runTotal == block.runTotal, same(entries, again) else {
            broken("rows that were decoded are encoded and decoded again")
        }
    }

    private static func same(_ lhs: [AdjacencyEntry], _ rhs: [AdjacencyEntry]) -> Bool {
        lhs.count == rhs.count
            && zip(lhs, rhs).allSatisfy {
                $0.neighbor == $1.neighbor && $0.edge == $1.edge && $0.inline == $1.inline
            }
    }

    static func chunk(_ bytes: [UInt8]) {
        let slots = EdgeChunk.decode(bytes.rawSpan)
        for slot in 0..<128 {
            let locator = EdgeChunk.locator(at: slot, in: bytes.rawSpan)
            if let slots, slots[slot] != locator { broken("a chunk says one thing of a slot") }
        }
        guard let slots else { return }
        var writer = ByteWriter()
        let change = EdgeLocator(source: 1 << 40, target: 3, type: 9, hasRecord: true)
        guard EdgeChunk.setting(change, at: 77, in: bytes.rawSpan, output: &writer) == true else {
            broken("a sound chunk can be changed")
        }
        var expected = slots
        expected[77] = change
        if EdgeChunk.decode(writer.bytes.rawSpan) != expected {
            broken("a change of a chunk changes one slot")
        }
    }

    static func container(_ bytes: [UInt8]) {
        let span = bytes.rawSpan
        var ids: [UInt16] = []
        let isDecoded = IDContainer.decode(span, into: &ids)
        for low in [0, 1, 4_000, 8_191, UInt16.max] { _ = IDContainer.contains(low, in: span) }
        guard isDecoded, IDContainer.isValid(span) else { return }
        if IDContainer.count(span) != ids.count { broken("a container knows its count") }
        if !ids.allSatisfy({ IDContainer.contains($0, in: span) }) {
            broken("a container has what it lists")
        }
        let new: UInt16 = 4_321
        var writer = ByteWriter()
        let isNew = IDContainer.inserting(new, into: span, output: &writer)
        if isNew != !ids.contains(new) { broken("an id is new where it was not listed") }
        guard isNew == true else { return }
        var after: [UInt16] = []
        guard IDContainer.decode(writer.bytes.rawSpan, into: &after),
            after == (ids + [new]).sorted()
        else { broken("an insertion adds one id") }
    }

    static func changes(_ bytes: [UInt8]) {
        var reader = ChangeLogReader(bytes, catalog, 1)
        _ = try? reader.changeSet(1)
    }

    /// A few names, so that numbers in the bytes have some.
    static let catalog: Catalog = {
        var catalog = Catalog()
        for name in ["A", "B", "C"] {
            for kind in SymbolKind.allCases { _ = catalog.add(kind, name) }
        }
        return catalog
    }()

    static func image(_ bytes: [UInt8]) {
        for entity in EntityKind.allCases {
            guard case .present(let image) = EntityImage.decode(bytes.rawSpan, entity) else {
                continue
            }
            var writer = ByteWriter()
            image.encode(into: &writer)
            guard case .present(let again) = EntityImage.decode(writer.bytes.rawSpan, entity),
                again.labels == image.labels, again.properties.count == image.properties.count
            else { broken("an image that was decoded is encoded and decoded again") }
        }
    }

    static func heads(_ bytes: [UInt8]) {
        let span = bytes.rawSpan
        _ = StoreFormat(span)?.identity
        _ = Counters(span)
        _ = HistoryState(span)?.retention
        _ = HistoryMoment(span)
    }

    static func schema(_ bytes: [UInt8]) {
        let span = bytes.rawSpan
        if let entry = SchemaCodec.decode(span, number: 1) {
            var writer = ByteWriter()
            SchemaCodec.encode(entry, into: &writer)
            if SchemaCodec.decode(writer.bytes.rawSpan, number: 1) != entry {
                broken("a schema object that was decoded is encoded and decoded again")
            }
        }
        if let renames = Rename.decode(span) { _ = EarlierNames(renames, at: 3) }
        if let head = AnalysisHead(span) {
            var writer = ByteWriter()
            head.encode(into: &writer)
            if AnalysisHead(writer.bytes.rawSpan) != head {
                broken("what was analysed is encoded and decoded again")
            }
        }
        guard let statistics = PropertyStatistics(span) else { return }
        let value = statistics.minimum ?? 1
        for predicate in [
            PropertyPredicate.exists, .equals(value), .startsWith("a"),
            .range(from: .including(value), to: nil), .range(from: nil, to: .excluding(2)),
        ] {
            let share = statistics.selectivity(of: predicate)
            if !(share >= 0 && share <= 1) { broken("a share lies between 0 and 1") }
        }
    }
}
