"""Write the sample wiki as a site of each layout: python scripts/layouts.py FOLDER [LAYOUT …].

Each site holds the same pages and the same links between them, in the notation of its own tool, so that what kgraph reads from one can be
compared with what it reads from another. Links that the sample wiki breaks on purpose are written as plain text.
"""

from __future__ import annotations

import json
import posixpath
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from html import escape
from pathlib import Path
from typing import Any, TypeAlias

import yaml

SAMPLE = Path(__file__).resolve().parent.parent / "data" / "wiki"
SITE = "Cooperating on AI"
ADDRESS = "https://cooperating.example"
KINDS = {
    "concepts": "Concepts", "policies": "Policies", "organizations": "Organizations", "people": "People", "approaches": "Approaches",
    "analyses": "Analyses", "risks": "Risks", "events": "Events",
}  # fmt: skip
"""Folder of the pages of each type, and its heading, in the order of the navigation."""
SINGULAR = {"policies": "policy", "people": "person", "analyses": "analysis", "approaches": "approach"}
"""Name of a type by its folder, where it is not the folder without its last letter."""

Files: TypeAlias = dict[str, str]


@dataclass(frozen=True)
class Page:
    """One page of the sample wiki, its links told apart from its text."""

    id: str
    folder: str
    title: str
    description: str
    edited: str
    tags: tuple[str, ...]
    aliases: tuple[str, ...]
    body: str
    """Markdown in which ``\\x02ID#ANCHOR\\x03TEXT\\x04`` stands for each link to a page."""
    facts: Mapping[str, str] = field(default_factory=dict)
    related: tuple[str, ...] = ()
    """Ids of the pages that its row in the catalogs relates it to."""

    @property
    def index(self) -> bool:
        """Whether it stands for its folder."""
        return self.id in ("index", self.folder)

    @property
    def path(self) -> str:
        """Path without ending: the folder and the id."""
        return f"{self.folder}/{'index' if self.index else self.id}".lstrip("/")

    @property
    def headings(self) -> dict[str, str]:
        """Text of each heading by its anchor."""
        return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-"): text for text in re.findall(r"^#+ (.*)", self.body, re.M)}


Pages: TypeAlias = Mapping[str, Page]
Write: TypeAlias = Callable[[Page, str, str], str]
"""Writes a link to a page, with an anchor or an empty one, and a text."""


# -- the sample wiki ---------------------------------------------------------------------------------------


def sample_pages() -> Pages:
    """Read the sample wiki: pages by id."""
    rows = {str(row["id"]): row for path in sorted(SAMPLE.glob("entities/*.yaml")) for row in yaml.safe_load(path.read_text("utf-8"))}
    files = sorted((SAMPLE / "content").rglob("*.md*"))
    found: dict[str, tuple[Path, dict[str, Any], str]] = {}
    names: dict[str, str] = {}
    for path in files:
        _, head, body = path.read_text("utf-8").split("---\n", 2)
        folder = path.parent.relative_to(SAMPLE / "content").as_posix().strip(".")
        page_id = (folder or "index") if path.stem == "index" else path.stem
        found[page_id] = path, yaml.safe_load(head), body
        names |= {page_id: page_id, str(found[page_id][1]["title"]).lower(): page_id}

    def link(match: re.Match[str]) -> str:
        entity, entity_text, text, address, wiki, wiki_text = match.groups()
        target, _, anchor = (entity or address or wiki).partition("#")
        page_id = names.get(target.lower()) or names.get(
            target.strip("/").rsplit("/", 1)[-1].removesuffix(".mdx").removesuffix(".md").lower()
        )
        shown = entity_text or text or wiki_text or wiki
        return f"\x02{page_id}#{anchor}\x03{shown}\x04" if page_id else str(shown)

    pages: dict[str, Page] = {}
    for page_id, (path, told, body) in found.items():
        row = rows.get(page_id, {})
        body = re.sub(r"^import .*\n|^\{/\*.*\*/\}\n", "", body, flags=re.M)
        defined = re.findall(r"^\[([^\]^]+)\]: +(\S+)", body, re.M)
        body = re.sub(r"^\[[^\]^]+\]: .*\n?", "", body, flags=re.M)
        for name, address in defined:
            body = re.sub(rf"\[({re.escape(name)})\](?:\[\]|(?![\[(]))|\[([^\]\[]+)\]\[{re.escape(name)}\]", rf"[\1\2]({address})", body)
        body = re.sub(
            r'<EntityLink id="([^"]*)">(.*?)</EntityLink>|(?<!!)\[([^\]\[]+)\]\(([^)]*)\)|\[\[([^|\]]+)\|?([^\]]*)\]\]', link, body
        )
        numbers = {name: str(place) for place, name in enumerate(dict.fromkeys(re.findall(r"\[\^(\w+)\]", body)), 1)}
        body = re.sub(r"\[\^(\w+)\]", lambda match, numbers=numbers: f"[^{numbers[match[1]]}]", body)  # type: ignore[misc]
        pages[page_id] = Page(
            id=page_id,
            folder=path.parent.relative_to(SAMPLE / "content").as_posix().strip("."),
            title=told["title"],
            description=told["description"],
            edited=str(told["lastEdited"]),
            tags=tuple(told.get("tags", ())),
            aliases=tuple(dict.fromkeys([*row.get("aliases", ()), *told.get("aliases", ())])),
            body=body.strip() + "\n",
            facts={str(fact["label"]): str(fact["value"]) for fact in row.get("customFields", ())},
            related=tuple(item["id"] for item in row.get("relatedEntries", ()) if item["id"] in found),
        )
    return pages


