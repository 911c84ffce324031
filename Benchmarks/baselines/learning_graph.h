// The learning graph of ../generate/learning_graph.py, read from its folder of CSV.
//
// Nodes are numbered from 0: concepts in file order, then courses, domains and learners.
// Edges are numbered in the order of the files below. Cells must not be quoted, and the columns
// must be those the generator writes.
#ifndef LEARNING_GRAPH_H
#define LEARNING_GRAPH_H

#include <stddef.h>
#include <stdint.h>

enum label { CONCEPT = 1, COURSE, DOMAIN, LEARNER };
enum edge_type { PREREQUISITE = 1, RELATED_TO, PART_OF, KNOWS };

struct text {
    const char *bytes;
    uint32_t length;
};

struct node {
    struct text key, title, domain; // title and domain of concepts alone
    double difficulty;
    int64_t minutes;
    enum label label;
};

struct edge {
    uint32_t source, target;
    uint32_t type;
    double strength; // NaN where the type carries none
};

struct learning_graph {
    struct node *nodes;
    struct edge *edges;
    uint32_t node_count, concept_count;
    uint32_t edge_count;
    uint64_t csv_bytes;
};

/// Reads the folder; ends the process with a message that names file and line when it cannot.
struct learning_graph read_learning_graph(const char *folder);

/// Edge numbers sorted by (source, type, target, number), or from the target's side by
/// (target, type, source, number). The caller frees them.
uint32_t *sorted_edges(const struct learning_graph *graph, int from_target);

#endif
