"""The texts of a site compared ahead of the ranking, beside what needs them not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import TYPE_CHECKING

from kgraph.parallel import beside

if TYPE_CHECKING:
    from kgraph.model.corpus import Corpus, Entity
    from kgraph.model.document import Document
    from kgraph.rank.texts import Texts

__all__ = ["TextsAhead"]


class TextsAhead:
    """What the ranking makes of the texts of the site, made by another process while the pages are being connected."""

    def __init__(self, jobs: int) -> None:
        """Nothing has begun; it is done here where ``jobs`` is 1."""
        self.jobs = jobs
        self.wait: Callable[[], bytes] | None = None
        self.process = ExitStack()

    def __enter__(self) -> TextsAhead:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.close()

    def begin(self, entities: Mapping[str, Entity], documents: Mapping[str, Document]) -> None:
        """Begin with what entities and documents say."""
        self.entities, self.documents = dict(entities), documents
        self.wait = self.process.enter_context(beside(lambda: self._texts().packed(), jobs=self.jobs))

    def of(self, corpus: Corpus) -> Texts | None:
        """What is made, if it is of this corpus; it is waited for when it is first looked at."""
        from kgraph.rank.texts import AwaitedTexts

        if self.wait is None or not self._texts().are_of(corpus):
            return None
        return AwaitedTexts(self.entities, self.documents, self.wait)

    def _texts(self) -> Texts:
        from kgraph.rank.texts import Texts

        return Texts(self.entities, self.documents)
