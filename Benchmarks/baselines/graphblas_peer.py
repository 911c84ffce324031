"""SuiteSparse:GraphBLAS through python-graphblas.

It has operations, no algorithms, so the kernels are formulations of our own after LAGraph's: a
search that turns from pushing to pulling (Beamer), FastSV (Zhang, Azad and Hu), the power method,
Bellman and Ford on what changed, and triangles as a masked product.
"""

import importlib

import numpy as np

from peer_graph import Peer, power_method


class GraphBLAS(Peer):
    """Sparse matrices over semirings; a row holds a node's edges, an undirected one stands in both."""

    def __init__(self, graph):
        super().__init__(graph)
        self.gb = importlib.import_module("graphblas")
        importlib.import_module("graphblas.semiring")

    def use(self, threads):
        self.gb.ss.config["nthreads"] = threads

    def load(self, name):
        source, target, weight = self.graph.read(name)
        if not self.is_directed(name):
            other = source != target
            source, target, weight = (
                np.concatenate([source, target[other]]), np.concatenate([target, source[other]]),
                None if weight is None else np.concatenate([weight, weight[other]]))
        # Of parallel edges the lightest counts for paths, and one for everything else.
        values, keep = (True, None) if weight is None else (weight, self.gb.binary.min)
        nodes = self.graph.nodes
        return self.gb.Matrix.from_coo(
            source, target, values, nrows=nodes, ncols=nodes, dup_op=keep)

    def both(self, name):
        """The matrix by rows and its transpose by rows."""
        matrix = self.view(name)
        return matrix, matrix.T.new() if self.is_directed(name) else matrix

    def bfs(self):
        outgoing, incoming = self.both("plain")
        gb, nodes = self.gb, self.graph.nodes
        any_pair = gb.semiring.any_pair[bool]

        def search(source):
            depths, frontier = gb.Vector(np.int32, nodes), gb.Vector(bool, nodes)
            frontier[source] = True
            for level in range(nodes):
                count = frontier.nvals
                if count == 0:
                    break
                depths(frontier.S)[:] = level
                step = incoming.mxv(frontier, any_pair) if count > nodes // 64 \
                    else frontier.vxm(outgoing, any_pair)
                frontier(~depths.S, replace=True) << step
            return depths
        return (lambda: [search(source) for source in self.graph.sources]), lambda found: np.stack(
            [depths.to_dense(fill_value=-1) for depths in found])

    def sssp(self):
        outgoing, gb = self.view("main"), self.gb
        minimum, plus = gb.binary.min, gb.semiring.min_plus

        def search(source):
            distances = gb.Vector(np.float64, self.graph.nodes)
            distances[source] = 0.0
            changed = distances.dup()
            while changed.nvals:
                reached = changed.vxm(outgoing, plus).new()
                is_less = reached.ewise_mult(distances, gb.binary.lt).new()
                fresh = reached.dup()
                fresh(~distances.S, replace=True) << reached
                better = reached.dup()
                better(is_less.V, replace=True) << reached
                changed = better.ewise_add(fresh, minimum).new()
                distances(minimum) << changed
            return distances
        if not self.graph.weighted:
            outgoing = outgoing.apply(gb.unary.one[np.float64]).new()
        return (lambda: [search(source) for source in self.graph.sources]), lambda found: np.stack(
            [distances.to_dense(fill_value=np.inf) for distances in found])

    def wcc(self):
        matrix, gb, nodes = self.view("plain"), self.gb, self.graph.nodes
        if self.is_directed("plain"):
            matrix = matrix.ewise_add(matrix.T, gb.monoid.any).new()
        least = gb.semiring.min_second[np.int64]

        def run():
            parents = np.arange(nodes)
            grand = parents.copy()
            while True:
                near = matrix.mxv(gb.Vector.from_dense(grand), least).new()
                indices, values = near.to_coo()
                lowest = grand.copy()
                lowest[indices] = np.minimum(lowest[indices], values)
                hooked = parents.copy()
                np.minimum.at(hooked, parents, lowest)
                parents = np.minimum(np.minimum(hooked, lowest), grand)
                following = parents[parents]
                if np.array_equal(following, grand):
                    return grand
                grand = following
        return run, lambda labels: labels

    def pagerank(self, tolerance):
        source, target, _ = self.graph.read("plain")
        gb, nodes = self.gb, self.graph.nodes
        if not self.is_directed("plain"):
            other = source != target
            source, target = (np.concatenate([source, target[other]]),
                              np.concatenate([target, source[other]]))
        self.views.clear()
        incoming = gb.Matrix.from_coo(target, source, np.ones(len(source)), nrows=nodes,
                                      ncols=nodes, dup_op=gb.binary.plus)
        degrees = np.bincount(source, minlength=nodes).astype(float)
        times = gb.semiring.plus_times[np.float64]

        def flow(shared):
            return incoming.mxv(gb.Vector.from_dense(shared), times).new().to_dense(fill_value=0.0)
        return (lambda: power_method(flow, degrees, tolerance)), lambda ranks: ranks

    def triangles(self):
        matrix, gb = self.view("simple"), self.gb

        def run():
            lower = matrix.select("tril").new()
            closed = gb.Matrix(np.int64, *matrix.shape)
            closed(lower.S) << lower.mxm(lower.T, gb.semiring.plus_pair[np.int64])
            return int(closed.reduce_scalar().value)
        return run, lambda count: self.graph.transitivity(count)
