#include "lmdb_store.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 128, LOCATOR = 7, CONTAINER_BITS = 13, CONTAINER = 1024 };

void check(int code, const char *what) {
    if (code == MDB_SUCCESS) return;
    fprintf(stderr, "lmdb_floor: %s: %s.\n", what, mdb_strerror(code));
    exit(1);
}

struct undo_journal *active_journal;

static void put(MDB_txn *transaction, MDB_dbi table, void *key, size_t key_size, void *value,
                size_t size, unsigned flags) {
    MDB_val k = {key_size, key}, v = {size, value};
    int code = active_journal ? journal_put(active_journal, transaction, table, &k, &v)
                              : mdb_put(transaction, table, &k, &v, flags);
    check(code, "put");
}

// Blocks ----------------------------------------------------------------------------------------

static unsigned char *store_varint(unsigned char *to, uint64_t value) {
    while (value >= 128) {
        *to++ = (unsigned char)(value | 128);
        value >>= 7;
    }
    *to++ = (unsigned char)value;
    return to;
}

static uint64_t zigzag(int64_t value) { return (uint64_t)value << 1 ^ (uint64_t)(value >> 63); }
static int64_t unzigzag(uint64_t value) { return (int64_t)(value >> 1) ^ -(int64_t)(value & 1); }

static size_t varint_size(uint64_t value) {
    size_t size = 1;
    while (value >>= 7) size++;
    return size;
}

static size_t row_size(const struct row *rows, unsigned i) {
    uint64_t neighbour = i ? rows[i - 1].neighbour : rows[0].neighbour;
    uint64_t edge = i ? rows[i - 1].edge : rows[0].edge;
    return varint_size(rows[i].neighbour - neighbour) +
           varint_size(zigzag((int64_t)(rows[i].edge - edge))) + (isnan(rows[i].weight) ? 0 : 9);
}

static size_t encode(unsigned char *to, const struct row *rows, unsigned count,
                     unsigned degree) {
    unsigned char *at = to + BLOCK_HEADER;
    uint64_t neighbour = rows[0].neighbour, edge = rows[0].edge;
    for (unsigned i = 0; i < count; i++) {
        at = store_varint(at, rows[i].neighbour - neighbour);
        neighbour = rows[i].neighbour;
    }
    uint16_t head[2] = {(uint16_t)count, (uint16_t)(at - to - BLOCK_HEADER)};
    uint32_t flags = 0;
    for (unsigned i = 0; i < count; i++) {
        at = store_varint(at, zigzag((int64_t)(rows[i].edge - edge)));
        edge = rows[i].edge;
        flags |= !isnan(rows[i].weight);
    }
    if (flags) {
        unsigned char *bits = at;
        memset(bits, 0, (count + 7) / 8);
        at += (count + 7) / 8;
        for (unsigned i = 0; i < count; i++) {
            if (isnan(rows[i].weight)) continue;
            bits[i / 8] |= (unsigned char)(1 << i % 8);
            memcpy(at, &rows[i].weight, 8);
            at += 8;
        }
    }
    memcpy(to, head, 4);
    memcpy(to + 4, &flags, 4);
    memcpy(to + 8, &degree, 4);
    return (size_t)(at - to);
}

/// `key` is the block's own: it holds the first neighbour and the first edge.
static void decode(struct block *block, const unsigned char *key, const unsigned char *bytes) {
    uint16_t count;
    uint32_t flags;
    memcpy(&count, bytes, 2);
    memcpy(&flags, bytes + 4, 4);
    memcpy(&block->degree, bytes + 8, 4);
    block->count = count;
    const unsigned char *at = bytes + BLOCK_HEADER;
    uint64_t neighbour = load_u64(key + 12), edge = load_u64(key + 20), delta;
    for (unsigned i = 0; i < count; i++) {
        at = load_varint(at, &delta);
        block->rows[i].neighbour = neighbour += delta;
        block->rows[i].weight = NAN;
    }
    for (unsigned i = 0; i < count; i++) {
        at = load_varint(at, &delta);
        block->rows[i].edge = edge += (uint64_t)unzigzag(delta);
    }
    if (!flags) return;
    const unsigned char *bits = at;
    at += (count + 7) / 8;
    for (unsigned i = 0; i < count; i++)
        if (bits[i / 8] >> i % 8 & 1) {
            memcpy(&block->rows[i].weight, at, 8);
            at += 8;
        }
}

