// The C library first, as the module that Swift knows it by. Otherwise this module would bring copies
// of `timespec`, `stat` and the like, and a declaration that two modules provide belongs to whichever
// the compiler happens to load first: files that import Glibc alone would compile or not by chance.
#if defined(__linux__) && __has_feature(modules)
#pragma clang module import SwiftGlibc
#endif

#include <fcntl.h>
#include <lmdb.h>
#include <sys/vfs.h>
#include <unistd.h>

/// The lock of <sys/file.h>. Its name is also that of a struct, which Swift cannot tell apart.
extern int flock(int descriptor, int operation);

/// `flock` under a name that is a function only. 0 or -1 with `errno`.
static inline int clmdb_lock(int descriptor, int operation) {
    return flock(descriptor, operation);
}

/// The file-system type ("magic") of the volume that holds `path`, or -1 with `errno` set.
///
/// The function and the struct of <sys/vfs.h> share one name, too.
static inline long clmdb_file_system_type(const char *path) {
    struct statfs facts;
    return statfs(path, &facts) == 0 ? (long)(facts.f_type & 0xffffffff) : -1L;
}

/// A lock on the second byte of a file, which belongs to the open file (F_OFD_GETLK, F_OFD_SETLK of
/// <fcntl.h>, whose names need _GNU_SOURCE) and knows nothing of `flock`.
static inline struct flock clmdb_second_byte(short type) {
    struct flock range = {0};
    range.l_type = type;
    range.l_whence = SEEK_SET;
    range.l_start = 1;
    range.l_len = 1;
    return range;
}

/// Shares the second byte, or gives it up. 0 or -1 with `errno`.
static inline int clmdb_announce(int descriptor, int is_waiting) {
    struct flock range = clmdb_second_byte(is_waiting ? F_RDLCK : F_UNLCK);
    return fcntl(descriptor, 37, &range);
}

/// Whether another open file shares the second byte: 1 or 0; -1 with `errno`.
static inline int clmdb_is_announced(int descriptor) {
    struct flock range = clmdb_second_byte(F_WRLCK);
    if (fcntl(descriptor, 36, &range) != 0) { return -1; }
    return range.l_type != F_UNLCK;
}

/// `fallocate` of <fcntl.h>, whose declaration there needs _GNU_SOURCE.
extern int fallocate(int descriptor, int mode, off_t offset, off_t length);

/// Gives the first bytes of a file their places on the volume, changing none of them: writing to
/// them through a mapping cannot fail then. 0 or -1 with `errno`.
static inline int clmdb_reserve(int descriptor, off_t bytes) {
    return fallocate(descriptor, 0, 0, bytes);
}

/// Gives freed memory of the heap back to the system (<malloc.h>, which Swift's module leaves out).
extern int malloc_trim(size_t pad);

/// Keeps freed memory of the heap, up to so many bytes, for the next allocation, large arrays too: by
/// itself the C library maps each of those anew, and the system clears its pages again. Both
/// parameters are those of <malloc.h>: M_TRIM_THRESHOLD and M_MMAP_THRESHOLD, at most 32 MiB.
static inline void clmdb_keep_freed(int bytes) {
    extern int mallopt(int parameter, int value);
    mallopt(-1, bytes);
    mallopt(-3, bytes < (32 << 20) ? bytes : 32 << 20);
}
