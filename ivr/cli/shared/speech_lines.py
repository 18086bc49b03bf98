"""Figures of speech as lines."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.amount import counted
from ivr.kpi.speech import MenuSpeech


def speech_lines(one: MenuSpeech) -> Iterator[str]:
    """A menu: how many spoke, what became of it, and what was taken for what."""
    share = "" if one.share_by_voice is None else f" ({one.share_by_voice:.0%} of {one.chosen})"
    yield f"menu {one.menu}: {one.by_voice} choices by voice{share}"
    yield (
        f"  {one.utterances} utterances: {one.sure} sure, {one.asked_back} asked back "
        f"({one.confirmed} of them meant), {one.not_understood} not understood"
    )
    if one.after_ms is not None:
        yield f"  decided {one.after_ms} ms after the end of speech at the median, 95 % within {one.after_ms_95} ms"
    for heard, others in one.confusions.items():
        chosen = ", ".join(f"key {key} {counted(count, 'time')}" for key, count in others.items())
        yield f"  key {heard} was heard, and then chosen: {chosen}"
