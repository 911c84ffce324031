extension CSRColumn {
    /// What a text must satisfy; bytes are compared, letters are not folded.
    public enum TextTest: Hashable, Sendable {
        /// It is this text.
        case equals(String)
        /// It begins with this text.
        case startsWith(String)
        /// It contains this text.
        case contains(String)
    }

    /// The rows with this text, compared by bytes; none for columns of other types.
    ///
    /// - Complexity: O(rows).
    public func rows(equalTo text: String) -> [Int] { rows(where: .equals(text)) }

    /// The rows whose text passes a test, ascending; none for columns of other types.
    ///
    /// - Complexity: O(rows), and for `contains` O(bytes), eight at a time. Of texts in a
    ///   dictionary each is looked at once.
    public func rows(where test: TextTest) -> [Int] {
        var rows: [Int] = []
        forEachRow(where: test) { rows.append($0) }
        return rows
    }

    /// How many texts pass a test.
    ///
    /// - Complexity: As `rows(where:)`.
    public func count(where test: TextTest) -> Int {
        var count = 0
        forEachRow(where: test) { _ in count &+= 1 }
        return count
    }

    private func forEachRow(where test: TextTest, _ body: (Int) -> Void) {
        switch values {
        case .strings(let offsets, let bytes):
            let texts = TextRows(offsets: offsets.span, bytes: bytes.bytes)
            let isWhole = presence == nil
            texts.forEachRow(where: test) { if isWhole || isPresent($0) { body($0) } }
        case .dictionary(let codes, let offsets, let bytes):
            let texts = TextRows(offsets: offsets.span, bytes: bytes.bytes)
            var passes = [Bool](repeating: false, count: texts.count)
            var isAny = false
            texts.forEachRow(where: test) {
                passes[$0] = true
                isAny = true
            }
            guard isAny else { return }
            let codes = codes.span
            let passing = passes.span
            forEachPresent { if passing[Int(codes[$0])] { body($0) } }
        case .integers, .doubles, .booleans: break
        }
    }

    /// The same column with each distinct text once; itself when texts hardly repeat or it holds
    /// other values.
    ///
    /// - Complexity: O(rows + bytes); less where texts turn out not to repeat.
    public func dictionaryEncoded() -> CSRColumn {
        guard case .strings(let offsets, let bytes) = values else { return self }
        let texts = TextRows(offsets: offsets.span, bytes: bytes.bytes)
        // Below eight rows a text the codes cost more than they save.
        let limit = texts.count / 8
        var counter = RowCounter()
        var isWorthIt = true
        let codes = CSRBuffer<UInt32>(count: texts.count) { codes in
            for row in codes.indices where isPresent(row) {
                let code = counter.add(row, texts.hash(row)) { texts.areEqual($0, $1) }
                guard code < limit else {
                    isWorthIt = false
                    return
                }
                codes[row] = UInt32(truncatingIfNeeded: code)
            }
        }
        guard isWorthIt, !counter.groups.isEmpty else { return self }
        var distinct: [UInt8] = []
        var starts: [UInt64] = [0]
        for group in counter.groups {
            for place in texts.range(group.row) { distinct.append(bytes[place]) }
            starts.append(UInt64(distinct.count))
        }
        return CSRColumn(
            .dictionary(codes: codes, offsets: CSRBuffer(starts), bytes: CSRBuffer(distinct)),
            presence: presence, isExact: isExact)
    }
}

extension TextRows {
    /// How many rows there are.
    var count: Int { max(offsets.count &- 1, 0) }

    /// Calls `body` with the rows that pass a test, ascending.
    @inline(__always)
    func forEachRow(where test: CSRColumn.TextTest, _ body: (Int) -> Void) {
        switch test {
        case .equals(let text):
            let wanted = CSRBuffer(Array(text.utf8))
            for row in 0..<count where equals(row, wanted.bytes) { body(row) }
        case .startsWith(let text):
            let wanted = CSRBuffer(Array(text.utf8))
            for row in 0..<count where starts(row, with: wanted.bytes) { body(row) }
        case .contains(let text):
            let wanted = CSRBuffer(Array(text.utf8))
            if wanted.count == 0 {
                for row in 0..<count { body(row) }
            } else {
                forEachRow(containing: wanted.bytes, body)
            }
        }
    }

    /// Searches the bytes of all rows as one text, and finds the row of each hit.
    @inline(__always)
    private func forEachRow(containing wanted: RawSpan, _ body: (Int) -> Void) {
        var (row, place) = (0, 0)
        while let hit = bytes.firstPlace(of: wanted, from: place) {
            row = self.row(at: hit, from: row)
            guard row < count else { return }
            let range = range(row)
            // Across the end of a row it is no hit.
            if hit >= range.lowerBound, hit &+ wanted.byteCount <= range.upperBound {
                body(row)
                place = range.upperBound
                row &+= 1
            } else {
                place = hit &+ 1
            }
        }
    }

    /// The first row at or after another that ends behind a byte.
    private func row(at place: Int, from first: Int) -> Int {
        // In steps that double, then by halves: hits are near one another.
        var (low, step) = (first, 1)
        while low &+ step < count, range(low &+ step).upperBound <= place {
            low &+= step
            step &*= 2
        }
        var high = min(low &+ step, count)
        while low < high {
            let middle = (low &+ high) / 2
            if range(middle).upperBound <= place { low = middle &+ 1 } else { high = middle }
        }
        return low
    }
}
