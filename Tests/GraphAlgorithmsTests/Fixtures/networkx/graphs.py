"""Random graphs of every kind; the seed and the variant decide everything."""

import random

import networkx as nx


class Graph:
    """An edge list. Weights are 1 in an unweighted graph.

    Variants: `base`; `negative` has some weights below zero; `acyclic` is directed and has edges
    from lower to higher places of a shuffled order only.
    """

    def __init__(self, seed, variant="base"):
        self.seed, self.variant = seed, variant
        rng = random.Random(f"{variant} {seed}")
        self.directed = variant == "acyclic" or rng.random() < 0.5
        self.weighted = variant == "negative" or rng.random() < 0.6
        self.count = rng.choice([0, 1, 1, 2, 3]) if rng.random() < 0.1 else rng.randrange(2, 25)
        # Nodes from here on stay without edges.
        used = self.count if rng.random() < 0.5 else rng.randrange(self.count + 1)
        factor = rng.choice([0, 0.5, 1, 1, 1.5, 2, 4])
        has_loops, has_parallel = rng.random() < 0.5, rng.random() < 0.5
        kind = rng.randrange(4)
        order = list(range(used))
        rng.shuffle(order)
        self.edges, seen = [], set()
        for _ in range(int(used * factor)):
            source, target = rng.randrange(used), rng.randrange(used)
            if variant == "acyclic":
                if source == target:
                    continue
                source, target = sorted((source, target))
                source, target = order[source], order[target]
            if source == target and not has_loops:
                continue
            key = (source, target) if self.directed else tuple(sorted((source, target)))
            if key in seen and not has_parallel:
                continue
            seen.add(key)
            weight = [rng.randint(1, 5), rng.randint(0, 2), rng.randrange(1 << 20) / 1024,
                      rng.random()][kind]
            if variant == "negative" and rng.random() < 0.1:
                weight = -weight
            if has_parallel and rng.random() < 0.1:
                self.edges.append((source, target, float(weight) if self.weighted else 1.0))
            self.edges.append((source, target, float(weight) if self.weighted else 1.0))

    @property
    def nodes(self):
        return range(self.count)

    def rng(self, name):
        """Choices of a case, the same when asking and when checking."""
        return random.Random(f"{name} {self.variant} {self.seed}")

    def multi(self, loops=True):
        """With parallel edges."""
        graph = nx.MultiDiGraph() if self.directed else nx.MultiGraph()
        graph.add_nodes_from(self.nodes)
        for source, target, weight in self.edges:
            if loops or source != target:
                graph.add_edge(source, target, weight=weight)
        return graph

    def lightest(self, loops=True, directed=None):
        """Of parallel edges the lightest."""
        directed = self.directed if directed is None else directed
        graph = nx.DiGraph() if directed else nx.Graph()
        graph.add_nodes_from(self.nodes)
        for source, target, weight in self.edges:
            if not loops and source == target:
                continue
            if graph.has_edge(source, target):
                weight = min(weight, graph[source][target]["weight"])
            graph.add_edge(source, target, weight=weight)
        return graph

    def summed(self):
        """Of parallel edges the sum; no loops."""
        graph = nx.DiGraph() if self.directed else nx.Graph()
        graph.add_nodes_from(self.nodes)
        for source, target, weight in self.edges:
            if source == target:
                continue
            if graph.has_edge(source, target):
                weight += graph[source][target]["weight"]
            graph.add_edge(source, target, weight=weight)
        return graph

    def lines(self):
        """The graph as the test reads it."""
        kind = "directed" if self.directed else "undirected"
        weights = "weighted" if self.weighted else "plain"
        yield f"graph {self.variant} {self.seed} {kind} {weights} {self.count}"
        for source, target, weight in self.edges:
            yield f"edge {source} {target} {weight!r}"
