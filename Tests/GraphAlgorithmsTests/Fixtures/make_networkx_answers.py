"""Writes networkx-answers.txt: published graphs and what networkx 3.6 answers about them.

Run once by hand:  python3 make_networkx_answers.py > networkx-answers.txt
The test reads the file alone. One record a line, fields separated by spaces:

    graph NAME directed|undirected NODES     starts a graph
    edge SOURCE TARGET WEIGHT
    pagerank RANK...                          damping 0.85, to 1e-13, unweighted
    wpagerank RANK...                         the same, weighted
    bfs SOURCE DEPTH...                       -1 where not reached
    sssp SOURCE DISTANCE...                   inf where not reached
    wcc LABEL...                              the lowest node of each component
    scc LABEL...                              directed only
    order NODE...                             lexicographic topological order; acyclic only
"""

import random

import networkx as nx


def lowest_labels(components, count):
    labels = [0] * count
    for component in components:
        for node in component:
            labels[node] = min(component)
    return labels


def emit(*fields):
    print(*[repr(f) if isinstance(f, float) else f for f in fields])


def answer(name, graph):
    rng = random.Random(name)
    graph = nx.convert_node_labels_to_integers(graph, ordering="sorted")
    count = graph.number_of_nodes()
    emit("graph", name, "directed" if graph.is_directed() else "undirected", count)
    for source, target, data in graph.edges(data=True):
        data["weight"] = float(data.get("weight", rng.randint(1, 9)))
        emit("edge", source, target, data["weight"])
    nodes = range(count)
    for kind, weight in (("pagerank", None), ("wpagerank", "weight")):
        ranks = nx.pagerank(graph, 0.85, max_iter=2000, tol=1e-13 / count, weight=weight)
        emit(kind, *[ranks[n] for n in nodes])
    for source in (0, count // 2, count - 1):
        depths = nx.single_source_shortest_path_length(graph, source)
        emit("bfs", source, *[depths.get(n, -1) for n in nodes])
        distances = nx.single_source_dijkstra_path_length(graph, source)
        emit("sssp", source, *[distances.get(n, float("inf")) for n in nodes])
    undirected = graph.to_undirected() if graph.is_directed() else graph
    emit("wcc", *lowest_labels(nx.connected_components(undirected), count))
    if graph.is_directed():
        emit("scc", *lowest_labels(nx.strongly_connected_components(graph), count))
        if nx.is_directed_acyclic_graph(graph):
            emit("order", *nx.lexicographical_topological_sort(graph))


def acyclic(graph):
    result = nx.DiGraph()
    result.add_nodes_from(graph)
    result.add_edges_from((max(e), min(e)) for e in graph.edges() if e[0] != e[1])
    return result


def with_isolated(graph, extra):
    count = graph.number_of_nodes()
    graph.add_nodes_from(range(count, count + extra))
    return graph


answer("karate", nx.karate_club_graph())
answer("les-miserables", nx.les_miserables_graph())
answer("florentine", nx.florentine_families_graph())
answer("grid", nx.grid_2d_graph(9, 7))
answer("binomial-isolated", with_isolated(nx.gnp_random_graph(60, 0.03, seed=2), 5))
answer("scale-free", nx.DiGraph(nx.scale_free_graph(80, seed=3)))
answer("binomial-directed", with_isolated(nx.gnp_random_graph(70, 0.03, seed=4, directed=True), 4))
answer("acyclic", acyclic(nx.gnp_random_graph(60, 0.06, seed=5, directed=True)))
