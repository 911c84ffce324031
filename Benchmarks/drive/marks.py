"""What the figures of a run say about the marks that Cairn is to reach: ratios to named peers, the
gain of a second thread beside that of the best peer, and memory beside the leanest."""

import runs

# The ratios that GAP reaches on R-MAT 18, one thread.
RMAT18 = {
    "load": (1.6, "scipy"), "pagerank-1e-4": (1.4, "scipy"), "bfs": (2.8, "graphblas"),
    "sssp": (3.0, "scipy"), "wcc": (5.6, "graphblas"), "triangles": (1.7, "igraph"),
    "betweenness": (2.6, "igraph"),
}
# Those to reach on every graph, one thread; without a name over the fastest peer.
EVERYWHERE = {
    "scc": (1.3, None), "lcc": (1.3, None), "kcore": (1.3, None), "topological-sort": (1.3, None),
    "point-to-point": (2.0, None), "louvain": (2.0, "networkit"), "leiden": (2.0, "networkit"),
}


def figure(lines, engine, kernel, threads):
    """The line of an engine that answered, and rightly; None when there is none."""
    for line in lines:
        if (line["engine"], line["kernel"], line["threads"]) == (engine, kernel, threads) \
                and "ms" in line and line.get("agrees", True):
            return line
    return None


def ratios(graph, lines, kernels, best):
    """A table of the marks of one graph; `best` finds the fastest peer among lines."""
    rows = []
    for kernel in kernels:
        ours = figure(lines, "cairn", kernel, 1)
        known = dict(EVERYWHERE, **RMAT18) if graph == "rmat18" else EVERYWHERE
        if kernel not in known or not any(line["kernel"] == kernel for line in lines):
            continue
        mark, peer = known[kernel]
        theirs = figure(lines, peer, kernel, 1) if peer \
            else best([line for line in lines if line["kernel"] == kernel], 1)
        if ours is None or theirs is None:
            rows.append([kernel, peer or "any", f"{mark:.1f}×", "–",
                         "missed" if ours is None else "no peer answered"])
            continue
        reached = theirs["ms"] / ours["ms"]
        rows.append([kernel, theirs["engine"], f"{mark:.1f}×", f"{reached:.2f}×",
                     "" if reached >= mark else "missed"])
    return runs.table(["mark", "over", "to reach", "reached", ""], rows) if rows else ""


def works_on_both(line):
    """Whether a peer was at work on more than one processor; what else two threads seem to gain is
    the machine's unrest."""
    return line.get("processor_ms", 2 * line["ms"]) > 1.2 * line["ms"]


def gains(lines, kernels, peers):
    """A table of what a second thread gains."""
    rows = []
    for kernel in kernels:
        one, two = (figure(lines, "cairn", kernel, count) for count in (1, 2))
        if one is None or two is None or kernel == "load":
            continue
        others = []
        for peer in peers:
            single, double = (figure(lines, peer, kernel, count) for count in (1, 2))
            if single and double and works_on_both(double):
                others.append((single["ms"] / double["ms"], peer))
        ours = one["ms"] / two["ms"]
        most, peer = max(others, default=(None, None))
        rows.append([kernel, f"{ours:.2f}", f"{most:.2f} {peer}" if peer else "none has one",
                     "missed" if peer and ours < most else ""])
    return runs.table(["second thread's gain", "cairn", "best peer", ""], rows) if rows else ""


def memory_losses(lines, kernels):
    """Kernels in which Cairn takes more memory than the leanest peer that agrees, each with the number
    of threads that takes most for Cairn and least for the peer."""
    losses = []
    for kernel in kernels:
        there = [line for line in lines if line["kernel"] == kernel and "peak" in line
                 and line.get("agrees", True)]
        ours = max((line["peak"] for line in there if line["engine"] == "cairn"), default=0)
        peer = min((line for line in there if line["engine"] != "cairn"),
                   key=lambda line: line["peak"], default=None)
        if peer and ours > peer["peak"]:
            losses.append(f"{kernel}: {ours / peer['peak']:.2f}× the memory of {peer['engine']}")
    return losses
