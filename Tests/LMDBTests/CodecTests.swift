import Testing

@testable import LMDB

@Suite struct `Reading integers from bytes` {
    private let bytes: [UInt8] = [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0xFF]

    @Test func `both byte orders at every alignment`() {
        let span = bytes.rawSpan
        let values: [UInt64] = [
            UInt64(span.loadUInt8(at: 8)), UInt64(span.loadBE16(at: 1)),
            UInt64(span.loadLE16(at: 1)), UInt64(span.loadBE32(at: 3)),
            UInt64(span.loadLE32(at: 3)), span.loadBE64(at: 0), span.loadLE64(at: 1),
        ]
        #expect(
            values == [
                0xFF, 0x0203, 0x0302, 0x0405_0607, 0x0706_0504, 0x0102_0304_0506_0708,
                0xFF08_0706_0504_0302,
            ])
    }

    @Test func `reads beyond the end, or before the start, are nil`() {
        let span = bytes.rawSpan
        let found: [Bool] = [
            span.loadUInt8IfPresent(at: 9) == nil, span.loadUInt8IfPresent(at: -1) == nil,
            span.loadBE16IfPresent(at: 8) == nil, span.loadLE16IfPresent(at: .max) == nil,
            span.loadBE32IfPresent(at: 6) == nil, span.loadLE32IfPresent(at: .min) == nil,
            span.loadBE64IfPresent(at: 2) == nil, span.loadLE64IfPresent(at: 2) == nil,
            span.loadLE64IfPresent(at: 1) != nil, span.loadBE16IfPresent(at: 7) == 0x08FF,
            span.sliceIfPresent(at: 3, count: .max) == nil,
            span.sliceIfPresent(at: .max, count: 1) == nil,
            span.sliceIfPresent(at: 0, count: -1) == nil,
            span.sliceIfPresent(at: 9, count: 0) != nil,
            span.string(at: 8, count: 2) == nil,
        ]
        #expect(found == Array(repeating: true, count: found.count))
    }

    @Test func `a read outside of the span is a programmer error`() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            let bytes: [UInt8] = [1, 2, 3]
            _ = bytes.rawSpan.loadBE32(at: 0)
        }
        #expect(result?.says("outside of the span") == true)
    }

    @Test func `byte strings compare as memcmp does, then by length`() {
        let strings: [[UInt8]] = [
            [], [0], [0, 0], [0, 1], [1], [1, 255], [2], [127], [128], [255],
        ]
        for (first, left) in strings.enumerated() {
            for (second, right) in strings.enumerated() {
                let order = left.rawSpan.compare(right.rawSpan).signum()
                #expect(order == (first - second).signum())
                let isSame = left.rawSpan.hasSameBytes(as: right.rawSpan)
                #expect(isSame == (first == second))
                let isPrefix = left.rawSpan.hasPrefix(right.rawSpan)
                #expect(isPrefix == left.starts(with: right))
            }
        }
    }

    @Test func `text is validated`() {
        let good = Array("Größe – 你好 🧭".utf8)
        #expect(good.rawSpan.string() == "Größe – 你好 🧭")
        #expect(good.rawSpan.string(at: 0, count: 2) == "Gr")
        for bad: [UInt8] in [
            [0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80],
        ] {
            #expect(bad.rawSpan.string() == nil)
        }
        let nothing: [UInt8] = []
        #expect(nothing.rawSpan.string() == "")
    }

    @Test func `the hash is XXH64`() {
        // Values of the reference implementation, seed 0 and another.
        #expect("".utf8.span.rawSpan.hash64() == 0xEF46_DB37_51D8_E999)
        #expect("a".utf8.span.rawSpan.hash64() == 0xD24E_C4F1_A98C_6E5B)
        #expect("abc".utf8.span.rawSpan.hash64() == 0x44BC_2CF5_AD77_0999)
        let sentence = "Nobody inspects the spammish repetition"
        #expect(sentence.utf8.span.rawSpan.hash64() == 0xFBCE_A83C_8A37_8BF1)
        #expect("".utf8.span.rawSpan.hash64(seed: 1) != "".utf8.span.rawSpan.hash64())
    }
}

