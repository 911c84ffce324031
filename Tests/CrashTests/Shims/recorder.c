// Preloaded into a writing program: keeps a log of what it asks of the file system below one
// directory, in the order in which it asked, so that a power loss at any moment can be replayed.
//
//   CAIRN_RECORD_ROOT  the directory, as a real path
//   CAIRN_RECORD_LOG   the log, outside of it
//
// A record is a head of five little-endian 64-bit numbers (kind, file, offset, length of the
// bytes, 0) and the bytes. Writes are logged before they are issued and flushes after they
// returned: what a record claims to be durable is durable. What the program says on its standard
// output is logged as a mark before it is said.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind {
    OPENED = 1,   // file, offset 1 when it was created; bytes: its path below the root
    WRITTEN = 2,  // file, offset, bytes: perhaps on the disk from now on
    FLUSHED = 3,  // file: all that was written to it is on the disk
    DURABLE = 4,  // file, offset, bytes: the write returned from a file opened with O_DSYNC
    TRUNCATED = 5,  // file, offset: its new length
    RENAMED = 6,  // bytes: old path, 0, new path
    UNLINKED = 7, // bytes: path
    MADE = 8,     // bytes: path of a new directory
    NAMES = 9,    // bytes: path of a directory whose names are on the disk
    MARK = 10,    // bytes: said on standard output
};

