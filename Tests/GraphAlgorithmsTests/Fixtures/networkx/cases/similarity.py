"""Nodes alike by common neighbours."""

import math

import networkx as nx

from compare import case, near

PREDICTORS = {
    "jaccard": nx.jaccard_coefficient, "adamic-adar": nx.adamic_adar_index,
    "resource-allocation": nx.resource_allocation_index,
}


def scores(name, simple, pairs):
    """What networkx says, or the formula where it has none; a node against itself is left out."""
    pairs = [pair for pair in pairs if pair[0] != pair[1]]
    if name in PREDICTORS:
        return {(u, v): score for u, v, score in PREDICTORS[name](simple, pairs)}
    found = {}
    for u, v in pairs:
        a, b = set(simple[u]), set(simple[v])
        under = min(len(a), len(b)) if name == "overlap" else math.sqrt(len(a) * len(b))
        found[u, v] = len(a & b) / under if a & b else 0.0
    return found


class Alike:
    def parameters(self, graph):
        if graph.count < 2:
            return None
        rng = graph.rng(self.algorithm)
        if rng.random() < 0.5:
            pairs = [rng.sample(graph.nodes, 2) for _ in range(6)]
            return {"pairs": ",".join(f"{a}:{b}" for a, b in pairs)}
        return {"top-k": rng.choice([0, 1, 3, 100]),
                "new-only": rng.choice(["true", "false"])}

    def check(self, graph, parameters, answer):
        simple = graph.lightest(loops=False, directed=False)
        rows = answer.rows("source", "target", "score")
        if "pairs" in parameters:
            pairs = [tuple(map(int, p.split(":"))) for p in parameters["pairs"].split(",")]
            right = scores(self.algorithm, simple, pairs)
            assert [row[:2] for row in rows] == pairs
            assert all(near(score, right[u, v]) for u, v, score in rows), right
            return
        every = [(u, v) for u in graph.nodes for v in graph.nodes]
        right = scores(self.algorithm, simple, every)
        expected = []
        for u in graph.nodes:
            best = [(-score, v) for (a, v), score in right.items() if a == u and score > 0
                    and not (parameters["new-only"] == "true" and simple.has_edge(u, v))]
            expected += [(u, v, -score) for score, v in sorted(best)[:parameters["top-k"]]]
        assert len(rows) == len(expected), expected
        for (u, v, score), (a, _, value) in zip(rows, expected):
            assert u == a and near(score, value) and near(right[u, v], score), expected


for name in ("jaccard", "overlap", "cosine", "adamic-adar", "resource-allocation"):
    case(name)(type(name, (Alike,), {}))
