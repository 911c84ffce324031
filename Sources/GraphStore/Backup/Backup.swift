internal import LMDB

/// A backup made by `GraphDatabase.backup(to:)`.
///
/// ```swift
/// let report = try Backup(at: "backups/people").verify()
/// guard report.isRestorable else { throw Trouble(report.findings) }
/// try Backup(at: "backups/people").restore(to: "people.cairn", at: .position(1_200))
/// ```
public struct Backup: Sendable {
    /// The directory.
    public let path: String

    /// Names a backup. Nothing is read yet.
    public init(at path: String) { self.path = path }

    /// The pieces, oldest first, as their manifests tell; nothing else is read. Those whose manifest
    /// is missing or damaged are left out, and `verify` tells of them.
    ///
    /// - Throws: `.storage` when the directory or a manifest cannot be read.
    public func pieces() throws -> [BackupPiece] {
        try translatingErrors {
            try BackupFolder(path).pieces.map { BackupPiece($0.name, $0.manifest) }
        }
    }

    /// Reads every byte of every piece, and proves what can be restored.
    ///
    /// Each manifest has its checksum and so has each piece; the structure of every page is proved,
    /// and that each increment follows the piece before it.
    ///
    /// - Throws: `.notADatabase` when the directory holds no backup; `.cancelled`.
    /// - Complexity: O(bytes).
    public func verify(
        isCancelled: @escaping () -> Bool = { false }
    ) throws -> BackupReport {
        try translatingErrors {
            let folder = try BackupFolder(path)
            guard !folder.pieces.isEmpty || !folder.unreadable.isEmpty else {
                throw Self.noBackup(path)
            }
            var report = BackupReport()
            var sound: Set<String> = []
            for name in folder.unreadable {
                report.findings.append("\(name): its manifest is missing or damaged.")
            }
            for piece in folder.pieces {
                if isCancelled() { throw GraphStoreError(.cancelled, "The proof was stopped.") }
                report.pieces.append(BackupPiece(piece.name, piece.manifest))
                if let fault = fault(of: piece, folder) {
                    report.findings.append("\(piece.name): \(fault)")
                } else {
                    sound.insert(piece.name)
                }
            }
            report.note(folder, sound)
            return report
        }
    }

    static func noBackup(_ path: String) -> GraphStoreError {
        GraphStoreError(
            .notADatabase,
            "There is no backup at '\(path)'. Make one with `cairn backup`, or name another "
                + "directory.")
    }

    private func fault(of piece: BackupFolder.Piece, _ folder: BackupFolder) -> String? {
        let file = folder.dataFile(piece)
        do {
            let found = try DataFile.checksum(file)
            guard found.bytes == piece.manifest.bytes else {
                return "its data has \(found.bytes) bytes and should have \(piece.manifest.bytes)."
            }
            guard found.checksum == piece.manifest.checksum else {
                return "its data is not as it was written."
            }
            let walk = try DataFile.walk(file, path: file)
            return walk.findings.first.map { "\($0.place): \($0.message)." }
        } catch {
            return "its data cannot be read: \(error)"
        }
    }
}

/// What the proof of a backup found.
public struct BackupReport: Sendable {
    /// A range of positions of which each can be restored.
    public struct Span: Sendable, Hashable {
        /// The position of the whole database, which is the first.
        public let first: UInt64
        /// The last.
        public let last: UInt64
        /// When the last was committed, microseconds since 1970 UTC.
        public let lastMicroseconds: Int64
    }

    /// The pieces, oldest first.
    public fileprivate(set) var pieces: [BackupPiece] = []
    /// What is wrong, a sentence each.
    public fileprivate(set) var findings: [String] = []
    /// What can be restored.
    public fileprivate(set) var spans: [Span] = []
    /// Whether the newest state that was backed up can be restored: the short answer.
    public fileprivate(set) var isRestorable = false

    fileprivate mutating func note(_ folder: BackupFolder, _ sound: Set<String>) {
        var reached: Set<String> = []
        for full in folder.pieces where full.manifest.after == nil {
            let chain = folder.chain(from: full)
            for piece in chain { reached.insert(piece.name) }
            let good = chain.prefix { sound.contains($0.name) }
            guard let last = good.last else { continue }
            spans.append(
                Span(
                    first: full.manifest.end.position, last: last.manifest.end.position,
                    lastMicroseconds: last.manifest.committed))
        }
        for piece in folder.pieces where !reached.contains(piece.name) {
            findings.append("\(piece.name): the piece it follows is missing.")
        }
        let newest = folder.pieces.map { $0.manifest.end.position }.max() ?? 0
        isRestorable =
            spans.contains { $0.last == newest } && folder.unreadable.isEmpty
    }
}
