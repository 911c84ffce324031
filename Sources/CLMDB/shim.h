#include <lmdb.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/vfs.h>

/// The file-system type ("magic") of the volume that holds `path`, or -1 with `errno` set.
///
/// The function and the struct of <sys/vfs.h> share one name, which Swift cannot tell apart.
static inline long clmdb_file_system_type(const char *path) {
    struct statfs facts;
    return statfs(path, &facts) == 0 ? (long)(facts.f_type & 0xffffffff) : -1L;
}

/// Takes (or, when `exclusive` is 0, shares) an advisory lock without waiting. 0 or -1 with `errno`.
static inline int clmdb_try_lock(int descriptor, int exclusive) {
    return flock(descriptor, (exclusive ? LOCK_EX : LOCK_SH) | LOCK_NB);
}

/// Shares an advisory lock, waiting for an exclusive holder. 0 or -1 with `errno`.
static inline int clmdb_share_lock(int descriptor) {
    int result;
    do {
        result = flock(descriptor, LOCK_SH);
    } while (result != 0 && errno == EINTR);
    return result;
}

/// Opens a directory only to hold and identify it; needs no permission on it. -1 with `errno`.
static inline int clmdb_hold_directory(const char *path) {
#ifdef O_PATH
    const int hold = O_PATH;
#else
    const int hold = 010000000; // O_PATH of Linux, hidden without _GNU_SOURCE
#endif
    return open(path, hold | O_DIRECTORY | O_CLOEXEC);
}
