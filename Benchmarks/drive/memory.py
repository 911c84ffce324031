#!/usr/bin/env python3
"""Measure how much memory each algorithm takes beside the graph, against what the catalog says.

  python3 Benchmarks/drive/memory.py [ALGORITHM ...]

Two graphs tell bytes a node from bytes an arc: R-MAT 18 with 29 arcs a node, and a grid with four.
They lie in a database, whose projection is mapped, so that the anonymous memory of the process is
what the run takes. A figure is the highest of three runs on two threads, sampled every millisecond.
"""

import json
import os
import re
import subprocess
import sys
import time

import runs

GRAPHS = {"rmat18": ["--scale", "18"], "grid700": ["--mode", "grid", "--side", "700"]}
PARAMETERS = {
    "bfs": ["source=0"], "sssp": ["source=0"], "shortest-path": ["pairs=0:9"],
    "betweenness": ["sources=0,1"], "edge-betweenness": ["sources=0,1"]}


def peak(command):
    """The most anonymous memory of a command in bytes, and what it printed."""
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    most = 0
    while child.poll() is None:
        try:
            with open(f"/proc/{child.pid}/status", encoding="ascii") as stream:
                found = re.search(r"RssAnon:\s+(\d+)", stream.read())
                most = max(most, int(found[1]) * 1024 if found else 0)
        except OSError:
            break
        time.sleep(0.001)
    output, errors = child.communicate()
    return (most, output, errors) if child.returncode == 0 else (None, output, errors)


def database(program, name, arguments, directed):
    path = os.path.join(runs.WORK, f"memory-{name}")
    if not os.path.isdir(path):
        edges = path + ".tsv"
        runs.run([os.path.join(runs.WORK, "rmat"), "--undirected", "--weights", "100", "--output",
                  edges] + arguments)
        runs.run([program, "import", edges, "--type", "LINKS", "--id-property", "id", "--db", path])
    command = [program, "run", "stats", "--db", path, "--json", "--key", "id",
               "--directed" if directed else "--undirected"]
    _, output, _ = peak(command)
    base, output, _ = peak(command)
    return path, base, json.loads(output)["graph"]


def main():
    program = os.path.join(runs.ROOT, ".build", "release", "cairn")
    listed = json.loads(subprocess.run([program, "run", "--list", "--json"], check=True, text=True,
                                       stdout=subprocess.PIPE).stdout)
    names = sys.argv[1:] or [entry["name"] for entry in listed]
    rows = []
    for name in names:
        points, note = [], ""
        for graph, arguments in GRAPHS.items():
            directed = name in ("topological-sort", "scc")
            path, base, facts = database(program, graph, arguments, directed)
            command = [program, "run", name, "--db", path, "--json", "--threads", "2", "--key", "id",
                       "--directed" if directed else "--undirected", *PARAMETERS.get(name, [])]
            found = [peak(command) for _ in range(3)]
            if found[0][0] is None:
                note = found[0][2].strip()
                break
            most = max(value for value, _, _ in found)
            points.append((facts["nodes"], 2 * facts["edges"], max(0, most - base)))
        if len(points) < 2:
            rows.append([name, "–", "–", "–", "–", note[:60]])
            continue
        (n1, a1, b1), (n2, a2, b2) = points
        arc = (b1 / n1 - b2 / n2) / (a1 / n1 - a2 / n2)
        node = b1 / n1 - arc * a1 / n1
        rows.append([name, f"{b1 / 2**20:.0f}", f"{b2 / 2**20:.0f}", f"{node:.0f}", f"{arc:.1f}", ""])
        print(rows[-1], file=sys.stderr)
    print(runs.table(["algorithm", "R-MAT MiB", "grid MiB", "bytes a node", "bytes an arc", "note"],
                     rows))


if __name__ == "__main__":
    main()
