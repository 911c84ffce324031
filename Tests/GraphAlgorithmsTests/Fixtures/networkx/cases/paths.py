"""Searches and paths."""

import itertools
import math

import networkx as nx

from compare import case, near

INFINITY = math.inf


def ends(graph, name):
    if graph.count == 0:
        return None
    rng = graph.rng(name)
    return {"source": rng.randrange(graph.count), "target": rng.randrange(graph.count)}


def distances(graph, source):
    return nx.single_source_dijkstra_path_length(graph.lightest(), source)


def check_path(graph, path, source, target, cost):
    """A path follows edges, and the lightest of them cost what it says."""
    simple = graph.lightest()
    assert path[0] == source and path[-1] == target, path
    total = sum(simple[a][b]["weight"] for a, b in zip(path, path[1:]))
    assert near(total, cost), (total, cost)


class Sourced:
    def parameters(self, graph):
        if graph.count == 0:
            return None
        rng = graph.rng(self.algorithm)
        return {"source": rng.randrange(graph.count)}


@case("bfs")
class BFS(Sourced):
    def check(self, graph, parameters, answer):
        right = nx.single_source_shortest_path_length(graph.lightest(), parameters["source"])
        assert answer.columns["depth"] == [right.get(n) for n in graph.nodes]


@case("sssp")
class SSSP(Sourced):
    def check(self, graph, parameters, answer):
        right = distances(graph, parameters["source"])
        assert answer.columns["distance"] == [right.get(n) for n in graph.nodes]


@case("bellman-ford", "negative")
class BellmanFord(Sourced):
    def check(self, graph, parameters, answer):
        source, simple = parameters["source"], graph.lightest()
        arcs = [(a, b, w) for a, b, w in simple.edges(data="weight")]
        if not graph.directed:
            arcs += [(b, a, w) for a, b, w in arcs]
        found, lost = bellman(graph.count, arcs, source)
        try:
            right = nx.single_source_bellman_ford_path_length(simple, source)
            assert not lost and answer.summary["negative_cycle"] is None
            assert answer.columns["distance"] == [right.get(n) for n in graph.nodes]
            return
        except nx.NetworkXUnbounded:
            pass
        cycle = answer.summary["negative_cycle"]
        assert lost and cycle
        cycle = cycle if isinstance(cycle, list) else [cycle]
        total = sum(simple[a][b]["weight"] for a, b in zip(cycle, cycle[1:] + cycle[:1]))
        assert total < 0 and cycle[0] == min(cycle) and len(set(cycle)) == len(cycle)
        right = [-INFINITY if n in lost else found.get(n) for n in graph.nodes]
        assert answer.columns["distance"] == right, right


def bellman(count, arcs, source):
    """Distances, and the nodes that have none because a negative cycle leads to them."""
    found = {source: 0.0}
    for _ in range(count):
        for a, b, w in arcs:
            if a in found and found[a] + w < found.get(b, INFINITY):
                found[b] = found[a] + w
    lost = {b for a, b, w in arcs if a in found and found[a] + w < found.get(b, INFINITY)}
    for _ in range(count):
        lost |= {b for a, b, _ in arcs if a in lost}
    return found, lost


class Pair:
    extra = {}

    def parameters(self, graph):
        pair = ends(graph, self.algorithm)
        return pair and {**pair, **self.extra}

    def check(self, graph, parameters, answer):
        right = distances(graph, parameters["source"]).get(parameters["target"])
        assert near(answer.columns["cost"][0], right), right
        path = answer.columns["path"][0]
        if right is not None:
            check_path(graph, path, parameters["source"], parameters["target"], right)
            assert answer.columns["length"][0] == len(path) - 1


@case("shortest-path")
class ShortestPath(Pair):
    pass


@case("astar")
class AStar(Pair):
    extra = {"landmarks": 3}

    def check(self, graph, parameters, answer):
        super().check(graph, parameters, answer)
        # A search forwards sums from left to right, as Dijkstra's does.
        right = distances(graph, parameters["source"]).get(parameters["target"])
        assert answer.columns["cost"][0] == right


