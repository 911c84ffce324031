#!/bin/sh
# Makes Benchmarks/.venv with the peers that algorithms.py measures. Delete the folder to undo it.
#   venv.sh [PACKAGE ...]    default: numpy scipy pandas networkit igraph rustworkx python-graphblas
set -eu
folder=$(cd "$(dirname "$0")/.." && pwd)/.venv
[ $# -gt 0 ] || set -- numpy scipy pandas networkit igraph rustworkx \
    python-graphblas suitesparse-graphblas
python3 -m venv "$folder" || {
    echo "venv.sh: cannot make $folder; on Debian install python3-venv." >&2
    exit 1
}
"$folder/bin/pip" install --quiet --disable-pip-version-check "$@"
echo "Ready: $folder/bin/python."
