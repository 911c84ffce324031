internal import LMDB
internal import PropertyGraph

/// Writes records; `Record.swift` draws them.
enum RecordEncoder {
    /// A value whose storage form is longer, in bytes, goes to the blob table. Only strings,
    /// bytes, lists and vectors can be.
    static let inlineLimit = 512

    /// Appends a record and hands out the storage forms of the values that are too long for it.
    ///
    /// - Precondition: labels and property ids ascend without repetition.
    static func encode(
        labels: [UInt32], since: UInt64?, properties: [(key: UInt32, value: PropertyValue)],
        into writer: inout ByteWriter, spilled: inout [(key: UInt32, bytes: [UInt8])]
    ) {
        var end: UInt64 = 0
        for property in properties {
            end &+= UInt64(inlineSize(ValueCodec.encodedSize(property.value)))
        }
        let lastKey = properties.last?.key ?? 0
        appendHead(
            labels: labels, since: since, keyCount: properties.count, lastKey: lastKey, end: end,
            into: &writer)
        let keyCode = RecordWidths.code(for: UInt64(lastKey))
        for property in properties { append(UInt64(property.key), keyCode, into: &writer) }
        // The ends are known as the values are written: leave room for them.
        let endCode = RecordWidths.code(for: end)
        let endsStart = writer.count
        for _ in properties { append(0, endCode, into: &writer) }
        let valuesStart = writer.count
        for (index, property) in properties.enumerated() {
            append(property.value, of: property.key, into: &writer, spilled: &spilled)
            let end = writer.count &- valuesStart
            switch endCode {
            case 0: writer.overwrite(UInt8(truncatingIfNeeded: end), at: endsStart &+ index)
            case 1:
                writer.overwriteLE16(UInt16(truncatingIfNeeded: end), at: endsStart &+ index &* 2)
            default:
                writer.overwriteLE32(UInt32(truncatingIfNeeded: end), at: endsStart &+ index &* 4)
            }
        }
    }

    /// Appends a record that differs from an old one: other labels, another position, and some
    /// properties set or (with nil) removed. What stays is copied without being decoded. A
    /// spilled value that is set anew or removed must leave the blob table, which is the
    /// caller's to do.
    ///
    /// - Precondition: labels and the ids of the changes ascend without repetition.
    /// - Returns: false, with nothing appended, when the old record is damaged.
    static func encode(
        changing old: borrowing RecordView, labels: [UInt32]? = nil, since: UInt64?,
        changes: [(key: UInt32, value: PropertyValue?)],
        into writer: inout ByteWriter, spilled: inout [(key: UInt32, bytes: [UInt8])]
    ) -> Bool {
        guard let pieces = merge(old, changes) else { return false }
        var kept: [UInt32] = []
        if labels == nil {
            for index in 0..<old.labelCount { kept.append(old.label(at: index)) }
        }
        let labels = labels ?? kept
        var end: UInt64 = 0
        for piece in pieces { end &+= UInt64(piece.size) }
        let lastKey = pieces.last?.key ?? 0
        appendHead(
            labels: labels, since: since, keyCount: pieces.count, lastKey: lastKey, end: end,
            into: &writer)
        let keyCode = RecordWidths.code(for: UInt64(lastKey))
        for piece in pieces { append(UInt64(piece.key), keyCode, into: &writer) }
        let endCode = RecordWidths.code(for: end)
        var sum: UInt64 = 0
        for piece in pieces {
            sum &+= UInt64(piece.size)
            append(sum, endCode, into: &writer)
        }
        for piece in pieces {
            switch piece.source {
            case .old(let range): writer.append(old.bytes.extracting(range))
            case .new(let value):
                append(value, of: piece.key, into: &writer, spilled: &spilled)
            }
        }
        return true
    }

    /// A property of a changed record: where its value comes from, and its size in the record.
    private struct Piece {
        enum Source {
            case old(Range<Int>)
            case new(PropertyValue)
        }

        let key: UInt32
        let source: Source
        let size: Int

        init(_ key: UInt32, _ value: PropertyValue) {
            self.key = key
            source = .new(value)
            size = inlineSize(ValueCodec.encodedSize(value))
        }

        init(_ key: UInt32, _ range: Range<Int>) {
            self.key = key
            source = .old(range)
            size = range.count
        }
    }

    private static func merge(
        _ old: borrowing RecordView, _ changes: [(key: UInt32, value: PropertyValue?)]
    ) -> [Piece]? {
        var pieces: [Piece] = []
        pieces.reserveCapacity(old.propertyCount + changes.count)
        var next = 0
        for index in 0..<old.propertyCount {
            let key = old.key(at: index)
            while next < changes.count, changes[next].key < key {
                if let value = changes[next].value {
                    pieces.append(Piece(changes[next].key, value))
                }
                next += 1
            }
            if next < changes.count, changes[next].key == key {
                if let value = changes[next].value { pieces.append(Piece(key, value)) }
                next += 1
                continue
            }
            guard let range = old.valueRange(at: index) else { return nil }
            pieces.append(Piece(key, range))
        }
        for change in changes[next...] {
            if let value = change.value { pieces.append(Piece(change.key, value)) }
        }
        return pieces
    }

    private static func appendHead(
        labels: [UInt32], since: UInt64?, keyCount: Int, lastKey: UInt32, end: UInt64,
        into writer: inout ByteWriter
    ) {
        let labelCode = RecordWidths.code(for: UInt64(labels.last ?? 0))
        var flags = labelCode | RecordWidths.code(for: UInt64(lastKey)) &<< 2
        flags |= RecordWidths.code(for: end) &<< 4
        if since != nil { flags |= RecordWidths.sinceFlag }
        writer.append(flags)
        writer.appendVarint(UInt64(labels.count))
        writer.appendVarint(UInt64(keyCount))
        if let since { writer.appendVarint(since) }
        for label in labels { append(UInt64(label), labelCode, into: &writer) }
    }

    private static func append(
        _ value: PropertyValue, of key: UInt32, into writer: inout ByteWriter,
        spilled: inout [(key: UInt32, bytes: [UInt8])]
    ) {
        let start = writer.count
        ValueCodec.encode(value, into: &writer)
        let size = writer.count - start
        guard size > inlineLimit else { return }
        let bytes = writer.span.bytes(at: start, count: size)
        spilled.append((key, bytes))
        writer.truncate(to: start)
        writer.append(ValueCodec.Tag.spilled)
        writer.append(bytes[0])
        writer.appendVarint(UInt64(size))
    }

    /// The bytes a value takes in its record.
    private static func inlineSize(_ size: Int) -> Int {
        size > inlineLimit ? 2 + varintSize(UInt64(size)) : size
    }

    @inline(__always)
    private static func append(_ number: UInt64, _ code: UInt8, into writer: inout ByteWriter) {
        switch code {
        case 0: writer.append(UInt8(truncatingIfNeeded: number))
        case 1: writer.appendLE16(UInt16(truncatingIfNeeded: number))
        default: writer.appendLE32(UInt32(truncatingIfNeeded: number))
        }
    }
}
