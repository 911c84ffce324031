import PropertyGraph

/// The columns of one exported CSV file: found by a first pass over its records.
struct CSVTable {
    /// One column: a property in one type.
    struct Column: Hashable {
        var key: PropertyKey
        var type: ValueType
    }

    /// Columns in byte order of keys, then types; whether lists in them need escapes.
    private(set) var needsEscapes: [Column: Bool] = [:]
    private var labelsNeedEscapes = false
    private let dialect: CSVDialect
    private(set) var columns: [Column] = []
    private var places: [Column: Int] = [:]

    init(dialect: CSVDialect) { self.dialect = dialect }

    /// Notes the properties of a record.
    mutating func note(_ properties: Properties) {
        for (key, value) in properties {
            let column = Column(key: key, type: ValueType(of: value))
            var needs = needsEscapes[column] ?? false
            if !needs, case .list(let elements) = value {
                needs = ListText.needsEscapes(elements, delimiter: dialect.listDelimiter)
            }
            needsEscapes[column] = needs
        }
    }

    /// Notes the labels of a node.
    mutating func note(_ labels: [Label]) {
        labelsNeedEscapes =
            labelsNeedEscapes
            || labels.contains { $0.name.utf8.contains(dialect.listDelimiter) }
    }

    /// Fixes the order of the columns.
    mutating func close() {
        columns = needsEscapes.keys.sorted { a, b in
            a.key == b.key
                ? a.type.name.utf8.lexicographicallyPrecedes(b.type.name.utf8) : a.key < b.key
        }
        for (place, column) in columns.enumerated() { places[column] = place }
    }

    /// The header: fixed tokens, then a typed one for each column.
    func header(_ fixed: [String]) -> [UInt8] {
        var tokens = fixed.map { token in
            labelsNeedEscapes && token.utf8.elementsEqual(":LABEL".utf8)
                ? ":LABEL{escape:\\}" : token
        }
        for column in columns {
            let option = needsEscapes[column] == true ? "{escape:\\}" : ""
            tokens.append("\(column.key):\(column.type.name)\(option)")
        }
        var line: [UInt8] = []
        for (index, token) in tokens.enumerated() {
            if index > 0 { line.append(delimiter) }
            append(Array(token.utf8), to: &line)
        }
        line.append(0x0A)
        return line
    }

    /// Appends a record: fixed fields, then the properties.
    func append(_ fixed: [[UInt8]], _ properties: Properties, to line: inout [UInt8]) {
        var fields = [PropertyValue?](repeating: nil, count: columns.count)
        for (key, value) in properties {
            if let place = places[Column(key: key, type: ValueType(of: value))] {
                fields[place] = value
            }
        }
        for (index, field) in fixed.enumerated() {
            if index > 0 { line.append(delimiter) }
            if !field.isEmpty { append(field, to: &line) }
        }
        for (index, value) in fields.enumerated() {
            line.append(delimiter)
            guard let value else { continue }
            if case .list(let elements) = value {
                let list = ListText(
                    delimiter: dialect.listDelimiter,
                    isEscaped: needsEscapes[columns[index]] == true)
                append(list.text(elements), to: &line)
            } else if case .vector(let elements) = value, dialect.listDelimiter != 0x3B {
                let list = ListText(delimiter: dialect.listDelimiter)
                append(list.vectorText(elements), to: &line)
            } else {
                append(Array(ValueText.text(value).utf8), to: &line)
            }
        }
        line.append(0x0A)
    }

    /// The labels of a node as one field.
    func field(_ labels: [Label]) -> [UInt8] {
        ListText(delimiter: dialect.listDelimiter, isEscaped: labelsNeedEscapes)
            .text(labels.map { .string($0.name) })
    }

    private var delimiter: UInt8 { dialect.delimiter ?? 0x2C }

    /// Appends a present field; an empty one is quoted, for without quotes it would be absent.
    private func append(_ field: [UInt8], to line: inout [UInt8]) {
        let needsQuotes =
            field.isEmpty
            || field.contains {
                $0 == delimiter || $0 == dialect.quote || $0 == 0x0A || $0 == 0x0D
            }
        guard needsQuotes else {
            line.append(contentsOf: field)
            return
        }
        line.append(dialect.quote)
        for byte in field {
            if byte == dialect.quote { line.append(byte) }
            line.append(byte)
        }
        line.append(dialect.quote)
    }
}

extension ListText {
    /// Writes a vector with the delimiter of lists.
    func vectorText(_ elements: [Float]) -> [UInt8] {
        var result: [UInt8] = []
        for (index, element) in elements.enumerated() {
            if index > 0 { result.append(delimiter) }
            result.append(contentsOf: ValueText.text(element).utf8)
        }
        return result
    }
}
