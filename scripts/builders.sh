#!/bin/sh
# The tests of site builders run Hugo and those of npm: install what is missing where that is possible.
set -eu
command -v hugo >/dev/null 2>&1 || set -- "$@" hugo
command -v node >/dev/null 2>&1 || set -- "$@" nodejs
command -v npm >/dev/null 2>&1 || set -- "$@" npm
[ $# -eq 0 ] || sh "$(dirname "$0")/apt.sh" "site builders" "$@"
