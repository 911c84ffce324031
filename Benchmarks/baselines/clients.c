#include "clients.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { LATENCIES = 1 << 16 };

/// Flushes so far, where count_syncs.c is preloaded.
uint64_t counted_syncs(void) __attribute__((weak));

struct client {
    pthread_t thread;
    struct client_kind kind;
    unsigned number;
    pthread_barrier_t *ready;
    atomic_int *stop;
    uint64_t commits;
    float *latencies; // microseconds; the first LATENCIES of them
};

static double microseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec * 1e-3;
}

static void *run(void *argument) {
    struct client *client = argument;
    void *connection = client->kind.connect(client->kind.context, client->number);
    struct starts random = starts(START_SEED + client->number);
    pthread_barrier_wait(client->ready);
    for (double before = microseconds(), after; !atomic_load(client->stop); before = after) {
        client->kind.commit(connection, &random);
        after = microseconds();
        if (client->commits < LATENCIES)
            client->latencies[client->commits] = (float)(after - before);
        client->commits++;
    }
    pthread_barrier_wait(client->ready);
    client->kind.disconnect(connection);
    return NULL;
}

static int by_value(const void *left, const void *right) {
    float a = *(const float *)left, b = *(const float *)right;
    return (a > b) - (a < b);
}

void run_clients(const char *engine, const char *measure, unsigned count, double seconds,
                 struct client_kind kind) {
    struct client *clients = allocate(count * sizeof *clients);
    pthread_barrier_t ready;
    atomic_int stop = 0;
    pthread_barrier_init(&ready, NULL, count + 1);
    for (unsigned i = 0; i < count; i++) {
        clients[i] = (struct client){.kind = kind, .number = i, .ready = &ready, .stop = &stop,
                                     .latencies = allocate(LATENCIES * sizeof(float))};
        if (pthread_create(&clients[i].thread, NULL, run, &clients[i])) fail("No thread");
    }
    pthread_barrier_wait(&ready);
    uint64_t syncs = counted_syncs ? counted_syncs() : 0;
    struct stopwatch watch = start_watch();
    struct timespec pause = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
    nanosleep(&pause, NULL);
    atomic_store(&stop, 1);
    pthread_barrier_wait(&ready);
    watch = stop_watch(watch);
    uint64_t commits = 0, sampled = 0;
    float *all = allocate((size_t)count * LATENCIES * sizeof *all);
    for (unsigned i = 0; i < count; i++) {
        pthread_join(clients[i].thread, NULL);
        commits += clients[i].commits;
        for (uint64_t j = 0; j < clients[i].commits && j < LATENCIES; j++)
            all[sampled++] = clients[i].latencies[j];
        free(clients[i].latencies);
    }
    qsort(all, sampled, sizeof *all, by_value);
    char name[128];
    snprintf(name, sizeof name, "%s_%u", measure, count);
    report(engine, name, (double)commits / watch.wall, "tx/s", watch, commits, 0, -1);
    snprintf(name, sizeof name, "%s_%u_p50", measure, count);
    report(engine, name, sampled ? all[sampled / 2] : 0, "us", watch, commits, 0, -1);
    snprintf(name, sizeof name, "%s_%u_p99", measure, count);
    report(engine, name, sampled ? all[sampled * 99 / 100] : 0, "us", watch, commits, 0, -1);
    if (counted_syncs && commits) {
        snprintf(name, sizeof name, "%s_%u_syncs", measure, count);
        report(engine, name, (double)(counted_syncs() - syncs) / (double)commits, "syncs/tx", watch,
               commits, 0, -1);
    }
    free(all);
    free(clients);
    pthread_barrier_destroy(&ready);
}
