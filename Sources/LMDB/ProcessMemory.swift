import CLMDB

/// The memory of this process that is allocated from its heap.
package enum ProcessMemory {
    /// Gives freed memory back to the system.
    ///
    /// The C library keeps what was freed for the next allocation, large arrays too once some were
    /// freed. After work that needs much memory once, such as building a graph that is then mapped
    /// from its file, this is most of what the process holds. Takes some milliseconds.
    package static func giveBack() {
        malloc_trim(0)
    }

    /// Keeps freed memory for what is allocated next, up to 256 MiB, arrays of up to 32 MiB too.
    package static func keepFreed() {
        clmdb_keep_freed(256 << 20)
    }
}