def kind_of(page: Page) -> str:
    """Name of the type of a page; empty for one that stands for its folder."""
    return "" if page.index else SINGULAR.get(page.folder, page.folder[:-1])


def by_folder(pages: Pages) -> Iterator[tuple[str, str, list[Page]]]:
    """Each folder with its heading and its pages by title."""
    for folder, heading in KINDS.items():
        yield folder, heading, sorted((page for page in pages.values() if page.folder == folder), key=lambda page: page.title.lower())


# -- Markdown ----------------------------------------------------------------------------------------------


def markdown(page: Page, pages: Pages, link: Write, aside: str = "> **{title}.** {text}") -> str:
    """The page's Markdown, with links and boxes in the notation of a site."""
    body = re.sub(r"\x02([^#]*)#([^\x03]*)\x03(.*?)\x04", lambda match: link(pages[match[1]], match[2], match[3]), page.body)
    box = r'<Aside type="(\w+)" title="([^"]*)">\n\n(.*?)\n\n</Aside>'
    return re.sub(box, lambda match: aside.format(kind=match[1], title=match[2], text=match[3]), body, flags=re.S)


def front(values: Mapping[str, object]) -> str:
    """Front matter in YAML; values that are empty are left out."""
    kept = {key: value for key, value in values.items() if value}
    return f"---\n{yaml.safe_dump(kept, allow_unicode=True, sort_keys=False, width=1000)}---\n\n" if kept else ""


def relative(page: Page, target: Page, ending: str) -> str:
    """Path from a page's file to another's."""
    return posixpath.relpath(target.path, page.folder or ".") + ending


def anchored(address: str, anchor: str) -> str:
    """An address with its anchor."""
    return f"{address}#{anchor}" if anchor else address


# -- blocks, for sites that are not written in Markdown ------------------------------------------------------


@dataclass(frozen=True)
class Block:
    """A block of a page: its kind, its lines or cells, and a level, number or title."""

    kind: str
    rows: tuple[tuple[str, ...], ...]
    level: int = 0
    title: str = ""


def blocks(body: str) -> Iterator[Block]:
    """Read the blocks of a body; the Markdown of the sample wiki is plain enough for lines to tell."""
    title = ""
    for text in re.split(r"\n{2,}", body.strip()):
        lines = text.split("\n")
        if opened := re.fullmatch(r'<Aside .*title="([^"]*)">', text):
            title = opened[1]
        elif text == "</Aside>":
            title = ""
        elif heading := re.fullmatch(r"(#+) (.*)", text):
            yield Block("heading", ((heading[2],),), len(heading[1]))
        elif text.startswith("```"):
            yield Block("code", (tuple(lines[1:-1]),))
        elif text.startswith("|"):
            cells = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines]
            yield Block("table", (cells[0], *cells[2:]))
        elif text.startswith("[^"):
            for line in lines:
                number, _, note = line[2:].partition("]: ")
                yield Block("note", ((note,),), int(number))
        elif item := re.match(r"(?:[-*]|\d+\.) ", text):
            rows = tuple((re.sub(r"^\s*(?:[-*]|\d+\.) (?:\[[ x]\] )?", "", line),) for line in lines)
            yield Block("list", rows, int(item[0][0].isdigit()))
        elif text.startswith(">"):
            yield Block("quote", ((" ".join(line.lstrip("> ") for line in lines),),))
        else:
            yield Block("box" if title else "paragraph", ((" ".join(lines),),), title=title)