void expand(MDB_cursor *cursor, uint64_t node, uint32_t type, struct node_set *set) {
    unsigned char prefix[RUN_KEY];
    run_key(prefix, node, type, 0, 0);
    MDB_val key = {RUN_KEY, prefix}, value;
    unsigned seen = 0, degree = 0;
    for (int code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE); code == MDB_SUCCESS;
         code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) {
        if (memcmp(key.mv_data, prefix, 12)) return;
        const unsigned char *bytes = value.mv_data, *at = bytes + BLOCK_HEADER;
        uint64_t neighbour = load_u64((unsigned char *)key.mv_data + 12), delta;
        uint16_t count;
        memcpy(&count, bytes, 2);
        if (!seen) memcpy(&degree, bytes + 8, 4);
        for (unsigned i = 0; i < count; i++) {
            at = load_varint(at, &delta);
            insert_node(set, (uint32_t)(neighbour += delta));
        }
        // The degree says when the run ends, so that no step leads beyond it.
        if ((seen += count) >= degree) return;
    }
}

static void put_block(MDB_txn *transaction, MDB_dbi table, uint64_t node, uint32_t type,
                      const struct row *rows, unsigned count, unsigned degree, unsigned flags) {
    unsigned char key[RUN_KEY], bytes[BLOCK_ROWS * 28 + BLOCK_HEADER];
    run_key(key, node, type, rows[0].neighbour, rows[0].edge);
    put(transaction, table, key, RUN_KEY, bytes, encode(bytes, rows, count, degree), flags);
}

void append_run(MDB_txn *transaction, MDB_dbi table, uint64_t node, uint32_t type,
                const struct row *rows, unsigned count) {
    for (unsigned start = 0, end; start < count; start = end) {
        size_t size = BLOCK_HEADER + 4;
        for (end = start; end < count && end - start < BLOCK_ROWS - 1; end++) {
            size += row_size(rows + start, end - start);
            if (size > BLOCK_LIMIT) break;
        }
        put_block(transaction, table, node, type, rows + start, end - start, start ? 0 : count,
                  MDB_APPEND);
    }
}

static void raise_degree(MDB_cursor *cursor, uint64_t node, uint32_t type) {
    unsigned char key[RUN_KEY], copy[BLOCK_LIMIT * 2];
    run_key(key, node, type, 0, 0);
    MDB_val k = {RUN_KEY, key}, v;
    check(mdb_cursor_get(cursor, &k, &v, MDB_SET_RANGE), "first block of a run");
    uint32_t degree;
    memcpy(copy, v.mv_data, v.mv_size);
    memcpy(&degree, copy + 8, 4);
    degree++;
    memcpy(copy + 8, &degree, 4);
    if (active_journal) journal_record(active_journal, mdb_cursor_dbi(cursor), &k, &v);
    v.mv_data = copy;
    check(mdb_cursor_put(cursor, &k, &v, MDB_CURRENT), "put");
}

