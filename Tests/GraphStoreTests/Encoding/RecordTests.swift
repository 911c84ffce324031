import LMDB
import PropertyGraph
import Testing

@testable import GraphStore

/// What a record says, decoded the slow way.
private struct RecordModel: Equatable {
    var labels: [UInt32] = []
    var since: UInt64?
    var properties: [UInt32: PropertyValue] = [:]

    static func random(using random: inout SeededGenerator) -> RecordModel {
        var model = RecordModel()
        let reach: [UInt64] = [10, 300, 70_000, 1 << 32]
        let labelReach = reach[random.below(4)]
        model.labels = Set((0..<random.below(5)).map { _ in UInt32(random.next() % labelReach) })
            .sorted()
        model.since = random.below(2) == 0 ? random.spread() : nil
        let keyReach = reach[random.below(4)]
        for _ in 0..<random.below(random.below(4) == 0 ? 40 : 8) {
            model.properties[UInt32(random.next() % keyReach)] = .recordable(using: &random)
        }
        return model
    }

    var sorted: [(key: UInt32, value: PropertyValue)] {
        properties.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value) }
    }

    var encoded: (bytes: [UInt8], spilled: [UInt32: [UInt8]]) {
        var writer = ByteWriter()
        var spilled: [(key: UInt32, bytes: [UInt8])] = []
        RecordEncoder.encode(
            labels: labels, since: since, properties: sorted, into: &writer, spilled: &spilled)
        return (writer.bytes, Dictionary(uniqueKeysWithValues: spilled.map { ($0.key, $0.bytes) }))
    }
}

extension PropertyValue {
    fileprivate static func recordable(using random: inout SeededGenerator) -> PropertyValue {
        switch random.below(12) {
        case 0: .string(String(repeating: "é", count: 200 + random.below(200)))
        case 1: .vector([Float](repeating: 0.25, count: 100 + random.below(100)))
        default: .random(using: &random)
        }
    }
}

@Suite struct `Records` {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `a record gives back what was put in`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let model = RecordModel.random(using: &random)
            let (bytes, spilled) = model.encoded
            guard let view = RecordView(bytes.rawSpan) else {
                Issue.record("seed \(seed)")
                continue
            }
            expect(view.isValid, "seed \(seed)")
            expect(view.since == model.since)
            expect(view.labelCount == model.labels.count)
            for (index, label) in model.labels.enumerated() {
                expect(view.label(at: index) == label)
                expect(view.hasLabel(label))
                expect(view.hasLabel(label &+ 1) == model.labels.contains(label &+ 1))
            }
            expect(view.propertyCount == model.properties.count)
            for (index, property) in model.sorted.enumerated() {
                expect(view.key(at: index) == property.key)
                expect(view.find(property.key) == index)
                let after = property.key &+ 1
                expect((view.find(after) != nil) == (model.properties[after] != nil))
                expect(view.isSpilled(at: index) == (spilled[property.key] != nil))
                if let blob = spilled[property.key] {
                    expect(blob.count > RecordEncoder.inlineLimit)
                    expect(view.value(at: index) == nil)
                    expect(view.spilledSize(at: index) == blob.count)
                    expect(ValueCodec.decode(blob) == property.value)
                } else {
                    expect(view.value(at: index) == property.value, "seed \(seed)")
                    expect(view.integer(at: index) == property.value.integerValue)
                    var double: Double?
                    if case .double(let value) = property.value { double = value }
                    expect(view.double(at: index)?.bitPattern == double?.bitPattern)
                }
            }
        }
    }

    @Test(arguments: [4, 5, 6] as [UInt64])
    func `a changed record is the record of what changed`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            var model = RecordModel.random(using: &random)
            let (before, spilledBefore) = model.encoded
            var changes: [UInt32: PropertyValue?] = [:]
            for key in model.properties.keys where random.below(3) == 0 {
                changes[key] = .some(random.below(2) == 0 ? nil : .recordable(using: &random))
            }
            for _ in 0..<random.below(3) {
                changes[UInt32(random.below(400))] = .some(.recordable(using: &random))
            }
            let labels: [UInt32]? =
                random.below(2) == 0 ? nil : [[], [5], [1, 1000]][random.below(3)]
            model.labels = labels ?? model.labels
            model.since = random.below(2) == 0 ? nil : random.spread()
            for (key, value) in changes { model.properties[key] = value }
            guard let view = RecordView(before.rawSpan) else {
                Issue.record("seed \(seed)")
                continue
            }
            var writer = ByteWriter()
            var spilled: [(key: UInt32, bytes: [UInt8])] = []
            let isDone = RecordEncoder.encode(
                changing: view, labels: labels, since: model.since,
                changes: changes.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value) },
                into: &writer, spilled: &spilled)
            expect(isDone)
            let expected = model.encoded
            expect(writer.bytes == expected.bytes, "seed \(seed)")
            var blobs = spilledBefore.filter { changes[$0.key] == nil }
            for blob in spilled { blobs[blob.key] = blob.bytes }
            expect(blobs == expected.spilled, "seed \(seed)")
        }
    }

    @Test func `a small node takes few bytes beyond its values`() {
        let model = RecordModel(
            labels: [3], since: nil, properties: [1: "Fractions", 4: 0.7, 9: 45])
        // Flags, two counts, a label, three keys, three ends; 10 + 3 + 1 bytes of values.
        expect(model.encoded.bytes.count == 10 + 14)
    }

    @Test(arguments: [7, 8] as [UInt64])
    func `damaged records are nil or answer something, never a trap`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<25 {
            var model = RecordModel.random(using: &random)
            model.properties = model.properties.filter { ValueCodec.encodedSize($0.value) < 40 }
            forEachDamage(of: model.encoded.bytes, using: &random, flips: 80) { bytes in
                guard let view = RecordView(bytes.rawSpan) else { return }
                _ = view.isValid
                for index in -1...min(view.propertyCount, 300) {
                    _ = view.value(at: index)
                    _ = view.integer(at: index)
                    _ = view.double(at: index)
                    _ = view.spilledSize(at: index)
                    _ = view.find(view.key(at: index))
                }
                for index in -1...min(view.labelCount, 300) {
                    _ = view.hasLabel(view.label(at: index))
                }
                var writer = ByteWriter()
                var spilled: [(key: UInt32, bytes: [UInt8])] = []
                _ = RecordEncoder.encode(
                    changing: view, since: nil, changes: [(key: 2, value: 1)], into: &writer,
                    spilled: &spilled)
            }
        }
    }

    @Test func `a record of a later form is refused`() {
        var bytes = RecordModel(labels: [1], since: nil, properties: [1: 1]).encoded.bytes
        bytes[0] |= 0x80
        expect(RecordView(bytes.rawSpan) == nil)
    }
}
