import PropertyGraph

/// A CSV file whose header is read: its records come in blocks.
struct CSVFile {
    let source: ByteSource
    var header: CSVHeader
    let scanner: CSVScanner
    /// How many lines the header takes.
    let headerLines: Int
    private let rest: [UInt8]

    /// Reads the header.
    ///
    /// - Throws: `.badHeader` and others with file, line and column.
    init(_ source: ByteSource, options: ImportOptions) throws(FormatError) {
        self.source = source
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        var count = 0
        while count < bytes.count {
            let came = try source.read(into: &bytes, from: count)
            if came == 0 { break }
            count += came
        }
        do throws(FormatError) {
            let isWhole = count < bytes.count
            let start = try Self.contentStart(bytes, count)
            let span = bytes.span.extracting(first: count)
            let delimiter = options.dialect.sniffedDelimiter(
                header: span.extracting(droppingFirst: start))
            scanner = CSVScanner(delimiter: delimiter, quote: options.dialect.quote)
            var fields: [CSVScanner.Field] = []
            var index = start
            let failure = scanner.next(span, &index, &fields)
            if let failure {
                throw FormatError(
                    .badHeader, failure.message, line: 1, column: failure.position + 1)
            }
            if let zero = bytes[start..<index].firstIndex(of: 0) {
                throw FormatError(
                    .invalidText, "The header is binary data, not text; check the format.",
                    line: 1, column: zero - start + 1)
            }
            guard index < count || isWhole else {
                throw FormatError(
                    .limitExceeded, "The header is longer than 1 MiB; check the line ends.", line: 1
                )
            }
            var tokens: [String] = []
            for field in fields {
                let plain = scanner.unquoted(span, field.range)
                let bytes = field.hasDoubledQuotes ? plain : Array(bytes[field.range])
                tokens.append(try Self.token(bytes, at: field.range.lowerBound))
            }
            guard tokens.contains(where: { !$0.isEmpty }) else {
                throw FormatError(
                    .badHeader, "The file has no header; write one like id:ID,name:string.", line: 1
                )
            }
            header = try CSVHeader(
                tokens: tokens, columnsOfBytes: fields.map { $0.range.lowerBound - start + 1 },
                stem: FileStem(path: source.name), dialect: options.dialect,
                untyped: options.infersTypes ? .inferred : .string, limits: options.limits)
            headerLines = CSVScanner.lineEnds(span, 0..<index)
            rest = Array(bytes[index..<count])
        } catch {
            throw error.located(in: source.name, linesBefore: 0)
        }
    }

    /// Where the text begins: behind a byte order mark.
    private static func contentStart(_ bytes: [UInt8], _ count: Int) throws(FormatError) -> Int {
        if count >= 2, bytes[0] == 0xFF && bytes[1] == 0xFE || bytes[0] == 0xFE && bytes[1] == 0xFF
        {
            throw FormatError(
                .invalidText, "The file is UTF-16; convert it to UTF-8.", line: 1, column: 1)
        }
        return ByteOrderMark.length(in: bytes, count: count)
    }

    private static func token(_ bytes: [UInt8], at position: Int) throws(FormatError) -> String {
        do throws(ValueFailure) {
            return try ValueText.text(bytes.span, 0..<bytes.count)
        } catch {
            throw FormatError(error.code, error.message, line: 1, column: position + 1)
        }
    }

    /// The blocks of records.
    func blocks(limits: InputLimits) -> BlockReader {
        let scanner = scanner
        return BlockReader(source, readAhead: rest, limits: limits) { bytes, count, isEnd in
            scanner.lastBoundary(in: bytes, count: count, isEnd: isEnd)
        }
    }
}
