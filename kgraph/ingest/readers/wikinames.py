"""Titles of MediaWiki: namespaces, links to other wikis, redirects.

Conventions: https://www.mediawiki.org/wiki/Help:Namespaces, Help:Links, Help:Redirects.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

__all__ = ["NAMESPACES", "DumpedText", "kind_of_title", "namespace_of", "redirect_target", "wiki_title"]

TitleKind = Literal["page", "file", "category", "aside", "elsewhere"]
"""A page, a file or category, a page of the wiki's workshop (talk, users, templates), a page of another wiki."""

NAMESPACES: dict[str, int] = {
    "media": -2, "special": -1, "talk": 1, "user": 2, "user talk": 3, "project": 4, "project talk": 5, "file": 6, "image": 6,
    "file talk": 7, "image talk": 7, "mediawiki": 8, "mediawiki talk": 9, "template": 10, "template talk": 11, "help": 12, "help talk": 13,
    "category": 14, "category talk": 15, "module": 828, "module talk": 829, "timedtext": 710, "timedtext talk": 711, "gadget": 2300,
    "gadget talk": 2301, "gadget definition": 2302, "gadget definition talk": 2303, "topic": 2600,
    # What wikis in other languages call a file and a category.
    "datei": 6, "bild": 6, "fichier": 6, "archivo": 6, "imagen": 6, "ficheiro": 6, "arquivo": 6, "imagem": 6, "immagine": 6,
    "bestand": 6, "afbeelding": 6, "fil": 6, "tiedosto": 6, "kuva": 6, "plik": 6, "grafika": 6, "soubor": 6, "fájl": 6, "kép": 6,
    "файл": 6, "изображение": 6, "картинка": 6, "зображення": 6, "αρχείο": 6, "dosya": 6, "berkas": 6, "tập tin": 6, "ملف": 6, "קובץ": 6,
    "ファイル": 6, "画像": 6, "文件": 6, "图像": 6, "파일": 6, "kategorie": 14, "catégorie": 14, "categoría": 14, "categoria": 14,
    "categorie": 14, "kategori": 14, "luokka": 14, "kategoria": 14, "kategória": 14, "kategorija": 14, "категория": 14, "категорія": 14,
    "κατηγορία": 14, "thể loại": 14, "تصنيف": 14, "קטגוריה": 14, "カテゴリ": 14, "分类": 14, "分類": 14, "분류": 14,
}  # fmt: skip
"""Number of each namespace by its name in lower case: those of MediaWiki, and the usual ones in other languages."""

_WORKSHOP = frozenset((-2, -1, 2, 6, 8, 10, 710, 828, 2300, 2302, 2600))

_LANGUAGES = frozenset(
    """
    aa ab ace ady af als am an ang ar arc arz as ast av ay az azb ba bar bcl be be-tarask bg bh bi bm bn bo bpy br bs bug bxr ca cdo ce ceb
    ch chr chy ckb co cr crh cs csb cu cv cy da de diq dsb dv dz ee el eml en eo es et eu ext fa ff fi fj fo fr frp frr fur fy ga gag gan
    gd gl glk gn got gu gv ha hak haw he hi hif hr hsb ht hu hy ia id ie ig ik ilo io is it iu ja jbo jv ka kaa kab kbd kg ki kk kl km kn
    ko koi krc ks ksh ku kv kw ky la lad lb lbe lez lg li lij lmo ln lo lrc lt ltg lv mai map-bms mdf mg mhr mi min mk ml mn mr mrj ms mt
    mwl my myv mzn na nah nap nds nds-nl ne new nl nn no nov nrm nso nv ny oc om or os pa pag pam pap pcd pdc pfl pi pih pl pms pnb pnt ps
    pt qu rm rmy rn ro roa-rup roa-tara ru rue rw sa sah sc scn sco sd se sg sh si simple sk sl sm sn so sq sr srn ss st stq su sv sw szl
    ta te tet tg th ti tk tl tn to tpi tr ts tt tum tw ty tyv udm ug uk ur uz ve vec vep vi vls vo wa war wo wuu xal xh xmf yi yo za zea
    zh zh-classical zh-min-nan zh-yue zu
    """.split()  # noqa: SIM905 - a list a line each
)
_WIKIS = frozenset(
    """
    w wikipedia wikt wiktionary n wikinews b wikibooks q wikiquote s wikisource species wikispecies v wikiversity voy wikivoyage
    commons c m meta metawikipedia d wikidata f wikifunctions mw mediawikiwiki incubator outreach phab phabricator bugzilla mail mailarchive
    rev gerrit foundation wmf wikimania toollabs doi hdl arxiv rfc pmid isbn google imdbtitle imdbname
    """.split()  # noqa: SIM905
)
_REDIRECT = re.compile(
    r"\s*#\s?(?:redirect|redirección|redireccion|redirection|redirecionamento|weiterleitung|rinvia|rinvio|doorverwijzing|omdirigering|"
    r"omdiriger|ohjaus|uudelleenohjaus|patrz|przekieruj|tam|přesměruj|presmeruj|átirányítás|yönlendirme|alih|đổi|перенаправление|"
    r"перенаправлення|перенапр|пренасочване|виж|преусмери|ανακατευθυνση|تحويل|הפניה|転送|リダイレクト|重定向|넘겨주기)"
    r"\s*:?\s*\[\[([^\[\]|{}\n]{1,500})",
    re.IGNORECASE,
)


