#!/usr/bin/env python3
"""Turn a Debian package index into a folder of typed CSV that `cairn import` reads.

The index is what `apt-cache dumpavail` prints: the packages this machine's own lists know.

  make.py OUTDIR                      read the machine's own index
  make.py --from FILE OUTDIR          read a saved index (or '-' for standard input)
  make.py --learning OUTDIR           Concept/REQUIRES, for learning-path queries
"""

import argparse
import csv
import os
import re
import subprocess
import sys
from itertools import zip_longest

FIELDS = {
    "Package", "Version", "Section", "Priority", "Installed-Size", "Size", "Description",
    "Homepage", "Depends", "Pre-Depends", "Recommends", "Provides",
}
RELATIONS = (("Depends", "DEPENDS"), ("Pre-Depends", "PRE_DEPENDS"), ("Recommends", "RECOMMENDS"))
# name, optional :architecture, optional (operator version), optional [architectures] and <profiles>
CLAUSE = re.compile(
    r"\s*([A-Za-z0-9][A-Za-z0-9+.\-]*)(?::[a-z0-9\-]+)?\s*"
    r"(?:\(\s*(<<|<=|=|>=|>>|<|>)\s*([^\s)]+)\s*\))?[^,|]*")
TOKEN = re.compile(r"(\D*)(\d*)")
KIB_PER_MINUTE = 64
SOFT_STRENGTH = 0.3


class InputError(Exception):
    """The index cannot be used; the message says what, where and how to mend it."""


# Reading -------------------------------------------------------------------------------------


def open_index(source):
    """A text stream of the index and, when a command feeds it, its process."""
    if source == "-":
        return open(sys.stdin.fileno(), encoding="utf-8", errors="replace", closefd=False), None
    if source is not None:
        try:
            return open(source, encoding="utf-8", errors="replace"), None
        except OSError as error:
            raise InputError(f"Cannot read the index {source}: {error.strerror}.") from error
    try:
        process = subprocess.Popen(
            ["apt-cache", "dumpavail"], stdout=subprocess.PIPE, encoding="utf-8",
            errors="replace")
    except FileNotFoundError as error:
        raise InputError(
            "`apt-cache` is not installed here. Run `apt-cache dumpavail > FILE` on a Debian "
            "machine and give the file with --from FILE.") from error
    return process.stdout, process


def stanzas(stream):
    """Yield each stanza as a dictionary of the fields in FIELDS; a continuation line joins its
    field, except in a description, of which only the first line (the synopsis) is kept."""
    stanza, field = {}, None
    for line in stream:
        if line == "\n":
            if stanza:
                yield stanza
            stanza, field = {}, None
        elif line[0] in " \t":
            if field is not None and field != "Description":
                stanza[field] += " " + line.strip()
        else:
            field, colon, value = line.partition(":")
            if not colon:
                raise InputError(
                    f"This is not a package index: the line {line.strip()[:60]!r} has no colon. "
                    "Give the output of `apt-cache dumpavail`.")
            if field in FIELDS:
                stanza[field] = value.strip()
            elif field == "Description-en" and "Description" not in stanza:
                field = "Description"
                stanza[field] = value.strip()
            else:
                field = None
    if stanza:
        yield stanza


def read_packages(stream):
    """Name -> stanza; of several versions the highest, of equal ones the last."""
    packages = {}
    for stanza in stanzas(stream):
        name = stanza.get("Package")
        if not name:
            continue
        other = packages.get(name)
        if other is None or not older(stanza.get("Version", ""), other.get("Version", "")):
            packages[name] = stanza
    return packages


# Versions (Debian Policy, 5.6.12) ------------------------------------------------------------


def order_key(text):
    """A list that compares as dpkg compares an upstream version or a revision."""
    key = []
    for letters, digits in TOKEN.findall(text):
        # '~' sorts before the end of the part, letters before all other characters.
        key.append(tuple(-1 if c == "~" else ord(c) if c.isalpha() else ord(c) + 256
                         for c in letters) + (0,))
        key.append((int(digits) if digits else 0,))
    return key


