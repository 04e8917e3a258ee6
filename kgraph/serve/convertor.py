"""The rest of an address as a parameter of a route, whatever characters it has: ids may have line breaks, which ``path`` leaves out."""

from __future__ import annotations

from starlette.convertors import Convertor, register_url_convertor

__all__ = ["REST"]

REST = "rest"
"""Name of the convertor, as written behind the colon of a parameter."""


class _Rest(Convertor[str]):
    regex = "(?s:.*)"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor(REST, _Rest())
