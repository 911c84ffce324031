import LMDB
import PropertyGraph
import Testing

@testable import GraphStore

private func encoding(_ value: PropertyValue) -> [UInt8] {
    written { ValueCodec.encode(value, into: &$0) }
}

@Suite struct `Storage of values` {
    @Test func `every awkward value comes back to the bit`() {
        for value in AwkwardValues.all {
            let bytes = encoding(value)
            expect(ValueCodec.decode(bytes) == value)
            expect(ValueCodec.encodedSize(value) == bytes.count, "\(value)")
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `random values come back to the bit`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<3000 {
            let value = PropertyValue.random(using: &random)
            let bytes = encoding(value)
            expect(ValueCodec.decode(bytes) == value, "seed \(seed): \(value)")
            expect(ValueCodec.encodedSize(value) == bytes.count, "seed \(seed): \(value)")
        }
    }

    @Test func `common values are short`() {
        expect(encoding(7).count == 1)
        expect(encoding(2026).count == 3)
        expect(encoding("Fractions").count == 10)
        expect(encoding(0.7).count == 3)
        expect(encoding(12.25).count == 4)
        expect(encoding(3.0).count == 3)
        expect(encoding(.double(.pi)).count == 9)
        expect(encoding(.list((0..<100).map { .integer($0) })).count == 103)
        expect(encoding(.vector([Float](repeating: 0.3, count: 256))).count == 3 + 1024)
    }

    @Test func `both normal forms of a text stay as they are`() {
        for text in ["é", "e\u{301}"] {
            guard case .string(let stored)? = ValueCodec.decode(encoding(.string(text)))
            else {
                Issue.record("not a string")
                continue
            }
            expect(Array(stored.utf8) == Array(text.utf8))
        }
    }

    @Test(arguments: [4, 5] as [UInt64])
    func `damaged bytes are nil or some value, never a trap`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for value in AwkwardValues.others + AwkwardValues.temporals.prefix(30) + ["abc", 1, 0.7] {
            forEachDamage(of: encoding(value), using: &random, flips: 40) { bytes in
                guard let found = ValueCodec.decode(bytes) else { return }
                expect(ValueCodec.decode(encoding(found)) == found, "seed \(seed)")
            }
        }
    }

    @Test func `truncated values are nil`() {
        for value in AwkwardValues.all {
            let bytes = encoding(value)
            for length in 0..<min(bytes.count, 40) {
                expect(ValueCodec.decode(Array(bytes.prefix(length))) == nil)
            }
        }
    }

    @Test func `counts beyond the bytes and endless nesting are nil`() {
        let huge: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]
        for tag: UInt8 in [0x10, 0x11, 0x1A, 0x20, 0x21, 0x22, 0x23, 0x24, 0x25] {
            expect(ValueCodec.decode(([tag] + huge)) == nil)
        }
        let nested = [UInt8](repeating: 0, count: 100_000).enumerated().map { index, _ in
            index % 2 == 0 ? 0x20 : 0x01 as UInt8
        }
        expect(ValueCodec.decode(nested) == nil)
        expect(ValueCodec.decode([0x00]) == nil)
        expect(ValueCodec.decode([0xF0]) == nil)
        // 0x82 announces two bytes of UTF-8 that are none.
        expect(ValueCodec.decode([0x82, 0xC3, 0x28]) == nil)
    }
}

@Suite struct `Reading numbers from bytes` {
    @Test(arguments: [1, 2] as [UInt64])
    func `varints come back wherever they stand`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var numbers: [UInt64] = [
            0, 127, 128, 16_383, 16_384, .max, 1 << 56, (1 << 56) - 1, 1 << 63,
        ]
        for _ in 0..<2000 { numbers.append(random.spread()) }
        let bytes = written { writer in
            for number in numbers { writer.appendVarint(number) }
        }
        var reader = ByteReader(bytes.rawSpan)
        for number in numbers {
            let start = reader.offset
            expect(reader.varint() == number, "seed \(seed)")
            expect(reader.offset - start == varintSize(number))
        }
        expect(reader.remaining == 0)
        expect(reader.varint() == nil)
    }

    @Test func `numbers of more than 64 bits are nil`() {
        let long = [UInt8](repeating: 0xFF, count: 9)
        for tail: [UInt8] in [[0x02], [0x7F], [0xFF, 0x01], [0x81, 0x00]] {
            var reader = ByteReader((long + tail).rawSpan)
            expect(reader.varint() == nil)
        }
        var reader = ByteReader((long + [0x01]).rawSpan)
        expect(reader.varint() == .max)
    }

    @Test func `decimals are exact or refused`() {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<2000 {
            let exponent = random.below(7)
            let numerator = Int32(truncatingIfNeeded: random.spreadSigned())
            let value = ScaledDecimal.value(numerator, exponent)
            expect(ScaledDecimal.numerator(of: value, exponent: exponent) != nil)
            guard let least = ScaledDecimal.exponent(of: value) else {
                Issue.record("\(value)")
                continue
            }
            expect(least <= exponent)
        }
        for value in [-0.0, .nan, .infinity, .pi, 1e300, 0.1 + 0.2, 2_147_483_648] {
            expect(ScaledDecimal.exponent(of: value) == nil)
        }
    }
}
