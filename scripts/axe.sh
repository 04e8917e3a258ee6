#!/bin/sh
# The tests of the explorer check pages with axe-core: fetch it once into the cache of the user. It is no part of the package.
set -eu
version=4.14.1
sha512=1477dafa598d8d065f273d6af302aa203c02e83131707b7fa648cd41bd3d6b734f8c22a0dab86ee6a6f64b8afbe804b214d36db85a2826965edfb3a0b9d546b5
cache="${XDG_CACHE_HOME:-$HOME/.cache}/kgraph"
if [ -s "$cache/axe-core-$version.min.js" ]; then exit 0; fi
if ! command -v npm >/dev/null 2>&1; then
  echo "no npm found: axe-core is not fetched, and the tests that need it are skipped (install npm to run them)" >&2
  exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
(cd "$folder" && npm pack --silent "axe-core@$version" >/dev/null && echo "$sha512  axe-core-$version.tgz" | sha512sum --check --status) || {
  echo "axe-core $version could not be fetched whole: the tests that need it are skipped" >&2
  exit 0
}
tar -xzf "$folder/axe-core-$version.tgz" -C "$folder" package/axe.min.js
mkdir -p "$cache"
mv "$folder/package/axe.min.js" "$cache/axe-core-$version.min.js"
