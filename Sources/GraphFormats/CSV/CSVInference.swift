import PropertyGraph

/// Finds the narrowest type that every value of a column has.
///
/// ```
/// nothing ─► integer ─► double ─► string
///         ─► boolean, date, localdatetime, datetime … ─► string (when another type turns up)
/// ```
/// Only forms that cannot be anything else count: `007`, `+7` and `20150721` as a date stay what
/// their digits say (a string, a string, an integer).
struct CSVInference: Sendable {
    /// The type of each column so far; nil while no value was met.
    private(set) var types: [ValueType.Scalar?]

    init(columns: Int) { types = Array(repeating: nil, count: columns) }

    mutating func take(_ column: Int, _ bytes: Span<UInt8>, _ range: Range<Int>) {
        if types[column] == .string { return }
        types[column] = Self.join(types[column], Self.type(bytes, range))
    }

    mutating func join(_ other: CSVInference) {
        for (column, type) in other.types.enumerated() {
            if let type { types[column] = Self.join(types[column], type) }
        }
    }

    private static func join(
        _ a: ValueType.Scalar?, _ b: ValueType.Scalar
    ) -> ValueType.Scalar {
        guard let a, a != b else { return b }
        let both = [a, b]
        return both.allSatisfy { $0 == .integer || $0 == .double } ? .double : .string
    }

    private static func type(_ bytes: Span<UInt8>, _ range: Range<Int>) -> ValueType.Scalar {
        guard let first = range.first.map({ bytes[$0] }) else { return .string }
        if ExternalID.integer(bytes, range) != nil { return .integer }
        guard range.count <= 64, first != 0x2B else { return .string }
        let isDigit = first &- 0x30 <= 9
        if isDigit || first == 0x2D || first == 0x2E {
            if isDecimal(bytes, range) { return .double }
            guard isDigit, range.count >= 10 else { return .string }
            let text = NumberText.text(bytes, range)
            if bytes[range.lowerBound + 4] != 0x2D { return .string }
            if range.count == 10 { return CalendarDate(iso: text) == nil ? .string : .date }
            if LocalDateTime(iso: text) != nil { return .localDateTime }
            return ZonedDateTime(iso: text) == nil ? .string : .zonedDateTime
        }
        switch NumberText.text(bytes, range) {
        case "true", "false", "TRUE", "FALSE", "True", "False": return .boolean
        default: return .string
        }
    }

    /// A number with a point or an exponent and no needless zero in front.
    private static func isDecimal(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
        var start = range.lowerBound
        if bytes[start] == 0x2D { start += 1 }
        guard start < range.upperBound, bytes[start] &- 0x30 <= 9 || bytes[start] == 0x2E else {
            return false
        }
        if bytes[start] == 0x30, start + 1 < range.upperBound, bytes[start + 1] &- 0x30 <= 9 {
            return false
        }
        var hasMark = false
        for index in range where bytes[index] == 0x2E || bytes[index] | 0x20 == 0x65 {
            hasMark = true
        }
        return hasMark && (try? NumberText.double(bytes, range)) != nil
    }

    /// The types of all columns of a file, read to the end on several threads.
    static func run(
        _ file: CSVFile, options: ImportOptions, hooks: FormatHooks
    ) throws -> [ValueType.Scalar?] {
        let count = file.header.columns.count
        let isOpen = file.header.columns.map { $0.type == nil && $0.key != nil }
        var whole = CSVInference(columns: count)
        var reader = file.blocks(limits: options.limits)
        let scanner = file.scanner
        try OrderedPipeline.run(threads: options.threads) {
            try reader.next()
        } work: { block in
            let bytes = block.span
            var part = CSVInference(columns: count)
            var fields: [CSVScanner.Field] = []
            var index = 0
            while index < bytes.count {
                guard scanner.next(bytes, &index, &fields) == nil, fields.count == count else {
                    continue
                }
                for (column, field) in fields.enumerated() where isOpen[column] {
                    if field.isQuoted, field.range.isEmpty || field.hasDoubledQuotes {
                        part.types[column] = .string
                    } else if !field.range.isEmpty {
                        part.take(column, bytes, field.range)
                    }
                }
            }
            return part
        } deliver: { part in
            whole.join(part)
            try hooks.check(file.source, rows: 0)
        }
        return whole.types
    }
}