class DumpedText(Struct, frozen=True, omit_defaults=True):
    """One page of a dump as it is handed to :func:`~kgraph.ingest.readers.wikitext.read_dumped`, encoded as JSON."""

    title: str
    text: str
    redirect: str = ""
    """Title that the dump says it redirects to."""
    date: str = ""
    """Day of the last change, ``YYYY-MM-DD``."""
    names: dict[str, int] = {}
    """Numbers of the namespaces that the wiki names in its own way, by name in lower case."""


def wiki_title(written: str) -> str:
    """Title as MediaWiki stores it: spaces for underscores, the first letter in upper case.

    >>> wiki_title(" :albert_Einstein "), wiki_title("iPhone  4")
    ('Albert Einstein', 'IPhone 4')
    """
    title = " ".join(written.replace("_", " ").split()).removeprefix(":").lstrip()
    return title[:1].upper() + title[1:]


def kind_of_title(written: str, names: Mapping[str, int]) -> tuple[TitleKind, str]:
    """What a link target is, and its title without a leading colon; for a category or file without the namespace.

    Args:
        written: Target of a link, without fragment.
        names: Numbers of the namespaces that the wiki names in its own way, by name in lower case.

    >>> kind_of_title("Category:Mills|*", {})
    ('category', 'Mills|*')
    >>> kind_of_title(":Category:Mills", {}), kind_of_title("de:Mühle", {}), kind_of_title("Alien: Covenant", {})
    (('page', 'Category:Mills'), ('elsewhere', 'de:Mühle'), ('page', 'Alien: Covenant'))

    """
    title = " ".join(written.replace("_", " ").split())
    shown = title.startswith(":")
    title = title.lstrip(": ") if shown else title
    prefix, colon, rest = title.partition(":")
    if not colon:
        return "page", title
    number = namespace_of(title, names)
    if number == 14 and not shown:
        return "category", rest.strip()
    if number in (6, -2):
        return ("aside", title) if shown else ("file", rest.strip())
    if number is not None:
        return ("aside" if is_workshop(number) else "page"), title
    key = prefix.strip().casefold()
    return ("elsewhere" if key in _LANGUAGES or key in _WIKIS else "page"), title


def namespace_of(title: str, names: Mapping[str, int]) -> int | None:
    """Number of the namespace that a title begins with; None where it begins with none.

    Args:
        title: Title without a leading colon.
        names: Numbers of the namespaces that the wiki names in its own way, by name in lower case.

    >>> namespace_of("Category:Mills", {}), namespace_of("Recipe: Bread", {"recipe": 100}), namespace_of("Alien: Covenant", {})
    (14, 100, None)

    """
    prefix, colon, _ = title.partition(":")
    key = prefix.strip().casefold()
    return names.get(key, NAMESPACES.get(key)) if colon else None


def is_workshop(number: int) -> bool:
    """Whether a namespace holds what the wiki is made with, and no content: talk pages, users, files, templates.

    >>> is_workshop(1), is_workshop(10), is_workshop(14), is_workshop(0), is_workshop(3000)
    (True, True, False, False, False)
    """
    return number % 2 == 1 or number in _WORKSHOP


def redirect_target(text: str) -> str | None:
    """Target of a page that only redirects, in any of the usual languages.

    >>> redirect_target("#REDIRECT [[Water mill#Wheel]] {{R from plural}}"), redirect_target("# [[a]]")
    ('Water mill#Wheel', None)
    """
    found = _REDIRECT.match(text)
    return found.group(1).strip() if found else None
