// The same graph and the same questions in SQLite, by its C interface and prepared statements.
// `sqlite_floor --help` tells the use.
#include <errno.h>
#include <math.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clients.h"
#include "learning_graph.h"
#include "sqlite_questions.h"

#define ENGINE "sqlite-c"
#define FILE_NAME "graph.sqlite"

static const char schema[] =
    "CREATE TABLE concept(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, title TEXT,"
    " domain TEXT, difficulty REAL, minutes INTEGER);"
    "CREATE TABLE other(id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, label INTEGER);"
    "CREATE TABLE edge(type INTEGER, src INTEGER, dst INTEGER, strength REAL,"
    " PRIMARY KEY(type, src, dst)) WITHOUT ROWID;";
static const char backwards[] = "CREATE INDEX edge_backwards ON edge(type, dst, src);";
static const char insert_concept[] = "INSERT INTO concept VALUES(?,?,?,?,?,?)";
static const char insert_edge[] = "INSERT INTO edge VALUES(?,?,?,?)";
static const char by_key[] =
    "SELECT id, title, domain, difficulty, minutes FROM concept WHERE key = ?";
static const char by_id[] =
    "SELECT key, title, domain, difficulty, minutes FROM concept WHERE id = ?";
// 2 is RELATED_TO, 1 is PREREQUISITE.
static const char one_hop[] =
    "SELECT count(*) FROM edge WHERE type = 2 AND src = ?1 AND dst <> ?1";
static const char two_hops[] =
    "WITH one AS MATERIALIZED (SELECT dst FROM edge WHERE type = 2 AND src = ?1)"
    " SELECT count(*) FROM (SELECT dst FROM one UNION"
    " SELECT e.dst FROM one CROSS JOIN edge e ON e.type = 2 AND e.src = one.dst)"
    " WHERE dst <> ?1";
static const char three_hops[] =
    "WITH one AS MATERIALIZED (SELECT dst FROM edge WHERE type = 2 AND src = ?1),"
    " two AS MATERIALIZED (SELECT dst FROM one UNION"
    " SELECT e.dst FROM one CROSS JOIN edge e ON e.type = 2 AND e.src = one.dst)"
    " SELECT count(*) FROM (SELECT dst FROM two UNION"
    " SELECT e.dst FROM two CROSS JOIN edge e ON e.type = 2 AND e.src = two.dst)"
    " WHERE dst <> ?1";
static const char closure[] =
    "WITH RECURSIVE reached(id) AS (VALUES(?1) UNION"
    " SELECT e.dst FROM reached CROSS JOIN edge e ON e.type = 1 AND e.src = reached.id)"
    " SELECT count(*) - 1 FROM reached";
static const char neighbours[] = "SELECT dst FROM edge WHERE type = ? AND src = ?";

void check(sqlite3 *database, int code) {
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
    fprintf(stderr, "sqlite_floor: %s.\n", sqlite3_errmsg(database));
    exit(1);
}

void execute(sqlite3 *database, const char *statement) {
    check(database, sqlite3_exec(database, statement, NULL, NULL, NULL));
}

sqlite3_stmt *prepare(sqlite3 *database, const char *text) {
    sqlite3_stmt *statement;
    check(database, sqlite3_prepare_v3(database, text, -1, SQLITE_PREPARE_PERSISTENT, &statement,
                                       NULL));
    return statement;
}

sqlite3 *open_database(const char *folder) {
    char path[4096];
    snprintf(path, sizeof path, "%s/" FILE_NAME, folder);
    sqlite3 *database;
    // Each connection stays on one thread, so its mutex may go.
    check(database, sqlite3_open_v2(path, &database,
                                    SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
                                        SQLITE_OPEN_NOMUTEX, NULL));
    sqlite3_busy_timeout(database, 60000);
    execute(database, "PRAGMA mmap_size=4294967296; PRAGMA cache_size=-65536;");
    return database;
}

// Loading ---------------------------------------------------------------------------------------

