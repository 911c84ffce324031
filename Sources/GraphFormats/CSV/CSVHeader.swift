import PropertyGraph

/// What one column of a CSV file is for.
struct CSVColumn: Sendable, Hashable {
    enum Role: Sendable, Hashable {
        /// The id of a node within a space, kept as a property too when it has a name.
        case id(space: String)
        /// The labels of a node, separated like a list.
        case labels
        /// The space and id of the node an edge leaves.
        case start(space: String)
        /// The space and id of the node an edge reaches.
        case end(space: String)
        /// The type of an edge.
        case type
        /// A property.
        case property
        /// Nothing.
        case ignored
    }

    var role: Role
    /// The property, for `.property` and for an `.id` that is kept.
    var key: PropertyKey?
    /// The type of the property; nil until it is inferred.
    var type: ValueType?
    var list = ListText()
    /// The column as the header writes it, for messages.
    var text: String
}

/// The first line of a CSV file, understood.
struct CSVHeader: Sendable, Hashable {
    enum Kind: Sendable, Hashable { case nodes, edges }

    var columns: [CSVColumn]
    var kind: Kind

    /// How columns without a type are read.
    enum Untyped: Sendable, Hashable { case string, inferred }

    /// Reads the tokens of a header.
    ///
    /// - Parameter stem: the file name without folders and extensions, for LDBC's conventions.
    /// - Throws: `.badHeader` with the column; `.limitExceeded` for too many.
    init(
        tokens: [String], columnsOfBytes: [Int], stem: FileStem, dialect: CSVDialect,
        untyped: Untyped, limits: InputLimits
    ) throws(FormatError) {
        guard tokens.count <= limits.maximumColumns else {
            throw FormatError(
                .limitExceeded,
                """
                The header has \(tokens.count) columns, more than the limit of \
                \(limits.maximumColumns); check the delimiter, or split the file by columns.
                """, line: 1)
        }
        columns = []
        for (index, token) in tokens.enumerated() {
            do throws(ValueFailure) {
                columns.append(try CSVColumn(token: token, dialect: dialect, untyped: untyped))
            } catch {
                throw FormatError(
                    .badHeader, error.message, line: 1, column: columnsOfBytes[index])
            }
        }
        if !tokens.contains(where: { $0.utf8.contains(0x3A) }) {
            Self.assumeConventions(&columns, tokens: tokens, stem: stem)
        }
        let starts = columns.count { if case .start = $0.role { true } else { false } }
        let ends = columns.count { if case .end = $0.role { true } else { false } }
        let ids = columns.count { if case .id = $0.role { true } else { false } }
        kind = starts + ends > 0 ? .edges : .nodes
        if kind == .edges, starts != 1 || ends != 1 {
            throw Self.bad("An edge file needs one :START_ID and one :END_ID column.")
        }
        if kind == .edges, ids > 0 || columns.contains(where: { $0.role == .labels }) {
            throw Self.bad("An edge file has no :ID or :LABEL column; rename or drop it.")
        }
        if ids > 1 {
            throw Self.bad("A node file has one :ID column at most; make the others properties.")
        }
        if columns.count(where: { $0.role == .type || $0.role == .labels }) > 1 {
            throw Self.bad("There is more than one :TYPE or :LABEL column; keep one.")
        }
        if kind == .nodes, columns.contains(where: { $0.role == .type }) {
            throw Self.bad("A file with :TYPE needs :START_ID and :END_ID columns too.")
        }
    }

    private static func bad(_ message: String) -> FormatError {
        FormatError(.badHeader, message, line: 1)
    }

    /// The usual names of the ends of an edge.
    private static let endNames: [(String, String)] = [
        ("source", "target"), ("src", "dst"), ("from", "to"), ("start", "end"),
        ("start_id", "end_id"), ("source_id", "target_id"), ("from_id", "to_id"),
    ]

    /// Whether names in lower case are those of a header without types.
    static func isConventional(_ names: [String]) -> Bool {
        guard let first = names.first else { return false }
        if UTF8Order.equal(first, "id") { return true }
        if names.count >= 2, space(ofDotted: first) != nil, space(ofDotted: names[1]) != nil {
            return true
        }
        return endNames.contains { pair in
            names.contains { UTF8Order.equal($0, pair.0) }
                && names.contains { UTF8Order.equal($0, pair.1) }
        }
    }