void insert_row(MDB_txn *transaction, MDB_dbi table, uint64_t node, uint32_t type,
                struct row row) {
    MDB_cursor *cursor;
    check(mdb_cursor_open(transaction, table, &cursor), "cursor");
    unsigned char wanted[RUN_KEY];
    run_key(wanted, node, type, row.neighbour, row.edge);
    MDB_val key = {RUN_KEY, wanted}, value;
    // The block is the last that starts at or before the row, else the run's first.
    int code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
    int after = code == MDB_SUCCESS && !memcmp(key.mv_data, wanted, 12);
    MDB_val next_key = key, next_value = value;
    code = mdb_cursor_get(cursor, &key, &value, code == MDB_SUCCESS ? MDB_PREV : MDB_LAST);
    int before = code == MDB_SUCCESS && !memcmp(key.mv_data, wanted, 12);
    if (!before && !after) {
        put_block(transaction, table, node, type, &row, 1, 1, 0);
        mdb_cursor_close(cursor);
        return;
    }
    if (!before) {
        key = next_key;
        value = next_value;
    }
    struct block block;
    decode(&block, key.mv_data, value.mv_data);
    unsigned place = before ? 1 : 0;
    while (place < block.count &&
           (block.rows[place].neighbour < row.neighbour ||
            (block.rows[place].neighbour == row.neighbour && block.rows[place].edge < row.edge)))
        place++;
    memmove(block.rows + place + 1, block.rows + place,
            (block.count - place) * sizeof *block.rows);
    block.rows[place] = row;
    block.count++;
    // Only a run's first block knows the degree.
    if (block.degree) block.degree++;
    int first = block.degree != 0;
    if (!place) {
        unsigned char old[RUN_KEY];
        memcpy(old, key.mv_data, RUN_KEY);
        MDB_val k = {RUN_KEY, old};
        if (active_journal) journal_record(active_journal, table, &k, &value);
        check(mdb_del(transaction, table, &k, NULL), "delete");
    }
    size_t size = BLOCK_HEADER + 4;
    for (unsigned i = 0; i < block.count; i++) size += row_size(block.rows, i);
    unsigned half = size > BLOCK_LIMIT || block.count == BLOCK_ROWS ? block.count / 2
                                                                    : block.count;
    put_block(transaction, table, node, type, block.rows, half, block.degree, 0);
    if (half < block.count)
        put_block(transaction, table, node, type, block.rows + half, block.count - half, 0, 0);
    if (!first) raise_degree(cursor, node, type);
    mdb_cursor_close(cursor);
}

// Records ---------------------------------------------------------------------------------------

size_t key_for_text(unsigned char *key, const char *text, size_t length) {
    store_u32(key, 1);
    key[4] = 0x20;
    memcpy(key + 5, text, length);
    key[5 + length] = key[6 + length] = 0;
    return length + 7;
}

void value_for_node(unsigned char value[64], enum label label, double difficulty,
                    int64_t minutes, struct text title, struct text domain) {
    uint32_t head[2] = {(uint32_t)label, (uint32_t)minutes};
    memset(value, 0, 64);
    memcpy(value, head, 8);
    memcpy(value + 8, &difficulty, 8);
    if (domain.length) memcpy(value + 16, domain.bytes, domain.length < 8 ? domain.length : 8);
    if (title.length) memcpy(value + 24, title.bytes, title.length < 40 ? title.length : 40);
}

static void store_locator(unsigned char *at, uint32_t source, uint32_t target, uint32_t type) {
    memcpy(at, &source, 3);
    memcpy(at + 3, &target, 3);
    at[6] = (unsigned char)type;
}

void put_locator(struct store *store, MDB_txn *transaction, uint64_t edge, uint64_t source,
                 uint64_t target, uint32_t type) {
    unsigned char name[8], chunk[CHUNK * LOCATOR];
    size_t place = edge % CHUNK * LOCATOR;
    store_u64(name, edge / CHUNK);
    MDB_val key = {8, name}, value;
    if (place) {
        check(mdb_get(transaction, store->edge, &key, &value), "edge chunk");
        memcpy(chunk, value.mv_data, place);
    }
    store_locator(chunk + place, (uint32_t)source, (uint32_t)target, type);
    put(transaction, store->edge, name, 8, chunk, place + LOCATOR, 0);
}

void put_label(struct store *store, MDB_txn *transaction, enum label label, uint64_t node) {
    unsigned char name[8], bits[CONTAINER] = {0};
    store_u32(name, label);
    store_u32(name + 4, (uint32_t)(node >> CONTAINER_BITS));
    MDB_val key = {8, name}, value;
    if (mdb_get(transaction, store->lab, &key, &value) == MDB_SUCCESS)
        memcpy(bits, value.mv_data, CONTAINER);
    uint32_t place = node & ((1 << CONTAINER_BITS) - 1);
    bits[place / 8] |= (unsigned char)(1 << place % 8);
    put(transaction, store->lab, name, 8, bits, CONTAINER, 0);
}

