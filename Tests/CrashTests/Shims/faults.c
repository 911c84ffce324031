// Preloaded into a program: one of its storage calls fails, the n-th of a kind, or all from the
// n-th on.
//
//   CAIRN_FAULT_ROOT   only files below this directory, a real path, are concerned
//   CAIRN_FAULT_CALL   open, read, write, short, sync, resize, rename, mmap or allocate
//   CAIRN_FAULT_AT     which call fails, from 1; 0 counts only
//   CAIRN_FAULT_LASTS  1: every later one as well
//   CAIRN_FAULT_ERRNO  what the system says
//   CAIRN_FAULT_COUNT  a file that gets the number of calls at the end
//
// `short` writes half of what was asked for; `rename` is about making directories as well. `allocate` concerns memory asked for by LMDB alone:
// Swift's own runtime ends a program without memory.

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <link.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static char root[PATH_MAX], call[16];
static long failing, lasts, code;
static atomic_long calls;

// Where LMDB's code lies.
static char *first, *last_;

static int find_lmdb(struct dl_phdr_info *library, size_t size, void *unused) {
    (void)size, (void)unused;
    if (!strstr(library->dlpi_name, "lmdb")) return 0;
    for (int i = 0; i < library->dlpi_phnum; i++) {
        const ElfW(Phdr) *part = &library->dlpi_phdr[i];
        if (part->p_type != PT_LOAD || !(part->p_flags & PF_X)) continue;
        first = (char *)library->dlpi_addr + part->p_vaddr;
        last_ = first + part->p_memsz;
    }
    return 1;
}

__attribute__((constructor)) static void begin(void) {
    const char *where = getenv("CAIRN_FAULT_ROOT"), *what = getenv("CAIRN_FAULT_CALL");
    const char *at = getenv("CAIRN_FAULT_AT"), *last = getenv("CAIRN_FAULT_LASTS");
    const char *number = getenv("CAIRN_FAULT_ERRNO");
    if (!where || !what || !at || strlen(where) >= sizeof root) return;
    strcpy(root, where);
    failing = atol(at);
    lasts = last ? atol(last) : 0;
    code = number ? atol(number) : EIO;
    strncpy(call, what, sizeof call - 1);
    if (!strcmp(call, "allocate")) dl_iterate_phdr(find_lmdb, NULL);
}

__attribute__((destructor)) static void end(void) {
    const char *path = getenv("CAIRN_FAULT_COUNT");
    if (!path) return;
    char digits[24];
    int at = sizeof digits;
    long rest = atomic_load(&calls);
    do digits[--at] = '0' + rest % 10; while (rest /= 10);
    int fd = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    syscall(SYS_write, fd, digits + at, sizeof digits - at);
    syscall(SYS_close, fd);
}

// Whether this call of a kind is one that fails.
static int fails(const char *kind) {
    if (strcmp(kind, call)) return 0;
    long number = atomic_fetch_add(&calls, 1) + 1;
    return failing && (number == failing || (lasts && number > failing));
}

static int is_below(const char *path) { return root[0] && !strncmp(path, root, strlen(root)); }

