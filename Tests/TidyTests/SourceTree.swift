import Foundation

/// The files of the repository, for rules that a machine can check.
enum SourceTree {
    /// The root of the package.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Paths of files below a folder, relative to the root, sorted; hidden ones left out.
    static func files(_ folder: String, suffix: String) -> [String] {
        let base = root.appendingPathComponent(folder)
        guard
            let walk = FileManager.default.enumerator(
                at: base, includingPropertiesForKeys: nil, options: [.skipsHiddenFiles])
        else { return [] }
        return walk.compactMap { ($0 as? URL)?.path }
            .filter { $0.hasSuffix(suffix) && !$0.contains("/.build") }
            .map { String($0.dropFirst(root.path.count + 1)) }.sorted()
    }

    static func text(_ path: String) -> String {
        (try? String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)) ?? ""
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appendingPathComponent(path).standardized.path)
    }

    static func lines(_ path: String) -> [Substring] {
        text(path).split(separator: "\n", omittingEmptySubsequences: false)
    }
}
