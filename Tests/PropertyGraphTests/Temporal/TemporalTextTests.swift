import Foundation
import PropertyGraph
import Testing

@Suite struct `Temporal text` {
    @Test func `zone names that only look the same are different`() {
        func moment(_ zone: String?) -> ZonedDateTime {
            ZonedDateTime(
                secondsSinceEpoch: 7, nanoseconds: 0, utcOffsetSeconds: 0, zoneName: zone)
        }
        #expect(moment("Zon\u{e9}") != moment("Zone\u{301}"))
        #expect(moment("Zon\u{e9}") == moment("Zon\u{e9}"))
        #expect(moment(nil) != moment(""))
        #expect(Set([nil, "", "Zon\u{e9}", "Zone\u{301}", "Zon\u{e9}"].map(moment)).count == 4)
    }

    @Test(arguments: [
        ("2015-07-21", "2015-07-21"), ("20150721", "2015-07-21"), ("2015-07", "2015-07-01"),
        ("201507", "2015-07-01"), ("2015-W30-2", "2015-07-21"), ("2015W302", "2015-07-21"),
        ("2015-W30", "2015-07-20"), ("2015W30", "2015-07-20"), ("2015-202", "2015-07-21"),
        ("2015202", "2015-07-21"), ("2015", "2015-01-01"), ("2015-Q2-60", "2015-05-30"),
        ("2015Q260", "2015-05-30"), ("2015-Q4", "2015-10-01"), ("+12345-01-01", "+12345-01-01"),
        ("-0001-12-31", "-0001-12-31"), ("+999999999-12-31", "+999999999-12-31"),
        ("-999999999-01-01", "-999999999-01-01"), ("0000-02-29", "0000-02-29"),
        ("2020-W53-7", "2021-01-03"), ("+2015-07-21", "2015-07-21"),
    ])
    func `a date is read in every form and printed in one`(text: String, printed: String) {
        #expect(CalendarDate(iso: text)?.description == printed)
    }

    @Test(arguments: [
        "", "2015-13-01", "2015-02-29", "1900-02-29", "2015-00-01", "2015-01-00", "2015-1-1",
        "2015-366", "2015-000", "2015-W54-1", "2014-W53", "2015-W30-8", "2015-Q5", "2015-Q1-91",
        "15-01-01",
        "2015-07-21T00:00", "2015-07-21 ", "+1000000000-01-01", "2015-", "20150", "٢٠١٥",
    ])
    func `what is no date is refused`(text: String) {
        #expect(CalendarDate(iso: text) == nil)
    }

