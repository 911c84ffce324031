import Glibc
import StoreTestSupport
import TestSupport

/// A disk that holds for certain only what was flushed.
///
/// Whatever was written since may be there, be missing, or be there in part, each sector of 512
/// bytes for itself; names in a directory come in the order in which they were made, as journaling
/// file systems have it, and may stop anywhere before the last flush of the directory.
struct SimulatedDisk {
    private enum Pending {
        case write(offset: Int, bytes: Range<Int>)
        case truncate(length: Int)
    }

    private struct File {
        var durable: [UInt8] = []
        var pending: [Pending] = []
    }

    private enum NameChange {
        case file(path: String, file: UInt64)
        case directory(path: String)
        case rename(from: String, to: String)
        case unlink(path: String)
    }

    /// Paths that lead to files; directories lead to nil.
    private typealias Names = [String: UInt64?]

    private let log: RecordedLog
    /// Whether a write to a file opened with O_DSYNC is on the disk when it returns, as it must be.
    private let isHonest: Bool
    private var files: [UInt64: File] = [:]
    private var names: Names = [:]
    private var pendingNames: [NameChange] = []

    init(_ log: RecordedLog, isHonest: Bool = true) {
        self.log = log
        self.isHonest = isHonest
    }

    /// Goes on by one record.
    mutating func apply(_ record: RecordedLog.Record) {
        switch record {
        case .opened(let file, let path, let isNew):
            if isNew { pendingNames.append(.file(path: path, file: file)) }
        case .written(let file, let offset, let bytes):
            files[file, default: File()].pending.append(.write(offset: offset, bytes: bytes))
        case .flushed(let file):
            var state = files[file] ?? File()
            for change in state.pending { apply(change, to: &state.durable) }
            state.pending.removeAll()
            files[file] = state
        case .durable(let file, let offset, let bytes):
            guard isHonest else { return }
            var state = files[file] ?? File()
            state.pending.removeAll {
                if case .write(offset, let other) = $0 { other.count == bytes.count } else { false }
            }
            apply(.write(offset: offset, bytes: bytes), to: &state.durable)
            files[file] = state
        case .truncated(let file, let length):
            files[file, default: File()].pending.append(.truncate(length: length))
        case .renamed(let from, let to): pendingNames.append(.rename(from: from, to: to))
        case .unlinked(let path): pendingNames.append(.unlink(path: path))
        case .made(let path): pendingNames.append(.directory(path: path))
        case .names(let path): flushNames(in: path)
        case .mark: break
        }
    }

    /// The names up to the last that concerns the directory: a journal is written in order.
    private mutating func flushNames(in directory: String) {
        func parent(_ path: String) -> Substring {
            path.lastIndex(of: "/").map { path[..<$0] } ?? ""
        }
        let last = pendingNames.lastIndex { change in
            switch change {
            case .file(let path, _), .directory(let path), .unlink(let path):
                parent(path) == directory
            case .rename(let from, let to): parent(from) == directory || parent(to) == directory
            }
        }
        guard let last else { return }
        for change in pendingNames[...last] { Self.apply(change, to: &names) }
        pendingNames.removeSubrange(...last)
    }

    private static func apply(_ change: NameChange, to names: inout Names) {
        switch change {
        case .file(let path, let file): names[path] = .some(file)
        case .directory(let path): names[path] = .some(nil)
        case .unlink(let path): names[path] = nil
        case .rename(let from, let to):
            for (path, file) in names where path == from || path.hasPrefix(from + "/") {
                names[path] = nil
                names[to + path.dropFirst(from.count)] = .some(file)
            }
        }
    }

    private func apply(_ change: Pending, to bytes: inout [UInt8]) {
        switch change {
        case .write(let offset, let range): put(range, at: offset, into: &bytes)
        case .truncate(let length):
            if bytes.count > length { bytes.removeLast(bytes.count - length) }
            bytes += [UInt8](repeating: 0, count: length - bytes.count)
        }
    }

    private func put(_ range: Range<Int>, at offset: Int, into bytes: inout [UInt8]) {
        let end = offset + range.count
        if bytes.count < end { bytes += [UInt8](repeating: 0, count: end - bytes.count) }
        bytes.replaceSubrange(offset..<end, with: log.bytes[range])
    }
}

// MARK: - Losing power

extension SimulatedDisk {
    /// How much of what was not flushed the disk got to write.
    enum Loss: CaseIterable {
        /// Nothing; everything.
        case all, none
        /// The first writes, the last of them torn.
        case suffix
        /// Each write, or each sector of each write, by chance.
        case someWrites, someSectors
    }

    /// Writes what the disk may hold after a power loss at this moment into a directory.
    func lose(_ loss: Loss, into directory: String, _ random: inout TestRandom) {
        var names = names
        let kept =
            switch loss {
            case .all: 0
            case .none: pendingNames.count
            default: random.below(pendingNames.count + 1)
            }
        for change in pendingNames.prefix(kept) { Self.apply(change, to: &names) }
        unsafe mkdir(directory, 0o755)
        // Shorter paths first: directories before what they hold.
        for (path, file) in names.sorted(by: { $0.key.utf8.count < $1.key.utf8.count }) {
            // What LMDB keeps there means nothing after a restart.
            if path.hasSuffix("lock.mdb") { continue }
            guard let file else {
                unsafe mkdir("\(directory)/\(path)", 0o755)
                continue
            }
            let bytes = content(of: files[file] ?? File(), loss, &random)
            TemporaryDirectory.write(bytes, to: "\(directory)/\(path)")
        }
    }

    private func content(of file: File, _ loss: Loss, _ random: inout TestRandom) -> [UInt8] {
        var bytes = file.durable
        let stop = random.below(file.pending.count + 1)
        for (index, change) in file.pending.enumerated() {
            switch loss {
            case .all: return bytes
            case .none: apply(change, to: &bytes)
            case .suffix:
                if index < stop { apply(change, to: &bytes) }
                if index == stop { tear(change, &bytes) { random.percent(50) } }
            case .someWrites:
                if random.percent(50) { apply(change, to: &bytes) }
            case .someSectors:
                let chance = random.below(101)
                tear(change, &bytes) { random.percent(chance) }
            }
        }
        return bytes
    }

    /// Applies those sectors of a write that are asked for.
    private func tear(_ change: Pending, _ bytes: inout [UInt8], _ isKept: () -> Bool) {
        guard case .write(let offset, let range) = change else {
            if isKept() { apply(change, to: &bytes) }
            return
        }
        var start = offset
        while start < offset + range.count {
            let end = min((start / 512 + 1) * 512, offset + range.count)
            let part = range.lowerBound + start - offset..<range.lowerBound + end - offset
            if isKept() { put(part, at: start, into: &bytes) }
            start = end
        }
    }
}
