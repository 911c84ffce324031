"""Centralities, communities, cohesion and connectivity."""

import networkx as nx
from networkx.algorithms.link_analysis.hits_alg import _hits_python

from compare import case, near


def is_positive(graph):
    return all(weight > 0 for _, _, weight in graph.edges)


def near_all(found, right, tolerance=1e-9):
    assert len(found) == len(right), (found, right)
    for node, value in right.items():
        assert abs(found[node] - value) <= tolerance * max(1, abs(value)), (node, found[node], value)


def with_sums(graph):
    """Without parallel edges: `weight` sums theirs, a loop included."""
    result = nx.DiGraph() if graph.directed else nx.Graph()
    result.add_nodes_from(graph.nodes)
    for source, target, weight in graph.edges:
        if result.has_edge(source, target):
            weight += result[source][target]["weight"]
        result.add_edge(source, target, weight=weight)
    return result


class Weighted:
    """Uses weights whenever there are any that make sense."""

    def parameters(self, graph):
        return {"weighted": "true"} if graph.weighted and is_positive(graph) else {}

    def weight(self, parameters):
        return "weight" if parameters.get("weighted") else None


@case("betweenness")
class Betweenness(Weighted):
    def parameters(self, graph):
        found = super().parameters(graph)
        rng = graph.rng("betweenness")
        if graph.count and rng.random() < 0.5:
            sources = rng.sample(graph.nodes, rng.randint(1, graph.count))
            found["sources"] = ",".join(map(str, sources))
        return found

    def check(self, graph, parameters, answer):
        simple, weight = graph.lightest(), self.weight(parameters)
        if "sources" in parameters:
            sources = [int(part) for part in parameters["sources"].split(",")]
            right = nx.betweenness_centrality_subset(simple, sources, list(simple), weight=weight)
        else:
            right = nx.betweenness_centrality(simple, normalized=False, weight=weight)
        near_all(answer.columns["betweenness"], right)


@case("edge-betweenness")
class EdgeBetweenness(Weighted):
    def check(self, graph, parameters, answer):
        right = nx.edge_betweenness_centrality(
            graph.lightest(), normalized=False, weight=self.weight(parameters))
        found = {}
        for source, target, value in answer.rows("source", "target", "betweenness"):
            found[source, target] = found.get((source, target), 0) + value
        if not graph.directed:
            right = {tuple(sorted(pair)): value for pair, value in right.items()}
        near_all(found, right)


@case("closeness")
class Closeness(Weighted):
    def parameters(self, graph):
        return {"weighted": "true"} if graph.weighted else {}

    def check(self, graph, parameters, answer):
        weight = self.weight(parameters)
        near_all(
            answer.columns["closeness"], nx.closeness_centrality(graph.lightest(), distance=weight))


@case("harmonic")
class Harmonic(Closeness):
    def check(self, graph, parameters, answer):
        weight = self.weight(parameters)
        near_all(
            answer.columns["harmonic"], nx.harmonic_centrality(graph.lightest(), distance=weight))


@case("degree")
class Degree:
    def parameters(self, graph):
        return {}

    def check(self, graph, parameters, answer):
        multi = graph.multi()
        near_all(answer.columns["degree"], dict(multi.degree()))
        near_all(answer.columns["strength"], dict(multi.degree(weight="weight")))
        if graph.directed:
            near_all(answer.columns["in_degree"], dict(multi.in_degree()))
            near_all(answer.columns["out_degree"], dict(multi.out_degree()))


class Spectral(Closeness):
    tolerance = {"tolerance": "1e-14", "max-iterations": "20000"}

    def parameters(self, graph):
        return super().parameters(graph) | self.tolerance

    def matrix(self, graph, parameters):
        """The graph whose `weight` is what an edge counts."""
        if "weighted" in parameters:
            return with_sums(graph)
        counted = type("Counted", (), vars(graph) | {"nodes": graph.nodes})()
        counted.edges = [(a, b, 1.0) for a, b, _ in graph.edges]
        return with_sums(counted)


@case("eigenvector")
class Eigenvector(Spectral):
    def check(self, graph, parameters, answer):
        try:
            right = nx.eigenvector_centrality(
                self.matrix(graph, parameters), 20000, 1e-13, weight="weight")
        except (nx.NetworkXException, ZeroDivisionError):
            return
        near_all(answer.columns["centrality"], right, 1e-7)


@case("katz")
class Katz(Spectral):
    tolerance = {"tolerance": "1e-14", "attenuation": "1e-5"}

    def check(self, graph, parameters, answer):
        try:
            right = nx.katz_centrality(
                self.matrix(graph, parameters), 1e-5, 1, 2000, 1e-14, normalized=False,
                weight="weight")
        except nx.PowerIterationFailedConvergence:
            return
        near_all(answer.columns["centrality"], right)


@case("hits")
class HITS(Spectral):
    def check(self, graph, parameters, answer):
        matrix = self.matrix(graph, parameters)
        if not any(weight for _, _, weight in matrix.edges(data="weight")):
            assert not any(answer.columns["hub"]) and not any(answer.columns["authority"])
            return
        try:
            hubs, authorities = _hits_python(matrix, 20000, 1e-14, None, True)
        except nx.PowerIterationFailedConvergence:
            return
        near_all(answer.columns["hub"], hubs, 1e-7)
        near_all(answer.columns["authority"], authorities, 1e-7)


