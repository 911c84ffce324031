// Questions to SQLite that go beyond hops, and readers beside a writer.
#ifndef SQLITE_QUESTIONS_H
#define SQLITE_QUESTIONS_H

#include <sqlite3.h>

#include "learning_graph.h"
#include "measure.h"

// Of sqlite_floor.c; each ends the program on an error.
void check(sqlite3 *database, int code);
void execute(sqlite3 *database, const char *statement);
sqlite3_stmt *prepare(sqlite3 *database, const char *text);
sqlite3 *open_database(const char *folder);
int64_t ask(sqlite3 *database, sqlite3_stmt *statement, int column);

/// Learning paths, shortest paths, filters, texts and groups.
void ask_questions(sqlite3 *database, const struct learning_graph *graph);

struct mixed_readers;

/// Starts threads, each with its own connection, that find concepts by key and count their
/// neighbours until they are stopped.
struct mixed_readers *start_readers(const char *folder, const struct learning_graph *graph,
                                    unsigned count);
void stop_readers(struct mixed_readers *readers, const char *engine, const char *measure);

#endif