@Suite struct `Writing bytes` {
    @Test func `integers, text and spans land in order`() {
        var writer = ByteWriter()
        writer.append(0x01 as UInt8)
        writer.appendBE16(0x0203)
        writer.appendLE16(0x0203)
        writer.appendBE32(0x0405_0607)
        writer.appendLE32(0x0405_0607)
        writer.appendBE64(0x08)
        writer.appendLE64(0x08)
        writer.append(utf8: "né")
        writer.append([9, 9])
        writer.append([7].rawSpan)
        let expected: [UInt8] =
            [1, 2, 3, 3, 2, 4, 5, 6, 7, 7, 6, 5, 4]
            + [0, 0, 0, 0, 0, 0, 0, 8, 8, 0, 0, 0, 0, 0, 0, 0] + Array("né".utf8) + [9, 9, 7]
        #expect(writer.bytes == expected)
        #expect(writer.span.bytes() == expected)
        #expect(writer.count == expected.count)
    }

    @Test func `overwriting, truncating and reusing`() {
        var writer = ByteWriter(capacity: 4)
        writer.appendLE64(0)
        writer.overwriteLE16(0xABCD, at: 0)
        writer.overwriteLE32(0x0102_0304, at: 4)
        writer.overwrite(0xEE, at: 2)
        #expect(writer.bytes == [0xCD, 0xAB, 0xEE, 0, 4, 3, 2, 1])
        writer.truncate(to: 3)
        #expect(writer.bytes == [0xCD, 0xAB, 0xEE])
        writer.removeAll()
        #expect(writer.isEmpty && writer.bytes.isEmpty)
        writer.append(5 as UInt8)
        #expect(writer.bytes == [5])
        writer.removeAll(keepingCapacity: false)
        #expect(writer.count == 0)
    }

    @Test func `copies are independent`() {
        var first = ByteWriter()
        first.append(1 as UInt8)
        var second = first
        second.append(2 as UInt8)
        first.append(3 as UInt8)
        #expect(first.bytes == [1, 3])
        #expect(second.bytes == [1, 2])
    }

    @Test func `it grows over any size`() {
        var writer = ByteWriter()
        var expected: [UInt8] = []
        for size in [0, 1, 63, 64, 65, 1000, 5000] {
            let chunk = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
            writer.append(chunk)
            expected += chunk
        }
        #expect(writer.bytes == expected)
    }

    @Test func `a fixed key holds 32 bytes`() {
        var key = FixedKey()
        key.append(1)
        key.appendBE8(2)
        key.appendBE16(0x0304)
        key.appendBE32(0x0506_0708)
        key.appendBE64(0x090A_0B0C_0D0E_0F10)
        key.append(Array(17...32).rawSpan)
        #expect(key.span.bytes() == Array(1...32))
        #expect(key.count == FixedKey.capacity)
        key.truncate(to: 2)
        #expect(key.span.bytes() == [1, 2])
        key.removeAll()
        #expect(key.span.bytes().isEmpty && key.count == 0)
        #expect(FixedKey(be64: 258).span.bytes() == [0, 0, 0, 0, 0, 0, 1, 2])
    }

    @Test func `a fixed key that overflows is a programmer error`() async {
        let result = await #expect(
            processExitsWith: .failure, observing: [\.standardErrorContent]
        ) {
            var key = FixedKey()
            for _ in 0..<5 { key.appendBE64(0) }
        }
        #expect(result?.says("at most 32 bytes") == true)
    }
}

@Suite struct Varints {
    private func read(_ bytes: [UInt8]) -> (value: UInt64?, position: Int) {
        var reader = VarintReader(bytes.rawSpan)
        let value = reader.next()
        return (value, reader.position)
    }

