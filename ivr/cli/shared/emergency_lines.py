"""Emergency calls in a table: one line each, and below it each trunk that did not take it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo

from ivr.cli.shared.change_lines import local
from ivr.records.emergency import EmergencyRecord
from ivr.showing.sentences import Language


@dataclass(frozen=True, slots=True)
class _EmergencyWords:
    """In one language; `outcomes` by how the call went, None while it goes on."""

    outcomes: Mapping[str | None, str]
    from_phone: str
    site: str
    no_site: str
    shown_as: str
    talked: str
    decimal: str
    not_taken: str
    no_answer: str


_WORDS: Mapping[Language, _EmergencyWords] = {
    "en": _EmergencyWords(
        outcomes={
            "answered": "answered",
            "refused": "refused: no trunk took it",
            "given_up": "hung up before an answer",
            "lost": "lost: Asterisk ended",
            None: "under way",
        },
        from_phone="from phone",
        site="site",
        no_site="no site",
        shown_as="shown as",
        talked="talked",
        decimal=".",
        not_taken="did not take it",
        no_answer="no answer",
    ),
    "nb": _EmergencyWords(
        outcomes={
            "answered": "besvart",
            "refused": "avvist: ingen linje tok det",
            "given_up": "lagt på før noen svarte",
            "lost": "brutt: Asterisk stanset",
            None: "pågår",
        },
        from_phone="fra telefonen",
        site="stedet",
        no_site="uten sted",
        shown_as="vist som",
        talked="snakket",
        decimal=",",
        not_taken="tok det ikke",
        no_answer="uten svar",
    ),
}


def emergency_lines(
    calls: Iterable[EmergencyRecord], zone: tzinfo | None, language: Language = "en"
) -> Iterator[str]:
    """Times are in `zone`; None is this machine's. The number shown is one of the centre's own, and in full."""
    words = _WORDS[language]
    for call in calls:
        talked = f"{call.talk_seconds} s".replace(".", words.decimal)
        told = [
            f"{local(call.began_at, zone)}  {call.number} {words.from_phone} {call.phone}",
            f"{words.site} {call.site}" if call.site else words.no_site,
            f"{words.shown_as} {call.shown}" if call.shown else "",
            words.outcomes[call.outcome] + (f" over {call.trunk}" if call.trunk else ""),
            f"{words.talked} {talked}" if call.talk_seconds is not None else "",
        ]
        yield ", ".join(filter(None, told))
        for one in call.tries:
            status = one.status or words.no_answer
            yield f"    {local(one.at, zone)}  {one.trunk} {words.not_taken}: {status}"
