import LMDB
import PropertyGraph
import Testing

@testable import GraphStore

private func encoding(_ value: PropertyValue) -> [UInt8] {
    written { OrderedKey.append(value, to: &$0) }
}

private func sign(_ number: Int) -> Int { number < 0 ? -1 : (number > 0 ? 1 : 0) }

private func order(_ lhs: [UInt8], _ rhs: [UInt8]) -> Int {
    sign(lhs.rawSpan.compare(rhs.rawSpan))
}

@Suite struct `Ordered keys` {
    /// Written by hand from the orderability of openCypher 9: the oracle of both implementations.
    static let ascending: [PropertyValue] = [
        .list([]), .list(["a"]), .list(["a", "a"]), .list(["b"]), .list([1]), .list([1, 2]),
        .list([2]), .vector([1]), .vector([0, 0]),
        .point(Point(.wgs84, x: 1, y: 9)), .point(Point(.wgs84, x: 2, y: -9)),
        .point(Point(.cartesian, x: 0, y: 0)),
        .zonedDateTime(
            ZonedDateTime(secondsSinceEpoch: -1, nanoseconds: 9, utcOffsetSeconds: 7_200)),
        .zonedDateTime(
            ZonedDateTime(secondsSinceEpoch: 0, nanoseconds: 0, utcOffsetSeconds: -3_600)),
        .zonedDateTime(
            ZonedDateTime(secondsSinceEpoch: 0, nanoseconds: 0, utcOffsetSeconds: 3_600)),
        .zonedDateTime(
            ZonedDateTime(
                secondsSinceEpoch: 0, nanoseconds: 0, utcOffsetSeconds: 3_600,
                zoneName: "Europe/Berlin")),
        .localDateTime(LocalDateTime(secondsSinceEpoch: -5, nanoseconds: 999_999_999)),
        .localDateTime(LocalDateTime(secondsSinceEpoch: 5, nanoseconds: 0)),
        .date(CalendarDate(daysSinceEpoch: -300)), .date(CalendarDate(daysSinceEpoch: -1)),
        .date(CalendarDate(daysSinceEpoch: 0)), .date(CalendarDate(daysSinceEpoch: 20_000)),
        // 11:00+02:00 is 09:00Z, before 10:00Z.
        .zonedTime(
            ZonedTime(
                localTime: LocalTime(nanosecondsSinceMidnight: 39_600_000_000_000),
                utcOffsetSeconds: 7_200)),
        .zonedTime(
            ZonedTime(
                localTime: LocalTime(nanosecondsSinceMidnight: 36_000_000_000_000),
                utcOffsetSeconds: 0)),
        .localTime(LocalTime(nanosecondsSinceMidnight: 0)),
        .localTime(LocalTime(nanosecondsSinceMidnight: 1)),
        .duration(TemporalDuration(months: -1, days: 0, seconds: 0, nanoseconds: 0)),
        .duration(TemporalDuration(months: 0, days: 30, seconds: 0, nanoseconds: 0)),
        .duration(TemporalDuration(months: 1, days: 0, seconds: 0, nanoseconds: 0)),
        .duration(TemporalDuration(months: 0, days: 31, seconds: 0, nanoseconds: 0)),
        .bytes([]), .bytes([0]), .bytes([0, 0]), .bytes([0, 1]), .bytes([1]), .bytes([255]),
        "", "\0", "\0\0", "\0a", "\u{1}", "a", "a\0", "a\0b", "a\u{1}", "aa", "b", "e\u{301}",
        "z", "é", "\u{FFFF}", "😀",
        false, true,
        .double(-.infinity), .double(-.greatestFiniteMagnitude), .double(-0x1.0000000000001p63),
        .integer(.min), .integer(.min + 1), .integer(-9_007_199_254_740_993),
        .double(-9_007_199_254_740_992), .integer(-256), .integer(-255), -1.5, -1, -0.5,
        .double(-.leastNonzeroMagnitude), 0, .double(.leastNonzeroMagnitude), 0.1, 0.7, 1,
        .double(1.0.nextUp), 1.5, 2, .integer(127), .integer(128),
        .double(9_007_199_254_740_991.0), .double(9_007_199_254_740_992),
        .integer(9_007_199_254_740_993), .double(9_007_199_254_740_994),
        .integer(9_007_199_254_740_995), .double(0x1.fffffffffffffp62),
        .integer(9_223_372_036_854_774_785), .integer(.max), .double(0x1p63), .double(1e300),
        .double(.infinity), .double(.nan),
    ]

