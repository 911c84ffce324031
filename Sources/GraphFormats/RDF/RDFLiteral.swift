import PropertyGraph

/// Literals and values.
///
/// Integers of any width are integers, decimals doubles, `xsd:dateTime` is zoned when it has an
/// offset. What a datatype of XML Schema says but a value cannot hold (a date with an offset), and
/// other datatypes, are kept as texts. `urn:cairn:json` holds the JSON of any value.
enum RDFLiteral {
    /// The value of a literal.
    static func value(_ text: String, datatype: String?) throws(ValueFailure) -> PropertyValue {
        guard let datatype else { return .string(text) }
        if UTF8Order.equal(datatype, RDFTerm.json) {
            guard let value = try XMLValueType.json.value(text, depth: 4) else {
                throw ValueFailure("A property cannot hold null; leave it out.")
            }
            return value
        }
        guard datatype.utf8.starts(with: RDFTerm.xsd.utf8) else { return .string(text) }
        let name = String(datatype.dropFirst(RDFTerm.xsd.count))
        let bytes = Array(text.utf8)
        let scalar: ValueType.Scalar
        switch name {
        case "integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger",
            "nonPositiveInteger", "negativeInteger", "unsignedLong", "unsignedInt",
            "unsignedShort", "unsignedByte":
            scalar = .integer
        case "double", "float", "decimal":
            if UTF8Order.equal(text, "INF") { return .double(.infinity) }
            if UTF8Order.equal(text, "-INF") { return .double(-.infinity) }
            scalar = .double
        case "boolean":
            if UTF8Order.equal(text, "1") { return .boolean(true) }
            if UTF8Order.equal(text, "0") { return .boolean(false) }
            scalar = .boolean
        case "base64Binary": scalar = .bytes
        case "hexBinary": return try hexadecimal(bytes)
        default: return temporal(text, name) ?? .string(text)
        }
        return try ValueText.scalar(bytes.span, bytes.indices, as: ValueType(scalar))
    }

    private static func hexadecimal(_ text: [UInt8]) throws(ValueFailure) -> PropertyValue {
        let digits = text.compactMap { UInt8(String(decoding: [$0], as: UTF8.self), radix: 16) }
        guard digits.count == text.count, digits.count % 2 == 0 else {
            throw ValueFailure("The value is no hexBinary; write two digits for each byte.")
        }
        return .bytes(
            stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] })
    }

    private static func temporal(_ text: String, _ name: String) -> PropertyValue? {
        switch name {
        case "date": return CalendarDate(iso: text).map { .date($0) }
        case "dateTime", "dateTimeStamp":
            return ZonedDateTime(iso: text).map { .zonedDateTime($0) }
                ?? LocalDateTime(iso: text).map { .localDateTime($0) }
        case "time":
            return ZonedTime(iso: text).map { .zonedTime($0) }
                ?? LocalTime(iso: text).map { .localTime($0) }
        case "duration", "dayTimeDuration", "yearMonthDuration":
            return TemporalDuration(iso: text).map { .duration($0) }
        default: return nil
        }
    }

    /// The literal of a value: XML Schema's where reading gives the value back, else its JSON.
    static func literal(_ value: PropertyValue) -> (text: String, datatype: String?) {
        let found: (text: String, datatype: String)?
        switch value {
        case .string(let text):
            if !text.utf8.contains(0) { return (text, nil) }
            found = nil
        case .boolean(let value): found = (value ? "true" : "false", "boolean")
        case .integer(let value): found = (String(value), "integer")
        case .double(let value):
            if value.isInfinite {
                found = (value < 0 ? "-INF" : "INF", "double")
            } else {
                found = (ValueText.text(value), "double")
            }
        case .bytes: found = (ValueText.text(value), "base64Binary")
        case .date: found = (ValueText.text(value), "date")
        case .localDateTime(let moment): found = (dateTime(moment), "dateTime")
        case .zonedDateTime(let moment):
            found =
                moment.zoneName == nil
                ? (
                    dateTime(moment.localDateTime) + offset(moment.utcOffsetSeconds), "dateTime"
                ) : nil
        case .localTime(let time): found = (Self.time(time.description), "time")
        case .zonedTime(let time):
            found = (
                Self.time(time.localTime.description) + offset(time.utcOffsetSeconds), "time"
            )
        case .duration: found = (ValueText.text(value), "duration")
        case .point, .vector, .list: found = nil
        }
        if let found, isSchemaText(found.text, found.datatype) {
            let datatype = RDFTerm.xsd + found.datatype
            if let again = try? Self.value(found.text, datatype: datatype),
                json(again).elementsEqual(json(value))
            {
                return (found.text, datatype)
            }
        }
        return (String(decoding: json(value), as: UTF8.self), RDFTerm.json)
    }

    /// The bytes that tell values apart exactly.
    static func json(_ value: PropertyValue) -> [UInt8] {
        var bytes: [UInt8] = []
        JSONWriter.append(value, to: &bytes)
        return bytes
    }

    /// Whether XML Schema has such a text: years of four digits, no sign within a duration.
    private static func isSchemaText(_ text: String, _ datatype: String) -> Bool {
        let bytes = Array(text.utf8)
        switch datatype {
        case "date", "dateTime":
            return bytes.count >= 10 && bytes[4] == 0x2D && bytes[..<4].allSatisfy { $0 != 0x2D }
                && bytes[..<4].contains { $0 != 0x30 }
        case "duration": return bytes.count > 2 && !bytes.contains(0x2D) && !bytes.contains(0x57)
        case "double": return !text.hasPrefix("NaN:")
        default: return true
        }
    }

    private static func dateTime(_ moment: LocalDateTime) -> String {
        let text = moment.description
        guard let mark = text.utf8.firstIndex(of: 0x54) else { return text }
        return String(text[...mark]) + time(String(text[text.utf8.index(after: mark)...]))
    }

    /// A time of day with its seconds, which ISO 8601 may leave out and XML Schema not.
    private static func time(_ text: String) -> String {
        text.utf8.count == 5 ? text + ":00" : text
    }

    private static func offset(_ seconds: Int32) -> String {
        guard seconds != 0 else { return "Z" }
        let minutes = seconds.magnitude / 60
        let (hours, rest) = (minutes / 60, minutes % 60)
        return (seconds < 0 ? "-" : "+") + (hours < 10 ? "0" : "") + "\(hours):"
            + (rest < 10 ? "0" : "") + "\(rest)"
    }
}
