internal import PropertyGraph

extension OrderedKey {
    /// Compares two values in openCypher's orderability: negative, zero or positive.
    ///
    /// It is the order of the encodings, computed on the values: list < vector < point <
    /// datetime < localdatetime < date < time < localtime < duration < bytes < string < boolean <
    /// number < NaN. Zero for 1 and 1.0, for 0.0 and -0.0, and for two NaN.
    ///
    /// - Complexity: O(length of the shorter value).
    static func compare(_ lhs: PropertyValue, _ rhs: PropertyValue) -> Int {
        switch (lhs, rhs) {
        case (.integer(let a), .integer(let b)): return order(a, b)
        case (.double(let a), .double(let b)): return compareNumbers(a, b)
        case (.integer(let a), .double(let b)): return compareNumbers(a, b)
        case (.double(let a), .integer(let b)): return -compareNumbers(b, a)
        case (.string(let a), .string(let b)): return compareText(a, b)
        case (.boolean(let a), .boolean(let b)): return order(a ? 1 : 0, b ? 1 : 0)
        case (.bytes(let a), .bytes(let b)): return lexicographic(a, b) { order($0, $1) }
        case (.list(let a), .list(let b)): return lexicographic(a, b) { compare($0, $1) }
        case (.vector(let a), .vector(let b)):
            if a.count != b.count { return order(a.count, b.count) }
            return lexicographic(a, b) { compareNumbers(Double($0), Double($1)) }
        case (.point(let a), .point(let b)):
            return order(a.referenceSystem.rawValue, b.referenceSystem.rawValue)
                .then(compareNumbers(a.x, b.x)).then(compareNumbers(a.y, b.y))
                .then(compareNumbers(a.z, b.z))
        default: return compareTemporals(lhs, rhs)
        }
    }

    private static func compareTemporals(_ lhs: PropertyValue, _ rhs: PropertyValue) -> Int {
        switch (lhs, rhs) {
        case (.date(let a), .date(let b)): order(a, b)
        case (.localTime(let a), .localTime(let b)): order(a, b)
        case (.localDateTime(let a), .localDateTime(let b)): order(a, b)
        case (.zonedTime(let a), .zonedTime(let b)):
            order(a.instant, b.instant).then(order(a.utcOffsetSeconds, b.utcOffsetSeconds))
        case (.zonedDateTime(let a), .zonedDateTime(let b)):
            order(a.secondsSinceEpoch, b.secondsSinceEpoch)
                .then(order(a.nanoseconds, b.nanoseconds))
                .then(order(a.utcOffsetSeconds, b.utcOffsetSeconds))
                .then(compareZones(a.zoneName, b.zoneName))
        case (.duration(let a), .duration(let b)):
            order(a.averageSeconds, b.averageSeconds).then(order(a.nanoseconds, b.nanoseconds))
                .then(order(a.months, b.months)).then(order(a.days, b.days))
        default: order(tag(of: lhs), tag(of: rhs))
        }
    }

    /// openCypher's `=` on values that are not null.
    ///
    /// 1 = 1.0 and 0.0 = -0.0; NaN equals nothing, itself included, nor does a list, vector or
    /// point that holds one. Lists are equal element by element; values of different types are
    /// not equal; text is equal when its bytes are. Moments are equal when instant, offset and
    /// zone are. Never nil: among values there is no null whose comparison would be unknown.
    static func equalInOpenCypher(_ lhs: PropertyValue, _ rhs: PropertyValue) -> Bool? {
        switch (lhs, rhs) {
        case (.double(let a), .double(let b)): a == b
        case (.list(let a), .list(let b)):
            a.count == b.count && zip(a, b).allSatisfy { equalInOpenCypher($0, $1) == true }
        case (.vector(let a), .vector(let b)): a == b
        case (.point(let a), .point(let b)):
            a.referenceSystem == b.referenceSystem && a.x == b.x && a.y == b.y && a.z == b.z
        case (.integer, .double(let number)), (.double(let number), .integer):
            !number.isNaN && compare(lhs, rhs) == 0
        default: compare(lhs, rhs) == 0
        }
    }

    private static func order<T: Comparable>(_ lhs: T, _ rhs: T) -> Int {
        lhs < rhs ? -1 : (rhs < lhs ? 1 : 0)
    }

    private static func compareNumbers(_ lhs: Double, _ rhs: Double) -> Int {
        if lhs.isNaN || rhs.isNaN { return order(lhs.isNaN ? 1 : 0, rhs.isNaN ? 1 : 0) }
        return order(lhs, rhs)
    }

    /// Exact, also where the integer has no double: the double is taken apart instead.
    private static func compareNumbers(_ lhs: Int64, _ rhs: Double) -> Int {
        if rhs.isNaN || rhs >= 0x1p63 { return -1 }
        if rhs < -0x1p63 { return 1 }
        let whole = rhs.rounded(.towardZero)
        return order(lhs, Int64(whole)).then(order(0, rhs - whole))
    }

    private static func compareText(_ lhs: String, _ rhs: String) -> Int {
        lexicographic(lhs.utf8, rhs.utf8) { order($0, $1) }
    }

    private static func compareZones(_ lhs: String?, _ rhs: String?) -> Int {
        guard let lhs, let rhs else { return order(lhs == nil ? 0 : 1, rhs == nil ? 0 : 1) }
        return compareText(lhs, rhs)
    }

    private static func lexicographic<C: Sequence>(
        _ lhs: C, _ rhs: C, _ compareElements: (C.Element, C.Element) -> Int
    ) -> Int {
        var left = lhs.makeIterator()
        var right = rhs.makeIterator()
        while true {
            switch (left.next(), right.next()) {
            case (nil, nil): return 0
            case (nil, _): return -1
            case (_, nil): return 1
            case (let a?, let b?):
                let result = compareElements(a, b)
                if result != 0 { return result }
            }
        }
    }
}

extension Int {
    /// This comparison, or where it is a tie the next.
    fileprivate func then(_ next: @autoclosure () -> Int) -> Int { self != 0 ? self : next() }
}
