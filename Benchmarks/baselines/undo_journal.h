// What to put back to undo the puts and deletes since a moment: the old value of every key, or that
// there was none. As Sources/LMDB/UndoJournal.swift does.
#ifndef UNDO_JOURNAL_H
#define UNDO_JOURNAL_H

#include <lmdb.h>

struct undo_journal {
    unsigned char *bytes;
    size_t used, capacity;
};

/// Remembers what a key had; `value` NULL: nothing.
void journal_record(struct undo_journal *journal, MDB_dbi table, const MDB_val *key,
                    const MDB_val *value);

/// Puts a value and remembers what was there, in one descent of the tree.
int journal_put(struct undo_journal *journal, MDB_txn *transaction, MDB_dbi table, MDB_val *key,
                MDB_val *value);

/// Undoes everything that was recorded, the latest first, and forgets it.
void journal_undo(struct undo_journal *journal, MDB_txn *transaction);

#endif
