internal import LMDB
internal import PropertyGraph

/// Writes the derived file of a graph.
struct GraphFileWriter {
    /// An array of any element type.
    fileprivate enum Payload {
        case uint8(CSRBuffer<UInt8>)
        case uint32(CSRBuffer<UInt32>)
        case uint64(CSRBuffer<UInt64>)
        case int64(CSRBuffer<Int64>)
        case double(CSRBuffer<Double>)
    }

    fileprivate struct NamedArray {
        let part: GraphFileSection.Part
        let name: [UInt8]
        let payload: Payload
        let isExact: Bool
    }

    private let graph: CSRGraph
    private let stamp: GraphFileStamp
    private var arrays: [NamedArray] = []

    init(_ graph: CSRGraph, _ stamp: GraphFileStamp) {
        self.graph = graph
        self.stamp = stamp
        add(
            graph.outgoing,
            (.outgoingOffsets, .outgoingTargets, .outgoingWeights, .outgoingEdges))
        if graph.isDirected, let incoming = graph.incoming {
            add(
                incoming,
                (.incomingOffsets, .incomingTargets, .incomingWeights, .incomingEdges))
        }
        if let ids = graph.nodeIDs { add(.nodeIDs, .uint64(ids)) }
        add(graph.nodeColumns, (.nodeValues, .nodePresence, .nodeTextOffsets, .nodeText))
        add(graph.edgeColumns, (.edgeValues, .edgePresence, .edgeTextOffsets, .edgeText))
    }

    private typealias FourParts = (
        GraphFileSection.Part, GraphFileSection.Part, GraphFileSection.Part, GraphFileSection.Part
    )

    private mutating func add(
        _ part: GraphFileSection.Part, _ payload: Payload, name: [UInt8] = [],
        isExact: Bool = false
    ) {
        arrays.append(NamedArray(part: part, name: name, payload: payload, isExact: isExact))
    }

    private mutating func add(_ rows: CSRRows, _ parts: FourParts) {
        add(parts.0, .uint64(rows.offsets))
        add(parts.1, .uint32(rows.targets))
        if let weights = rows.weights { add(parts.2, .double(weights)) }
        if let edges = rows.edges { add(parts.3, .uint64(edges)) }
    }

    private mutating func add(_ columns: [String: CSRColumn], _ parts: FourParts) {
        // Sorted, so that equal graphs are equal bytes.
        for (key, column) in columns.sorted(by: { UTF8Order.precedes($0.key, $1.key) }) {
            let name = [UInt8](key.utf8)
            let isExact = column.isExact
            switch column.values {
            case .integers(let values): add(parts.0, .int64(values), name: name, isExact: isExact)
            case .doubles(let values): add(parts.0, .double(values), name: name, isExact: isExact)
            case .booleans(let values): add(parts.0, .uint8(values), name: name, isExact: isExact)
            case .strings(let offsets, let bytes):
                add(parts.2, .uint64(offsets), name: name, isExact: isExact)
                add(parts.3, .uint8(bytes), name: name)
            case .dictionary(let codes, let offsets, let bytes):
                add(parts.0, .uint32(codes), name: name, isExact: isExact)
                add(parts.2, .uint64(offsets), name: name, isExact: isExact)
                add(parts.3, .uint8(bytes), name: name)
            }
            if let presence = column.presence { add(parts.1, .uint64(presence), name: name) }
        }
    }

    /// Writes everything; the caller publishes.
    ///
    /// - Parameter ask: Called for every piece that is summed up or written; what it throws ends the
    ///   writing.
    func write(to file: inout PublishedFile, asking ask: () throws -> Void = {}) throws {
        let names = arrays.reduce(0) { $0 + $1.name.count }
        let headerBytes = GraphFileLayout.aligned(
            GraphFileLayout.fixedBytes + arrays.count * GraphFileLayout.sectionBytes
                + stamp.projection.count + names)
        var sections: [GraphFileSection] = []
        var offset = headerBytes
        for array in arrays {
            let section = try array.section(at: offset, asking: ask)
            sections.append(section)
            offset = GraphFileLayout.aligned(offset + section.byteCount)
        }
        let header = header(sections, headerBytes: headerBytes, fileBytes: offset)
        try file.append(header.rawSpan)
        for array in arrays {
            try array.append(to: &file, asking: ask)
            try file.pad(toMultipleOf: GraphFileLayout.alignment)
        }
    }

