#!/usr/bin/env python3
"""Measure Cairn's queries in openCypher beside SQLite and the graph databases, in one run.

  script/bench cypher --scale M --save

The same questions, starts and answers as `script/bench store`. Exits with 1 when engines disagree.
"""

import argparse
import os
import shutil
import subprocess
import sys

import runs
import store

MEASURES = ["point", "hop1", "hop2", "hop3", "closure", "learning_path", "shortest_path",
            "filter_top10", "scan_nodes", "group_domain"]
OWN = ["plan_cached", "plan_new"]


def table(found, engines):
    rows = []
    for measure in OWN + MEASURES:
        values = [store.find(found, engine, measure, "cpu_us_per_op") for engine in engines]
        if values[0] is None:
            continue
        others = [(value, engine) for value, engine in zip(values[1:], engines[1:]) if value]
        best = min(others) if others else None
        rows.append([f"{measure}, CPU µs"] + [runs.number(value) for value in values]
                    + [f"{values[0] / best[0]:.2f}× {best[1]}" if best else "–"])
    return runs.table(["measure"] + engines + ["cost : best other"], rows)


def main():
    parser = argparse.ArgumentParser(
        prog="script/bench cypher", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", choices=("S", "M", "L"), default="M")
    parser.add_argument("--engine", action="append", choices=["sqlite-c", *store.PEERS],
                        help="only this one beside Cairn; may be given again")
    parser.add_argument("--no-peers", action="store_true", help="only SQLite and Cairn")
    parser.add_argument("--save", action="store_true", help="write results/DATE-cypher.md")
    arguments = parser.parse_args()
    chosen = arguments.engine or (["sqlite-c"] if arguments.no_peers
                                  else ["sqlite-c", *store.PEERS])
    runs.run(["make", "--silent", "-C", os.path.join(runs.BENCHMARKS, "baselines"), "all",
              "graph", f"SCALE={arguments.scale}"])
    runs.run(["swift", "build", "--configuration", "release", "--product", "store-bench"],
             cwd=runs.BENCHMARKS, stdout=sys.stderr)
    graph = os.path.join(runs.WORK, f"graph-{arguments.scale}")

    def place(engine):
        path = os.path.join(runs.WORK, f"{engine}-{arguments.scale}")
        shutil.rmtree(path, ignore_errors=True)
        return path

    bench = os.path.join(runs.BENCHMARKS, ".build", "release", "store-bench")
    ours = place("cairn-cypher")
    found = []
    runs.measures([bench, "load", graph, ours])
    found += runs.measures([bench, "cypher", ours])
    missing = []
    for engine in chosen:
        if engine == "sqlite-c":
            found += runs.measures([os.path.join(runs.WORK, "sqlite_floor"), "--seconds", "0.1",
                                    graph, place("sqlite")])
            continue
        reason = store.prepare(engine)
        if reason:
            missing.append(reason)
            continue
        try:
            measured, notes = runs.measures_and_notes(
                [store.PYTHON, os.path.join(runs.BENCHMARKS, "baselines", "peers.py"), engine,
                 graph, place(engine)])
            found += measured
            missing += notes
        except subprocess.CalledProcessError:
            missing.append(f"{engine} ended with an error, told above the table")
    engines = ["cairn"] + [engine for engine in chosen
                           if any(entry["engine"] == engine for entry in found)]
    text = table(found, engines) + "\n\nCosts as ratios; below 1 Cairn is the better one. SQLite " \
        "is asked in SQL from C, the others in their own query language from Python."
    if missing:
        text += "\n\nNot measured: " + "; ".join(missing) + "."
    print(text)
    differing = store.disagreements(
        [entry for entry in found if entry["measure"] in MEASURES])
    for measure, values in differing.items():
        print(f"Engines disagree on {measure}: {values}", file=sys.stderr)
    if differing:
        sys.exit(1)
    if arguments.save:
        runs.save("cypher", f"openCypher at scale {arguments.scale}", text, found)


if __name__ == "__main__":
    main()
