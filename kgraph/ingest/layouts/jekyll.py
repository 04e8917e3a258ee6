"""Jekyll: posts, pages and collections (https://jekyllrb.com/docs/permalinks/)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any

from kgraph.ingest.layouts.base import Files, Layout, is_index, without_ending
from kgraph.ingest.readers.yamldata import YamlProblem, read_yaml

__all__ = ["recognise"]

_POST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})-(.+)")
_STYLES = {
    "date": "/:categories/:year/:month/:day/:title.html",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title.html",
    "none": "/:categories/:title.html",
}
_PARTS = frozenset(("_posts", "_layouts", "_includes", "_data", "_drafts"))
_NO_PAGES = frozenset(("_layouts", "_includes", "_data", "_drafts", "_sass", "_site", "_plugins"))
_KEYS = frozenset(
    ("theme", "remote_theme", "plugins", "gems", "collections", "permalink", "baseurl", "markdown", "kramdown", "defaults", "title")
)


class Jekyll(Layout):
    """A Jekyll site, whose settings say how the addresses of posts are formed."""

    name = "Jekyll"

    def __init__(self, root: str, evidence: str, permalink: str, base: str, collections: Mapping[str, Any]) -> None:
        """Keep the template of addresses, their base, and the collections."""
        super().__init__(root, evidence, folder=root)
        self.permalink, self.base, self.collections = permalink, base.rstrip("/"), collections

    def is_page(self, path: str) -> bool:
        return super().is_page(path) and not _NO_PAGES & set(path.split("/")[:-1])

    def is_published(self, front_matter: Mapping[str, Any]) -> bool:
        return front_matter.get("published") is not False

    def slug(self, path: str) -> str:
        post = _POST.fullmatch(super().slug(path))
        return post.group(4) if post else super().slug(path)

    def address(self, path: str, front_matter: Mapping[str, Any]) -> str:
        told = front_matter.get("permalink")
        inner = self.inner(path)
        post = _POST.fullmatch(without_ending(inner.rsplit("/", 1)[-1])) if "_posts/" in f"/{inner}" else None
        folders = [part for part in inner.split("/")[:-1] if not part.startswith("_")]
        collection = next((part[1:] for part in inner.split("/")[:-1] if part.startswith("_") and part[1:] in self.collections), "")
        template = told if isinstance(told, str) and told else ""
        if not template and collection:
            options = self.collections[collection]
            template = str(options.get("permalink") or "") if isinstance(options, Mapping) else ""
            template = template or "/:collection/:path:output_ext"
        if not template and post:
            template = _STYLES.get(self.permalink, self.permalink)
        if not template:
            return self._page(inner)
        values = {"categories": "/".join([*folders, *_texts(front_matter.get("categories"))]) if post else "", "collection": collection}
        values |= dict(zip(("year", "month", "day", "title"), post.groups(), strict=True)) if post else {"title": self.slug(path)}
        values |= {"slug": values["title"], "name": self.slug(path), "output_ext": ".html", "basename": self.slug(path)}
        values["path"] = inner.split(f"_{collection}/", 1)[-1].rsplit(".", 1)[0] if collection else without_ending(inner)
        filled = re.sub(r":([a-z_]+)", lambda match: values.get(match.group(1), ""), _STYLES.get(template, template))
        return self.base + re.sub(r"/{2,}", "/", posixpath.join("/", filled))

    def _page(self, inner: str) -> str:
        folder = posixpath.dirname(inner)
        top = f"{self.base}/{folder}/" if folder else f"{self.base}/"
        if is_index(inner):
            return top
        stem = without_ending(inner.rsplit("/", 1)[-1])
        return f"{top}{stem}/" if self.permalink == "pretty" else f"{top}{stem}.html"


def recognise(files: Files) -> Layout | None:
    """Recognise by ``_config.yml`` beside folders that only Jekyll has, or a Gemfile."""
    for path in files.called("_config.yml", "_config.yaml"):
        root = posixpath.dirname(path)
        prefix = f"{root}/" if root else ""
        beside = {name[len(prefix) :].split("/", 1)[0] for name in files.names if name.startswith(prefix)}
        try:
            data, _ = read_yaml(files.text(path))
        except YamlProblem:
            continue
        if not isinstance(data, Mapping) or not (beside & _PARTS or ("Gemfile" in beside and _KEYS & data.keys())):
            continue
        collections = data.get("collections")
        named = collections if isinstance(collections, Mapping) else {name: {} for name in _texts(collections)}
        return Jekyll(root, path, str(data.get("permalink") or "date"), str(data.get("baseurl") or ""), named)
    return None


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return value.split()
    return [str(item) for item in value if isinstance(item, (str, int))] if isinstance(value, list) else []
