"""Reasons of calls to numbers outside, in Norwegian (bokmål)."""

from __future__ import annotations

from typing import assert_never

from ivr import why
from ivr.showing.sentences.notation import number

BARS: dict[why.BarredBy, str] = {
    "never": "det er et av dem som aldri blir ringt",
    "not_allowed": "`[outgoing]` tillater det ikke",
    "each_minute": "det er ringt ut så mange ganger dette minuttet som det er lov til",
    "each_day": "dagens minutter er brukt opp",
    "no_line": "hver linje ut har så mange samtaler som den får ha",
    "no_trunk": "det finnes ingen linje å ringe det over",
}


COSTS = {
    "fixed": "numre i landet",
    "mobile": "mobilnumre",
    "short": "korte numre",
    "special": "numre som begynner med 8",
    "premium": "dyre numre i utlandet",
}


def calling(because: why.Calling) -> str:  # noqa: PLR0911 - a line for each
    """One reason, without a full stop."""
    match because:
        case why.CalledOutside(phone, called, shown, shows_caller, confirm):
            ours = number(shown) if shown else "linjens eget nummer"
            seen = (
                f"innringerens nummer der linjen tar imot det, ellers {ours}"
                if shows_caller
                else ours
            )
            key = "; den som svarer, trykker 1 for å ta samtalen" if confirm else ""
            return f"telefonen {phone} er nummeret {called} utenfor huset, som ser {seen}{key}"
        case why.NumberBarred(phone, by, to):
            way = f": {to}" if to else ", og reglene nevner ingen annen vei"
            return f"telefonen {phone} blir ikke ringt, for {BARS[by]}{way}"
        case why.CodeDialled(agent, code, act, what):
            return f"{agent} slo {code}, som betyr: {act}{f' {what}' if what else ''}"
        case why.NoSuchCode(agent, code):
            return f"{agent} slo {code}, som reglene ikke har"
        case why.ColleagueDialled(agent, colleague, dialled):
            how = "ved navn" if dialled == colleague else f"med nummeret {dialled}"
            return f"{agent} ringte {colleague} {how}"
        case why.OutsideDialled(agent, called, cost, shown):
            ours = number(shown) if shown else "linjens eget nummer"
            return f"{agent} får ringe {COSTS.get(cost or '', 'slike numre')}: {called} ser {ours}"
        case why.MayNotCall(agent, called, cost):
            return f"{agent} får ikke ringe {COSTS.get(cost or '', 'slike numre')}: {called} blir ikke ringt"
        case unknown:
            assert_never(unknown)