static void load_nodes(sqlite3 *database, const struct learning_graph *graph) {
    sqlite3_stmt *concept = prepare(database, insert_concept);
    sqlite3_stmt *other = prepare(database, "INSERT INTO other VALUES(?,?,?)");
    for (uint32_t i = 0; i < graph->node_count; i++) {
        const struct node *node = &graph->nodes[i];
        sqlite3_stmt *statement = node->label == CONCEPT ? concept : other;
        sqlite3_bind_int64(statement, 1, i);
        sqlite3_bind_text(statement, 2, node->key.bytes, (int)node->key.length, SQLITE_STATIC);
        if (node->label == CONCEPT) {
            sqlite3_bind_text(statement, 3, node->title.bytes, (int)node->title.length,
                              SQLITE_STATIC);
            sqlite3_bind_text(statement, 4, node->domain.bytes, (int)node->domain.length,
                              SQLITE_STATIC);
            sqlite3_bind_double(statement, 5, node->difficulty);
            sqlite3_bind_int64(statement, 6, node->minutes);
        } else {
            sqlite3_bind_int(statement, 3, (int)node->label);
        }
        check(database, sqlite3_step(statement));
        sqlite3_reset(statement);
    }
    sqlite3_finalize(concept);
    sqlite3_finalize(other);
}

/// In the order of the primary key, so that the tree grows at its end.
static void load_edges(sqlite3 *database, const struct learning_graph *graph) {
    sqlite3_stmt *statement = prepare(database, insert_edge);
    uint32_t *order = sorted_edges(graph, 0);
    for (unsigned type = PREREQUISITE; type <= KNOWS; type++)
        for (uint32_t i = 0; i < graph->edge_count; i++) {
            const struct edge *edge = &graph->edges[order[i]];
            if (edge->type != type) continue;
            sqlite3_bind_int(statement, 1, (int)type);
            sqlite3_bind_int64(statement, 2, edge->source);
            sqlite3_bind_int64(statement, 3, edge->target);
            isnan(edge->strength) ? sqlite3_bind_null(statement, 4)
                                  : sqlite3_bind_double(statement, 4, edge->strength);
            check(database, sqlite3_step(statement));
            sqlite3_reset(statement);
        }
    free(order);
    sqlite3_finalize(statement);
}

static void load(const char *folder, const struct learning_graph *graph) {
    const char *suffixes[] = {"", "-wal", "-shm", "-journal"};
    char path[4096];
    mkdir(folder, 0755);
    for (int i = 0; i < 4; i++) {
        snprintf(path, sizeof path, "%s/" FILE_NAME "%s", folder, suffixes[i]);
        unlink(path);
    }
    sqlite3 *database = open_database(folder);
    execute(database, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
                      "PRAGMA locking_mode=EXCLUSIVE;");
    execute(database, schema);
    execute(database, "BEGIN");
    load_nodes(database, graph);
    load_edges(database, graph);
    execute(database, backwards);
    execute(database, "COMMIT; PRAGMA analysis_limit=400; ANALYZE;");
    sqlite3_close(database);
    snprintf(path, sizeof path, "%s/" FILE_NAME, folder);
    FILE *file = fopen(path, "r+");
    if (!file || fsync(fileno(file))) fail("Cannot sync %s", path);
    fclose(file);
    database = open_database(folder);
    execute(database, "PRAGMA journal_mode=WAL");
    sqlite3_close(database);
}

// Reading ---------------------------------------------------------------------------------------

int64_t ask(sqlite3 *database, sqlite3_stmt *statement, int column) {
    int code = sqlite3_step(statement);
    if (code != SQLITE_ROW) check(database, code);
    int64_t value = sqlite3_column_int64(statement, column);
    sqlite3_reset(statement);
    return value;
}

enum question { BY_KEY, BY_ID, COUNT };

