import LMDB
import PropertyGraph
import TestSupport

@testable import GraphStore

/// What the encoders of the store write, a few of each kind.
enum DecoderSeeds {
    static func seeds(_ target: FuzzTarget) -> [[UInt8]] {
        var random = TestRandom(seed: 7)
        return (0..<24).map { index in
            var writer = ByteWriter()
            write(target, index, &writer, &random)
            return writer.bytes
        }
    }

    private static func write(
        _ target: FuzzTarget, _ index: Int, _ writer: inout ByteWriter, _ random: inout TestRandom
    ) {
        switch target {
        case .value: ValueCodec.encode(ValueGenerator.value(using: &random), into: &writer)
        case .record:
            var spilled: [(key: UInt32, bytes: [UInt8])] = []
            RecordEncoder.encode(
                labels: [1, 3], since: index % 2 == 0 ? 9 : nil,
                properties: properties(index % 6, &random), into: &writer, spilled: &spilled)
        case .adjacency:
            AdjacencyBlock.encode(
                entries(index * 3, &random)[...],
                runTotal: index % 3 == 0 ? nil : UInt64(index * 3),
                hasColumn: index % 2 == 0, into: &writer)
        case .chunk:
            let slots = (0..<128).map { slot -> EdgeLocator? in
                slot % (index + 1) == 0
                    ? EdgeLocator(
                        source: UInt64(random.below(1 << index)), target: UInt64(slot),
                        type: UInt32(index % 3 + 1), hasRecord: slot % 5 == 0) : nil
            }
            EdgeChunk.encode(slots, into: &writer)
        case .container:
            let step = [1, 2, 7, 300][index % 4]
            let ids = stride(from: index, to: min(8_192, index + step * 40 * (index + 1)), by: step)
            IDContainer.encode(ids.map { UInt16($0) }, into: &writer)
        case .changes:
            var log = ChangeLogBuffer()
            log.nodeCreated(4, [1, 2], properties(2, &random))
            log.labelsChanged(4, [1], [2, 3])
            log.nodeDeleted(4, [2], properties(1, &random))
            log.renamed(.label, 2, from: "B", to: "Z")
            log.schemaChanged(
                SchemaObject(
                    name: "t", kind: .type, entity: .node, labelOrType: "A", properties: ["p"],
                    type: .date), isCreated: index % 2 == 0)
            writer.append(1 as UInt8)
            writer.appendLE64(1)
            writer.appendLE64(2)
            writer.append(log.bytes.span)
        case .image:
            var image = EntityImage(labels: [1, 2], properties: properties(index % 4, &random))
            if index % 2 == 1 {
                image.locator = EdgeLocator(source: 5, target: 6, type: 1, hasRecord: false)
            }
            image.encode(into: &writer)
        case .schema: writeSchema(index, &writer, &random)
        default:
            switch index % 3 {
            case 0: StoreFormat().encode(into: &writer)
            case 1: Counters().encode(into: &writer)
            default: HistoryState(HistoryRetention(), from: 3).encode(into: &writer)
            }
        }
    }

    private static func writeSchema(
        _ index: Int, _ writer: inout ByteWriter, _ random: inout TestRandom
    ) {
        switch index % 5 {
        case 0, 1:
            var entry = SchemaEntry(
                number: 1, name: "by_name", kind: index % 5 == 0 ? .index : .type, entity: .node,
                symbol: 2, properties: [1, 2])
            if entry.kind == .type { entry.type = .integer.union(.float) }
            if index % 10 == 0 { entry.building = .underWay(done: 7, end: 900) }
            if index % 15 == 0 { entry.building = .failed("twins") }
            SchemaCodec.encode(entry, into: &writer)
        case 2:
            Rename.encode(
                [
                    Rename(position: 2, kind: .label, number: 1, before: "A"),
                    Rename(position: 900, kind: .propertyKey, number: 3, before: "\u{E9}"),
                ], into: &writer)
        case 3:
            var head = AnalysisHead()
            head.position = 7
            head.types = [1: 300, 2: 5]
            head.triples = [LabelTriple(source: 1, type: 1, target: 2): 299]
            head.encode(into: &writer)
        default:
            var summary = PropertySummary(seed: 1)
            for _ in 0..<(index * 9) { summary.add(ValueGenerator.value(using: &random)) }
            summary.statistics(of: index * 10).encode(into: &writer)
        }
    }

    private static func properties(_ count: Int, _ random: inout TestRandom) -> NumberedProperties {
        (0..<count).map { (UInt32($0 + 1), ValueGenerator.value(using: &random)) }
    }

    private static func entries(_ count: Int, _ random: inout TestRandom) -> [AdjacencyEntry] {
        (0..<count).map { row in
            AdjacencyEntry(
                neighbor: UInt64(row * 3), edge: UInt64(random.below(1_000)),
                inline: row % 3 == 0 ? .absent : .double(Double(random.below(100)) / 10))
        }
    }
}
