// The C library first, as the module that Swift knows it by. Otherwise this module would bring copies
// of `timespec`, `stat` and the like, and a declaration that two modules provide belongs to whichever
// the compiler happens to load first: files that import Glibc alone would compile or not by chance.
#if defined(__linux__) && __has_feature(modules)
#pragma clang module import SwiftGlibc
#endif

#include <lmdb.h>
#include <sys/vfs.h>

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
