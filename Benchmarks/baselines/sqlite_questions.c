#include "sqlite_questions.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define ENGINE "sqlite-c"

enum { QUESTIONS = 2000, PATHS = 1000, REPEATS = 20 };

static const char learning_path[] =
    "WITH RECURSIVE reached(id) AS (VALUES(?1) UNION"
    " SELECT e.dst FROM reached CROSS JOIN edge e ON e.type = 1 AND e.src = reached.id)"
    " SELECT count(*) FROM reached WHERE id <> ?1 AND NOT EXISTS"
    " (SELECT 1 FROM edge WHERE type = 4 AND src = ?2 AND dst = reached.id)";
static const char filter_top[] =
    "WITH one AS MATERIALIZED (SELECT dst FROM edge WHERE type = 2 AND src = ?1),"
    " two AS MATERIALIZED (SELECT dst FROM one UNION"
    " SELECT e.dst FROM one CROSS JOIN edge e ON e.type = 2 AND e.src = one.dst)"
    // Not a join: for that SQLite fills a Bloom filter with all concepts, twenty times the work.
    " SELECT sum(minutes) FROM (SELECT (SELECT minutes FROM concept WHERE id = two.dst"
    " AND difficulty < 0.5) AS minutes FROM two WHERE dst <> ?1"
    " ORDER BY minutes DESC LIMIT 10)";
static const char starts_with[] =
    "SELECT count(*) FROM concept WHERE title >= ?1 AND title < ?2";
static const char contains[] = "SELECT count(*) FROM concept WHERE instr(title, ?1) > 0";
static const char group_domain[] =
    "SELECT max(n) FROM (SELECT count(*) AS n FROM concept GROUP BY domain)";
static const char outgoing[] = "SELECT dst FROM edge WHERE type = 2 AND src = ?";
static const char incoming[] = "SELECT src FROM edge WHERE type = 2 AND dst = ?";

static const char *const needles[] = {
    "enzyme", "sensor", "recursion", "layer", "manifold", "heat over", "poly", "Stochastic",
    "zzz", "of",
};
enum { NEEDLES = sizeof needles / sizeof *needles };

static void tell(const char *measure, struct stopwatch watch, uint64_t operations,
                 uint64_t answer) {
    report_reads(ENGINE, measure, stop_watch(watch), operations, answer, answer);
}

/// Statements about a concept by its number, and perhaps a learner by his.
static void by_number(sqlite3 *database, const struct learning_graph *graph, const char *measure,
                      const char *text, uint32_t first_learner, uint32_t learners) {
    sqlite3_stmt *statement = prepare(database, text);
    uint64_t answer = 0;
    struct stopwatch watch = {0};
    for (int trial = 0; trial < 2; trial++) {
        struct starts random = starts(START_SEED);
        answer = 0;
        watch = start_watch();
        for (int i = 0; i < QUESTIONS; i++) {
            uint32_t start = next_start(&random, graph->concept_count);
            sqlite3_bind_int64(statement, 1, start);
            if (learners) sqlite3_bind_int64(statement, 2, first_learner + start % learners);
            answer += (uint64_t)ask(database, statement, 0);
        }
        if (trial) tell(measure, watch, QUESTIONS, answer);
    }
    sqlite3_finalize(statement);
}

static void prefixes(sqlite3 *database, const struct learning_graph *graph) {
    struct stopwatch indexing = start_watch();
    execute(database, "CREATE INDEX concept_title ON concept(title)");
    indexing = stop_watch(indexing);
    report(ENGINE, "index_titles", indexing.wall, "s", indexing, graph->concept_count,
           graph->concept_count, -1);
    sqlite3_stmt *statement = prepare(database, starts_with);
    for (int trial = 0; trial < 2; trial++) {
        struct starts random = starts(START_SEED);
        uint64_t answer = 0;
        struct stopwatch watch = start_watch();
        for (int i = 0; i < QUESTIONS; i++) {
            struct text title = graph->nodes[next_start(&random, graph->concept_count)].title;
            int length = title.length < 12 ? (int)title.length : 12;
            char end[16] = {0};
            memcpy(end, title.bytes, (size_t)length);
            end[length - 1]++;
            sqlite3_bind_text(statement, 1, title.bytes, length, SQLITE_STATIC);
            sqlite3_bind_text(statement, 2, end, length, SQLITE_TRANSIENT);
            answer += (uint64_t)ask(database, statement, 0);
        }
        if (trial) tell("starts_with", watch, QUESTIONS, answer);
    }
    sqlite3_finalize(statement);
    execute(database, "DROP INDEX concept_title");
}

static void texts(sqlite3 *database) {
    sqlite3_stmt *statement = prepare(database, contains);
    for (int trial = 0; trial < 2; trial++) {
        uint64_t answer = 0;
        struct stopwatch watch = start_watch();
        for (int i = 0; i < NEEDLES; i++) {
            sqlite3_bind_text(statement, 1, needles[i], -1, SQLITE_STATIC);
            answer += (uint64_t)ask(database, statement, 0);
        }
        if (trial) tell("contains", watch, NEEDLES, answer);
    }
    sqlite3_finalize(statement);
}

static void groups(sqlite3 *database) {
    sqlite3_stmt *statement = prepare(database, group_domain);
    for (int trial = 0; trial < 2; trial++) {
        uint64_t answer = 0;
        struct stopwatch watch = start_watch();
        for (int i = 0; i < REPEATS; i++) answer += (uint64_t)ask(database, statement, 0);
        if (trial) tell("group_domain", watch, REPEATS, answer);
    }
    sqlite3_finalize(statement);
}

