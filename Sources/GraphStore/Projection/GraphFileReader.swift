internal import Dispatch
internal import LMDB
internal import PropertyGraph

/// Maps a derived file and makes a graph of it.
///
/// Everything is checked once, when it is mapped: the header and every section by checksum, then
/// what kernels rely on, that offsets ascend and targets are nodes. Whatever does not hold makes
/// the file unusable, never an error: the graph can be built again.
struct GraphFileReader {
    private let storage: CSRStorage
    private let nodeCount: Int
    private let edgeCount: Int
    private let flags: UInt32
    private let sections: [GraphFileSection]

    /// Maps the file; nil unless it is whole and has this stamp.
    init?(path: String, stamp: GraphFileStamp) {
        guard let storage = CSRStorage.map(path: path), let head = Head(storage.bytes, stamp)
        else { return nil }
        self.storage = storage
        nodeCount = head.nodeCount
        edgeCount = head.edgeCount
        flags = head.flags
        sections = head.sections
    }

    /// The graph in the mapped memory; nil when anything is damaged.
    ///
    /// - Complexity: O(bytes), on all processors.
    func graph() -> CSRGraph? {
        guard hasSoundSections() else { return nil }
        let isDirected = flags & GraphFileLayout.directedFlag != 0
        guard
            let outgoing = rows(
                .outgoingOffsets, .outgoingTargets, .outgoingWeights, .outgoingEdges),
            isDirected ? edgeCount == outgoing.arcCount : edgeCount <= outgoing.arcCount
        else { return nil }
        var incoming: CSRRows?
        if flags & GraphFileLayout.incomingFlag != 0 {
            incoming = rows(
                .incomingOffsets, .incomingTargets, .incomingWeights, .incomingEdges)
            guard incoming?.arcCount == outgoing.arcCount else { return nil }
        }
        var ids: CSRBuffer<UInt64>?
        if let section = section(.nodeIDs) {
            ids = buffer(section, .uint64)
            guard let ids, ids.count == nodeCount, Self.ascends(ids.span, strictly: true) else {
                return nil
            }
        }
        guard
            let nodeColumns = columns(
                .nodeValues, .nodePresence, .nodeTextOffsets, .nodeText, rows: nodeCount),
            let edgeColumns = columns(
                .edgeValues, .edgePresence, .edgeTextOffsets, .edgeText, rows: outgoing.arcCount)
        else { return nil }
        return CSRGraph(
            nodeCount: nodeCount, edgeCount: edgeCount, isDirected: isDirected,
            outgoing: outgoing, incoming: incoming, nodeIDs: ids, nodeColumns: nodeColumns,
            edgeColumns: edgeColumns)
    }

    // MARK: Checksums

    private func hasSoundSections() -> Bool {
        let pieces = sections.flatMap { section in
            (0..<section.pieces).map { index in
                let piece = section.piece(index)
                return (section.offset + piece.lowerBound)..<(section.offset + piece.upperBound)
            }
        }
        // The lock of POSIX, as ThreadSanitizer cannot see into that of Synchronization.
        let hashes = Monitor([UInt64](repeating: 0, count: pieces.count))
        DispatchQueue.concurrentPerform(iterations: pieces.count) { piece in
            let hash = storage.bytes.extracting(pieces[piece]).hash64()
            hashes.withLock { $0[piece] = hash }
        }
        let found = hashes.withLock { $0 }
        var next = 0
        for section in sections {
            let end = next + section.pieces
            guard GraphFileSection.checksum([UInt64](found[next..<end])) == section.checksum else {
                return false
            }
            next = end
        }
        return true
    }

    // MARK: Arrays

    private func section(_ part: GraphFileSection.Part) -> GraphFileSection? {
        sections.first { $0.part == part }
    }

    private func buffer<Element: CSRElement>(
        _ section: GraphFileSection, _ element: GraphFileSection.Element
    ) -> CSRBuffer<Element>? {
        guard section.element == element else { return nil }
        return storage.buffer(at: section.offset, count: section.count)
    }