@dataclass(frozen=True)
class Inline:
    """How a notation writes what stands within a line."""

    pages: Pages
    link: Write
    strong: str = "{}"
    emphasis: str = "{}"
    code: str = "{}"
    note: Callable[[int], str] = "\\ [{}]_".format
    quote: Callable[[str], str] = str
    """Escapes plain text."""
    nested: bool = True
    """Whether a link may stand within emphasis."""

    def __call__(self, text: str) -> str:
        """Write a line of Markdown."""
        pattern = r"\x02([^#]*)#([^\x03]*)\x03(.*?)\x04|\*\*(.+?)\*\*|\*(.+?)\*|`(.+?)`|\[\^(\d+)\]"
        written, done = "", 0
        for match in re.finditer(pattern, text):
            written += self.quote(text[done : match.start()])
            done = match.end()
            page_id, anchor, shown, strong, emphasis, code, number = match.groups()
            if page_id:
                written += self.link(self.pages[page_id], anchor, self.quote(shown.replace("*", "")))
            elif strong or emphasis:
                plain = not self.nested and "\x02" in (strong or emphasis)
                written += ("{}" if plain else self.strong if strong else self.emphasis).format(self(strong or emphasis))
            else:
                written += self.code.format(self.quote(code)) if code else self.note(int(number))
        return written + self.quote(text[done:])


# -- note vaults and wikis of Markdown -----------------------------------------------------------------------


def file_name(title: str) -> str:
    """A title as the name of a file, without what no file may be called."""
    return re.sub(r'[?*"<>|#^\[\]]', "", title.replace("/", "-").replace(": ", " - "))


def obsidian(pages: Pages) -> Files:
    """A vault whose notes are called by their titles."""
    files = {".obsidian/app.json": '{"alwaysUpdateLinks": true}\n', ".obsidian/graph.json": "{}\n"}
    for page in pages.values():

        def link(target: Page, anchor: str, text: str) -> str:
            name = file_name(target.title) + (f"#{target.headings[anchor]}" if anchor else "")
            return f"[[{name}]]" if name == text else f"[[{name}|{text}]]"

        body = markdown(page, pages, link, "> [!{kind}] {title}\n> {text}")
        body = re.sub(r"^\|.*", lambda row: re.sub(r"(\[\[[^]|]*)\|", r"\1\\|", row[0]), body, flags=re.M)
        name = file_name(page.title)
        told = {"title": page.title if name != page.title else "", "aliases": [*page.aliases], "tags": [*page.tags]}
        files[f"{page.folder.capitalize()}/{name}.md".lstrip("/")] = front(told) + body
    return files


def quartz(pages: Pages) -> Files:
    """A vault published by Quartz, whose wikilinks give the path."""
    settings = f'export default {{ configuration: {{ pageTitle: "{SITE}", baseUrl: "{ADDRESS[8:]}", ignorePatterns: [".obsidian"] }} }}\n'
    files = {"quartz.config.ts": settings}
    for page in pages.values():

        def link(target: Page, anchor: str, text: str) -> str:
            return f"[[{anchored(target.path, target.headings.get(anchor, ''))}|{text}]]"

        body = markdown(page, pages, link, "> [!{kind}] {title}\n> {text}")
        body = re.sub(r"^\|.*", lambda row: re.sub(r"(\[\[[^]|]*)\|", r"\1\\|", row[0]), body, flags=re.M)
        told = {"title": page.title, "description": page.description, "aliases": [*page.aliases], "tags": [*page.tags], "date": page.edited}
        files[f"content/{page.path}.md"] = front(told) + body
    return files