    /// Headers without any type: LDBC's `Person.id|Person.id|…` and `id|name|…`, and the usual
    /// names of the ends of an edge.
    private static func assumeConventions(
        _ columns: inout [CSVColumn], tokens: [String], stem: FileStem
    ) {
        let lower = tokens.map { $0.lowercased() }
        if tokens.count >= 2, let source = space(ofDotted: lower[0]),
            let target = space(ofDotted: lower[1])
        {
            columns[0].become(.start(space: source))
            columns[1].become(.end(space: target))
            return
        }
        for pair in endNames {
            if let start = lower.firstIndex(where: { UTF8Order.equal($0, pair.0) }),
                let end = lower.firstIndex(where: { UTF8Order.equal($0, pair.1) })
            {
                columns[start].become(.start(space: ""))
                columns[end].become(.end(space: ""))
                return
            }
        }
        if let first = lower.first, UTF8Order.equal(first, "id") {
            columns[0].role = .id(space: stem.parts.first?.lowercased() ?? "")
        }
    }

    private static func space(ofDotted token: String) -> String? {
        guard token.utf8.count > 3, token.utf8.suffix(3).elementsEqual(".id".utf8) else {
            return nil
        }
        return String(token.dropLast(3))
    }
}

extension CSVColumn {
    /// The type of a property as the header spells it; nil where it does not, and for ids.
    var typeText: String? {
        guard role == .property, let colon = text.utf8.lastIndex(of: 0x3A) else { return nil }
        let spelled = text[colon...].dropFirst().prefix { $0 != "{" }
        return ValueType(name: String(spelled)).map { _ in String(spelled) }
    }

    /// Reads one token: `name`, `name:type`, `name:type[]{escape:\}`, `:ID(Space)`, `id:ID(Space)`,
    /// `:LABEL`, `:START_ID(Space)`, `:END_ID(Space)`, `:TYPE`, `:IGNORE`.
    init(
        token: String, dialect: CSVDialect, untyped: CSVHeader.Untyped
    ) throws(ValueFailure) {
        text = token
        list.delimiter = dialect.listDelimiter
        var bytes = Array(token.utf8)[...]
        var option = ""
        if bytes.last == 0x7D, let open = bytes.lastIndex(of: 0x7B), open > 0 {
            option = String(decoding: bytes[(open + 1)...].dropLast(), as: UTF8.self)
            bytes = bytes[..<open]
        }
        guard let colon = bytes.lastIndex(of: 0x3A) else {
            role = .property
            type = untyped == .string ? ValueType(.string) : nil
            try setKey(String(decoding: bytes, as: UTF8.self))
            return
        }
        let name = String(decoding: bytes[..<colon], as: UTF8.self)
        var typeText = String(decoding: bytes[(colon + 1)...], as: UTF8.self)
        var space = ""
        if typeText.utf8.last == 0x29, let open = typeText.utf8.firstIndex(of: 0x28) {
            space = String(typeText[open...].dropFirst().dropLast())
            typeText = String(typeText[..<open])
        }
        role = .property
        try setRole(typeText: typeText, space: space, name: name, untyped: untyped)
        try setOption(option)
    }

    /// Gives the column a role that is no property.
    fileprivate mutating func become(_ role: Role) {
        self.role = role
        key = nil
        type = nil
    }

    private mutating func setRole(
        typeText: String, space: String, name: String, untyped: CSVHeader.Untyped
    ) throws(ValueFailure) {
        switch typeText.uppercased() {
        case "ID":
            role = .id(space: space)
            type = untyped == .string ? ValueType(.string) : nil
            if !name.isEmpty { try setKey(name) }
        case "LABEL": role = .labels
        case "START_ID": role = .start(space: space)
        case "END_ID": role = .end(space: space)
        case "TYPE": role = .type
        case "IGNORE": role = .ignored
        default:
            guard space.isEmpty, let found = ValueType(name: typeText) else {
                throw ValueFailure(
                    "Column '\(text.prefix(60))' has an unknown type; use \(ValueType.knownNames).")
            }
            type = found
            try setKey(name)
        }
    }

    private mutating func setKey(_ name: String) throws(ValueFailure) {
        guard !name.isEmpty else {
            throw ValueFailure("A column has no name; write name:type, or :IGNORE to leave it out.")
        }
        key = PropertyKey(name)
    }

    private mutating func setOption(_ option: String) throws(ValueFailure) {
        guard !option.isEmpty else { return }
        let parts = option.split(separator: ":", maxSplits: 1).map { $0.filter { $0 != " " } }
        if parts.count == 2, UTF8Order.equal(parts[0], "escape"), UTF8Order.equal(parts[1], "\\") {
            list.isEscaped = true
        } else if parts.count == 2, UTF8Order.equal(parts[0], "id-type"), case .id = role,
            let found = ValueType(name: parts[1]), !found.isList
        {
            type = found
        } else {
            throw ValueFailure(
                "Column '\(text.prefix(60))' has an unknown option; use {id-type:long} or {escape:\\}."
            )
        }
    }
}
