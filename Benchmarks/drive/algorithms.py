#!/usr/bin/env python3
"""Measure Cairn's algorithms beside NetworKit, igraph, rustworkx, SciPy and GraphBLAS, in one
run.

  script/bench algorithms --save                             everything; about an hour
  script/bench algorithms --graphs rmat18,wordnet --kernels pagerank-1e-9,louvain
  script/bench algorithms --list                             graphs and kernels

Each tool loads a graph once and runs a kernel several times; a figure is the median. Kernels go
round the tools, so that a slow minute of the machine hurts all of them. What they find is compared:
a tool that disagrees with the others is named, and its time does not count. A kernel that does not
end within the limit is stopped.
"""

import argparse
import datetime
import json
import os
import select
import statistics
import subprocess
import sys
import time

import numpy as np

import graphs
import marks
import runs
import verdicts

WORKER = os.path.join(runs.BENCHMARKS, "baselines", "algorithms.py")
ANSWERS = os.path.join(runs.WORK, "answers")
PEERS = ["networkit", "igraph", "rustworkx", "scipy", "graphblas"]
# Only these have kernels of several threads.
PARALLEL = {"cairn", "networkit", "graphblas"}
# Cairn's name of a kernel, the view of the graph, and parameters.
KERNELS = {
    "load": ("stats", "main", []),
    "sssp": ("sssp", "weighted", ["sources"]),
    "point-to-point": ("shortest-path", "weighted", ["pairs"]),
    "pagerank-1e-4": ("pagerank", "main", ["tolerance=1e-4", "max-iterations=10000"]),
    "pagerank-1e-9": ("pagerank", "main", ["tolerance=1e-9", "max-iterations=10000"]),
    "bfs": ("bfs", "main", ["sources"]),
    "wcc": ("wcc", "main", []),
    "scc": ("scc", "main", []),
    "betweenness": ("betweenness", "main", ["sources"]),
    "triangles": ("triangles", "simple", []),
    "lcc": ("lcc", "simple", []),
    "kcore": ("kcore", "simple", []),
    "louvain": ("louvain", "simple", []),
    "leiden": ("leiden", "simple", []),
    "label-propagation": ("label-propagation", "simple", []),
    "topological-sort": ("topological-sort", "acyclic", []),
}
# A kernel of fewer milliseconds is run five times as often: a moment's unrest would decide.
SHORT = 20
COMMUNITIES = ("louvain", "leiden", "label-propagation")


