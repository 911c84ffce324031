/// Whether whoever waits for a graph still wants it; asked every few milliseconds.
struct BuildWatch: Sendable {
    /// How many arcs or rows are worked on between two questions.
    static let stretch = 1 << 18

    /// True ends the making.
    let isCancelled: @Sendable () -> Bool

    /// - Throws: `.cancelled` when nobody waits any more.
    func ask() throws(CSRBuildError) {
        guard isCancelled() else { return }
        throw CSRBuildError(
            .cancelled,
            "The graph was not finished, for its making was stopped. Ask again to make it.")
    }

    /// The rows of a column, cut into stretches; ask before each.
    static func stretches(_ count: Int) -> some Sequence<Range<Int>> {
        stride(from: 0, to: count, by: stretch).lazy
            .map { $0..<min($0 + stretch, count) }
    }
}

/// Counts work where rows are of any length, and asks every stretch of it.
struct BuildTicker {
    private let watch: BuildWatch
    private var work = 0

    init(_ watch: BuildWatch) { self.watch = watch }

    @inline(__always)
    mutating func tick(_ units: Int) throws(CSRBuildError) {
        work &+= units
        if work >= BuildWatch.stretch { try ask() }
    }

    @inline(never)
    private mutating func ask() throws(CSRBuildError) {
        work = 0
        try watch.ask()
    }
}
