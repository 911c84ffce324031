#!/usr/bin/env python3
"""Turn WordNet 3.0 into a folder of typed CSV that `cairn import` reads.

The dictionary files are those of Debian's package `wordnet-base`.

  make.py OUTDIR                         synsets, lemmas, relations and senses
  make.py --from DIR OUTDIR              read the dictionary files in DIR
  make.py --edges FILE [OUTDIR]          write a plain edge list (OUTDIR may be left out)
  make.py --edges FILE --hypernyms       only hypernyms: an acyclic graph over the synsets
"""

import argparse
import csv
import os
import sys
from collections import Counter

DEFAULT_FOLDER = "/usr/share/wordnet"
FILES = (("noun", "n"), ("verb", "v"), ("adj", "a"), ("adv", "r"))
POS = {"n": "noun", "v": "verb", "a": "adjective", "s": "satellite adjective", "r": "adverb"}
SENSE_NUMBER = {"n": 1, "v": 2, "a": 3, "r": 4, "s": 5}
# lexnames(5WN): the lexicographer file of a synset, by its number.
LEXNAMES = (
    "adj.all adj.pert adv.all noun.Tops noun.act noun.animal noun.artifact noun.attribute "
    "noun.body noun.cognition noun.communication noun.event noun.feeling noun.food noun.group "
    "noun.location noun.motive noun.object noun.person noun.phenomenon noun.plant "
    "noun.possession noun.process noun.quantity noun.relation noun.shape noun.state "
    "noun.substance noun.time verb.body verb.change verb.cognition verb.communication "
    "verb.competition verb.consumption verb.contact verb.creation verb.emotion verb.motion "
    "verb.perception verb.possession verb.social verb.stative verb.weather adj.ppl").split()
# wninput(5WN): what the target is to the source.
POINTERS = {
    "!": "ANTONYM", "@": "HYPERNYM", "@i": "INSTANCE_HYPERNYM", "~": "HYPONYM",
    "~i": "INSTANCE_HYPONYM", "#m": "HOLONYM_MEMBER", "#s": "HOLONYM_SUBSTANCE",
    "#p": "HOLONYM_PART", "%m": "MERONYM_MEMBER", "%s": "MERONYM_SUBSTANCE",
    "%p": "MERONYM_PART", "=": "ATTRIBUTE", "+": "DERIVATION", ";c": "DOMAIN_TOPIC",
    "-c": "DOMAIN_TOPIC_MEMBER", ";r": "DOMAIN_REGION", "-r": "DOMAIN_REGION_MEMBER",
    ";u": "DOMAIN_USAGE", "-u": "DOMAIN_USAGE_MEMBER", "*": "ENTAILMENT", ">": "CAUSE",
    "^": "ALSO_SEE", "$": "VERB_GROUP", "&": "SIMILAR_TO", "<": "PARTICIPLE_OF",
    "\\": "PERTAINYM",
}
HYPERNYMS = ("HYPERNYM", "INSTANCE_HYPERNYM")


class InputError(Exception):
    """The dictionary cannot be used; the message says what, where and how to mend it."""


class Synset:
    """One line of a data file."""

    __slots__ = ("id", "kind", "lexname", "words", "lexids", "pointers", "gloss")

    def __init__(self, line, letter):
        head, _, gloss = line.partition("|")
        fields = head.split()
        self.id = letter + fields[0]
        self.lexname = LEXNAMES[int(fields[1])]
        self.kind = fields[2]
        count = int(fields[3], 16)
        # An adjective's word may end in its syntactic marker: (a), (p) or (ip).
        self.words = [word.partition("(")[0] for word in fields[4:4 + 2 * count:2]]
        self.lexids = [int(text, 16) for text in fields[5:5 + 2 * count:2]]
        first = 4 + 2 * count
        self.pointers = []
        for at in range(first + 1, first + 1 + 4 * int(fields[first]), 4):
            symbol, offset, part, words = fields[at:at + 4]
            kind = POINTERS[symbol]
            if kind == "PERTAINYM" and letter == "r":
                kind = "DERIVED_FROM_ADJECTIVE"
            self.pointers.append((kind, part + offset, int(words[:2], 16), int(words[2:], 16)))
        self.gloss = gloss.strip()