def version_key(version):
    epoch, colon, rest = version.partition(":")
    if not colon:
        epoch, rest = "0", version
    upstream, _, revision = rest.rpartition("-")
    if not upstream:
        upstream, revision = rest, "0"
    return int(epoch) if epoch.isdigit() else 0, order_key(upstream), order_key(revision)


def compare(left, right):
    if left == right:
        return 0
    a, b = version_key(left), version_key(right)
    if a[0] != b[0]:
        return -1 if a[0] < b[0] else 1
    for one, two in zip(a[1:], b[1:]):
        for index, (x, y) in enumerate(zip_longest(one, two)):
            absent = (0,)
            x, y = x if x is not None else absent, y if y is not None else absent
            if x != y:
                return -1 if x < y else 1
    return 0


def older(left, right):
    return compare(left, right) < 0


def satisfies(version, operator, wanted):
    sign = compare(version, wanted)
    return {
        "<<": sign < 0, "<": sign <= 0, "<=": sign <= 0, "=": sign == 0,
        ">=": sign >= 0, ">": sign >= 0, ">>": sign > 0,
    }[operator]


# Relations -----------------------------------------------------------------------------------


def clauses(text):
    """'a (>= 1) | b, c' -> [[('a', '>=', '1'), ('b', '', '')], [('c', '', '')]]"""
    for part in text.split(","):
        options = [match.groups("") for match in map(CLAUSE.match, part.split("|")) if match]
        if options:
            yield options


def providers_of(packages):
    """Provided name -> [(provider, version it is provided at or '')], in order of the index."""
    providers = {}
    for name, stanza in packages.items():
        for options in clauses(stanza.get("Provides", "")):
            for provided, _, version in options:
                providers.setdefault(provided, []).append((name, version))
    return providers


def number(text):
    return text if text.isascii() and text.isdigit() else ""


