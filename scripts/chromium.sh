#!/bin/sh
# The tests of graph pages drive a real Chromium: install it where that is possible and it is missing.
set -eu
for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
sh "$(dirname "$0")/apt.sh" "pages in a browser" chromium fonts-dejavu-core