/// One statement an operation; with `whole` inside one transaction.
static void asks(sqlite3 *database, const struct learning_graph *graph, const char *measure,
                 const char *text, enum question question, int operations, int whole) {
    sqlite3_stmt *statement = prepare(database, text);
    uint64_t answer = 0;
    struct stopwatch watch = {0};
    if (whole) execute(database, "BEGIN");
    for (int trial = 0; trial < 2; trial++) { // The first warms up.
        struct starts random = starts(START_SEED);
        answer = 0;
        watch = start_watch();
        for (int i = 0; i < operations; i++) {
            uint32_t start = next_start(&random, graph->concept_count);
            struct text key = graph->nodes[start].key;
            if (question == BY_KEY)
                sqlite3_bind_text(statement, 1, key.bytes, (int)key.length, SQLITE_STATIC);
            else
                sqlite3_bind_int64(statement, 1, start);
            answer += (uint64_t)ask(database, statement, question == COUNT ? 0 : 4);
        }
        watch = stop_watch(watch);
    }
    if (whole) execute(database, "COMMIT");
    sqlite3_finalize(statement);
    report(ENGINE, measure, watch.wall * 1e6 / operations, "us/op", watch, (uint64_t)operations,
           question == COUNT ? answer : (uint64_t)operations, (int64_t)answer);
}

/// The search in C over one prepared statement for the neighbours of a node, in one transaction.
static void steps(sqlite3 *database, const struct learning_graph *graph, const char *measure,
                  uint32_t type, int hops, int operations) {
    sqlite3_stmt *statement = prepare(database, neighbours);
    struct node_set set = new_node_set(graph->node_count);
    uint64_t answer = 0;
    struct stopwatch watch = {0};
    sqlite3_bind_int(statement, 1, (int)type);
    for (int trial = 0; trial < 2; trial++) {
        struct starts random = starts(START_SEED);
        answer = 0;
        watch = start_watch();
        for (int i = 0; i < operations; i++) {
            clear_node_set(&set);
            insert_node(&set, next_start(&random, graph->concept_count));
            execute(database, "BEGIN");
            uint32_t from = 0;
            for (int hop = 0; hop != hops && from < set.count; hop++)
                for (uint32_t to = set.count; from < to; from++) {
                    sqlite3_bind_int64(statement, 2, set.members[from]);
                    while (sqlite3_step(statement) == SQLITE_ROW)
                        insert_node(&set, (uint32_t)sqlite3_column_int64(statement, 0));
                    sqlite3_reset(statement);
                }
            execute(database, "COMMIT");
            answer += set.count - 1;
        }
        watch = stop_watch(watch);
    }
    sqlite3_finalize(statement);
    free(set.bits);
    free(set.members);
    report_reads(ENGINE, measure, watch, (uint64_t)operations, answer, answer);
}

static void scan(sqlite3 *database) {
    sqlite3_stmt *statement = prepare(database, "SELECT sum(minutes) FROM concept");
    struct stopwatch watch = start_watch();
    int64_t answer = ask(database, statement, 0);
    watch = stop_watch(watch);
    sqlite3_finalize(statement);
    report(ENGINE, "scan_nodes", watch.wall * 1e3, "ms", watch, 1, 0, answer);
}

static void reads(const char *folder, const struct learning_graph *graph) {
    sqlite3 *database = open_database(folder);
    asks(database, graph, "point", by_key, BY_KEY, POINTS, 0);
    asks(database, graph, "point_one_txn", by_key, BY_KEY, POINTS, 1);
    asks(database, graph, "point_by_id", by_id, BY_ID, POINTS, 0);
    asks(database, graph, "hop1", one_hop, COUNT, HOP1_STARTS, 0);
    asks(database, graph, "hop2", two_hops, COUNT, HOP2_STARTS, 0);
    asks(database, graph, "hop3", three_hops, COUNT, HOP3_STARTS, 0);
    asks(database, graph, "closure", closure, COUNT, CLOSURE_STARTS, 0);
    steps(database, graph, "hop1_stepwise", RELATED_TO, 1, HOP1_STARTS);
    steps(database, graph, "hop2_stepwise", RELATED_TO, 2, HOP2_STARTS);
    steps(database, graph, "hop3_stepwise", RELATED_TO, 3, HOP3_STARTS);
    steps(database, graph, "closure_stepwise", PREREQUISITE, -1, CLOSURE_STARTS);
    scan(database);
    ask_questions(database, graph);
    report_resident(ENGINE);
    sqlite3_close(database);
}

