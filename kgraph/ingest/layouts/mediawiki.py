"""MediaWiki: dumps and files of wikitext, whose pages are known by their titles alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote, urlsplit

from kgraph.ingest.dump import title_in
from kgraph.ingest.layouts.base import Files, Layout, without_ending

__all__ = ["MediaWiki", "recognise"]

ENDINGS = (".wiki", ".wikitext", ".mediawiki")
_PREFIX = "/wiki/"


class MediaWiki(Layout):
    """A wiki of MediaWiki: the address is the title, with underscores (https://www.mediawiki.org/wiki/Manual:Page_title)."""

    name = "MediaWiki"

    def __init__(self, root: str, evidence: str, dumps: Sequence[str], main_page: str | None) -> None:
        """Keep the dumps, and the address of the main page, which tells where the wiki keeps its pages."""
        super().__init__(root, evidence)
        self.dumps = tuple(dumps)
        if main_page:
            self.site = "://".join(urlsplit(main_page)[:2])
        self.prefix = unquote(urlsplit(main_page).path.rpartition("/")[0]) + "/" if main_page else _PREFIX

    def title(self, path: str) -> str:
        """Title of a page by its path."""
        for dump in self.dumps:
            if (title := title_in(dump, path)) is not None:
                return title
        name = without_ending(self.inner(path).rsplit("/", 1)[-1]).replace("_", " ")
        return unquote(name) if "%" in name else name

    def is_page(self, path: str) -> bool:
        """Whether a file is a dump or holds wikitext."""
        return super().is_page(path) and (path.lower().endswith(ENDINGS) or path in self.dumps)

    def address(self, path: str, front_matter: Mapping[str, Any]) -> str:  # noqa: ARG002
        """Address of the page: its title below the folder of the main page."""
        return self.prefix + self.slug(path)

    def slug(self, path: str) -> str:
        """Title with underscores."""
        return self.title(path).replace(" ", "_")


def recognise(files: Files) -> Layout | None:
    """Recognise by a dump, or by the ending of files."""
    texts = sorted(name for name in files.names if name.lower().endswith(ENDINGS))
    if not files.dumps and not texts:
        return None
    dumps = sorted(files.dumps)
    main_page = next((site for dump in dumps if (site := files.dumps[dump])), None)
    layout = MediaWiki("", (dumps or texts)[0], dumps, main_page)
    layout.titles = {path: layout.title(path) for path in texts}
    return layout
