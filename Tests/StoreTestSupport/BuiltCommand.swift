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
}
