#!/usr/bin/env python3
"""Run graph algorithms in SciPy, NetworKit, igraph, rustworkx or GraphBLAS on a prepared graph, and
time them.

  ../.venv/bin/python algorithms.py networkit ../work/rmat18.json pagerank-1e-9 louvain --threads 2

The graph is what drive/graphs.py made. Without kernels on the command line the program waits for
lines `{"kernel": …, "threads": …, "trials": …}` on standard input, so that one load serves many
kernels and whoever waits for an answer may give up. Prints one JSON object a line: the times of each
trial in milliseconds, processor time, and the highest resident memory; what the kernel found goes to
a file of NumPy's, to be compared.
"""

import argparse
import importlib
import json
import os
import statistics
import sys
import time

import numpy as np

from graphblas_peer import GraphBLAS
from peer_graph import DAMPING, ITERATION_LIMIT, Graph, Missing, Peer, power_method


class SciPy(Peer):
    """Sparse matrices; a row holds a node's edges, an undirected one stands in both rows."""

    def load(self, name):
        from scipy.sparse import coo_array, csr_array
        source, target, weight = self.graph.read(name)
        weight = np.ones(len(source)) if weight is None else weight
        if not self.is_directed(name):
            other = source != target
            source, target, weight = (
                np.concatenate([source, target[other]]), np.concatenate([target, source[other]]),
                np.concatenate([weight, weight[other]]))
        return csr_array(coo_array((weight, (source, target)), shape=[self.graph.nodes] * 2))

    def pagerank(self, tolerance):
        graph = self.view("plain")
        incoming, degrees = graph.T.tocsr(), np.asarray(graph.sum(axis=1)).ravel()
        return (lambda: power_method(lambda shared: incoming @ shared, degrees, tolerance)), \
            lambda ranks: ranks

    def bfs(self):
        from scipy.sparse import csgraph
        graph = self.view("plain")

        def depths(found):
            columns = []
            for order, before in found:
                depth = np.full(self.graph.nodes, -1)
                depth[order[0]] = 0
                for node in order[1:]:
                    depth[node] = depth[before[node]] + 1
                columns.append(depth)
            return np.stack(columns)
        return (lambda: [csgraph.breadth_first_order(graph, source, directed=True)
                         for source in self.graph.sources]), depths

    def sssp(self):
        from scipy.sparse import csgraph
        graph = self.view("main")
        return (lambda: csgraph.dijkstra(graph, indices=self.graph.sources)), lambda found: found

    def components(self, kind):
        from scipy.sparse import csgraph
        graph = self.view("plain")
        return (lambda: csgraph.connected_components(graph, directed=True, connection=kind)[1],
                lambda labels: labels)

    def wcc(self):
        return self.components("weak")

    def scc(self):
        return self.components("strong")


