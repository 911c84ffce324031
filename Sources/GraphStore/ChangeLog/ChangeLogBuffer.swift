internal import LMDB
internal import PropertyGraph

// The change log: what each position did, with the values before and after.
//
// Key: position u64 · part u32. Parts of one position are one stream of bytes:
//
// | part      | size    | meaning                                                        |
// |-----------|---------|----------------------------------------------------------------|
// | version   | u8      | 1                                                              |
// | token     | u64     | random; tells two histories of one store apart                 |
// | time      | i64     | commit time, microseconds since 1970, never going back         |
// | operation | u8, …   | repeated to the end of the last part; see `ChangeOperation`    |
//
// Ids, symbols, counts and lengths are varints. A list is its count and its items; a property is
// its key and a value; a value is its length and `ValueCodec` bytes, length 0 standing for none.

/// The tags of operations; numbers are part of the format.
enum ChangeOperation: UInt8 {
    /// node · labels · properties
    case nodeCreated = 1
    /// node · labels · properties
    case nodeDeleted = 2
    /// node · labels before · labels after
    case labelsChanged = 3
    /// node · list of (key · value before · value after)
    case nodeProperties = 4
    /// edge · type · source · target · properties
    case edgeCreated = 5
    /// edge · type · source · target · properties
    case edgeDeleted = 6
    /// edge · list of (key · value before · value after)
    case edgeProperties = 7
    /// text of the object: see `schemaChanged`
    case schemaCreated = 8
    /// as `schemaCreated`
    case schemaDropped = 9
    /// nodes · edges: a bulk load, whose elements are not logged one by one
    case bulkLoaded = 10
    /// name
    case byteTableChanged = 11
    /// kind of name · its number · before · after
    case renamed = 12
}

/// Operations of one closure, encoded; handed to the log in parts as it grows.
struct ChangeLogBuffer: Sendable {
    /// A part is stored when it holds this many bytes, so that memory stays bounded.
    static let partBytes = 64 << 10
    /// The version, token and time in front of part 0.
    static let headerBytes = 17

    private(set) var bytes = ByteWriter()
    private(set) var partCount: UInt32 = 0
    /// By bytes: names that differ only in their normal form are two tables.
    private var loggedByteTables: Set<PropertyKey> = []

    var isFull: Bool { bytes.count >= Self.partBytes }

    mutating func removeAll() {
        bytes.removeAll()
        partCount = 0
        loggedByteTables.removeAll()
    }

    /// Makes room for the next part.
    mutating func beginNextPart() {
        bytes.removeAll()
        partCount += 1
    }

    mutating func nodeCreated(_ id: UInt64, _ labels: [UInt32], _ properties: NumberedProperties) {
        begin(.nodeCreated, id)
        append(labels)
        append(properties)
    }

    mutating func nodeDeleted(_ id: UInt64, _ labels: [UInt32], _ properties: NumberedProperties) {
        begin(.nodeDeleted, id)
        append(labels)
        append(properties)
    }

    mutating func labelsChanged(_ id: UInt64, _ before: [UInt32], _ after: [UInt32]) {
        begin(.labelsChanged, id)
        append(before)
        append(after)
    }

    mutating func propertiesChanged(
        _ entity: EntityKind, _ id: UInt64, _ changes: [NumberedChange]
    ) {
        begin(entity == .node ? .nodeProperties : .edgeProperties, id)
        bytes.appendVarint(UInt64(changes.count))
        for change in changes {
            bytes.appendVarint(UInt64(change.key))
            append(change.before)
            append(change.after)
        }
    }

    mutating func edgeCreated(
        _ id: UInt64, _ locator: EdgeLocator, _ properties: NumberedProperties
    ) {
        begin(.edgeCreated, id)
        append(locator, properties)
    }

    mutating func edgeDeleted(
        _ id: UInt64, _ locator: EdgeLocator, _ properties: NumberedProperties
    ) {
        begin(.edgeDeleted, id)
        append(locator, properties)
    }

    /// kind · entity · name · label or type · list of property names; of a type constraint also
    /// the types.
    mutating func schemaChanged(_ object: SchemaObject, isCreated: Bool) {
        let tag: ChangeOperation = isCreated ? .schemaCreated : .schemaDropped
        bytes.append(tag.rawValue)
        bytes.append(object.kind.rawValue)
        bytes.append(object.entity.rawValue)
        append(object.name)
        append(object.labelOrType)
        bytes.appendVarint(UInt64(object.properties.count))
        for property in object.properties { append(property.name) }
        if object.kind == .type { bytes.appendVarint(object.type?.bits ?? 0) }
    }