static void opens(const char *folder, const struct learning_graph *graph, int cold) {
    enum { TRIALS = 10 };
    struct stopwatch total = {0};
    uint64_t answer = 0;
    for (int i = 0; i < TRIALS; i++) {
        if (cold) forget_pages(folder, FILE_NAME);
        struct stopwatch watch = start_watch();
        sqlite3 *database = open_database(folder);
        sqlite3_stmt *statement = prepare(database, by_key);
        struct text key = graph->nodes[graph->concept_count / 2].key;
        sqlite3_bind_text(statement, 1, key.bytes, (int)key.length, SQLITE_STATIC);
        answer += (uint64_t)ask(database, statement, 4);
        sqlite3_finalize(statement);
        watch = stop_watch(watch);
        sqlite3_close(database);
        total.wall += watch.wall;
        total.cpu += watch.cpu;
    }
    report(ENGINE, cold ? "open_cold" : "open_warm", total.wall * 1e3 / TRIALS, "ms", total,
           TRIALS, TRIALS, (int64_t)answer);
}

// Writing: each client has a connection of its own and adds one concept with two edges -----------

struct writing {
    const char *folder, *synchronous;
    const struct learning_graph *graph;
    atomic_llong next;
};

struct connection {
    struct writing *writing;
    sqlite3 *database;
    sqlite3_stmt *begin, *concept, *edge, *commit;
};

static void *connect_client(void *context, unsigned client) {
    (void)client;
    struct connection *connection = allocate(sizeof *connection);
    struct writing *writing = context;
    sqlite3 *database = open_database(writing->folder);
    execute(database, writing->synchronous);
    // 64 connections share the machine: a small cache each, the file is mapped anyway.
    execute(database, "PRAGMA cache_size=-2048");
    *connection = (struct connection){
        writing, database, prepare(database, "BEGIN IMMEDIATE"),
        prepare(database, insert_concept), prepare(database, insert_edge),
        prepare(database, "COMMIT")};
    return connection;
}

static void disconnect_client(void *argument) {
    struct connection *connection = argument;
    sqlite3_finalize(connection->begin);
    sqlite3_finalize(connection->concept);
    sqlite3_finalize(connection->edge);
    sqlite3_finalize(connection->commit);
    sqlite3_close(connection->database);
    free(connection);
}

static void run_statement(struct connection *connection, sqlite3_stmt *statement) {
    check(connection->database, sqlite3_step(statement));
    sqlite3_reset(statement);
}

static void commit_client(void *argument, struct starts *random) {
    struct connection *connection = argument;
    struct writing *writing = connection->writing;
    long long id = atomic_fetch_add(&writing->next, 1);
    char key[32];
    int length = snprintf(key, sizeof key, "n%016llx",
                          (unsigned long long)id * 0x9e3779b97f4a7c15);
    uint32_t first = next_start(random, writing->graph->concept_count), second;
    do second = next_start(random, writing->graph->concept_count);
    while (second == first);
    run_statement(connection, connection->begin);
    sqlite3_stmt *concept = connection->concept, *edge = connection->edge;
    sqlite3_bind_int64(concept, 1, id);
    sqlite3_bind_text(concept, 2, key, length, SQLITE_STATIC);
    sqlite3_bind_text(concept, 3, key, length, SQLITE_STATIC);
    sqlite3_bind_text(concept, 4, "algebra", 7, SQLITE_STATIC);
    sqlite3_bind_double(concept, 5, 0.5);
    sqlite3_bind_int64(concept, 6, 60);
    run_statement(connection, concept);
    for (int i = 0; i < 2; i++) {
        sqlite3_bind_int(edge, 1, PREREQUISITE);
        sqlite3_bind_int64(edge, 2, id);
        sqlite3_bind_int64(edge, 3, i ? second : first);
        sqlite3_bind_double(edge, 4, i ? 0.75 : 0.5);
        run_statement(connection, edge);
    }
    run_statement(connection, connection->commit);
}

