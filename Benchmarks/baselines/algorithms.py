#!/usr/bin/env python3
"""Time PageRank, BFS and weakly connected components in SciPy and NetworKit on an edge list.

  venv.sh                                                    once: installs the peers
  ../.venv/bin/python algorithms.py rmat18.tsv --undirected --weighted
  ../.venv/bin/python algorithms.py wordnet.tsv --sources 0,17 --peer scipy

An edge a line: source, target and perhaps a weight, separated by tabs, commas or spaces; nodes are
whole numbers from 0; lines that begin with '#' or '%' are skipped. An undirected edge stands once.
A peer that is not installed is left out. Prints one JSON object a line; times are medians.
"""

import argparse
import json
import os
import statistics
import sys
import time

ITERATION_LIMIT = 10_000


class Bench:
    """Times a call several times, each with its CPU, and prints the median."""

    def __init__(self, engine, arguments, threads):
        self.engine, self.arguments, self.threads = engine, arguments, threads

    def measure(self, name, call, operations=1, trials=None):
        walls, cpus, result = [], [], None
        for _ in range(trials or self.arguments.trials):
            cpu, wall = time.process_time(), time.perf_counter()
            result = call()
            walls.append(time.perf_counter() - wall)
            cpus.append(time.process_time() - cpu)
        self.wall, self.cpu = statistics.median(walls), statistics.median(cpus)
        self.least, self.name, self.operations = min(walls), name, operations
        return result

    def report(self, rows, answer, **facts):
        line = {
            "engine": self.engine, "measure": self.name, "value": round(self.wall * 1e3, 3),
            "unit": "ms", "cpu_us_per_op": round(self.cpu * 1e6 / self.operations, 1),
            "rows_per_op": rows / self.operations, "ops": self.operations, "answer": answer,
            "threads": self.threads, "least": round(self.least * 1e3, 3),
            "graph": os.path.basename(self.arguments.edges)}
        line.update(facts)
        print(json.dumps(line), flush=True)


def read_columns(arguments):
    """Arrays of sources, targets and weights (None without): pandas' C parser, else NumPy's."""
    import numpy as np
    separator, comments = layout(arguments.edges)
    width = 3 if arguments.weighted else 2
    try:
        import pandas as pd
        # A space stands for any run of blanks.
        table = pd.read_csv(
            arguments.edges, sep=r"\s+" if separator == " " else separator, header=None,
            skiprows=comments, usecols=range(width), engine="c",
            dtype={0: np.int64, 1: np.int64, 2: np.float64})
        columns = [table[place].to_numpy() for place in range(width)]
    except ImportError:
        table = np.loadtxt(
            arguments.edges, delimiter=None if separator == " " else separator,
            skiprows=comments, usecols=range(width), ndmin=2)
        columns = [table[:, 0].astype(np.int64), table[:, 1].astype(np.int64)] + \
            ([table[:, 2]] if width == 3 else [])
    return columns[0], columns[1], columns[2] if width == 3 else None


def layout(path):
    """The separator of the first edge, and the comment lines before it."""
    comments = 0
    try:
        with open(path, encoding="ascii", errors="replace") as stream:
            for line in stream:
                if line[:1] not in "#%\n":
                    return ("\t" if "\t" in line else "," if "," in line else " "), comments
                comments += 1
    except OSError as error:
        sys.exit(f"algorithms.py: cannot read {path}: {error.strerror}.")
    sys.exit(f"algorithms.py: {path} holds no edges.")


def default_sources(nodes):
    """The first four of the generator in measure.h, seed 42."""
    state, sources = 42, []
    for _ in range(4):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        sources.append((state >> 33) % nodes)
    return sources


def rank_facts(ranks, iterations):
    best = max(range(len(ranks)), key=ranks.__getitem__)
    return {"iterations": iterations, "sum": round(float(sum(ranks)), 9), "max_node": best,
            "max_rank": float(ranks[best])}


# SciPy -----------------------------------------------------------------------------------------


def scipy_pagerank(incoming, shares, dangling, arguments):
    """Power iteration; dangling mass goes to all; stops when the L1 change is below tolerance."""
    import numpy as np
    nodes = incoming.shape[0]
    ranks = np.full(nodes, 1.0 / nodes)
    for iteration in range(1, ITERATION_LIMIT + 1):
        lost = ranks[dangling].sum() if len(dangling) else 0.0
        following = incoming @ (ranks * shares)
        following += lost / nodes
        following *= arguments.damping
        following += (1 - arguments.damping) / nodes
        change = np.abs(following - ranks).sum()
        ranks = following
        if change < arguments.tolerance:
            break
    return ranks, iteration