@case("k-shortest-paths")
class KShortest:
    def parameters(self, graph):
        pair = ends(graph, "k-shortest")
        return pair and {**pair, "k": graph.rng("k").choice([0, 1, 3, 10])}

    def check(self, graph, parameters, answer):
        source, target, k = parameters["source"], parameters["target"], parameters["k"]
        try:
            paths = nx.shortest_simple_paths(graph.lightest(), source, target, weight="weight")
            right = list(itertools.islice(paths, k))
        except nx.NetworkXNoPath:
            right = []
        simple, found = graph.lightest(), answer.columns["path"]
        costs = [sum(simple[a][b]["weight"] for a, b in zip(p, p[1:])) for p in right]
        assert len(found) == len(right), (found, right)
        assert all(near(a, b) for a, b in zip(answer.columns["cost"], costs)), costs
        assert len({tuple(p) for p in found}) == len(found)
        for path, cost in zip(found, answer.columns["cost"]):
            assert len(set(path)) == len(path)
            check_path(graph, path, source, target, cost)


@case("all-shortest-paths")
class AllShortest(Pair):
    def check(self, graph, parameters, answer):
        simple = graph.lightest()
        if any(w == 0 for _, _, w in graph.edges):
            # networkx walks in circles of no weight; what it may find is checked by hand.
            right = brute(simple, parameters["source"], parameters["target"])
        else:
            try:
                right = sorted(nx.all_shortest_paths(
                    simple, parameters["source"], parameters["target"], weight="weight"))
            except nx.NetworkXNoPath:
                right = []
        limit = 1000
        assert answer.summary["is_complete"] == (len(right) <= limit)
        assert answer.columns["path"] == right[:limit], right


def brute(simple, source, target):
    known = nx.single_source_dijkstra_path_length(simple, source)
    if target not in known:
        return []
    found, stack = [], [[source]]
    while stack:
        path = stack.pop()
        if path[-1] == target:
            found.append(path)
            continue
        for node, data in simple[path[-1]].items():
            if known[path[-1]] + data["weight"] == known[node] <= known[target] \
                    and node not in path:
                stack.append(path + [node])
    return sorted(found)


@case("all-pairs")
class AllPairs:
    def parameters(self, graph):
        return {}

    def check(self, graph, parameters, answer):
        simple = graph.lightest()
        right = [(source, target, found[target])
                 for source, found in nx.all_pairs_dijkstra_path_length(simple)
                 for target in sorted(found)]
        assert answer.rows("source", "target", "distance") == right
        between = [d for s, t, d in right if s != t]
        assert answer.summary["reachable_pairs"] == len(between)
        if between:
            assert near(answer.summary["mean_distance"], sum(between) / len(between))
            assert answer.summary["diameter"] == max(between)


@case("k-hop")
class KHop:
    def parameters(self, graph):
        if graph.count == 0:
            return None
        rng = graph.rng("k-hop")
        return {"source": rng.randrange(graph.count), "hops": rng.randrange(5),
                "direction": rng.choice(["out", "in", "both"])}

    def check(self, graph, parameters, answer):
        simple = graph.lightest()
        if graph.directed and parameters["direction"] != "out":
            simple = simple.reverse() if parameters["direction"] == "in" \
                else simple.to_undirected()
        right = nx.single_source_shortest_path_length(
            simple, parameters["source"], cutoff=parameters["hops"])
        rows = sorted((depth, node) for node, depth in right.items())
        assert answer.rows("depth", "node") == rows, rows


@case("random-walks")
class RandomWalks:
    def parameters(self, graph):
        rng = graph.rng("walks")
        return {"walks": rng.randrange(4), "length": rng.randrange(9),
                "p": rng.choice([1, 0.25, 4]), "q": rng.choice([1, 0.25, 4])}

    def check(self, graph, parameters, answer):
        simple = nx.DiGraph() if graph.directed else nx.Graph()
        simple.add_nodes_from(graph.nodes)
        simple.add_edges_from((a, b) for a, b, w in graph.edges if w > 0)
        walks = answer.columns["walk"]
        assert len(walks) == graph.count * parameters["walks"]
        for index, walk in enumerate(walks):
            assert walk[0] == index // parameters["walks"]
            assert all(simple.has_edge(a, b) for a, b in zip(walk, walk[1:]))
            assert len(walk) == parameters["length"] + 1 or not simple[walk[-1]], walk