// The command -----------------------------------------------------------------------------------

static const char usage[] =
    "sqlite_floor - the learning graph in SQLite, by its C interface\n\n"
    "  sqlite_floor GRAPH WORK    GRAPH: a folder of generate/learning_graph.py\n"
    "                             WORK: a folder for the database, rewritten\n"
    "  --seconds N                time for each measure of commits (default 2)\n"
    "  --no-commits               only loading, opening and reading\n"
    "  --only-load                only loading\n\n"
    "Prints one JSON object a line; ../README.md explains the measures.\n";

int main(int argc, char **argv) {
    const char *folders[2];
    double seconds = 2;
    int given = 0, committing = 1, reading = 1;
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) return fputs(usage, stdout) < 0;
        if (!strcmp(argv[i], "--no-commits")) committing = 0;
        else if (!strcmp(argv[i], "--only-load")) reading = 0;
        else if (!strcmp(argv[i], "--seconds") && i + 1 < argc) seconds = atof(argv[++i]);
        else if (given < 2 && argv[i][0] != '-') folders[given++] = argv[i];
        else return fputs(usage, stderr), 64;
    }
    if (given != 2 || !(seconds > 0)) return fputs(usage, stderr), 64;
    const char *folder = folders[1];
    struct stopwatch parsing = start_watch();
    struct learning_graph graph = read_learning_graph(folders[0]);
    struct stopwatch parsed = stop_watch(parsing);
    uint64_t rows = (uint64_t)graph.node_count + graph.edge_count;
    start_memory_watch();
    load(folder, &graph);
    double memory = stop_memory_watch();
    struct stopwatch loaded = stop_watch(parsing);
    errno = 0;
    report(ENGINE, "parse", parsed.wall, "s", parsed, rows, rows, -1);
    report(ENGINE, "load", loaded.wall, "s", loaded, rows, rows, -1);
    report(ENGINE, "load_rate", (double)rows / loaded.wall, "rows/s", loaded, rows, rows, -1);
    report(ENGINE, "load_memory", memory, "MB", (struct stopwatch){0}, 1, rows, -1);
    report(ENGINE, "disk", (double)disk_bytes(folder, FILE_NAME) / 1e6, "MB",
           (struct stopwatch){0}, 1, rows, -1);
    if (!reading) return 0;
    opens(folder, &graph, 1);
    opens(folder, &graph, 0);
    reads(folder, &graph);
    if (!committing) return 0;
    struct writing writing = {.folder = folder, .graph = &graph, .next = graph.node_count};
    struct client_kind kind = {connect_client, disconnect_client, commit_client, &writing};
    writing.synchronous = "PRAGMA synchronous=FULL";
    struct mixed_readers *readers = start_readers(folder, &graph, 2);
    run_clients(ENGINE, "mixed_commits", 1, seconds, kind);
    stop_readers(readers, ENGINE, "mixed_reads");
    const unsigned clients[] = {1, 8, 64};
    for (int i = 0; i < 3; i++) {
        writing.synchronous = "PRAGMA synchronous=FULL";
        run_clients(ENGINE, "commit_node2", clients[i], seconds, kind);
        // A crash of the machine may lose the last commits; the file stays whole.
        writing.synchronous = "PRAGMA synchronous=NORMAL";
        run_clients(ENGINE, "commit_node2_nosync", clients[i], seconds, kind);
    }
    return 0;
}
