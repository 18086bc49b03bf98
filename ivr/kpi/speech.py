"""How callers get on by voice, menu by menu: from what the journal has of what they said and chose."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from ivr.records.events import MenuTry, SpeechGone, WordsHeard
from ivr.records.speech import SpokenCall


class MenuSpeech(msgspec.Struct, frozen=True, kw_only=True):
    """A menu. `by_voice` of `chosen` are choices that were said, `share_by_voice` their share (None without choices).

    `utterances` came to `sure`, `asked_back` (`confirmed` of them) or `not_understood`. `confusions` has, for each key
    that was heard and not meant, which other key the caller then chose in this menu, and how often. `after_ms` is from
    the end of speech to the decision: the median, and what 95 % stay below; None where nothing was said.
    """

    menu: str
    chosen: int
    by_voice: int
    share_by_voice: float | None
    utterances: int
    sure: int
    asked_back: int
    confirmed: int
    not_understood: int
    confusions: Mapping[str, Mapping[str, int]]
    after_ms: int | None
    after_ms_95: int | None


class SpeechFigures(msgspec.Struct, frozen=True, kw_only=True):
    """`calls` in which somebody spoke; `gone` has why so many calls had only keys from then on."""

    calls: int
    menus: tuple[MenuSpeech, ...]
    gone: Mapping[str, int]


@dataclass
class _MenuTally:
    outcomes: Counter[str] = field(default_factory=Counter)
    chosen: int = 0
    by_voice: int = 0
    confirmed: int = 0
    confusions: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    after_ms: list[int] = field(default_factory=list)


def speech_figures(calls: Iterable[SpokenCall]) -> SpeechFigures:
    """The figures of these calls; those of tests are in none."""
    menus: dict[str, _MenuTally] = defaultdict(_MenuTally)
    gone: Counter[str] = Counter()
    spoken = 0
    for call in calls:
        if call.test:
            continue
        spoken += any(isinstance(event, WordsHeard) for event in call.events)
        gone.update(event.why for event in call.events if isinstance(event, SpeechGone))
        _count(call, menus)
    heard = {name: tally for name, tally in menus.items() if tally.outcomes}
    return SpeechFigures(
        calls=spoken,
        menus=tuple(_figures(name, heard[name]) for name in sorted(heard)),
        gone=dict(sorted(gone.items())),
    )


def _count(call: SpokenCall, menus: Mapping[str, _MenuTally]) -> None:
    """`heard` are the keys that were heard in this try of a menu, `missed` those of tries before it."""
    heard: list[tuple[str, str]] = []
    missed: dict[str, list[str]] = defaultdict(list)
    for event in call.events:
        match event:
            case WordsHeard(confirms=None):
                tally = menus[event.menu]
                tally.outcomes[event.result] += 1
                tally.after_ms.append(event.after_ms)
                if event.key is not None:
                    heard.append((event.key, event.result))
            case MenuTry(menu=menu, result="chosen", key=str(key)):
                tally = menus[menu]
                tally.chosen += 1
                last, result = heard[-1] if heard else (None, None)
                tally.by_voice += last == key
                tally.confirmed += last == key and result == "unsure"
                for other in {*missed.pop(menu, ()), *(one for one, _ in heard)} - {key}:
                    tally.confusions[other][key] += 1
                heard = []
            case MenuTry(menu=menu):
                missed[menu] += [one for one, _ in heard]
                heard = []
            case _:
                pass


def _figures(name: str, tally: _MenuTally) -> MenuSpeech:
    ordered = sorted(tally.after_ms)
    return MenuSpeech(
        menu=name,
        chosen=tally.chosen,
        by_voice=tally.by_voice,
        share_by_voice=round(tally.by_voice / tally.chosen, 3) if tally.chosen else None,
        utterances=tally.outcomes.total(),
        sure=tally.outcomes["sure"],
        asked_back=tally.outcomes["unsure"],
        confirmed=tally.confirmed,
        not_understood=tally.outcomes["not_understood"],
        confusions={
            key: dict(sorted(others.items())) for key, others in sorted(tally.confusions.items())
        },
        after_ms=_quantile(ordered, 0.5),
        after_ms_95=_quantile(ordered, 0.95),
    )


def _quantile(ordered: list[int], share: float) -> int | None:
    """The smallest of them that so large a share does not exceed."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else None