def lines(path):
    try:
        with open(path, encoding="utf-8") as stream:
            for number, line in enumerate(stream, 1):
                if line[0] != " ":  # The licence at the head is indented.
                    yield number, line
    except OSError as error:
        raise InputError(
            f"Cannot read {path}: {error.strerror}. Install Debian's `wordnet-base`, or give "
            "the folder that holds data.noun with --from DIR.") from error


def read_synsets(folder):
    """Id -> Synset, in the order of the files."""
    synsets = {}
    for name, letter in FILES:
        path = os.path.join(folder, "data." + name)
        for number, line in lines(path):
            try:
                synset = Synset(line, letter)
            except (ValueError, IndexError, KeyError) as error:
                raise InputError(
                    f"{path}:{number}: this is not a WordNet 3.0 synset ({error}).") from error
            synsets[synset.id] = synset
    for synset in synsets.values():
        for kind, target, _, _ in synset.pointers:
            if target not in synsets:
                raise InputError(
                    f"Synset {synset.id} has a {kind} to {target}, which no data file in "
                    f"{folder} holds. The four data files must be of one version.")
    return synsets


def sense_key(synset, word, synsets):
    """senseidx(5WN): lemma%type:file:lexid:head:headid, the name of a sense in every tool."""
    head = headid = ""
    if synset.kind == "s":
        for kind, target, _, _ in synset.pointers:
            if kind == "SIMILAR_TO":
                head = synsets[target].words[0].lower()
                headid = f"{synsets[target].lexids[0]:02d}"
                break
    return (f"{synset.words[word].lower()}%{SENSE_NUMBER[synset.kind]}:"
            f"{LEXNAMES.index(synset.lexname):02d}:{synset.lexids[word]:02d}:{head}:{headid}")


def read_counts(folder):
    """Sense key -> times seen in the tagged texts; from index.sense, else from cntlist.rev."""
    for name, column in (("index.sense", 3), ("cntlist.rev", 2)):
        path = os.path.join(folder, name)
        if os.path.exists(path):
            rows = (line.split() for _, line in lines(path))
            return {row[0]: int(row[column]) for row in rows if len(row) > column}
    return {}


def read_sense_numbers(folder):
    """(lemma, synset id) -> sense number, most frequent first: the order of the index files."""
    numbers = {}
    for name, letter in FILES:
        for _, line in lines(os.path.join(folder, "index." + name)):
            fields = line.split()
            offsets = fields[-int(fields[2]):]
            for number, offset in enumerate(offsets, 1):
                numbers[fields[0], letter + offset] = number
    return numbers


def plain(word):
    return word.replace("_", " ")


def senses_of(synset):
    """(lemma, place of its word); words that differ only in case are one lemma, one sense."""
    seen = {}
    for place, word in enumerate(synset.words):
        seen.setdefault(word.lower(), place)
    return seen.items()


def lemmas_of(synsets):
    """Lemma (lower case, '_' for space) -> [parts of speech, count of senses, a written form]."""
    lemmas = {}
    for synset in synsets.values():
        for lemma, place in senses_of(synset):
            word = synset.words[place]
            entry = lemmas.setdefault(lemma, [{}, 0, word])
            entry[0][POS["a" if synset.kind == "s" else synset.kind]] = None
            entry[1] += 1
            if word.islower():
                entry[2] = word
    return lemmas