class NetworKit(Peer):
    """As its users have it: graphs from arrays, parallel kernels, weights where there are any."""

    def __init__(self, graph):
        super().__init__(graph)
        self.nk = importlib.import_module("networkit")

    def use(self, threads):
        self.nk.setNumberOfThreads(threads)

    def load(self, name):
        source, target, weight = self.graph.read(name)
        data = (source, target) if weight is None else (weight, (source, target))
        return self.nk.GraphFromCoo(data, n=self.graph.nodes, weighted=weight is not None,
                                    directed=self.is_directed(name))

    def pagerank(self, tolerance):
        graph, centrality = self.view("plain"), self.nk.centrality

        def run():
            kernel = centrality.PageRank(graph, damp=DAMPING, tol=tolerance,
                                         distributeSinks=centrality.SinkHandling.DistributeSinks)
            kernel.norm = centrality.Norm.L1_NORM
            kernel.maxIterations = ITERATION_LIMIT
            return kernel.run()
        return run, lambda kernel: np.array(kernel.scores())

    def bfs(self):
        graph = self.view("plain")

        def depths(found):
            found = np.array([run.getDistances() for run in found])
            return np.where(found > self.graph.nodes, -1, found)
        return (lambda: [self.nk.distance.BFS(graph, source, storePaths=False).run()
                         for source in self.graph.sources]), depths

    def sssp(self):
        graph = self.view("main")

        def distances(found):
            found = np.array([run.getDistances() for run in found])
            return np.where(found > 1e300, np.inf, found)
        return (lambda: [self.nk.distance.Dijkstra(graph, source, storePaths=False).run()
                         for source in self.graph.sources]), distances

    def point_to_point(self):
        graph, distance = self.view("main"), self.nk.distance
        kind = distance.BidirectionalDijkstra if graph.isWeighted() else distance.BidirectionalBFS

        def costs(found):
            found = np.array([run.getDistance() for run in found], dtype=float)
            return np.where(found > 1e300, np.inf, found)
        # Without storePred=True the search ends the process.
        return (lambda: [kind(graph, source, target, True).run()
                         for source, target in self.graph.pairs]), costs

    def wcc(self):
        graph, components = self.view("plain"), self.nk.components
        if graph.isDirected():
            kind = components.WeaklyConnectedComponents
        else:
            kind = components.ParallelConnectedComponents if self.nk.getMaxNumberOfThreads() > 1 \
                else components.ConnectedComponents
        return (lambda: kind(graph).run()), lambda kernel: np.array(
            kernel.getPartition().getVector())

    def scc(self):
        graph = self.view("plain")
        return (lambda: self.nk.components.StronglyConnectedComponents(graph).run(),
                lambda kernel: np.array(kernel.getPartition().getVector()))

    def triangles(self):
        graph = self.view("simple")
        graph.indexEdges()
        return (lambda: self.nk.sparsification.TriangleEdgeScore(graph).run()), \
            lambda kernel: self.graph.transitivity(sum(kernel.scores()) / 3)

    def lcc(self):
        graph = self.view("simple")
        graph.sortEdges()
        return (lambda: self.nk.centrality.LocalClusteringCoefficient(graph, True).run(),
                lambda kernel: np.array(kernel.scores()))

    def betweenness(self):
        graph = self.view("plain")
        # It draws its sources itself, so only the time compares.
        return (lambda: self.nk.centrality.EstimateBetweenness(
            graph, len(self.graph.sources), False, True).run()), None

    def kcore(self):
        graph = self.view("simple")
        return (lambda: self.nk.centrality.CoreDecomposition(graph).run(),
                lambda kernel: np.array(kernel.scores()))

    def communities(self, make):
        graph = self.view("simple")
        self.nk.setSeed(1, False)
        return (lambda: make(graph).run()), lambda kernel: np.array(
            kernel.getPartition().getVector())

    def louvain(self):
        return self.communities(lambda graph: self.nk.community.PLM(graph))

    def leiden(self):
        return self.communities(lambda graph: self.nk.community.ParallelLeiden(graph))

    def label_propagation(self):
        return self.communities(lambda graph: self.nk.community.PLP(graph))

    def topological_sort(self):
        graph = self.view("acyclic")
        return (lambda: self.nk.components.TopologicalSort(graph).run()
                if hasattr(self.nk.components, "TopologicalSort")
                else self.nk.graphtools.topologicalSort(graph)), \
            lambda found: np.array(found if isinstance(found, list) else found.getResult())


