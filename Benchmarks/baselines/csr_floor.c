// Hops and closure over arrays in memory: the floor below any store, for a graph that is
// projected once. `csr_floor GRAPH`, a folder of generate/learning_graph.py.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "learning_graph.h"
#include "measure.h"

#define ENGINE "csr-c"

struct rows {
    uint32_t *offsets, *targets;
    uint32_t nodes, concepts;
};

static struct rows project(const struct learning_graph *graph, uint32_t type, int backwards) {
    struct rows rows = {allocate((graph->node_count + 1) * sizeof(uint32_t)),
                        allocate(graph->edge_count * sizeof(uint32_t)), graph->node_count,
                        graph->concept_count};
    struct stopwatch watch = start_watch();
    memset(rows.offsets, 0, (graph->node_count + 1) * sizeof(uint32_t));
    uint64_t count = 0;
    for (uint32_t i = 0; i < graph->edge_count; i++)
        if (graph->edges[i].type == type) {
            rows.offsets[backwards ? graph->edges[i].target : graph->edges[i].source]++;
            count++;
        }
    for (uint32_t i = 0, sum = 0; i <= graph->node_count; i++) {
        uint32_t degree = i < graph->node_count ? rows.offsets[i] : 0;
        rows.offsets[i] = sum += degree;
    }
    for (uint32_t i = graph->edge_count; i-- > 0;)
        if (graph->edges[i].type == type) {
            const struct edge *edge = &graph->edges[i];
            uint32_t at = --rows.offsets[backwards ? edge->target : edge->source];
            rows.targets[at] = backwards ? edge->source : edge->target;
        }
    watch = stop_watch(watch);
    if (!backwards) report(ENGINE, type == PREREQUISITE ? "project_prerequisite" : "project_related_to",
           watch.wall * 1e3, "ms", watch, count, count, -1);
    return rows;
}

static void measure(const struct rows *rows, const char *name, int hops, int operations) {
    struct node_set set = new_node_set(rows->nodes);
    struct stopwatch watch = {0};
    uint64_t answer = 0;
    for (int trial = 0; trial < 2; trial++) {
        struct starts random = starts(START_SEED);
        answer = 0;
        watch = start_watch();
        for (int i = 0; i < operations; i++) {
            clear_node_set(&set);
            insert_node(&set, next_start(&random, rows->concepts));
            uint32_t from = 0;
            for (int hop = 0; hop != hops && from < set.count; hop++)
                for (uint32_t to = set.count; from < to; from++) {
                    uint32_t node = set.members[from];
                    for (uint32_t at = rows->offsets[node]; at < rows->offsets[node + 1]; at++)
                        insert_node(&set, rows->targets[at]);
                }
            answer += set.count - 1;
        }
        watch = stop_watch(watch);
    }
    report_reads(ENGINE, name, watch, (uint64_t)operations, answer, answer);
    free(set.bits);
    free(set.members);
}

/// Shortest paths of at most ten steps: whole levels from both ends in turn.
static void paths(const struct rows *rows, const struct rows *back) {
    enum { PATHS = 1000 };
    struct node_set seen[2] = {new_node_set(rows->nodes), new_node_set(rows->nodes)};
    const struct rows *sides[2] = {rows, back};
    struct stopwatch watch = {0};
    uint64_t answer = 0;
    for (int trial = 0; trial < 2; trial++) {
        struct starts random = starts(START_SEED);
        answer = 0;
        watch = start_watch();
        for (int i = 0; i < PATHS; i++) {
            uint32_t ends[2], from[2] = {0, 0}, length = 0;
            for (int side = 0; side < 2; side++) {
                ends[side] = next_start(&random, rows->concepts);
                clear_node_set(&seen[side]);
                insert_node(&seen[side], ends[side]);
            }
            int met = ends[0] == ends[1];
            while (!met && length < 10 && from[0] < seen[0].count && from[1] < seen[1].count) {
                int side = seen[1].count - from[1] < seen[0].count - from[0];
                length++;
                for (uint32_t to = seen[side].count; !met && from[side] < to; from[side]++) {
                    uint32_t node = seen[side].members[from[side]];
                    for (uint32_t at = sides[side]->offsets[node];
                         at < sides[side]->offsets[node + 1]; at++) {
                        uint32_t target = sides[side]->targets[at];
                        met |= (int)(seen[!side].bits[target >> 6] >> (target & 63) & 1);
                        insert_node(&seen[side], target);
                    }
                }
            }
            if (met) answer += length;
        }
        watch = stop_watch(watch);
    }
    report_reads(ENGINE, "shortest_path", watch, PATHS, answer, answer);
}

/// Twenty rounds, pulled along incoming rows, on one thread; what nodes without outgoing rows hold
/// is shared among all.
static void pagerank(const struct rows *rows, const struct rows *back) {
    uint32_t count = rows->concepts;
    double *ranks = allocate(count * sizeof *ranks), *shares = allocate(count * sizeof *shares);
    struct stopwatch watch = start_watch();
    for (uint32_t i = 0; i < count; i++) ranks[i] = 1.0 / count;
    for (int round = 0; round < 20; round++) {
        double dangling = 0;
        for (uint32_t i = 0; i < count; i++) {
            uint32_t degree = rows->offsets[i + 1] - rows->offsets[i];
            shares[i] = degree ? ranks[i] / degree : 0;
            if (!degree) dangling += ranks[i];
        }
        double base = (0.15 + 0.85 * dangling) / count;
        for (uint32_t i = 0; i < count; i++) {
            double sum = 0;
            for (uint32_t at = back->offsets[i]; at < back->offsets[i + 1]; at++)
                sum += shares[back->targets[at]];
            ranks[i] = base + 0.85 * sum;
        }
    }
    watch = stop_watch(watch);
    uint32_t best = 0;
    for (uint32_t i = 0; i < count; i++)
        if (ranks[i] > ranks[best]) best = i;
    report_reads(ENGINE, "pagerank20", watch, 1, 20, best);
}

int main(int argc, char **argv) {
    if (argc != 2 || argv[1][0] == '-') {
        fputs("csr_floor GRAPH - hops and closure over arrays in memory\n\n"
              "GRAPH is a folder of generate/learning_graph.py. Prints one JSON object a line.\n",
              argc == 2 && argv[1][1] != '\0' ? stdout : stderr);
        return argc == 2 ? 0 : 64;
    }
    struct learning_graph graph = read_learning_graph(argv[1]);
    struct rows related = project(&graph, RELATED_TO, 0);
    measure(&related, "hop1", 1, HOP1_STARTS);
    measure(&related, "hop2", 2, HOP2_STARTS);
    measure(&related, "hop3", 3, HOP3_STARTS);
    struct rows back = project(&graph, RELATED_TO, 1);
    paths(&related, &back);
    pagerank(&related, &back);
    struct rows prerequisites = project(&graph, PREREQUISITE, 0);
    measure(&prerequisites, "closure", -1, CLOSURE_STARTS);
    return 0;
}
