"""The graphs that algorithms are measured on: edge lists in work/graphs/, made once, and a description
of each as JSON.

A graph has nodes 0 to n − 1, where n − 1 is the largest number that an edge names. Its file `simple`
has no directions, loops, repeats or weights, the smaller number first; read with directions it is
acyclic.
"""

import json
import os
import subprocess
import sys

import runs

FOLDER = os.path.join(runs.WORK, "graphs")
DATA = os.path.join(runs.ROOT, "datasets")

# Arguments of the generator, or the name of a maker; directed; weighted.
GRAPHS = {
    "wordnet": ("wordnet", True, False),
    "packages": ("packages", True, False),
    "grid1000": (["--mode", "grid", "--side", "1000", "--weights", "100"], False, True),
    "rmat16": (["--scale", "16", "--weights", "255"], False, True),
    "rmat18": (["--scale", "18", "--weights", "255"], False, True),
    "rmat20": (["--scale", "20", "--weights", "255"], False, True),
    "urand18": (["--mode", "urand", "--scale", "18", "--weights", "255"], False, True),
}
WORDS = {
    "wordnet": "WordNet: lemmas, synsets and their relations",
    "packages": "Debian's packages and what they need, recommend and provide",
    "grid1000": "a grid of a million nodes, a tenth of the edges missing, weights 1 to 100",
    "rmat16": "R-MAT 16, undirected, weights 1 to 255", "rmat18": "R-MAT 18, likewise",
    "rmat20": "R-MAT 20, likewise", "urand18": "uniform random, scale 18, weights 1 to 255",
}


def draws(count, bound):
    """The generator of measure.h, seed 42."""
    state = 42
    for _ in range(count):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        yield (state >> 33) % bound


def wordnet(path):
    subprocess.run([sys.executable, os.path.join(DATA, "wordnet", "make.py"), "--edges", path],
                   check=True, stdout=sys.stderr)


def packages(path):
    import pandas as pd
    folder = os.path.join(FOLDER, "packages.csv")
    subprocess.run([sys.executable, os.path.join(DATA, "debian-packages", "make.py"), folder],
                   check=True, stdout=sys.stderr)
    table = pd.read_csv(os.path.join(folder, "relations.csv"), usecols=[":START_ID", ":END_ID"],
                        dtype=str, keep_default_na=False).drop_duplicates()
    numbers, _ = pd.factorize(pd.concat([table[":START_ID"], table[":END_ID"]]))
    half = len(table)
    pd.DataFrame({0: numbers[:half], 1: numbers[half:]}).to_csv(
        path, sep="\t", header=False, index=False)


def make(name):
    """Makes a graph if it is not there; returns the path of its description."""
    import numpy as np
    import pandas as pd
    description = os.path.join(FOLDER, name + ".json")
    if os.path.exists(description):
        return description
    os.makedirs(FOLDER, exist_ok=True)
    how, directed, weighted = GRAPHS[name]
    edges = os.path.join(FOLDER, name + ".tsv")
    print(f"Making {name}: {WORDS[name]}.", file=sys.stderr)
    if isinstance(how, str):
        {"wordnet": wordnet, "packages": packages}[how](edges)
    else:
        subprocess.run([os.path.join(runs.WORK, "rmat"), "--undirected", "--output", edges] + how,
                       check=True)
    table = pd.read_csv(edges, sep="\t", header=None, usecols=[0, 1], dtype=np.int64)
    simple = edges
    if directed or weighted:
        simple = os.path.join(FOLDER, name + ".simple.tsv")
        ends = np.sort(table[[0, 1]].to_numpy(), axis=1)
        ends = np.unique(ends[ends[:, 0] != ends[:, 1]], axis=0)
        pd.DataFrame(ends).to_csv(simple, sep="\t", header=False, index=False)
    nodes = int(table[[0, 1]].to_numpy().max()) + 1
    starts = np.unique(table[0].to_numpy())
    picked = [int(starts[place]) for place in draws(20, len(starts))]
    facts = {
        "name": name, "nodes": nodes, "edges": len(table), "directed": directed,
        "weighted": weighted, "sources": picked[:4],
        "pairs": [[picked[4 + 2 * place], picked[5 + 2 * place]] for place in range(8)],
        "files": {"main": os.path.basename(edges), "simple": os.path.basename(simple)}}
    with open(description + ".part", "w", encoding="utf-8") as stream:
        json.dump(facts, stream, indent=2)
    os.rename(description + ".part", description)
    return description
