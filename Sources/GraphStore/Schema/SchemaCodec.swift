internal import LMDB
internal import PropertyGraph

/// A schema object by numbers.
///
/// | part       | size       | meaning                                              |
/// |------------|------------|------------------------------------------------------|
/// | version    | u8         | 1, or 2 with the parts marked so                     |
/// | kind       | u8         | `SchemaKind`                                         |
/// | entity     | u8         | `EntityKind`                                         |
/// | state      | u8         | 1 online; in version 2 also 2 building, 3 failed     |
/// | symbol     | varint     | label or edge type                                   |
/// | properties | varint, n× | property keys, in order                              |
/// | name       | varint, n  | UTF-8                                                |
/// | type       | varint     | version 2: bits of `PropertyType`; 0 for other kinds |
/// | done       | varint     | version 2: ids up to this one are entered            |
/// | end        | varint     | version 2: ids from this one on are entered          |
/// | reason     | varint, n  | version 2: why it failed, UTF-8                      |
///
/// Version 1 stands in `schema` under the object's number. What its programs do not know
/// (existence, type and key constraints, and indexes that are not online) stands in `meta` under
/// `object` and the number, as version 2, and a feature bit says so: such a program may read the
/// graph, and must not write it.
struct SchemaEntry: Equatable, Sendable {
    /// How far an index is built.
    enum Building: Equatable, Sendable {
        case online
        /// What has an id up to `done` or from `end` on is in it, and is kept there by every
        /// write; the slices do what lies between.
        case underWay(done: UInt64, end: UInt64)
        case failed(String)
    }

    let number: UInt32
    let name: String
    let kind: SchemaKind
    let entity: EntityKind
    let symbol: UInt32
    let properties: [UInt32]
    var type: PropertyType?
    var building = Building.online

    var isOnline: Bool { building == .online }

    /// Whether programs of the first version of the format know it.
    var isOfVersion1: Bool { isOnline && kind.rawValue <= SchemaKind.inlineProperty.rawValue }

    /// Whether an entity is entered, and held to what is demanded, at this stage of building.
    func covers(_ id: UInt64) -> Bool {
        switch building {
        case .online: true
        case .underWay(let done, let end): id <= done || id >= end
        case .failed: false
        }
    }

    /// Whether values break an existence, type or key constraint; not whether they are unique.
    func isBroken(by properties: NumberedProperties) -> Bool {
        switch kind {
        case .existence, .key:
            return self.properties.contains { properties.value($0) == nil }
        case .type:
            guard let type, let key = self.properties.first, let value = properties.value(key)
            else { return false }
            return !type.contains(value)
        case .index, .unique, .inlineProperty: return false
        }
    }
}

enum SchemaCodec {
    static func encode(_ entry: SchemaEntry, into writer: inout ByteWriter) {
        writer.append(entry.isOfVersion1 ? 1 : 2 as UInt8)
        writer.append(entry.kind.rawValue)
        writer.append(entry.entity.rawValue)
        var (state, done, end, reason) = (1 as UInt8, 0 as UInt64, 0 as UInt64, "")
        switch entry.building {
        case .online: break
        case .underWay(let from, let to): (state, done, end) = (2, from, to)
        case .failed(let text): (state, reason) = (3, text)
        }
        writer.append(state)
        writer.appendVarint(UInt64(entry.symbol))
        writer.appendVarint(UInt64(entry.properties.count))
        for property in entry.properties { writer.appendVarint(UInt64(property)) }
        append(entry.name, to: &writer)
        if entry.isOfVersion1 { return }
        writer.appendVarint(entry.type?.bits ?? 0)
        writer.appendVarint(done)
        writer.appendVarint(end)
        append(reason, to: &writer)
    }

    private static func append(_ text: String, to writer: inout ByteWriter) {
        writer.appendVarint(UInt64(text.utf8.count))
        writer.append(utf8: text)
    }

    static func decode(_ bytes: RawSpan, number: UInt32) -> SchemaEntry? {
        guard bytes.byteCount >= 4, bytes.loadUInt8(at: 0) == 1 || bytes.loadUInt8(at: 0) == 2,
            let kind = SchemaKind(rawValue: bytes.loadUInt8(at: 1)),
            let entity = EntityKind(rawValue: bytes.loadUInt8(at: 2))
        else { return nil }
        var reader = ByteReader(bytes, at: 4)
        guard let symbol = reader.varint(), let count = reader.varint(), count <= 64 else {
            return nil
        }
        var properties: [UInt32] = []
        for _ in 0..<count {
            guard let property = reader.varint() else { return nil }
            properties.append(UInt32(truncatingIfNeeded: property))
        }
        guard let name = text(&reader, bytes) else { return nil }
        var entry = SchemaEntry(
            number: number, name: name, kind: kind, entity: entity,
            symbol: UInt32(truncatingIfNeeded: symbol), properties: properties)
        if bytes.loadUInt8(at: 0) == 1 { return entry.isOfVersion1 ? entry : nil }
        guard let type = reader.varint(), let done = reader.varint(), let end = reader.varint(),
            let reason = text(&reader, bytes)
        else { return nil }
        entry.type = PropertyType(bits: type)
        if (kind == .type) != (entry.type != nil) { return nil }
        switch bytes.loadUInt8(at: 3) {
        case 1: break
        case 2: entry.building = .underWay(done: done, end: end)
        case 3: entry.building = .failed(reason)
        default: return nil
        }
        return entry
    }

    private static func text(_ reader: inout ByteReader, _ bytes: RawSpan) -> String? {
        guard let length = reader.count(), length <= 4096, let start = reader.skip(length) else {
            return nil
        }
        return bytes.string(at: start, count: length)
    }
}
