import Foundation

/// The built command `cairn`, beside the bundle of tests.
public enum BuiltCommand {
    /// Where it is; its bare name when it was not built.
    public static let path: String = {
        var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        while folder.path != "/" {
            let candidate = folder.appendingPathComponent("cairn").path
            let isFolder = (try? FileManager.default.contentsOfDirectory(atPath: candidate)) != nil
            if FileManager.default.isExecutableFile(atPath: candidate), !isFolder {
                return candidate
            }
            folder.deleteLastPathComponent()
        }
        return "cairn"
    }()
    /// What a child of a test knows of its surroundings: little, so that tests do not hang on them,
    /// and how sanitizers are to behave.
    public static let environment: [String: String] = {
        // A child that crashes must die at once, not print a backtrace for a minute.
        var chosen = ["PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no"]
        let ours = ProcessInfo.processInfo.environment
        for name in ["ASAN_OPTIONS", "TSAN_OPTIONS"] { chosen[name] = ours[name] }
        return chosen
    }()

    /// The same with more variables, or others.
    public static func environment(adding more: [String: String]) -> [String: String] {
        environment.merging(more) { _, new in new }
    }
}
