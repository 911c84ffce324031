// A graph laid out in LMDB as a graph store would lay it out, with nothing around it.
//
// | table | key (big-endian)                              | value                                  |
// |-------|-----------------------------------------------|----------------------------------------|
// | meta  | name                                          | counters                               |
// | node  | id u64                                        | 64 bytes: label, domain, minutes, difficulty, title |
// | key   | constraint u32, tag u8, text, 00 00           | id u64                                 |
// | out   | source u64, type u32, first target u64, first edge u64 | block of at most 1.5 KB: targets, edges, weights |
// | in    | target u64, type u32, first source u64, first edge u64 | the same without weights      |
// | edge  | edge ÷ 128 u64                                | (source u24, target u24, type u8) each |
// | lab   | label u32, id ÷ 8192 u32                      | bitmap of 1 KB; for edges of a type a  |
// |       |                                               | list of u16 until it is as long        |
// | stat  | number u32, 6 bytes                           | count u64                              |
// | log   | position u64                                  | what the commit did                    |
//
// A block is: count u16, bytes of the targets u16, flags u32 (bit 0: weights), degree u32 (of the
// whole run, in its first block), target deltas as varints, edge deltas as zigzag varints, then
// a presence bitmap and 64-bit floats.
#ifndef LMDB_STORE_H
#define LMDB_STORE_H

#include <lmdb.h>
#include <string.h>

#include "learning_graph.h"
#include "measure.h"
#include "undo_journal.h"

enum { BLOCK_LIMIT = 1536, RUN_KEY = 28, BLOCK_HEADER = 12, BLOCK_ROWS = 800,
       EDGE_MEMBERS = 1000 };

struct store {
    MDB_env *env;
    MDB_dbi meta, node, key, out, in, edge, lab, log, stat;
    uint64_t next_node, next_edge, position;
};

struct row {
    uint64_t neighbour, edge;
    double weight; // NaN: none
};

struct block {
    struct row rows[BLOCK_ROWS];
    unsigned count, degree;
};

/// Records all puts and deletes while it is set.
extern struct undo_journal *active_journal;

/// Ends the process when `code` is an error.
void check(int code, const char *what);

/// Opens `folder/data.mdb`, which must exist, with `flags` added to what a store needs.
struct store open_store(const char *folder, unsigned flags);
void close_store(struct store *store);

/// Writes a new store: sorted, appended, without syncs; then one sync. Returns the rows written.
uint64_t load_store(const char *folder, const struct learning_graph *graph);

/// Opens the tables within `transaction`.
void open_tables(struct store *store, MDB_txn *transaction, unsigned flags);

size_t key_for_text(unsigned char *key, const char *text, size_t length);
void value_for_node(unsigned char value[64], enum label label, double difficulty,
                    int64_t minutes, struct text title, struct text domain);

/// Adds one row to the run (node, type) of `table`, splitting a full block in two.
void insert_row(MDB_txn *transaction, MDB_dbi table, uint64_t node, uint32_t type,
                struct row row);

/// Writes a run of sorted rows, as many blocks as it takes, at the end of the table.
void append_run(MDB_txn *transaction, MDB_dbi table, uint64_t node, uint32_t type,
                const struct row *rows, unsigned count);

/// Writes the locator of an edge into its chunk, and a node into its label's bitmap.
void put_locator(struct store *store, MDB_txn *transaction, uint64_t edge, uint64_t source,
                 uint64_t target, uint32_t type);
void put_label(struct store *store, MDB_txn *transaction, enum label label, uint64_t node);

/// Writes an edge into the container of its type.
void put_member(struct store *store, MDB_txn *transaction, uint32_t symbol, uint64_t id);

/// Moves a count.
void count(struct store *store, MDB_txn *transaction, uint32_t statistic, uint64_t change);

static inline void store_u32(unsigned char *to, uint32_t value) {
    value = __builtin_bswap32(value);
    memcpy(to, &value, 4);
}

static inline void store_u64(unsigned char *to, uint64_t value) {
    value = __builtin_bswap64(value);
    memcpy(to, &value, 8);
}

static inline uint64_t load_u64(const void *from) {
    uint64_t value;
    memcpy(&value, from, 8);
    return __builtin_bswap64(value);
}

static inline void run_key(unsigned char key[RUN_KEY], uint64_t node, uint32_t type,
                           uint64_t neighbour, uint64_t edge) {
    store_u64(key, node);
    store_u32(key + 8, type);
    store_u64(key + 12, neighbour);
    store_u64(key + 20, edge);
}

static inline const unsigned char *load_varint(const unsigned char *from, uint64_t *value) {
    uint64_t result = *from & 127;
    for (unsigned shift = 7; *from++ & 128; shift += 7) result |= (uint64_t)(*from & 127) << shift;
    *value = result;
    return from;
}

/// Adds the neighbours of the run (node, type) to the set; the cursor is one of `out` or `in`.
void expand(MDB_cursor *cursor, uint64_t node, uint32_t type, struct node_set *set);

#endif
