// Edge lists for graph kernels: R-MAT, uniform random and grid. `rmat --help` tells the use.
//
// R-MAT: Chakrabarti, Zhan, Faloutsos, "R-MAT: A Recursive Model for Graph Mining" (2004), with
// the Graph 500 shares .57/.19/.19/.05. The same arguments give the same bytes on any machine.
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum mode { RMAT, URAND, GRID };

struct options {
    enum mode mode;
    unsigned scale, edge_factor, side, max_weight;
    uint64_t seed;
    int undirected;
    const char *output;
};

// xoshiro256** (Blackman and Vigna), seeded by splitmix64.
static uint64_t state[4];

static uint64_t splitmix(uint64_t *x) {
    uint64_t z = (*x += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

static void seed_random(uint64_t seed) {
    for (int i = 0; i < 4; i++) state[i] = splitmix(&seed);
}

static inline uint64_t next_random(void) {
    uint64_t s1 = state[1], result = s1 * 5;
    result = ((result << 7) | (result >> 57)) * 9;
    state[2] ^= state[0];
    state[3] ^= s1;
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= s1 << 17;
    state[3] = (state[3] << 45) | (state[3] >> 19);
    return result;
}

static inline uint64_t below(uint64_t bound) {
    return (uint64_t)(((unsigned __int128)next_random() * bound) >> 64);
}

static void *allocate(size_t bytes) {
    void *memory = malloc(bytes ? bytes : 1);
    if (!memory) {
        fprintf(stderr, "rmat: out of memory: %zu bytes asked; use a smaller scale.\n", bytes);
        exit(1);
    }
    return memory;
}

// Output --------------------------------------------------------------------------------------

static char buffer[1 << 20];
static size_t filled;
static FILE *out;

static void flush_output(void) {
    if (fwrite(buffer, 1, filled, out) != filled) {
        perror("rmat: cannot write");
        exit(1);
    }
    filled = 0;
}

static inline void put_number(uint64_t value, char end) {
    char digits[20];
    int count = 0;
    do digits[count++] = (char)('0' + value % 10);
    while (value /= 10);
    while (count) buffer[filled++] = digits[--count];
    buffer[filled++] = end;
}

static inline void put_edge(uint64_t source, uint64_t target, unsigned max_weight) {
    if (filled > sizeof buffer - 80) flush_output();
    put_number(source, '\t');
    put_number(target, max_weight ? '\t' : '\n');
    if (max_weight) put_number(1 + below(max_weight), '\n');
}

// Edges: source in the high 32 bits, target in the low ------------------------------------------

static uint64_t rmat_edge(unsigned scale) {
    uint32_t source = 0, target = 0;
    uint64_t bits = 0;
    for (unsigned level = 0; level < scale; level++) {
        if (level % 4 == 0) bits = next_random();
        // 16 bits decide a quadrant: a < .57, b < .76, c < .95, d.
        unsigned draw = bits & 0xffff;
        bits >>= 16;
        int a = draw < 37356, b = draw < 49807, c = draw < 62259;
        source = source << 1 | !b;
        target = target << 1 | (!c || (b && !a));
    }
    return (uint64_t)source << 32 | target;
}

static uint32_t *permutation(uint32_t count) {
    uint32_t *order = allocate((size_t)count * sizeof *order);
    for (uint32_t i = 0; i < count; i++) order[i] = i;
    for (uint32_t i = count; i > 1; i--) {
        uint32_t j = (uint32_t)below(i), kept = order[i - 1];
        order[i - 1] = order[j];
        order[j] = kept;
    }
    return order;
}

static void radix_sort(uint64_t *edges, size_t count, unsigned scale) {
    uint64_t *other = allocate(count * sizeof *other), *from = edges, *to = other;
    for (unsigned half = 0; half < 2; half++) {
        for (unsigned done = 0; done < scale; done += 11) {
            unsigned shift = half * 32 + done;
            size_t places[2049] = {0};
            for (size_t i = 0; i < count; i++) places[(from[i] >> shift & 2047) + 1]++;
            for (unsigned i = 0; i < 2048; i++) places[i + 1] += places[i];
            for (size_t i = 0; i < count; i++) to[places[from[i] >> shift & 2047]++] = from[i];
            uint64_t *kept = from;
            from = to;
            to = kept;
        }
    }
    if (from != edges) memcpy(edges, from, count * sizeof *edges);
    free(other);
}

/// Writes a random graph; returns the number of edges.
static size_t random_graph(const struct options *options) {
    uint32_t nodes = (uint32_t)1 << options->scale;
    size_t drawn = (size_t)options->edge_factor << options->scale, count = 0;
    uint64_t *edges = allocate(drawn * sizeof *edges);
    // R-MAT puts its hubs at the small numbers; permuting hides that from the kernels.
    uint32_t *order = options->mode == RMAT ? permutation(nodes) : NULL;
    for (size_t i = 0; i < drawn; i++) {
        uint64_t edge = options->mode == RMAT ? rmat_edge(options->scale)
                                              : below(nodes) << 32 | below(nodes);
        uint32_t source = (uint32_t)(edge >> 32), target = (uint32_t)edge;
        if (order) source = order[source], target = order[target];
        if (options->undirected) {
            if (source == target) continue;
            if (source > target) {
                uint32_t kept = source;
                source = target;
                target = kept;
            }
        }
        edges[count++] = (uint64_t)source << 32 | target;
    }
    free(order);
    size_t written = 0;
    if (options->undirected) radix_sort(edges, count, options->scale);
    for (size_t i = 0; i < count; i++) {
        if (options->undirected && i && edges[i] == edges[i - 1]) continue;
        put_edge(edges[i] >> 32, (uint32_t)edges[i], options->max_weight);
        written++;
    }
    free(edges);
    return written;
}

/// Writes a square grid of 4 neighbours that lacks a tenth of its edges; returns their number.
static size_t grid(const struct options *options) {
    size_t side = options->side, written = 0;
    for (size_t row = 0; row < side; row++)
        for (size_t column = 0; column < side; column++) {
            size_t node = row * side + column;
            for (int down = 0; down < 2; down++) {
                if ((down ? row : column) + 1 == side || below(10) == 0) continue;
                size_t other = node + (down ? side : 1);
                put_edge(node, other, options->max_weight);
                written++;
                if (!options->undirected) {
                    put_edge(other, node, options->max_weight);
                    written++;
                }
            }
        }
    return written;
}

// The command ---------------------------------------------------------------------------------

static const char usage[] =
    "rmat - write a random graph as a tab-separated edge list\n\n"
    "  rmat --scale 18 --undirected --weights 255 > rmat18.tsv\n"
    "  rmat --mode urand --scale 18 --undirected -o urand18.tsv\n"
    "  rmat --mode grid --side 1000 --undirected --weights 100 > grid1000.tsv\n\n"
    "  -m, --mode rmat|urand|grid  kind of graph (default rmat)\n"
    "  -s, --scale N               2^N nodes, 1 to 31 (default 16)\n"
    "  -k, --edge-factor N         edges drawn per node (default 16)\n"
    "  -d, --side N                nodes along a side of the grid (default 1000)\n"
    "  -r, --seed N                default 1\n"
    "  -w, --weights MAX           a third column: whole numbers 1 to MAX\n"
    "  -u, --undirected            each pair once, smaller number first, no loops;\n"
    "                              without it R-MAT and urand keep loops and repeats\n"
    "  -o, --output FILE           default: standard output\n"
    "  -h, --help\n";

static uint64_t whole(const char *name, const char *text, uint64_t least, uint64_t most) {
    char *end;
    unsigned long long value = strtoull(text, &end, 10);
    if (!*text || *text == '-' || *end || value < least || value > most) {
        fprintf(stderr, "rmat: --%s must be a whole number from %llu to %llu, not '%s'.\n", name,
                (unsigned long long)least, (unsigned long long)most, text);
        exit(64);
    }
    return value;
}

static struct options parse(int argc, char **argv) {
    static const struct option names[] = {
        {"mode", 1, 0, 'm'},    {"scale", 1, 0, 's'},      {"edge-factor", 1, 0, 'k'},
        {"side", 1, 0, 'd'},    {"seed", 1, 0, 'r'},       {"weights", 1, 0, 'w'},
        {"output", 1, 0, 'o'},  {"undirected", 0, 0, 'u'}, {"help", 0, 0, 'h'},
        {0, 0, 0, 0}};
    struct options options = {RMAT, 16, 16, 1000, 0, 1, 0, NULL};
    for (int c; (c = getopt_long(argc, argv, "m:s:k:d:r:w:o:uh", names, NULL)) != -1;)
        switch (c) {
        case 'm':
            if (!strcmp(optarg, "rmat")) options.mode = RMAT;
            else if (!strcmp(optarg, "urand")) options.mode = URAND;
            else if (!strcmp(optarg, "grid")) options.mode = GRID;
            else {
                fprintf(stderr, "rmat: --mode must be rmat, urand or grid, not '%s'.\n", optarg);
                exit(64);
            }
            break;
        case 's': options.scale = (unsigned)whole("scale", optarg, 1, 31); break;
        case 'k': options.edge_factor = (unsigned)whole("edge-factor", optarg, 1, 1024); break;
        case 'd': options.side = (unsigned)whole("side", optarg, 1, 65535); break;
        case 'r': options.seed = whole("seed", optarg, 0, UINT64_MAX); break;
        case 'w': options.max_weight = (unsigned)whole("weights", optarg, 1, UINT32_MAX); break;
        case 'u': options.undirected = 1; break;
        case 'o': options.output = optarg; break;
        case 'h': fputs(usage, stdout); exit(0);
        default: fputs(usage, stderr); exit(64);
        }
    if (optind != argc) {
        fprintf(stderr, "rmat: '%s' is one argument too many; see --help.\n", argv[optind]);
        exit(64);
    }
    return options;
}

int main(int argc, char **argv) {
    struct options options = parse(argc, argv);
    out = options.output ? fopen(options.output, "w") : stdout;
    if (!out) {
        fprintf(stderr, "rmat: cannot write ");
        perror(options.output);
        return 1;
    }
    seed_random(options.seed);
    size_t written = options.mode == GRID ? grid(&options) : random_graph(&options);
    flush_output();
    if (fclose(out)) {
        perror("rmat: cannot write");
        return 1;
    }
    fprintf(stderr, "%zu edges\n", written);
    return 0;
}
