import PropertyGraph

/// How much memory there is to be had.
enum MachineMemory {
    /// What new work may take without swapping, in bytes: what the kernel calls available, or less
    /// where control groups allow less; nil when nothing is known.
    static func freeBytes() -> Int? {
        var free = text("/proc/meminfo").flatMap { available(meminfo: $0) }
        let groups = text("/proc/self/cgroup") ?? ""
        for folder in folders(groups) {
            guard let rest = rest(of: folder) else { continue }
            free = min(free ?? .max, rest)
        }
        return free
    }

    /// The field MemAvailable of `/proc/meminfo`, in bytes.
    static func available(meminfo: String) -> Int? {
        number(after: "MemAvailable:", in: meminfo).map { $0 * 1024 }
    }

    /// The folders that may hold limits, given the text of `/proc/self/cgroup`: that of our group
    /// and those above it, of the unified hierarchy or of the one for memory.
    static func folders(_ groups: String) -> [(path: String, isUnified: Bool)] {
        var folders: [(path: String, isUnified: Bool)] = []
        for line in groups.split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let isUnified = fields[1].isEmpty
            guard isUnified || fields[1].split(separator: ",").contains("memory") else { continue }
            let root = isUnified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory"
            var parts = fields[2].split(separator: "/")
            while true {
                let path = ([root] + parts.map { String($0) }).joined(separator: "/")
                folders.append((path, isUnified))
                if parts.popLast() == nil { break }
            }
        }
        return folders
    }

    /// What a group may still take: its limit without what it holds, but for pages of files that
    /// the kernel would give back.
    private static func rest(of folder: (path: String, isUnified: Bool)) -> Int? {
        let names =
            folder.isUnified
            ? ("memory.max", "memory.current", "inactive_file")
            : ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
        guard let limit = text("\(folder.path)/\(names.0)").flatMap({ firstNumber($0) }),
            let used = text("\(folder.path)/\(names.1)").flatMap({ firstNumber($0) })
        else { return nil }
        let statistics = text("\(folder.path)/memory.stat") ?? ""
        let spare = number(after: names.2 + " ", in: statistics) ?? 0
        return max(0, limit - max(0, used - spare))
    }

    private static func number(after name: String, in text: String) -> Int? {
        for line in text.split(separator: "\n") where line.utf8.starts(with: name.utf8) {
            return firstNumber(String(Substring(line.utf8.dropFirst(name.utf8.count))))
        }
        return nil
    }

    private static func firstNumber(_ text: String) -> Int? {
        let digits = text.utf8.drop { $0 == 0x20 || $0 == 0x09 }
            .prefix { (0x30...0x39).contains($0) }
        return Int(String(Substring(digits)))
    }

    private static func text(_ path: String) -> String? {
        SystemCalls.head(of: path, 1 << 16).map { String(decoding: $0, as: UTF8.self) }
    }
}