def github_wiki(pages: Pages) -> Files:
    """A flat wiki beside a repository, whose titles are the names of its files."""

    def name(page: Page) -> str:
        return "Home" if page.id == "index" else file_name(page.title).replace(" ", "-")

    files: Files = {"_Footer.md": f"{SITE}, a sample wiki.\n"}
    for page in pages.values():

        def link(target: Page, anchor: str, text: str) -> str:
            if anchor or target.folder == "people":
                return f"[{text}]({anchored(name(target), anchor)})"
            title = name(target).replace("-", " ")
            return f"[[{title}]]" if text == title else f"[[{text}|{title}]]"

        body = markdown(page, pages, link)
        body = re.sub(
            r"^\|.*",
            lambda row: re.sub(r"\[\[([^]|]*)\|([^]]*)\]\]", lambda at: f"[{at[1]}]({at[2].replace(' ', '-')})", row[0]),
            body,
            flags=re.M,
        )
        files[f"{name(page)}.md"] = body
    bar = "".join(
        f"\n**{heading}**\n\n" + "".join(f"- [[{name(page).replace('-', ' ')}]]\n" for page in found)
        for _, heading, found in by_folder(pages)
    )
    files["_Sidebar.md"] = f"[[Home]]\n{bar}"
    return files


# -- documentation sites of Markdown -------------------------------------------------------------------------


def mkdocs(pages: Pages) -> Files:
    """A MkDocs site, whose navigation gives the titles."""
    nav: list[dict[str, object]] = [{pages["index"].title: "index.md"}]
    nav += [{heading: [{page.title: f"{page.path}.md"} for page in found]} for _, heading, found in by_folder(pages)]
    settings: dict[str, object] = {
        "site_name": SITE,
        "site_url": f"{ADDRESS}/wiki/",
        "theme": {"name": "material"},
        "plugins": ["search", "tags"],
    }
    settings |= {"markdown_extensions": ["admonition", "footnotes", "tables"], "nav": nav}
    files = {"mkdocs.yml": yaml.safe_dump(settings, allow_unicode=True, sort_keys=False, width=1000)}
    for page in pages.values():

        def link(target: Page, anchor: str, text: str, page: Page = page) -> str:
            return f"[{text}]({anchored(relative(page, target, '.md'), anchor)})"

        body = markdown(page, pages, link, '!!! {kind} "{title}"\n\n    {text}')
        files[f"docs/{page.path}.md"] = front({"description": page.description, "tags": [*page.tags]}) + f"# {page.title}\n\n{body}"
    return files


def docusaurus(pages: Pages) -> Files:
    """A Docusaurus site: folders with numbers, ids and slugs, one page in an older version."""
    settings = f"export default {{\n  title: '{SITE}',\n  url: '{ADDRESS}',\n  baseUrl: '/',\n"
    settings += "  presets: [['classic', { docs: { routeBasePath: 'wiki', lastVersion: 'current' }, blog: false }]],\n};\n"
    files = {"docusaurus.config.js": settings, "versions.json": '["2024"]\n'}
    places = {folder: f"{number:02}-{folder}" for number, folder in enumerate(KINDS, 1)}
    for folder, numbered in places.items():
        files[f"docs/{numbered}/_category_.json"] = json.dumps({"label": KINDS[folder]}) + "\n"

    def place(page: Page) -> str:
        return f"{places[page.folder]}/{posixpath.basename(page.path)}" if page.folder else page.path

    for page in pages.values():

        def link(target: Page, anchor: str, text: str, page: Page = page) -> str:
            if target.index:
                return f"[{text}]({anchored('/wiki' + ('/' + target.folder if target.folder else ''), anchor)})"
            if target.folder == page.folder:
                return f"[{text}]({anchored('./' + target.id + '.md', anchor)})"
            if target.folder == "people":
                return f"[{text}]({anchored('/wiki/who/' + target.id, anchor)})"
            return f"[{text}]({anchored(f'@site/docs/{place(target)}.md', anchor)})"

        told: dict[str, object] = {
            "id": "" if page.index else page.id,
            "title": page.title,
            "description": page.description,
            "tags": [*page.tags],
        }
        told |= {"slug": "/" if page.id == "index" else f"/who/{page.id}" if page.folder == "people" else ""}
        files[f"docs/{place(page)}.md"] = front(told) + markdown(page, pages, link, ":::{kind}[{title}]\n\n{text}\n\n:::")
    old = pages["eu-ai-act"]
    files[f"versioned_docs/version-2024/{place(old)}.md"] = front({"id": old.id, "title": old.title}) + (
        "The Act was proposed in April 2021; negotiators closed the political deal in December 2023.\n"
    )
    return files


