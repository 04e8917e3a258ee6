"""Fetches the query editor (YASGUI) that the package carries: one pinned version, whole, with the licences of all that is in it.

    python scripts/yasgui.py           writes kgraph/serve/assets/yasgui.*
    python scripts/yasgui.py --check   only compares them

npm must be there. The addresses of other servers that the bundle would ask are taken out of it.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGE, VERSION = "@zazuko/yasgui", "4.6.2"
INTEGRITY = "sha512-Zw45KdPoAE1KRaAoxIHdQqeJxvaVG1oQdntw0hy0ktX35Zu8ZccuOLrXCLwR+GU+0xMzLw8Mjw6BkSZV2vUuQw=="
ASSETS = Path(__file__).resolve().parent.parent / "kgraph" / "serve" / "assets"
CUT = (
    # Suggestions from Linked Open Vocabularies: the editor has completers of its own.
    (r"`\$\{\w+\}lov\.linkeddata\.es/[^`]*`", "`about:blank`"),
    # Endpoints offered by default.
    (r"`https://dbpedia\.org/sparql`", "`/sparql`"),
    (r"`https://query\.wikidata\.org/[^`]*`", "`/sparql`"),
    # Links to the manual, which is on another server.
    (r"`https://docs\.triply\.cc/[^`]*`", "`/sparql`"),
    # A style sheet made by script, which the policy of the page forbids: its rules are in sparql.css.
    (r"\w\.styleSheet\?\w\.styleSheet\.cssText=\w:\w\.appendChild\(document\.createTextNode\(\w\)\),\w\.appendChild\(\w\)", "0"),
    (r"http://prefix\.cc/", "urn:prefix:"),
    (r"\s*//# sourceMappingURL=\S+", ""),
)
FOREIGN = ("lov.linkeddata.es", "prefix.cc", "triply.cc/yasgui", "dbpedia.org/sparql", "query.wikidata.org", "sourceMappingURL")
_LICENSE = re.compile(r"(licen[cs]e|copying)(-mpl)?(\.txt|\.md)?", re.I)


def main() -> None:
    """Fetch the files, then write or compare them."""
    with tempfile.TemporaryDirectory() as folder:
        made = fetch(Path(folder))
    for name, text in made.items():
        path = ASSETS / name
        if "--check" not in sys.argv[1:]:
            path.write_text(text, encoding="utf-8", newline="\n")
        elif not name.endswith(".txt") and path.read_text(encoding="utf-8") != text:
            sys.exit(f"{path}: differs from {PACKAGE} {VERSION}: run `python scripts/yasgui.py`")


def fetch(folder: Path) -> dict[str, str]:
    """Text of each file, by its name."""
    command = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", "--prefix", str(folder)]
    subprocess.run([*command, f"{PACKAGE}@{VERSION}"], check=True)
    modules = folder / "node_modules"
    lock = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))
    if lock["packages"][f"node_modules/{PACKAGE}"]["integrity"] != INTEGRITY:
        sys.exit(f"{PACKAGE} {VERSION} is not what it was: its checksum differs")
    build = modules / PACKAGE / "build"
    script = (build / "yasgui.min.js").read_text(encoding="utf-8")
    for pattern, replacement in CUT:
        script, count = re.subn(pattern, replacement, script)
        if not count:
            sys.exit(f"{PACKAGE} {VERSION}: {pattern} is not in it")
    if left := [name for name in FOREIGN if name in script]:
        sys.exit(f"{PACKAGE} {VERSION}: still speaks of {', '.join(left)}")
    style = (build / "yasgui.min.css").read_text(encoding="utf-8")
    if re.search(r"url\(\s*[\"']?(?!data:)|@import", style):
        sys.exit(f"{PACKAGE} {VERSION}: the style sheet fetches something")
    sources = json.loads((build / "yasgui.min.js.map").read_text(encoding="utf-8"))["sources"]
    return {
        "yasgui.min.js": script.strip() + "\n",
        "yasgui.min.css": style.strip() + "\n",
        "yasgui.LICENSE.txt": licences(modules, sources),
    }


def licences(modules: Path, sources: list[str]) -> str:
    """What the bundle is made of, each with its licence."""
    found = {names[-1] for source in sources if (names := re.findall(r"node_modules/((?:@[^/]+/)?[^/]+)", source))}
    parts = [
        f"yasgui.min.js and yasgui.min.css are built from {PACKAGE} {VERSION} (https://github.com/rdfjs/Yasgui), licence MIT,\n"
        "with the addresses of other servers taken out by scripts/yasgui.py. The bundle holds what follows, each under its own licence.\n"
    ]
    for name in [PACKAGE, "@zazuko/yasqe", "@zazuko/yasr", "@zazuko/yasgui-utils", *sorted(found)]:
        told = json.loads((modules / name / "package.json").read_text(encoding="utf-8"))
        files = sorted(path for path in (modules / name).iterdir() if _LICENSE.fullmatch(path.name))
        texts = [path.read_text(encoding="utf-8").strip() for path in files]
        author = told.get("author", "")
        holder = author.get("name", "") if isinstance(author, dict) else author
        said = told.get("license", "see below")
        text = "\n\n".join(texts) or f"Copyright (c) {holder}\n\n{MIT}"
        if not texts and said != "MIT":
            sys.exit(f"{name}: licence {said} without its text")
        parts.append(f"{'=' * 100}\n{name} {told['version']}, licence {said}\n{'=' * 100}\n\n{text}\n")
    return "\n".join(line.rstrip() for line in "\n".join(parts).splitlines()) + "\n"


MIT = """Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated documentation files
(the "Software"), to deal in the Software without restriction, including without limitation the rights to use, copy, modify, merge, publish,
distribute, sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so, subject to
the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF
MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY
CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE
SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE."""


if __name__ == "__main__":
    main()
