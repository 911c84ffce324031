"""Trees and flows."""

import networkx as nx

from compare import case, near


@case("minimum-spanning-forest")
class SpanningForest:
    def parameters(self, graph):
        return None if graph.directed else {}

    def check(self, graph, parameters, answer):
        simple = graph.lightest(loops=False)
        right = nx.minimum_spanning_tree(simple).size("weight")
        rows = answer.rows("source", "target", "weight")
        forest = nx.Graph()
        forest.add_nodes_from(graph.nodes)
        for source, target, weight in rows:
            assert simple[source][target]["weight"] == weight
            forest.add_edge(source, target)
        assert rows == sorted(rows) and len(rows) == forest.number_of_edges()
        trees = nx.number_connected_components(simple)
        assert answer.summary["trees"] == trees == nx.number_connected_components(forest)
        assert len(rows) == graph.count - trees
        assert near(answer.summary["weight"], right), right


@case("minimum-spanning-forest", "negative")
class NegativeForest(SpanningForest):
    pass


@case("steiner-tree")
class Steiner:
    def parameters(self, graph):
        if graph.directed or graph.count == 0:
            return None
        rng = graph.rng("steiner")
        count = min(rng.randint(1, 5), graph.count)
        return {"terminals": ",".join(map(str, rng.sample(graph.nodes, count)))}

    def check(self, graph, parameters, answer):
        terminals = [int(part) for part in parameters["terminals"].split(",")]
        simple = graph.lightest(loops=False)
        found = nx.Graph()
        found.add_nodes_from(terminals)
        for source, target, weight in answer.rows("source", "target", "weight"):
            assert simple[source][target]["weight"] == weight
            found.add_edge(source, target, weight=weight)
        assert nx.is_forest(found)
        assert all(found.degree(n) != 1 for n in found if n not in terminals)
        least, trees = 0.0, 0
        for component in nx.connected_components(simple):
            inside = [n for n in terminals if n in component]
            if inside:
                trees += 1
                assert nx.has_path(found, inside[0], inside[-1])
                assert all(n in nx.node_connected_component(found, inside[0]) for n in inside)
                least += dreyfus_wagner(simple.subgraph(component), inside)
        assert answer.summary["trees"] == trees
        assert near(answer.summary["weight"], found.size("weight"))
        slack = 1e-9 * max(1, least)
        assert least - slack <= found.size("weight") <= answer.summary["bound"] * least + slack, least


def dreyfus_wagner(graph, terminals):
    """The least weight of a tree that joins the terminals, exactly."""
    distance = dict(nx.all_pairs_dijkstra_path_length(graph))
    best, last = {}, terminals[-1]
    others = terminals[:-1]
    for index, terminal in enumerate(others):
        for node in graph:
            best[1 << index, node] = distance[terminal][node]
    for mask in range(1, 1 << len(others)):
        if mask & (mask - 1) == 0:
            continue
        joined = {}
        for node in graph:
            part, low = (mask - 1) & mask, float("inf")
            while part:
                low = min(low, best[part, node] + best[mask ^ part, node])
                part = (part - 1) & mask
            joined[node] = low
        for node in graph:
            best[mask, node] = min(joined[other] + distance[other][node] for other in graph)
    return best[(1 << len(others)) - 1, last] if others else 0.0


class Flow:
    def parameters(self, graph):
        if graph.count < 2:
            return None
        source, target = graph.rng("flow").sample(graph.nodes, 2)
        return {"source": source, "target": target}

    def right(self, graph, parameters):
        return nx.maximum_flow_value(
            graph.summed(), parameters["source"], parameters["target"], capacity="weight")


@case("maximum-flow")
class MaximumFlow(Flow):
    def check(self, graph, parameters, answer):
        right = self.right(graph, parameters)
        assert near(answer.summary["value"], right), right
        balance, source, target = {}, parameters["source"], parameters["target"]
        carried, capacity = {}, {}
        for a, b, most, flow in answer.rows("source", "target", "capacity", "flow"):
            assert 0 < flow <= most * (1 + 1e-12)
            balance[a] = balance.get(a, 0) - flow
            balance[b] = balance.get(b, 0) + flow
            carried[a, b] = carried.get((a, b), 0) + flow
        for a, b, weight in graph.edges:
            for key in {(a, b)} if graph.directed else {(a, b), (b, a)}:
                capacity[key] = capacity.get(key, 0) + weight
        assert all(flow <= capacity[key] * (1 + 1e-9) for key, flow in carried.items())
        for node, excess in balance.items():
            expected = {source: -right, target: right}.get(node, 0)
            assert near(excess, expected, right), (node, excess)


@case("minimum-cut")
class MinimumCut(Flow):
    def check(self, graph, parameters, answer):
        right = self.right(graph, parameters)
        assert near(answer.summary["value"], right), right
        rows = answer.rows("source", "target", "capacity")
        assert near(sum(weight for _, _, weight in rows), right)
        rest = graph.multi()
        pairs = [(a, b) for a, b, _ in rows]
        rest.remove_edges_from(
            [(a, b, k) for a, b, k in list(rest.edges(keys=True))
             if (a, b) in pairs or not graph.directed and (b, a) in pairs])
        assert not nx.has_path(rest, parameters["source"], parameters["target"])
