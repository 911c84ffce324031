// The two things that time needs of the system, and the only unsafe code of this module: the
// clock, and the files of the time-zone database. Every buffer is a local of the call it is lent
// to, and no pointer outlives that call.

import Glibc

/// What time needs of the system.
enum SystemTime {
    private static let folder = "/usr/share/zoneinfo/"
    /// The largest file of the database has some four thousand bytes.
    private static let maximumBytes = 1 << 17

    /// The moment it is.
    static func now() -> QueryClock {
        var moment = timespec()
        // SAFETY: the struct is a local, and the call writes nothing else.
        unsafe clock_gettime(CLOCK_REALTIME, &moment)
        return QueryClock(
            secondsSinceEpoch: Int64(moment.tv_sec), nanoseconds: Int32(moment.tv_nsec))
    }

    /// The file of a zone; nil when there is none.
    static func zoneFile(_ name: String) -> [UInt8]? {
        // SAFETY: the path is a valid C string for the call.
        let descriptor = unsafe open(folder + name, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: maximumBytes)
        // SAFETY: the buffer is the array's own, and the count is its size.
        let count = unsafe bytes.withUnsafeMutableBytes { buffer in
            unsafe pread(descriptor, buffer.baseAddress, buffer.count, 0)
        }
        guard count > 0 else { return nil }
        return Array(bytes.prefix(count))
    }
}