enum { FILES = 4096 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char root[PATH_MAX];
static size_t rootLength;
static int logFile = -1;
// What each descriptor stands for: 0 for nothing below the root, else a file, or a directory.
static struct { uint64_t file; char synchronous; char directory; char path[256]; } open_[FILES];
static struct { ino_t inode; uint64_t file; } known[FILES];
static uint64_t files;


__attribute__((constructor)) static void begin(void) {
    const char *where = getenv("CAIRN_RECORD_ROOT"), *log = getenv("CAIRN_RECORD_LOG");
    if (!where || !log || strlen(where) >= sizeof root) return;
    strcpy(root, where);
    rootLength = strlen(root);
    logFile = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
}

static void record(enum kind kind, uint64_t file, uint64_t offset, const void *bytes, size_t count) {
    if (logFile < 0) return;
    uint64_t head[5] = {kind, file, offset, count, 0};
    struct iovec parts[2] = {{head, sizeof head}, {(void *)bytes, count}};
    syscall(SYS_writev, logFile, parts, count ? 2 : 1);
}

// The part of a path below the root; null for others.
static const char *below(int directory, const char *path, char *buffer) {
    if (logFile < 0 || !path) return NULL;
    char whole[PATH_MAX];
    if (path[0] != '/') {
        char from[64], base[PATH_MAX];
        if (directory == AT_FDCWD) strcpy(from, "/proc/self/cwd");
        else {
            char digits[16];
            int n = 0, d = directory;
            do digits[n++] = '0' + d % 10; while (d /= 10);
            strcpy(from, "/proc/self/fd/");
            size_t at = strlen(from);
            while (n) from[at++] = digits[--n];
            from[at] = 0;
        }
        ssize_t length = syscall(SYS_readlink, from, base, sizeof base - 1);
        if (length < 0 || length + strlen(path) + 2 > sizeof whole) return NULL;
        base[length] = 0;
        strcpy(whole, base);
        strcat(whole, "/");
        strcat(whole, path);
    } else {
        if (strlen(path) >= sizeof whole) return NULL;
        strcpy(whole, path);
    }
    // Squeeze "//", "/./" and "/../", which the store's own code writes.
    char *out = buffer;
    for (char *part = whole; *part;) {
        while (*part == '/') part++;
        size_t length = strcspn(part, "/");
        if (length == 2 && part[0] == '.' && part[1] == '.') {
            while (out > buffer && *--out != '/') {}
        } else if (length && !(length == 1 && part[0] == '.')) {
            *out++ = '/';
            memcpy(out, part, length);
            out += length;
        }
        part += length;
    }
    *out = 0;
    if (strncmp(buffer, root, rootLength) || (buffer[rootLength] && buffer[rootLength] != '/'))
        return NULL;
    return buffer[rootLength] ? buffer + rootLength + 1 : buffer + rootLength;
}

static void forget(const char *path) {
    struct stat facts;
    if (lstat(path, &facts)) return;
    for (int i = 0; i < FILES; i++)
        if (known[i].file && known[i].inode == facts.st_ino) known[i].file = 0;
}

static int opened(int fd, int directory, const char *path, int flags, int existed) {
    char buffer[PATH_MAX];
    if (fd < 0 || fd >= FILES) return fd;
    open_[fd].file = 0;
    open_[fd].directory = 0;
    const char *name = below(directory, path, buffer);
    struct stat facts;
    if (!name || strlen(name) >= sizeof open_[fd].path || fstat(fd, &facts)) return fd;
    strcpy(open_[fd].path, name);
    if (S_ISDIR(facts.st_mode)) {
        open_[fd].directory = 1;
        return fd;
    }
    uint64_t file = 0;
    int free_ = -1;
    for (int i = 0; i < FILES; i++) {
        if (known[i].file && known[i].inode == facts.st_ino) file = known[i].file;
        if (!known[i].file && free_ < 0) free_ = i;
    }
    if (!file) {
        file = ++files;
        if (free_ >= 0) known[free_].inode = facts.st_ino, known[free_].file = file;
    }
    open_[fd].file = file;
    open_[fd].synchronous = (flags & O_DSYNC) != 0;
    record(OPENED, file, !existed, name, strlen(name));
    if (existed && flags & O_TRUNC) record(TRUNCATED, file, 0, NULL, 0);
    return fd;
}

static int open_at(int directory, const char *path, int flags, mode_t mode) {
    pthread_mutex_lock(&lock);
    struct stat facts;
    int existed = !fstatat(directory, path, &facts, 0);
    int fd = syscall(SYS_openat, directory, path, flags, mode);
    int saved = errno;
    opened(fd, directory, path, flags, existed);
    errno = saved;
    pthread_mutex_unlock(&lock);
    return fd;
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
int openat(int d, const char *path, int flags, ...) { MODE(flags) return open_at(d, path, flags, mode); }
int openat64(int d, const char *path, int flags, ...) { MODE(flags) return open_at(d, path, flags, mode); }

int close(int fd) {
    pthread_mutex_lock(&lock);
    if (fd >= 0 && fd < FILES) open_[fd].file = 0, open_[fd].directory = 0;
    int code = syscall(SYS_close, fd);
    pthread_mutex_unlock(&lock);
    return code;
}

static int watched(int fd) { return fd >= 0 && fd < FILES && open_[fd].file; }

static ssize_t write_parts(int fd, const struct iovec *parts, int count, off_t offset, int isAt) {
    pthread_mutex_lock(&lock);
    uint64_t at = isAt ? offset : 0, total = 0;
    if (watched(fd)) {
        if (!isAt) at = lseek(fd, 0, SEEK_CUR);
        for (int i = 0; i < count; i++) {
            record(WRITTEN, open_[fd].file, at + total, parts[i].iov_base, parts[i].iov_len);
            total += parts[i].iov_len;
        }
    } else if (fd == STDOUT_FILENO) {
        for (int i = 0; i < count; i++) record(MARK, 0, 0, parts[i].iov_base, parts[i].iov_len);
    }
    ssize_t done = isAt ? syscall(SYS_pwritev, fd, parts, count, (long)offset, 0L)
                        : syscall(SYS_writev, fd, parts, count);
    int saved = errno;
    if (watched(fd) && done == (ssize_t)total && open_[fd].synchronous)
        for (int i = 0; i < count; i++) {
            record(DURABLE, open_[fd].file, at, parts[i].iov_base, parts[i].iov_len);
            at += parts[i].iov_len;
        }
    errno = saved;
    pthread_mutex_unlock(&lock);
    return done;
}

static ssize_t write_one(int fd, const void *bytes, size_t count, off_t offset, int isAt) {
    struct iovec part = {(void *)bytes, count};
    return write_parts(fd, &part, 1, offset, isAt);
}

ssize_t write(int fd, const void *b, size_t n) { return write_one(fd, b, n, 0, 0); }
ssize_t pwrite(int fd, const void *b, size_t n, off_t o) { return write_one(fd, b, n, o, 1); }
ssize_t pwrite64(int fd, const void *b, size_t n, off_t o) { return write_one(fd, b, n, o, 1); }
ssize_t writev(int fd, const struct iovec *p, int n) { return write_parts(fd, p, n, 0, 0); }
ssize_t pwritev(int fd, const struct iovec *p, int n, off_t o) { return write_parts(fd, p, n, o, 1); }
ssize_t pwritev64(int fd, const struct iovec *p, int n, off_t o) { return write_parts(fd, p, n, o, 1); }

static int flush(int fd, long call) {
    int code = syscall(call, fd), saved = errno;
    pthread_mutex_lock(&lock);
    if (!code && fd >= 0 && fd < FILES) {
        if (open_[fd].file) record(FLUSHED, open_[fd].file, 0, NULL, 0);
        if (open_[fd].directory) record(NAMES, 0, 0, open_[fd].path, strlen(open_[fd].path));
    }
    pthread_mutex_unlock(&lock);
    errno = saved;
    return code;
}

int fsync(int fd) { return flush(fd, SYS_fsync); }
int fdatasync(int fd) { return flush(fd, SYS_fdatasync); }

int ftruncate(int fd, off_t length) {
    pthread_mutex_lock(&lock);
    if (watched(fd)) record(TRUNCATED, open_[fd].file, length, NULL, 0);
    int code = syscall(SYS_ftruncate, fd, length);
    pthread_mutex_unlock(&lock);
    return code;
}
int ftruncate64(int fd, off_t length) { return ftruncate(fd, length); }

int rename(const char *old, const char *new) {
    char from[PATH_MAX], to[PATH_MAX], both[2 * PATH_MAX];
    pthread_mutex_lock(&lock);
    const char *a = below(AT_FDCWD, old, from), *b = below(AT_FDCWD, new, to);
    if (a && b) forget(new);
    int code = syscall(SYS_rename, old, new), saved = errno;
    if (!code && a && b) {
        size_t length = strlen(a);
        memcpy(both, a, length + 1);
        strcpy(both + length + 1, b);
        record(RENAMED, 0, 0, both, length + 1 + strlen(b));
    }
    errno = saved;
    pthread_mutex_unlock(&lock);
    return code;
}

int unlink(const char *path) {
    char buffer[PATH_MAX];
    pthread_mutex_lock(&lock);
    const char *name = below(AT_FDCWD, path, buffer);
    if (name) forget(path);
    int code = syscall(SYS_unlink, path), saved = errno;
    if (!code && name) record(UNLINKED, 0, 0, name, strlen(name));
    errno = saved;
    pthread_mutex_unlock(&lock);
    return code;
}

int mkdir(const char *path, mode_t mode) {
    char buffer[PATH_MAX];
    pthread_mutex_lock(&lock);
    const char *name = below(AT_FDCWD, path, buffer);
    int code = syscall(SYS_mkdir, path, mode), saved = errno;
    if (!code && name) record(MADE, 0, 0, name, strlen(name));
    errno = saved;
    pthread_mutex_unlock(&lock);
    return code;
}