class IGraph(Peer):
    """Its C core through the Python interface; one thread."""

    def load(self, name):
        import igraph
        source, target, weight = self.graph.read(name)
        edges = np.ascontiguousarray(np.column_stack([source, target]))
        graph = igraph.Graph(n=self.graph.nodes, edges=memoryview(edges),
                             directed=self.is_directed(name))
        if weight is not None:
            graph.es["weight"] = weight
        return graph

    @property
    def weights(self):
        return "weight" if self.graph.weighted else None

    def pagerank(self, tolerance):
        graph = self.view("plain")  # It solves to about 1e-14 whatever is asked.
        return (lambda: graph.pagerank(damping=DAMPING)), np.array

    def bfs(self):
        graph = self.view("plain")

        def depths(found):
            found = np.array(found)
            return np.where(np.isinf(found), -1, found)
        return (lambda: graph.distances(source=self.graph.sources)), depths

    def sssp(self):
        graph = self.view("main")
        return (lambda: graph.distances(source=self.graph.sources, weights=self.weights)), np.array

    def point_to_point(self):
        graph = self.view("main")
        return (lambda: [graph.distances(source=[source], target=[target],
                                         weights=self.weights)[0][0]
                         for source, target in self.graph.pairs]), np.array

    def wcc(self):
        graph = self.view("plain")
        return (lambda: graph.connected_components(mode="weak")), lambda found: np.array(
            found.membership)

    def scc(self):
        graph = self.view("plain")
        return (lambda: graph.connected_components(mode="strong")), lambda found: np.array(
            found.membership)

    def triangles(self):
        graph = self.view("simple")
        return (lambda: graph.transitivity_undirected()), lambda value: np.array([value])

    def lcc(self):
        graph = self.view("simple")
        return (lambda: graph.transitivity_local_undirected(mode="zero")), np.array

    def betweenness(self):
        graph = self.view("plain")
        return (lambda: graph.betweenness(sources=self.graph.sources)), np.array

    def kcore(self):
        graph = self.view("simple")
        return (lambda: graph.coreness()), np.array

    def louvain(self):
        graph = self.view("simple")
        return (lambda: graph.community_multilevel()), lambda found: np.array(found.membership)

    def leiden(self):
        graph = self.view("simple")
        return (lambda: graph.community_leiden("modularity", n_iterations=2)), \
            lambda found: np.array(found.membership)

    def label_propagation(self):
        graph = self.view("simple")
        return (lambda: graph.community_label_propagation()), lambda found: np.array(
            found.membership)

    def topological_sort(self):
        graph = self.view("acyclic")
        return (lambda: graph.topological_sorting()), np.array


class RustworkX(Peer):
    """Its graphs hold Python objects; weights go through a callback of Python's."""

    def __init__(self, graph):
        super().__init__(graph)
        self.rx = importlib.import_module("rustworkx")

    def load(self, name):
        source, target, weight = self.graph.read(name)
        kind = self.rx.PyDiGraph if self.is_directed(name) else self.rx.PyGraph
        graph = kind(multigraph=True)
        graph.add_nodes_from(range(self.graph.nodes))
        if weight is None:
            graph.extend_from_edge_list(list(zip(source.tolist(), target.tolist())))
        else:
            graph.extend_from_weighted_edge_list(
                list(zip(source.tolist(), target.tolist(), weight.tolist())))
        return graph

    def pagerank(self, tolerance):
        graph = self.view("plain")
        if not self.graph.directed:
            raise Missing("no PageRank without directions")
        # As in networkx the tolerance is for a node, not for all of them.
        return (lambda: self.rx.pagerank(graph, alpha=DAMPING, tol=tolerance / self.graph.nodes,
                                         max_iter=ITERATION_LIMIT)), self.values

    def values(self, found):
        column = np.zeros(self.graph.nodes)
        column[list(found.keys())] = list(found.values())
        return column

    def bfs(self):
        graph = self.view("plain")

        def depths(found):
            columns = np.full((len(found), self.graph.nodes), -1)
            for column, layers in zip(columns, found):
                for depth, layer in enumerate(layers):
                    column[layer] = depth
            return columns
        layers = self.rx.digraph_bfs_layers if self.graph.directed else self.rx.graph_bfs_layers
        return (lambda: [layers(graph, [source]) for source in self.graph.sources]), depths

    @property
    def cost(self):
        return float if self.graph.weighted else lambda edge: 1.0

    def sssp(self):
        graph = self.view("main")

        def distances(found):
            columns = np.full((len(found), self.graph.nodes), np.inf)
            for column, source, run in zip(columns, self.graph.sources, found):
                column[list(run.keys())] = list(run.values())
                column[source] = 0
            return columns
        return (lambda: [self.rx.dijkstra_shortest_path_lengths(graph, source, self.cost)
                         for source in self.graph.sources]), distances

    def point_to_point(self):
        graph = self.view("main")

        def run():
            costs = []
            for source, target in self.graph.pairs:
                found = self.rx.dijkstra_shortest_path_lengths(graph, source, self.cost, target)
                costs.append(found[target] if target in found else np.inf)
            return costs
        return run, np.array

    def sets(self, found):
        labels = np.zeros(self.graph.nodes, dtype=np.int64)
        for number, nodes in enumerate(found):
            labels[list(nodes)] = number
        return labels

    def wcc(self):
        graph = self.view("plain")
        kind = self.rx.weakly_connected_components if self.graph.directed \
            else self.rx.connected_components
        return (lambda: kind(graph)), self.sets

    def scc(self):
        graph = self.view("plain")
        return (lambda: self.rx.strongly_connected_components(graph)), self.sets

    def triangles(self):
        graph = self.view("simple")
        return (lambda: self.rx.transitivity(graph)), lambda value: np.array([value])

    def kcore(self):
        graph = self.view("simple")
        return (lambda: self.rx.core_number(graph)), self.values

    def topological_sort(self):
        graph = self.view("acyclic")
        return (lambda: self.rx.topological_sort(graph)), np.array


