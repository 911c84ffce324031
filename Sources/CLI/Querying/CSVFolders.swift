import Cypher
import PropertyGraph

/// The folders whose files LOAD CSV may read: those of `--csv-folder`, and none without it.
///
/// A name is looked for in one folder after the other. An absolute path, also as `file:///…`, must
/// lead into one of them. Links are followed first, so that none leads out; `..` is refused.
struct CSVFolders: Sendable {
    private static let option = "--csv-folder"
    /// Without links.
    private let folders: [String]
    /// The size that a file may have: it is read as a whole.
    private let mostBytes: Int

    /// - Throws: A failure for what is no folder.
    init(_ paths: [String], mostBytes: Int) throws {
        self.mostBytes = mostBytes
        folders = try paths.map { path in
            guard SystemCalls.kind(path) == .directory, let folder = SystemCalls.resolved(path)
            else {
                throw CommandError.failure(
                    "\(Self.option) takes a folder, and '\(path)' is none. Create it, or name the "
                        + "folder that the file is in.")
            }
            return UTF8Order.equal(folder, "/") ? "" : folder
        }
    }

    /// The bytes of a file that a query names.
    ///
    /// - Throws: `CypherError`, for a file that is not allowed or cannot be read.
    func read(_ source: String) throws -> [UInt8] {
        guard !folders.isEmpty else {
            throw CypherError.fileNotAllowed(
                "LOAD CSV reads only files of folders that are allowed, and none is. Allow one with "
                    + "'cairn cypher \(Self.option) PATH'.")
        }
        let path = try Self.path(of: source)
        let isAbsolute = path.utf8.first == UInt8(ascii: "/")
        let candidates = folders.map { folder in (folder, isAbsolute ? path : "\(folder)/\(path)") }
        // Only a name that leads into a folder is opened at all.
        let inside = candidates.first { folder, candidate in
            SystemCalls.resolved(candidate)?.utf8.starts(with: "\(folder)/".utf8) ?? false
        }
        guard let (folder, file) = inside else {
            throw CypherError.fileNotAllowed(
                "No file '\(source)' is in a folder that LOAD CSV may read: "
                    + "\(folders.map { "\($0)/" }.joined(separator: ", ")). Allow its folder with "
                    + "\(Self.option), and name the file as it is called there.")
        }
        switch SystemCalls.readFile(file, inside: folder, atMost: mostBytes) {
        case .success(let bytes): return bytes
        case .failure(let error):
            throw CypherError.fileNotAllowed("'\(source)' cannot be read: \(error.text).")
        }
    }

    /// The path of a name or a `file:` URL.
    private static func path(of source: String) throws -> String {
        var path = source[...]
        if let colon = path.firstRange(of: "://"), !path[..<colon.lowerBound].contains("/") {
            guard UTF8Order.equal(path[..<colon.lowerBound].lowercased(), "file") else {
                throw CypherError.fileNotAllowed(
                    "LOAD CSV reads files, and nothing from the network. Save '\(source)' into a "
                        + "folder of \(option).")
            }
            path = path[colon.upperBound...]
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard !path.isEmpty, !path.utf8.contains(0), !parts.contains(where: { $0 == ".." }) else {
            throw CypherError.fileNotAllowed(
                "'\(source)' is no file below a folder: it is empty or has '..' in it. Name the file "
                    + "from the folder of \(option) on.")
        }
        return String(path)
    }
}
