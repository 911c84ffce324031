import PropertyGraph

/// Turns a block of CSV records into a batch. Pure: any thread may run it.
struct CSVRecordParser<Encoding: RecordEncoding>: Sendable {
    let header: CSVHeader
    let scanner: CSVScanner
    let registry: EncodingRegistry<Encoding>
    let limits: InputLimits
    /// Labels of a node whose file has no `:LABEL` column.
    let defaultLabels: [Label]
    /// Labels that every node gets beside those of its `:LABEL` column.
    let extraLabels: [Label]
    /// The type of an edge whose file has no `:TYPE` column.
    let defaultType: EdgeType
    /// Whether the file has a `:LABEL` or `:TYPE` column.
    let hasKindColumn: Bool
    /// The number of the id space of each column that has one.
    let spaces: [Int32]

    /// What a record says beside its properties.
    private struct Identity {
        var labels: [Label]?
        var type: EdgeType?
        var first: ExternalID?
        var second: ExternalID?
    }

    /// Where in the block a record stands.
    private struct Place {
        var start: Int
        var line: Int
    }

    /// What to do with a column, without the names of its header: copied for every field.
    private struct FieldPlan {
        enum Role { case ignored, labels, type, first, second, property }

        var role: Role
        /// Whether the field may not be empty.
        var isRequired: Bool
        /// The position of the value in a record; −1 for none.
        var position: Int
        var type: ValueType?
        var isList: Bool

        init(_ column: CSVColumn, keys: [PropertyKey]) {
            (role, isRequired) =
                switch column.role {
                case .ignored: (.ignored, false)
                case .labels: (.labels, false)
                case .type: (.type, false)
                case .id, .start: (.first, true)
                case .end: (.second, true)
                case .property: (.property, false)
                }
            type = column.type
            isList = column.type.map { $0.isList || $0.scalar == .vector } ?? false
            position = column.key.flatMap { keys.firstIndex(of: $0) } ?? -1
        }
    }

    /// The property keys of the file: the positions of values in a record.
    var keys: [PropertyKey] {
        var found: [PropertyKey] = []
        for column in header.columns {
            if let key = column.key, !found.contains(key) { found.append(key) }
        }
        return found
    }

    func parse(_ block: Block) -> RecordBatch {
        let bytes = block.span
        var batch = RecordBatch()
        var writer = RecordWriter(registry)
        var fields: [CSVScanner.Field] = []
        let keys = keys
        let plans = header.columns.map { FieldPlan($0, keys: keys) }
        var values = [PropertyValue?](repeating: nil, count: keys.count)
        var lastKind: RecordShape.Kind?
        var shapePlace = 0
        var index = 0
        var line = 1
        while index < bytes.count {
            let place = Place(start: index, line: line)
            let failure = scanner.next(bytes, &index, &fields)
            line += CSVScanner.lineEnds(bytes, place.start..<index)
            if fields.count == 1, fields[0].range.isEmpty, !fields[0].isQuoted { continue }
            do {
                if let failure {
                    throw located(.malformed, failure.message, failure.position, place, bytes)
                }
                let identity = try read(fields, bytes, place, plans, &values, &batch)
                // Without such a column all records of the file are of one kind.
                let kind = hasKindColumn || lastKind == nil ? try kind(of: identity, place) : nil
                if let kind, kind != lastKind {
                    shapePlace = writer.place(of: RecordShape(kind, keys: keys), in: &batch)
                    lastKind = kind
                }
                try writer.write(
                    values, place: shapePlace, line: place.line, first: identity.first,
                    second: identity.second, isNode: header.kind == .nodes, to: &batch)
            } catch let error as FormatError {
                batch.problems.append(error)
            } catch {
                batch.problems.append(FormatError(.store, "\(error)", line: place.line))
            }
        }
        batch.lines = line - 1
        return batch
    }

    private func kind(
        of identity: Identity, _ place: Place
    ) throws(FormatError) -> RecordShape.Kind {
        if header.kind == .nodes {
            return .node(identity.labels ?? (hasKindColumn ? extraLabels : defaultLabels))
        }
        if let type = identity.type ?? (hasKindColumn ? nil : defaultType) { return .edge(type) }
        throw FormatError(
            .badValue, "The edge has no type; fill the :TYPE column or drop it and name a type.",
            line: place.line)
    }

