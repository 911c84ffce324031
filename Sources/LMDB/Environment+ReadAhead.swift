import CLMDB
import Glibc
import Synchronization

/// Reading ahead of a page that is missed in the map, as the system does unless told not to.
///
/// It is what makes a scan of a cold file fast, and what makes the first look-up in one slow: a
/// look-up touches a dozen pages in a dozen places, and each may take megabytes of neighbours along.
/// So a file is opened without, and with the first reads behind it, it is read as files are. A file
/// that would not fit the memory stays without: what is read ahead there evicts pages that are
/// wanted.
extension Environment {
    /// The reads after which pages are read ahead: some look-ups by key, not a scan.
    static let readsWithoutReadAhead = 64

    /// Whether pages are read ahead of from now on.
    var hasReadEnough: Bool {
        mayReadAhead && readsUntilReadAhead.load(ordering: .relaxed) <= 0
    }

    /// Counts a look-up or a step of a cursor until there have been enough of them.
    @inline(__always)
    func countRead() {
        if readsUntilReadAhead.load(ordering: .relaxed) > 0 { countFirstRead() }
    }

    @inline(never)
    private func countFirstRead() {
        let left = readsUntilReadAhead.subtract(1, ordering: .relaxed).newValue
        if left == 0 { readAhead() }
    }

    /// Lets the system read ahead in the map; only while no one can replace the map: inside a
    /// transaction or a drain. A map that is not found stays as it is: all this is advice.
    func readAhead() {
        var file: Int32 = -1
        var status = stat()
        // SAFETY: a transaction or the drain keeps the environment, and so its descriptor, open.
        guard unsafe mdb_env_get_fd(pointer, &file) == 0, unsafe fstat(file, &status) == 0 else {
            return
        }
        guard let map = MemoryMaps.region(ofFile: status.st_ino, byteCount: mapSizeBytes) else {
            return
        }
        // SAFETY: the region is mapped as long as the transaction or the drain lasts, and the advice
        // changes no byte of it.
        unsafe madvise(
            UnsafeMutableRawPointer(bitPattern: map.lowerBound), map.count, Int32(MADV_NORMAL))
    }
}

/// What the system says of the memory of this process. LMDB does not tell where its map is.
enum MemoryMaps {
    /// The addresses where all of a file is mapped, as many bytes as given.
    static func region(ofFile inode: UInt, byteCount: Int) -> Range<UInt>? {
        let maps = SmallFile.text(at: "/proc/self/maps", limit: 1 << 22) ?? ""
        for line in maps.utf8.split(separator: UInt8(ascii: "\n")) {
            // 7f2a0a800000-7f2a4a800000 r--s 00000000 fe:00 5595373   /path
            let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 5)
            guard fields.count >= 5, fields[4].elementsEqual(String(inode).utf8) else { continue }
            let ends = fields[0].split(separator: UInt8(ascii: "-"))
                .compactMap { UInt(String(Substring($0)), radix: 16) }
            guard ends.count == 2, ends[0] < ends[1], ends[1] - ends[0] == UInt(byteCount) else {
                continue
            }
            return ends[0]..<ends[1]
        }
        return nil
    }
}