PEERS = {"scipy": SciPy, "networkit": NetworKit, "igraph": IGraph, "rustworkx": RustworkX,
         "graphblas": GraphBLAS}


def memory(field):
    with open("/proc/self/status", encoding="ascii") as stream:
        for line in stream:
            if line.startswith(field):
                return int(line.split()[1]) * 1024
    return 0


def forget_peak():
    try:
        with open("/proc/self/clear_refs", "w", encoding="ascii") as stream:
            stream.write("5")
    except OSError:
        pass


def measure(peer, name, request, folder):
    """Runs a kernel as often as asked and describes it."""
    threads = request.get("threads", 1)
    if hasattr(peer, "use"):
        peer.use(threads)
    line = {"engine": request["engine"], "kernel": name, "threads": threads}
    if name == "load":
        run, extract = (lambda: peer.load("main")), None
    else:
        kernel, _, tolerance = name.partition("-1e")
        method = getattr(peer, kernel.replace("-", "_"), None)
        if method is None:
            return dict(line, missing="not there")
        try:
            run, extract = method(float("1e" + tolerance)) if tolerance else method()
        except Missing as reason:
            return dict(line, missing=str(reason))
    walls, processors, found = [], [], None
    forget_peak()
    for _ in range(request.get("trials", 3)):
        found = None
        processor, wall = time.process_time(), time.perf_counter()
        found = run()
        walls.append((time.perf_counter() - wall) * 1e3)
        processors.append((time.process_time() - processor) * 1e3)
        if sum(walls) > request.get("enough_ms", 20_000):
            break
    line.update(ms=round(statistics.median(walls), 3), least=round(min(walls), 3),
                processor_ms=round(statistics.median(processors), 3), trials=len(walls),
                peak=memory("VmHWM:"))
    if name == "load":
        peer.views["main"] = found
        line["resident"] = memory("VmRSS:")
    elif extract is not None:
        path = os.path.join(folder, f"{request['engine']}-{name}.npy")
        np.save(path, extract(found))
        line["answer"] = path
    return line


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("graph", help="the description that drive/graphs.py wrote")
    parser.add_argument("kernels", nargs="*")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--trials", type=int, default=3)
    parser.add_argument("--answers", default=None, help="folder (default: that of the graph)")
    arguments = parser.parse_args()
    graph = Graph(arguments.graph)
    folder = arguments.answers or graph.folder
    try:
        peer = PEERS[arguments.peer](graph)
    except ImportError as error:
        print(json.dumps({"absent": str(error)}), flush=True)
        return
    asked = ({"kernel": name, "threads": arguments.threads, "trials": arguments.trials}
             for name in arguments.kernels) if arguments.kernels \
        else (json.loads(line) for line in sys.stdin)
    for request in asked:
        request["engine"] = arguments.peer
        try:
            answer = measure(peer, request["kernel"], request, folder)
        except Exception as error:  # A kernel that fails is a result, not the end.
            answer = {"engine": arguments.peer, "kernel": request["kernel"],
                      "threads": request.get("threads", 1),
                      "failed": f"{type(error).__name__}: {error}"[:200]}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
