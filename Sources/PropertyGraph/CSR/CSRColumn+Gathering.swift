extension CSRColumn {
    /// The column whose row `i` is this column's row `rows[i]`.
    ///
    /// Rows may be repeated or left out. An index beyond the column is a programmer error.
    ///
    /// - Complexity: O(rows), and for texts the bytes copied.
    public func gathered(by rows: CSRBuffer<UInt32>) -> CSRColumn { gathered(by: rows) {} }

    /// As `gathered(by:)`, asking every few milliseconds whether to go on.
    func gathered<Failure: Error>(
        by rows: CSRBuffer<UInt32>, asking ask: () throws(Failure) -> Void
    ) throws(Failure) -> CSRColumn {
        let rows = rows.span
        let gathered: Values =
            switch values {
            case .integers(let buffer):
                .integers(try CSRBuffer(gathering: buffer.span, by: rows, asking: ask))
            case .doubles(let buffer):
                .doubles(try CSRBuffer(gathering: buffer.span, by: rows, asking: ask))
            case .booleans(let buffer):
                .booleans(try CSRBuffer(gathering: buffer.span, by: rows, asking: ask))
            case .strings(let offsets, let bytes):
                try Self.gatherStrings(offsets, bytes, rows, ask)
            case .dictionary(let codes, let offsets, let bytes):
                .dictionary(
                    codes: try CSRBuffer(gathering: codes.span, by: rows, asking: ask),
                    offsets: offsets, bytes: bytes)
            }
        var present: CSRBuffer<UInt64>?
        if let presence { present = try Self.gatherBits(presence, rows, ask) }
        return CSRColumn(gathered, presence: present, isExact: isExact)
    }

    private static func gatherStrings<Failure: Error>(
        _ offsets: CSRBuffer<UInt64>, _ bytes: CSRBuffer<UInt8>, _ rows: Span<UInt32>,
        _ ask: () throws(Failure) -> Void
    ) throws(Failure) -> Values {
        let oldOffsets = offsets.span
        let oldBytes = bytes.span
        let newOffsets = try CSRBuffer<UInt64>(count: rows.count + 1) { (span) throws(Failure) in
            var end: UInt64 = 0
            for stretch in BuildWatch.stretches(rows.count) {
                try ask()
                for row in stretch {
                    let old = Int(rows[row])
                    end &+= oldOffsets[old + 1] &- oldOffsets[old]
                    span[row + 1] = end
                }
            }
        }
        let size = Int(clamping: newOffsets[rows.count])
        let newBytes = try CSRBuffer<UInt8>(count: size) { (span) throws(Failure) in
            var position = 0
            for stretch in BuildWatch.stretches(rows.count) {
                try ask()
                for row in stretch {
                    let old = Int(rows[row])
                    let text =
                        Int(clamping: oldOffsets[old])..<Int(clamping: oldOffsets[old + 1])
                    span.copy(oldBytes.extracting(text), at: position)
                    position += text.count
                }
            }
        }
        return .strings(offsets: newOffsets, bytes: newBytes)
    }

    private static func gatherBits<Failure: Error>(
        _ words: CSRBuffer<UInt64>, _ rows: Span<UInt32>, _ ask: () throws(Failure) -> Void
    ) throws(Failure) -> CSRBuffer<UInt64> {
        let old = words.span
        return try CSRBuffer(count: (rows.count + 63) / 64) { (span) throws(Failure) in
            for stretch in BuildWatch.stretches(rows.count) {
                try ask()
                for row in stretch {
                    let source = Int(rows[row])
                    span[row >> 6] |=
                        (old[source >> 6] >> UInt64(source & 63) & 1) << UInt64(row & 63)
                }
            }
        }
    }
}

extension CSRBuffer {
    /// The column whose row `i` is row `rows[i]` of another.
    init<Failure: Error>(
        gathering old: Span<Element>, by rows: Span<UInt32>, asking ask: () throws(Failure) -> Void
    ) throws(Failure) {
        try self.init(count: rows.count) { (span) throws(Failure) in
            for stretch in BuildWatch.stretches(rows.count) {
                try ask()
                for row in stretch { span[row] = old[Int(rows[row])] }
            }
        }
    }
}
