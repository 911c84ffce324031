internal import LMDB

/// A schema object by numbers, as stored in `schema` under its own number.
///
/// | part       | size       | meaning                                  |
/// |------------|------------|------------------------------------------|
/// | version    | u8         | 1                                        |
/// | kind       | u8         | `SchemaKind`                             |
/// | entity     | u8         | `EntityKind`                             |
/// | state      | u8         | 1 ready; others reserved for building    |
/// | symbol     | varint     | label or edge type                       |
/// | properties | varint, n× | property keys, in order                  |
/// | name       | varint, n  | UTF-8                                    |
struct SchemaEntry: Equatable, Sendable {
    let number: UInt32
    let name: String
    let kind: SchemaKind
    let entity: EntityKind
    let symbol: UInt32
    let properties: [UInt32]
}

enum SchemaCodec {
    static func encode(_ entry: SchemaEntry, into writer: inout ByteWriter) {
        writer.append(1 as UInt8)
        writer.append(entry.kind.rawValue)
        writer.append(entry.entity.rawValue)
        writer.append(1 as UInt8)
        writer.appendVarint(UInt64(entry.symbol))
        writer.appendVarint(UInt64(entry.properties.count))
        for property in entry.properties { writer.appendVarint(UInt64(property)) }
        writer.appendVarint(UInt64(entry.name.utf8.count))
        writer.append(utf8: entry.name)
    }

    static func decode(_ bytes: RawSpan, number: UInt32) -> SchemaEntry? {
        guard bytes.byteCount >= 4, bytes.loadUInt8(at: 0) == 1,
            let kind = SchemaKind(rawValue: bytes.loadUInt8(at: 1)),
            let entity = EntityKind(rawValue: bytes.loadUInt8(at: 2))
        else { return nil }
        var reader = VarintReader(bytes.extracting(4..<bytes.byteCount))
        guard let symbol = reader.next(), let count = reader.next(), count <= 64 else { return nil }
        var properties: [UInt32] = []
        for _ in 0..<count {
            guard let property = reader.next() else { return nil }
            properties.append(UInt32(truncatingIfNeeded: property))
        }
        guard let length = reader.next(), length <= 4096 else { return nil }
        let start = 4 + reader.position
        guard start + Int(length) <= bytes.byteCount,
            let name = bytes.string(at: start, count: Int(length))
        else { return nil }
        return SchemaEntry(
            number: number, name: name, kind: kind, entity: entity,
            symbol: UInt32(truncatingIfNeeded: symbol), properties: properties)
    }
}
