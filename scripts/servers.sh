#!/bin/sh
# The tests of the dataset ask Virtuoso and Raptor: install what is missing where that is possible.
set -eu
command -v virtuoso-t >/dev/null 2>&1 || set -- "$@" virtuoso-opensource-7-bin
command -v rapper >/dev/null 2>&1 || set -- "$@" raptor2-utils
[ $# -eq 0 ] || sh "$(dirname "$0")/apt.sh" "the dataset" "$@"
