#!/bin/sh
# apt.sh WHAT PACKAGE ...: install Debian's packages where that is possible; else say that WHAT needs them and is skipped.
set -eu
what=$1
shift
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
else
  echo "not found: $*: the tests of $what that need them are skipped" >&2
fi
