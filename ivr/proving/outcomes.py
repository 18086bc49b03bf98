"""What becomes of a call, in short, and a simulator that makes each walk once."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from ivr.numbers import PhoneNumber
from ivr.proving.moments import Moments
from ivr.proving.rule_tests import NOTHING_GIVEN, Given, PlayedCall
from ivr.proving.simulate import simulate
from ivr.rules.model import RuleSet


@dataclass(frozen=True, slots=True)
class TrialCall:
    """A call to try rules with, and who works while it comes in."""

    call: PlayedCall
    given: Given = NOTHING_GIVEN


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that a caller notices: where the call ends, what was said, and in which language."""

    ends: str
    said: tuple[str, ...]
    language: str
    site: str | None


class Simulator:
    """A rule set to which calls come. Calls that are alike to the rules are walked once."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self.moments = Moments(rules)
        self._listed: dict[PhoneNumber | None, tuple[str, ...]] = {
            number: tuple(
                sorted(one.name for one in rules.callers.values() if number in one.numbers)
            )
            for one in rules.callers.values()
            for number in one.numbers
        }
        self._known: dict[Hashable, Outcome] = {}
        self._same: dict[Outcome, Outcome] = {}

    @property
    def walked(self) -> int:
        """How many walks were made."""
        return len(self._known)

    def outcome(self, trial: TrialCall) -> Outcome:
        """What becomes of this call."""
        key = self._key(trial)
        known = self._known.get(key)
        if known is None:
            walked = simulate(self.rules, trial.call, trial.given)
            found = Outcome(walked.ends, walked.said, walked.language, walked.site)
            known = self._known[key] = self._same.setdefault(found, found)
        return known

    def lists_of(self, call: PlayedCall) -> tuple[str, ...]:
        """The lists that the caller is on and that say something of every call."""
        return tuple(
            one.name
            for one in self.rules.callers.values()
            if (one.target or one.first_in_line) and one.has(call.caller, withheld=call.withheld)
        )

    def _key(self, trial: TrialCall) -> Hashable:
        call = trial.call
        at = call.at if call.at.tzinfo else call.at.replace(tzinfo=self.rules.timezone)
        given = trial.given
        takes_time = bool(given.agents) or call.waits_seconds > 0
        return (
            call.dialled if call.dialled in self.rules.numbers else None,
            call.press,
            call.say,
            # Who waits meets moments later than the call's own, so only the very same moment is alike.
            at if takes_time else self.moments.key(at),
            call.waits_seconds,
            tuple(sorted(given.agents.items())),
            tuple(sorted(given.waiting.items())),
            self._listed.get(call.caller, ()),
            call.withheld,
            call.caller if takes_time else self.moments.side(at, call.caller),
        )
