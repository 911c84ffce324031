import LMDB
import Testing

@testable import GraphStore

private func encoding(_ slots: [EdgeLocator?]) -> [UInt8] {
    written { EdgeChunk.encode(slots, into: &$0) }
}

extension EdgeLocator {
    fileprivate static func random(using random: inout SeededGenerator, reach: Int) -> EdgeLocator {
        let source = random.next() &>> UInt64(reach)
        return EdgeLocator(
            source: source, target: random.next() &>> UInt64(reach),
            type: UInt32(truncatingIfNeeded: random.below(3) == 0 ? random.spread() : 4),
            hasRecord: random.below(4) == 0)
    }
}

@Suite struct `Chunks of edge locators` {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `changes agree with an array`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<6 {
            var model = [EdgeLocator?](repeating: nil, count: EdgeChunk.capacity)
            var bytes: [UInt8]?
            let reach = random.below(64)
            for _ in 0..<150 {
                let slot = random.below(EdgeChunk.capacity)
                let locator: EdgeLocator? =
                    random.below(4) == 0 ? nil : .random(using: &random, reach: reach)
                model[slot] = locator
                var output = ByteWriter()
                let isLeft =
                    if let bytes {
                        EdgeChunk.setting(locator, at: slot, in: bytes.rawSpan, output: &output)
                    } else {
                        EdgeChunk.setting(locator, at: slot, in: nil, output: &output)
                    }
                expect(isLeft == model.contains { $0 != nil }, "seed \(seed)")
                bytes = isLeft == true ? output.bytes : nil
                guard let bytes else { continue }
                expect(EdgeChunk.decode(bytes) == model, "seed \(seed)")
                let probe = random.below(EdgeChunk.capacity)
                expect(EdgeChunk.locator(at: probe, in: bytes) == model[probe])
                expect(EdgeChunk.locator(at: slot, in: bytes) == locator)
            }
        }
    }

    @Test func `a chunk filled in order is as good as one written at once`() {
        var random = SeededGenerator(seed: 4)
        var slots: [EdgeLocator?] = []
        var bytes: [UInt8]?
        for slot in 0..<EdgeChunk.capacity {
            let locator = EdgeLocator(
                source: UInt64(1000 + slot / 8), target: random.next() % 200_000, type: 3,
                hasRecord: false)
            slots.append(locator)
            var output = ByteWriter()
            if let old = bytes {
                expect(
                    EdgeChunk.setting(locator, at: slot, in: old.rawSpan, output: &output) == true)
            } else {
                expect(EdgeChunk.setting(locator, at: slot, in: nil, output: &output) == true)
            }
            bytes = output.bytes
        }
        let whole = encoding(slots)
        expect(bytes.flatMap { EdgeChunk.decode($0) } == slots)
        expect(EdgeChunk.decode(whole) == slots)
        // One byte of source, three of target, none of type, and a head without bitmaps.
        expect(whole.count <= 128 * 4 + 12)
    }

    @Test func `extremes come back`() {
        let most = EdgeLocator(source: .max, target: .max, type: .max, hasRecord: true)
        let least = EdgeLocator(source: 0, target: 0, type: 0, hasRecord: false)
        for slots in [[most], [least], [least, most], [nil, most, nil, least]] {
            let bytes = encoding(slots)
            let padded = slots + [EdgeLocator?](repeating: nil, count: 128 - slots.count)
            expect(EdgeChunk.decode(bytes) == padded)
        }
        expect(EdgeChunk.locator(at: -1, in: encoding([most])) == nil)
        expect(EdgeChunk.locator(at: 128, in: encoding([most])) == nil)
    }

    @Test(arguments: [5, 6] as [UInt64])
    func `damaged chunks are nil or answer something, never a trap`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<12 {
            let reach = random.below(64)
            var slots: [EdgeLocator?] = []
            for _ in 0..<random.below(20) {
                slots.append(random.below(3) == 0 ? nil : .random(using: &random, reach: reach))
            }
            forEachDamage(of: encoding(slots), using: &random, flips: 60) { bytes in
                let isReadable = EdgeChunk.decode(bytes) != nil
                for slot in [0, 5, 63, 64, 127] {
                    let found = EdgeChunk.locator(at: slot, in: bytes)
                    expect(isReadable || found == nil)
                }
                var output = ByteWriter()
                let locator = EdgeLocator(source: 1, target: 2, type: 3, hasRecord: true)
                let isLeft = EdgeChunk.setting(
                    locator, at: 3, in: bytes.rawSpan, output: &output)
                expect((isLeft == nil) == !isReadable)
            }
        }
    }
}
