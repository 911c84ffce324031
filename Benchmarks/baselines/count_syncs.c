// Counts what makes a process wait for the disk: preload it (LD_PRELOAD) and ask `counted_syncs`.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_uint_fast64_t syncs;

/// Calls of fsync and fdatasync so far, and writes to files that were opened to sync each write.
uint64_t counted_syncs(void) { return atomic_load(&syncs); }

static void note_write(int file) {
    int flags = fcntl(file, F_GETFL);
    if (flags >= 0 && (flags & O_DSYNC)) atomic_fetch_add(&syncs, 1);
}

#define REAL(name)                                                                            \
    static __typeof__(&name) real;                                                            \
    if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

int fdatasync(int file) {
    REAL(fdatasync);
    atomic_fetch_add(&syncs, 1);
    return real(file);
}

int fsync(int file) {
    REAL(fsync);
    atomic_fetch_add(&syncs, 1);
    return real(file);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t offset) {
    REAL(pwrite);
    note_write(file);
    return real(file, bytes, count, offset);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t offset) {
    REAL(pwrite64);
    note_write(file);
    return real(file, bytes, count, offset);
}

ssize_t pwritev(int file, const struct iovec *parts, int count, off_t offset) {
    REAL(pwritev);
    note_write(file);
    return real(file, parts, count, offset);
}
