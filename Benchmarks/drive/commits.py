#!/usr/bin/env python3
"""Measure Cairn's commits beside LMDB in C, which makes the same puts, in rounds by turns.

  script/bench commits --rounds 9 --seconds 0.4 --save

A disk that others use as well may be ten times slower a moment later, so the programs run by turns
and the figures are medians of the rounds; ratios are medians of the ratios within a round.
"""

import argparse
import os
import shutil
import statistics
import sys

import runs

CLIENTS = (1, 8, 64)
KINDS = [("", "durable"), ("_grouped", "grouped, 2 ms"), ("_nometasync", "relaxed")]


def measured(found):
    return {entry["measure"]: entry for entry in found}


def median(rounds, measure, field="value"):
    values = [found[measure][field] for found in rounds if measure in found]
    return statistics.median(values) if values else None


def ratio(ours, theirs, measure):
    values = [a[measure]["value"] / b[measure]["value"]
              for a, b in zip(ours, theirs) if measure in a and measure in b]
    return f"{statistics.median(values) * 100:.0f} %" if values else "–"


def commit_table(cairn, floor):
    rows = []
    for suffix, name in KINDS:
        for count in CLIENTS:
            measure = f"commit_node2{suffix}_{count}"
            row = [f"{name}, {count} client{'s' if count > 1 else ''}"]
            for rounds in (cairn, floor):
                row += [runs.number(median(rounds, measure)),
                        runs.number(median(rounds, measure, "cpu_us_per_op")),
                        runs.number(median(rounds, measure + "_p99")),
                        runs.number(median(rounds, measure + "_syncs"))]
            rows.append(row + [ratio(cairn, floor, measure)])
    head = ["commits", "cairn tx/s", "CPU µs", "p99 µs", "syncs/tx", "lmdb-c tx/s", "CPU µs",
            "p99 µs", "syncs/tx", "cairn : lmdb-c"]
    return runs.table(head, rows)


def beside_table(rounds):
    rows = []
    for name, what in (("slices", "a change in slices"), ("bulk", "a bulk load")):
        measure = f"commit_node2_beside_{name}_8"
        rows.append([what, runs.number(median(rounds, f"write_{name}"))]
                    + [runs.number(median(rounds, measure))]
                    + [runs.number(median(rounds, f"{measure}_{part}"))
                       for part in ("p50", "p99", "max")])
    return runs.table(["beside", "its rows/s", "8 clients tx/s", "p50 µs", "p99 µs", "longest µs"],
                      rows)


def isolation_table(found):
    rows = []
    for size in (2, 8, 64, 512):
        for suffix, failing in (("", "none"), ("_failing", "10 %")):
            row = [str(size), failing]
            for kind in ("none", "nested", "journal"):
                entry = found.get(f"group_{kind}_{size}{suffix}")
                row.append(runs.number(entry and entry["cpu_us_per_op"]))
            rows.append(row)
    return runs.table(["members", "failing", "unprotected, CPU µs", "nested transaction",
                       "undo journal"], rows)


def main():
    parser = argparse.ArgumentParser(
        prog="script/bench commits", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", choices=("S", "M", "L"), default="M")
    parser.add_argument("--rounds", type=int, default=9, metavar="N")
    parser.add_argument("--seconds", type=float, default=0.4, metavar="N",
                        help="time for each measure of a round (default 0.4)")
    parser.add_argument("--save", action="store_true", help="write results/DATE-commits.md")
    arguments = parser.parse_args()
    scale, seconds = arguments.scale, f"{arguments.seconds:g}"

    runs.run(["make", "--silent", "-C", os.path.join(runs.BENCHMARKS, "baselines"), "all",
              "graph", f"SCALE={scale}"])
    runs.run(["swift", "build", "--configuration", "release", "--product", "store-bench"],
             cwd=runs.BENCHMARKS, stdout=sys.stderr)
    graph = os.path.join(runs.WORK, f"graph-{scale}")
    bench = os.path.join(runs.BENCHMARKS, ".build", "release", "store-bench")
    floor_program = os.path.join(runs.WORK, "lmdb_floor")
    loaded = os.path.join(runs.WORK, f"cairn-{scale}-loaded")
    copy = os.path.join(runs.WORK, f"cairn-{scale}-commits")
    floor_store = os.path.join(runs.WORK, f"lmdb-{scale}-commits")
    counting = dict(os.environ, LD_PRELOAD=os.path.join(runs.WORK, "count_syncs.so"))
    shutil.rmtree(loaded, ignore_errors=True)
    raw = runs.measures([bench, "load", graph, loaded])

    # One long-lived store each, so that a turn is short: what the disk does meanwhile hits both.
    raw += runs.measures([floor_program, "--no-commits", graph, floor_store])
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(loaded, copy)
    os.sync()
    cairn, floor = [], []
    for _ in range(arguments.rounds):
        ours, theirs = [], []
        for count in CLIENTS:
            theirs += runs.measures(
                [floor_program, "--only-commits", "--reuse", "--clients", str(count), "--seconds",
                 seconds, graph, floor_store], env=counting)
            ours += runs.measures([bench, "commits", copy, str(count), "--seconds", seconds],
                                  env=counting)
        ours += runs.measures([bench, "beside", copy])
        cairn.append(measured(ours))
        floor.append(measured(theirs))
        raw += ours + theirs
    found = runs.measures([floor_program, "--isolation", "--seconds", seconds, graph, floor_store])
    raw += found
    for path in (loaded, copy, floor_store):
        shutil.rmtree(path, ignore_errors=True)

    text = (
        f"Medians of {arguments.rounds} rounds of {seconds} s each, by turns. The LMDB program "
        "makes the same puts to the same tables: see `baselines/lmdb_floor.c`.\n\n"
        + commit_table(cairn, floor)
        + "\n\nSmall commits by 8 clients while something large is written (150,000 rows):\n\n"
        + beside_table(cairn)
        + "\n\nWhat keeps the members of a group apart, in C, without syncs, per member:\n\n"
        + isolation_table(measured(found)))
    print(text)
    if arguments.save:
        runs.save("commits", f"Commits at scale {scale}", text, raw)


if __name__ == "__main__":
    main()
