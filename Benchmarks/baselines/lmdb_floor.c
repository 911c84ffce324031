// What LMDB alone can do with a graph store's bytes: the floor a store is measured against.
// `lmdb_floor --help` tells the use; lmdb_store.h shows the tables.
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include "clients.h"
#include "lmdb_store.h"

#define ENGINE "lmdb-c"

// Reading ---------------------------------------------------------------------------------------

struct reader {
    const struct store *store;
    const struct learning_graph *graph;
    MDB_txn *transaction;
    MDB_cursor *cursor;
    struct node_set set;
};

static void begin(struct reader *reader) {
    check(mdb_txn_begin(reader->store->env, NULL, MDB_RDONLY, &reader->transaction), "begin");
}

static int64_t minutes_of(struct reader *reader, uint32_t concept) {
    unsigned char name[64];
    struct text text = reader->graph->nodes[concept].key;
    MDB_val key = {key_for_text(name, text.bytes, text.length), name}, value;
    check(mdb_get(reader->transaction, reader->store->key, &key, &value), "key");
    uint64_t id;
    memcpy(&id, value.mv_data, 8);
    store_u64(name, id);
    key = (MDB_val){8, name};
    check(mdb_get(reader->transaction, reader->store->node, &key, &value), "node");
    uint32_t minutes;
    memcpy(&minutes, (char *)value.mv_data + 4, 4);
    return minutes;
}

enum transactions { EACH, RENEWED, ONE };

static void points(struct reader *reader, const char *measure, enum transactions kind) {
    uint64_t answer = 0;
    struct stopwatch watch = {0};
    for (int trial = 0; trial < 2; trial++) { // The first warms up.
        struct starts random = starts(START_SEED);
        if (kind != EACH) begin(reader);
        answer = 0;
        watch = start_watch();
        for (int i = 0; i < POINTS; i++) {
            uint32_t start = next_start(&random, reader->graph->concept_count);
            if (kind == EACH) begin(reader);
            if (kind == RENEWED) {
                mdb_txn_reset(reader->transaction);
                check(mdb_txn_renew(reader->transaction), "renew");
            }
            answer += (uint64_t)minutes_of(reader, start);
            if (kind == EACH) mdb_txn_abort(reader->transaction);
        }
        watch = stop_watch(watch);
        if (kind != EACH) mdb_txn_abort(reader->transaction);
    }
    report(ENGINE, measure, watch.wall * 1e6 / POINTS, "us/op", watch, POINTS, POINTS,
           (int64_t)answer);
}

/// Distinct nodes within `hops` of the start, the start apart; hops < 0: all that can be reached.
static uint64_t reach(struct reader *reader, uint32_t start, uint32_t type, int hops) {
    struct node_set *set = &reader->set;
    clear_node_set(set);
    insert_node(set, start);
    for (uint32_t from = 0; hops && from < set->count; hops--)
        for (uint32_t to = set->count; from < to; from++)
            expand(reader->cursor, set->members[from], type, set);
    return set->count - 1;
}

static void reaches(struct reader *reader, const char *measure, uint32_t type, int hops,
                    int operations) {
    uint64_t answer = 0;
    struct stopwatch watch = {0};
    begin(reader);
    check(mdb_cursor_open(reader->transaction, reader->store->out, &reader->cursor), "cursor");
    for (int trial = 0; trial < 2; trial++) {
        struct starts random = starts(START_SEED);
        answer = 0;
        watch = start_watch();
        for (int i = 0; i < operations; i++) {
            uint32_t start = next_start(&random, reader->graph->concept_count);
            mdb_txn_reset(reader->transaction);
            check(mdb_txn_renew(reader->transaction), "renew");
            check(mdb_cursor_renew(reader->transaction, reader->cursor), "renew a cursor");
            answer += reach(reader, start, type, hops);
        }
        watch = stop_watch(watch);
    }
    mdb_cursor_close(reader->cursor);
    mdb_txn_abort(reader->transaction);
    report_reads(ENGINE, measure, watch, (uint64_t)operations, answer, answer);
}

/// All nodes' values once, in key order: what a full scan costs.
static void scan(struct reader *reader) {
    begin(reader);
    check(mdb_cursor_open(reader->transaction, reader->store->node, &reader->cursor), "cursor");
    MDB_val key, value;
    uint64_t answer = 0, rows = 0;
    struct stopwatch watch = start_watch();
    while (mdb_cursor_get(reader->cursor, &key, &value, MDB_NEXT) == MDB_SUCCESS) {
        uint32_t head[2];
        memcpy(head, value.mv_data, 8);
        if (head[0] == CONCEPT) answer += head[1];
        rows++;
    }
    watch = stop_watch(watch);
    mdb_cursor_close(reader->cursor);
    mdb_txn_abort(reader->transaction);
    report(ENGINE, "scan_nodes", watch.wall * 1e3, "ms", watch, 1, rows, (int64_t)answer);
}

