"""Emergency calls in a table: one line each, and below it each trunk that did not take it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import tzinfo

from ivr.cli.shared.change_lines import local
from ivr.records.emergency import EmergencyRecord
from ivr.showing.sentences import Language

_WORDS = {
    "answered": "answered",
    "refused": "refused: no trunk took it",
    "given_up": "hung up before an answer",
    "lost": "lost: Asterisk ended",
    None: "under way",
}
_NORWEGIAN = {
    "answered": "besvart",
    "refused": "avvist: ingen linje tok det",
    "given_up": "lagt på før noen svarte",
    "lost": "brutt: Asterisk stanset",
    None: "pågår",
}


def emergency_lines(
    calls: Iterable[EmergencyRecord], zone: tzinfo | None, language: Language = "en"
) -> Iterator[str]:
    """Times are in `zone`; None is this machine's. The number shown is one of the centre's own, and in full."""
    return _norwegian(calls, zone) if language == "nb" else _english(calls, zone)


def _english(calls: Iterable[EmergencyRecord], zone: tzinfo | None) -> Iterator[str]:
    for call in calls:
        words = [
            f"{local(call.began_at, zone)}  {call.number} from phone {call.phone}",
            f"site {call.site}" if call.site else "no site",
            f"shown as {call.shown}" if call.shown else "",
            _WORDS[call.outcome] + (f" over {call.trunk}" if call.trunk else ""),
            f"talked {call.talk_seconds} s" if call.talk_seconds is not None else "",
        ]
        yield ", ".join(filter(None, words))
        for one in call.tries:
            yield f"    {local(one.at, zone)}  {one.trunk} did not take it: {one.status or 'no answer'}"


def _norwegian(calls: Iterable[EmergencyRecord], zone: tzinfo | None) -> Iterator[str]:
    for call in calls:
        words = [
            f"{local(call.began_at, zone)}  {call.number} fra telefonen {call.phone}",
            f"stedet {call.site}" if call.site else "uten sted",
            f"vist som {call.shown}" if call.shown else "",
            _NORWEGIAN[call.outcome] + (f" over {call.trunk}" if call.trunk else ""),
            f"snakket {call.talk_seconds} s".replace(".", ",")
            if call.talk_seconds is not None
            else "",
        ]
        yield ", ".join(filter(None, words))
        for one in call.tries:
            yield f"    {local(one.at, zone)}  {one.trunk} tok det ikke: {one.status or 'uten svar'}"
