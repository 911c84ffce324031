import PropertyGraph
import Testing

@Suite struct `Counting a byte` {
    @Test(arguments: [0x0A, 0x00, 0x80, 0xFF] as [UInt8])
    func `agrees with looking at one after the other`(byte: UInt8) {
        var state: UInt64 = 7
        // Around a word, and around the 2,040 bytes that are counted together.
        for length in Array(0...40) + Array(2_030...2_060) + [6_121] {
            let bytes = (0..<length).map { _ -> UInt8 in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                // Half of them, and many that differ from it in one bit.
                return state >> 63 == 0 ? byte : byte ^ (1 << UInt8(state >> 58 & 7))
            }
            let expected = bytes.reduce(0) { $0 + ($1 == byte ? 1 : 0) }
            #expect(bytes.span.count(of: byte) == expected, "\(length) bytes")
            let all = [UInt8](repeating: byte, count: length)
            #expect(all.span.count(of: byte) == length)
        }
    }
}
