"""Orders and cycles of directed graphs."""

import itertools

import networkx as nx

from compare import case, near


class Directed:
    def parameters(self, graph):
        return {} if graph.directed else None


@case("topological-sort", "acyclic")
class TopologicalSort(Directed):
    def check(self, graph, parameters, answer):
        simple = graph.lightest()
        order = list(nx.lexicographical_topological_sort(simple))
        assert answer.columns["position"] == [order.index(n) for n in graph.nodes]
        levels = {}
        for level, nodes in enumerate(nx.topological_generations(simple)):
            levels.update({node: level for node in nodes})
        assert answer.columns["level"] == [levels[n] for n in graph.nodes]


@case("topological-sort")
class CyclicSort(Directed):
    def check(self, graph, parameters, answer):
        simple = graph.lightest()
        assert answer.summary["is_acyclic"] == nx.is_directed_acyclic_graph(simple)
        if not answer.summary["is_acyclic"]:
            cycle = answer.summary["cycle"]
            cycle = cycle if isinstance(cycle, list) else [cycle]
            assert all(simple.has_edge(a, b) for a, b in zip(cycle, cycle[1:] + cycle[:1]))


@case("longest-path", "acyclic")
class LongestPath(Directed):
    def check(self, graph, parameters, answer):
        heaviest = nx.DiGraph()
        heaviest.add_nodes_from(graph.nodes)
        for a, b, w in sorted(graph.edges, key=lambda edge: edge[2]):
            heaviest.add_edge(a, b, weight=w)
        right = nx.dag_longest_path_length(heaviest)
        assert near(answer.summary["length"], right), right
        path = answer.summary["path"]
        path = path if isinstance(path, list) or path is None else [path]
        assert (path is None) == (graph.count == 0)
        if path:
            total = sum(heaviest[a][b]["weight"] for a, b in zip(path, path[1:]))
            assert near(total, right), (total, right)
            slack = answer.columns["slack"]
            assert all(slack[node] == 0 for node in path) and min(slack) >= 0
        for a, b, data in heaviest.edges(data=True):
            early, late = answer.columns["earliest"], answer.columns["latest"]
            for times in early, late:
                assert times[a] + data["weight"] <= times[b] + 1e-9 * max(1, right)


@case("transitive-reduction", "acyclic")
class Reduction(Directed):
    def check(self, graph, parameters, answer):
        right = sorted(nx.transitive_reduction(graph.lightest()).edges)
        assert answer.rows("source", "target") == right, right
        assert answer.summary["removed"] == len(graph.edges) - len(right)


@case("transitive-reduction")
class CyclicReduction(Directed):
    may_fail = True

    def check(self, graph, parameters, answer):
        acyclic = nx.is_directed_acyclic_graph(graph.lightest())
        assert answer.error == (None if acyclic else "cyclic")


@case("transitive-closure")
class Closure(Directed):
    def check(self, graph, parameters, answer):
        right = sorted(nx.transitive_closure(graph.lightest()).edges)
        assert answer.rows("source", "target") == right, right


@case("cycles")
class Cycles(Directed):
    limit = 300

    def parameters(self, graph):
        if not graph.directed:
            return None
        rng = graph.rng("cycles")
        bound = rng.choice([None, None, 1, 3, 5])
        return {"limit": self.limit, **({"max-length": bound} if bound else {})}

    def check(self, graph, parameters, answer):
        simple, found = graph.lightest(), answer.columns["cycle"]
        cycles = nx.simple_cycles(simple, length_bound=parameters.get("max-length"))
        some = list(itertools.islice(cycles, self.limit + 1))
        assert answer.summary["is_complete"] == (len(some) <= self.limit)
        assert len(found) == min(len(some), self.limit) and found == sorted(found)
        assert answer.columns["length"] == [len(cycle) for cycle in found]
        if len(some) <= self.limit:
            turned = [c[c.index(min(c)):] + c[:c.index(min(c))] for c in some]
            assert found == sorted(turned), turned
        assert len({tuple(cycle) for cycle in found}) == len(found)
        for cycle in found:
            assert all(simple.has_edge(a, b) for a, b in zip(cycle, cycle[1:] + cycle[:1]))


@case("feedback-edges")
class Feedback(Directed):
    def check(self, graph, parameters, answer):
        rows = answer.rows("source", "target", "weight")
        rest = list(graph.edges)
        for row in rows:
            rest.remove(row)
        left = nx.DiGraph([(a, b) for a, b, _ in rest])
        assert nx.is_directed_acyclic_graph(left), "a cycle is left"
        for a, b, _ in rows:
            assert a == b or left.has_node(a) and left.has_node(b) and nx.has_path(left, b, a), \
                "an edge too many"
        weight = sum(w for _, _, w in rows)
        assert near(answer.summary["weight"], weight)
        assert answer.summary["lower_bound"] <= answer.summary["weight"]
        if len(graph.edges) <= 12:
            best = least(graph)
            slack = 1e-9 * max(1, best)
            assert answer.summary["lower_bound"] <= best + slack, best
            assert best <= weight + slack, best


def least(graph):
    """The least weight of any set, by trying all."""
    edges, best = graph.edges, float("inf")
    for mask in range(1 << len(edges)):
        weight = sum(edge[2] for i, edge in enumerate(edges) if mask >> i & 1)
        if weight >= best:
            continue
        rest = nx.DiGraph([edge[:2] for i, edge in enumerate(edges) if not mask >> i & 1])
        if nx.is_directed_acyclic_graph(rest):
            best = weight
    return best
