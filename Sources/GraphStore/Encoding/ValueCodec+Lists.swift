internal import LMDB
internal import PropertyGraph

extension ValueCodec {
    /// How a list is packed: by the kind its elements share, or each with its tag.
    private enum Packing {
        case tagged
        case booleans
        case integers(width: Int)
        case doubles
        case singles
        case strings
    }

    private static func packing(of elements: [PropertyValue]) -> Packing {
        guard let first = elements.first else { return .tagged }
        switch first {
        case .boolean: return elements.allSatisfy { $0.booleanValue != nil } ? .booleans : .tagged
        case .string: return elements.allSatisfy { $0.stringValue != nil } ? .strings : .tagged
        case .integer:
            var width = 1
            for element in elements {
                guard case .integer(let value) = element else { return .tagged }
                width = max(width, signedByteCount(value))
            }
            return .integers(width: width > 4 ? 8 : (width > 2 ? 4 : width))
        case .double:
            var isSingle = true
            for element in elements {
                guard case .double(let value) = element else { return .tagged }
                if isSingle { isSingle = ScaledDecimal.isSingle(value) }
            }
            return isSingle ? .singles : .doubles
        default: return .tagged
        }
    }

    /// Appends a list with its tag.
    static func encodeList(_ elements: [PropertyValue], into writer: inout ByteWriter) {
        let packing = packing(of: elements)
        let tag =
            switch packing {
            case .tagged: Tag.list
            case .booleans: Tag.booleans
            case .integers: Tag.integers
            case .doubles: Tag.doubles
            case .singles: Tag.singles
            case .strings: Tag.strings
            }
        writer.append(tag)
        writer.appendVarint(UInt64(elements.count))
        if case .integers(let width) = packing { writer.append(UInt8(width)) }
        if case .booleans = packing { return encodeBits(elements, into: &writer) }
        for element in elements {
            switch (packing, element) {
            case (.integers(let width), .integer(let value)):
                for index in 0..<width {
                    writer.append(UInt8(truncatingIfNeeded: value &>> Int64(index &* 8)))
                }
            case (.doubles, .double(let value)): writer.appendLE64(value.bitPattern)
            case (.singles, .double(let value)): writer.appendLE32(Float(value).bitPattern)
            case (.strings, .string(let value)):
                encodeBlob(value.utf8.span.rawSpan, into: &writer)
            default: encode(element, into: &writer)
            }
        }
    }

    private static func encodeBits(_ elements: [PropertyValue], into writer: inout ByteWriter) {
        for start in stride(from: 0, to: elements.count, by: 8) {
            var byte: UInt8 = 0
            for index in start..<min(start + 8, elements.count)
            where elements[index].booleanValue == true {
                byte |= 1 &<< UInt8(index &- start)
            }
            writer.append(byte)
        }
    }

    /// The bytes that `encodeList` appends.
    static func listSize(_ elements: [PropertyValue]) -> Int {
        let count = elements.count
        let head = 1 + varintSize(UInt64(count))
        switch packing(of: elements) {
        case .tagged: return elements.reduce(head) { $0 + encodedSize($1) }
        case .booleans: return head + (count + 7) / 8
        case .integers(let width): return head + 1 + count * width
        case .doubles: return head + count * 8
        case .singles: return head + count * 4
        case .strings:
            return elements.reduce(head) { $0 + blobSize($1.stringValue?.utf8.count ?? 0) }
        }
    }

    /// The list behind its tag, or nil when it is damaged.
    static func decodeList(_ tag: UInt8, _ reader: inout ByteReader, depth: Int) -> PropertyValue? {
        switch tag {
        case Tag.list:
            guard depth < maximumDepth, let count = reader.count() else { return nil }
            return collect(count, &reader) { decode(&$0, depth: depth + 1) }
        case Tag.booleans:
            guard let count = reader.count(bitsEach: 1), let start = reader.skip((count + 7) / 8)
            else { return nil }
            let bytes = reader.bytes
            let elements = (0..<count).map { index in
                let byte = bytes.loadUInt8(at: start &+ (index &>> 3))
                return PropertyValue.boolean((byte &>> UInt8(index & 7)) & 1 == 1)
            }
            return .list(elements)
        case Tag.integers:
            guard let count = reader.count(), let width = reader.byte() else { return nil }
            guard width == 1 || width == 2 || width == 4 || width == 8 else { return nil }
            return collect(count, &reader) { integer(&$0, size: Int(width)).map { .integer($0) } }
        case Tag.doubles:
            guard let count = reader.count(bitsEach: 64) else { return nil }
            return collect(count, &reader) { double(&$0).map { .double($0) } }
        case Tag.singles:
            guard let count = reader.count(bitsEach: 32) else { return nil }
            return collect(count, &reader) { single(&$0).map { .double(Double($0)) } }
        case Tag.strings:
            guard let count = reader.count() else { return nil }
            return collect(count, &reader) { blobText(&$0).map { .string($0) } }
        default: return nil
        }
    }

    private static func collect(
        _ count: Int, _ reader: inout ByteReader,
        _ next: (inout ByteReader) -> PropertyValue?
    ) -> PropertyValue? {
        var elements: [PropertyValue] = []
        // A damaged count is bounded by the bytes; the room taken ahead is bounded further.
        elements.reserveCapacity(min(count, 4096))
        for _ in 0..<count {
            guard let element = next(&reader) else { return nil }
            elements.append(element)
        }
        return .list(elements)
    }
}
