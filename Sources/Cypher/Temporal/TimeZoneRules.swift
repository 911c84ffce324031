internal import PropertyGraph
internal import Synchronization

/// The offsets of a named zone, from the time-zone database of the system (RFC 8536).
///
/// Before the first transition the zone's local mean time counts; after the last the rule at the
/// end of the file.
struct TimeZoneRules: Sendable {
    private struct Kind: Sendable {
        let offset: Int32
        let isDaylight: Bool
    }

    private let transitions: [Int64]
    private let transitionKinds: [UInt8]
    private let kinds: [Kind]
    private let footer: PosixRule?

    private static let known = Mutex<[String: TimeZoneRules]>([:])

    /// The rules of a zone such as "Europe/Stockholm"; nil when the database has none.
    static func find(_ name: String) -> TimeZoneRules? {
        let isName = name.utf8.allSatisfy {
            Lexer.isNameByte($0) && $0 < 0x80 || $0 == 0x2F || $0 == 0x2B || $0 == 0x2D
        }
        guard isName, !name.isEmpty, name.utf8.first != 0x2F, name.utf8.count < 64 else {
            return nil
        }
        if let rules = known.withLock({ $0[name] }) { return rules }
        guard let bytes = SystemTime.zoneFile(joined[name] ?? name),
            let rules = TimeZoneRules(bytes)
        else { return nil }
        known.withLock { $0[name] = rules }
        return rules
    }

    /// Zones that the database joined to others in 2022, because their clocks agree since 1970.
    /// Some systems keep what is known of their earlier clocks apart; answers must not depend on it.
    private static let joined: [String: String] = {
        let groups: [(String, String)] = [
            ("Europe/Berlin", "Arctic/Longyearbyen Europe/Copenhagen Europe/Oslo Europe/Stockholm"),
            ("Europe/Brussels", "Europe/Amsterdam Europe/Luxembourg"),
            ("Europe/Paris", "Europe/Monaco"),
            ("Europe/London", "Europe/Belfast Europe/Guernsey Europe/Isle_of_Man Europe/Jersey"),
            ("Europe/Zurich", "Europe/Busingen Europe/Vaduz"),
            ("Europe/Prague", "Europe/Bratislava"),
            ("Europe/Rome", "Europe/San_Marino Europe/Vatican"),
            ("Europe/Helsinki", "Europe/Mariehamn"),
            (
                "Europe/Belgrade",
                "Europe/Ljubljana Europe/Podgorica Europe/Sarajevo Europe/Skopje Europe/Zagreb"
            ),
            ("Europe/Kyiv", "Europe/Uzhgorod Europe/Zaporozhye"),
            ("Africa/Abidjan", "Africa/Accra Africa/Dakar Atlantic/Reykjavik"),
            ("Africa/Nairobi", "Africa/Addis_Ababa Africa/Dar_es_Salaam Africa/Kampala"),
            ("Africa/Lagos", "Africa/Kinshasa Africa/Luanda"),
            ("Africa/Maputo", "Africa/Harare Africa/Lusaka"),
            ("Asia/Riyadh", "Asia/Aden Asia/Kuwait"),
            ("Asia/Dubai", "Asia/Muscat"),
            ("Asia/Qatar", "Asia/Bahrain"),
            ("Asia/Bangkok", "Asia/Phnom_Penh Asia/Vientiane"),
            ("Asia/Singapore", "Asia/Kuala_Lumpur"),
        ]
        var joined: [String: String] = [:]
        for (zone, names) in groups {
            for name in names.split(separator: " ") { joined[String(name)] = zone }
        }
        return joined
    }()

