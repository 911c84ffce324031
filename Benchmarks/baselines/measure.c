#include "measure.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
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

// Memory ------------------------------------------------------------------------------------------

static pthread_t watcher;
static atomic_int watching;
static atomic_long highest;

static long resident_kilobytes(const char *field) {
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    long kilobytes = 0;
    while (file && fgets(line, sizeof line, file))
        if (!strncmp(line, field, strlen(field))) kilobytes = atol(line + strlen(field));
    if (file) fclose(file);
    return kilobytes;
}

static void note_memory(void) {
    long now = resident_kilobytes("RssAnon:");
    if (now > atomic_load(&highest)) atomic_store(&highest, now);
}

static void *watch_memory(void *unused) {
    (void)unused;
    while (atomic_load(&watching)) {
        note_memory();
        usleep(1000);
    }
    return NULL;
}

void start_memory_watch(void) {
    atomic_store(&watching, 1);
    if (pthread_create(&watcher, NULL, watch_memory, NULL)) fail("No thread");
}

double stop_memory_watch(void) {
    note_memory();
    atomic_store(&watching, 0);
    pthread_join(watcher, NULL);
    return (double)atomic_load(&highest) / 1000;
}

void report_resident(const char *engine) {
    struct stopwatch nothing = {0};
    report(engine, "resident_anonymous", (double)resident_kilobytes("RssAnon:") / 1000, "MB",
           nothing, 1, 0, -1);
    report(engine, "resident_mapped", (double)resident_kilobytes("RssFile:") / 1000, "MB", nothing,
           1, 0, -1);
}
