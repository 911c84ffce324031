// Client threads that commit in a loop for a while.
#ifndef CLIENTS_H
#define CLIENTS_H

#include "measure.h"

struct client_kind {
    /// Called on the client's own thread, before and after the measured time.
    void *(*connect)(void *context, unsigned client);
    void (*disconnect)(void *connection);
    /// One durable commit, acknowledged on return.
    void (*commit)(void *connection, struct starts *random);
    void *context;
};

/// Runs `count` clients for `seconds`, then reports commits a second, CPU a commit, and the
/// median and 99th percentile of the latencies as measures of their own.
void run_clients(const char *engine, const char *measure, unsigned count, double seconds,
                 struct client_kind kind);

#endif
