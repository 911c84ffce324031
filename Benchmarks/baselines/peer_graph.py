"""What every peer of algorithms.py shares: the graph it is given, and how it keeps views of it."""

import json
import os

import numpy as np

DAMPING = 0.85
ITERATION_LIMIT = 10_000


class Missing(Exception):
    """This peer has no such kernel, or not for such a graph."""


class Graph:
    """The files and facts of a graph, and arrays of its edges."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as stream:
            self.facts = json.load(stream)
        self.folder = os.path.dirname(path)

    def __getattr__(self, name):
        return self.facts[name]

    def read(self, view):
        """Sources, targets and weights (None without) of a view: `main` or `simple`."""
        import pandas as pd
        weighted = view == "main" and self.weighted
        view = "simple" if view in ("simple", "acyclic") else "main"
        types = {0: np.int64, 1: np.int64, 2: np.float64}
        table = pd.read_csv(
            os.path.join(self.folder, self.files[view]), sep="\t", header=None, engine="c",
            usecols=range(3 if weighted else 2), dtype=types)
        columns = [table[place].to_numpy() for place in range(table.shape[1])]
        return columns[0], columns[1], columns[2] if weighted else None

    def transitivity(self, triangles):
        """Three times the triangles as a share of the pairs of neighbours."""
        source, target, _ = self.read("simple")
        degrees = np.bincount(source, minlength=self.nodes) \
            + np.bincount(target, minlength=self.nodes)
        return np.array([6 * triangles / float((degrees * (degrees - 1)).sum())])


class Peer:
    """A tool: makes its graph of a view, and runs kernels on it."""

    def __init__(self, graph):
        self.graph, self.views = graph, {}

    def view(self, name):
        """The tool's graph of a view; that of another is given up, so that memory is that of one.
        `main` is the graph itself; `plain` has no weights; `simple` no directions, loops or repeats
        either; `acyclic` is that with edges to the larger number."""
        if name not in self.views:
            self.views.clear()
            self.views[name] = self.load(name)
        return self.views[name]

    def is_directed(self, name):
        return name == "acyclic" or (name in ("main", "plain") and self.graph.directed)


def power_method(flow, degrees, tolerance):
    """PageRank by repeated multiplication; `flow` gives what ranks shared out come to."""
    nodes = len(degrees)
    dangling, shares = np.flatnonzero(degrees == 0), 1.0 / np.where(degrees == 0, 1.0, degrees)
    ranks = np.full(nodes, 1.0 / nodes)
    for _ in range(ITERATION_LIMIT):
        following = flow(ranks * shares)
        following += ranks[dangling].sum() / nodes
        following *= DAMPING
        following += (1 - DAMPING) / nodes
        change = np.abs(following - ranks).sum()
        ranks = following
        if change < tolerance:
            break
    return ranks
