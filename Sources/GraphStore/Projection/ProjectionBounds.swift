internal import PropertyGraph

/// When the making of a graph is given up.
package struct ProjectionBounds: Sendable {
    /// How many bytes of text a column may have while it is made.
    package let textBytes: Int
    /// Asked every few thousand nodes or edges: true gives up.
    package let isStopped: @Sendable () -> Bool
    private let progress: (@Sendable (ProjectionHooks.Step) -> Void)?

    /// Bounds of the making.
    package init(textBytes: Int, isStopped: @escaping @Sendable () -> Bool) {
        self.textBytes = textBytes
        self.isStopped = isStopped
        progress = nil
    }

    /// No bounds but what the caller says.
    init(_ hooks: ProjectionHooks) {
        textBytes = .max
        isStopped = hooks.isCancelled
        progress = hooks.progress
    }

    static let none = ProjectionBounds(textBytes: .max) { false }

    /// Looks now and then at what was made; a single text is small beside any bound worth setting.
    ///
    /// - Throws: `.limitExceeded` for too much text, `.cancelled` where nobody waits any more.
    @inline(__always)
    func check(_ row: Int, _ builders: [ColumnBuilder]) throws {
        if row & 0xF == 0 { try look(row, builders) }
    }

    private func look(_ row: Int, _ builders: [ColumnBuilder]) throws {
        if row & 0xFFF == 0 { try look("properties of nodes", row, of: builders.first?.count) }
        for index in builders.indices where builders[index].textBytes > textBytes {
            throw GraphStoreError(
                .limitExceeded,
                "A column has more than \(textBytes) bytes of text, which is the limit. Read the "
                    + "property from the nodes instead.")
        }
    }
}

extension ProjectionBounds {
    /// Asks whether to give up, and tells how far it is.
    ///
    /// - Throws: `.cancelled` where nobody waits any more.
    func look(_ phase: String, _ completed: Int, of total: Int? = nil) throws {
        if isStopped() { throw Self.stopped }
        progress?(ProjectionHooks.Step(phase: phase, completed: completed, total: total))
    }

    /// What is thrown where nobody waits any more.
    static var stopped: GraphStoreError {
        GraphStoreError(
            .cancelled, "The projection was stopped; nothing is kept of it. Ask again to make it.")
    }

    /// The same each time so many more are done.
    @inline(__always)
    func tick(_ phase: String, _ completed: Int, of total: Int? = nil, every count: Int) throws {
        if completed & (count - 1) == 0 { try look(phase, completed, of: total) }
    }
}

// MARK: Sizes

extension CSRGraph {
    /// The bytes of all buffers.
    var bufferBytes: Int {
        var bytes = SpareRows(of: self).bufferBytes + (nodeIDs?.bufferBytes ?? 0)
        for column in nodeColumns.values { bytes += column.bufferBytes }
        for column in edgeColumns.values { bytes += column.bufferBytes }
        return bytes
    }
}

extension SpareRows {
    /// The bytes of all buffers.
    var bufferBytes: Int { outgoing.bufferBytes + (incoming?.bufferBytes ?? 0) }
}

extension CSRRows {
    fileprivate var bufferBytes: Int {
        offsets.bufferBytes + targets.bufferBytes + (weights?.bufferBytes ?? 0)
            + (edges?.bufferBytes ?? 0)
    }
}

extension CSRColumn {
    fileprivate var bufferBytes: Int {
        let ofValues =
            switch values {
            case .integers(let buffer): buffer.bufferBytes
            case .doubles(let buffer): buffer.bufferBytes
            case .booleans(let buffer): buffer.bufferBytes
            case .strings(let offsets, let bytes): offsets.bufferBytes + bytes.bufferBytes
            case .dictionary(let codes, let offsets, let bytes):
                codes.bufferBytes + offsets.bufferBytes + bytes.bufferBytes
            }
        return ofValues + (presence?.bufferBytes ?? 0)
    }
}

extension CSRBuffer {
    fileprivate var bufferBytes: Int { count * MemoryLayout<Element>.stride }
}
