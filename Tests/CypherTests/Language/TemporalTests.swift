import Testing

@testable import Cypher

private let refused = "ArgumentError at runtime: InvalidArgumentValue"
private let outOfRange = "ArithmeticError at runtime: NumberOutOfRange"

@Suite struct `Temporal values` {
    @Test func `may leave out smaller parts and never larger ones`() throws {
        try LanguageTable(cases: [
            ("RETURN localtime({hour: 1}), time({hour: 1, minute: 2})", "'01:00', '01:02Z'"),
            (
                "RETURN localtime({hour: 1, minute: 2, second: 3, microsecond: 4})",
                "'01:02:03.000004'"
            ),
            ("RETURN localtime({minute: 1})", refused),
            ("RETURN localtime({hour: 1, second: 1})", refused),
            ("RETURN time({hour: 1, minute: 1, nanosecond: 1})", refused),
            ("RETURN datetime({year: 2020, minute: 1})", refused),
            ("RETURN localtime({})", refused),
            ("RETURN time({hour: null})", refused),
            ("RETURN date({})", refused),
            ("RETURN date({month: 2})", refused),
            ("RETURN date({year: 2020, day: 2})", refused),
            ("RETURN date({year: 2020, dayOfWeek: 2})", refused),
            ("RETURN date({year: 2020, dayOfQuarter: 2})", refused),
            ("RETURN localdatetime({hour: 2})", refused),
            // What a base has is not missing.
            (
                "RETURN localtime({time: localtime('10:20:30'), nanosecond: 5})",
                "'10:20:30.000000005'"
            ),
            (
                "RETURN localtime.truncate('hour', localtime('10:20'), {nanosecond: 5})",
                "'10:00:00.000000005'"
            ),
            (
                "RETURN datetime.truncate('day', date('2020-01-01'), {minute: 5})",
                "'2020-01-01T00:05Z'"
            ),
            ("RETURN datetime({date: date('2020-01-01'), minute: 5})", refused),
        ]).check()
    }

    @Test func `have the fields of their kind and name a day in one way`() throws {
        try LanguageTable(cases: [
            ("RETURN date({year: 2020, hour: 1})", refused),
            ("RETURN date({year: 2020, timezone: 'Z'})", refused),
            ("RETURN localtime({hour: 1, year: 2020})", refused),
            ("RETURN localtime({hour: 1, timezone: 'Z'})", refused),
            ("RETURN localdatetime({year: 2020, timezone: '+01:00'})", refused),
            ("RETURN date({year: 2020, dayofweek: 1})", refused),
            ("RETURN date({year: 2020, month: 1, week: 1})", refused),
            ("RETURN date({year: 2020, ordinalDay: 1, quarter: 1})", refused),
            ("RETURN date.truncate('year', date(), {day: 1, dayOfWeek: 1})", refused),
            ("RETURN datetime({datetime: datetime(), date: date()})", refused),
            ("RETURN datetime.truncate('day', datetime(), {time: time()})", refused),
            ("RETURN datetime.truncate('day', datetime(), {epochSeconds: 1})", refused),
            ("RETURN datetime({epochSeconds: 1, hour: 1})", refused),
            ("RETURN datetime({epochSeconds: 1, epochMillis: 1})", refused),
            ("RETURN date({year: 2020, hour: null, week: 1, month: null})", refused),
            ("RETURN date({year: 2020, week: 1, month: null})", "'2019-12-30'"),
            (
                "RETURN datetime({epochMillis: -1, nanosecond: 7, timezone: '+01:00'})",
                "'1970-01-01T00:59:59.999000007+01:00'"
            ),
        ]).check()
    }

    @Test func `without a date keep the offset that counted on their day`() throws {
        let summer = "WITH datetime('2015-07-21T12:00[Europe/Stockholm]') AS s "
        let winter = "WITH datetime('2015-12-21T12:00[Europe/Stockholm]') AS s "
        for (day, offset, elsewhere) in [(summer, "+02:00", "15:00"), (winter, "+01:00", "16:00")] {
            try LanguageTable(cases: [
                ("\(day)RETURN time(s), time({time: s})", "'12:00\(offset)', '12:00\(offset)'"),
                ("\(day)RETURN time({time: s, second: 42})", "'12:00:42\(offset)'"),
                ("\(day)RETURN time({time: s, timezone: '+05:00'})", "'\(elsewhere)+05:00'"),
                ("\(day)RETURN time({datetime: s})", "'12:00\(offset)'"),
                (
                    "\(day)RETURN datetime({date: date('2016-01-01'), time: s})",
                    "'2016-01-01T12:00+01:00[Europe/Stockholm]'"
                ),
            ]).check()
        }
    }

