import PropertyGraph

/// Gathers the records of a format that one thread reads from end to end, such as XML.
///
/// Lines are those of the file, so a batch of a collector says it has none of its own.
struct RecordCollector<Encoding: RecordEncoding> {
    /// One node or edge on its way.
    struct Record {
        var line: Int
        var labels: Set<Label> = []
        var type: EdgeType?
        var id: String?
        var source: String?
        var target: String?
        var properties: [PropertyKey: PropertyValue] = [:]
    }

    let registry: EncodingRegistry<Encoding>
    /// Which records are wanted; the others are dropped.
    let pass: RecordPass
    let options: ImportOptions
    private var batch = RecordBatch()
    private var writer: RecordWriter<Encoding>
    private var lastShape: RecordShape?
    private var lastPlace = 0

    init(_ registry: EncodingRegistry<Encoding>, pass: RecordPass, options: ImportOptions) {
        self.registry = registry
        self.pass = pass
        self.options = options
        writer = RecordWriter(registry)
    }

    /// Everything gathered since the last time.
    mutating func take() -> RecordBatch {
        defer {
            batch = RecordBatch()
            writer = RecordWriter(registry)
            lastShape = nil
        }
        return batch
    }

    /// How many records wait.
    var count: Int { batch.entries.count }

    /// Notes that a record cannot be taken.
    mutating func refuse(_ problem: FormatError) { batch.problems.append(problem) }

    /// Notes that there are records of the other pass.
    mutating func sawUnwanted() { batch.hasUnwanted = true }

    /// Takes a node; its id becomes a property if the options say so.
    mutating func add(node record: Record) {
        guard pass.takes(isNode: true) else { return sawUnwanted() }
        var record = record
        record.labels.formUnion(options.labels)
        if let key = options.idProperty, let id = record.id, record.properties[key] == nil {
            record.properties[key] = .string(id)
        }
        let id = record.id.map { batch.id($0, space: 0) }
        write(record, .node(record.labels.sorted()), id, nil)
    }

    /// Takes an edge between two ids; without a type of its own it gets that of the options.
    mutating func add(edge record: Record) {
        guard pass.takes(isNode: false) else { return sawUnwanted() }
        guard let source = record.source, let target = record.target else { return }
        let type = record.type ?? options.edgeType ?? "EDGE"
        write(
            record, .edge(type), batch.id(source, space: 0), batch.id(target, space: 0))
    }

    private mutating func write(
        _ record: Record, _ kind: RecordShape.Kind, _ first: ExternalID?, _ second: ExternalID?
    ) {
        let properties = record.properties.sorted { $0.key < $1.key }
        let shape = RecordShape(kind, keys: properties.map(\.key))
        if shape != lastShape {
            lastPlace = writer.place(of: shape, in: &batch)
            lastShape = shape
        }
        do {
            try writer.write(
                properties.map(\.value), place: lastPlace, line: record.line, first: first,
                second: second, isNode: second == nil, to: &batch)
        } catch {
            refuse(FormatError(.store, "\(error)", line: record.line))
        }
    }
}
