#!/usr/bin/env python3
"""Measure Cairn's queries in openCypher beside SQLite and the graph databases, in one run.

  script/bench cypher --scale M --save

The same questions, starts and answers as `script/bench store`. Exits with 1 when engines disagree.
"""

import argparse
import os

import engines
import runs
from engines import CPU

READS = ["plan_cached", "plan_new", "point", "hop1", "hop2", "hop3", "closure", "learning_path",
         "shortest_path", "filter_top10", "scan_nodes", "group_domain", "starts_with"]
# Measure, what to show of it, unit, and whether more is better.
ROWS = [(measure, *CPU) for measure in READS] + [
    ("commit_node2_1", "value", "tx/s", True), ("commit_node2_1", "cpu_us_per_op", "CPU µs a tx", False),
    ("commit_node2_1_p99", "value", "µs", False), ("commit_node2_1_syncs", "value", "syncs a tx", False),
    ("mixed_reads", "value", "reads/s", True), ("mixed_reads", "cpu_us_per_op", "CPU µs a read", False),
    ("mixed_commits_1", "value", "tx/s", True),
]
MEASURES = {row[0] for row in ROWS}


def main():
    parser = argparse.ArgumentParser(
        prog="script/bench cypher", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", choices=("S", "M", "L"), default="M")
    parser.add_argument("--seconds", type=float, default=2, metavar="N",
                        help="time for each measure of commits (default 2)")
    parser.add_argument("--engine", action="append", choices=["sqlite-c", *engines.PEERS],
                        help="only this one beside Cairn; may be given again")
    parser.add_argument("--no-peers", action="store_true", help="only SQLite and Cairn")
    parser.add_argument("--save", action="store_true", help="write results/DATE-cypher.md")
    arguments = parser.parse_args()
    chosen = arguments.engine or (["sqlite-c"] if arguments.no_peers
                                  else ["sqlite-c", *engines.PEERS])
    scale, seconds = arguments.scale, f"{arguments.seconds:g}"
    graph = engines.graph(scale)
    engines.build_store_bench()
    bench, ours = engines.STORE_BENCH, engines.place("cairn-cypher", scale)
    runs.measures([bench, "load", graph, ours])
    found = engines.measured([[bench, "cypher", ours],
                              [bench, "cypher-writes", ours, "--seconds", seconds]])
    missing = []
    for engine in chosen:
        folder = engines.place("sqlite" if engine == "sqlite-c" else engine, scale)
        if engine == "sqlite-c":
            found += engines.measured([[os.path.join(runs.WORK, "sqlite_floor"), "--seconds",
                                        seconds, graph, folder]])
            continue
        more, notes = engines.measured_peer(engine, graph, folder)
        found += more
        missing += notes
    found = [entry for entry in found if entry["measure"] in MEASURES]
    names = ["cairn"] + [engine for engine in chosen
                         if any(entry["engine"] == engine for entry in found)]
    text = runs.table(["measure"] + names + ["cost : best other"],
                      engines.compared(found, names, ROWS))
    text += "\n\nCosts as ratios; below 1 Cairn is the better one. SQLite is asked in SQL from C, " \
        "the others in their own query language from Python. Titles are indexed for `starts_with` " \
        "in Cairn and SQLite; the others have no index over prefixes. ↑ marks measures where more " \
        "is better."
    if missing:
        text += "\n\nNot measured: " + "; ".join(missing) + "."
    print(text)
    engines.refuse_disagreements(found)
    if arguments.save:
        runs.save("cypher", f"openCypher at scale {scale}", text, found)


if __name__ == "__main__":
    main()
