internal import LMDB
internal import PropertyGraph

/// A node or an edge as it was before a change, whole and independent of how records are stored.
///
/// | part       | size           | meaning                                              |
/// |------------|----------------|------------------------------------------------------|
/// | presence   | u8             | 0: it did not exist, and nothing follows; 1: it did  |
/// | ends       | varint × 3     | of an edge: type, source, target                     |
/// | labels     | varint, n×     | of a node: label numbers, ascending                  |
/// | properties | varint, n×     | key varint, size varint, `ValueCodec` bytes          |
struct EntityImage {
    /// Of a node.
    var labels: [UInt32] = []
    /// Of an edge.
    var locator: EdgeLocator?
    /// Ascending by key.
    var properties: NumberedProperties = []

    static func encodeAbsence(into writer: inout ByteWriter) { writer.append(0 as UInt8) }

    func encode(into writer: inout ByteWriter) {
        writer.append(1 as UInt8)
        if let locator {
            writer.appendVarint(UInt64(locator.type))
            writer.appendVarint(locator.source)
            writer.appendVarint(locator.target)
        } else {
            writer.appendVarint(UInt64(labels.count))
            for label in labels { writer.appendVarint(UInt64(label)) }
        }
        writer.appendVarint(UInt64(properties.count))
        for (key, value) in properties {
            var encoded = ByteWriter()
            ValueCodec.encode(value, into: &encoded)
            writer.appendVarint(UInt64(key))
            writer.appendVarint(UInt64(encoded.count))
            writer.append(encoded.span)
        }
    }

    /// What an image says.
    enum Content {
        case absent
        case present(EntityImage)
    }

    /// Reads an image; nil when the bytes are damaged.
    static func decode(_ bytes: RawSpan, _ entity: EntityKind) -> Content? {
        var reader = ByteReader(bytes)
        guard let presence = reader.byte() else { return nil }
        if presence == 0 { return reader.remaining == 0 ? .absent : nil }
        guard presence == 1 else { return nil }
        var image = EntityImage()
        switch entity {
        case .node:
            guard let count = reader.count() else { return nil }
            for _ in 0..<count {
                guard let label = reader.varint().flatMap({ UInt32(exactly: $0) }) else {
                    return nil
                }
                image.labels.append(label)
            }
        case .edge:
            guard let type = reader.varint().flatMap({ UInt32(exactly: $0) }),
                let source = reader.varint(), let target = reader.varint()
            else { return nil }
            image.locator = EdgeLocator(
                source: source, target: target, type: type, hasRecord: false)
        }
        guard let count = reader.count() else { return nil }
        image.properties.reserveCapacity(count)
        for _ in 0..<count {
            guard let key = reader.varint().flatMap({ UInt32(exactly: $0) }),
                let size = reader.count(), let start = reader.skip(size),
                let value = ValueCodec.decode(bytes.extracting(start..<(start + size)))
            else { return nil }
            image.properties.append((key, value))
        }
        return reader.remaining == 0 ? .present(image) : nil
    }
}
