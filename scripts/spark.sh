#!/bin/sh
# The tests of the Spark engine run Java and pyspark: install what is missing where that is possible.
set -eu
if ! command -v java >/dev/null 2>&1; then
  if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless >/dev/null
  else
    echo "no java: the tests of the Spark engine are skipped" >&2
    exit 0
  fi
fi
python="${1:-.venv/bin/python}"
"$python" -c "import pyspark" 2>/dev/null ||
  "$python" -m pip install --quiet --disable-pip-version-check --root-user-action ignore "pyspark>=4.0,<5" ||
  echo "pyspark cannot be installed: the tests of the Spark engine are skipped" >&2