class Worker:
    """A process that has loaded a graph into one peer, made anew when it had to be stopped."""

    def __init__(self, peer, description, limit):
        self.peer, self.description, self.limit = peer, description, limit
        self.process, self.load, self.gone = None, None, None

    def start(self):
        environment = dict(os.environ, OMP_NUM_THREADS="2", RAYON_NUM_THREADS="1",
                           OPENBLAS_NUM_THREADS="1")
        self.process = subprocess.Popen(
            [sys.executable, WORKER, self.peer, self.description, "--answers", ANSWERS],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env=environment)
        found = self.ask({"kernel": "load", "trials": 1 if self.load else 3}, 6 * self.limit)
        if "ms" not in found:
            self.stop()
            self.gone = found.get("absent") or found.get("failed") or "load did not end"
        elif self.load is None:
            self.load = found
        return found

    def ask(self, request, limit):
        self.process.stdin.write((json.dumps(request) + "\n").encode())
        self.process.stdin.flush()
        text, end = b"", time.monotonic() + limit
        while not text.endswith(b"\n"):
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, end - time.monotonic()))
            piece = os.read(self.process.stdout.fileno(), 1 << 16) if ready else b""
            if not piece:
                self.stop()
                why = "the process ended" if ready else f"over {limit:.0f} s"
                return {"engine": self.peer, "kernel": request["kernel"], "failed": why,
                        "threads": request.get("threads", 1)}
            text += piece
        return json.loads(text)

    def run(self, kernel, threads, trials):
        if self.gone:
            return {"engine": self.peer, "kernel": kernel, "threads": threads, "failed": self.gone}
        if self.process is None:
            self.start()
            if self.gone:
                return {"engine": self.peer, "kernel": kernel, "threads": threads,
                        "failed": self.gone}
        if kernel == "load":
            return dict(self.load, threads=threads)
        return self.ask({"kernel": kernel, "threads": threads, "trials": trials,
                         "enough_ms": self.limit * 250}, self.limit)

    def stop(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        self.process = None


class Cairn:
    """The command `cairn run`, once for each kernel and number of threads."""

    def __init__(self, program, facts, limit):
        self.program, self.facts, self.limit = program, facts, limit
        listed = subprocess.run([program, "run", "--list", "--json"], check=True, text=True,
                                stdout=subprocess.PIPE).stdout
        self.names = {entry["name"] for entry in json.loads(listed)}

    def command(self, kernel, threads, trials):
        name, view, wanted = KERNELS[kernel]
        file = self.facts["files"]["simple" if view in ("simple", "acyclic") else "main"]
        is_directed = view == "acyclic" or (view in ("main", "weighted") and self.facts["directed"])
        command = [self.program, "run", ",".join([name] * trials),
                   os.path.join(graphs.FOLDER, file), "--fill-ids", "--format", "json", "--timings",
                   "--threads", str(threads), "--directed" if is_directed else "--undirected"]
        if self.facts["weighted"] and (view == "weighted" or kernel == "load"):
            command.append("--weighted")
        for parameter in wanted:
            if parameter == "sources":
                parameter += "=" + ",".join(map(str, self.facts["sources"]))
            elif parameter == "pairs":
                parameter += "=" + ",".join(f"{a}:{b}" for a, b in self.facts["pairs"])
            command.append(parameter)
        return command

    def run(self, kernel, threads, trials):
        line = {"engine": "cairn", "kernel": kernel, "threads": threads}
        if KERNELS[kernel][0] not in self.names:
            return dict(line, missing="not in the catalog")
        if kernel == "load":
            found = [self.once(kernel, threads, 1) for _ in range(trials)]
            if any("failed" in entry for entry in found):
                return dict(line, **found[0])
            times = [entry["runs"][0]["timings"]["load_ms"] for entry in found]
            return dict(line, ms=statistics.median(times), least=min(times), trials=trials,
                        peak=max(entry["peak"] for entry in found))
        found = self.once(kernel, threads, trials)
        if "failed" in found:
            return dict(line, **found)
        times = [entry["timings"]["run_ms"] for entry in found["runs"]]
        line.update(ms=statistics.median(times), least=min(times), trials=trials,
                    peak=found["peak"], summary=found["runs"][0]["result_summary"])
        if kernel == "triangles":
            line["answer"] = os.path.join(ANSWERS, "cairn-triangles.npy")
            np.save(line["answer"], np.array([line["summary"]["transitivity"]]))
        elif threads == 1:  # Answers do not depend on the number of threads: a test of ours shows it.
            line["answer"] = self.answer(kernel)
        return line

    def once(self, kernel, threads, trials):
        child = subprocess.Popen(self.command(kernel, threads, trials), stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE)
        try:
            output, errors = child.communicate(timeout=self.limit * 3)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()
            return {"failed": f"over {self.limit * 3} s"}
        if child.returncode:
            return {"failed": errors.decode().strip()[:200]}
        return {"runs": [json.loads(line) for line in output.splitlines()],
                "peak": self.peak(kernel, threads)}

    def peak(self, kernel, threads):
        """The highest resident memory of a run of its own. What `wait4` tells would hold that of
        this process too, from before the command took its place."""
        child = subprocess.Popen(self.command(kernel, threads, 1), stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        most = 0
        while child.poll() is None:
            try:
                with open(f"/proc/{child.pid}/status", encoding="ascii") as stream:
                    for line in stream:
                        if line.startswith("VmHWM:"):
                            most = max(most, int(line.split()[1]) * 1024)
            except OSError:
                break
            time.sleep(0.002)
        child.wait()
        return most

    def answer(self, kernel):
        """The columns of a run, as NumPy's arrays in the order of nodes."""
        import pandas as pd
        rows = os.path.join(ANSWERS, f"cairn-{kernel}.tsv")
        done = subprocess.run(self.command(kernel, 2, 1) + ["--output", rows], check=False,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if done.returncode:
            return None
        table = pd.read_csv(rows, sep="\t", header=None)
        if kernel == "point-to-point":
            columns = table[2].fillna(np.inf).to_numpy()
        else:
            table = table.sort_values(0)
            count = len(self.facts["sources"]) if kernel in ("bfs", "sssp") else 1
            missing = np.inf if kernel == "sssp" else -1
            columns = table[list(range(1, count + 1))].fillna(missing).to_numpy().T
            columns = columns if kernel in ("bfs", "sssp") else columns[0]
            if kernel == "topological-sort":
                columns = np.argsort(columns)
        path = rows.replace(".tsv", ".npy")
        np.save(path, columns)
        os.remove(rows)
        return path


def label(entry):
    return f"{entry['engine']} {entry['threads']}"


def measure(description, kernels, peers, arguments, program):
    """All lines of one graph."""
    with open(description, encoding="utf-8") as stream:
        facts = json.load(stream)
    os.makedirs(ANSWERS, exist_ok=True)
    cairn = Cairn(program, facts, arguments.limit)
    workers = [Worker(peer, description, arguments.limit) for peer in peers]
    judge = verdicts.Judge(facts, graphs.FOLDER)
    found = []
    for kernel in kernels:
        if kernel == "scc" and not facts["directed"]:
            continue
        lines = []
        for engine in [cairn] + workers:
            name = "cairn" if engine is cairn else engine.peer
            for threads in arguments.threads if name in PARALLEL else [1]:
                if kernel == "load" and threads > 1 and name != "cairn":
                    continue
                line = engine.run(kernel, threads, arguments.trials)
                if line.get("ms", SHORT) < SHORT and kernel != "load":
                    again = engine.run(kernel, threads, 5 * arguments.trials)
                    line = again if "ms" in again else line
                lines.append(line)
                print(f"{facts['name']} {kernel} {label(lines[-1])}: "
                      + str(lines[-1].get("ms") or lines[-1].get("failed")
                            or lines[-1].get("missing")), file=sys.stderr, flush=True)
        judge.judge(kernel, lines)
        for line in lines:
            line["graph"] = facts["name"]
        # At once, so that a run that is cut short can be resumed.
        keep(facts["name"], lines)
        found += lines
    for worker in workers:
        worker.stop()
    return found


def cell(line):
    if line is None or "missing" in line:
        return "–"
    if "failed" in line:
        return line["failed"] if line["failed"].startswith("over") else "failed"
    text = runs.number(line["ms"])
    if "modularity" in line:
        text += f" ({line['modularity']:.4f})"
    return text + ("" if line.get("agrees", True) else " wrong")


def best(lines, threads):
    """The fastest peer that agrees, with up to so many threads."""
    fit = [line for line in lines if line["engine"] != "cairn" and "ms" in line
           and line["threads"] <= threads and line.get("agrees", True)]
    return min(fit, key=lambda line: line["ms"], default=None)


def table(found, kernels, threads):
    columns = []
    for line in found:
        if label(line) not in columns:
            columns.append(label(line))
    columns.sort(key=lambda name: not name.startswith("cairn"))
    rows, losses, notes = [], [], []
    for kernel in kernels:
        lines = [line for line in found if line["kernel"] == kernel]
        if not lines:
            continue
        by_label = {label(line): line for line in lines}
        ratios = []
        for count in threads:
            ours, peer = by_label.get(f"cairn {count}"), best(lines, count)
            if ours and peer and "ms" in ours:
                times = peer["ms"] / ours["ms"]
                ratios.append(f"{times:.2f}× {peer['engine']}")
                if times < 1:
                    losses.append(f"{kernel} on {count}: {times:.2f}× {label(peer)}")
            else:
                ratios.append("–")
        single, double = by_label.get("cairn 1"), by_label.get("cairn 2")
        if single and double and "ms" in single and "ms" in double \
                and double["ms"] > 1.05 * single["ms"]:
            losses.append(f"{kernel}: two threads take {double['ms'] / single['ms']:.2f}× of one")
        if kernel in COMMUNITIES and single and "modularity" in single:
            others = [line["modularity"] for line in lines
                      if line["engine"] != "cairn" and "modularity" in line]
            if others and single["modularity"] < max(others) - 0.003:
                losses.append(f"{kernel}: modularity {single['modularity']:.4f}, "
                              f"best peer {max(others):.4f}")
        notes += [f"{kernel}: {label(line)}: {line['why']}" for line in lines if line.get("why")]
        notes += [f"{kernel}: {label(line)}: {line['failed']}" for line in lines if "failed" in line]
        notes += [f"{kernel}: Cairn has it not yet" for line in lines
                  if line["engine"] == "cairn" and line["threads"] == 1 and "missing" in line]
        rows.append([kernel] + [cell(by_label.get(name)) for name in columns] + ratios)
    head = ["ms"] + columns + [f"best peer : cairn, {count}" for count in threads]
    return runs.table(head, rows), losses, notes


def memory(found):
    """The highest resident memory of each tool: after loading, and over all kernels."""
    rows = []
    for engine in ["cairn"] + PEERS:
        lines = [line for line in found if line["engine"] == engine and "peak" in line]
        loads = [line["peak"] for line in lines if line["kernel"] == "load"]
        others = [line for line in lines if line["kernel"] != "load"]
        most = max(others, key=lambda line: line["peak"], default=None)
        if lines:
            rows.append([engine, f"{max(loads) / 2**20:,.0f}" if loads else "–",
                         f"{most['peak'] / 2**20:,.0f}" if most else "–",
                         most["kernel"] if most else "–"])
    return runs.table(["peak memory, MiB", "loading", "highest", "in"], rows)


def part(name):
    """Where the lines of a graph measured today are kept."""
    return os.path.join(runs.WORK, f"algorithms-{datetime.date.today().isoformat()}-{name}.json")


def recall(name):
    """The lines of a graph that earlier runs of today left."""
    if not os.path.exists(part(name)):
        return []
    with open(part(name), encoding="utf-8") as stream:
        return json.load(stream)


def keep(name, lines):
    """Adds lines to those of earlier runs, in place of theirs of the same kernels."""
    fresh = {line["kernel"] for line in lines}
    lines = [line for line in recall(name) if line["kernel"] not in fresh] + lines
    with open(part(name), "w", encoding="utf-8") as stream:
        json.dump(lines, stream)


def words(text, known, what, parser):
    chosen = text.split(",") if text else list(known)
    for name in chosen:
        if name not in known:
            parser.error(f"there is no {what} '{name}'; there are: {', '.join(known)}")
    return chosen


def main():
    parser = argparse.ArgumentParser(
        prog="script/bench algorithms", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--graphs", help="joined by commas (default: all)")
    parser.add_argument("--kernels", help="joined by commas (default: all)")
    parser.add_argument("--peers", help="joined by commas (default: all)")
    parser.add_argument("--threads", default="1,2", help="for what is parallel (default: 1,2)")
    parser.add_argument("--trials", type=int, default=3)
    parser.add_argument("--limit", type=float, default=60, help="seconds a kernel (default: 60)")
    parser.add_argument("--program", help="a cairn that is built already")
    parser.add_argument("--resume", action="store_true",
                        help="measure only what no earlier run of today has measured")
    parser.add_argument("--report", action="store_true",
                        help="measure nothing; put together what earlier runs of today measured")
    parser.add_argument("--list", action="store_true", help="name graphs and kernels")
    parser.add_argument("--save", action="store_true", help="write results/DATE-algorithms.md")
    arguments = parser.parse_args()
    if arguments.list:
        for name, text in graphs.WORDS.items():
            print(f"{name:10} {text}")
        print("kernels    " + ", ".join(KERNELS))
        return
    chosen = words(arguments.graphs, graphs.GRAPHS, "graph", parser)
    kernels = words(arguments.kernels, KERNELS, "kernel", parser)
    peers = words(arguments.peers, PEERS, "peer", parser)
    arguments.threads = [int(text) for text in arguments.threads.split(",")]

    program = arguments.program
    if program is None and not arguments.report:
        runs.run(["swift", "build", "--configuration", "release", "--product", "cairn"],
                 cwd=runs.ROOT, stdout=sys.stderr)
        program = os.path.join(runs.ROOT, ".build", "release", "cairn")
    if not arguments.report:
        runs.run(["make", "--silent", "-C", os.path.join(runs.BENCHMARKS, "baselines"),
                  os.path.join("..", "work", "rmat")])
    found, text, isWrong = [], "", False
    for name in chosen:
        lines = [line for line in recall(name) if line["kernel"] in kernels] \
            if arguments.resume or arguments.report else []
        there = {line["kernel"] for line in lines}
        missing = [kernel for kernel in kernels if kernel not in there]
        if missing and not arguments.report:
            lines += measure(graphs.make(name), missing, peers, arguments, program)
        if not lines:
            continue
        found += lines
        isWrong = isWrong or any(line["engine"] == "cairn" and not line.get("agrees", True)
                                 for line in lines)
        drawn, losses, notes = table(lines, kernels, arguments.threads)
        losses += marks.memory_losses(lines, kernels)
        tables = [drawn, marks.ratios(name, lines, kernels, best),
                  marks.gains(lines, kernels, PEERS), memory(lines)]
        section = f"## {name}: {graphs.WORDS[name]}\n\n" + "\n\n".join(filter(None, tables)) + "\n"
        section += "\nLost: " + ("; ".join(losses) if losses else "nothing") + ".\n"
        if notes:
            section += "\n" + "\n".join(f"- {note}" for note in notes) + "\n"
        print(section, flush=True)
        text += section + "\n"
    if arguments.save:
        lines = [{name: value for name, value in line.items() if name not in ("answer", "summary")}
                 for line in found]
        runs.save("algorithms", "Algorithms beside other tools", text + LEGEND, lines)
    if isWrong:
        sys.exit("Cairn disagrees with the others; see above.")


LEGEND = """Medians of milliseconds; the last columns say how many times the fastest peer that agrees takes. Peers
run on up to that many threads. A second thread's gain is the time on one thread over that on two, and of peers only where they kept
more than one processor busy. Marks are of one thread. BFS, shortest paths and betweenness are from four sources together,
point-to-point is eight pairs. Communities have their modularity in brackets, by one formula for all. Their graph,
and that of triangles, coefficients and cores, has no directions, weights, loops or repeats; the topological sort is
of that graph with edges to the larger number. NetworKit draws the sources of its betweenness itself, and igraph
solves PageRank to 1e-14 whatever is asked. GraphBLAS has operations, no algorithms: its kernels are
formulations of our own (`baselines/graphblas_peer.py`). Memory of the peers includes Python's; that of Cairn is a process of one kernel."""


if __name__ == "__main__":
    main()
