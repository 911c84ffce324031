internal import GraphStore
internal import PropertyGraph

/// `LOAD CSV [WITH HEADERS] FROM source AS row FIELDTERMINATOR separator`.
struct CSVLoading: Sendable {
    let source: Code
    let separator: Code?
    let hasHeaders: Bool
    let slot: Int
    let range: SourceRange
}

/// The records of a CSV text (RFC 4180), one after another.
struct CSVRows {
    private let bytes: [UInt8]
    private let separator: UInt8
    private var place = 0

    init(_ bytes: [UInt8], separator: UInt8) {
        self.bytes = bytes
        self.separator = separator
        // A byte-order mark is no part of the first field.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { place = 3 }
    }

    /// The next record; nil at the end. A field is nil where nothing stands, not even quotes.
    mutating func next() -> [String?]? {
        guard place < bytes.count else { return nil }
        var fields: [String?] = []
        while true {
            fields.append(field())
            guard place < bytes.count else { return fields }
            let byte = bytes[place]
            place += 1
            if byte == separator { continue }
            if byte == UInt8(ascii: "\r"), place < bytes.count, bytes[place] == UInt8(ascii: "\n") {
                place += 1
            }
            return fields
        }
    }

    /// A field up to the separator or the end of its line.
    private mutating func field() -> String? {
        let quote = UInt8(ascii: "\"")
        var text: [UInt8] = []
        let isQuoted = place < bytes.count && bytes[place] == quote
        if isQuoted {
            place += 1
            while place < bytes.count {
                if bytes[place] == quote {
                    guard place + 1 < bytes.count, bytes[place + 1] == quote else { break }
                    place += 1
                }
                text.append(bytes[place])
                place += 1
            }
            place += 1
        }
        // What follows closing quotes is kept as it is.
        while place < bytes.count, bytes[place] != separator, bytes[place] != UInt8(ascii: "\n"),
            bytes[place] != UInt8(ascii: "\r")
        {
            text.append(bytes[place])
            place += 1
        }
        place = min(place, bytes.count)
        return text.isEmpty && !isQuoted ? nil : String(decoding: text, as: UTF8.self)
    }
}

extension Execution {
    /// A row for each record of a file: a list of its fields, or a map by the names of the first.
    func load<T: GraphReading & ~Copyable>(
        _ step: CSVLoading, _ txn: borrowing T, _ next: () throws -> Bool
    ) throws -> Bool {
        guard case .string(let source) = try value(step.source, txn) else {
            throw wrongType(
                "LOAD CSV takes the name of a file", try value(step.source, txn), step.range)
        }
        guard let open = limits.openCSV else {
            throw CypherError(
                .semanticError, .runtime, .fileNotAllowed,
                "Files cannot be read here. Whoever runs the query allows folders with the limit "
                    + "`openCSV`.", at: step.range)
        }
        let bytes: [UInt8]
        do {
            bytes = try open(source)
        } catch let error as CypherError where error.range == nil {
            throw CypherError(error.kind, error.phase, error.detail, error.message, at: step.range)
        }
        try ensure(bytes.count)
        var rows = CSVRows(bytes, separator: try separator(step, txn))
        let names = step.hasHeaders ? rows.next() ?? [] : []
        while let fields = rows.next() {
            try tick()
            let values: [Value] = fields.map { field in field.map { .string($0) } ?? .null }
            if step.hasHeaders {
                var map = ValueMap()
                for (place, name) in names.enumerated() {
                    guard let name else { continue }
                    map[name] = values[safe: place] ?? .null
                }
                slots[step.slot] = .map(map)
            } else {
                slots[step.slot] = .list(values)
            }
            guard try next() else { return false }
        }
        return true
    }

    private func separator<T: GraphReading & ~Copyable>(
        _ step: CSVLoading, _ txn: borrowing T
    ) throws -> UInt8 {
        guard let code = step.separator else { return UInt8(ascii: ",") }
        guard case .string(let text) = try value(code, txn), let byte = text.utf8.first,
            text.utf8.count == 1
        else {
            throw CypherError.argument(
                .invalidArgumentValue, "FIELDTERMINATOR is one ASCII character.", at: step.range)
        }
        return byte
    }
}