static void reads(const char *folder, const struct learning_graph *graph) {
    struct store store = open_store(folder, MDB_RDONLY);
    struct reader reader = {&store, graph, NULL, NULL, new_node_set(graph->node_count)};
    points(&reader, "point", EACH);
    points(&reader, "point_renewed", RENEWED);
    points(&reader, "point_one_txn", ONE);
    reaches(&reader, "hop1", RELATED_TO, 1, HOP1_STARTS);
    reaches(&reader, "hop2", RELATED_TO, 2, HOP2_STARTS);
    reaches(&reader, "hop3", RELATED_TO, 3, HOP3_STARTS);
    reaches(&reader, "closure", PREREQUISITE, -1, CLOSURE_STARTS);
    scan(&reader);
    close_store(&store);
}

static void opens(const char *folder, const struct learning_graph *graph, int cold) {
    enum { TRIALS = 10 };
    struct stopwatch total = {0};
    uint64_t answer = 0;
    for (int i = 0; i < TRIALS; i++) {
        if (cold) forget_pages(folder, "data.mdb");
        struct stopwatch watch = start_watch();
        struct store store = open_store(folder, 0);
        struct reader reader = {.store = &store, .graph = graph};
        begin(&reader);
        answer += (uint64_t)minutes_of(&reader, graph->concept_count / 2);
        mdb_txn_abort(reader.transaction);
        watch = stop_watch(watch);
        close_store(&store);
        total.wall += watch.wall;
        total.cpu += watch.cpu;
    }
    report(ENGINE, cold ? "open_cold" : "open_warm", total.wall * 1e3 / TRIALS, "ms", total,
           TRIALS, TRIALS, (int64_t)answer);
}

// Writing: one writer thread takes all that waits and commits it at once ------------------------

enum work { RANDOM4, ADD_NODE, ADD_NODE_LEAN };

struct request {
    struct request *next;
    uint32_t first, second;
    sem_t done;
};

struct writer {
    struct store *store;
    const struct learning_graph *graph;
    enum work work;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t waiting;
    struct request *queue;
    int stop;
    uint64_t groups;
};

static void put(MDB_txn *transaction, MDB_dbi table, void *key, size_t key_size, void *value,
                size_t size, unsigned flags) {
    MDB_val k = {key_size, key}, v = {size, value};
    int code = active_journal ? journal_put(active_journal, transaction, table, &k, &v)
                              : mdb_put(transaction, table, &k, &v, flags);
    check(code, "put");
}

// The numbers of edges that `random_four` puts: beyond all that have a locator.
#define UNLOCATED ((uint64_t)1 << 40)

/// Puts of a small update that all fall on random pages: a key, a record, two adjacency blocks.
static void random_four(struct writer *writer, MDB_txn *transaction, struct request *request) {
    struct store *store = writer->store;
    unsigned char name[64], value[64];
    char text[32];
    uint64_t id = store->next_node++;
    uint64_t mixed = id * 0x9e3779b97f4a7c15;
    int length = snprintf(text, sizeof text, "n%016llx", (unsigned long long)mixed);
    size_t size = key_for_text(name, text, (size_t)length);
    put(transaction, store->key, name, size, &id, 8, 0);
    const struct node *node = &writer->graph->nodes[request->first];
    value_for_node(value, node->label, node->difficulty, node->minutes, node->title,
                   node->domain);
    store_u64(name, request->first);
    put(transaction, store->node, name, 8, value, 64, 0);
    for (int i = 0; i < 2; i++)
        insert_row(transaction, store->in, i ? request->second : request->first, RELATED_TO,
                   (struct row){id, UNLOCATED + 2 * id + (unsigned)i, __builtin_nan("")});
}

