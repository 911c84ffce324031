import PropertyGraph
import TestSupport
import Testing

@Suite struct `Asking a column` {
    private static let words = [
        "", "a", "ab", "abc", "abcabc", "aabcaab", "heat over", "caf\u{E9}", "cafe\u{301}",
        "a rather long text about recursion", "recursion",
    ]

    /// Texts that repeat, some absent; as they are, and with each once.
    private static func texts(_ seed: UInt64) -> (rows: [String?], columns: [CSRColumn]) {
        var random = TestRandom(seed: seed)
        let rows = (0..<(100 + random.below(300))).map { _ in
            random.percent(seed % 2 == 0 ? 80 : 100) ? random.pick(words) : nil
        }
        let plain = CSRColumn(strings: rows)
        return (rows, [plain, plain.dictionaryEncoded()])
    }

    private static func contains(_ text: String, _ part: String) -> Bool {
        let (text, part) = (Array(text.utf8), Array(part.utf8))
        guard text.count >= part.count else { return false }
        return (0...(text.count - part.count)).contains {
            Array(text[$0..<($0 + part.count)]) == part
        }
    }

    @Test(arguments: UInt64(0)..<12)
    func `answers the same with each text once`(seed: UInt64) {
        let (rows, columns) = Self.texts(seed)
        if case .dictionary = columns[1].values {} else { Issue.record("texts were not shared") }
        #expect(columns[0].groups() == columns[1].groups())
        for column in columns {
            #expect(column.count == rows.count)
            for (row, text) in rows.enumerated() { #expect(column.string(at: row) == text) }
            for part in Self.words + ["bca", "n", "zz", "e over h", "\u{301}"] {
                let tests: [(CSRColumn.TextTest, (String) -> Bool)] = [
                    (.contains(part), { Self.contains($0, part) }),
                    (.startsWith(part), { Array($0.utf8).starts(with: Array(part.utf8)) }),
                    (.equals(part), { Array($0.utf8) == Array(part.utf8) }),
                ]
                for (test, passes) in tests {
                    let expected = rows.indices.filter { rows[$0].map(passes) ?? false }
                    #expect(column.rows(where: test) == expected, "\(test)")
                    #expect(column.count(where: test) == expected.count)
                }
            }
            let picked = CSRBuffer<UInt32>((0..<rows.count).reversed().map { UInt32($0) })
            let gathered = column.gathered(by: picked)
            for row in rows.indices {
                #expect(gathered.string(at: row) == rows[rows.count - 1 - row])
            }
            let counts = gathered.groups().map(\.count).sorted()
            #expect(counts == columns[0].groups().map(\.count).sorted())
        }
    }

    @Test func `leaves texts alone that hardly repeat`() {
        let column = CSRColumn(strings: (0..<100).map { "text \($0 / 2)" })
        if case .strings = column.dictionaryEncoded().values {} else { Issue.record("shared") }
        let absent = CSRColumn(strings: [nil, nil]).dictionaryEncoded()
        #expect(absent.groups().map(\.count) == [2])
        #expect(CSRColumn(integers: [1, 1]).dictionaryEncoded().integer(at: 1) == 1)
        #expect(CSRColumn(strings: []).dictionaryEncoded().groups().isEmpty)
    }

    @Test func `finds nothing across the ends of rows`() {
        let column = CSRColumn(strings: ["needle in", " a hay", "", "stack", "haystack"])
        #expect(column.rows(where: .contains("haystack")) == [4])
        #expect(column.rows(where: .contains("in a")) == [])
        #expect(column.rows(where: .contains("")) == [0, 1, 2, 3, 4])
        #expect(column.rows(where: .contains("needle in a haystack and far more")) == [])
        #expect(CSRColumn(integers: [1]).rows(where: .contains("")) == [])
    }

    @Test(arguments: UInt64(0)..<20)
    func `gives the largest and smallest as sorting does`(seed: UInt64) {
        var random = TestRandom(seed: seed)
        let integers = (0..<60).map { _ in
            random.percent(80) ? Int64(random.below(12)) - 6 : nil
        }
        let doubles: [Double?] = integers.map { value in
            guard let value else { return nil }
            return value == 3 ? .nan : Double(value) / 2
        }
        let rows = (0..<60).filter { _ in random.percent(70) }.map { UInt32($0) }.reversed()
        for column in [CSRColumn(integers: integers), CSRColumn(doubles: doubles)] {
            let numbers = rows.compactMap { row -> (row: UInt32, number: Double)? in
                guard let number = column.double(at: Int(row)), !number.isNaN else { return nil }
                return (row, number)
            }
            let ascending = numbers.sorted { ($0.number, $0.row) < ($1.number, $1.row) }
            let descending = numbers.sorted { (-$0.number, $0.row) < (-$1.number, $1.row) }
            for limit in [0, 1, 10, 100] {
                #expect(
                    column.smallest(limit, among: Array(rows))
                        == ascending.prefix(limit).map(\.row))
                #expect(
                    column.largest(limit, among: Array(rows))
                        == descending.prefix(limit).map(\.row))
            }
        }
        #expect(CSRColumn(strings: ["a"]).largest(1, among: [0]) == [])
    }
}

@Suite struct `Memory of columns` {
    private static func filled(_ value: UInt64, count: Int = 600_000) -> CSRBuffer<UInt64> {
        CSRBuffer(count: count) { span in for index in span.indices { span[index] = value } }
    }

    private static func place(_ buffer: CSRBuffer<UInt64>) -> UInt {
        unsafe buffer.bytes.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) }
    }

    @Test func `is used again when nobody else holds it`() {
        var old: CSRBuffer<UInt64>? = Self.filled(1)
        let place = old.map(Self.place)
        let new = CSRBuffer<UInt64>(count: 601_000, recycling: &old) { span in
            for index in span.indices { span[index] = 2 }
        }
        #expect(old == nil && Self.place(new) == place)
        #expect(new.count == 601_000 && new[0] == 2 && new[600_999] == 2)
    }

    @Test func `is left alone while somebody holds it`() {
        let held = Self.filled(1)
        var old: CSRBuffer<UInt64>? = held
        let new = CSRBuffer<UInt64>(count: 600_000, recycling: &old) { span in
            for index in span.indices { span[index] = 2 }
        }
        #expect(old == nil && Self.place(new) != Self.place(held))
        #expect(held[0] == 1 && held[599_999] == 1 && new[0] == 2)
    }

    @Test(arguments: [10, 100_000, 2_000_000])
    func `is given back when it is far too large or too small`(count: Int) {
        var old: CSRBuffer<UInt64>? = Self.filled(1)
        let new = CSRBuffer<UInt64>(count: count, recycling: &old) { span in
            for index in span.indices { span[index] = 2 }
        }
        #expect(old == nil && new.count == count && new[count - 1] == 2)
    }
}
