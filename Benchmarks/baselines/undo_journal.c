#include "undo_journal.h"

#include <stdlib.h>
#include <string.h>

#include "lmdb_store.h"

struct trailer {
    size_t key_size, value_size; // value_size: all ones when there was no value
    MDB_dbi table;
};

static const size_t absent = (size_t)-1;

static void append(struct undo_journal *journal, const void *bytes, size_t count) {
    if (journal->capacity - journal->used < count) {
        journal->capacity = 2 * (journal->capacity + count);
        journal->bytes = realloc(journal->bytes, journal->capacity);
        if (!journal->bytes) fail("No memory");
    }
    memcpy(journal->bytes + journal->used, bytes, count);
    journal->used += count;
}

void journal_record(struct undo_journal *journal, MDB_dbi table, const MDB_val *key,
                    const MDB_val *value) {
    if (value) append(journal, value->mv_data, value->mv_size);
    append(journal, key->mv_data, key->mv_size);
    struct trailer trailer = {key->mv_size, value ? value->mv_size : absent, table};
    append(journal, &trailer, sizeof trailer);
}

int journal_put(struct undo_journal *journal, MDB_txn *transaction, MDB_dbi table, MDB_val *key,
                MDB_val *value) {
    MDB_cursor *cursor;
    check(mdb_cursor_open(transaction, table, &cursor), "cursor");
    MDB_val item = *value;
    int code = mdb_cursor_put(cursor, key, &item, MDB_NOOVERWRITE);
    if (code == MDB_KEYEXIST) {
        journal_record(journal, table, key, &item);
        code = mdb_cursor_put(cursor, key, value, MDB_CURRENT);
    } else if (!code) {
        journal_record(journal, table, key, NULL);
    }
    mdb_cursor_close(cursor);
    return code;
}

void journal_undo(struct undo_journal *journal, MDB_txn *transaction) {
    while (journal->used) {
        struct trailer trailer;
        journal->used -= sizeof trailer;
        memcpy(&trailer, journal->bytes + journal->used, sizeof trailer);
        journal->used -= trailer.key_size;
        MDB_val key = {trailer.key_size, journal->bytes + journal->used};
        if (trailer.value_size == absent) {
            check(mdb_del(transaction, trailer.table, &key, NULL), "undo");
        } else {
            journal->used -= trailer.value_size;
            MDB_val value = {trailer.value_size, journal->bytes + journal->used};
            check(mdb_put(transaction, trailer.table, &key, &value, 0), "undo");
        }
    }
}