    @Test func `bytes and comparison agree with the order written by hand`() {
        let keys = Self.ascending.map(encoding)
        for (index, value) in Self.ascending.enumerated() {
            for (other, otherValue) in Self.ascending.enumerated() {
                let expected = sign(index - other)
                expect(order(keys[index], keys[other]) == expected, "\(value) \(otherValue)")
                expect(OrderedKey.compare(value, otherValue) == expected, "\(value) \(otherValue)")
            }
        }
    }

    @Test func `bytes order as comparison does for awkward values`() {
        var random = SeededGenerator(seed: 12)
        let pairs = AwkwardValues.all.map { (value: $0, key: encoding($0)) }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }
        for (left, right) in zip(pairs, pairs.dropFirst()) {
            let expected = OrderedKey.compare(left.value, right.value)
            expect(order(left.key, right.key) == expected, "\(left.value) \(right.value)")
        }
        for _ in 0..<20_000 {
            let left = pairs[random.below(pairs.count)]
            let right = pairs[random.below(pairs.count)]
            let expected = OrderedKey.compare(left.value, right.value)
            expect(order(left.key, right.key) == expected, "\(left.value) \(right.value)")
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `bytes order as comparison does for random values`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var values: [PropertyValue] = []
        for _ in 0..<600 { values.append(.random(using: &random)) }
        let keys = values.map(encoding)
        for _ in 0..<6000 {
            let (left, right) = (random.below(values.count), random.below(values.count))
            expect(
                order(keys[left], keys[right]) == OrderedKey.compare(values[left], values[right]),
                "seed \(seed): \(values[left]) and \(values[right])")
        }
    }

    @Test(arguments: [1, 2] as [UInt64])
    func `integers and doubles near one another are told apart exactly`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<3000 {
            let integer = random.spreadSigned()
            var double = Double(integer)
            for _ in 0..<random.below(3) { double = double.nextUp }
            for _ in 0..<random.below(3) { double = double.nextDown }
            // Both fit 128 bits with the fraction of the double times 2^40.
            guard double.magnitude < 0x1p80, double.magnitude > 0x1p-40 || double == 0 else {
                continue
            }
            let exact = Int128(integer) << 40
            let scaled = Int128(double * 0x1p40)
            guard Double(scaled) == double * 0x1p40 else { continue }
            let expected = exact < scaled ? -1 : (exact > scaled ? 1 : 0)
            let keys = (encoding(.integer(integer)), encoding(.double(double)))
            expect(order(keys.0, keys.1) == expected, "seed \(seed): \(integer) \(double)")
            expect(OrderedKey.compare(.integer(integer), .double(double)) == expected)
        }
    }

    @Test func `equal numbers have one key`() {
        for integer in AwkwardValues.integers {
            guard let same = Double(exactly: integer) else { continue }
            expect(encoding(.integer(integer)) == encoding(.double(same)))
        }
        expect(encoding(0.0) == encoding(-0.0))
        expect(encoding(.double(.nan)) == encoding(.double(-.signalingNaN)))
    }

    @Test func `no encoding is a prefix of another`() {
        let keys = Set(AwkwardValues.all.map(encoding))
            .sorted { $0.lexicographicallyPrecedes($1) }
        for (key, next) in zip(keys, keys.dropFirst()) {
            expect(!next.starts(with: key), "\(key) \(next)")
        }
    }

    @Test(arguments: [4, 5] as [UInt64])
    func `composites order by their first difference`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var pool: [PropertyValue] = []
        for _ in 0..<12 { pool.append(.random(using: &random)) }
        for _ in 0..<1500 {
            let length = 1 + random.below(3)
            let left = (0..<length).map { _ in pool[random.below(pool.count)] }
            let right = (0..<length).map { _ in pool[random.below(pool.count)] }
            let expected =
                zip(left, right).lazy.map { OrderedKey.compare($0, $1) }.first { $0 != 0 } ?? 0
            let keys = (OrderedKey.encode(left), OrderedKey.encode(right))
            guard keys.0.isExact, keys.1.isExact else { continue }
            expect(order(keys.0.bytes, keys.1.bytes) == expected, "seed \(seed): \(left) \(right)")
        }
    }

    @Test(arguments: [6, 7] as [UInt64])
    func `equality and keys agree, but for NaN`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var values = AwkwardValues.others + [1, 1.0, 0.0, -0.0, .double(.nan)]
        for _ in 0..<60 { values.append(.random(using: &random)) }
        let keys = values.map(encoding)
        for (left, leftKey) in zip(values, keys) {
            let isSelfEqual = OrderedKey.equalInOpenCypher(left, left) == true
            for (right, rightKey) in zip(values, keys) {
                let sameKey = leftKey == rightKey
                let isEqual = OrderedKey.equalInOpenCypher(left, right) == true
                expect(isEqual == (sameKey && isSelfEqual), "\(left) \(right)")
            }
        }
        expect(OrderedKey.equalInOpenCypher(.double(.nan), .double(.nan)) == false)
        expect(OrderedKey.equalInOpenCypher([1], [1.0]) == true)
        expect(OrderedKey.equalInOpenCypher("é", "e\u{301}") == false)
    }

    @Test func `a comparable range holds the keys of comparable values and no others`() {
        let values = AwkwardValues.all
        let keys = values.map(encoding)
        // One value in seven as the bound: every type, each against all keys.
        for value in stride(from: 0, to: values.count, by: 7).map({ values[$0] }) {
            let range = OrderedKey.comparableRange(of: value)
            for (other, key) in zip(values, keys) {
                let isInside = order(range.lower, key) <= 0 && order(key, range.upper) < 0
                expect(isInside == areComparable(value, other), "\(value) \(other)")
            }
        }
    }

    private func areComparable(_ lhs: PropertyValue, _ rhs: PropertyValue) -> Bool {
        if let a = lhs.doubleValue, let b = rhs.doubleValue { return !a.isNaN && !b.isNaN }
        return lhs.typeName == rhs.typeName
    }
}

