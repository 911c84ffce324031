#include "measure.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct stopwatch start_watch(void) {
    struct timespec now;
    struct rusage usage;
    clock_gettime(CLOCK_MONOTONIC, &now);
    getrusage(RUSAGE_SELF, &usage);
    return (struct stopwatch){
        (double)now.tv_sec + (double)now.tv_nsec * 1e-9,
        (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
            (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6};
}

struct stopwatch stop_watch(struct stopwatch started) {
    struct stopwatch now = start_watch();
    return (struct stopwatch){now.wall - started.wall, now.cpu - started.cpu};
}

void report(const char *engine, const char *measure, double value, const char *unit,
            struct stopwatch spent, uint64_t operations, uint64_t rows, int64_t answer) {
    double count = operations ? (double)operations : 1;
    printf("{\"engine\":\"%s\",\"measure\":\"%s\",\"value\":%.6g,\"unit\":\"%s\","
           "\"cpu_us_per_op\":%.4g,\"rows_per_op\":%.4g,\"ops\":%llu",
           engine, measure, value, unit, spent.cpu * 1e6 / count, (double)rows / count,
           (unsigned long long)operations);
    if (answer >= 0) printf(",\"answer\":%lld", (long long)answer);
    puts("}");
    fflush(stdout);
}

void report_reads(const char *engine, const char *measure, struct stopwatch spent,
                  uint64_t operations, uint64_t rows, uint64_t answer) {
    report(engine, measure, spent.wall * 1e6 / (double)operations, "us/op", spent, operations,
           rows, (int64_t)answer);
}

struct node_set new_node_set(uint32_t nodes) {
    struct node_set set = {calloc(nodes / 64 + 1, 8), allocate(nodes * sizeof(uint32_t)), 0};
    if (!set.bits) fail("Out of memory");
    return set;
}

void clear_node_set(struct node_set *set) {
    for (uint32_t i = 0; i < set->count; i++) set->bits[set->members[i] >> 6] = 0;
    set->count = 0;
}

void fail(const char *format, ...) {
    int reason = errno;
    va_list arguments;
    va_start(arguments, format);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    if (reason) fprintf(stderr, ": %s", strerror(reason));
    fputs(".\n", stderr);
    exit(1);
}

void *allocate(size_t bytes) { return reallocate(NULL, bytes); }

void *reallocate(void *memory, size_t bytes) {
    memory = realloc(memory, bytes ? bytes : 1);
    if (!memory) fail("Out of memory: %zu bytes asked", bytes);
    return memory;
}

uint64_t disk_bytes(const char *folder, const char *name) {
    char path[4096];
    struct stat status;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return stat(path, &status) == 0 ? (uint64_t)status.st_blocks * 512 : 0;
}

void forget_pages(const char *folder, const char *name) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    int descriptor = open(path, O_RDONLY);
    if (descriptor < 0) return;
    fdatasync(descriptor);
    posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED);
    close(descriptor);
}