void put_member(struct store *store, MDB_txn *transaction, uint32_t symbol, uint64_t id) {
    unsigned char name[8], container[CONTAINER] = {0};
    store_u32(name, EDGE_MEMBERS + symbol);
    store_u32(name + 4, (uint32_t)(id >> CONTAINER_BITS));
    MDB_val key = {8, name}, value = {0, NULL};
    if (mdb_get(transaction, store->lab, &key, &value) == MDB_SUCCESS)
        memcpy(container, value.mv_data, value.mv_size);
    size_t size = value.mv_size;
    uint16_t place = id & ((1 << CONTAINER_BITS) - 1);
    if (size + 2 < CONTAINER) {
        memcpy(container + size, &place, 2);
        size += 2;
    } else {
        // What a list became when it was as long as a bitmap does not change the floor.
        size = CONTAINER;
        container[place / 8] |= (unsigned char)(1 << place % 8);
    }
    put(transaction, store->lab, name, 8, container, size, 0);
}

void count(struct store *store, MDB_txn *transaction, uint32_t statistic, uint64_t change) {
    unsigned char name[10] = {0};
    store_u32(name, statistic);
    MDB_val key = {sizeof name, name}, value;
    uint64_t number = 0;
    if (mdb_get(transaction, store->stat, &key, &value) == MDB_SUCCESS)
        memcpy(&number, value.mv_data, 8);
    number += change;
    put(transaction, store->stat, name, sizeof name, &number, 8, 0);
}

// Opening and loading -----------------------------------------------------------------------------

void open_tables(struct store *store, MDB_txn *transaction, unsigned flags) {
    const char *names[] = {"meta", "node", "key", "out", "in", "edge", "lab", "log", "stat"};
    MDB_dbi *tables[] = {&store->meta, &store->node, &store->key, &store->out,
                         &store->in,   &store->edge, &store->lab, &store->log, &store->stat};
    for (int i = 0; i < 9; i++)
        check(mdb_dbi_open(transaction, names[i], flags, tables[i]), "open a table");
}

static MDB_env *open_environment(const char *folder, unsigned flags) {
    MDB_env *env;
    check(mdb_env_create(&env), "create an environment");
    check(mdb_env_set_mapsize(env, (size_t)64 << 30), "map size");
    check(mdb_env_set_maxdbs(env, 16), "tables");
    check(mdb_env_set_maxreaders(env, 256), "readers");
    check(mdb_env_open(env, folder, MDB_NOTLS | flags, 0644), folder);
    return env;
}

struct store open_store(const char *folder, unsigned flags) {
    struct store store = {.env = open_environment(folder, flags)};
    MDB_txn *transaction;
    check(mdb_txn_begin(store.env, NULL, MDB_RDONLY, &transaction), "begin");
    open_tables(&store, transaction, 0);
    MDB_val key = {8, "counters"}, value;
    check(mdb_get(transaction, store.meta, &key, &value), "counters");
    memcpy(&store.next_node, value.mv_data, 24);
    check(mdb_txn_commit(transaction), "commit");
    return store;
}

void close_store(struct store *store) { mdb_env_close(store->env); }

static void load_adjacency(struct store *store, MDB_txn *transaction,
                           const struct learning_graph *graph, int incoming) {
    uint32_t *order = sorted_edges(graph, incoming);
    struct row *rows = allocate(graph->edge_count * sizeof *rows);
    for (uint32_t start = 0, end; start < graph->edge_count; start = end) {
        const struct edge *first = &graph->edges[order[start]];
        uint32_t node = incoming ? first->target : first->source;
        for (end = start; end < graph->edge_count; end++) {
            const struct edge *edge = &graph->edges[order[end]];
            if ((incoming ? edge->target : edge->source) != node || edge->type != first->type)
                break;
            rows[end - start] = (struct row){incoming ? edge->source : edge->target, order[end],
                                             incoming ? NAN : edge->strength};
        }
        append_run(transaction, incoming ? store->in : store->out, node, first->type, rows,
                   end - start);
    }
    free(rows);
    free(order);
}