def starlight(pages: Pages) -> Files:
    """A Starlight site: links by address, and cards on the first page."""
    bar = ", ".join(
        f"{{ label: '{heading}', items: [{{ autogenerate: {{ directory: '{folder}' }} }}] }}" for folder, heading, _ in by_folder(pages)
    )
    settings = "import { defineConfig } from 'astro/config';\nimport starlight from '@astrojs/starlight';\n\n"
    settings += f"export default defineConfig({{\n  site: '{ADDRESS}',\n"
    settings += f"  integrations: [starlight({{ title: '{SITE}', sidebar: [{bar}] }})],\n}});\n"
    files = {"astro.config.mjs": settings}
    for page in pages.values():

        def link(target: Page, anchor: str, text: str) -> str:
            address = "/" if target.id == "index" else f"/{target.path.removesuffix('/index')}/"
            return f"[{text}]({anchored(address, anchor)})"

        body = markdown(page, pages, link, ":::{kind}[{title}]\n{text}\n:::")
        imported = ""
        if page.id == "index":
            imported = "import { CardGrid, LinkCard } from '@astrojs/starlight/components';\n\n"
            cards = "".join(
                f'  <LinkCard title="{pages[name].title}" href="/{pages[name].path}/" />\n' for name in ("eu-ai-act", "elinor-ostrom")
            )
            body += f"\n<CardGrid>\n{cards}</CardGrid>\n"
        told = {"title": page.title, "description": page.description, "lastUpdated": date.fromisoformat(page.edited), "tags": [*page.tags]}
        files[f"src/content/docs/{page.path}.mdx"] = front(told) + imported + body
    return files


def hugo(pages: Pages) -> Files:
    """A Hugo site: front matter in TOML, sections, bundles, links by ``relref``."""
    files = {"hugo.toml": f"baseURL = '{ADDRESS}/'\nlanguageCode = 'en'\ntitle = '{SITE}'\n"}

    def place(page: Page) -> str:
        if page.index:
            return f"{page.folder}/_index.md".lstrip("/")
        return f"{page.path}/index.md" if page.folder == "people" else f"{page.path}.md"

    for page in pages.values():

        def link(target: Page, anchor: str, text: str, page: Page = page) -> str:
            if target.folder == page.folder and not target.index:
                return f'[{text}]({{{{< ref "{anchored(target.id, anchor)}" >}}}})'
            return f'[{text}]({{{{< relref "/{anchored(place(target).removesuffix("/index.md"), anchor)}" >}}}})'

        told = {"title": page.title, "description": page.description, "lastmod": page.edited, "tags": [*page.tags]}
        if page.folder == "policies":
            told["aliases"] = [f"/laws/{page.id}/"]
        toml = "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in told.items() if value)
        files[f"content/{place(page)}"] = f"+++\n{toml}+++\n\n{markdown(page, pages, link)}"
    return files


def jekyll(pages: Pages) -> Files:
    """A Jekyll site: a collection for each type, analyses as posts, links by ``link`` and ``post_url``."""
    kept = [folder for folder in KINDS if folder != "analyses"]
    settings: dict[str, object] = {"title": SITE, "url": ADDRESS, "permalink": "pretty"}
    settings["collections"] = {folder: {"output": True, "permalink": f"/{folder}/:name/"} for folder in kept}
    files = {"_config.yml": yaml.safe_dump(settings, sort_keys=False), "_layouts/default.html": "<main>{{ content }}</main>\n"}
    files["Gemfile"] = 'source "https://rubygems.org"\ngem "jekyll"\n'

    def place(page: Page) -> str:
        if page.index:
            return f"{page.path}.md"
        return f"_posts/{page.edited}-{page.id}.md" if page.folder == "analyses" else f"_{page.folder}/{page.id}.md"

    for page in pages.values():

        def link(target: Page, anchor: str, text: str) -> str:
            tag = f"{{% post_url {target.edited}-{target.id} %}}" if target.folder == "analyses" else f"{{% link {place(target)} %}}"
            return f"[{text}]({anchored(tag, anchor)})"

        told = {"layout": "default", "title": page.title, "description": page.description, "tags": [*page.tags]}
        told |= {"categories": ["analyses"] if page.folder == "analyses" else []}
        files[place(page)] = front(told) + markdown(page, pages, link)
    return files


# -- reStructuredText ----------------------------------------------------------------------------------------


