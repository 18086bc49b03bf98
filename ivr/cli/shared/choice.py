"""An option or an argument that is one of a few words, and what to write for a word that is none of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import click

from ivr.rules.fault import slip_of


class WordChoice(click.Choice[str]):
    """One of the words; another one is answered with the word that is meant, as far as that can be told."""

    def __init__(
        self, words: Sequence[str], meant: Callable[[str], str | None] | None = None
    ) -> None:
        super().__init__(words)
        self._meant = meant

    def get_invalid_choice_message(self, value: str, ctx: click.Context | None) -> str:
        told = super().get_invalid_choice_message(value, ctx)
        meant = self._meant(value) if self._meant else None
        if meant in self.choices:
            return f"{told.removesuffix('.')}; write {meant}"
        near = slip_of(value, self.choices)
        return f"{told.removesuffix('.')}; {near.partition('?')[0]}?" if near else told
