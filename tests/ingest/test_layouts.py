"""Site layouts: recognised by looking, addresses as the site serves them, links in the dialect of each."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kgraph.config import Config, Pages
from kgraph.ingest.layouts import LAYOUTS
from kgraph.model.corpus import Corpus
from tests.ingest.test_rst import SITE as SPHINX
from tests.ingest.wiki import corpus_of, write_wiki

MKDOCS = {
    "mkdocs.yml": (
        "site_name: Ferry\nsite_url: https://ferry.example/manual/\n"
        "nav:\n  - Start: index.md\n  - Crossing:\n    - By night: crossing/night.md\n"
        "    - crossing/index.md\nmarkdown_extensions:\n  - x: {f: !!python/name:os.system }\n"
    ),
    "docs/index.md": "# Welcome\n\nGo [at night](crossing/night.md#lamps) or [by day](crossing/).\n",
    "docs/crossing/index.md": "# Crossing\n\nBack to [the start](../index.md).\n",
    "docs/crossing/night.md": "# Night crossing\n\n## Lamps\n\nTwo of them. See [all](index.md).\n",
    "README.md": "# Not a page\n",
}
HUGO = {
    "hugo.toml": "baseURL = 'https://ferry.example/'\n",
    "content/_index.md": (
        '+++\ntitle = \'Ferries\'\n+++\n[Night]({{< relref "night crossing.md" >}}) {{< term text="Lamp" term_id="lamp" >}} and '
        '{{< term term_id="rope" >}}, {{< term term_id="lamp" >}}.\n'
    ),
    "content/Trips/_index.md": "---\ntitle: Trips\n---\nAll trips.\n",
    "content/Trips/night crossing.md": (
        "+++\ntitle = 'Night'\nslug = 'by-night'\naliases = ['/old/night/']\n+++\nUse a [lamp]({{% ref \"/words/lamp.md\" %}}).\n"
    ),
    "content/words/lamp.md": '{"title": "Lamp", "url": "/light/lamp/"}\n\nIt shines. See [old](/old/night/).\n',
    "content/words/rope/index.md": "---\ntitle: Rope\n---\nA rope. [Lamp](/light/lamp).\n",
}
DOCUSAURUS = {
    "site/docusaurus.config.js": "module.exports = { baseUrl: '/manual/', presets: [[{ docs: { routeBasePath: 'guide' } }]] };\n",
    "site/docs/01-start/01-intro.md": "---\nid: hello\n---\n# Intro\n\n[Lamp](../02-lamp.mdx) and [site](@site/docs/02-lamp.mdx#x).\n",
    "site/docs/01-start/index.md": "# Start\n",
    "site/docs/02-lamp.mdx": "---\nslug: /light\n---\n# Lamp\n\n[Intro](./start/hello) by address.\n",
    "site/docs/_part.md": "A part of others.\n",
    "site/versioned_docs/version-1.0/02-lamp.mdx": "# Lamp\n\nAn old lamp.\n",
    "site/blog/2024-05-06-launch.md": "# Launch\n\nIt floats.\n",
    "site/src/pages/about.md": "# About\n",
}
JEKYLL = {
    "_config.yml": "title: Ferry\nbaseurl: /log\npermalink: date\ncollections:\n  boats:\n    output: true\n",
    "_layouts/default.md": "{{ content }}\n",
    "index.md": "---\ntitle: Log\n---\n[First]({% post_url 2024-05-06-first-trip %}) and [boat]({{ site.baseurl }}/boats/anna.html).\n",
    "_posts/2024-05-06-first-trip.md": "---\ntitle: First trip\ncategories: trips\n---\nOn [Anna]({% link _boats/anna.md %}).\n",
    "_boats/anna.md": "---\ntitle: Anna\n---\nBuilt of oak.\n",
    "about.md": '---\npermalink: /who/\n---\n# About\n\n{% include form.html name="x" %}Us.\n',
}
STARLIGHT = {
    "astro.config.mjs": "import starlight from '@astrojs/starlight';\n",
    "src/content/docs/index.mdx": "---\ntitle: Home\n---\n<LinkCard title='Lamp' href='/Guides/The Lamp/' />\n",
    "src/content/docs/Guides/The Lamp.md": "---\ntitle: Lamp\n---\n[Rope](/knots/)\n",
    "src/content/docs/rope.md": "---\ntitle: Rope\nslug: knots\n---\nText.\n",
}
VITEPRESS = {
    "docs/.vitepress/config.mts": "export default defineConfig({ base: '/ropes/', cleanUrls: true })\n",
    "docs/index.md": "---\nlayout: home\n---\n[Guide](/guide/lamp#_2-wicks) and [[toc]].\n",
    "docs/guide/lamp.md": "# Lamp\n\n## 2 Wicks\n\n## Crème & co\n\n## New? {#new}\n\n[Rope](./rope#a-b), [rope](../guide/rope.html).\n",
    "docs/guide/rope.md": "# Rope\n\n## A/B\n\n## A/B\n\n[x](lamp#creme-co), [y](lamp#new), [z](#a-b-1).\n",
}
QUARTZ = {
    "quartz.config.ts": "export default {}\n",
    "content/index.md": "[[My Lamp]] & [[Knots & ropes#Bowline|bowline]]\n",
    "content/My Lamp.md": "A lamp.\n",
    "content/Knots & ropes.md": "## Bowline\n",
    "content/folder/index.md": "A folder.\n",
}
WIKI = {
    "Home.md": "[[Night crossing]] and [day](Day-crossing).\n",
    "_Sidebar.md": "[[Home]]\n",
    "Night-crossing.md": "Dark.\n",
    "sub/Day-crossing.md": "Light.\n",
}
OBSIDIAN = {
    ".obsidian/app.json": "{}\n",
    "Lamp.md": "---\naliases: [Lantern]\ntags: [light/oil]\n---\nSee [[rope#Knots|how]], [[#^abc]], ![[map.png]], ![[Rope]].\n",
    "deck/Rope.md": "# Knots\n\nA [[lantern]] hangs from it.\n",
    "deck/Log.md": "One.\n",
    "hold/Log.md": "Two.\n",
    "hold/List.md": "See [[Log]].\n",
    "map.png": "no picture\n",
}


def addresses(corpus: Corpus) -> dict[str, str]:
    return {path: page.href for path, page in corpus.pages.items()}


def links(corpus: Corpus) -> set[tuple[str, str | None]]:
    return {(link.source, link.target) for link in corpus.links}


def test_mkdocs(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, MKDOCS)
    assert addresses(corpus) == {
        "docs/index.md": "/manual/",
        "docs/crossing/index.md": "/manual/crossing/",
        "docs/crossing/night.md": "/manual/crossing/night/",
    }
    assert {entity.title for entity in corpus.entities.values()} == {"Start", "By night", "Crossing"}
    assert links(corpus) == {("index", "night"), ("index", "crossing"), ("crossing", "index"), ("night", "crossing")}
    assert any("MkDocs (mkdocs.yml)" in note for note in corpus.assumptions)
    assert [(item.path, item.line, item.rule) for item in corpus.findings] == [("docs/index.md", 3, "W206")]


def test_mkdocs_tells_of_relative_links_to_addresses(tmp_path: Path) -> None:
    page = "[a](crossing/) [b](crossing/night/#lamps) [c](crossing/index.md) [d](/manual/crossing/) <a href='crossing/'>e</a>\n"
    corpus = corpus_of(tmp_path, {**MKDOCS, "docs/more.md": page})
    told = [item.message.split("'")[1] for item in corpus.findings if item.rule == "W206" and item.path == "docs/more.md"]
    assert told == ["crossing/", "crossing/night/#lamps"]
    assert [link.target for link in corpus.links if link.source == "more"] == ["crossing", "night", "crossing", "crossing", "crossing"]


def test_mkdocs_pages_may_be_files(tmp_path: Path) -> None:
    corpus = corpus_of(
        tmp_path, {"mkdocs.yml": "site_name: X\nuse_directory_urls: false\n", "docs/a.md": "# A\n", "docs/b/index.md": "# B\n"}
    )
    assert addresses(corpus) == {"docs/a.md": "/a.html", "docs/b/index.md": "/b/"}


def test_mkdocs_of_several_languages(tmp_path: Path) -> None:
    corpus = corpus_of(
        tmp_path,
        {
            "docs/en/mkdocs.yml": "site_name: X\nsite_url: https://x.example/\n",
            "docs/de/mkdocs.yml": "INHERIT: ../en/mkdocs.yml\n",
            "docs/en/docs/lamp.md": "# Lamp\n",
            "docs/de/docs/lamp.md": "# Lampe\n",
        },
    )
    assert addresses(corpus) == {"docs/en/docs/lamp.md": "/lamp/", "docs/de/docs/lamp.md": "/de/lamp/"}


def test_hugo(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, HUGO)
    assert addresses(corpus) == {
        "content/_index.md": "/",
        "content/Trips/_index.md": "/trips/",
        "content/Trips/night crossing.md": "/trips/by-night/",
        "content/words/lamp.md": "/light/lamp/",
        "content/words/rope/index.md": "/words/rope/",
    }
    titles = {path: corpus.entities[page.entity].title for path, page in corpus.pages.items()}
    assert set(titles.values()) == {"Ferries", "Trips", "Night", "Lamp", "Rope"}
    by_title = {title: corpus.pages[path].entity for path, title in titles.items()}
    assert links(corpus) == {
        (by_title["Ferries"], by_title["Night"]),
        (by_title["Ferries"], by_title["Lamp"]),
        (by_title["Ferries"], by_title["Rope"]),
        (by_title["Night"], by_title["Lamp"]),
        (by_title["Lamp"], by_title["Night"]),
        (by_title["Rope"], by_title["Lamp"]),
    }


def test_docusaurus(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, DOCUSAURUS)
    assert addresses(corpus) == {
        "site/docs/01-start/01-intro.md": "/manual/guide/start/hello",
        "site/docs/01-start/index.md": "/manual/guide/start",
        "site/docs/02-lamp.mdx": "/manual/guide/light",
        "site/versioned_docs/version-1.0/02-lamp.mdx": "/manual/guide/1.0/lamp",
        "site/blog/2024-05-06-launch.md": "/manual/blog/2024/05/06/launch",
        "site/src/pages/about.md": "/manual/about",
    }
    lamp = corpus.pages["site/docs/02-lamp.mdx"].entity
    assert links(corpus) == {("hello", lamp), (lamp, "hello")}


VERSIONED = {
    "docusaurus.config.js": "module.exports = { baseUrl: '/m/' };\n",
    "versions.json": '["2.0", "1.0"]\n',
    "versioned_docs/version-2.0/lamp.md": (
        "# Lamp\n\n[Old](/docs/1.0/lamp), [start](/), [all](/blog), [kind](/docs/category/ropes), [gone](/docs/2.0/lamp).\n"
    ),
    "versioned_docs/version-1.0/lamp.md": "# Lamp\n",
    "blog/2024-05-06-launch.md": "---\nslug: first-launch\n---\n# Launch\n\n[Lamp](/docs/lamp).\n",
    "src/pages/index.tsx": "export default () => null;\n",
}


def test_docusaurus_serves_the_newest_version_without_its_name(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, VERSIONED)
    assert addresses(corpus) == {
        "blog/2024-05-06-launch.md": "/m/blog/first-launch",
        "versioned_docs/version-1.0/lamp.md": "/m/docs/1.0/lamp",
        "versioned_docs/version-2.0/lamp.md": "/m/docs/lamp",
    }
    assert [item.message.split("'")[1] for item in corpus.findings if item.rule == "W201"] == ["/docs/2.0/lamp"]
    new = {**VERSIONED, "docs/lamp.md": "# Lamp\n"}
    assert addresses(corpus_of(tmp_path / "next", new))["docs/lamp.md"] == "/m/docs/next/lamp"
    told = "module.exports = { docs: { lastVersion: 'current', versions: { current: { label: 'x', path: '3.x' } } } };\n"
    made = addresses(corpus_of(tmp_path / "told", {**new, "docusaurus.config.js": told}))
    assert (made["docs/lamp.md"], made["versioned_docs/version-2.0/lamp.md"]) == ("/docs/3.x/lamp", "/docs/2.0/lamp")


def test_zensical_is_laid_out_as_mkdocs(tmp_path: Path) -> None:
    settings = (
        '[project]\nsite_name = "Ferry"\nsite_url = "https://ferry.example/manual/"\n'
        'nav = [{ "Start" = "index.md" }, { "Crossing" = [{ "By night" = "crossing/night.md" }, "crossing/index.md"] }]\n'
    )
    files = {**MKDOCS, "zensical.toml": settings}
    del files["mkdocs.yml"]
    corpus = corpus_of(tmp_path, files)
    assert {entity.title for entity in corpus.entities.values()} == {"Start", "By night", "Crossing"}
    assert addresses(corpus)["docs/crossing/night.md"] == "/manual/crossing/night/"


def test_hugo_reads_settings_beside_its_main_file(tmp_path: Path) -> None:
    files = {
        "hugo.toml": "baseURL = 'https://ferry.example/'\n",
        "config/_default/languages.toml": "[en]\ncontentDir = 'content/en'\n",
        "content/en/trips/night.md": "# Night\n\n[Lamp](/words/lamp/), [words](/words/), [dark](/tags/dark/), [gone](/gone/).\n",
        "content/en/words/lamp.md": "# Lamp\n",
    }
    corpus = corpus_of(tmp_path, files)
    assert set(addresses(corpus).values()) == {"/trips/night/", "/words/lamp/"}
    assert [item.message.split("'")[1] for item in corpus.findings if item.rule == "W201"] == ["/gone/"]


@pytest.mark.parametrize(
    "settings",
    [
        "source_suffix = '.txt'\nproject = 'x'\n",
        "from sphinx_ferry import conf\nsource_suffix = {'.txt': 'restructuredtext', '.inc': 'x'}\n",
    ],
)
def test_sphinx_pages_may_be_called_text(settings: str, tmp_path: Path) -> None:
    files = {
        "docs/conf.py": settings,
        "docs/index.txt": "Ferry\n=====\n\nSee :doc:`/lamps/oil`.\n",
        "docs/lamps/oil.txt": "Oil lamps\n=========\n\nThey shine.\n",
        "docs/README.rst": "Not of this site\n",
        "src/data.txt": "a b c\n",
    }
    corpus = corpus_of(tmp_path, files)
    assert set(corpus.pages) == {"docs/index.txt", "docs/lamps/oil.txt"}
    assert links(corpus) == {("index", "oil")}
    assert {entity.title for entity in corpus.entities.values()} == {"Ferry", "Oil lamps"}


def test_sphinx_with_settings_made_by_a_package(tmp_path: Path) -> None:
    files = {"docs/conf.py": "from sphinx_ferry import conf\nglobals().update(conf.build('x'))\n", "docs/index.rst": "A\n=\n\n:ref:`b:c`\n"}
    assert any("Sphinx (docs/conf.py)" in note for note in corpus_of(tmp_path, files).assumptions)


def test_jekyll(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, JEKYLL)
    assert addresses(corpus) == {
        "index.md": "/log/",
        "_posts/2024-05-06-first-trip.md": "/log/trips/2024/05/06/first-trip.html",
        "_boats/anna.md": "/log/boats/anna.html",
        "about.md": "/log/who/",
    }
    assert links(corpus) == {("index", "first-trip"), ("index", "anna"), ("first-trip", "anna")}


def test_starlight(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, STARLIGHT)
    assert addresses(corpus) == {
        "src/content/docs/index.mdx": "/",
        "src/content/docs/Guides/The Lamp.md": "/guides/the-lamp/",
        "src/content/docs/rope.md": "/knots/",
    }
    assert links(corpus) == {("index", "The Lamp"), ("The Lamp", "rope")}


def test_vitepress(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path / "a", VITEPRESS)
    assert addresses(corpus) == {
        "docs/index.md": "/ropes/",
        "docs/guide/lamp.md": "/ropes/guide/lamp",
        "docs/guide/rope.md": "/ropes/guide/rope",
    }
    assert links(corpus) == {("index", "lamp"), ("lamp", "rope"), ("rope", "lamp")}
    assert corpus.findings == ()
    plain = {**VITEPRESS, "docs/.vitepress/config.mts": "", "docs/.vitepress/config.js": "export default { srcDir: './guide' }\n"}
    corpus = corpus_of(tmp_path / "b", plain)
    assert addresses(corpus) == {"docs/guide/lamp.md": "/lamp.html", "docs/guide/rope.md": "/rope.html"}


def test_settings_in_a_hidden_folder_are_files_of_the_source(tmp_path: Path) -> None:
    (tmp_path / "secret.ts").write_text("export default { base: '/secret/' }")
    write_wiki(tmp_path / "site", {path: text for path, text in VITEPRESS.items() if "config" not in path})
    (tmp_path / "site/docs/.vitepress").mkdir()
    (tmp_path / "site/docs/.vitepress/config.ts").symlink_to(tmp_path / "secret.ts")
    os.mkfifo(tmp_path / "site/docs/.vitepress/config.mts")
    assert addresses(corpus_of(tmp_path / "site"))["docs/guide/lamp.md"] == "/guide/lamp.html"


def test_quartz(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, QUARTZ)
    assert addresses(corpus) == {
        "content/index.md": "/",
        "content/My Lamp.md": "/My-Lamp",
        "content/Knots & ropes.md": "/Knots--and--ropes",
        "content/folder/index.md": "/folder/",
    }
    assert links(corpus) == {("index", "My Lamp"), ("index", "Knots & ropes")}


def test_github_wiki(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, WIKI)
    assert addresses(corpus) == {"Home.md": "/", "Night-crossing.md": "/Night-crossing", "sub/Day-crossing.md": "/Day-crossing"}
    assert links(corpus) == {("Home", "Night-crossing"), ("Home", "Day-crossing")}


MEDIAWIKI = {"Lamp.wiki": "On a [[rope]].", "Rope.wiki": "Holds the [[Lamp]].", "README.md": "# About this folder"}


def test_mediawiki(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, MEDIAWIKI)
    assert addresses(corpus) == {"Lamp.wiki": "/wiki/Lamp", "Rope.wiki": "/wiki/Rope"}
    assert links(corpus) == {("Lamp", "Rope"), ("Rope", "Lamp")}


def test_obsidian(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, OBSIDIAN)
    assert set(corpus.pages) == {"Lamp.md", "deck/Rope.md", "deck/Log.md", "hold/Log.md", "hold/List.md"}
    assert links(corpus) == {("Lamp", "Rope"), ("Rope", "Lamp"), ("List", corpus.pages["hold/Log.md"].entity)}
    assert corpus.entities["Lamp"].aliases == ("Lantern",)


@pytest.mark.parametrize("key", sorted(LAYOUTS))
def test_settings_may_name_the_layout_or_refuse_it(tmp_path: Path, key: str) -> None:
    assert key in LAYOUTS
    sites = {
        "mkdocs": MKDOCS, "docusaurus": DOCUSAURUS, "starlight": STARLIGHT, "quartz": QUARTZ, "hugo": HUGO, "jekyll": JEKYLL,
        "vitepress": VITEPRESS,
        "sphinx": SPHINX, "obsidian": OBSIDIAN, "github-wiki": WIKI, "mediawiki": MEDIAWIKI,
    }  # fmt: skip
    named = corpus_of(tmp_path, sites[key], config=Config(pages=Pages(layout=key)))  # type: ignore[arg-type]
    found = corpus_of(tmp_path)
    assert addresses(named) == addresses(found)
    plain = corpus_of(tmp_path, config=Config(pages=Pages(layout="plain")))
    assert not any("made with" in note for note in plain.assumptions)


def test_a_settings_file_among_other_pages_makes_no_layout(tmp_path: Path) -> None:
    pages = {f"notes/{number}.md": f"# Note {number}\n" for number in range(9)}
    corpus = corpus_of(tmp_path, {**pages, "examples/mkdocs.yml": "site_name: X\n", "examples/docs/a.md": "# A\n"})
    assert not any("MkDocs" in note for note in corpus.assumptions)
    assert len(corpus.pages) == 9


@pytest.mark.parametrize(
    "settings",
    [
        "",
        "[",
        "nav: 1\n",
        "nav: [[[[]]]]\nsite_name: x\n",
        "docs_dir: ../../etc\nsite_name: x\n",
        "docs_dir: [1]\nsite_name: x\nsite_url: 7\n",
    ],
)
def test_odd_settings_are_no_error(tmp_path: Path, settings: str) -> None:
    corpus = corpus_of(tmp_path, {"mkdocs.yml": settings, "_config.yml": settings, "hugo.toml": settings, "docs/a.md": "# A\n"})
    assert set(corpus.pages) == {"docs/a.md"}


def test_github_wiki_has_the_text_of_a_link_first(tmp_path: Path) -> None:
    corpus = corpus_of(
        tmp_path,
        {
            "Home.md": "[[by night|Night crossing]], [[Rope|Lamp]], [[Rope|no such page]], [[Lamp]].\n",
            "_Sidebar.md": "[[Home]]\n",
            "Night-crossing.md": "Dark.\n",
            "Lamp.md": "Light.\n",
            "Rope.md": "Strong.\n",
        },
    )
    assert links(corpus) == {("Home", "Night-crossing"), ("Home", "Lamp"), ("Home", "Rope")}
    assert not corpus.findings
    told = {(link.target, link.text, link.sentence) for link in corpus.links if link.source == "Home"}
    assert ("Night-crossing", "by night", "by night, Lamp, no such page, Lamp.") in told
    assert ("Lamp", "Rope", "Night crossing, Rope, no such page, Lamp.") in told


def test_names_of_notes_keep_their_hyphens(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, {".obsidian/app.json": "{}\n", "Half-tide rock.md": "A rock.\n", "spring-tide.md": "[[Half-tide rock]]\n"})
    assert {entity.title for entity in corpus.entities.values()} == {"Half-tide rock", "Spring tide"}


def test_numbered_folders_tell_types_too(tmp_path: Path) -> None:
    corpus = corpus_of(
        tmp_path,
        {
            "docusaurus.config.js": "module.exports = {}\n",
            "docs/02-people/anna.md": "# Anna\n",
            "docs/02-people/bo.md": "# Bo\n",
            "docs/03-risks/fog.md": "# Fog\n",
        },
    )
    assert {entity.title: entity.type for entity in corpus.entities.values()} == {"Anna": "person", "Bo": "person", "Fog": "risk"}


HUGO_OF_TWO_LANGUAGES = {
    "config/_default/hugo.yaml": "baseURL: https://ferry.example/manual/\ndefaultContentLanguage: de\n",
    "config/_default/languages.toml": "[de]\ncontentDir = 'content/de'\n[en]\ncontentDir = 'content/en'\n",
    "config/_default/permalinks.yaml": "log: /:year/:month/:slug/\nodd: /:nonsense/:title/\n",
    "content/de/_index.md": "---\ntitle: Fähren\n---\n[Log](/manual/log/) [Log](/log/) [Anker](harbour/anchor/)\n",
    "content/de/log/_index.md": "---\ntitle: Log\n---\n",
    "content/de/log/first.md": "---\ntitle: First Trip\ndate: 2024-05-06\naliases: [../old-trip/, /older/]\n---\n"
    "[Old](/manual/2024/old-trip/)\n",
    "content/de/harbour/anchor.md": "---\ntitle: Anker\n---\n[Trip](/older/)\n",
    "content/de/odd/one.md": "---\ntitle: One\n---\n",
    "content/en/harbour/anchor.md": "---\ntitle: Anchor\n---\nIt holds.\n",
    "content/en/harbour/secret.md": "---\ntitle: Secret\ndraft: true\n---\nNot yet.\n",
}


def test_hugo_of_several_languages_below_a_path_with_permalinks(tmp_path: Path) -> None:
    corpus = corpus_of(tmp_path, HUGO_OF_TWO_LANGUAGES)
    assert addresses(corpus) == {
        "content/de/_index.md": "/manual/",
        "content/de/log/_index.md": "/manual/log/",
        "content/de/log/first.md": "/manual/2024/05/first-trip/",
        "content/de/harbour/anchor.md": "/manual/harbour/anchor/",
        "content/de/odd/one.md": "/manual/odd/one/",
        "content/en/harbour/anchor.md": "/manual/en/harbour/anchor/",
    }
    by_path = {path: page.entity for path, page in corpus.pages.items()}
    home, log, trip = (by_path[f"content/de/{name}.md"] for name in ("_index", "log/_index", "log/first"))
    anchor = by_path["content/de/harbour/anchor.md"]
    assert links(corpus) - {(trip, trip)} == {(home, log), (home, anchor), (anchor, trip)}
    assert [item.rule for item in corpus.findings] == ["W210", "W210"], "links to former addresses"
    assert any(note.startswith("1 draft left out") for note in corpus.assumptions)


def test_hugo_tells_languages_by_endings(tmp_path: Path) -> None:
    files = {
        "hugo.toml": "defaultContentLanguageInSubdir = true\n[languages.en]\n[languages.fr]\n",
        "content/lamp.md": "# Lamp\n",
        "content/lamp.fr.md": "# Lampe\n",
        "content/v1.de.md": "# Not a language of the site\n",
    }
    assert addresses(corpus_of(tmp_path, files)) == {
        "content/lamp.md": "/lamp/",
        "content/lamp.fr.md": "/fr/lamp/",
        "content/v1.de.md": "/v1.de/",
    }


def test_starlight_below_a_base(tmp_path: Path) -> None:
    based = {**STARLIGHT, "astro.config.mjs": "import starlight from '@astrojs/starlight';\nexport default { base: '/manual' };\n"}
    corpus = corpus_of(tmp_path, based)
    assert set(addresses(corpus).values()) == {"/manual/", "/manual/guides/the-lamp/", "/manual/knots/"}


@pytest.mark.parametrize(
    ("files", "draft"),
    [
        (HUGO, "content/words/draft.md"), (DOCUSAURUS, "site/docs/draft.md"), (STARLIGHT, "src/content/docs/draft.md"),
        (QUARTZ, "content/draft.md"), (JEKYLL, "draft.md"),
    ],
    ids=["hugo", "docusaurus", "starlight", "quartz", "jekyll"],
)  # fmt: skip
def test_drafts_are_no_pages(tmp_path: Path, files: dict[str, str], draft: str) -> None:
    written = {**files, draft: "---\ntitle: Draft\ndraft: true\npublished: false\n---\nNot yet.\n"}
    assert draft not in addresses(corpus_of(tmp_path, written))
    assert draft in addresses(corpus_of(tmp_path, written, Config(pages=Pages(drafts=True))))


def test_a_site_of_drafts_alone_has_them_as_pages(tmp_path: Path) -> None:
    files = {"hugo.toml": "baseURL = 'https://ferry.example/'\n", "content/a.md": "---\ndraft: true\n---\n# A\n"}
    assert set(addresses(corpus_of(tmp_path, files))) == {"content/a.md"}
