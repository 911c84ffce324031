// The bytes of a landmark index, all numbers little-endian:
//
//     offset   size        meaning
//          0      8        "CairnLMI"
//          8      4        version, 1
//         12      4        1 for a directed graph, 0 for an undirected one
//         16      8        how many nodes the graph has
//         24      8        fingerprint of the graph
//         32      4        how many landmarks there are: k
//         36      4        0
//         40      4 × k    the landmarks
//    40 + 4k      4 each   the table: for each node k distances from the landmarks and, directed,
//                          k distances to them, as single-precision floats
//         end      8       check sum of all bytes before

public import PropertyGraph

extension LandmarkIndex {
    private static let magic: [UInt8] = Array("CairnLMI".utf8)
    private static let headByteCount = 40

    /// The index as bytes, for a file.
    ///
    /// - Complexity: O(bytes).
    public func encoded() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.headByteCount + 4 * (landmarks.count + table.count) + 8)
        bytes += Self.magic
        append(UInt32(1), to: &bytes)
        append(UInt32(isDirected ? 1 : 0), to: &bytes)
        append(UInt64(nodeCount), to: &bytes)
        append(fingerprint, to: &bytes)
        append(UInt32(landmarks.count), to: &bytes)
        append(UInt32(0), to: &bytes)
        for landmark in landmarks { append(landmark, to: &bytes) }
        for value in table { append(value.bitPattern, to: &bytes) }
        append(Self.checkSum(bytes[...]), to: &bytes)
        return bytes
    }

    /// Reads the bytes of an index and checks that they belong to a graph.
    ///
    /// - Throws: `.damagedGraph` when the bytes are not those of an index; `.invalidParameter` when
    ///   it was made of another graph.
    /// - Complexity: O(bytes + edges).
    public init(decoding bytes: [UInt8], for graph: CSRGraph) throws(AlgorithmError) {
        guard bytes.count >= Self.headByteCount + 8, bytes.starts(with: Self.magic),
            Self.number(bytes, 8, 4) == 1,
            Self.number(bytes, bytes.count - 8, 8) == Self.checkSum(bytes.dropLast(8))
        else { throw Self.damaged }
        let count = Int(truncatingIfNeeded: Self.number(bytes, 32, 4))
        let directed = Self.number(bytes, 12, 4) == 1
        let width = count * (directed ? 2 : 1)
        let nodes = Int(truncatingIfNeeded: Self.number(bytes, 16, 8))
        let cells = width.multipliedReportingOverflow(by: nodes)
        let room = (bytes.count - Self.headByteCount - 8) / 4
        guard !cells.overflow, nodes >= 0, cells.partialValue <= room,
            count + cells.partialValue == room, bytes.count % 4 == 0
        else { throw Self.damaged }
        let words = (0..<room).map {
            UInt32(truncatingIfNeeded: Self.number(bytes, Self.headByteCount + 4 * $0, 4))
        }
        self.init(
            landmarks: Array(words[..<count]), nodeCount: nodes, isDirected: directed,
            fingerprint: Self.number(bytes, 24, 8),
            table: words[count...].map { Float(bitPattern: $0) })
        try check(graph)
    }

    private static var damaged: AlgorithmError {
        AlgorithmError(
            .damagedGraph,
            "Cannot read the landmarks: the bytes are not those of a landmark index, or damaged. "
                + "Build the index again.")
    }

    private func append<Number: FixedWidthInteger>(_ number: Number, to bytes: inout [UInt8]) {
        for shift in stride(from: 0, to: Number.bitWidth, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> Number(shift)))
        }
    }

    private static func number(_ bytes: [UInt8], _ start: Int, _ size: Int) -> UInt64 {
        var number: UInt64 = 0
        for index in 0..<size { number |= UInt64(bytes[start + index]) << UInt64(8 * index) }
        return number
    }

    private static func checkSum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        var sum: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in bytes { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return sum
    }
}

/// A number that two graphs share only when their rows and weights are equal, but for an accident.
enum GraphFingerprint {
    static func of(_ graph: CSRGraph) -> UInt64 {
        let rows = graph.outgoing
        var hash = SeededRandom.mix(UInt64(graph.nodeCount) ^ (graph.isDirected ? 1 << 63 : 0))
        let offsets = rows.offsets.span
        for index in offsets.indices { hash = step(hash, offsets[index]) }
        let targets = rows.targets.span
        for index in targets.indices { hash = step(hash, UInt64(targets[index])) }
        if let weights = rows.weights?.span {
            for index in weights.indices { hash = step(hash, weights[index].bitPattern) }
        }
        return SeededRandom.mix(hash)
    }

    @inline(__always)
    private static func step(_ hash: UInt64, _ value: UInt64) -> UInt64 {
        let mixed = (hash ^ value) &* 0x9E37_79B9_7F4A_7C15
        return mixed ^ mixed >> 29
    }
}