def sphinx(pages: Pages) -> Files:
    """A Sphinx site: tables of contents, ``:doc:`` and ``:ref:``."""
    files = {"conf.py": f'project = "{SITE}"\nextensions = []\nhtml_theme = "alabaster"\nexclude_patterns = ["_build"]\n'}
    wanted = set(re.findall(r"\x02([^#]*#[^\x03]+)\x03", "".join(page.body for page in pages.values())))

    def link(target: Page, anchor: str, text: str) -> str:
        return f":ref:`{text} <{target.id}-{anchor}>`" if anchor else f":doc:`{text} </{target.path}>`"

    inline = Inline(pages, link, "**{}**", "*{}*", "``{}``", quote=lambda text: re.sub(r"([\\*`|_])", r"\\\1", text), nested=False)
    for page in pages.values():
        meta = f".. meta::\n   :description: {page.description}\n   :keywords: {', '.join(page.tags)}\n\n" if page.tags else ""
        out = [f"{meta}{page.title}\n{'=' * len(page.title)}"]
        anchors = {text: anchor for anchor, text in page.headings.items()}
        for block in blocks(page.body):
            texts = [[inline(cell) for cell in row] for row in block.rows]
            match block.kind:
                case "heading":
                    label = f"{page.id}#{anchors[block.rows[0][0]]}"
                    mark = f".. _{label.replace('#', '-')}:\n\n" if label in wanted else ""
                    out.append(f"{mark}{texts[0][0]}\n{('-' if block.level < 3 else '~') * len(texts[0][0])}")
                case "code":
                    out.append(".. code-block:: text\n\n" + "\n".join(f"   {line}" for line in block.rows[0]))
                case "table":
                    rows = "\n".join("   * - " + "\n     - ".join(row) for row in texts)
                    out.append(f".. list-table::\n   :header-rows: 1\n\n{rows}")
                case "list":
                    out.append("\n".join(f"{'#.' if block.level else '-'} {row[0]}" for row in texts))
                case "note":
                    out.append(f".. [{block.level}] {texts[0][0]}")
                case "box":
                    out.append(f".. admonition:: {block.title}\n\n   {texts[0][0]}")
                case kind:
                    out.append(("   " if kind == "quote" else "") + texts[0][0])
        files[f"{page.path}.rst"] = "\n\n".join(out) + "\n"
    for folder, heading, found in by_folder(pages):
        tree = ".. toctree::\n   :maxdepth: 1\n\n" + "".join(f"   {page.id}\n" for page in found if not page.index)
        start = files.get(f"{folder}/index.rst", f"{heading}\n{'=' * len(heading)}\n")
        files[f"{folder}/index.rst"] = f"{start}\n{tree}"
    files["index.rst"] += "\n.. toctree::\n   :caption: All pages\n\n" + "".join(f"   {folder}/index\n" for folder in KINDS)
    return files


# -- MediaWiki -----------------------------------------------------------------------------------------------


def wikitext(page: Page, pages: Pages) -> str:
    """A page in wikitext: facts as an infobox, tags as categories."""
    notes = {block.level: block.rows[0][0] for block in blocks(page.body) if block.kind == "note"}

    def link(target: Page, anchor: str, text: str) -> str:
        name = anchored(target.title, target.headings.get(anchor, ""))
        return f"[[{name}]]" if name == text else f"[[{name}|{text}]]"

    inline = Inline(pages, link, "'''{}'''", "''{}''", "<code>{}</code>", lambda number: f"<ref>{inline(notes[number])}</ref>")
    out = []
    if not page.index:
        rows = "".join(f"| {label.lower().replace(' ', '_')} = {value}\n" for label, value in page.facts.items())
        out.append(f"{{{{Infobox {kind_of(page)}\n| name = {page.title}\n{rows}| updated = {page.edited}\n}}}}")
    for block in blocks(page.body):
        texts = [[inline(cell) for cell in row] for row in block.rows]
        match block.kind:
            case "heading":
                out.append(f"{'=' * block.level} {texts[0][0]} {'=' * block.level}")
            case "code":
                out.append('<syntaxhighlight lang="text">\n' + "\n".join(block.rows[0]) + "\n</syntaxhighlight>")
            case "table":
                lines = [("! " + " !! ".join(texts[0])), *("| " + " || ".join(row) for row in texts[1:])]
                out.append('{| class="wikitable"\n' + "\n|-\n".join(lines) + "\n|}")
            case "list":
                out.append("\n".join(f"{'#' if block.level else '*'} {row[0]}" for row in texts))
            case "box":
                out.append(f"'''{block.title}.''' {texts[0][0]}")
            case "quote":
                out.append(f"<blockquote>{texts[0][0]}</blockquote>")
            case "paragraph":
                out.append(texts[0][0])
    if notes:
        out.append("== Notes ==\n<references />")
    categories = [KINDS[page.folder]] if page.folder else []
    categories += [tag.replace("-", " ").capitalize() for tag in page.tags]
    return "\n\n".join([*out, "\n".join(f"[[Category:{name}]]" for name in categories)]).strip() + "\n"


