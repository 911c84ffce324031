#!/usr/bin/env python3
"""Measure Cairn's store beside other engines, in one run, and print one table of all.

  script/bench store --scale M --seconds 2 --save

Plain arrays, LMDB and SQLite are measured in C; DuckDB, Ladybug, Kuzu, FalkorDB and Grafeo from
Python, as far as they install. Exits with 1 when engines disagree on an answer: then their times
compare nothing.
"""

import argparse
import os

import engines
import runs
from engines import CPU, best_other, cost, find

STORES = ["csr-c", "lmdb-c", "sqlite-c", "cairn"]
ENGINES = ["csr-c", "lmdb-c", "sqlite-c", *engines.PEERS, "cairn"]

# Measure, what to show of it, unit, and whether more is better.
ROWS = [
    ("load", "value", "s", False), ("load_rate", "cpu_us_per_op", "CPU µs a row", False),
    ("load_rate", "value", "rows/s", True), ("load_memory", "value", "MB", False),
    ("disk", "value", "MB", False), ("open_cold", "value", "ms", False),
    ("open_warm", "value", "ms", False), ("open_warm", *CPU),
    ("resident_anonymous", "value", "MB", False), ("resident_mapped", "value", "MB", False),
    ("point", *CPU), ("point_one_txn", *CPU), ("hop1", *CPU), ("hop2", *CPU), ("hop3", *CPU),
    ("hop3", "row", "CPU ns a row", False), ("closure", *CPU),
    ("closure", "row", "CPU ns a row", False), ("hop1_mapped", *CPU), ("hop2_mapped", *CPU),
    ("hop3_mapped", *CPU), ("hop3_mapped", "row", "CPU ns a row", False), ("closure_mapped", *CPU),
    ("closure_mapped", "row", "CPU ns a row", False), ("learning_path", *CPU),
    ("shortest_path", *CPU), ("filter_top10", *CPU), ("scan_nodes", *CPU), ("sum_minutes", *CPU),
    ("group_domain", *CPU), ("contains", *CPU), ("starts_with", *CPU), ("index_titles", "value",
    "s", False), ("pagerank20", *CPU), ("mixed_reads", "value", "reads/s", True),
    ("mixed_commits_1", "value", "tx/s", True),
]
for suffix in ("", "_grouped", "_nometasync"):
    for count in (1, 8, 64):
        name = f"commit_node2{suffix}_{count}"
        ROWS += [(name, "value", "tx/s", True), (name, "cpu_us_per_op", "CPU µs a tx", False)]
        if suffix != "_nometasync":
            ROWS.append((f"{name}_p99", "value", "µs", False))
        ROWS.append((f"{name}_syncs", "value", "syncs a tx", False))


def table(found):
    names = [engine for engine in ENGINES if any(e["engine"] == engine for e in found)]
    return runs.table(["measure"] + names + ["cost : best other", "cost : lmdb-c"],
                      engines.compared(found, names, ROWS, floor="lmdb-c"))


def projections(found):
    """A table of the derived graphs: built, opened, patched."""
    rows = []
    for kind, what in (("plain", "all edges"), ("weighted", "weights and edge ids")):
        def value(name, field="value"):
            return find(found, "cairn", f"project_{name}_{kind}", field)
        rebuilt, patched = value("rebuild"), value("patch")
        if not rebuilt or not patched:
            continue
        rows.append([what] + [runs.number(value(name)) for name in
                              ("rebuild", "open_and_map", "patch_first", "patch",
                               "patch_from_file")]
                    + [f"{rebuilt / patched:.1f}×",
                       f"{value('rebuild', 'cpu_us_per_op') / value('patch', 'cpu_us_per_op'):.1f}×"])
    head = ["derived graph, ms", "rebuilt", "opened and mapped", "first patches", "patched",
            "patched from a file", "rebuilt : patched", "of CPU"]
    return runs.table(head, rows) if rows else ""


def meaning(found, missing):
    """What the table says, losses first."""
    names = [entry for entry in ENGINES if any(e["engine"] == entry for e in found)]
    lost, won = [], 0
    for row in ROWS:
        ours = find(found, "cairn", row[0], row[1])
        best, who = best_other(found, names, row)
        share = cost(ours, best, row[3])
        if share is None:
            continue
        if share > 1:
            lost.append(f"{row[0]} ({row[2]}) {share:.2f}× {who}")
        else:
            won += 1
    lines = [
        "Costs as ratios; below 1 Cairn is the better one. Two are floors, not databases: `csr-c` "
        "stores nothing, and `lmdb-c` puts the bytes of a graph store and nothing around them. "
        "Engines measured from "
        "Python pay for its binding. Rows named `_mapped`, and those from `learning_path` to "
        "`group_domain` without `scan_nodes`, ask Cairn's derived files; every operation looks "
        "first whether they are still those of the newest commit.",
        f"First of the databases on {won} rows of {won + len(lost)}. Behind: {', '.join(lost) or 'on none'}."]
    if missing:
        lines.append("Not measured: " + "; ".join(missing) + ".")
    lines.append("↑ marks measures where more is better.")
    return "\n\n".join(lines)


def main():
    parser = argparse.ArgumentParser(
        prog="script/bench store", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", choices=("S", "M", "L"), default="M")
    parser.add_argument("--seconds", type=float, default=2, metavar="N",
                        help="time for each measure of commits (default 2)")
    parser.add_argument("--engine", action="append", choices=ENGINES,
                        help="only this one; may be given again")
    parser.add_argument("--no-peers", action="store_true",
                        help="only plain arrays, LMDB, SQLite and Cairn")
    parser.add_argument("--save", action="store_true", help="write results/DATE-store.md")
    arguments = parser.parse_args()
    chosen = arguments.engine or (STORES if arguments.no_peers else ENGINES)
    scale, seconds = arguments.scale, f"{arguments.seconds:g}"

    graph = engines.graph(scale)
    engines.build_store_bench()
    bench, ours = engines.STORE_BENCH, engines.place("cairn", scale)
    # Groups in processes of their own, so that one's memory is not counted for another.
    groups = [[bench, "load", graph, ours]] + [
        [bench, group, ours, "--seconds", seconds]
        for group in ("opens", "reads,mapped", "mixed", "commits", "beside", "projections")
    ] + [[bench, "hub"]]
    commands = {
        "csr-c": [[os.path.join(runs.WORK, "csr_floor"), graph]],
        "lmdb-c": [[os.path.join(runs.WORK, "lmdb_floor"), "--seconds", seconds, graph,
                    engines.place("lmdb", scale)]],
        "sqlite-c": [[os.path.join(runs.WORK, "sqlite_floor"), "--seconds", seconds, graph,
                      engines.place("sqlite", scale)]],
        "cairn": groups,
    }
    found, missing = [], []
    for engine in chosen:
        if engine in engines.PEERS:
            more, notes = engines.measured_peer(engine, graph, engines.place(engine, scale))
            found += more
            missing += notes
        else:
            found += engines.measured(commands[engine])
    text = "\n\n".join(part for part in (table(found), projections(found),
                                           meaning(found, missing)) if part)
    print(text)
    engines.refuse_disagreements(found)
    if arguments.save:
        runs.save("store", f"Store at scale {scale}", text, found)


if __name__ == "__main__":
    main()