def table(folder, name, header):
    stream = open(os.path.join(folder, name), "w", encoding="utf-8", newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    return stream, writer.writerow


# The package graph ---------------------------------------------------------------------------


def write_packages(packages, folder):
    providers = providers_of(packages)
    counts = dict.fromkeys(
        ["Package", "VirtualPackage", "MissingPackage", "DEPENDS", "PRE_DEPENDS", "RECOMMENDS",
         "PROVIDES"], 0)
    missing = {}
    edges, edge = table(
        folder, "relations.csv", [":START_ID", ":END_ID", ":TYPE", "group", "version"])
    with edges:
        for name, stanza in packages.items():
            for field, kind in RELATIONS:
                text = stanza.get(field)
                if not text:
                    continue
                for place, options in enumerate(clauses(text), 1):
                    group = f"{field.lower()}-{place}" if len(options) > 1 else ""
                    for target, operator, version in options:
                        if target not in packages and target not in providers:
                            missing[target] = None
                        edge((name, target, kind, group,
                              f"{operator} {version}" if operator else ""))
                        counts[kind] += 1
            for options in clauses(stanza.get("Provides", "")):
                for target, operator, version in options:
                    edge((name, target, "PROVIDES", "",
                          f"{operator} {version}" if operator else ""))
                    counts["PROVIDES"] += 1
    nodes, node = table(folder, "packages.csv", [
        "name:ID", "version", "section", "priority", "installedSizeKiB:int", "downloadBytes:int",
        "description", "homepage", ":LABEL"])
    with nodes:
        for name, stanza in packages.items():
            node((name, stanza.get("Version", ""), stanza.get("Section", ""),
                  stanza.get("Priority", ""), number(stanza.get("Installed-Size", "")),
                  number(stanza.get("Size", "")), stanza.get("Description", ""),
                  stanza.get("Homepage", ""), "Package"))
            counts["Package"] += 1
        for label, names in (("VirtualPackage", providers), ("MissingPackage", missing)):
            for name in names:
                if name not in packages:
                    node((name, "", "", "", "", "", "", "", label))
                    counts[label] += 1
    return counts


# The learning graph --------------------------------------------------------------------------


def choices(options, packages, providers):
    """Every package that meets one of the options, each once, in the order written."""
    found = {}
    for target, operator, version in options:
        stanza = packages.get(target)
        if stanza and (not operator
                       or satisfies(stanza.get("Version", ""), operator, version)):
            found[target] = None
        for provider, provided in providers.get(target, ()):
            # Debian Policy 7.5: a provision without a version meets no versioned dependency.
            if not operator or (provided and satisfies(provided, operator, version)):
                found[provider] = None
    return found


def write_learning(packages, folder):
    providers = providers_of(packages)
    counts = dict.fromkeys(["Concept", "MissingConcept", "REQUIRES", "groups", "soft"], 0)
    missing = {}
    edges, edge = table(folder, "requirements.csv", [
        ":START_ID", ":END_ID", ":TYPE", "strength:double", "group", "reason"])
    with edges:
        for name, stanza in packages.items():
            plain = set()
            for field, kind in RELATIONS:
                strength = SOFT_STRENGTH if kind == "RECOMMENDS" else 1.0
                for place, options in enumerate(clauses(stanza.get(field, "")), 1):
                    found = choices(options, packages, providers)
                    if name in found:
                        continue  # A package meets its own need by providing it.
                    if not found:
                        if strength < 1:
                            continue  # Nothing to order by.
                        found = {f"{target} {operator} {version}" if target in packages
                                 else target: None for target, operator, version in options}
                        missing.update(found)
                    group = f"{field.lower()}-{place}" if len(found) > 1 else ""
                    if not group:
                        only = (next(iter(found)), strength)
                        if only in plain:
                            continue  # 'a (>= 1), a (<< 2)' is one need.
                        plain.add(only)
                    else:
                        counts["groups"] += 1
                    for target in found:
                        edge((name, target, "REQUIRES", strength, group, field))
                        counts["REQUIRES"] += 1
                        counts["soft"] += strength < 1
    nodes, node = table(folder, "concepts.csv", [
        "id:ID", "title", "minutes:int", "version", "section", "priority", ":LABEL"])
    with nodes:
        for name, stanza in packages.items():
            size = int(number(stanza.get("Installed-Size", "")) or 0)
            node((name, stanza.get("Description", "") or name,
                  max(1, -(-size // KIB_PER_MINUTE)), stanza.get("Version", ""),
                  stanza.get("Section", ""), stanza.get("Priority", ""), "Concept"))
            counts["Concept"] += 1
        for name in missing:
            node((name, name, "", "", "", "", "MissingConcept"))
            counts["MissingConcept"] += 1
    return counts


# The command ---------------------------------------------------------------------------------


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="source", metavar="FILE",
                        help="read this saved index; '-' is standard input "
                             "(default: run `apt-cache dumpavail`)")
    parser.add_argument("--learning", action="store_true",
                        help="write concepts.csv and requirements.csv for learning paths")
    parser.add_argument("--quiet", action="store_true", help="print no counts")
    parser.add_argument("outdir", metavar="OUTDIR", help="folder to write; made when absent")
    arguments = parser.parse_args()
    try:
        stream, process = open_index(arguments.source)
        with stream:
            packages = read_packages(stream)
        if process is not None and process.wait() != 0:
            raise InputError(f"`apt-cache dumpavail` failed with status {process.returncode}.")
        if not packages:
            raise InputError(
                "The index holds no packages. Fill this machine's lists with `apt-get update` "
                "(as root), then run this again." if arguments.source is None else
                f"The index {arguments.source} holds no packages. Give the output of "
                "`apt-cache dumpavail`; where that is empty, run `apt-get update` first.")
        os.makedirs(arguments.outdir, exist_ok=True)
        write = write_learning if arguments.learning else write_packages
        counts = write(packages, arguments.outdir)
    except InputError as error:
        sys.exit(f"make.py: {error}")
    except OSError as error:
        sys.exit(f"make.py: cannot write {error.filename or arguments.outdir}: {error.strerror}.")
    if not arguments.quiet:
        for name, count in counts.items():
            print(f"{name:16} {count:>9,}", file=sys.stderr)


if __name__ == "__main__":
    main()
