"""Whether tools agree on what a kernel found."""

import os

import numpy as np


class Judge:
    """Compares the answers of one graph."""

    def __init__(self, facts, folder):
        self.facts, self.folder, self.cache = facts, folder, {}

    def edges(self, view):
        """Ends of the edges of a file."""
        import pandas as pd
        if view not in self.cache:
            path = os.path.join(self.folder, self.facts["files"][view])
            table = pd.read_csv(path, sep="\t", header=None, usecols=[0, 1], dtype=np.int64)
            self.cache[view] = table[0].to_numpy(), table[1].to_numpy()
        return self.cache[view]

    def judge(self, kernel, lines):
        """Marks each line that has an answer with `agrees`, and says `why` not."""
        answers = [(line, np.load(line["answer"])) for line in lines if line.get("answer")]
        name = kernel.partition("-1e")[0]
        if name == "pagerank":
            for line, ranks in answers:
                self.judge_ranks(line, ranks, float("1e" + kernel.partition("-1e")[2]))
        elif kernel == "topological-sort":
            for line, order in answers:
                self.judge_order(line, order)
        elif kernel in ("louvain", "leiden", "label-propagation"):
            for line, labels in answers:
                line["modularity"] = self.modularity(labels)
        else:
            sound = self.without_nan(answers) if kernel == "betweenness" else answers
            if len(sound) > 1:
                self.judge_majority(kernel, sound)
        for line, _ in answers:
            # The same answer stands for Cairn on two threads.
            for other in lines:
                if other["engine"] == line["engine"] and "ms" in other:
                    for field in ("agrees", "modularity"):
                        if field in line:
                            other.setdefault(field, line[field])
        for line, _ in answers:
            os.remove(line["answer"]) if os.path.exists(line["answer"]) else None

    def ranks(self):
        """PageRank to a change of 1e-13, with the mass of dangling nodes kept."""
        if "ranks" not in self.cache:
            from scipy.sparse import coo_array, csr_array
            source, target = self.edges("main")
            if not self.facts["directed"]:
                other = source != target
                source, target = (np.concatenate([source, target[other]]),
                                  np.concatenate([target, source[other]]))
            nodes = self.facts["nodes"]
            incoming = csr_array(coo_array((np.ones(len(source)), (target, source)),
                                           shape=(nodes, nodes)))
            degrees = np.bincount(source, minlength=nodes)
            shares = 1.0 / np.maximum(degrees, 1)
            ranks, change = np.full(nodes, 1.0 / nodes), 1.0
            while change > 1e-13:
                following = 0.85 * (incoming @ (ranks * shares) + ranks[degrees == 0].sum() / nodes) \
                    + 0.15 / nodes
                change, ranks = np.abs(following - ranks).sum(), following
            self.cache["ranks"] = ranks
        return self.cache["ranks"]

    def judge_ranks(self, line, ranks, tolerance):
        # A last change of t leaves at most t × d / (1 − d) to go; floats of 32 bits add a little.
        error = float(np.abs(ranks - self.ranks()).sum())
        line["error"] = error
        line["agrees"] = error <= 6 * tolerance + 1e-12
        if not line["agrees"]:
            line["why"] = f"ranks sum to {ranks.sum():.3f} and are off by {error:.2g} in total"

    def judge_order(self, line, order):
        source, target = self.edges("simple")
        places = np.full(self.facts["nodes"], -1)
        places[np.asarray(order, dtype=np.int64)] = np.arange(len(order))
        isOrder = len(order) == self.facts["nodes"] and places.min() >= 0 \
            and bool((places[source] < places[target]).all())
        line["agrees"] = isOrder
        if not isOrder:
            line["why"] = "an edge points backward, or a node is missing"

    def modularity(self, labels):
        source, target = self.edges("simple")
        labels = np.unique(labels, return_inverse=True)[1]
        degrees = np.bincount(source, minlength=len(labels)) \
            + np.bincount(target, minlength=len(labels))
        inside = np.count_nonzero(labels[source] == labels[target]) / len(source)
        volumes = np.bincount(labels, weights=degrees) / (2 * len(source))
        return float(inside - (volumes ** 2).sum())

    @staticmethod
    def without_nan(answers):
        """Names the tools that ran out of numbers, as counts of paths may; returns the others."""
        for line, values in answers:
            if np.issubdtype(values.dtype, np.floating) and np.isnan(values).any():
                line["agrees"] = False
                line["why"] = f"{np.isnan(values).sum():,} of its values are not numbers"
        return [answer for answer in answers if answer[0].get("agrees") is not False]

    def judge_majority(self, kernel, answers):
        same = [[self.equal(kernel, one, other) for _, other in answers] for _, one in answers]
        counts = [sum(row) for row in same]
        leader = counts.index(max(counts))
        for place, (line, _) in enumerate(answers):
            line["agrees"] = same[leader][place] if max(counts) > 1 else True
            if max(counts) == 1:
                line["why"] = "no two tools agree"
            elif not line["agrees"]:
                line["why"] = "its answer is not that of the others"

    @staticmethod
    def equal(kernel, one, other):
        if one.shape != other.shape:
            return False
        if kernel in ("wcc", "scc"):
            return np.array_equal(first_members(one), first_members(other))
        if kernel == "betweenness" and one.max() > 0 and other.max() > 0:
            # Some count a pair from both its ends.
            one, other = one / one.max(), other / other.max()
        if kernel in ("bfs", "kcore"):
            return np.array_equal(one, other)
        return bool(np.allclose(one, other, rtol=1e-7, atol=1e-9))


def first_members(labels):
    """The labels with each replaced by the first node that bears it."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    return first[inverse]