@case("pagerank")
class PageRank(Spectral):
    tolerance = {"tolerance": "1e-14", "max-iterations": "2000"}

    def parameters(self, graph):
        found, rng = super().parameters(graph), graph.rng("pagerank")
        if graph.count and rng.random() < 0.5:
            nodes = rng.sample(graph.nodes, rng.randint(1, graph.count))
            found["restart"] = ",".join(map(str, nodes))
        return found

    def check(self, graph, parameters, answer):
        if graph.count == 0:
            return
        restart = parameters.get("restart", "")
        right = nx.pagerank(
            self.matrix(graph, parameters), 0.85,
            {int(part): 1 for part in restart.split(",")} if restart else None, 5000, 1e-14)
        near_all(answer.columns["rank"], right)


class Plain:
    def parameters(self, graph):
        return {}

    def simple(self, graph):
        return graph.lightest(loops=False, directed=False)


@case("triangles")
class Triangles(Plain):
    def check(self, graph, parameters, answer):
        simple = self.simple(graph)
        near_all(answer.columns["triangles"], nx.triangles(simple))
        assert near(answer.summary["transitivity"], nx.transitivity(simple))


@case("lcc")
class Clustering(Plain):
    def parameters(self, graph):
        return None if graph.directed else {}

    def check(self, graph, parameters, answer):
        near_all(answer.columns["coefficient"], nx.clustering(self.simple(graph)))


@case("kcore")
class Cores(Plain):
    def check(self, graph, parameters, answer):
        near_all(answer.columns["core"], nx.core_number(self.simple(graph)))


@case("ktruss")
class Trusses(Plain):
    def check(self, graph, parameters, answer):
        simple, right, k = self.simple(graph), {}, 2
        while (part := nx.k_truss(simple, k)).number_of_edges():
            right |= {tuple(sorted(pair)): k for pair in part.edges()}
            k += 1
        found = {
            tuple(sorted((a, b))): truss
            for a, b, truss in answer.rows("source", "target", "truss") if a != b}
        assert found == right, right
        assert answer.summary["max_truss"] == max(right.values(), default=0)


@case("biconnected")
class Biconnected(Plain):
    def check(self, graph, parameters, answer):
        right = nx.biconnected_component_edges(self.simple(graph))
        right = {frozenset(tuple(sorted(edge)) for edge in part) for part in right}
        found = {}
        for source, target, component in answer.rows("source", "target", "component"):
            if source == target:
                assert component is None
            else:
                found.setdefault(component, set()).add(tuple(sorted((source, target))))
        assert {frozenset(part) for part in found.values()} == right, right
        assert answer.summary["components"] == len(right)
        assert sorted(found) == list(range(len(right)))


@case("articulation-points")
class ArticulationPoints(Plain):
    def check(self, graph, parameters, answer):
        right = sorted(nx.articulation_points(self.simple(graph)))
        counts = answer.columns["components"]
        assert [node for node in graph.nodes if counts[node] > 1] == right, right


@case("bridges")
class Bridges(Plain):
    def check(self, graph, parameters, answer):
        multi = nx.MultiGraph()
        multi.add_nodes_from(graph.nodes)
        multi.add_edges_from((a, b) for a, b, _ in graph.edges if a != b)
        right = sorted(tuple(sorted(edge)) for edge in nx.bridges(multi))
        found = sorted(tuple(sorted(edge)) for edge in answer.rows("source", "target"))
        assert found == right, right


class Communities(Plain):
    is_connected = False

    def check(self, graph, parameters, answer):
        labels = answer.columns["community"]
        parts = {}
        for node, label in enumerate(labels):
            parts.setdefault(label, set()).add(node)
        assert all(label == min(part) for label, part in parts.items())
        assert answer.summary["communities"] == len(parts)
        multi = nx.MultiGraph()
        multi.add_nodes_from(graph.nodes)
        multi.add_weighted_edges_from(graph.edges)
        total = multi.size(weight="weight")
        if total:
            right = nx.community.modularity(multi, parts.values())
            assert near(answer.summary["modularity"], right), right
            inside = sum(w for a, b, w in graph.edges if labels[a] == labels[b])
            assert near(answer.summary["coverage"], inside / total)
            found = []
            for part in parts.values():
                rest = set(graph.nodes) - part
                ends = [nx.volume(multi, side, weight="weight") for side in (part, rest)]
                if min(ends) > 1e-9 * total:
                    found.append(nx.cut_size(multi, part, rest, weight="weight") / min(ends))
            if found:
                assert near(answer.summary["max_conductance"], max(found)), found
                assert near(answer.summary["mean_conductance"], sum(found) / len(found)), found
            else:
                assert answer.summary["max_conductance"] is None
        if self.is_connected:
            for part in parts.values():
                assert nx.is_connected(multi.subgraph(part)), part


@case("louvain")
class Louvain(Communities):
    pass


@case("leiden")
class Leiden(Communities):
    is_connected = True


@case("label-propagation")
class LabelPropagation(Communities):
    pass