    mutating func renamed(
        _ kind: SymbolKind, _ number: UInt32, from before: String, to after: String
    ) {
        begin(.renamed, UInt64(kind.rawValue))
        bytes.appendVarint(UInt64(number))
        append(before)
        append(after)
    }

    mutating func bulkLoaded(nodes: UInt64, edges: UInt64) {
        begin(.bulkLoaded, nodes)
        bytes.appendVarint(edges)
    }

    /// Logged once a closure: the contents belong to another module.
    mutating func byteTableChanged(_ name: String) {
        guard loggedByteTables.insert(PropertyKey(name)).inserted else { return }
        bytes.append(ChangeOperation.byteTableChanged.rawValue)
        append(name)
    }

    private mutating func begin(_ operation: ChangeOperation, _ id: UInt64) {
        bytes.append(operation.rawValue)
        bytes.appendVarint(id)
    }

    private mutating func append(_ locator: EdgeLocator, _ properties: NumberedProperties) {
        bytes.appendVarint(UInt64(locator.type))
        bytes.appendVarint(locator.source)
        bytes.appendVarint(locator.target)
        append(properties)
    }

    private mutating func append(_ symbols: [UInt32]) {
        bytes.appendVarint(UInt64(symbols.count))
        for symbol in symbols { bytes.appendVarint(UInt64(symbol)) }
    }

    private mutating func append(_ properties: NumberedProperties) {
        bytes.appendVarint(UInt64(properties.count))
        for (key, value) in properties {
            bytes.appendVarint(UInt64(key))
            append(value)
        }
    }

    private mutating func append(_ value: PropertyValue?) {
        guard let value else { return bytes.appendVarint(0) }
        var encoded = ByteWriter()
        ValueCodec.encode(value, into: &encoded)
        bytes.appendVarint(UInt64(encoded.count))
        bytes.append(encoded.span)
    }

    private mutating func append(_ text: String) {
        bytes.appendVarint(UInt64(text.utf8.count))
        bytes.append(utf8: text)
    }
}

extension WriteTransaction {
    /// Stores the operations gathered so far as the next part of this closure's position.
    mutating func flushLogPart() throws {
        let position = state.counters.position + 1
        let part = state.log.partCount
        if part == 0 {
            // Token and time are fixed when the closure ends; room is left for them.
            var first = ByteWriter()
            first.append(1 as UInt8)
            first.appendLE64(0)
            first.appendLE64(0)
            first.append(state.log.bytes.span)
            try lmdb.put(tables.log, FixedKey.log(position, part).span, first.span)
        } else {
            let rest = state.log.bytes
            try lmdb.put(tables.log, FixedKey.log(position, part).span, rest.span)
        }
        state.log.beginNextPart()
    }

    /// Ends a closure that changed something: it gets the next position, and its log is complete.
    mutating func finishPosition(time: Int64, token: UInt64) throws {
        let position = state.counters.position + 1
        let time = max(time, state.counters.lastCommitTime)
        if state.log.partCount > 0, state.log.bytes.count > 0 { try flushLogPart() }
        var first = ByteWriter()
        first.append(1 as UInt8)
        first.appendLE64(token)
        first.appendLE64(UInt64(bitPattern: time))
        let key = FixedKey.log(position, 0)
        if state.log.partCount == 0 {
            first.append(state.log.bytes.span)
        } else {
            first.append(try operationsOfFirstPart(key))
        }
        try lmdb.put(tables.log, key.span, first.span)
        state.counters.position = position
        state.counters.lastCommitTime = time
        state.counters.lastToken = token
        try rememberMoment()
    }

    private func operationsOfFirstPart(_ key: FixedKey) throws -> [UInt8] {
        let view = view
        guard let stored = try view.bytes.get(tables.log, key.span) else { return [] }
        let header = ChangeLogBuffer.headerBytes
        return stored.bytes(at: header, count: stored.byteCount - header)
    }

    /// Drops the oldest positions beyond the retention, a bounded number at a time.
    mutating func trimLog(keeping retention: UInt64, atMost count: Int) throws {
        let position = state.counters.position
        var dropped = 0
        while position >= state.counters.firstLoggedPosition,
            position - state.counters.firstLoggedPosition >= retention, dropped < count
        {
            let oldest = state.counters.firstLoggedPosition
            var part: UInt32 = 0
            while try lmdb.delete(tables.log, FixedKey.log(oldest, part).span) { part += 1 }
            state.counters.firstLoggedPosition = oldest + 1
            dropped += 1
        }
    }
}