    private func rows(
        _ offsetPart: GraphFileSection.Part, _ targetPart: GraphFileSection.Part,
        _ weightPart: GraphFileSection.Part, _ edgePart: GraphFileSection.Part
    ) -> CSRRows? {
        guard let offsetSection = section(offsetPart), let targetSection = section(targetPart),
            let offsets: CSRBuffer<UInt64> = buffer(offsetSection, .uint64),
            let targets: CSRBuffer<UInt32> = buffer(targetSection, .uint32),
            offsets.count == nodeCount + 1, offsets[0] == 0,
            offsets[nodeCount] == UInt64(targets.count),
            Self.ascends(offsets.span, strictly: false), Self.largest(targets.span) < nodeCount
        else { return nil }
        var weights: CSRBuffer<Double>?
        if let section = section(weightPart) {
            weights = buffer(section, .double)
            guard weights?.count == targets.count else { return nil }
        }
        var edges: CSRBuffer<UInt64>?
        if let section = section(edgePart) {
            edges = buffer(section, .uint64)
            guard edges?.count == targets.count else { return nil }
        }
        return CSRRows(offsets: offsets, targets: targets, weights: weights, edges: edges)
    }

    private static func ascends(_ values: Span<UInt64>, strictly: Bool) -> Bool {
        var isSound = true
        var index = 1
        while index < values.count {
            let (before, after) = (values[index &- 1], values[index])
            // No early exit: without a branch the loop runs at the speed of memory.
            isSound = isSound && (strictly ? before < after : before <= after)
            index &+= 1
        }
        return isSound
    }

    /// The largest value; −1 for none.
    private static func largest(_ values: Span<UInt32>) -> Int {
        if values.isEmpty { return -1 }
        var largest: UInt32 = 0
        for index in values.indices { largest = max(largest, values[index]) }
        return Int(largest)
    }

    // MARK: Columns

    private func columns(
        _ valuePart: GraphFileSection.Part, _ presencePart: GraphFileSection.Part,
        _ offsetPart: GraphFileSection.Part, _ textPart: GraphFileSection.Part, rows: Int
    ) -> [String: CSRColumn]? {
        var columns: [String: CSRColumn] = [:]
        for section in sections where section.part == valuePart || section.part == offsetPart {
            if section.part == offsetPart, sibling(of: section, valuePart) != nil { continue }
            var presence: CSRBuffer<UInt64>?
            if let bits = sibling(of: section, presencePart) {
                presence = buffer(bits, .uint64)
                guard presence?.count == (rows + 63) / 64 else { return nil }
            }
            let values: CSRColumn.Values? =
                if section.part == offsetPart {
                    texts(section, sibling(of: section, textPart))
                } else if section.element == .uint32 {
                    codes(
                        section, sibling(of: section, offsetPart), sibling(of: section, textPart))
                } else {
                    self.values(section)
                }
            guard let values else { return nil }
            let column = CSRColumn(values, presence: presence, isExact: section.isExact)
            guard column.count == rows else { return nil }
            columns[String(decoding: section.name, as: UTF8.self)] = column
        }
        return columns
    }

    private func sibling(
        of section: GraphFileSection, _ part: GraphFileSection.Part
    ) -> GraphFileSection? {
        sections.first { $0.part == part && $0.name == section.name }
    }

    private func values(_ section: GraphFileSection) -> CSRColumn.Values? {
        switch section.element {
        case .int64: buffer(section, .int64).map { .integers($0) }
        case .double: buffer(section, .double).map { .doubles($0) }
        case .uint8: buffer(section, .uint8).map { .booleans($0) }
        default: nil
        }
    }

    private func texts(
        _ offsetSection: GraphFileSection, _ textSection: GraphFileSection?
    ) -> CSRColumn.Values? {
        guard let textSection,
            let offsets: CSRBuffer<UInt64> = buffer(offsetSection, .uint64),
            let bytes: CSRBuffer<UInt8> = buffer(textSection, .uint8),
            offsets.count > 0, offsets[offsets.count - 1] == UInt64(bytes.count),
            Self.ascends(offsets.span, strictly: false)
        else { return nil }
        return .strings(offsets: offsets, bytes: bytes)
    }