    private func read(
        _ fields: [CSVScanner.Field], _ bytes: Span<UInt8>, _ place: Place, _ plans: [FieldPlan],
        _ values: inout [PropertyValue?], _ batch: inout RecordBatch
    ) throws(FormatError) -> Identity {
        guard fields.count == header.columns.count else {
            throw located(
                .malformed,
                """
                The record has \(fields.count) fields, the header \(header.columns.count) columns; \
                check the delimiter and quote fields that hold it.
                """, place.start, place, bytes)
        }
        for index in values.indices { values[index] = nil }
        var identity = Identity()
        for index in fields.indices {
            let field = fields[index]
            let plan = plans[index]
            if plan.role == .ignored { continue }
            if field.range.isEmpty, !field.isQuoted {
                guard plan.isRequired else { continue }
                throw located(
                    .badValue,
                    "The id is empty; give every node, and both ends of every edge, one.",
                    field.range.lowerBound, place, bytes)
            }
            do throws(ValueFailure) {
                if field.hasDoubledQuotes {
                    let plain = scanner.unquoted(bytes, field.range)
                    try take(
                        plain.span, 0..<plain.count, index, plan, &values, &identity, &batch)
                } else {
                    try take(bytes, field.range, index, plan, &values, &identity, &batch)
                }
            } catch {
                throw located(
                    error.code,
                    "\(error.message) Column '\(header.columns[index].text.prefix(60))'.",
                    field.range.lowerBound - (field.isQuoted ? 1 : 0), place, bytes)
            }
        }
        return identity
    }

    /// Takes one field that is not absent.
    private func take(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ index: Int, _ plan: FieldPlan,
        _ values: inout [PropertyValue?], _ identity: inout Identity, _ batch: inout RecordBatch
    ) throws(ValueFailure) {
        switch plan.role {
        case .ignored: return
        case .labels: identity.labels = try labels(bytes, range, header.columns[index])
        case .type:
            let name = try ValueText.text(bytes, range)
            if !name.isEmpty { identity.type = EdgeType(name) }
        case .first: identity.first = try id(bytes, range, index, &batch)
        case .second: identity.second = try id(bytes, range, index, &batch)
        case .property: break
        }
        guard plan.position >= 0, let type = plan.type else { return }
        guard values[plan.position] == nil else {
            throw ValueFailure("Two columns of one property both have a value; leave one empty.")
        }
        values[plan.position] =
            plan.isList
            ? try header.columns[index].list.parse(bytes, range, of: type)
            : try ValueText.scalar(bytes, range, as: type)
    }

    private func id(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ index: Int, _ batch: inout RecordBatch
    ) throws(ValueFailure) -> ExternalID {
        guard UTF8Check.isValid(bytes, range) else {
            throw ValueFailure(
                "The id is not UTF-8; convert the file to UTF-8.", code: .invalidText)
        }
        return batch.id(bytes, range, space: spaces[index])
    }

    private func labels(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ column: CSVColumn
    ) throws(ValueFailure) -> [Label] {
        let parsed = try column.list.parse(bytes, range, of: ValueType(.string))
        guard let names = parsed.listValue else { return [] }
        guard names.count <= limits.maximumLabels else {
            throw ValueFailure(
                "The node has \(names.count) labels, more than the limit of "
                    + "\(limits.maximumLabels); raise the limit.", code: .limitExceeded)
        }
        var labels = Set(extraLabels)
        for name in names {
            guard let name = name.stringValue, !name.isEmpty else {
                throw ValueFailure("A label is empty; separate labels by one ';' each.")
            }
            labels.insert(Label(name))
        }
        return labels.sorted()
    }

    /// An error at a byte of the block; slow, for it counts lines.
    private func located(
        _ code: FormatError.Code, _ message: String, _ position: Int, _ place: Place,
        _ bytes: Span<UInt8>
    ) -> FormatError {
        var lineStart = place.start
        for index in place.start..<max(place.start, min(position, bytes.count))
        where bytes[index] == 0x0A || bytes[index] == 0x0D { lineStart = index + 1 }
        let line = place.line + CSVScanner.lineEnds(bytes, place.start..<lineStart)
        return FormatError(code, message, line: line, column: position - lineStart + 1)
    }
}
