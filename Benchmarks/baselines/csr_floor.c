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

static struct rows project(const struct learning_graph *graph, uint32_t type) {
    struct rows rows = {allocate((graph->node_count + 1) * sizeof(uint32_t)),
                        allocate(graph->edge_count * sizeof(uint32_t)), graph->node_count,
                        graph->concept_count};
    struct stopwatch watch = start_watch();
    memset(rows.offsets, 0, (graph->node_count + 1) * sizeof(uint32_t));
    uint64_t count = 0;
    for (uint32_t i = 0; i < graph->edge_count; i++)
        if (graph->edges[i].type == type) rows.offsets[graph->edges[i].source]++, count++;
    for (uint32_t i = 0, sum = 0; i <= graph->node_count; i++) {
        uint32_t degree = i < graph->node_count ? rows.offsets[i] : 0;
        rows.offsets[i] = sum += degree;
    }
    for (uint32_t i = graph->edge_count; i-- > 0;)
        if (graph->edges[i].type == type)
            rows.targets[--rows.offsets[graph->edges[i].source]] = graph->edges[i].target;
    watch = stop_watch(watch);
    report(ENGINE, type == PREREQUISITE ? "project_prerequisite" : "project_related_to",
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

int main(int argc, char **argv) {
    if (argc != 2 || argv[1][0] == '-') {
        fputs("csr_floor GRAPH - hops and closure over arrays in memory\n\n"
              "GRAPH is a folder of generate/learning_graph.py. Prints one JSON object a line.\n",
              argc == 2 && argv[1][1] != '\0' ? stdout : stderr);
        return argc == 2 ? 0 : 64;
    }
    struct learning_graph graph = read_learning_graph(argv[1]);
    struct rows related = project(&graph, RELATED_TO);
    measure(&related, "hop1", 1, HOP1_STARTS);
    measure(&related, "hop2", 2, HOP2_STARTS);
    measure(&related, "hop3", 3, HOP3_STARTS);
    struct rows prerequisites = project(&graph, PREREQUISITE);
    measure(&prerequisites, "closure", -1, CLOSURE_STARTS);
    return 0;
}
