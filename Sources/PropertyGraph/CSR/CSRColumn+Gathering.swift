extension CSRColumn {
    /// The column whose row `i` is this column's row `rows[i]`.
    ///
    /// Rows may be repeated or left out. An index beyond the column is a programmer error.
    ///
    /// - Complexity: O(rows), and for texts the bytes copied.
    public func gathered(by rows: CSRBuffer<UInt32>) -> CSRColumn {
        let rows = rows.span
        let gathered: Values =
            switch values {
            case .integers(let buffer): .integers(Self.gather(buffer, rows))
            case .doubles(let buffer): .doubles(Self.gather(buffer, rows))
            case .booleans(let buffer): .booleans(Self.gather(buffer, rows))
            case .strings(let offsets, let bytes): Self.gatherStrings(offsets, bytes, rows)
            case .dictionary(let codes, let offsets, let bytes):
                .dictionary(codes: Self.gather(codes, rows), offsets: offsets, bytes: bytes)
            }
        return CSRColumn(
            gathered, presence: presence.map { Self.gatherBits($0, rows) }, isExact: isExact)
    }

    private static func gather<Element>(
        _ buffer: CSRBuffer<Element>, _ rows: Span<UInt32>
    ) -> CSRBuffer<Element> {
        let old = buffer.span
        return CSRBuffer(count: rows.count) { span in
            for row in rows.indices { span[row] = old[Int(rows[row])] }
        }
    }

    private static func gatherStrings(
        _ offsets: CSRBuffer<UInt64>, _ bytes: CSRBuffer<UInt8>, _ rows: Span<UInt32>
    ) -> Values {
        let oldOffsets = offsets.span
        let oldBytes = bytes.span
        let newOffsets = CSRBuffer<UInt64>(count: rows.count + 1) { span in
            var end: UInt64 = 0
            for row in rows.indices {
                let old = Int(rows[row])
                end &+= oldOffsets[old + 1] &- oldOffsets[old]
                span[row + 1] = end
            }
        }
        let newBytes = CSRBuffer<UInt8>(count: Int(clamping: newOffsets[rows.count])) { span in
            var position = 0
            for row in rows.indices {
                let old = Int(rows[row])
                for byte in Int(clamping: oldOffsets[old])..<Int(clamping: oldOffsets[old + 1]) {
                    span[position] = oldBytes[byte]
                    position += 1
                }
            }
        }
        return .strings(offsets: newOffsets, bytes: newBytes)
    }

    private static func gatherBits(
        _ words: CSRBuffer<UInt64>, _ rows: Span<UInt32>
    ) -> CSRBuffer<UInt64> {
        let old = words.span
        return CSRBuffer(count: (rows.count + 63) / 64) { span in
            for row in rows.indices {
                let source = Int(rows[row])
                span[row >> 6] |= (old[source >> 6] >> UInt64(source & 63) & 1) << UInt64(row & 63)
            }
        }
    }
}