// Shortest paths: breadth-first in C from both ends, whole levels in turn -------------------------

struct side {
    struct node_set seen;
    uint32_t from;
    sqlite3_stmt *statement;
};

static void restart(struct side *side, uint32_t node) {
    clear_node_set(&side->seen);
    side->from = 0;
    insert_node(&side->seen, node);
}

/// One level; whether it met the other side.
static int advance(struct side *side, const struct side *other) {
    for (uint32_t to = side->seen.count; side->from < to; side->from++) {
        int met = 0;
        sqlite3_bind_int64(side->statement, 1, side->seen.members[side->from]);
        while (!met && sqlite3_step(side->statement) == SQLITE_ROW) {
            uint32_t node = (uint32_t)sqlite3_column_int64(side->statement, 0);
            met = other->seen.bits[node >> 6] >> (node & 63) & 1;
            insert_node(&side->seen, node);
        }
        sqlite3_reset(side->statement);
        if (met) return 1;
    }
    return 0;
}

static uint32_t path_length(struct side sides[2], uint32_t source, uint32_t target) {
    if (source == target) return 0;
    restart(&sides[0], source);
    restart(&sides[1], target);
    for (uint32_t length = 1; length <= 10; length++) {
        uint32_t waiting[2] = {sides[0].seen.count - sides[0].from,
                               sides[1].seen.count - sides[1].from};
        if (!waiting[0] || !waiting[1]) return 0;
        int which = waiting[1] < waiting[0];
        if (advance(&sides[which], &sides[!which])) return length;
    }
    return 0;
}

static void paths(sqlite3 *database, const struct learning_graph *graph) {
    struct side sides[2] = {{.seen = new_node_set(graph->node_count),
                             .statement = prepare(database, outgoing)},
                            {.seen = new_node_set(graph->node_count),
                             .statement = prepare(database, incoming)}};
    for (int trial = 0; trial < 2; trial++) {
        struct starts random = starts(START_SEED);
        uint64_t answer = 0;
        struct stopwatch watch = start_watch();
        for (int i = 0; i < PATHS; i++) {
            uint32_t source = next_start(&random, graph->concept_count);
            uint32_t target = next_start(&random, graph->concept_count);
            execute(database, "BEGIN");
            answer += path_length(sides, source, target);
            execute(database, "COMMIT");
        }
        if (trial) tell("shortest_path", watch, PATHS, answer);
    }
    for (int i = 0; i < 2; i++) {
        sqlite3_finalize(sides[i].statement);
        free(sides[i].seen.bits);
        free(sides[i].seen.members);
    }
}

void ask_questions(sqlite3 *database, const struct learning_graph *graph) {
    uint32_t learner = 0, learners = 0;
    for (uint32_t i = graph->node_count; i-- > 0 && graph->nodes[i].label == LEARNER;) {
        learner = i;
        learners++;
    }
    by_number(database, graph, "learning_path", learning_path, learner, learners);
    by_number(database, graph, "filter_top10", filter_top, 0, 0);
    paths(database, graph);
    groups(database);
    texts(database);
    prefixes(database, graph);
}

// Readers beside a writer -------------------------------------------------------------------------

struct mixed_readers {
    const char *folder;
    const struct learning_graph *graph;
    unsigned count;
    pthread_t *threads;
    atomic_ullong done;
    atomic_int stop;
    struct stopwatch watch;
};

static void *read_on(void *argument) {
    struct mixed_readers *readers = argument;
    sqlite3 *database = open_database(readers->folder);
    sqlite3_stmt *point = prepare(database, "SELECT id, minutes FROM concept WHERE key = ?");
    sqlite3_stmt *hop = prepare(database, "SELECT count(*) FROM edge WHERE type = 2 AND src = ?");
    struct starts random = starts(START_SEED + (uint64_t)(uintptr_t)&database % 1024);
    uint64_t done = 0;
    while (!atomic_load(&readers->stop)) {
        uint32_t start = next_start(&random, readers->graph->concept_count);
        struct text key = readers->graph->nodes[start].key;
        execute(database, "BEGIN");
        sqlite3_bind_text(point, 1, key.bytes, (int)key.length, SQLITE_STATIC);
        sqlite3_bind_int64(hop, 1, ask(database, point, 0));
        ask(database, hop, 0);
        execute(database, "COMMIT");
        done++;
    }
    atomic_fetch_add(&readers->done, done);
    sqlite3_finalize(point);
    sqlite3_finalize(hop);
    sqlite3_close(database);
    return NULL;
}

struct mixed_readers *start_readers(const char *folder, const struct learning_graph *graph,
                                    unsigned count) {
    struct mixed_readers *readers = allocate(sizeof *readers);
    *readers = (struct mixed_readers){.folder = folder, .graph = graph, .count = count};
    readers->threads = allocate(count * sizeof *readers->threads);
    readers->watch = start_watch();
    for (unsigned i = 0; i < count; i++)
        if (pthread_create(&readers->threads[i], NULL, read_on, readers)) fail("No thread");
    return readers;
}

void stop_readers(struct mixed_readers *readers, const char *engine, const char *measure) {
    atomic_store(&readers->stop, 1);
    for (unsigned i = 0; i < readers->count; i++) pthread_join(readers->threads[i], NULL);
    struct stopwatch watch = stop_watch(readers->watch);
    uint64_t done = atomic_load(&readers->done);
    report(engine, measure, (double)done / watch.wall, "reads/s", watch, done, done, -1);
    free(readers->threads);
    free(readers);
}