    @Test func `known numbers have their known bytes`() {
        let known: [(UInt64, [UInt8])] = [
            (0, [0]), (1, [1]), (127, [0x7F]), (128, [0x80, 1]), (300, [0xAC, 2]),
            (16_383, [0xFF, 0x7F]), (16_384, [0x80, 0x80, 1]),
            (.max, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1]),
        ]
        for (value, bytes) in known {
            var writer = ByteWriter()
            writer.appendVarint(value)
            #expect(writer.bytes == bytes)
            #expect(read(bytes) == (value, bytes.count))
        }
    }

    @Test func `every power of two and its neighbours survive`() {
        var writer = ByteWriter()
        var values: [UInt64] = []
        for shift in 0..<64 {
            let power = UInt64(1) << shift
            values += [power - 1, power, power &+ 1]
        }
        for value in values {
            writer.appendVarint(value)
            writer.appendZigzag(Int64(bitPattern: value))
            writer.appendZigzag(0 &- Int64(bitPattern: value))
        }
        var reader = VarintReader(writer.span)
        for value in values {
            let plain = reader.next()
            let positive = reader.nextZigzag()
            let negative = reader.nextZigzag()
            #expect(plain == value)
            #expect(positive == Int64(bitPattern: value))
            #expect(negative == 0 &- Int64(bitPattern: value))
        }
        let isAtEnd = reader.isAtEnd
        #expect(isAtEnd)
    }

    @Test func `zigzag is short for small numbers of either sign`() {
        for (value, byte): (Int64, UInt8) in [
            (0, 0), (-1, 1), (1, 2), (-2, 3), (63, 126), (-64, 127),
        ] {
            var writer = ByteWriter()
            writer.appendZigzag(value)
            #expect(writer.bytes == [byte])
        }
    }

    @Test func `truncated, overlong and too large input is nil and moves nothing`() {
        let bad: [[UInt8]] = [
            [], [0x80], [0xFF, 0xFF], [0x80, 0x00], [0xFF, 0x80, 0x00],
            [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 2],
            [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x81],
            [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 1],
            [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0],
        ]
        for bytes in bad {
            #expect(read(bytes) == (nil, 0), "\(bytes)")
        }
    }

    @Test(arguments: UInt64(1)...20)
    func `any bytes are decoded or refused, and what is decoded encodes to itself`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for _ in 0..<200 {
            let count = Int.random(in: 0...12, using: &random)
            // Most bytes continue, so that long numbers come up.
            let bytes = (0..<count).map { _ in
                UInt8(truncatingIfNeeded: random.next()) | (Bool.random(using: &random) ? 0x80 : 0)
            }
            let (value, position) = read(bytes)
            guard let value else {
                #expect(position == 0, "seed \(seed)")
                continue
            }
            var writer = ByteWriter()
            writer.appendVarint(value)
            #expect(writer.bytes == Array(bytes[..<position]), "seed \(seed)")
        }
    }

    @Test func `a reader takes fields in turn and stops at the end`() {
        var writer = ByteWriter()
        writer.appendVarint(300)
        writer.append(7 as UInt8)
        writer.appendLE32(1)
        writer.appendLE64(2)
        writer.appendBE32(3)
        writer.appendBE64(4)
        writer.append(utf8: "abc")
        writer.append([1, 2])
        var reader = VarintReader(writer.span)
        let tooLarge = reader.nextInt(atMost: 299)
        let fits = reader.nextInt(atMost: 300)
        #expect(tooLarge == nil && fits == 300)
        let byte = reader.nextByte()
        let numbers = [
            reader.nextLE32().map(UInt64.init), reader.nextLE64(),
            reader.nextBE32().map(UInt64.init), reader.nextBE64(),
        ]
        #expect(byte == 7 && numbers == [1, 2, 3, 4])
        let text = reader.nextBytes(3)?.string()
        #expect(text == "abc")
        let remaining = reader.remaining
        let missed = reader.nextBytes(3) == nil && !reader.skip(3) && !reader.skip(-1)
        #expect(remaining == 2 && missed)
        let skipped = reader.skip(2)
        let ended = reader.isAtEnd && reader.nextByte() == nil && reader.next() == nil
        let nothing = reader.nextLE32() == nil && reader.nextBE64() == nil
        #expect(skipped && ended && nothing)
    }
}