def run_scipy(arguments):
    try:
        import numpy as np
        from scipy.sparse import coo_array, csr_array
        from scipy.sparse import csgraph
    except ImportError:
        print("SciPy is not installed here; skipped. Run venv.sh.", file=sys.stderr)
        return
    bench = Bench("scipy", arguments, 1)

    def load():
        source, target, weight = read_columns(arguments)
        nodes = arguments.nodes or int(max(source.max(), target.max())) + 1
        if weight is None:
            weight = np.ones(len(source))
        if not arguments.directed:
            loop = source != target
            source, target, weight = (
                np.concatenate([source, target[loop]]), np.concatenate([target, source[loop]]),
                np.concatenate([weight, weight[loop]]))
        return csr_array(coo_array((weight, (source, target)), shape=(nodes, nodes)))

    graph = bench.measure("load", load, trials=1)
    nodes, stored = graph.shape[0], graph.nnz
    bench.report(stored, stored, nodes=nodes)
    sources = arguments.sources or default_sources(nodes)

    incoming = graph.T.tocsr()
    degrees = np.asarray(graph.sum(axis=1)).ravel()
    dangling = np.flatnonzero(degrees == 0)
    shares = 1.0 / np.where(degrees == 0, 1.0, degrees)
    ranks, iterations = bench.measure(
        "pagerank", lambda: scipy_pagerank(incoming, shares, dangling, arguments))
    bench.report(stored * iterations, int(ranks.argmax()), **rank_facts(ranks, iterations))

    reached = bench.measure(
        "bfs", lambda: sum(len(csgraph.breadth_first_order(
            graph, source, directed=True, return_predecessors=False)) for source in sources),
        operations=len(sources))
    bench.report(reached, reached, sources=sources)
    # Of an undirected graph both directions are stored, so strong and weak are the same.
    components, labels = bench.measure("wcc", lambda: csgraph.connected_components(
        graph, directed=True, connection="weak"))
    bench.report(nodes, int(components), largest=int(np.bincount(labels).max()))


# NetworKit -------------------------------------------------------------------------------------


def run_networkit(arguments, threads):
    try:
        import networkit as nk
    except ImportError:
        print("NetworKit is not installed here; skipped. Run venv.sh.", file=sys.stderr)
        return
    nk.setNumberOfThreads(threads)
    bench = Bench("networkit", arguments, threads)
    separator, comments = layout(arguments.edges)
    with open(arguments.edges, encoding="ascii", errors="replace") as stream:
        mark = next(stream)[0] if comments else "#"

    def load():
        reader = nk.graphio.EdgeListReader(
            separator, 0, mark, continuous=True, directed=arguments.directed)
        graph = reader.read(arguments.edges)
        return graph if arguments.weighted else nk.graphtools.toUnweighted(graph)

    graph = bench.measure("load", load, trials=1)
    if arguments.nodes and arguments.nodes > graph.numberOfNodes():
        graph.addNodes(arguments.nodes - graph.numberOfNodes())  # The reader drops the last ones.
    nodes, stored = graph.numberOfNodes(), graph.numberOfEdges()
    bench.report(stored, stored, nodes=nodes)
    sources = arguments.sources or default_sources(nodes)

    def pagerank():
        kernel = nk.centrality.PageRank(
            graph, damp=arguments.damping, tol=arguments.tolerance,
            distributeSinks=nk.centrality.SinkHandling.DistributeSinks)
        kernel.norm = nk.centrality.Norm.L1_NORM
        return kernel.run()

    kernel = bench.measure("pagerank", pagerank)
    facts = rank_facts(kernel.scores(), kernel.numberOfIterations())
    bench.report(stored * facts["iterations"], facts["max_node"], **facts)

    def searches():
        return [nk.distance.BFS(graph, source, storePaths=False).run() for source in sources]

    runs = bench.measure("bfs", searches, operations=len(sources))
    # NetworKit gives what it cannot reach a distance near the largest double.
    reached = sum(sum(distance < nodes for distance in run.getDistances()) for run in runs)
    bench.report(reached, reached, sources=sources)

    if arguments.directed:
        kind = nk.components.WeaklyConnectedComponents
    else:
        kind = nk.components.ParallelConnectedComponents if threads > 1 \
            else nk.components.ConnectedComponents
    kernel = bench.measure("wcc", lambda: kind(graph).run())
    bench.report(nodes, kernel.numberOfComponents(),
                 largest=max(kernel.getComponentSizes().values()))


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("edges", metavar="EDGES", help="edge list file")
    direction = parser.add_mutually_exclusive_group()
    direction.add_argument("--directed", action="store_true", default=True, help="the default")
    direction.add_argument("--undirected", dest="directed", action="store_false")
    parser.add_argument("--weighted", action="store_true",
                        help="read the third column; PageRank uses it")
    parser.add_argument("--nodes", type=int, metavar="N",
                        help="number of nodes (default: the largest plus one)")
    parser.add_argument("--sources", metavar="A,B,…", help="where BFS starts (default: four)")
    parser.add_argument("--damping", type=float, default=0.85)
    parser.add_argument("--tolerance", type=float, default=1e-6, help="L1 (default: 1e-6)")
    parser.add_argument("--trials", type=int, default=3, help="default: 3")
    parser.add_argument("--peer", choices=("scipy", "networkit"), help="only this one")
    parser.add_argument("--threads", default="1,2", help="for NetworKit (default: 1,2)")
    arguments = parser.parse_args()
    try:
        arguments.sources = [int(text) for text in arguments.sources.split(",")] \
            if arguments.sources else None
        threads = [int(text) for text in arguments.threads.split(",")]
    except ValueError:
        parser.error("--sources and --threads are whole numbers separated by commas")
    if arguments.trials < 1:
        parser.error("--trials must be at least 1")
    layout(arguments.edges)
    if arguments.peer != "networkit":
        run_scipy(arguments)
    for count in threads if arguments.peer != "scipy" else ():
        run_networkit(arguments, count)


if __name__ == "__main__":
    main()
