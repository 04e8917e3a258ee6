"""The command line: parses, calls one function, prints, maps errors to exit codes. Nothing imports it.

Exit codes: 0 done, 1 ``check`` or ``diff`` found something, 2 bad usage or input, 3 workspace missing, locked or damaged, 130
interrupted.
"""

from __future__ import annotations

import os
import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line and exit."""
    from kgraph.cli.app import app
    from kgraph.errors import KgraphError

    try:
        app(prog_name="kgraph")
    except KgraphError as error:
        sys.stderr.write(f"kgraph: {' '.join(str(error).split())}\n")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.stderr.write("kgraph: interrupted\n")
        sys.exit(130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        sys.stderr.write(f"kgraph: {place}{error.strerror or error}\n")
        sys.exit(2)
