#!/bin/sh
# The tests of site builders run Hugo and those of npm: install what is missing where that is possible.
set -eu
missing=
command -v hugo >/dev/null 2>&1 || missing="$missing hugo"
command -v node >/dev/null 2>&1 || missing="$missing nodejs"
command -v npm >/dev/null 2>&1 || missing="$missing npm"
if [ -z "$missing" ]; then exit 0; fi
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  apt-get update -qq
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
  echo "not found:$missing: the tests of site builders that need them are skipped" >&2
fi