    @Test func `stop at the first and last year`() throws {
        let last = "date('+999999999-12-31')"
        let first = "date('-999999999-01-01')"
        try LanguageTable(cases: [
            ("RETURN \(last) + duration('P0D'), \(first) - duration('PT1H')", bounds),
            ("RETURN \(last) + duration('P1D')", outOfRange),
            ("RETURN \(first) - duration('P1D')", outOfRange),
            ("RETURN \(first) - duration('P1M')", outOfRange),
            ("RETURN localdatetime({date: \(last), hour: 23}) + duration('PT1H')", outOfRange),
            ("RETURN localdatetime({date: \(first)}) - duration('PT0.1S')", outOfRange),
            ("RETURN datetime({date: \(last), hour: 23}) + duration('PT1H')", outOfRange),
            (
                "RETURN datetime({date: \(last), hour: 23, timezone: '-18:00'})",
                "'+999999999-12-31T23:00-18:00'"
            ),
            (
                "RETURN datetime({datetime: datetime({date: \(last), hour: 23}), "
                    + "timezone: '+02:00'})", refused
            ),
            ("RETURN date({year: 999999999, week: 52, dayOfWeek: 7})", refused),
            // The first day is a Monday.
            ("RETURN date.truncate('week', \(first))", "'-999999999-01-01'"),
            ("RETURN date.truncate('millennium', \(first))", refused),
            (
                "RETURN datetime.fromepoch(9223372036854775807, 0)",
                "ArgumentError at runtime: NumberOutOfRange"
            ),
            (
                "RETURN datetime.fromepochmillis(-9223372036854775808)",
                "'-292275055-05-16T16:47:04.192Z'"
            ),
            (
                "RETURN datetime({epochMillis: -9223372036854775808})",
                "'-292275055-05-16T16:47:04.192Z'"
            ),
            (
                "RETURN datetime({epochSeconds: -9223372036854775808, "
                    + "timezone: 'Europe/Stockholm'})", refused
            ),
            ("RETURN datetime({date: \(last)}).epochMillis", "null"),
            ("RETURN duration({seconds: 9223372036854775807}).milliseconds", "null"),
            (
                "RETURN duration({seconds: -9223372036854775, milliseconds: -808}).milliseconds",
                "-9223372036854775808"
            ),
        ]).check()
    }

    private var bounds: String { "'+999999999-12-31', '-999999999-01-01'" }
}

@Suite struct `A clock that is put back` {
    /// From 06:00 UTC on it was -05:00 in New York.
    private let late = "datetime('2000-10-29T01:30-05:00[America/New_York]')"

    @Test func `shows a time twice, and the two stay apart`() throws {
        let same = "'2000-10-29T01:30-05:00[America/New_York]'"
        let early = "'2000-10-29T01:30-04:00[America/New_York]'"
        try LanguageTable(cases: [
            ("RETURN datetime('2000-10-29T01:30[America/New_York]')", early),
            ("RETURN \(late)", same),
            ("RETURN datetime(\(late))", same),
            ("RETURN datetime({datetime: \(late)})", same),
            ("RETURN datetime({datetime: \(late), minute: 31, timezone: 'UTC'})", utc),
            ("RETURN datetime.truncate('minute', \(late))", same),
            ("RETURN time(\(late)), time({time: \(late)})", "'01:30-05:00', '01:30-05:00'"),
            (
                "RETURN datetime({datetime: datetime('2000-10-29T12:15+05:45'), "
                    + "timezone: 'America/New_York'})", same
            ),
            (
                "RETURN datetime('2000-10-30T01:30[America/New_York]') - duration('P1D')", same
            ),
            ("RETURN datetime('2000-10-28T01:30[America/New_York]') + duration('P1D')", early),
            ("RETURN duration.between(datetime('2000-10-29T06:30Z'), \(late))", "'PT0S'"),
            ("RETURN duration.inSeconds(\(late), datetime('2000-10-29T07:30Z'))", "'PT1H'"),
        ]).check()
    }

    private var utc: String { "'2000-10-29T06:31Z[UTC]'" }
}
