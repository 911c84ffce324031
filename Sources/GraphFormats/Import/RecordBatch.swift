import PropertyGraph
import Synchronization

/// The id of a node as a file writes it.
///
/// A text that is the plain decimal form of a 64-bit integer is kept as that integer, which loses
/// nothing; `007` and `+7` are texts.
struct ExternalID: Sendable {
    /// The id space, as `IDSpaces` numbers it.
    var space: Int32
    /// The length of a text in the batch's `idBytes`; −1 for an integer.
    var length: Int32
    /// The integer, or where the text begins.
    var value: Int64
    /// The hash of the text; unused for an integer.
    var hash: UInt64

    var isInteger: Bool { length < 0 }
    var range: Range<Int> { Int(value)..<Int(value) + Int(length) }

    /// The integer whose plain decimal form the bytes are; nil when there is none.
    static func integer(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
        guard !range.isEmpty, range.count <= 20 else { return nil }
        var first = range.lowerBound
        if bytes[first] == 0x2D { first += 1 }
        guard first < range.upperBound, bytes[first] != 0x2B else { return nil }
        if bytes[first] == 0x30, range.count > 1 { return nil }
        return try? NumberText.integer(bytes, range)
    }
}

/// The records of one block, parsed and encoded by a worker.
struct RecordBatch: Sendable {
    /// One node or edge.
    struct Entry: Sendable {
        /// The line within the block, from 1.
        var line: Int
        /// The place in `registry`, or −1 − the place in `newShapes`.
        var shape: Int
        /// The bytes in `bytes`; for a new shape or a sink of values the place in `values`.
        var payload: Range<Int>
        /// The id of a node, or the source of an edge.
        var first: ExternalID?
        /// The target of an edge.
        var second: ExternalID?
        var isNode: Bool
        /// The nodes at the ends of an edge, where a worker found them already.
        var source: NodeID?
        var target: NodeID?
    }

    var entries: [Entry] = []
    var bytes: [UInt8] = []
    var idBytes: [UInt8] = []
    var values: [[PropertyValue?]] = []
    var newShapes: [RecordShape] = []
    var problems: [FormatError] = []
    var lines = 0
    /// How many entries of a matrix were read; those across the diagonal are not counted.
    var entriesRead = 0
    /// Whether records that this pass does not want were met.
    var hasUnwanted = false

    /// Finds the ends of edges among the nodes that are there; the others stay open.
    mutating func findEnds(in directory: NodeDirectory) {
        for place in entries.indices where !entries[place].isNode {
            entries[place].source = entries[place].first.flatMap { directory.node($0, in: self) }
            entries[place].target = entries[place].second.flatMap { directory.node($0, in: self) }
        }
    }

    /// Takes over the bytes of an id.
    mutating func id(_ bytes: Span<UInt8>, _ range: Range<Int>, space: Int32) -> ExternalID {
        if let integer = ExternalID.integer(bytes, range) {
            return ExternalID(space: space, length: -1, value: integer, hash: 0)
        }
        let start = idBytes.count
        for index in range { idBytes.append(bytes[index]) }
        return ExternalID(
            space: space, length: Int32(truncatingIfNeeded: range.count), value: Int64(start),
            hash: ByteHash.hash(bytes, range))
    }

    /// Takes an id given as a text.
    mutating func id(_ text: String, space: Int32) -> ExternalID {
        let bytes = Array(text.utf8)
        return id(bytes.span, 0..<bytes.count, space: space)
    }

    /// The text of an id, for messages.
    func text(of id: ExternalID) -> String {
        id.isInteger ? String(id.value) : String(decoding: idBytes[id.range], as: UTF8.self)
    }
}

/// The encodings made so far; workers look shapes up, the delivering thread adds new ones.
///
/// A worker that meets a new shape hands over values, and the record is encoded at delivery; after
/// the first blocks every shape is known. A sink that wants values never adds any.
final class EncodingRegistry<Encoding: RecordEncoding>: Sendable {
    struct State: Sendable {
        var places: [RecordShape: Int] = [:]
        var encodings: [Encoding?] = []
        var shapes: [RecordShape] = []
    }

    private let state = Mutex(State())

    /// The encodings as they are now.
    var snapshot: State { state.withLock { $0 } }

    /// The place of a shape, made by asking the sink when new.
    func place(of shape: RecordShape, _ make: () throws -> Encoding?) throws -> Int {
        if let place = state.withLock({ $0.places[shape] }) { return place }
        let encoding = try make()
        return state.withLock { state in
            let place = state.shapes.count
            state.places[shape] = place
            state.shapes.append(shape)
            state.encodings.append(encoding)
            return place
        }
    }
}

/// Adds records to a batch, encoded when their shape is known.
struct RecordWriter<Encoding: RecordEncoding> {
    let state: EncodingRegistry<Encoding>.State
    private var newPlaces: [RecordShape: Int] = [:]

    init(_ registry: EncodingRegistry<Encoding>) { state = registry.snapshot }

    /// Where records of a shape go; worth keeping between records of one shape.
    mutating func place(of shape: RecordShape, in batch: inout RecordBatch) -> Int {
        if let place = state.places[shape] { return place }
        if let place = newPlaces[shape] { return place }
        batch.newShapes.append(shape)
        let place = -batch.newShapes.count
        newPlaces[shape] = place
        return place
    }

    /// Adds a record.
    ///
    /// - Throws: what the encoding throws; the batch is then as before.
    func write(
        _ values: [PropertyValue?], place: Int, line: Int, first: ExternalID?,
        second: ExternalID?, isNode: Bool, to batch: inout RecordBatch
    ) throws {
        var payload = batch.values.count..<batch.values.count
        let start = batch.bytes.count
        do {
            // Not bound to a name, which would count a reference up and down.
            if place >= 0,
                try state.encodings[place]?.encode(values, into: &batch.bytes) != nil
            {
                payload = start..<batch.bytes.count
            } else {
                batch.values.append(values)
            }
        } catch {
            batch.bytes.removeLast(batch.bytes.count - start)
            throw error
        }
        batch.entries.append(
            RecordBatch.Entry(
                line: line, shape: place, payload: payload, first: first, second: second,
                isNode: isNode))
    }
}
