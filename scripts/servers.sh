#!/bin/sh
# The tests of the dataset ask Virtuoso and Raptor: install what is missing where that is possible.
set -eu
missing=
command -v virtuoso-t >/dev/null 2>&1 || missing="$missing virtuoso-opensource-7-bin"
command -v rapper >/dev/null 2>&1 || missing="$missing raptor2-utils"
if [ -z "$missing" ]; then exit 0; fi
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  apt-get update -qq
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
  echo "not found:$missing: the tests of the dataset that need them are skipped" >&2
fi