def table(folder, name, header):
    stream = open(os.path.join(folder, name), "w", encoding="utf-8", newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(header)
    return stream, writer.writerow


def write_folder(synsets, source, folder):
    counts = Counter()
    os.makedirs(folder, exist_ok=True)
    # The label is the name of the file, not a column: so each file holds one label and one space of
    # ids, and an import makes `id` unique.
    stream, row = table(folder, "synset.csv", [
        "id:ID(Synset)", "pos", "lexname:string", "gloss", "words:string[]"])
    with stream:
        for synset in synsets.values():
            row((synset.id, POS[synset.kind], synset.lexname, synset.gloss,
                 ";".join(map(plain, synset.words))))
            counts["Synset"] += 1
    stream, row = table(folder, "lemma.csv", [
        "id:ID(Lemma)", "text", "pos:string[]", "senses:int"])
    with stream:
        for lemma, (parts, senses, form) in lemmas_of(synsets).items():
            row((plain(lemma), plain(form), ";".join(parts), senses))
            counts["Lemma"] += 1
    stream, row = table(folder, "relations.csv", [
        ":START_ID(Synset)", ":END_ID(Synset)", ":TYPE", "fromWord", "toWord"])
    with stream:
        for synset in synsets.values():
            for kind, target, first, second in synset.pointers:
                # Words are counted from 1; 0 means that the synsets as a whole are related.
                row((synset.id, target, kind,
                     plain(synset.words[first - 1]) if first else "",
                     plain(synsets[target].words[second - 1]) if second else ""))
                counts[kind] += 1
    numbers, tagged = read_sense_numbers(source), read_counts(source)
    stream, row = table(folder, "senses.csv", [
        ":START_ID(Lemma)", ":END_ID(Synset)", ":TYPE", "key", "number:int", "tagCount:int"])
    with stream:
        for synset in synsets.values():
            for lemma, place in senses_of(synset):
                key = sense_key(synset, place, synsets)
                row((plain(lemma), synset.id, "SENSE", key,
                     numbers.get((lemma, synset.id), ""), tagged.get(key, 0)))
                counts["SENSE"] += 1
    return counts


def write_edges(synsets, path, only_hypernyms):
    """Write 'source<TAB>target' by dense number: synsets in file order, then lemmas.

    Two synsets related in several ways have one edge each way."""
    dense = {name: number for number, name in enumerate(synsets)}
    nodes = len(dense)
    counts = Counter()
    with open(path, "w", encoding="ascii") as stream:
        for synset in synsets.values():
            targets = dict.fromkeys(
                target for kind, target, _, _ in synset.pointers
                if not only_hypernyms or kind in HYPERNYMS)
            source = dense[synset.id]
            stream.writelines(f"{source}\t{dense[target]}\n" for target in targets)
            counts["edges"] += len(targets)
        if not only_hypernyms:
            lemmas = {}
            for synset in synsets.values():
                for lemma, _ in senses_of(synset):
                    number = lemmas.setdefault(lemma, nodes + len(lemmas))
                    stream.write(f"{number}\t{dense[synset.id]}\n")
                    counts["edges"] += 1
            nodes += len(lemmas)
    counts["nodes"] = nodes
    return counts


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--from", dest="source", metavar="DIR", default=DEFAULT_FOLDER,
                        help="folder of data.noun, index.noun … (default: %(default)s)")
    parser.add_argument("--edges", metavar="FILE", help="write a plain edge list, tab-separated")
    parser.add_argument("--hypernyms", action="store_true",
                        help="with --edges: only hypernyms, only synsets")
    parser.add_argument("--quiet", action="store_true", help="print no counts")
    parser.add_argument("outdir", metavar="OUTDIR", nargs="?",
                        help="folder to write; made when absent")
    arguments = parser.parse_args()
    if arguments.outdir is None and arguments.edges is None:
        parser.error("give OUTDIR, or --edges FILE, or both")
    if arguments.hypernyms and arguments.edges is None:
        parser.error("--hypernyms needs --edges FILE")
    counts = Counter()
    try:
        synsets = read_synsets(arguments.source)
        if arguments.outdir is not None:
            counts.update(write_folder(synsets, arguments.source, arguments.outdir))
        if arguments.edges is not None:
            counts.update(write_edges(synsets, arguments.edges, arguments.hypernyms))
    except InputError as error:
        sys.exit(f"make.py: {error}")
    except OSError as error:
        sys.exit(f"make.py: cannot write {error.filename}: {error.strerror}.")
    if not arguments.quiet:
        for name, count in counts.items():
            print(f"{name:22} {count:>8,}", file=sys.stderr)


if __name__ == "__main__":
    main()
