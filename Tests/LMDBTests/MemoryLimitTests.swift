import Glibc
import Testing

@testable import LMDB

@Suite struct `The memory there is` {
    @Test func `is no more than the machine has`() {
        let physical = Int(sysconf(Int32(_SC_PHYS_PAGES))) * Int(sysconf(Int32(_SC_PAGESIZE)))
        #expect(MemoryLimit.bytes > 0)
        #expect(MemoryLimit.bytes <= physical)
    }

    @Test func `is limited by our control group and all above it, of either version`() {
        #expect(
            MemoryLimit.limitFiles(of: "5:cpu,cpuacct:/\n4:memory:/box/inner\n0::/\n") == [
                "/sys/fs/cgroup/memory/box/inner/memory.limit_in_bytes",
                "/sys/fs/cgroup/memory/box/memory.limit_in_bytes",
                "/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory.max",
            ])
        #expect(
            MemoryLimit.limitFiles(of: "0::/user.slice\n") == [
                "/sys/fs/cgroup/user.slice/memory.max", "/sys/fs/cgroup/memory.max",
            ])
        #expect(MemoryLimit.limitFiles(of: "nonsense").isEmpty)
    }
}
