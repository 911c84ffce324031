import Glibc

/// The memory this process may fill: the machine's, or less where control groups limit it.
enum MemoryLimit {
    /// In bytes, as it was when first asked for; `Int.max` when nothing is known.
    static let bytes = measured()

    private static func measured() -> Int {
        let pages = sysconf(Int32(_SC_PHYS_PAGES))
        let pageBytes = sysconf(Int32(_SC_PAGESIZE))
        let physical = pages > 0 ? Int(pages).multipliedClamping(by: Int(pageBytes)) : Int.max
        let groups = SmallFile.text(at: "/proc/self/cgroup", limit: 1 << 16) ?? ""
        return limitFiles(of: groups).reduce(physical) { least, file in
            let text = SmallFile.text(at: file, limit: 64) ?? ""
            return min(least, Int(text.filter(\.isNumber)) ?? .max)
        }
    }

    /// The files that may hold a limit, given the text of `/proc/self/cgroup`: those of our group
    /// and of all above it, in either version of the hierarchy.
    static func limitFiles(of groups: String) -> [String] {
        var files: [String] = []
        for line in groups.split(separator: "\n") {
            let fields = line.split(
                separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let isUnified = fields[1].isEmpty
            guard isUnified || fields[1].split(separator: ",").contains("memory") else { continue }
            let root = isUnified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory"
            let name = isUnified ? "memory.max" : "memory.limit_in_bytes"
            var parts = fields[2].split(separator: "/")
            while true {
                files.append(([root] + parts.map(String.init) + [name]).joined(separator: "/"))
                if parts.popLast() == nil { break }
            }
        }
        return files
    }
}
