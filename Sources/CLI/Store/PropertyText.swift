import PropertyGraph

/// Properties as typed on a command line: `name=Ada`, `born:date=1815-12-10`.
enum PropertyText {
    /// The types that may stand between key and `=`.
    static let typeNames = [
        "boolean", "integer", "double", "string", "date", "localtime", "time", "localdatetime",
        "datetime", "duration", "point", "vector", "bytes",
    ]

    /// Reads `key=value` or `key:type=value`; an empty value without a type is nil, for removal.
    static func parse(_ text: String) throws -> (key: PropertyKey, value: PropertyValue?) {
        guard let equals = text.utf8.firstIndex(of: 0x3D), equals != text.utf8.startIndex else {
            throw CommandError.usage("'\(text)' is no property. Write key=value.")
        }
        let head = text[..<equals]
        let value = String(text[text.utf8.index(after: equals)...])
        guard let colon = head.utf8.lastIndex(of: 0x3A), colon != head.startIndex else {
            return (PropertyKey(String(head)), value.isEmpty ? nil : guess(value))
        }
        let type = String(head[head.utf8.index(after: colon)...])
        return (PropertyKey(String(head[..<colon])), try read(value, as: type))
    }

    /// Reads several properties; of a key given twice the last counts.
    static func parse(_ texts: [String]) throws -> [PropertyKey: PropertyValue?] {
        var result: [PropertyKey: PropertyValue?] = [:]
        for text in texts {
            let (key, value) = try parse(text)
            result.updateValue(value, forKey: key)
        }
        return result
    }

    /// The value a text looks like: a number when it is written as one, true or false, else text.
    static func guess(_ text: String) -> PropertyValue {
        if UTF8Order.equal(text, "true") { return .boolean(true) }
        if UTF8Order.equal(text, "false") { return .boolean(false) }
        let bytes = Array(text.utf8)
        let digits = bytes.first == 0x2D ? bytes.dropFirst() : bytes[...]
        guard let first = digits.first, (0x30...0x39).contains(first) else { return .string(text) }
        // 007 is a code and not a number; 0.5 and 0 are numbers.
        let isCode =
            first == 0x30 && digits.count > 1
            && (0x30...0x39).contains(digits[digits.startIndex + 1])
        if isCode { return .string(text) }
        if digits.allSatisfy({ (0x30...0x39).contains($0) }) {
            return Int64(text).map { .integer($0) } ?? .string(text)
        }
        let isDecimal = digits.allSatisfy {
            (0x30...0x39).contains($0) || [0x2E, 0x65, 0x45, 0x2B, 0x2D].contains($0)
        }
        if isDecimal, let value = Double(text), value.isFinite { return .double(value) }
        return .string(text)
    }

    private static func read(_ text: String, as type: String) throws -> PropertyValue {
        let (value, example) = try attempt(text, as: type)
        guard let value else {
            throw CommandError.usage("'\(text)' is no \(type). Write it like \(example).")
        }
        return value
    }

    private static func attempt(
        _ text: String, as type: String
    ) throws -> (PropertyValue?, example: String) {
        switch type {
        case "string": (.string(text), "")
        case "boolean", "bool": (boolean(text), "true")
        case "integer", "int", "long": (Int64(text).map { .integer($0) }, "42")
        case "double", "float": (Double(text).map { .double($0) }, "1.5")
        case "date": (CalendarDate(iso: text).map { .date($0) }, "2015-07-21")
        case "localtime": (LocalTime(iso: text).map { .localTime($0) }, "21:40:32")
        case "time": (ZonedTime(iso: text).map { .zonedTime($0) }, "21:40:32+01:00")
        case "localdatetime":
            (LocalDateTime(iso: text).map { .localDateTime($0) }, "2015-07-21T21:40:32")
        case "datetime":
            (ZonedDateTime(iso: text).map { .zonedDateTime($0) }, "2015-07-21T21:40:32+01:00")
        case "duration": (TemporalDuration(iso: text).map { .duration($0) }, "P1Y2M3DT4H")
        case "point": (Point(text: text).map { .point($0) }, "{x:1.0, y:2.0}")
        case "vector": (vector(text), "0.5;1.25")
        case "bytes": (Base64Text.decode(text).map { .bytes($0) }, "3q2+7w==, which is base64")
        default: try list(text, as: type)
        }
    }

    private static func list(
        _ text: String, as type: String
    ) throws -> (PropertyValue?, example: String) {
        guard type.utf8.count > 2, type.utf8.suffix(2).elementsEqual("[]".utf8) else {
            throw CommandError.usage(
                "There is no type '\(type)'.\(NearMiss.hint(for: type, among: typeNames)) "
                    + "Types are: \(typeNames.joined(separator: ", ")), and type[] for lists.")
        }
        let element = String(type.dropLast(2))
        let pieces =
            text.isEmpty ? [] : text.utf8.split(separator: 0x3B, omittingEmptySubsequences: false)
        return (.list(try pieces.map { try read(String(Substring($0)), as: element) }), "")
    }

    private static func boolean(_ text: String) -> PropertyValue? {
        switch text {
        case "true": .boolean(true)
        case "false": .boolean(false)
        default: nil
        }
    }

    private static func vector(_ text: String) -> PropertyValue? {
        var elements: [Float] = []
        for piece in text.utf8.split(separator: 0x3B) {
            guard let value = Float(Substring(piece)) else { return nil }
            elements.append(value)
        }
        return .vector(elements)
    }
}
