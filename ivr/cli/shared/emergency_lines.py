"""Emergency calls in a table: one line each, and below it each trunk that did not take it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import tzinfo

from ivr.cli.shared.change_lines import local
from ivr.records.emergency import EmergencyRecord

_NO_STATUS = "no answer"

_WORDS = {
    "answered": "answered",
    "refused": "refused: no trunk took it",
    "given_up": "hung up before an answer",
    "lost": "lost: Asterisk ended",
    None: "under way",
}


def emergency_lines(calls: Iterable[EmergencyRecord], zone: tzinfo | None) -> Iterator[str]:
    """Times are in `zone`; None is this machine's. The number shown is one of the centre's own, and in full."""
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
            yield f"    {local(one.at, zone)}  {one.trunk} did not take it: {one.status or _NO_STATUS}"
