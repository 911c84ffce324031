#include "learning_graph.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "measure.h"

struct file {
    char path[4096];
    const char *at, *end;
    unsigned line;
};

static void fail_at(const struct file *file, const char *problem) {
    fprintf(stderr, "%s:%u: %s. Make the folder with generate/learning_graph.py.\n", file->path,
            file->line, problem);
    exit(1);
}

/// Maps a file; it stays mapped, because texts point into it.
static struct file open_csv(struct learning_graph *graph, const char *folder, const char *name) {
    struct file file;
    snprintf(file.path, sizeof file.path, "%s/%s", folder, name);
    int descriptor = open(file.path, O_RDONLY);
    struct stat status;
    if (descriptor < 0 || fstat(descriptor, &status) != 0) fail("Cannot open %s", file.path);
    file.at = mmap(NULL, (size_t)status.st_size + 1, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (file.at == MAP_FAILED) fail("Cannot map %s", file.path);
    close(descriptor);
    file.end = file.at + status.st_size;
    graph->csv_bytes += (uint64_t)status.st_size;
    file.line = 1;
    while (file.at < file.end && *file.at++ != '\n') {}
    return file;
}

static int more(struct file *file) {
    file->line++;
    return file->at < file->end;
}

static struct text cell(struct file *file) {
    const char *start = file->at;
    while (file->at < file->end && *file->at != ',' && *file->at != '\n') file->at++;
    struct text text = {start, (uint32_t)(file->at - start)};
    if (text.length && *start == '"') fail_at(file, "Quoted cells are not read here");
    if (file->at < file->end && *file->at == ',') file->at++;
    return text;
}

static void end_row(struct file *file) {
    while (file->at < file->end && *file->at != '\n') file->at++;
    if (file->at < file->end) file->at++;
}

static double decimal(struct text text) {
    double value = 0, scale = 1;
    int fraction = 0;
    for (uint32_t i = 0; i < text.length; i++) {
        if (text.bytes[i] == '.') fraction = 1;
        else {
            value = value * 10 + (text.bytes[i] - '0');
            if (fraction) scale *= 10;
        }
    }
    return value / scale;
}

// Key -> node number ----------------------------------------------------------------------------

static uint32_t *slots;
static uint64_t mask;

static uint64_t hash(struct text text) {
    uint64_t value = 0xcbf29ce484222325;
    for (uint32_t i = 0; i < text.length; i++)
        value = (value ^ (unsigned char)text.bytes[i]) * 0x100000001b3;
    return value ^ value >> 29;
}

static void remember_keys(const struct learning_graph *graph) {
    for (mask = 1024; mask < 2 * (uint64_t)graph->node_count; mask *= 2) {}
    slots = allocate(mask * sizeof *slots);
    memset(slots, 0xff, mask * sizeof *slots);
    mask--;
    for (uint32_t i = 0; i < graph->node_count; i++) {
        uint64_t slot = hash(graph->nodes[i].key) & mask;
        while (slots[slot] != UINT32_MAX) slot = (slot + 1) & mask;
        slots[slot] = i;
    }
}

static uint32_t number_of(const struct learning_graph *graph, struct file *file,
                          struct text key) {
    for (uint64_t slot = hash(key) & mask;; slot = (slot + 1) & mask) {
        if (slots[slot] == UINT32_MAX) fail_at(file, "This edge names a node that is nowhere");
        struct text other = graph->nodes[slots[slot]].key;
        if (other.length == key.length && !memcmp(other.bytes, key.bytes, key.length))
            return slots[slot];
    }
}

// Rows ------------------------------------------------------------------------------------------

static void read_nodes(struct learning_graph *graph, const char *folder, const char *name,
                       enum label label, uint32_t *room) {
    struct file file = open_csv(graph, folder, name);
    while (more(&file)) {
        if (graph->node_count == *room) {
            *room *= 2;
            graph->nodes = reallocate(graph->nodes, *room * sizeof *graph->nodes);
        }
        struct node *node = &graph->nodes[graph->node_count++];
        *node = (struct node){.label = label, .key = cell(&file)};
        if (label == CONCEPT) {
            cell(&file); // the number, which is the row's own
            node->title = cell(&file);
            node->domain = cell(&file);
            node->difficulty = decimal(cell(&file));
            node->minutes = (int64_t)decimal(cell(&file));
        }
        end_row(&file);
    }
}

static void read_edges(struct learning_graph *graph, const char *folder, const char *name,
                       enum edge_type type, uint32_t *room) {
    struct file file = open_csv(graph, folder, name);
    int weighted = type == PREREQUISITE || type == RELATED_TO;
    while (more(&file)) {
        if (graph->edge_count == *room) {
            *room *= 2;
            graph->edges = reallocate(graph->edges, *room * sizeof *graph->edges);
        }
        struct edge *edge = &graph->edges[graph->edge_count++];
        edge->source = number_of(graph, &file, cell(&file));
        edge->target = number_of(graph, &file, cell(&file));
        edge->type = type;
        cell(&file);
        edge->strength = weighted ? decimal(cell(&file)) : NAN;
        end_row(&file);
    }
}

struct learning_graph read_learning_graph(const char *folder) {
    struct learning_graph graph = {0};
    uint32_t node_room = 1 << 16, edge_room = 1 << 20;
    graph.nodes = allocate(node_room * sizeof *graph.nodes);
    graph.edges = allocate(edge_room * sizeof *graph.edges);
    read_nodes(&graph, folder, "concepts.csv", CONCEPT, &node_room);
    graph.concept_count = graph.node_count;
    read_nodes(&graph, folder, "courses.csv", COURSE, &node_room);
    read_nodes(&graph, folder, "domains.csv", DOMAIN, &node_room);
    read_nodes(&graph, folder, "learners.csv", LEARNER, &node_room);
    if (!graph.concept_count) fail("%s/concepts.csv holds no concepts", folder);
    remember_keys(&graph);
    read_edges(&graph, folder, "prerequisite.csv", PREREQUISITE, &edge_room);
    read_edges(&graph, folder, "related_to.csv", RELATED_TO, &edge_room);
    read_edges(&graph, folder, "part_of.csv", PART_OF, &edge_room);
    read_edges(&graph, folder, "knows.csv", KNOWS, &edge_room);
    free(slots);
    return graph;
}

// Sorting: three stable counting sorts, least significant part first -----------------------------

static uint32_t part_of_edge(const struct edge *edge, int part, int from_target) {
    if (part == 1) return edge->type;
    return (part == 0) != from_target ? edge->target : edge->source;
}

uint32_t *sorted_edges(const struct learning_graph *graph, int from_target) {
    uint32_t count = graph->edge_count;
    uint32_t *order = allocate(count * sizeof *order), *other = allocate(count * sizeof *other);
    uint32_t *places = allocate((graph->node_count + 2) * sizeof *places);
    for (uint32_t i = 0; i < count; i++) order[i] = i;
    for (int part = 0; part < 3; part++) {
        uint32_t values = part == 1 ? KNOWS + 1 : graph->node_count;
        memset(places, 0, (values + 1) * sizeof *places);
        for (uint32_t i = 0; i < count; i++)
            places[part_of_edge(&graph->edges[i], part, from_target) + 1]++;
        for (uint32_t i = 0; i < values; i++) places[i + 1] += places[i];
        for (uint32_t i = 0; i < count; i++)
            other[places[part_of_edge(&graph->edges[order[i]], part, from_target)]++] = order[i];
        uint32_t *kept = order;
        order = other;
        other = kept;
    }
    free(other);
    free(places);
    return order;
}
