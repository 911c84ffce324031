import Cypher
import GraphAlgorithms
import GraphFormats
import GraphStore
import PropertyGraph

/// What is printed on standard error when a command fails, and the code to exit with.
struct ErrorReport {
    let lines: [String]
    let exitCode: Int32

    /// The report of a failure of ours; nil for what the argument parser throws.
    init?(_ error: any Error, _ words: [String], style: TextStyle) {
        var help: String?
        var message: String
        switch error {
        case let error as CommandError:
            (message, help, exitCode) = (error.message, error.help, error.exitCode)
        case let error as GraphStoreError:
            let isCancelled = error.code == .cancelled
            message = isCancelled ? CommandError.interrupted.message : error.message
            exitCode = isCancelled ? Interruption.exitCode : 1
        case let error as AlgorithmError:
            let isUsage =
                [.unknownAlgorithm, .unknownParameter, .missingParameter]
                .contains(error.code) || error.code == .invalidParameter
            let isCancelled = error.code == .cancelled
            message = isCancelled ? CommandError.interrupted.message : error.message
            exitCode = isCancelled ? Interruption.exitCode : isUsage ? 64 : 1
            let named = AlgorithmCatalog.all.first { algorithm in
                words.contains { UTF8Order.equal($0, algorithm.name) }
            }
            if isUsage { help = "cairn run\(named.map { " \($0.name)" } ?? "") --help" }
        case let error as FormatError:
            let isCancelled = error.code == .cancelled
            message = isCancelled ? CommandError.interrupted.message : error.description
            exitCode = isCancelled ? Interruption.exitCode : 1
        case let error as LearningPathError:
            message = error.message
            exitCode = error.code == .invalidArgument ? 64 : 1
        case let error as CypherError:
            message = error.message
            exitCode = 1
        case let error as CSRBuildError:
            message = "\(error)"
            exitCode = 1
        default: return nil
        }
        // A message may have lines of its own, such as the place in a query.
        var lines = Self.shortened(message).split(separator: "\n", omittingEmptySubsequences: false)
            .map {
                TextWidth.printable(String($0))
            }
        lines[0] = "\(style.bad("cairn:")) \(lines[0])"
        if let help { lines.append("Try '\(help)'.") }
        self.lines = lines
    }

    /// A message that repeats a very long name or value, without the middle of it.
    private static func shortened(_ message: String) -> String {
        guard message.utf8.count > 2_000 else { return message }
        return "\(message.prefix(800)) … \(message.suffix(800))"
    }
}
