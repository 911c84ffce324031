"""Compares kernels with networkx on random graphs.

    compare.py ask FIRST LAST [FILTER]            > requests    graphs and what to run on them
    compare.py check ANSWERS FIRST LAST [FILTER]                what networkx says about the answers

The test `NetworkXTests.swift` runs the requests between the two. Each file of `cases/` holds the
cases of one group of kernels. A request file has, for each graph,

    graph VARIANT SEED directed|undirected weighted|plain NODES
    edge SOURCE TARGET WEIGHT
    run ALGORITHM [NAME=VALUE ...]

and an answer file, for each run in the same order,

    answer ALGORITHM VARIANT SEED [error CODE]
    column NAME integers|doubles|nodes|lists VALUE ...     missing: -; lists: joined by commas
    summary NAME VALUE
"""

import importlib
import math
import pathlib
import sys

try:
    import networkx  # noqa: F401
except ImportError:
    print("networkx is not installed", file=sys.stderr)
    sys.exit(3)

from graphs import Graph

CASES = []


def case(algorithm, variant="base"):
    """Registers a class with `parameters(graph)`, nil to leave a graph out, and
    `check(graph, parameters, answer)`, which raises AssertionError."""

    def register(cls):
        cls.algorithm, cls.variant = algorithm, variant
        CASES.append(cls())
        return cls

    return register


class Answer:
    def __init__(self):
        self.error, self.columns, self.summary = None, {}, {}

    def rows(self, *names):
        return list(zip(*[self.columns[name] for name in names]))


def value(kind, text):
    if text == "-":
        return [] if kind == "lists" else None
    if kind == "lists":
        return [int(part) for part in text.split(",")]
    return float(text) if kind == "doubles" else int(text)


def scalar(text):
    if "," in text:
        return [int(part) for part in text.strip(",").split(",")]
    if text in ("-", "true", "false"):
        return {"-": None, "true": True, "false": False}[text]
    number = float(text)
    return int(number) if number == int(number) and math.isfinite(number) else number


def answers(path):
    found = []
    with open(path, encoding="utf-8") as stream:
        for line in stream:
            word, *rest = line.split()
            if word == "answer":
                found.append((rest[0], rest[1], int(rest[2]), Answer()))
                found[-1][3].error = rest[4] if len(rest) > 3 else None
            elif word == "column":
                found[-1][3].columns[rest[0]] = [value(rest[1], text) for text in rest[2:]]
            else:
                try:
                    found[-1][3].summary[rest[0]] = scalar(rest[1])
                except (ValueError, OverflowError):
                    found[-1][3].summary[rest[0]] = float(rest[1])
    return found


def near(found, right, scale=1.0):
    if found is None or right is None:
        return found is right
    if math.isinf(found) or math.isinf(right):
        return found == right
    return abs(found - right) <= 1e-9 * max(1.0, abs(right), scale)


def requests(first, last, pattern):
    """Each graph with the cases to run on it and their parameters."""
    variants = sorted({each.variant for each in CASES})
    for seed in range(first, last):
        for variant in variants:
            graph = Graph(seed, variant)
            runs = []
            for each in CASES:
                if each.variant != variant or pattern not in each.algorithm:
                    continue
                parameters = each.parameters(graph)
                if parameters is not None:
                    runs.append((each, parameters))
            if runs:
                yield graph, runs


def main():
    sys.modules["compare"] = sys.modules["__main__"]
    for path in sorted(pathlib.Path(__file__).parent.glob("cases/*.py")):
        importlib.import_module(f"cases.{path.stem}")
    mode, arguments = sys.argv[1], sys.argv[2:]
    if mode == "ask":
        first, last, pattern = int(arguments[0]), int(arguments[1]), (arguments[2:] or [""])[0]
        for graph, runs in requests(first, last, pattern):
            print("\n".join(graph.lines()))
            for each, parameters in runs:
                print("run", each.algorithm, *[f"{k}={v}" for k, v in parameters.items()])
        return
    first, last, pattern = int(arguments[1]), int(arguments[2]), (arguments[3:] or [""])[0]
    found, counts, place = answers(arguments[0]), {}, 0
    for graph, runs in requests(first, last, pattern):
        for each, parameters in runs:
            name, variant, seed, answer = found[place]
            place += 1
            assert (name, variant, seed) == (each.algorithm, graph.variant, graph.seed)
            counts[name] = counts.get(name, 0) + 1
            try:
                assert answer.error is None or getattr(each, "may_fail", False), answer.error
                each.check(graph, parameters, answer)
            except Exception as wrong:  # whatever it is, the graph must be told
                print(f"WRONG {name} {parameters} on {variant} graph {seed}: "
                      f"{type(wrong).__name__} {wrong}")
                print("   ", "; ".join(graph.lines()))
                print("   ", answer.columns, answer.summary, answer.error)
    print("checked " + ", ".join(f"{name} {count}" for name, count in sorted(counts.items())))


if __name__ == "__main__":
    main()