def redirects(pages: Pages) -> dict[str, Page]:
    """Other names of the pages, where one name leads to one page."""
    found: dict[str, list[Page]] = defaultdict(list)
    for page in pages.values():
        for alias in page.aliases:
            found[alias[0].upper() + alias[1:]].append(page)
    titles = {page.title.lower() for page in pages.values()}
    return {alias: named[0] for alias, named in found.items() if len(named) == 1 and alias.lower() not in titles}


def mediawiki(pages: Pages) -> Files:
    """A dump of a MediaWiki, as its export page writes it."""
    out = ['<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="en">']
    out.append(f"<siteinfo><sitename>{SITE}</sitename><base>{ADDRESS}/wiki/{pages['index'].title.replace(' ', '_')}</base><namespaces>")
    out.append('<namespace key="0" /><namespace key="14">Category</namespace></namespaces></siteinfo>')
    texts = [(page.title, page.edited, "", wikitext(page, pages)) for page in pages.values()]
    texts += [(alias, page.edited, page.title, f"#REDIRECT [[{page.title}]]") for alias, page in redirects(pages).items()]
    for number, (title, edited, target, text) in enumerate(sorted(texts), 1):
        sent = f'<redirect title="{escape(target)}" />' if target else ""
        out.append(f"<page><title>{escape(title)}</title><ns>0</ns><id>{number}</id>{sent}<revision><id>{number}</id>")
        out.append(f"<timestamp>{edited}T12:00:00Z</timestamp><model>wikitext</model><format>text/x-wiki</format>")
        out.append(f'<text xml:space="preserve">{escape(text, quote=False)}</text></revision></page>')
    return {"cooperating-pages-articles.xml": "\n".join([*out, "</mediawiki>"]) + "\n"}


def wiki_files(pages: Pages) -> Files:
    """The same pages as files of wikitext."""
    files = {f"{page.title.replace('/', '%2F')}.wiki": wikitext(page, pages) for page in pages.values()}
    return files | {f"{alias.replace('/', '%2F')}.wiki": f"#REDIRECT [[{page.title}]]\n" for alias, page in redirects(pages).items()}


# -- HTML, and text saved from a browser ---------------------------------------------------------------------