    /// Texts of a dictionary; every code must lead to one.
    private func codes(
        _ section: GraphFileSection, _ offsetSection: GraphFileSection?,
        _ textSection: GraphFileSection?
    ) -> CSRColumn.Values? {
        guard let offsetSection, let codes: CSRBuffer<UInt32> = buffer(section, .uint32),
            case .strings(let offsets, let bytes) = texts(offsetSection, textSection),
            Self.largest(codes.span) < offsets.count - 1
        else { return nil }
        return .dictionary(codes: codes, offsets: offsets, bytes: bytes)
    }
}

extension GraphFileReader {
    /// The header, checked against the stamp and the size of the file.
    private struct Head {
        let nodeCount: Int
        let edgeCount: Int
        let flags: UInt32
        let sections: [GraphFileSection]

        init?(_ file: RawSpan, _ stamp: GraphFileStamp) {
            guard file.byteCount >= GraphFileLayout.fixedBytes,
                file.loadLE64(at: 0) == GraphFileLayout.magic,
                file.loadLE32(at: 8) == GraphFileLayout.version,
                file.loadLE64(at: 32) == UInt64(file.byteCount),
                let headerBytes = Int(exactly: file.loadLE64(at: 24)),
                headerBytes >= GraphFileLayout.fixedBytes, headerBytes <= file.byteCount
            else { return nil }
            flags = file.loadLE32(at: 12)
            let header = file.extracting(first: headerBytes)
            guard
                GraphFileLayout.headerChecksum(header, flags: flags) == header.loadLE64(at: 16),
                header.loadLE64(at: 40) == stamp.position,
                header.loadLE64(at: 48) == stamp.token,
                header.extracting(88..<(88 + GraphFileLayout.identityBytes))
                    .hasSameBytes(as: stamp.identity.utf8.span.rawSpan),
                let nodes = Int(exactly: header.loadLE64(at: 56)), nodes < Int(UInt32.max),
                let edges = Int(exactly: header.loadLE64(at: 64))
            else { return nil }
            nodeCount = nodes
            edgeCount = edges
            let count = Int(header.loadLE32(at: 72))
            let textStart = GraphFileLayout.fixedBytes + count * GraphFileLayout.sectionBytes
            let namesStart = textStart + Int(header.loadLE32(at: 76))
            guard namesStart <= headerBytes,
                let text = header.sliceIfPresent(at: textStart, count: namesStart - textStart),
                text.hasSameBytes(as: stamp.projection.rawSpan),
                let names = header.sliceIfPresent(
                    at: namesStart, count: Int(header.loadLE32(at: 80)))
            else { return nil }
            var sections: [GraphFileSection] = []
            for index in 0..<count {
                guard let section = Self.section(index, header, names, fileBytes: file.byteCount)
                else { return nil }
                sections.append(section)
            }
            self.sections = sections
        }

        private static func section(
            _ index: Int, _ header: RawSpan, _ names: RawSpan, fileBytes: Int
        ) -> GraphFileSection? {
            let start = GraphFileLayout.fixedBytes + index * GraphFileLayout.sectionBytes
            guard let part = GraphFileSection.Part(rawValue: header.loadLE16(at: start)),
                let element = GraphFileSection.Element(rawValue: header.loadLE16(at: start + 2)),
                let name = names.sliceIfPresent(
                    at: Int(header.loadLE32(at: start + 4)),
                    count: Int(header.loadLE32(at: start + 8))),
                let offset = Int(exactly: header.loadLE64(at: start + 16)),
                offset % GraphFileLayout.alignment == 0, offset <= fileBytes,
                let count = Int(exactly: header.loadLE64(at: start + 24)),
                count <= (fileBytes - offset) / element.bytes
            else { return nil }
            return GraphFileSection(
                part: part, element: element, name: name.bytes(), offset: offset, count: count,
                checksum: header.loadLE64(at: start + 32),
                isExact: header.loadLE32(at: start + 12) & 1 == 1)
        }
    }
}
