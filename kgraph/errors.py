"""Errors of kgraph: one root, one subclass for each operation that can fail.

The message of each says what failed, where (``path:line`` where there is one) and the mend, in one line. The
command line maps them to the exit codes of :attr:`KgraphError.exit_code`.
"""

from __future__ import annotations

__all__ = [
    "ConfigError",
    "ExportError",
    "KgraphError",
    "PushError",
    "QueryError",
    "RenderError",
    "SourceError",
    "UnknownPageError",
    "WorkspaceError",
]


class KgraphError(Exception):
    """Root of all errors that kgraph raises on purpose."""

    exit_code = 2
    """Exit code of the command line: 2 is bad usage or bad input."""


class ConfigError(KgraphError):
    """``kgraph.toml`` cannot be used: names the file, the line and the key."""


class SourceError(KgraphError):
    """The folder or file given as SOURCE cannot be read, or holds no page."""


class UnknownPageError(KgraphError):
    """No page or entity goes by that name; the message lists the closest ones."""

    def __init__(self, name: str, matches: tuple[str, ...], *, likely: bool = True) -> None:
        """Keep ``name`` and the closest ``matches``, best first; ``likely`` says whether one of them may be meant."""
        self.name = name
        self.matches = matches
        hint = f"did you mean {', '.join(matches)}?" if likely else f"the closest are {', '.join(matches)}"
        hint = f"; {hint}" if matches else ""
        super().__init__(f"no page or entity is called {name!r}{hint}")


class QueryError(KgraphError):
    """A SPARQL query is unknown, does not parse, misses a parameter or ran out of time."""


class PushError(KgraphError):
    """A SPARQL server cannot be reached, or refuses what is sent to it."""


class EngineError(KgraphError):
    """The engine that was asked for is not installed, cannot be reached, or failed."""


class ExportError(KgraphError):
    """A file cannot be written in the format or at the place asked for."""


class RenderError(KgraphError):
    """A picture cannot be drawn from what was asked for."""


class WorkspaceError(KgraphError):
    """The workspace is missing, locked by another build, damaged, or on a disk that is full."""

    exit_code = 3
