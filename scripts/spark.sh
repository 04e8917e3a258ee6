#!/bin/sh
# The tests of the Spark engine run Java and pyspark: install what is missing where that is possible.
set -eu
command -v java >/dev/null 2>&1 || sh "$(dirname "$0")/apt.sh" "the Spark engine" openjdk-17-jre-headless
command -v java >/dev/null 2>&1 || exit 0
python="${1:-.venv/bin/python}"
"$python" -c "import pyspark" 2>/dev/null ||
  "$python" -m pip install --quiet --disable-pip-version-check --root-user-action ignore "pyspark>=4.0,<5" ||
  echo "pyspark cannot be installed: the tests of the Spark engine are skipped" >&2