def html(pages: Pages) -> Files:
    """A built site: navigation, contents and footer on each page."""
    files: Files = {}
    for page in pages.values():

        def link(target: Page, anchor: str, text: str, page: Page = page) -> str:
            return f'<a href="{anchored(relative(page, target, ".html"), anchor)}">{text}</a>'

        def note(number: int) -> str:
            return f'<sup id="ref{number}"><a href="#note{number}">{number}</a></sup>'

        inline = Inline(pages, link, "<strong>{}</strong>", "<em>{}</em>", "<code>{}</code>", note, lambda text: escape(text, quote=False))
        anchors = {text: anchor for anchor, text in page.headings.items()}
        body, notes = [], []
        for block in blocks(page.body):
            texts = [[inline(cell) for cell in row] for row in block.rows]
            match block.kind:
                case "heading":
                    body.append(f'<h{block.level} id="{anchors[block.rows[0][0]]}">{texts[0][0]}</h{block.level}>')
                case "code":
                    body.append("<pre><code>" + escape("\n".join(block.rows[0])) + "</code></pre>")
                case "table":
                    head = "".join(f"<th>{cell}</th>" for cell in texts[0])
                    rows = "\n".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in texts[1:])
                    body.append(f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>")
                case "list":
                    tag = "ol" if block.level else "ul"
                    body.append(f"<{tag}>\n" + "\n".join(f"<li>{row[0]}</li>" for row in texts) + f"\n</{tag}>")
                case "note":
                    notes.append(f'<li id="note{block.level}">{texts[0][0]} <a href="#ref{block.level}">↩</a></li>')
                case "box":
                    body.append(f'<div class="admonition"><p class="admonition-title">{block.title}</p><p>{texts[0][0]}</p></div>')
                case "quote":
                    body.append(f"<blockquote><p>{texts[0][0]}</p></blockquote>")
                case _:
                    body.append(f"<p>{texts[0][0]}</p>")
        if notes:
            body.append('<section class="footnotes"><h2>Notes</h2>\n<ol>\n' + "\n".join(notes) + "\n</ol></section>")
        home, first = relative(page, pages["index"], ".html"), [(heading, found[0]) for _, heading, found in by_folder(pages)]
        menu = "\n".join(f'<li><a href="{relative(page, target, ".html")}">{heading}</a></li>' for heading, target in first)
        contents = "".join(f'<li><a href="#{anchor}">{text}</a></li>' for anchor, text in page.headings.items())
        files[f"{page.path}.html"] = (
            f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{escape(page.title)} | {SITE}</title>\n'
            f'<meta name="description" content="{escape(page.description)}">\n<meta name="keywords" content="{", ".join(page.tags)}">\n'
            f'</head>\n<body>\n<header><a href="{home}">{SITE}</a></header>\n<nav>\n<ul>\n{menu}\n</ul>\n</nav>\n<main>\n<article>\n'
            f"<h1>{escape(page.title)}</h1>\n"
            + "\n".join(body)
            + f'\n</article>\n</main>\n<aside class="toc"><p>On this page</p>\n<ul>{contents}</ul>\n'
            f'</aside>\n<footer><p>A sample wiki. <a href="{home}">Start</a></p></footer>\n</body>\n</html>\n'
        )
    return files


def saved_text(pages: Pages) -> Files:
    """Pages saved from a browser as text: no links, and a block of related pages whose names run together."""
    inline = Inline(pages, lambda target, anchor, text: text, note=str)  # noqa: ARG005
    files: Files = {}
    for page in pages.values():
        out = [
            f"Skip to main content\n{SITE}\nLast updated on {page.edited}HistoryRaw data",
            page.title,
            kind_of(page).capitalize(),
            page.title,
            page.description,
        ]
        notes = []
        for block in blocks(page.body):
            texts = [[inline(cell) for cell in row] for row in block.rows]
            match block.kind:
                case "code":
                    continue
                case "table":
                    out.append("\n".join("".join(row) for row in texts))
                case "list":
                    marks = (f"{place}. " if block.level else "• " for place in range(1, len(texts) + 1))
                    out.append("\n".join(f"  {mark}{row[0]}" for mark, row in zip(marks, texts, strict=True)))
                case "note":
                    notes.append(f"  {block.level}. {texts[0][0]} ↩")
                case _:
                    out.append(texts[0][0])
        out += ["Footnotes", *notes] if notes else []
        groups = [
            (heading, [pages[name].title for name in page.related if pages[name].folder == folder]) for folder, heading in KINDS.items()
        ]
        if page.related:
            out.append("Related Pages")
            for heading, titles in groups:
                out += [heading, "".join(titles)] if titles else []
        files[f"{page.path.replace('/', '-')}.txt"] = "\n\n".join(part for part in [*out, "Back to top"] if part) + "\n"
    return files


LAYOUTS: dict[str, Callable[[Pages], Files]] = {
    "obsidian": obsidian,
    "quartz": quartz,
    "mkdocs": mkdocs,
    "docusaurus": docusaurus,
    "starlight": starlight,
    "hugo": hugo,
    "jekyll": jekyll,
    "github-wiki": github_wiki,
    "sphinx": sphinx,
    "mediawiki": mediawiki,
    "wikitext": wiki_files,
    "html": html,
    "text": saved_text,
}
"""Every layout, by the name of its folder."""


def write_sites(folder: Path, names: Iterable[str] = ()) -> None:
    """Write sites into a folder, each in one of its own; all layouts unless some are named."""
    pages = sample_pages()
    for name in list(names) or LAYOUTS:
        for path, text in LAYOUTS[name](pages).items():
            file = folder / name / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Write the sites that the command line names."""
    if not arguments or arguments[0].startswith("-") or not set(arguments[1:]) <= LAYOUTS.keys():
        print(f"usage: python scripts/layouts.py FOLDER [LAYOUT …]\nlayouts: {', '.join(LAYOUTS)}", file=sys.stderr)
        return 2
    write_sites(Path(arguments[0]), arguments[1:])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
