extension TemporalDuration {
    /// Reads an ISO 8601 duration: `P12Y5M14DT16H13M10.5S`, weeks, a sign before `P` or before any
    /// number, a fraction in any component, or the form of a date, `P2012-02-02T14:37:21.545`.
    /// Nil for anything else and for what 64 bits cannot hold.
    ///
    /// A fraction goes to the smaller units as openCypher has it: of a year to months, of a month
    /// (2,629,746 s on average) to days and seconds, of a week to days, of a day to seconds.
    public init?(iso text: some StringProtocol) {
        var scanner = ISOScanner(text)
        let isNegative = scanner.next == 0x2D
        if isNegative || scanner.next == 0x2B { _ = scanner.take(isNegative ? "-" : "+") }
        guard scanner.take("P"), !scanner.isAtEnd else { return nil }
        var parts = DurationParts()
        let start = scanner.position
        if !parts.readUnits(&scanner) {
            scanner.back(to: start)
            parts = DurationParts()
            guard parts.readDate(&scanner) else { return nil }
        }
        guard scanner.isAtEnd, let value = parts.duration(isNegative: isNegative) else {
            return nil
        }
        self = value
    }
}

extension TemporalDuration: CustomStringConvertible {
    /// The ISO 8601 text with the parts that are not zero, `P12Y5M14DT16H13M10.5S`; `PT0S` for
    /// none. Each part carries its own sign, and a fraction has 1 to 9 digits.
    public var description: String {
        var text = "P"
        if months / 12 != 0 { text += "\(months / 12)Y" }
        if months % 12 != 0 { text += "\(months % 12)M" }
        if days != 0 { text += "\(days)D" }
        if seconds != 0 || nanoseconds != 0 {
            // Nanoseconds always add; beside negative seconds they are turned round for showing.
            let isNegative = seconds < 0
            let turned = isNegative && nanoseconds != 0
            let whole = turned ? seconds + 1 : seconds
            let fraction = turned ? 1_000_000_000 - Int64(nanoseconds) : Int64(nanoseconds)
            text += "T"
            if whole / 3_600 != 0 { text += "\(whole / 3_600)H" }
            if whole % 3_600 / 60 != 0 { text += "\(whole % 3_600 / 60)M" }
            if whole % 60 != 0 || fraction != 0 {
                if whole % 60 == 0, isNegative { text += "-" }
                text += "\(whole % 60)"
                if fraction != 0 {
                    var digits = ""
                    digits.append(fraction, width: 9)
                    while digits.utf8.last == 0x30 { digits.removeLast() }
                    text += ".\(digits)"
                }
                text += "S"
            }
        }
        return text.utf8.count == 1 ? "PT0S" : text
    }
}

/// A duration being read: sums with overflow noticed.
private struct DurationParts {
    private var months: Int64 = 0
    private var days: Int64 = 0
    private var seconds: Int64 = 0
    /// Billionths of a second; stays far below its limits, for each component adds under 2^52.
    private var nanoseconds: Int64 = 0
    private var overflowed = false

    /// Reads `nYnMnWnD` and, after `T`, `nHnMnS`, each unit once and in this order.
    mutating func readUnits(_ scanner: inout ISOScanner) -> Bool {
        var order: [Character] = ["Y", "M", "W", "D"]
        var isTime = false
        var count = 0
        while !scanner.isAtEnd {
            if !isTime, scanner.take("T") {
                isTime = true
                order = ["H", "M", "S"]
                guard !scanner.isAtEnd else { return false }
            }
            let isNegative = scanner.next == 0x2D
            if isNegative || scanner.next == 0x2B { _ = scanner.take(isNegative ? "-" : "+") }
            guard let whole = scanner.digits(scanner.digitCount), let part = scanner.fraction(),
                let unit = order.firstIndex(where: { scanner.take($0) })
            else { return false }
            let sign: Int64 = isNegative ? -1 : 1
            add(order[unit], isTime: isTime, whole: sign * whole, billionths: sign * part)
            order.removeFirst(unit + 1)
            count += 1
        }
        return count > 0
    }

    /// Reads `2012-02-02T14:37:21.545`: numbers of each unit written like a date.
    mutating func readDate(_ scanner: inout ISOScanner) -> Bool {
        guard let years = scanner.digits(4) else { return false }
        let isHyphened = scanner.take("-")
        guard let months = scanner.digits(2), months <= 12, !isHyphened || scanner.take("-"),
            let days = scanner.digits(2), days <= 31
        else { return false }
        add("Y", isTime: false, whole: years, billionths: 0)
        add("M", isTime: false, whole: months, billionths: 0)
        add("D", isTime: false, whole: days, billionths: 0)
        guard scanner.take("T") else { return scanner.isAtEnd }
        guard let time = scanner.time() else { return false }
        let whole = time.nanosecondsSinceMidnight / 1_000_000_000
        add(
            "S", isTime: true, whole: whole,
            billionths: time.nanosecondsSinceMidnight % 1_000_000_000)
        return true
    }

    private mutating func add(
        _ unit: Character, isTime: Bool, whole: Int64, billionths: Int64
    ) {
        switch (unit, isTime) {
        case ("Y", _):
            months = sum(months, whole, times: 12)
            let twelfths = billionths * 12
            months &+= twelfths / 1_000_000_000
            addMonthFraction(billionths: twelfths % 1_000_000_000)
        case ("M", false):
            months = sum(months, whole, times: 1)
            addMonthFraction(billionths: billionths)
        case ("W", _):
            days = sum(days, whole, times: 7)
            let sevenths = billionths * 7
            days &+= sevenths / 1_000_000_000
            nanoseconds += sevenths % 1_000_000_000 * 86_400
        case ("D", _):
            days = sum(days, whole, times: 1)
            nanoseconds += billionths * 86_400
        case ("H", _):
            seconds = sum(seconds, whole, times: 3_600)
            nanoseconds += billionths * 3_600
        case ("M", true):
            seconds = sum(seconds, whole, times: 60)
            nanoseconds += billionths * 60
        default:
            seconds = sum(seconds, whole, times: 1)
            nanoseconds += billionths
        }
    }

    private mutating func addMonthFraction(billionths: Int64) {
        // An average month of the Gregorian calendar has 2,629,746 seconds.
        let total = billionths * 2_629_746
        days &+= total / 86_400_000_000_000
        nanoseconds += total % 86_400_000_000_000
    }

    private mutating func sum(_ earlier: Int64, _ value: Int64, times: Int64) -> Int64 {
        let (product, overflow) = value.multipliedReportingOverflow(by: times)
        let (total, carry) = earlier.addingReportingOverflow(product)
        overflowed = overflowed || overflow || carry
        return total
    }

    consuming func duration(isNegative: Bool) -> TemporalDuration? {
        if isNegative {
            (months, days, seconds, nanoseconds) =
                (0 &- months, 0 &- days, 0 &- seconds, 0 &- nanoseconds)
        }
        var (carry, rest) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        if rest < 0 { (carry, rest) = (carry - 1, rest + 1_000_000_000) }
        let (total, overflow) = seconds.addingReportingOverflow(carry)
        guard !overflowed, !overflow else { return nil }
        return TemporalDuration(
            months: months, days: days, seconds: total, nanoseconds: Int32(truncatingIfNeeded: rest)
        )
    }
}