    @Test func `days agree with Foundation's calendar over eight centuries`() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        for day in stride(from: -135_000, through: 200_000, by: 37) {
            let date = Date(timeIntervalSince1970: Double(day) * 86_400)
            let parts = calendar.dateComponents([.year, .month, .day], from: date)
            let civil = CalendarDate(daysSinceEpoch: Int64(day)).civil
            try #require(
                civil.year == Int64(parts.year ?? 0) && civil.month == Int64(parts.month ?? 0)
                    && civil.day == Int64(parts.day ?? 0))
        }
    }

    @Test func `every day of many eras comes back from its text`() throws {
        for day in stride(from: Int64(-365_243_219_162), through: 365_241_780_471, by: 123_456_789)
        {
            let date = CalendarDate(daysSinceEpoch: day)
            try #require(CalendarDate(iso: date.description) == date, "day \(day)")
        }
    }

    @Test(arguments: [
        ("21:40:32.142", "21:40:32.142"), ("214032.142", "21:40:32.142"), ("21:40", "21:40"),
        ("2140", "21:40"), ("21", "21:00"), ("00:00:00", "00:00"),
        ("12:31:14.645876", "12:31:14.645876"),
        ("12:31:14.000000001", "12:31:14.000000001"), ("12:31:14.100", "12:31:14.1"),
        ("23:59:59.999999999", "23:59:59.999999999"),
    ])
    func `a time is read in every form and printed in one`(text: String, printed: String) {
        #expect(LocalTime(iso: text)?.description == printed)
        #expect(ZonedTime(iso: text + "+01:00")?.description == printed + "+01:00")
        #expect(ZonedTime(iso: text + "-0730")?.description == printed + "-07:30")
        #expect(ZonedTime(iso: text + "Z")?.description == printed + "Z")
        #expect(LocalDateTime(iso: "1969-12-31T" + text)?.description == "1969-12-31T" + printed)
    }

    @Test(arguments: [
        "24:00", "12:60", "12:00:60", "12:0", "1", "12:00:00.", "12:00Z", "123", "12:00+19:00",
    ])
    func `what is no local time is refused`(text: String) {
        #expect(LocalTime(iso: text) == nil)
    }

    @Test(arguments: [
        "2015-07-21T21:40:32.142+02:00[Europe/Stockholm]", "2015-07-21T21:40Z",
        "1818-07-21T21:40:32.142+00:53:28[Europe/Stockholm]", "+12345-07-21T00:00-10:00",
        "-0001-07-21T00:00:00.000000001-18:00",
    ])
    func `a moment comes back from its text`(text: String) {
        #expect(ZonedDateTime(iso: text)?.description == text)
    }

    @Test func `a moment counts from the epoch in UTC`() {
        let moment = ZonedDateTime(iso: "1970-01-01T01:00:00.5+01:00")
        #expect(moment?.secondsSinceEpoch == 0 && moment?.nanoseconds == 500_000_000)
        #expect(ZonedDateTime(iso: "2015-07-21T21:40[Europe/Stockholm]") == nil)
        #expect(ZonedDateTime(iso: "2015-07-21T21:40Z[]") == nil)
        #expect(ZonedDateTime(iso: "2015-07-21T21:40Z[a b]") == nil)
    }

    @Test(arguments: [
        ("P14DT16H12M", "P14DT16H12M"), ("P5M1.5D", "P5M1DT12H"), ("P0.75M", "P22DT19H51M49.5S"),
        ("PT0.75M", "PT45S"), ("P2.5W", "P17DT12H"),
        ("P12Y5M14DT16H13M10.000000001S", "P12Y5M14DT16H13M10.000000001S"),
        ("P2012-02-02T14:37:21.545", "P2012Y2M2DT14H37M21.545S"), ("PT0S", "PT0S"), ("P0D", "PT0S"),
        ("PT-0.001S", "PT-0.001S"), ("-PT1.5S", "PT-1.5S"), ("PT-1M-0.001S", "PT-1M-0.001S"),
        ("P-1Y-2M", "P-1Y-2M"), ("P1.5Y", "P1Y6M"), ("PT90M", "PT1H30M"), ("PT1,5S", "PT1.5S"),
        ("P1DT-0.001S", "P1DT-0.001S"), ("P13M", "P1Y1M"),
        ("PT278565H45M22.142S", "PT278565H45M22.142S"),
    ])
    func `a duration is read in every form and printed in one`(text: String, printed: String) {
        #expect(TemporalDuration(iso: text)?.description == printed)
    }

    @Test(arguments: [
        "", "P", "PT", "P1", "1D", "P1DT", "P1H", "PT1D", "P1D1Y", "P1Y1Y",
        "P99999999999999999999D", "P999999999999999999Y", "P1.D", "P--1D",
    ])
    func `what is no duration is refused`(text: String) {
        #expect(TemporalDuration(iso: text) == nil)
    }

    @Test(arguments: UInt64(1)...200)
    func `any duration comes back from its text`(seed: UInt64) {
        let value = TemporalDuration(
            months: Int64(seed % 100) - 50, days: Int64(seed * 7 % 91) - 45,
            seconds: Int64(seed &* 7_919 % 200_000) - 100_000,
            nanoseconds: Int32(seed % 3 == 0 ? 0 : seed &* 48_271 % 1_000_000_000))
        #expect(TemporalDuration(iso: value.description) == value)
    }

    @Test func `a point comes back from its text`() {
        for system in Point.ReferenceSystem.allCases {
            for (x, y) in [
                (0.1, -0.0), (1e300, Double.leastNonzeroMagnitude), (-180, 90.5),
                (Double.infinity, .nan),
            ] {
                let point = Point(system, x: x, y: y, z: 3.25)
                #expect(Point(text: point.description) == point)
            }
        }
        #expect(Point(.cartesian, x: 1, y: 2).description == "point({srid:7203, x:1.0, y:2.0})")
        #expect(
            Point(text: "{longitude: 56.7, latitude: 12.78}") == Point(.wgs84, x: 56.7, y: 12.78))
        #expect(Point(text: "{x: 1, y: 2, crs: 'WGS-84'}") == Point(.wgs84, x: 1, y: 2))
        #expect(Point(text: "{x: 1, y: 2, z: 3}") == Point(.cartesianThreeD, x: 1, y: 2, z: 3))
        for text in [
            "{x:1}", "{x:1,y:2,srid:1}", "{x:1,y:2,z:3,srid:7203}", "{x:1,x:2,y:3}", "x:1,y:2",
            "{}", "{x:a,y:2}", "{x:1,y:2,w:3}",
        ] {
            #expect(Point(text: text) == nil)
        }
    }
}
