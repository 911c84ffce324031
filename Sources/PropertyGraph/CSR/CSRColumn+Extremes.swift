extension CSRColumn {
    /// The rows with the largest numbers among some rows, the largest first.
    ///
    /// Of equal numbers the lower row comes first. Rows without a number, or with NaN, are left out;
    /// so are all of a column of another type.
    ///
    /// - Parameters:
    ///   - limit: At most so many.
    ///   - rows: Where to look, each row once; a row beyond the column is a programmer error.
    /// - Complexity: O(rows + limit × the times a row displaces another), at worst O(rows × limit).
    public func largest(_ limit: Int, among rows: [UInt32]) -> [UInt32] {
        extremes(limit, rows, isDescending: true)
    }

    /// The rows with the smallest numbers among some rows, the smallest first; else as `largest`.
    public func smallest(_ limit: Int, among rows: [UInt32]) -> [UInt32] {
        extremes(limit, rows, isDescending: false)
    }

    private func extremes(_ limit: Int, _ rows: [UInt32], isDescending: Bool) -> [UInt32] {
        switch values {
        case .integers(let buffer):
            let span = buffer.span
            return isDescending
                ? extremes(limit, rows, { span[$0] }) { $0 > $1 }
                : extremes(limit, rows, { span[$0] }) { $0 < $1 }
        case .doubles(let buffer):
            let span = buffer.span
            return isDescending
                ? extremes(limit, rows, { span[$0].isNaN ? nil : span[$0] }) { $0 > $1 }
                : extremes(limit, rows, { span[$0].isNaN ? nil : span[$0] }) { $0 < $1 }
        case .booleans, .strings, .dictionary: return []
        }
    }

    @inline(__always)
    private func extremes<Number: Comparable>(
        _ limit: Int, _ rows: [UInt32], _ number: (Int) -> Number?,
        _ precedes: (Number, Number) -> Bool
    ) -> [UInt32] {
        guard limit > 0 else { return [] }
        var best: [(number: Number, row: UInt32)] = []
        best.reserveCapacity(min(limit, rows.count))
        for row in rows {
            guard isPresent(Int(row)), let value = number(Int(row)) else { continue }
            func isBehind(_ other: (number: Number, row: UInt32)) -> Bool {
                precedes(value, other.number) || (value == other.number && row < other.row)
            }
            if best.count == limit {
                guard let last = best.last, isBehind(last) else { continue }
                best.removeLast()
            }
            var place = best.count
            while place > 0, isBehind(best[place - 1]) { place -= 1 }
            best.insert((value, row), at: place)
        }
        return best.map { $0.row }
    }
}