static const struct learning_graph *sorting;

static int by_key(const void *left, const void *right) {
    struct text a = sorting->nodes[*(const uint32_t *)left].key;
    struct text b = sorting->nodes[*(const uint32_t *)right].key;
    int order = memcmp(a.bytes, b.bytes, a.length < b.length ? a.length : b.length);
    return order ? order : (int)a.length - (int)b.length;
}

static void load_nodes(struct store *store, MDB_txn *transaction,
                       const struct learning_graph *graph) {
    unsigned char name[64], value[64];
    for (uint32_t i = 0; i < graph->node_count; i++) {
        const struct node *node = &graph->nodes[i];
        store_u64(name, i);
        value_for_node(value, node->label, node->difficulty, node->minutes, node->title,
                       node->domain);
        put(transaction, store->node, name, 8, value, 64, MDB_APPEND);
    }
    uint32_t *order = allocate(graph->node_count * sizeof *order);
    for (uint32_t i = 0; i < graph->node_count; i++) order[i] = i;
    sorting = graph;
    qsort(order, graph->node_count, sizeof *order, by_key);
    for (uint32_t i = 0; i < graph->node_count; i++) {
        struct text text = graph->nodes[order[i]].key;
        if (text.length > 40) fail("A key is longer than 40 bytes");
        uint64_t id = order[i];
        size_t size = key_for_text(name, text.bytes, text.length);
        put(transaction, store->key, name, size, &id, 8, MDB_APPEND);
    }
    free(order);
    unsigned char bits[CONTAINER];
    for (uint32_t start = 0, end; start < graph->node_count; start = end) {
        enum label label = graph->nodes[start].label;
        memset(bits, 0, sizeof bits);
        for (end = start; end < graph->node_count && graph->nodes[end].label == label &&
                          end >> CONTAINER_BITS == start >> CONTAINER_BITS; end++)
            bits[(end & 8191) / 8] |= (unsigned char)(1 << end % 8);
        store_u32(name, label);
        store_u32(name + 4, start >> CONTAINER_BITS);
        put(transaction, store->lab, name, 8, bits, CONTAINER, MDB_APPEND);
    }
}

static void load_locators(struct store *store, MDB_txn *transaction,
                          const struct learning_graph *graph) {
    unsigned char name[8], chunk[CHUNK * LOCATOR];
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        unsigned char *at = chunk + i % CHUNK * LOCATOR;
        store_locator(at, graph->edges[i].source, graph->edges[i].target, graph->edges[i].type);
        if (i % CHUNK == CHUNK - 1 || i + 1 == graph->edge_count) {
            store_u64(name, i / CHUNK);
            put(transaction, store->edge, name, 8, chunk, (i % CHUNK + 1) * LOCATOR, MDB_APPEND);
        }
    }
}

uint64_t load_store(const char *folder, const struct learning_graph *graph) {
    char path[4096];
    mkdir(folder, 0755);
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, i ? "lock.mdb" : "data.mdb");
        unlink(path);
    }
    struct store store = {.env = open_environment(folder, MDB_NOSYNC)};
    MDB_txn *transaction;
    check(mdb_txn_begin(store.env, NULL, 0, &transaction), "begin");
    open_tables(&store, transaction, MDB_CREATE);
    load_nodes(&store, transaction, graph);
    load_adjacency(&store, transaction, graph, 0);
    load_adjacency(&store, transaction, graph, 1);
    load_locators(&store, transaction, graph);
    uint64_t counters[3] = {graph->node_count, graph->edge_count, 0};
    put(transaction, store.meta, "counters", 8, counters, sizeof counters, 0);
    check(mdb_txn_commit(transaction), "commit");
    check(mdb_env_sync(store.env, 1), "sync");
    mdb_env_close(store.env);
    return (uint64_t)graph->node_count + graph->edge_count;
}
