#!/usr/bin/env python3
"""Measure Cairn's algorithms beside SciPy and NetworKit on an R-MAT graph, in one run.

  script/bench algorithms --scale 18 --save

Times are medians of the trials; BFS is the sum of four searches. PageRank runs to an L1 change of
1e-6, as the peers do.
"""

import argparse
import importlib.util
import json
import os
import statistics
import subprocess
import sys

import runs

PEERS = os.path.join(runs.BENCHMARKS, "baselines", "algorithms.py")


def peers_module():
    """The program that measures the peers; it knows the starts of BFS."""
    place = importlib.util.spec_from_file_location("peers", PEERS)
    module = importlib.util.module_from_spec(place)
    place.loader.exec_module(module)
    return module


peers = peers_module()

MEASURES = ["load", "pagerank", "bfs", "wcc"]


def name_nodes(edges):
    """Writes a file that names every node from 0 to the largest, isolated ones too, as the peers
    count them; returns its path and the number of nodes."""
    largest = 0
    with open(edges, encoding="ascii") as stream:
        for line in stream:
            if line[0] not in "#%\n":
                source, target = line.split(None, 2)[:2]
                largest = max(largest, int(source), int(target))
    path = edges + ".nodes"
    with open(path, "w", encoding="ascii") as stream:
        stream.writelines(f"{node}\n" for node in range(largest + 1))
    return path, largest + 1


def cairn(program, edges, names, threads, extra=()):
    """The objects that `cairn run` prints for some algorithms."""
    command = [program, "run", ",".join(names), "--input", edges, "--undirected", "--format",
               "json", "--timings"]
    if threads:
        command += ["--threads", str(threads)]
    done = subprocess.run(command + list(extra), check=True, stdout=subprocess.PIPE, text=True)
    decoder, text, place, found = json.JSONDecoder(), done.stdout, 0, []
    while place < len(text):
        if text[place].isspace():
            place += 1
            continue
        value, place = decoder.raw_decode(text, place)
        found += value if isinstance(value, list) else [value]
    return found


def measure_cairn(program, edges, threads, trials):
    times = {name: [] for name in MEASURES}
    summaries = {}
    file, nodes = name_nodes(edges)
    for _ in range(trials):
        for entry in cairn(program, edges, ["pagerank", "wcc"], threads, ["--nodes", file]):
            times[entry["algorithm"]].append(entry["timings"]["run_ms"])
            summaries[entry["algorithm"]] = entry.get("result_summary", {})
            if entry["algorithm"] == "pagerank":
                times["load"].append(entry["timings"]["load_ms"])
        reached, spent = 0, []
        for source in peers.default_sources(nodes):
            for entry in cairn(program, edges, ["bfs"], threads,
                               ["--nodes", file, "--param", f"source={source}"]):
                spent.append(entry["timings"]["run_ms"])
                summary = entry.get("result_summary", {})
                reached += summary.get("reached", summary.get("reached_nodes", 0)) or 0
        times["bfs"].append(sum(spent))
        summaries["bfs"] = {"reached": reached}
    found = []
    for name in MEASURES:
        found.append({"engine": "cairn", "measure": name, "unit": "ms",
                      "value": round(statistics.median(times[name]), 3),
                      "least": round(min(times[name]), 3), "threads": threads or os.cpu_count(),
                      "summary": summaries.get(name)})
    return found


def label(entry):
    return f"{entry['engine']} {entry['threads']}"


def table(found):
    engines = []
    for entry in found:
        if label(entry) not in engines:
            engines.append(label(entry))
    engines.sort(key=lambda name: not name.startswith("cairn"))
    rows = []
    for name in MEASURES:
        values = {label(entry): entry["value"] for entry in found if entry["measure"] == name}
        ours = values.get(engines[0])
        others = [values[engine] for engine in engines[1:] if engine in values]
        rows.append([f"{name}, ms"] + [runs.number(values.get(engine)) for engine in engines]
                    + [runs.ratio(ours, min(others)) if others else "–"])
    return runs.table(["measure"] + engines + ["cairn : best peer"], rows)


def main():
    parser = argparse.ArgumentParser(
        prog="script/bench algorithms", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scale", type=int, default=18, help="R-MAT scale (default 18)")
    parser.add_argument("--threads", type=int, help="for Cairn (default: one a processor)")
    parser.add_argument("--trials", type=int, default=3)
    parser.add_argument("--save", action="store_true", help="write results/DATE-algorithms.md")
    arguments = parser.parse_args()

    runs.run(["make", "--silent", "-C", os.path.join(runs.BENCHMARKS, "baselines"),
              os.path.join("..", "work", "rmat")])
    edges = os.path.join(runs.WORK, f"rmat{arguments.scale}.tsv")
    if not os.path.exists(edges):
        with open(edges + ".part", "w", encoding="ascii") as stream:
            subprocess.run([os.path.join(runs.WORK, "rmat"), "--scale", str(arguments.scale),
                            "--undirected"], check=True, stdout=stream)
        os.rename(edges + ".part", edges)
    runs.run(["swift", "build", "--configuration", "release", "--product", "cairn"],
             cwd=runs.ROOT, stdout=sys.stderr)
    program = os.path.join(runs.ROOT, ".build", "release", "cairn")
    found = measure_cairn(program, edges, arguments.threads, arguments.trials)
    found += runs.measures([
        os.path.join(runs.BENCHMARKS, ".venv", "bin", "python"),
        PEERS, edges, "--undirected",
        "--trials", str(arguments.trials)])
    text = table(found)
    print(text)
    for measure, fact in (("pagerank", "max_node"), ("bfs", "reached"), ("wcc", "components")):
        answers = {label(entry): entry["answer"] if "answer" in entry
                   else (entry.get("summary") or {}).get(fact)
                   for entry in found if entry["measure"] == measure}
        if len({str(value) for value in answers.values()}) > 1:
            print(f"Engines disagree on {measure}: {answers}", file=sys.stderr)
            sys.exit(1)
    if arguments.save:
        runs.save("algorithms", f"Algorithms on R-MAT {arguments.scale}",
                  text + "\n\nMedians of milliseconds; BFS is the sum of four searches.", found)


if __name__ == "__main__":
    main()
