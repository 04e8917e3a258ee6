"""Former addresses that a file of the site lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from kgraph.model.corpus import Corpus
from tests.ingest.wiki import corpus_of

PAGES = {
    "index.md": "# Home\n\n[one](/old/rope/) [two](/older/rope#knots) [three](/far) [four](/gone) [five](/old/x/1)\n",
    "rope.md": "# Rope\n\n## Knots\n",
}
TABLE = {"/old/rope/": "/rope/", "/older/rope": "/old/rope", "/far": "https://example.org/far", "/loop": "/loop2", "/loop2": "/loop"}
DOCUSAURUS = (
    "[{from: '/old/rope/', to: '/rope/'}, {to: '/old/rope', from: ['/older/rope', '/x']}, {from: '/far', to: 'https://example.org/far'}]"
)

FILES = {
    "public/_redirects": "# moved\n" + "".join(f"{source} {target} 301\n" for source, target in TABLE.items()) + "/old/* /rope/:splat\n",
    "netlify.toml": "".join(f'[[redirects]]\nfrom = "{source}"\nto = "{target}"\n' for source, target in TABLE.items()),
    "vercel.json": '{"redirects": ['
    + ", ".join(f'{{"source": "{source}", "destination": "{target}", "permanent": true}}' for source, target in TABLE.items())
    + ', {"source": "/old/:path*", "destination": "/rope"}, {"source": 3}]}',
    "docs.json": '{"redirects": [' + ", ".join(f'{{"source": "{s}", "destination": "{t}"}}' for s, t in TABLE.items()) + "]}",
    "mkdocs.yml": "site_name: X\nplugins:\n- redirects:\n    redirect_maps:\n      old/rope.md: rope.md\n      older/rope.md: old/rope.md\n"
    "      far.md: https://example.org/far\n",
    "astro.config.mjs": "export default defineConfig({ redirects: { '/old/rope/': { status: 301, destination: '/rope/' }, "
    "\"/older/rope\": '/old/rope', '/far': 'https://example.org/far' }, integrations: [starlight({})] });",
    "docusaurus.config.js": f"plugins: [['@docusaurus/plugin-client-redirects', {{ redirects: {DOCUSAURUS} }}]]",
}


def site(name: str) -> dict[str, str | bytes]:
    folder = {"mkdocs.yml": "docs/", "astro.config.mjs": "src/content/docs/", "docusaurus.config.js": "docs/"}.get(name, "")
    pages = {f"{folder}{path}": text for path, text in PAGES.items()}
    if name.startswith("docusaurus"):
        pages = {path: text.replace("/rope", "/docs/rope") for path, text in pages.items()}
    text = FILES[name].replace("/rope", "/docs/rope") if name.startswith("docusaurus") else FILES[name]
    return {**pages, name: text}


def rules(corpus: Corpus) -> list[tuple[str, str]]:
    return sorted((item.rule, item.message.split("'")[1]) for item in corpus.findings if item.rule in ("W201", "W202", "W210"))


@pytest.mark.parametrize("name", FILES)
def test_former_addresses_lead_on(name: str, tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, site(name))
    base = "/docs" if name.startswith("docusaurus") else ""
    assert rules(corpus) == [
        ("W201", "/gone"), ("W201", "/old/x/1"), ("W210", f"/old{base}/rope/"), ("W210", f"/older{base}/rope#knots"),
    ]  # fmt: skip
    assert {link.target for link in corpus.links if "rope" in link.raw} == {"rope"}
    assert [address for found in corpus.external.values() for address, _ in found] == ["https://example.org/far"]


def test_a_page_at_an_address_stays(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, {"_redirects": "/rope/ /index/\n", "index.md": "# Home\n\n[rope](/rope/)\n", "rope.md": "# Rope\n"})
    assert [(link.target, link.raw) for link in corpus.links] == [("rope", "/rope/")]
    assert rules(corpus) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("vercel.json", "["),
        ("vercel.json", "[" * 50_000),
        ("vercel.json", '{"redirects": 3}'),
        ("netlify.toml", "x"),
        ("mkdocs.yml", "a: ["),
        ("mkdocs.yml", "site_name: x\nplugins: {redirects: {redirect_maps: [1]}}"),
        ("_redirects", "/x\n\0 \0\n"),
        ("docs.json", "3"),
        ("astro.config.mjs", "starlight redirects: {" * 3000),
        ("docusaurus.config.js", "from: [" * 20_000),
    ],
)
def test_odd_tables_are_no_error(name: str, text: str, tmp_path: Path) -> None:
    assert corpus_of(tmp_path, {"docs/a.md": "# Ay\n\n[x](/x)\n", "docs/b.md": "# Bee\n", name: text}).pages


def test_tables_far_from_the_site_do_not_count(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, {"a.md": "# Ay\n\n[x](/x)\n", "b.md": "# Bee\n", "examples/shop/_redirects": "/x /b\n"})
    assert rules(corpus) == [("W201", "/x")]
