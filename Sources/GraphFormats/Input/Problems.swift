/// What to do with a line that cannot be read.
public enum ProblemPolicy: Sendable, Hashable {
    /// Stop at the first; nothing is imported.
    case stop
    /// Leave the line out, count it, remember the first few.
    case skip
    /// Leave the line out and write `file:line:column: what; how to mend it` to a file.
    case report(path: String)
}

/// The problems met under `.skip` or `.report`.
public struct ProblemSummary: Sendable, Hashable {
    /// How many lines or records were left out.
    public internal(set) var count = 0
    /// The first of them, in the order of the file; at most `ProblemSummary.remembered`.
    public internal(set) var first: [FormatError] = []

    /// How many problems are remembered.
    public static let remembered = 10

    /// No problems.
    public init() {}
}

/// Collects problems as the policy says.
final class ProblemLog {
    private(set) var summary = ProblemSummary()
    private let policy: ProblemPolicy
    private let report: OutputDescriptor?
    private var pending: [UInt8] = []

    /// - Parameter inputs: The files to be read, none of which a report may overwrite.
    /// - Throws: `.inputOutput` when the file of a report cannot be made; `.badOption` when it is
    ///   an input.
    init(_ policy: ProblemPolicy, inputs: [String]) throws(FormatError) {
        self.policy = policy
        if case .report(let path) = policy,
            inputs.contains(where: { FileSystem.isSameFile($0, path) })
        {
            throw FormatError(
                .badOption, "The report would overwrite a file to be read; name another.",
                file: path)
        }
        report =
            if case .report(let path) = policy { try OutputDescriptor(path: path) } else { nil }
    }

    /// Takes a problem with its place.
    ///
    /// - Throws: the problem itself under `.stop`.
    func add(_ problem: FormatError) throws(FormatError) {
        if policy == .stop { throw problem }
        summary.count += 1
        if summary.first.count < ProblemSummary.remembered { summary.first.append(problem) }
        guard report != nil else { return }
        pending.append(contentsOf: problem.description.utf8)
        pending.append(0x0A)
        if pending.count > 1 << 16 { try flush() }
    }

    /// Takes the problems of a block.
    func add(_ problems: [FormatError], in file: String, linesBefore: Int) throws(FormatError) {
        for problem in problems { try add(problem.located(in: file, linesBefore: linesBefore)) }
    }

    /// Writes what is left of a report.
    func flush() throws(FormatError) {
        guard let report else { return }
        try report.write(pending)
        pending = []
    }
}

/// How far a reader is.
public struct FormatProgress: Sendable, Hashable {
    /// The file being read or written.
    public var file: String
    /// How many of its bytes (on disk) are done.
    public var bytesDone: Int
    /// How many bytes the file has; nil when that is not known.
    public var bytesTotal: Int?
    /// How many nodes and edges are done over all files.
    public var rows: Int
}

/// What a long operation asks and tells its caller, between blocks of work.
public struct FormatHooks {
    /// Called now and then on the calling thread.
    public var progress: ((FormatProgress) -> Void)?
    /// Asked now and then, on the calling thread, a reader's or the writer's, and while nothing
    /// comes from a pipe; true stops with `.cancelled`.
    public var isCancelled: (@Sendable () -> Bool)?

    /// No questions, no news.
    public init(
        progress: ((FormatProgress) -> Void)? = nil, isCancelled: (@Sendable () -> Bool)? = nil
    ) {
        self.progress = progress
        self.isCancelled = isCancelled
    }

    /// Asks whether to go on.
    func checkCancellation() throws(FormatError) {
        if isCancelled?() == true { throw .cancelled }
    }

    /// Tells where the work is and asks whether to go on.
    func check(_ source: ByteSource, rows: Int) throws(FormatError) {
        try checkCancellation()
        progress?(
            FormatProgress(
                file: source.name, bytesDone: source.bytesRead, bytesTotal: source.sizeBytes,
                rows: rows))
    }
}
