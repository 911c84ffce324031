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
        /// Labels or type as the record names them; the field they were in, not yet read.
        var kind: RecordShape.Kind?
        var kindField: Range<Int>?
        var first: ExternalID?
        var second: ExternalID?
    }

    /// A column without references, so that the loop over fields counts none.
    private struct Plan {
        enum Role { case id, labels, start, end, type, property, ignored }

        var role: Role
        var position: Int
        var type: ValueType?
        var list: ListText
        var space: Int32
    }

    /// The labels or types of the last few records, by their bytes: most records repeat them.
    private struct KindCache {
        private var entries: [(bytes: [UInt8], place: Int)] = []
        private var oldest = 0

        func place(_ source: Span<UInt8>, _ range: Range<Int>) -> Int? {
            for entry in entries.indices where entries[entry].bytes.count == range.count {
                var index = range.lowerBound
                while index < range.upperBound,
                    entries[entry].bytes[index - range.lowerBound] == source[index]
                {
                    index += 1
                }
                if index == range.upperBound { return entries[entry].place }
            }
            return nil
        }

        mutating func insert(_ bytes: [UInt8], place: Int) {
            if entries.count < 8 {
                entries.append((bytes, place))
            } else {
                entries[oldest] = (bytes, place)
                oldest = (oldest + 1) % entries.count
            }
        }
    }

    /// Where in the block a record stands.
    private struct Place {
        var start: Int
        var line: Int
    }

    /// The property keys of the file: the positions of values in a record.
    var keys: [PropertyKey] {
        var found: [PropertyKey] = []
        for column in header.columns {
            if let key = column.key, !found.contains(key) { found.append(key) }
        }
        return found
    }

    private func plans(_ keys: [PropertyKey]) -> [Plan] {
        header.columns.enumerated().map { index, column in
            let role: Plan.Role =
                switch column.role {
                case .id: .id
                case .labels: .labels
                case .start: .start
                case .end: .end
                case .type: .type
                case .property: .property
                case .ignored: .ignored
                }
            return Plan(
                role: role, position: column.key.flatMap { keys.firstIndex(of: $0) } ?? -1,
                type: column.type, list: column.list, space: spaces[index])
        }
    }

    func parse(_ block: Block) -> RecordBatch {
        let bytes = block.span
        var batch = RecordBatch()
        var writer = RecordWriter(registry)
        var fields: [CSVScanner.Field] = []
        let keys = keys
        let plans = plans(keys)
        var values = [PropertyValue?](repeating: nil, count: keys.count)
        var cache = KindCache()
        var plainPlace: Int?
        var index = 0
        var line = 1
        while index < bytes.count {
            let place = Place(start: index, line: line)
            let failure = scanner.next(bytes, &index, &fields)
            line +=
                fields.contains { $0.isQuoted }
                ? CSVScanner.lineEnds(bytes, place.start..<index) : 1
            if fields.count == 1, fields[0].range.isEmpty, !fields[0].isQuoted { continue }
            do {
                if let failure {
                    throw located(.malformed, failure.message, failure.position, place, bytes)
                }
                let identity = try read(fields, bytes, place, plans, &values, &batch)
                let shapePlace: Int
                if let field = identity.kindField {
                    if let known = cache.place(bytes, field) {
                        shapePlace = known
                    } else {
                        let kind = try kind(bytes, field, place)
                        shapePlace = writer.place(of: RecordShape(kind, keys: keys), in: &batch)
                        cache.insert(field.map { bytes[$0] }, place: shapePlace)
                    }
                } else if identity.kind == nil, let plainPlace {
                    shapePlace = plainPlace
                } else {
                    let kind = try identity.kind ?? kindWithoutField(place)
                    shapePlace = writer.place(of: RecordShape(kind, keys: keys), in: &batch)
                    if identity.kind == nil { plainPlace = shapePlace }
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

    /// The labels or type of a record whose field for them is absent.
    private func kindWithoutField(_ place: Place) throws(FormatError) -> RecordShape.Kind {
        if header.kind == .nodes { return .node(hasKindColumn ? extraLabels : defaultLabels) }
        if !hasKindColumn { return .edge(defaultType) }
        throw FormatError(
            .badValue, "The edge has no type; fill the :TYPE column or drop it and name a type.",
            line: place.line)
    }

    private func kind(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ place: Place
    ) throws(FormatError) -> RecordShape.Kind {
        do throws(ValueFailure) {
            return try kind(bytes, range)
        } catch {
            throw located(error.code, error.message, range.lowerBound, place, bytes)
        }
    }

    private func kind(
        _ bytes: Span<UInt8>, _ range: Range<Int>
    ) throws(ValueFailure) -> RecordShape.Kind {
        guard header.kind == .edges else { return .node(try labels(bytes, range)) }
        let name = try ValueText.text(bytes, range)
        guard !name.isEmpty else {
            throw ValueFailure("The type is empty; name one.")
        }
        return .edge(EdgeType(name))
    }

    private func read(
        _ fields: [CSVScanner.Field], _ bytes: Span<UInt8>, _ place: Place, _ plans: [Plan],
        _ values: inout [PropertyValue?], _ batch: inout RecordBatch
    ) throws(FormatError) -> Identity {
        guard fields.count == plans.count else {
            throw located(
                .malformed,
                """
                The record has \(fields.count) fields, the header \(plans.count) columns; check \
                the delimiter and quote fields that hold it.
                """, place.start, place, bytes)
        }
        for index in values.indices { values[index] = nil }
        var identity = Identity()
        for (index, field) in fields.enumerated() {
            let plan = plans[index]
            if plan.role == .ignored { continue }
            if field.range.isEmpty, !field.isQuoted {
                if plan.role == .id || plan.role == .start || plan.role == .end {
                    throw located(
                        .badValue,
                        "The id is empty; give every node, and both ends of every edge, one.",
                        field.range.lowerBound, place, bytes)
                }
                continue
            }
            do throws(ValueFailure) {
                if field.hasDoubledQuotes {
                    let plain = scanner.unquoted(bytes, field.range)
                    let range = 0..<plain.count
                    if plan.role == .labels || plan.role == .type {
                        identity.kind = try kind(plain.span, range)
                    } else {
                        try take(plain.span, range, plan, &values, &identity, &batch)
                    }
                } else if plan.role == .labels || plan.role == .type {
                    identity.kindField = field.range
                } else {
                    try take(bytes, field.range, plan, &values, &identity, &batch)
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

    /// Takes an id or a property that is not absent.
    private func take(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ plan: Plan,
        _ values: inout [PropertyValue?], _ identity: inout Identity, _ batch: inout RecordBatch
    ) throws(ValueFailure) {
        switch plan.role {
        case .start, .id: identity.first = try id(bytes, range, plan.space, &batch)
        case .end: identity.second = try id(bytes, range, plan.space, &batch)
        default: break
        }
        guard plan.position >= 0, let type = plan.type else { return }
        guard values[plan.position] == nil else {
            throw ValueFailure("Two columns of one property both have a value; leave one empty.")
        }
        values[plan.position] =
            type.isList || type.scalar == .vector
            ? try plan.list.parse(bytes, range, of: type)
            : try ValueText.scalar(bytes, range, as: type)
    }

    private func id(
        _ bytes: Span<UInt8>, _ range: Range<Int>, _ space: Int32, _ batch: inout RecordBatch
    ) throws(ValueFailure) -> ExternalID {
        guard UTF8Check.isValid(bytes, range) else {
            throw ValueFailure(
                "The id is not UTF-8; convert the file to UTF-8.", code: .invalidText)
        }
        return batch.id(bytes, range, space: space)
    }

    private func labels(
        _ bytes: Span<UInt8>, _ range: Range<Int>
    ) throws(ValueFailure) -> [Label] {
        let list = header.columns.first { $0.role == .labels }?.list ?? ListText()
        let parsed = try list.parse(bytes, range, of: ValueType(.string))
        guard let names = parsed.listValue else { return [] }
        guard names.count <= limits.maximumLabels else {
            throw ValueFailure(
                "The node has \(names.count) labels, more than the limit of "
                    + "\(limits.maximumLabels); make some of them values of a list property.",
                code: .limitExceeded)
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
