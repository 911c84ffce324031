import GraphStore
import PropertyGraph

/// Keeps the records of an import in a nameless temporary file, until one write transaction
/// takes them all.
///
/// | bytes | meaning |
/// | --- | --- |
/// | 4 | shape, the place in `shapes` |
/// | 4 | n, the length of the properties |
/// | 8 + 8 | source and target, of an edge only |
/// | n | the properties as a JSON object |
///
/// Numbers are little-endian. A node is named by its place among the nodes of the spool, or, with
/// the highest bit set, by its id in the database.
final class SpoolSink: GraphSink {
    /// Writes properties as JSON; runs on the workers.
    struct Encoding: RecordEncoding {
        let shape: Int
        let keys: [PropertyKey]

        func encode(_ values: [PropertyValue?], into bytes: inout [UInt8]) throws {
            bytes.append(0x7B)
            var isFirst = true
            for (index, value) in values.enumerated() {
                guard let value else { continue }
                if !isFirst { bytes.append(0x2C) }
                isFirst = false
                JSONWriter.append(keys[index].name, to: &bytes)
                bytes.append(0x3A)
                JSONWriter.append(value, to: &bytes)
            }
            bytes.append(0x7D)
        }
    }

    static let existingBit: UInt64 = 1 << 63

    private let file: OutputDescriptor
    private let lookup: (String) throws -> NodeID?
    private let limits: StoreLimits
    private var shapes: [RecordShape] = []
    private var buffer: [UInt8] = []
    private var nodes: UInt64 = 0

    /// Makes an empty spool.
    ///
    /// - Parameter lookup: finds a node that is in the database by the id a file gives it.
    init(
        limits: StoreLimits = StoreLimits(), lookup: @escaping (String) throws -> NodeID?
    ) throws {
        self.limits = limits
        file = try OutputDescriptor(nameless: FileSystem.temporaryFolder)
        self.lookup = lookup
    }

    func encoding(for shape: RecordShape) throws -> Encoding? {
        // The database would refuse it at the end, when nothing knows the line any more.
        switch shape.kind {
        case .node(let labels): try limits.check(labels: labels, types: [], keys: shape.keys)
        case .edge(let type): try limits.check(labels: [], types: [type], keys: shape.keys)
        }
        shapes.append(shape)
        return Encoding(shape: shapes.count - 1, keys: shape.keys)
    }

    func addNode(_ encoding: Encoding, _ bytes: Span<UInt8>) throws -> NodeID {
        append(UInt64(encoding.shape), width: 4)
        append(UInt64(bytes.count), width: 4)
        try append(bytes)
        defer { nodes += 1 }
        return NodeID(nodes)
    }

    func addEdge(
        _ encoding: Encoding, source: NodeID, target: NodeID, _ bytes: Span<UInt8>
    ) throws {
        append(UInt64(encoding.shape), width: 4)
        append(UInt64(bytes.count), width: 4)
        append(source.rawValue, width: 8)
        append(target.rawValue, width: 8)
        try append(bytes)
    }

    func putNode(_ shape: RecordShape, _ values: [PropertyValue?]) throws -> NodeID {
        throw FormatError(.store, "A spool takes encoded records only.")
    }

    func putEdge(
        _ shape: RecordShape, source: NodeID, target: NodeID, _ values: [PropertyValue?]
    ) throws {
        throw FormatError(.store, "A spool takes encoded records only.")
    }

    func existingNode(_ id: String) throws -> NodeID? {
        try lookup(id).map { NodeID($0.rawValue | Self.existingBit) }
    }

    /// Everything spooled, to be read as often as needed.
    func finish() throws -> SpoolContents {
        try file.write(buffer)
        buffer = []
        return SpoolContents(file: file, shapes: shapes)
    }

    private func append(_ value: UInt64, width: Int) {
        for byte in 0..<width {
            buffer.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * byte)))
        }
    }

    private func append(_ bytes: Span<UInt8>) throws {
        for index in bytes.indices { buffer.append(bytes[index]) }
        if buffer.count > 1 << 20 {
            try file.write(buffer)
            buffer.removeAll(keepingCapacity: true)
        }
    }
}

/// The records of a finished spool.
struct SpoolContents: Sendable {
    let file: OutputDescriptor
    let shapes: [RecordShape]

    /// One record.
    struct Record {
        var shape: RecordShape
        var source: UInt64
        var target: UInt64
        var properties: Properties
    }

    /// Calls `body` for each record, in the order of the spool.
    func forEach(_ body: (Record) throws -> Void) throws {
        let input = try file.reopenedForReading()
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        var start = 0
        var end = 0
        func need(_ count: Int) throws -> Bool {
            if end - start >= count { return true }
            bytes.replaceSubrange(0..<start, with: [])
            end -= start
            start = 0
            bytes += [UInt8](repeating: 0, count: max(count, 1 << 20) - bytes.count)
            while end < count {
                let came = try input.read(into: &bytes, from: end)
                if came == 0 { return false }
                end += came
            }
            return true
        }
        func take(_ width: Int) -> UInt64 {
            var value: UInt64 = 0
            for byte in 0..<width { value |= UInt64(bytes[start + byte]) << UInt64(8 * byte) }
            start += width
            return value
        }
        while try need(8) {
            let shape = shapes[Int(take(4))]
            let length = Int(take(4))
            guard try need(length + (shape.isNode ? 0 : 16)) else {
                throw FormatError(.inputOutput, "The temporary file was cut; check the free space.")
            }
            let source = shape.isNode ? 0 : take(8)
            let target = shape.isNode ? 0 : take(8)
            var properties: Properties = [:]
            var index = 0
            let json = bytes.span.extracting(start..<start + length)
            do {
                for (key, value) in try JSONPropertyReader.properties(json, &index, depth: 8) {
                    properties[key] = value
                }
            } catch {
                throw FormatError(.inputOutput, "The temporary file is damaged: \(error.message)")
            }
            start += length
            try body(
                Record(shape: shape, source: source, target: target, properties: properties))
        }
    }
}