    private func header(
        _ sections: [GraphFileSection], headerBytes: Int, fileBytes: Int
    ) -> [UInt8] {
        var flags = graph.isDirected ? GraphFileLayout.directedFlag : 0
        if graph.isDirected, graph.incoming != nil { flags |= GraphFileLayout.incomingFlag }
        // The checksum comes in front of what it covers, so the rest is written first.
        var rest = ByteWriter(capacity: headerBytes)
        for number in [headerBytes, fileBytes] { rest.appendLE64(UInt64(number)) }
        for number in [stamp.position, stamp.token] { rest.appendLE64(number) }
        for number in [graph.nodeCount, graph.edgeCount] { rest.appendLE64(UInt64(number)) }
        let names = sections.flatMap(\.name)
        for number in [sections.count, stamp.projection.count, names.count, 0] {
            rest.appendLE32(UInt32(clamping: number))
        }
        rest.append(utf8: stamp.identity)
        rest.appendLE64(0)
        var nameStart = 0
        for section in sections {
            rest.appendLE16(section.part.rawValue)
            rest.appendLE16(section.element.rawValue)
            rest.appendLE32(UInt32(clamping: nameStart))
            rest.appendLE32(UInt32(clamping: section.name.count))
            rest.appendLE32(section.isExact ? 1 : 0)
            rest.appendLE64(UInt64(section.offset))
            rest.appendLE64(UInt64(section.count))
            rest.appendLE64(section.checksum)
            nameStart += section.name.count
        }
        rest.append(stamp.projection)
        rest.append(names)
        while rest.count < headerBytes - GraphFileLayout.checkedFrom { rest.append(0 as UInt8) }

        var header = ByteWriter(capacity: headerBytes)
        header.appendLE64(GraphFileLayout.magic)
        header.appendLE32(GraphFileLayout.version)
        header.appendLE32(flags)
        header.appendLE64(
            rest.span.hash64(seed: UInt64(GraphFileLayout.version) << 32 | UInt64(flags)))
        header.append(rest.span)
        return header.bytes
    }
}

extension GraphFileWriter.NamedArray {
    fileprivate func section(
        at offset: Int, asking ask: () throws -> Void
    ) throws -> GraphFileSection {
        var pieces: [UInt64] = []
        try forEachPiece(at: offset) { piece in
            try ask()
            pieces.append(piece.hash64())
        }
        return bare(at: offset, checksum: GraphFileSection.checksum(pieces))
    }

    fileprivate func append(
        to file: inout PublishedFile, asking ask: () throws -> Void
    ) throws {
        try forEachPiece(at: 0) { piece in
            try ask()
            try file.append(piece)
        }
    }

    private func forEachPiece(at offset: Int, _ body: (RawSpan) throws -> Void) throws {
        let section = bare(at: offset)
        for index in 0..<section.pieces {
            let range = section.piece(index)
            switch payload {
            case .uint8(let buffer): try body(buffer.bytes.extracting(range))
            case .uint32(let buffer): try body(buffer.bytes.extracting(range))
            case .uint64(let buffer): try body(buffer.bytes.extracting(range))
            case .int64(let buffer): try body(buffer.bytes.extracting(range))
            case .double(let buffer): try body(buffer.bytes.extracting(range))
            }
        }
    }

    /// What the section of the array is, but for its checksum.
    private func bare(at offset: Int, checksum: UInt64 = 0) -> GraphFileSection {
        let (element, count): (GraphFileSection.Element, Int) =
            switch payload {
            case .uint8(let buffer): (.uint8, buffer.count)
            case .uint32(let buffer): (.uint32, buffer.count)
            case .uint64(let buffer): (.uint64, buffer.count)
            case .int64(let buffer): (.int64, buffer.count)
            case .double(let buffer): (.double, buffer.count)
            }
        return GraphFileSection(
            part: part, element: element, name: name, offset: offset, count: count,
            checksum: checksum, isExact: isExact)
    }
}
