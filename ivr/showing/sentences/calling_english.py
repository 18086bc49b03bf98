"""Reasons of calls to numbers outside, in English."""

from __future__ import annotations

from typing import assert_never

from ivr import why
from ivr.showing.sentences.notation import number

BARS: dict[why.BarredBy, str] = {
    "never": "it is one of those that are never called",
    "not_allowed": "`[outgoing]` does not allow it",
    "each_minute": "as many calls have gone out this minute as may",
    "each_day": "today's minutes are used up",
    "no_line": "every trunk has as many calls out as it may",
    "no_trunk": "there is no trunk to call it over",
}


COSTS = {
    "fixed": "national numbers",
    "mobile": "mobile numbers",
    "short": "short numbers",
    "special": "numbers that begin with 8",
    "premium": "premium numbers abroad",
}


def calling(because: why.Calling) -> str:  # noqa: PLR0911 - a line for each
    """One reason, without a full stop."""
    match because:
        case why.CalledOutside(phone, called, shown, shows_caller, confirm):
            ours = number(shown) if shown else "the trunk's own number"
            seen = (
                f"the caller's number where the trunk takes it, else {ours}"
                if shows_caller
                else ours
            )
            key = "; whoever answers presses 1 to take the call" if confirm else ""
            return f"phone {phone} is the number {called} outside, which sees {seen}{key}"
        case why.NumberBarred(phone, by, to):
            way = f": {to}" if to else ", and it names no other way"
            return f"phone {phone} is not called, for {BARS[by]}{way}"
        case why.CodeDialled(agent, code, act, what):
            return f"{agent} dialled {code}, which means: {act}{f' {what}' if what else ''}"
        case why.NoSuchCode(agent, code):
            return f"{agent} dialled {code}, which the rules do not have"
        case why.ColleagueDialled(agent, colleague, dialled):
            how = "by name" if dialled == colleague else f"by the number {dialled}"
            return f"{agent} called {colleague} {how}"
        case why.OutsideDialled(agent, called, cost, shown):
            ours = number(shown) if shown else "the trunk's own number"
            return f"{agent} may call {COSTS.get(cost or '', 'such numbers')}: {called} sees {ours}"
        case why.MayNotCall(agent, called, cost):
            return f"{agent} may not call {COSTS.get(cost or '', 'such numbers')}: {called} is not called"
        case unknown:
            assert_never(unknown)
