internal import PropertyGraph

extension Value {
    /// `<`, `<=` and their like: negative, zero or positive; nil where the two cannot be compared.
    ///
    /// A NaN is compared by nobody here: `comparison(with:)` is asked only for numbers without.
    func comparison(with other: Value) -> Int? {
        switch (self, other) {
        case (.integer(let a), .integer(let b)): Self.order(a, b)
        case (.integer, .float), (.float, .integer), (.float, .float):
            Self.numbers(self, other)
        case (.string(let a), .string(let b)): Self.texts(a, b)
        case (.boolean(let a), .boolean(let b)): Self.order(a ? 1 : 0, b ? 1 : 0)
        case (.date(let a), .date(let b)): Self.order(a, b)
        case (.localTime(let a), .localTime(let b)): Self.order(a, b)
        case (.time(let a), .time(let b)): Self.order(a.instant, b.instant)
        case (.localDateTime(let a), .localDateTime(let b)): Self.order(a, b)
        case (.dateTime(let a), .dateTime(let b)):
            Self.moments(a, b)
        case (.list(let a), .list(let b)): Self.lists(a, b)
        default: nil
        }
    }

    private static func order<Element: Comparable>(_ a: Element, _ b: Element) -> Int {
        a < b ? -1 : a == b ? 0 : 1
    }

    private static func texts(_ a: String, _ b: String) -> Int {
        UTF8Order.equal(a, b) ? 0 : UTF8Order.precedes(a, b) ? -1 : 1
    }

    private static func moments(_ a: ZonedDateTime, _ b: ZonedDateTime) -> Int {
        let seconds = order(a.secondsSinceEpoch, b.secondsSinceEpoch)
        return seconds != 0 ? seconds : order(a.nanoseconds, b.nanoseconds)
    }

    /// Lexicographic; nil when a pair that decides cannot be compared.
    private static func lists(_ a: [Value], _ b: [Value]) -> Int? {
        for (left, right) in zip(a, b) {
            guard let order = left.comparison(with: right) else { return nil }
            if order != 0 { return order }
        }
        return order(a.count, b.count)
    }

    /// Numbers by value, exactly also where an integer has no float; nil with a NaN.
    private static func numbers(_ a: Value, _ b: Value) -> Int? {
        switch (a, b) {
        case (.float(let a), .float(let b)):
            return a.isNaN || b.isNaN ? nil : order(a, b)
        case (.integer(let a), .float(let b)):
            return integer(a, against: b)
        case (.float(let a), .integer(let b)):
            return integer(b, against: a).map { -$0 }
        default: return nil
        }
    }

    private static func integer(_ a: Int64, against b: Double) -> Int? {
        if b.isNaN { return nil }
        if b >= 0x1p63 { return -1 }
        if b < -0x1p63 { return 1 }
        let whole = b.rounded(.towardZero)
        let order = order(a, Int64(whole))
        if order != 0 { return order }
        return b > whole ? -1 : b < whole ? 1 : 0
    }

    /// Orderability, a total order over all values: what ORDER BY, `min` and `max` use.
    func order(against other: Value) -> Int {
        let rank = Self.order(self.rank, other.rank)
        if rank != 0 { return rank }
        switch (self, other) {
        case (.map(let a), .map(let b)): return Self.maps(a, b)
        case (.node(let a), .node(let b)): return Self.order(a, b)
        case (.relationship(let a), .relationship(let b)): return Self.order(a, b)
        case (.list(let a), .list(let b)):
            for (left, right) in zip(a, b) {
                let order = left.order(against: right)
                if order != 0 { return order }
            }
            return Self.order(a.count, b.count)
        case (.path(let a), .path(let b)): return Self.paths(a, b)
        case (.time(let a), .time(let b)):
            let instant = Self.order(a.instant, b.instant)
            return instant != 0 ? instant : Self.order(a.utcOffsetSeconds, b.utcOffsetSeconds)
        case (.dateTime(let a), .dateTime(let b)):
            let moment = Self.moments(a, b)
            if moment != 0 { return moment }
            let offset = Self.order(a.utcOffsetSeconds, b.utcOffsetSeconds)
            return offset != 0 ? offset : Self.texts(a.zoneName ?? "", b.zoneName ?? "")
        case (.duration(let a), .duration(let b)): return Self.durations(a, b)
        case (.point(let a), .point(let b)):
            let left = [Double(a.referenceSystem.rawValue), a.x, a.y, a.z]
            let right = [Double(b.referenceSystem.rawValue), b.x, b.y, b.z]
            return left.lexicographicallyPrecedes(right) ? -1 : left == right ? 0 : 1
        case (.bytes(let a), .bytes(let b)):
            return a.lexicographicallyPrecedes(b) ? -1 : a == b ? 0 : 1
        case (.vector(let a), .vector(let b)):
            if a.count != b.count { return Self.order(a.count, b.count) }
            return a.lexicographicallyPrecedes(b) ? -1 : a == b ? 0 : 1
        default: return comparison(with: other) ?? 0
        }
    }

    /// The place of a type in the order of all values: for those that are stored the order of
    /// indexes, which give rows in it.
    private var rank: Int {
        switch self {
        case .map: 0
        case .node: 1
        case .relationship: 2
        case .list: 3
        case .path: 4
        case .vector: 5
        case .point: 6
        case .dateTime: 7
        case .localDateTime: 8
        case .date: 9
        case .time: 10
        case .localTime: 11
        case .duration: 12
        case .bytes: 13
        case .string: 14
        case .boolean: 15
        case .integer: 16
        case .float(let value): value.isNaN ? 17 : 16
        case .null: 18
        }
    }

    /// By length on average, then by what they consist of.
    private static func durations(_ a: TemporalDuration, _ b: TemporalDuration) -> Int {
        for (left, right) in [
            (a.averageSeconds, b.averageSeconds), (Int128(a.nanoseconds), Int128(b.nanoseconds)),
            (Int128(a.months), Int128(b.months)), (Int128(a.days), Int128(b.days)),
        ] where left != right {
            return order(left, right)
        }
        return 0
    }

    private static func maps(_ a: ValueMap, _ b: ValueMap) -> Int {
        for (left, right) in zip(a.entries, b.entries) {
            let key = texts(left.key, right.key)
            if key != 0 { return key }
        }
        let count = order(a.entries.count, b.entries.count)
        if count != 0 { return count }
        for (left, right) in zip(a.entries, b.entries) {
            let value = left.value.order(against: right.value)
            if value != 0 { return value }
        }
        return 0
    }

    private static func paths(_ a: PathValue, _ b: PathValue) -> Int {
        for place in 0..<min(a.nodes.count, b.nodes.count) {
            let node = order(a.nodes[place], b.nodes[place])
            if node != 0 { return node }
            guard place < a.relationships.count, place < b.relationships.count else { break }
            let edge = order(a.relationships[place], b.relationships[place])
            if edge != 0 { return edge }
        }
        return order(a.nodes.count, b.nodes.count)
    }
}

extension ZonedTime {
    /// Nanoseconds since midnight in UTC; below zero or above a day where the offset says so.
    var instant: Int64 {
        localTime.nanosecondsSinceMidnight - Int64(utcOffsetSeconds) * 1_000_000_000
    }
}

extension TemporalDuration {
    /// How long it takes on average, in whole seconds: a month has 2,629,746.
    fileprivate var averageSeconds: Int128 {
        Int128(months) * 2_629_746 + Int128(days) * 86_400 + Int128(seconds)
    }
}
