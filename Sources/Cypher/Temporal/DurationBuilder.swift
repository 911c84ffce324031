internal import PropertyGraph

/// Durations from parts that may be fractions: what is less than a whole unit goes to the smaller
/// ones, a month having 2,629,746 seconds on average.
struct DurationBuilder {
    private var months = 0.0
    private var days = 0.0
    private var seconds = 0.0
    /// Whole numbers apart, for a double holds no more than 53 bits of them.
    private var wholeMonths: Int64 = 0
    private var wholeDays: Int64 = 0
    private var wholeSeconds: Int64 = 0
    private var wholeNanoseconds: Int64 = 0
    private var isTooLarge = false

    mutating func add(months value: Value, times factor: Int64) {
        add(value, factor, \.wholeMonths, \.months)
    }

    mutating func add(days value: Value, times factor: Int64) {
        add(value, factor, \.wholeDays, \.days)
    }

    mutating func add(seconds value: Value, times factor: Int64) {
        add(value, factor, \.wholeSeconds, \.seconds)
    }

    /// Parts of a second: so many of them make one.
    mutating func add(parts value: Value, of perSecond: Int64) {
        switch value {
        case .integer(let number):
            add(.integer(number / perSecond), 1, \.wholeSeconds, \.seconds)
            let rest = number % perSecond * (1_000_000_000 / perSecond)
            wholeNanoseconds += rest
        case .float(let number): seconds += number / Double(perSecond)
        default: break
        }
    }

    private mutating func add(
        _ value: Value, _ factor: Int64, _ whole: WritableKeyPath<Self, Int64>,
        _ fraction: WritableKeyPath<Self, Double>
    ) {
        switch value {
        case .integer(let number):
            let (product, tooLarge) = number.multipliedReportingOverflow(by: factor)
            let (sum, tooLargeSum) = self[keyPath: whole].addingReportingOverflow(product)
            isTooLarge = isTooLarge || tooLarge || tooLargeSum
            self[keyPath: whole] = sum
        case .float(let number): self[keyPath: fraction] += number * Double(factor)
        default: break
        }
    }

    /// The duration; nil when a part does not fit 64 bits.
    func duration() -> TemporalDuration? {
        guard !isTooLarge else { return nil }
        let monthPart = months.rounded(.towardZero)
        let restSeconds = (months - monthPart) * 2_629_746
        let daysOfMonths = (restSeconds / 86_400).rounded(.towardZero)
        let dayPart = days.rounded(.towardZero)
        let allSeconds =
            seconds + (days - dayPart) * 86_400 + (restSeconds - daysOfMonths * 86_400)
        let secondPart = allSeconds.rounded(.down)
        let nanos = ((allSeconds - secondPart) * 1e9).rounded(.toNearestOrAwayFromZero)
        guard let monthNumber = Int64(exactly: monthPart),
            let dayNumber = Int64(exactly: dayPart + daysOfMonths),
            let secondNumber = Int64(exactly: secondPart), nanos.isFinite
        else { return nil }
        return TemporalDuration(
            months: wholeMonths, monthNumber, days: wholeDays, dayNumber, seconds: wholeSeconds,
            secondNumber, nanoseconds: wholeNanoseconds + Int64(nanos))
    }
}

extension TemporalDuration {
    /// The sums of parts, the nanoseconds carried into seconds; nil where one does not fit.
    init?(
        months: Int64, _ moreMonths: Int64, days: Int64, _ moreDays: Int64, seconds: Int64,
        _ moreSeconds: Int64, nanoseconds: Int64
    ) {
        let carry =
            nanoseconds >= 0
            ? nanoseconds / 1_000_000_000
            : (nanoseconds - 999_999_999) / 1_000_000_000
        let (allMonths, first) = months.addingReportingOverflow(moreMonths)
        let (allDays, second) = days.addingReportingOverflow(moreDays)
        let (someSeconds, third) = seconds.addingReportingOverflow(moreSeconds)
        let (allSeconds, fourth) = someSeconds.addingReportingOverflow(carry)
        guard !first, !second, !third, !fourth else { return nil }
        self.init(
            months: allMonths, days: allDays, seconds: allSeconds,
            nanoseconds: Int32(nanoseconds - carry * 1_000_000_000))
    }
}
