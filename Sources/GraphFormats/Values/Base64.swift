/// Bytes as text by RFC 4648, section 4, with padding.
enum Base64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            var group = 0
            for index in 0..<3 {
                group = group << 8 | (index < count ? Int(bytes[start + index]) : 0)
            }
            for index in 0..<4 {
                text.append(index <= count ? alphabet[group >> (18 - 6 * index) & 63] : 0x3D)
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text; nil unless it is the one encoding of them.
    static func decode(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [UInt8]? {
        guard range.count % 4 == 0 else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(range.count / 4 * 3)
        for start in stride(from: range.lowerBound, to: range.upperBound, by: 4) {
            var group: UInt32 = 0
            var padding = 0
            for index in start..<start + 4 {
                let byte = bytes[index]
                if byte == 0x3D, start + 4 == range.upperBound, index >= start + 2 {
                    padding += 1
                    group <<= 6
                } else if padding == 0, let digit = digit(byte) {
                    group = group << 6 | digit
                } else {
                    return nil
                }
            }
            // Bits beyond the last byte must be zero, or two texts would mean the same bytes.
            guard group & (padding == 2 ? 0xFFFF : padding == 1 ? 0xFF : 0) == 0 else {
                return nil
            }
            result.append(UInt8(truncatingIfNeeded: group >> 16))
            if padding < 2 { result.append(UInt8(truncatingIfNeeded: group >> 8)) }
            if padding < 1 { result.append(UInt8(truncatingIfNeeded: group)) }
        }
        return result
    }

    private static func digit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x41...0x5A: UInt32(byte - 0x41)
        case 0x61...0x7A: UInt32(byte - 0x61 + 26)
        case 0x30...0x39: UInt32(byte - 0x30 + 52)
        case 0x2B: 62
        case 0x2F: 63
        default: nil
        }
    }
}
