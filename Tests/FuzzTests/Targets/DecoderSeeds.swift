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
        default:
            switch index % 4 {
            case 0: StoreFormat().encode(into: &writer)
            case 1: Counters().encode(into: &writer)
            case 2: HistoryState(HistoryRetention(), from: 3).encode(into: &writer)
            default:
                SchemaCodec.encode(
                    SchemaEntry(
                        number: 1, name: "by_name", kind: .index, entity: .node, symbol: 2,
                        properties: [1, 2]), into: &writer)
            }
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