/// A new node and its key, as both kinds of `add_node` begin.
static uint64_t add_record(struct writer *writer, MDB_txn *transaction, unsigned char value[72]) {
    struct store *store = writer->store;
    unsigned char name[64];
    char text[32];
    uint64_t id = store->next_node++;
    int length = snprintf(text, sizeof text, "n%016llx",
                          (unsigned long long)(id * 0x9e3779b97f4a7c15));
    struct text title = {text, (uint32_t)length};
    store_u64(name, id);
    memset(value, 0, 72);
    value_for_node(value, CONCEPT, 0.5, 60, title, title);
    put(transaction, store->node, name, 8, value, 72, MDB_APPEND);
    size_t size = key_for_text(name, text, (size_t)length);
    put(transaction, store->key, name, size, &id, 8, 0);
    put_label(store, transaction, CONCEPT, id);
    return id;
}

/// What Cairn writes for a new node with two edges of two types, put for put, into the same tables:
/// the node, its key, its label; for each edge a row at its source, one at its target, its locator
/// and its type; the change log. `write_groups` adds counters and counts, as Cairn does once a
/// commit. The key and the two incoming rows fall on random pages, the others on the last page of
/// their table.
static void add_node(struct writer *writer, MDB_txn *transaction, struct request *request) {
    struct store *store = writer->store;
    unsigned char name[12], operations[125] = {0};
    uint64_t id = add_record(writer, transaction, operations);
    for (int i = 0; i < 2; i++) {
        uint64_t edge = store->next_edge++, target = i ? request->second : request->first;
        uint32_t type = i ? RELATED_TO : PREREQUISITE;
        put_locator(store, transaction, edge, id, target, type);
        put_member(store, transaction, type, edge);
        struct row row = {target, edge, 0.5};
        append_run(transaction, store->out, id, type, &row, 1);
        insert_row(transaction, store->in, target, type,
                   (struct row){id, edge, __builtin_nan("")});
        memcpy(operations + 72 + i * sizeof row, &row, sizeof row);
    }
    store_u64(name, ++store->position);
    store_u32(name + 8, 0);
    put(transaction, store->log, name, sizeof name, operations, sizeof operations, MDB_APPEND);
}

/// Less: both edges are of one type, and nothing is counted.
static void add_node_lean(struct writer *writer, MDB_txn *transaction, struct request *request) {
    struct store *store = writer->store;
    unsigned char name[12], operations[160] = {0};
    uint64_t id = add_record(writer, transaction, operations);
    uint32_t low = request->first < request->second ? request->first : request->second;
    uint32_t high = request->first < request->second ? request->second : request->first;
    struct row rows[2] = {{low, store->next_edge, 0.75}, {high, store->next_edge + 1, 0.5}};
    append_run(transaction, store->out, id, PREREQUISITE, rows, 2);
    for (int i = 0; i < 2; i++) {
        uint64_t edge = store->next_edge++;
        insert_row(transaction, store->in, rows[i].neighbour, PREREQUISITE,
                   (struct row){id, edge, __builtin_nan("")});
        put_locator(store, transaction, edge, id, rows[i].neighbour, PREREQUISITE);
    }
    memcpy(operations + 72, rows, sizeof rows);
    store_u64(name, ++store->position);
    store_u32(name + 8, 0);
    put(transaction, store->log, name, sizeof name, operations, sizeof operations, MDB_APPEND);
}

static void run_request(struct writer *writer, MDB_txn *transaction, struct request *request) {
    switch (writer->work) {
    case RANDOM4: random_four(writer, transaction, request); break;
    case ADD_NODE: add_node(writer, transaction, request); break;
    case ADD_NODE_LEAN: add_node_lean(writer, transaction, request); break;
    }
}

/// What members of a group share: of `add_node`, the counts of nodes, edges, the label, two types,
/// and of edges by label, type and direction.
static void finish_group(struct writer *writer, MDB_txn *transaction, uint64_t members) {
    struct store *store = writer->store;
    for (uint32_t i = 0; writer->work == ADD_NODE && i < 9; i++)
        count(store, transaction, i, members);
    uint64_t counters[7] = {store->next_node, store->next_edge, store->position};
    put(transaction, store->meta, "counters", 8, counters,
        writer->work == ADD_NODE ? sizeof counters : 24, 0);
}

static void *write_groups(void *argument) {
    struct writer *writer = argument;
    for (;;) {
        pthread_mutex_lock(&writer->lock);
        while (!writer->queue && !writer->stop)
            pthread_cond_wait(&writer->waiting, &writer->lock);
        struct request *group = writer->queue;
        writer->queue = NULL;
        pthread_mutex_unlock(&writer->lock);
        if (!group) return NULL;
        MDB_txn *transaction;
        check(mdb_txn_begin(writer->store->env, NULL, 0, &transaction), "begin");
        uint64_t members = 0;
        for (struct request *request = group; request; request = request->next, members++)
            run_request(writer, transaction, request);
        finish_group(writer, transaction, members);
        check(mdb_txn_commit(transaction), "commit");
        writer->groups++;
        for (struct request *request = group, *next; request; request = next) {
            next = request->next;
            sem_post(&request->done);
        }
    }
}

