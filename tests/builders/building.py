"""The sample wiki as a site of each builder, built for real."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import kgraph
from kgraph.export.republish import export_site
from kgraph.integrations.inject import inject_site
from scripts.layouts import write_sites
from tests.conftest import REPOSITORY

__all__ = ["BUILDERS", "HERE", "modules_of", "need", "run"]

HERE = Path(__file__).parent
_QUIET = {"ASTRO_TELEMETRY_DISABLED": "1", "npm_config_update_notifier": "false", "npm_config_loglevel": "error", "CI": "1"}


def need(name: str) -> None:
    """Skip the test where a program is missing, or fail where it must be there."""
    if shutil.which(name) is None:
        if os.environ.get("KGRAPH_REQUIRE_BUILDERS") == "1":
            pytest.fail(f"KGRAPH_REQUIRE_BUILDERS=1, but there is no {name}")
        pytest.skip(f"{name} is not installed: see scripts/builders.sh")


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command that must succeed; gives what it printed."""
    done = subprocess.run([*map(str, command)], cwd=cwd, capture_output=True, text=True, timeout=400, env={**os.environ, **_QUIET})
    assert done.returncode == 0, f"{command}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
    return done.stdout + done.stderr


def modules_of(name: str) -> Path:
    """Folder ``node_modules`` of a builder as its lock file says, installed once for each state of the file."""
    need("npm")
    lock = HERE / name / "package-lock.json"
    folder = Path(sys.prefix) / "builders" / f"{name}-{hashlib.sha256(lock.read_bytes()).hexdigest()[:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            for file in ("package.json", "package-lock.json"):
                shutil.copy(HERE / name / file, folder)
            # Not `npm ci`: it refuses a lock file made where a registry has no packages for other systems.
            run("npm", "install", "--no-audit", "--no-fund", cwd=folder)
            (folder / "done").touch()
    return folder / "node_modules"


def _with_npm(name: str, folder: Path) -> None:
    """Put the files of a builder's site and its packages, ours among them, into a folder."""
    shutil.copytree(HERE / name, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules"))
    shutil.copytree(modules_of(name), folder / "node_modules", copy_function=os.link, symlinks=True)
    shutil.copytree(REPOSITORY / "integrations/kgraph-related", folder / "node_modules/kgraph-related")


def _export(folder: Path, target: str = "kgraph-site", *, json_only: bool = False) -> None:
    kg = kgraph.build(folder, folder / ".kgraph")
    export_site(kg.generation.folder / "site", folder / target, html=True, json_only=json_only)


def _site(folder: Path, layout: str) -> Path:
    write_sites(folder, [layout])
    return folder / layout


def _docs(folder: Path) -> Path:
    """Markdown in ``docs``, of no builder in particular."""
    site = _site(folder, "mkdocs")
    (site / "mkdocs.yml").unlink()
    return site


def mkdocs(folder: Path) -> Path:
    site = _site(folder, "mkdocs")
    settings = (site / "mkdocs.yml").read_text(encoding="utf-8")
    (site / "mkdocs.yml").write_text(settings.replace("name: material", "name: mkdocs").replace("- tags", "- kgraph"), encoding="utf-8")
    run(sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "-d", "out", cwd=site)
    return site / "out"


def sphinx(folder: Path) -> Path:
    site = _site(folder, "sphinx")
    settings = (site / "conf.py").read_text(encoding="utf-8")
    (site / "conf.py").write_text(settings.replace("extensions = []", 'extensions = ["kgraph.integrations.sphinx"]'), encoding="utf-8")
    run(sys.executable, "-m", "sphinx", "-q", "-j", "2", "-b", "html", ".", "out", cwd=site)
    return site / "out"


def hugo(folder: Path) -> Path:
    need("hugo")
    site = _site(folder, "hugo")
    shutil.copytree(HERE / "hugo", site, dirs_exist_ok=True)
    shutil.copytree(REPOSITORY / "integrations/hugo", site, dirs_exist_ok=True)
    _export(site, "data/kgraph", json_only=True)
    run("hugo", "-d", "out", cwd=site)
    return site / "out"


def eleventy(folder: Path) -> Path:
    site = _docs(folder)
    _with_npm("eleventy", site)
    _export(site)
    run("npx", "--no-install", "eleventy", "--quiet", cwd=site)
    return site / "out"


def starlight(folder: Path) -> Path:
    site = _site(folder, "starlight")
    _with_npm("starlight", site)
    _export(site)
    run("npx", "--no-install", "astro", "build", cwd=site)
    return site / "dist"


def react(folder: Path) -> Path:
    site = _docs(folder)
    _with_npm("react", site)
    _export(site)
    _write_typed(site)
    run("npx", "--no-install", "tsc", cwd=site)
    run("npx", "--no-install", "vite", "build", "--ssr", "src/prerender.tsx", cwd=site)
    run("node", "dist/prerender.js", cwd=site)
    return site / "out"


def _write_typed(site: Path) -> None:
    """Files of an export as literals that TypeScript checks against the types, to the last key; whole, and a part of it."""
    for name, only in (("whole", ()), ("part", ("top",))):
        data = site / f"typed/{name}"
        export_site(site / ".kgraph/site", data, only=only, pages=["docs/policies/e*", "docs/people/a*"])  # type: ignore[arg-type]
        literals = {"related": "RelatedIndex", "hubs": "Hubs", "manifest": "Manifest"}
        lines = [f'import type {{ {", ".join(literals.values())} }} from "./kgraph";']
        lines += [f"export const {file}: {kind} = {(data / f'{file}.json').read_text('utf-8')};" for file, kind in literals.items()]
        (data / "exact.ts").write_text("\n".join(lines), encoding="utf-8")


def html(folder: Path) -> Path:
    site = _site(folder, "html")
    kg = kgraph.build(site, folder / "w")
    inject_site(kg.generation.folder / "site", site)
    return site


BUILDERS: dict[str, Callable[[Path], Path]] = {
    "mkdocs": mkdocs, "sphinx": sphinx, "hugo": hugo, "eleventy": eleventy, "starlight": starlight, "react": react, "html": html,
}  # fmt: skip
"""Builds the sample wiki in an empty folder and gives the folder of the HTML, by name of the builder."""