    private init?(_ bytes: [UInt8]) {
        func number(_ place: Int) -> Int? {
            guard place + 4 <= bytes.count else { return nil }
            return bytes[place..<(place + 4)].reduce(0) { $0 << 8 | Int($1) }
        }
        func counts(_ start: Int) -> [Int]? {
            let counts = (0..<6).compactMap { number(start + 20 + 4 * $0) }
            return counts.count == 6 && counts.allSatisfy { $0 < 1 << 16 } ? counts : nil
        }
        // The first block has 32-bit times and is passed over.
        guard bytes.starts(with: Array("TZif".utf8)), bytes.count > 44, bytes[4] >= 0x32,
            let old = counts(0)
        else { return nil }
        let start = 44 + old[3] * 5 + old[4] * 6 + old[5] + old[2] * 8 + old[1] + old[0]
        guard start + 44 <= bytes.count, let sizes = counts(start) else { return nil }
        let (leaps, times, types, letters) = (sizes[2], sizes[3], sizes[4], sizes[5])
        var place = start + 44
        guard place + times * 9 + types * 6 + letters <= bytes.count else { return nil }
        transitions = (0..<times).map { index in
            let at = place + 8 * index
            return Int64(
                bitPattern: bytes[at..<(at + 8)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        }
        place += times * 8
        transitionKinds = Array(bytes[place..<(place + times)])
        place += times
        var kinds: [Kind] = []
        for index in 0..<types {
            let at = place + 6 * index
            let bits = bytes[at..<(at + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            kinds.append(Kind(offset: Int32(bitPattern: bits), isDaylight: bytes[at + 4] != 0))
        }
        self.kinds = kinds
        guard !kinds.isEmpty, transitionKinds.allSatisfy({ Int($0) < kinds.count }) else {
            return nil
        }
        place += types * 6 + letters + leaps * 12 + sizes[1] + sizes[0]
        let rest = place < bytes.count ? bytes[place...] : []
        footer = PosixRule(String(decoding: rest.filter { $0 != 0x0A }, as: UTF8.self))
    }

    /// Seconds east of UTC at a moment.
    func offset(atUTC seconds: Int64) -> Int32 {
        guard let first = transitions.first, seconds >= first else { return kinds[0].offset }
        if let last = transitions.last, seconds >= last, let footer {
            return footer.offset(atUTC: seconds)
        }
        var low = 0
        var high = transitions.count
        while low + 1 < high {
            let middle = (low + high) / 2
            if transitions[middle] <= seconds { low = middle } else { high = middle }
        }
        return kinds[Int(transitionKinds[low])].offset
    }

    /// The offset at which a clock shows a local time. In a gap it is the one before, which moves
    /// the time on; of two it is the preferred one, or else that of the earlier moment.
    func offset(atLocal seconds: Int64, preferring preferred: Int32? = nil) -> Int32 {
        if let preferred, offset(atUTC: seconds - Int64(preferred)) == preferred {
            return preferred
        }
        // A day before, no change of today has happened yet.
        let before = offset(atUTC: seconds - 86_400 - Int64(offset(atUTC: seconds)))
        let after = offset(atUTC: seconds + 86_400 - Int64(offset(atUTC: seconds)))
        if offset(atUTC: seconds - Int64(before)) == before { return before }
        if offset(atUTC: seconds - Int64(after)) == after { return after }
        return before
    }
}

/// A rule such as `CET-1CEST,M3.5.0,M10.5.0/3`: when daylight-saving time begins and ends.
struct PosixRule: Sendable {
    private struct Change: Sendable {
        let month: Int64
        let week: Int64
        let weekday: Int64
        let seconds: Int64
    }

    private let standard: Int32
    private let daylight: Int32
    private let start: Change?
    private let end: Change?

    init?(_ text: String) {
        let parts = text.split(separator: ",").map(Array.init)
        guard let names = parts.first else { return nil }
        var place = 0
        func name() -> Bool {
            let begin = place
            if place < names.count, names[place] == "<" {
                while place < names.count, names[place] != ">" { place += 1 }
                place += 1
            } else {
                while place < names.count, names[place].isLetter { place += 1 }
            }
            return place > begin
        }
        func time() -> Int64? {
            let begin = place
            while place < names.count, "+-:0123456789".contains(names[place]) { place += 1 }
            return Self.time(String(names[begin..<min(place, names.count)]))
        }
        guard name(), let offset = time() else { return nil }
        standard = Int32(clamping: -offset)
        guard name() else {
            (daylight, start, end) = (standard, nil, nil)
            return
        }
        daylight = place < names.count ? Int32(clamping: -(time() ?? 0)) : standard + 3_600
        guard parts.count == 3, let start = Self.change(parts[1]), let end = Self.change(parts[2])
        else { return nil }
        (self.start, self.end) = (start, end)
    }

    /// Seconds of `[+-]hh[:mm[:ss]]`.
    private static func time(_ text: String) -> Int64? {
        var text = Substring(text)
        let isNegative = text.first == "-"
        if isNegative || text.first == "+" { text.removeFirst() }
        let fields = text.split(separator: ":").compactMap { Int64($0) }
        guard let hours = fields.first, hours < 168 else { return nil }
        let seconds = hours * 3_600 + (fields[safe: 1] ?? 0) * 60 + (fields[safe: 2] ?? 0)
        return isNegative ? -seconds : seconds
    }

    /// `Mmonth.week.weekday[/time]`.
    private static func change(_ text: [Character]) -> Change? {
        guard text.first == "M" else { return nil }
        let parts = String(text.dropFirst()).split(separator: "/")
        let fields = (parts.first ?? "").split(separator: ".").compactMap { Int64($0) }
        guard fields.count == 3 else { return nil }
        return Change(
            month: fields[0], week: fields[1], weekday: fields[2],
            seconds: parts.count > 1 ? time(String(parts[1])) ?? 7_200 : 7_200)
    }

    func offset(atUTC seconds: Int64) -> Int32 {
        guard let start, let end else { return standard }
        let year = LocalDateTime(
            secondsSinceEpoch: seconds + Int64(standard), nanoseconds: 0
        ).date.civil.year
        let begins = Self.seconds(start, year) - Int64(standard)
        let ends = Self.seconds(end, year) - Int64(daylight)
        let isDaylight =
            begins < ends
            ? seconds >= begins && seconds < ends : seconds >= begins || seconds < ends
        return isDaylight ? daylight : standard
    }

    /// The local moment of a change in a year.
    private static func seconds(_ change: Change, _ year: Int64) -> Int64 {
        guard let first = CalendarDate(year: year, month: change.month, day: 1) else { return 0 }
        // 1970-01-01 was a Thursday.
        let weekday = ((first.daysSinceEpoch + 4) % 7 + 7) % 7
        var day = first.daysSinceEpoch + (change.weekday - weekday + 7) % 7 + (change.week - 1) * 7
        let next = change.month == 12 ? 1 : change.month + 1
        let last = CalendarDate(
            year: change.month == 12 ? year + 1 : year, month: next, day: 1)?.daysSinceEpoch
        while let last, day >= last { day -= 7 }
        return day * 86_400 + change.seconds
    }
}