struct connection {
    struct writer *writer;
    struct request request;
};

static void *connect_client(void *context, unsigned client) {
    (void)client;
    struct connection *connection = allocate(sizeof *connection);
    connection->writer = context;
    sem_init(&connection->request.done, 0, 0);
    return connection;
}

static void disconnect_client(void *connection) { free(connection); }

static void commit_client(void *argument, struct starts *random) {
    struct connection *connection = argument;
    struct writer *writer = connection->writer;
    struct request *request = &connection->request;
    request->first = next_start(random, writer->graph->concept_count);
    do request->second = next_start(random, writer->graph->concept_count);
    while (request->second == request->first);
    pthread_mutex_lock(&writer->lock);
    request->next = writer->queue;
    writer->queue = request;
    pthread_cond_signal(&writer->waiting);
    pthread_mutex_unlock(&writer->lock);
    while (sem_wait(&request->done)) {}
}

static void commits(const char *folder, const struct learning_graph *graph, const char *measure,
                    enum work work, unsigned flags, unsigned clients, double seconds) {
    struct store store = open_store(folder, flags);
    struct writer writer = {.store = &store, .graph = graph, .work = work};
    pthread_mutex_init(&writer.lock, NULL);
    pthread_cond_init(&writer.waiting, NULL);
    if (pthread_create(&writer.thread, NULL, write_groups, &writer)) fail("No thread");
    struct client_kind kind = {connect_client, disconnect_client, commit_client, &writer};
    uint64_t before = store.position;
    run_clients(ENGINE, measure, clients, seconds, kind);
    pthread_mutex_lock(&writer.lock);
    writer.stop = 1;
    pthread_cond_signal(&writer.waiting);
    pthread_mutex_unlock(&writer.lock);
    pthread_join(writer.thread, NULL);
    if (work != RANDOM4)
        fprintf(stderr, "%s, %u clients: %.1f commits a sync\n", measure, clients,
                (double)(store.position - before) / (double)writer.groups);
    close_store(&store);
}

// Isolation: how members of a group are kept apart -----------------------------------------------

enum isolation { NONE, NESTED, JOURNAL };

/// One member, undone again when it `fails`; the first needs no protection.
static void run_member(struct writer *writer, MDB_txn *parent, struct request *request,
                       enum isolation isolation, int fails) {
    struct store before = *writer->store;
    MDB_txn *transaction = parent;
    static struct undo_journal journal;
    if (isolation == NESTED)
        check(mdb_txn_begin(writer->store->env, parent, 0, &transaction), "begin a nested one");
    if (isolation == JOURNAL) active_journal = &journal;
    add_node(writer, transaction, request);
    active_journal = NULL;
    if (isolation == JOURNAL) {
        if (fails) journal_undo(&journal, parent);
        journal.used = 0;
    }
    if (isolation == NESTED) {
        if (fails) mdb_txn_abort(transaction);
        else check(mdb_txn_commit(transaction), "commit a nested one");
    }
    if (fails) *writer->store = before;
}

/// Groups of members without syncs, so that the processor's time is what differs.
static void isolations(const char *folder, const struct learning_graph *graph, double seconds) {
    const char *names[] = {"none", "nested", "journal"};
    const unsigned sizes[] = {2, 8, 64, 512};
    for (int i = 0; i < 4; i++) {
        for (unsigned failing = 0; failing <= 10; failing += 10) {
            for (enum isolation isolation = failing ? NESTED : NONE; isolation <= JOURNAL;
                 isolation++) {
                struct store store = open_store(folder, MDB_NOSYNC);
                struct writer writer = {.store = &store, .graph = graph, .work = ADD_NODE};
                struct starts random = starts(START_SEED);
                struct stopwatch watch = start_watch(), now = {0};
                uint64_t members = 0;
                for (; now.wall < seconds; now = stop_watch(watch)) {
                    MDB_txn *transaction;
                    check(mdb_txn_begin(store.env, NULL, 0, &transaction), "begin");
                    for (unsigned j = 0; j < sizes[i]; j++, members++) {
                        struct request request = {
                            .first = next_start(&random, graph->concept_count),
                            .second = next_start(&random, graph->concept_count)};
                        run_member(&writer, transaction, &request, j ? isolation : NONE,
                                   j && members % 100 < failing);
                    }
                    finish_group(&writer, transaction, sizes[i]);
                    check(mdb_txn_commit(transaction), "commit");
                }
                char name[64];
                snprintf(name, sizeof name, "group_%s_%u%s", names[isolation], sizes[i],
                         failing ? "_failing" : "");
                report(ENGINE, name, now.wall * 1e6 / (double)members, "us/op", now, members, 0,
                       -1);
                close_store(&store);
            }
        }
    }
}

