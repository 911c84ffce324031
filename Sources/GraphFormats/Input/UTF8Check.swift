/// Checks bytes against the table of well-formed UTF-8 (Unicode 16, table 3-7).
enum UTF8Check {
    /// Whether the bytes are well-formed UTF-8: no overlong form, no surrogate, none above U+10FFFF.
    static func isValid(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        firstInvalid(bytes, range) == nil
    }

    /// The position of the first byte that is not part of a well-formed sequence.
    static func firstInvalid(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int? {
        var index = range.lowerBound
        let end = range.upperBound
        while index < end {
            let lead = bytes[index]
            if lead < 0x80 {
                index += 1
                continue
            }
            let length: Int
            var low: UInt8 = 0x80
            var high: UInt8 = 0xBF
            switch lead {
            case 0xC2...0xDF: length = 2
            case 0xE0: (length, low) = (3, 0xA0)
            case 0xED: (length, high) = (3, 0x9F)
            case 0xE1...0xEF: length = 3
            case 0xF0: (length, low) = (4, 0x90)
            case 0xF1...0xF3: length = 4
            case 0xF4: (length, high) = (4, 0x8F)
            default: return index
            }
            guard index + length <= end, bytes[index + 1] >= low, bytes[index + 1] <= high else {
                return index
            }
            for offset in 2..<max(length, 2) where bytes[index + offset] & 0xC0 != 0x80 {
                return index
            }
            index += length
        }
        return nil
    }
}
