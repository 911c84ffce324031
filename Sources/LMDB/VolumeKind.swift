import CLMDB
import Glibc

/// The kind of file system under a store, as far as it decides whether LMDB can work there.
///
/// LMDB needs shared memory maps and locks that are coherent between all processes that open the
/// store. Network file systems promise neither between machines, and fail silently.
enum VolumeKind {
    /// "Magic" numbers of statfs(2) for network and cluster file systems.
    private static let networkKinds: [Int: String] = [
        0x6969: "nfs", 0x517B: "smb", 0xFF53_4D42: "cifs", 0xFE53_4D42: "smb2",
        0x5346_414F: "afs", 0x6B41_4653: "kafs", 0x7375_7245: "coda", 0x00C3_6400: "ceph",
        0x564C: "ncp", 0x0BD0_0BD0: "lustre", 0x4750_4653: "gpfs", 0x0116_1970: "gfs2",
        0x7461_636F: "ocfs2", 0x1980_0202: "beegfs", 0x013_111A8: "ibrix",
    ]
    // 9P (0x01021997) is not in the list: it is also how containers and virtual machines on one
    // host see a local disk.

    private static let fuse = 0x6573_5546

    /// FUSE drivers that serve a disk of this machine; any other may be remote.
    private static let localFuseKinds: Set<String> = [
        "fuseblk", "fuse", "fuse.ext2", "fuse.fuse2fs", "fuse.ntfs-3g", "fuse.ntfs",
        "fuse.exfat", "fuse.lxcfs", "fuse.fuse-overlayfs", "fuse.mergerfs", "fuse.bindfs",
        "fuse.zfs", "fuse.encfs", "fuse.gocryptfs", "fuse.cryfs", "fuse.unionfs",
    ]

    /// Throws `.unsupportedFileSystem` when the volume of `directory` is known to be remote.
    static func refuseUnsuitable(_ directory: String, shownAs path: String) throws(LMDBError) {
        // SAFETY: the string lives for the call.
        let magic = unsafe Int(clmdb_file_system_type(directory))
        if let name = refusedName(magic: magic, fuseName: { mountedKind(of: directory) }) {
            throw LMDBError(
                .unsupportedFileSystem,
                "Cannot open '\(path)': it lies on a network file system (\(name)), whose locks "
                    + "and memory maps are not coherent between machines, so that the store would "
                    + "be damaged. Put it on a local disk and reach it through a server.",
                path: path)
        }
    }

    /// The name of a volume that must be refused, or `nil`.
    static func refusedName(magic: Int, fuseName: () -> String?) -> String? {
        if let name = networkKinds[magic] { return name }
        guard magic == fuse, let name = fuseName(), !localFuseKinds.contains(name) else {
            return nil
        }
        return name
    }

    /// The file-system name in `/proc/self/mountinfo` of the mount that holds a resolved path.
    private static func mountedKind(of directory: String) -> String? {
        guard let text = SmallFile.text(at: "/proc/self/mountinfo", limit: 1 << 20) else {
            return nil
        }
        return mountedKind(of: directory, mountinfo: text)
    }

    /// Reads proc(5) mountinfo: field 5 is the mount point, the one after "-" the kind.
    static func mountedKind(of directory: String, mountinfo: String) -> String? {
        var best: (length: Int, kind: String)?
        for line in mountinfo.split(separator: "\n") {
            let fields = line.split(separator: " ")
            guard fields.count > 6,
                let dash = fields.firstIndex(of: "-"), dash + 1 < fields.count
            else { continue }
            let point = Array(fields[4].utf8)
            let isInside =
                point == [UInt8(ascii: "/")] || directory.utf8.elementsEqual(point)
                || directory.utf8.starts(with: point + [UInt8(ascii: "/")])
            if isInside, point.count >= best?.length ?? 0 {
                best = (point.count, String(fields[dash + 1]))
            }
        }
        return best?.kind
    }
}