@Suite struct `Prefixes and cuts of ordered keys` {
    @Test(arguments: [8, 9] as [UInt64])
    func `a key has the prefix of a text exactly when its string starts with it`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<1500 {
            let text = String.random(using: &random)
            let start = String.random(using: &random)
            let prefix = String(start.unicodeScalars.prefix(random.below(3)))
            let key = OrderedKey.encode([7, .string(text)]).bytes
            let bound = OrderedKey.encodePrefix(ofString: prefix, after: [7])
            let startsWith = text.utf8.starts(with: prefix.utf8)
            expect(key.starts(with: bound) == startsWith, "seed \(seed): \(text) \(prefix)")
            expect(!startsWith || order(bound, key) <= 0)
        }
    }

    @Test func `keys up to the cut are whole and longer ones are cut to one length`() {
        for length in 380...410 {
            let key = OrderedKey.encode([.string(String(repeating: "k", count: length))])
            let whole = length + 3
            expect(key.isExact == (whole <= OrderedKey.cutLength))
            expect(key.bytes.count == (key.isExact ? whole : OrderedKey.maximumLength))
        }
        let zeros = OrderedKey.encode([.bytes([UInt8](repeating: 0, count: 300))])
        expect(!zeros.isExact && zeros.bytes.count == OrderedKey.maximumLength)
    }

    @Test(arguments: [10, 11] as [UInt64])
    func `cut keys keep the order of what was not cut and stand together`(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let stem = String(repeating: "s", count: 385)
        var values: [[PropertyValue]] = []
        for _ in 0..<70 {
            let tail = String(
                (0..<random.below(12)).map { _ in ["a", "b"][random.below(2)] }.joined())
            let behind = [PropertyValue.integer(Int64(random.below(3)))]
            values.append([.string(stem + tail)] + behind)
        }
        let keys = values.map { OrderedKey.encode($0) }
        for (left, leftValues) in zip(keys, values) {
            for (right, rightValues) in zip(keys, values) {
                let expected =
                    zip(leftValues, rightValues).lazy.map { OrderedKey.compare($0, $1) }
                    .first { $0 != 0 } ?? 0
                let shared = left.bytes.prefix(OrderedKey.cutLength)
                if shared == right.bytes.prefix(OrderedKey.cutLength), expected != 0 {
                    // Only cut keys can share so much, and they still differ.
                    expect(!left.isExact && !right.isExact && left.bytes != right.bytes)
                } else {
                    expect(order(left.bytes, right.bytes) == expected, "seed \(seed)")
                }
            }
        }
    }

    @Test func `a long prefix finds the cut keys of the strings that start with it`() {
        let prefix = String(repeating: "é", count: 250)
        let bound = OrderedKey.encodePrefix(ofString: prefix, after: [])
        expect(bound.count == OrderedKey.cutLength)
        for tail in ["", "a", "\0", "é", String(repeating: "z", count: 500)] {
            let key = OrderedKey.encode([.string(prefix + tail)])
            expect(!key.isExact && key.bytes.starts(with: bound))
        }
    }
}