static int is_ours(int fd) {
    char link[40] = "/proc/self/fd/", path[PATH_MAX], digits[16];
    int n = 0, d = fd;
    if (fd < 0 || !root[0]) return 0;
    do digits[n++] = '0' + d % 10; while (d /= 10);
    char *to = link + strlen(link);
    while (n) *to++ = digits[--n];
    *to = 0;
    ssize_t length = syscall(SYS_readlink, link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return is_below(path);
}

#define REFUSE return errno = code, -1

static int open_at(int directory, const char *path, int flags, mode_t mode) {
    if (is_below(path) && fails("open")) REFUSE;
    return syscall(SYS_openat, directory, path, flags, mode);
}

#define MODE(flags) \
    mode_t mode = 0; \
    if (flags & (O_CREAT | __O_TMPFILE)) { \
        va_list rest; \
        va_start(rest, flags); \
        mode = va_arg(rest, mode_t); \
        va_end(rest); \
    }

int open(const char *path, int flags, ...) { MODE(flags) return open_at(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE(flags) return open_at(AT_FDCWD, path, flags, mode); }

// Fewer bytes than asked for, as a disk that fills up writes them.
static size_t shortened(int fd, size_t count) {
    return is_ours(fd) && fails("short") && count > 1 ? count / 2 : count;
}

ssize_t write(int fd, const void *bytes, size_t count) {
    if (is_ours(fd) && fails("write")) REFUSE;
    return syscall(SYS_write, fd, bytes, shortened(fd, count));
}
ssize_t pwrite(int fd, const void *bytes, size_t count, off_t offset) {
    if (is_ours(fd) && fails("write")) REFUSE;
    return syscall(SYS_pwrite64, fd, bytes, shortened(fd, count), offset);
}
ssize_t pwrite64(int fd, const void *b, size_t n, off_t o) { return pwrite(fd, b, n, o); }
ssize_t writev(int fd, const struct iovec *parts, int count) {
    if (is_ours(fd) && fails("write")) REFUSE;
    if (is_ours(fd) && fails("short"))
        return syscall(SYS_write, fd, parts[0].iov_base, parts[0].iov_len / 2);
    return syscall(SYS_writev, fd, parts, count);
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
    if (is_ours(fd) && fails("write")) REFUSE;
    return syscall(SYS_pwritev, fd, parts, count, (long)offset, 0L);
}

ssize_t read(int fd, void *bytes, size_t count) {
    if (is_ours(fd) && fails("read")) REFUSE;
    return syscall(SYS_read, fd, bytes, count);
}
ssize_t pread(int fd, void *bytes, size_t count, off_t offset) {
    if (is_ours(fd) && fails("read")) REFUSE;
    return syscall(SYS_pread64, fd, bytes, count, offset);
}
ssize_t pread64(int fd, void *b, size_t n, off_t o) { return pread(fd, b, n, o); }

int rename(const char *from, const char *to) {
    if (is_below(to) && fails("rename")) REFUSE;
    return syscall(SYS_rename, from, to);
}
int mkdir(const char *path, mode_t mode) {
    if (is_below(path) && fails("rename")) REFUSE;
    return syscall(SYS_mkdir, path, mode);
}

int fsync(int fd) {
    if (is_ours(fd) && fails("sync")) REFUSE;
    return syscall(SYS_fsync, fd);
}
int fdatasync(int fd) {
    if (is_ours(fd) && fails("sync")) REFUSE;
    return syscall(SYS_fdatasync, fd);
}
int ftruncate(int fd, off_t length) {
    if (is_ours(fd) && fails("resize")) REFUSE;
    return syscall(SYS_ftruncate, fd, length);
}
int ftruncate64(int fd, off_t length) { return ftruncate(fd, length); }
int fallocate(int fd, int mode, off_t offset, off_t length) {
    if (is_ours(fd) && fails("resize")) REFUSE;
    return syscall(SYS_fallocate, fd, mode, offset, length);
}
int fallocate64(int fd, int mode, off_t at, off_t n) { return fallocate(fd, mode, at, n); }

void *mmap(void *at, size_t length, int protection, int flags, int fd, off_t offset) {
    if (is_ours(fd) && fails("mmap")) return errno = code, MAP_FAILED;
    return (void *)syscall(SYS_mmap, at, length, protection, flags, fd, offset);
}
void *mmap64(void *at, size_t n, int p, int f, int fd, off_t o) { return mmap(at, n, p, f, fd, o); }

// Whether the call comes from LMDB; never before `begin`.
static int is_lmdb(void *caller) { return (char *)caller >= first && (char *)caller < last_; }

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

#define SPARE(result) \
    if (is_lmdb(__builtin_return_address(0)) && fails("allocate")) return errno = ENOMEM, result;

void *malloc(size_t size) { SPARE(NULL) return __libc_malloc(size); }
void *calloc(size_t count, size_t size) { SPARE(NULL) return __libc_calloc(count, size); }
void *realloc(void *old, size_t size) { SPARE(NULL) return __libc_realloc(old, size); }
int posix_memalign(void **to, size_t alignment, size_t size) {
    SPARE(ENOMEM)
    *to = __libc_memalign(alignment, size);
    return *to ? 0 : ENOMEM;
}
