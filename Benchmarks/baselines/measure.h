// Clocks, random starts, growing sets and JSON lines, shared by the baselines.
#ifndef MEASURE_H
#define MEASURE_H

#include <stddef.h>
#include <stdint.h>

/// How many operations a measure runs. Its starts are the first so many of a fresh `starts(42)`.
enum {
    POINTS = 100000,
    HOP1_STARTS = 20000,
    HOP2_STARTS = 10000,
    HOP3_STARTS = 2000,
    CLOSURE_STARTS = 2000,
    START_SEED = 42,
};

/// A linear congruential generator that any language can repeat (Knuth, MMIX).
struct starts {
    uint64_t state;
};

static inline struct starts starts(uint64_t seed) { return (struct starts){seed}; }

/// state = state * 6364136223846793005 + 1442695040888963407 (mod 2^64); (state >> 33) % bound.
static inline uint32_t next_start(struct starts *random, uint32_t bound) {
    random->state = random->state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((random->state >> 33) % bound);
}

/// Elapsed seconds and the CPU seconds, user and system, of all threads.
struct stopwatch {
    double wall, cpu;
};

struct stopwatch start_watch(void);
struct stopwatch stop_watch(struct stopwatch started);

/// Prints one JSON line; `answer` is what other engines must find too, or negative for none.
void report(const char *engine, const char *measure, double value, const char *unit,
            struct stopwatch spent, uint64_t operations, uint64_t rows, int64_t answer);

/// Reports microseconds per operation; rows and answer are the same sum.
void report_reads(const char *engine, const char *measure, struct stopwatch spent,
                  uint64_t operations, uint64_t rows, uint64_t answer);

/// Looks a thousand times a second at the anonymous memory of this process; the highest it saw, in
/// megabytes.
void start_memory_watch(void);
double stop_memory_watch(void);

/// Reports what is resident now: anonymous memory, and pages of mapped files.
void report_resident(const char *engine);

/// A set of nodes as a bitmap, with the list of its members in order of arrival.
struct node_set {
    uint64_t *bits;
    uint32_t *members;
    uint32_t count;
};

struct node_set new_node_set(uint32_t nodes);
void clear_node_set(struct node_set *set);

static inline void insert_node(struct node_set *set, uint32_t node) {
    uint64_t bit = (uint64_t)1 << (node & 63);
    if (set->bits[node >> 6] & bit) return;
    set->bits[node >> 6] |= bit;
    set->members[set->count++] = node;
}

_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));
void *allocate(size_t bytes);
void *reallocate(void *memory, size_t bytes);

/// Bytes a file occupies on disk; 0 when it is absent.
uint64_t disk_bytes(const char *folder, const char *name);

/// Makes the kernel forget the file's pages, so that the next read comes from the disk.
void forget_pages(const char *folder, const char *name);

#endif