// The command -----------------------------------------------------------------------------------

static const char usage[] =
    "lmdb_floor - what LMDB alone does with a graph store's bytes\n\n"
    "  lmdb_floor GRAPH WORK      GRAPH: a folder of generate/learning_graph.py\n"
    "                             WORK: a folder for the store, rewritten\n"
    "  --seconds N                time for each measure of commits (default 2)\n"
    "  --no-commits               only loading, opening and reading\n"
    "  --only-commits             only loading, and commits of new nodes\n"
    "  --only-load                only loading\n"
    "  --clients N                commits of so many clients only\n"
    "  --reuse                    take the store as an earlier run left it\n"
    "  --isolation                only what keeps the members of a group apart: nested\n"
    "                             transactions and an undo journal\n\n"
    "Prints one JSON object a line; ../README.md explains the measures.\n";

int main(int argc, char **argv) {
    const char *folders[2];
    double seconds = 2;
    int given = 0, committing = 1, reading = 1, isolating = 0, loading = 1, only = 0;
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) return fputs(usage, stdout) < 0;
        if (!strcmp(argv[i], "--no-commits")) committing = 0;
        else if (!strcmp(argv[i], "--only-commits")) reading = 0;
        else if (!strcmp(argv[i], "--only-load")) committing = reading = 0;
        else if (!strcmp(argv[i], "--reuse")) loading = 0;
        else if (!strcmp(argv[i], "--clients") && i + 1 < argc) only = atoi(argv[++i]);
        else if (!strcmp(argv[i], "--isolation")) isolating = 1;
        else if (!strcmp(argv[i], "--seconds") && i + 1 < argc) seconds = atof(argv[++i]);
        else if (given < 2 && argv[i][0] != '-') folders[given++] = argv[i];
        else return fputs(usage, stderr), 64;
    }
    if (given != 2 || !(seconds > 0)) return fputs(usage, stderr), 64;
    const char *folder = folders[1];
    struct stopwatch parsing = start_watch();
    struct learning_graph graph = read_learning_graph(folders[0]);
    struct stopwatch parsed = stop_watch(parsing);
    start_memory_watch();
    uint64_t rows = loading ? load_store(folder, &graph) : graph.node_count + graph.edge_count;
    double memory = stop_memory_watch();
    struct stopwatch loaded = stop_watch(parsing);
    errno = 0;
    report(ENGINE, "parse", parsed.wall, "s", parsed, rows, rows, -1);
    report(ENGINE, "load", loaded.wall, "s", loaded, rows, rows, -1);
    report(ENGINE, "load_rate", (double)rows / loaded.wall, "rows/s", loaded, rows, rows, -1);
    report(ENGINE, "load_memory", memory, "MB", (struct stopwatch){0}, 1, rows, -1);
    report(ENGINE, "disk", (double)disk_bytes(folder, "data.mdb") / 1e6, "MB",
           (struct stopwatch){0}, 1, rows, -1);
    if (isolating) return isolations(folder, &graph, seconds), 0;
    if (reading) {
        opens(folder, &graph, 1);
        opens(folder, &graph, 0);
        reads(folder, &graph);
    }
    if (!committing) return 0;
    const unsigned clients[] = {1, 8, 64};
    for (int i = 0; i < 3; i++) {
        if (only && (unsigned)only != clients[i]) continue;
        if (reading) {
            commits(folder, &graph, "commit_random4", RANDOM4, 0, clients[i], seconds);
            commits(folder, &graph, "commit_random4_nometasync", RANDOM4, MDB_NOMETASYNC,
                    clients[i], seconds);
        }
        commits(folder, &graph, "commit_node2", ADD_NODE, 0, clients[i], seconds);
        commits(folder, &graph, "commit_node2_lean", ADD_NODE_LEAN, 0, clients[i], seconds);
        commits(folder, &graph, "commit_node2_nometasync", ADD_NODE, MDB_NOMETASYNC, clients[i],
                seconds);
    }
    return 0;
}
