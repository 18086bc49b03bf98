"""What becomes of a call, in short, and a simulator that makes each walk once."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from ivr.amount import counted
from ivr.numbers import PhoneNumber
from ivr.proving.moments import Moments
from ivr.proving.rule_tests import NOTHING_GIVEN, Given, PlayedCall
from ivr.proving.simulate import simulate
from ivr.rules.decide.onward import shown_outside
from ivr.rules.model import Account, Queue, RuleSet, SipAddress
from ivr.rules.walk import Walk


@dataclass(frozen=True, slots=True)
class TrialCall:
    """A call to try rules with, and who works while it comes in."""

    call: PlayedCall
    given: Given = NOTHING_GIVEN


@dataclass(frozen=True, slots=True)
class RungPhone:
    """The phone that rings where a call ends: which it is, and what a number outside sees and does."""

    phone: Account | SipAddress | PhoneNumber
    shown: PhoneNumber | None = None
    shows_caller: bool = False
    confirm: bool = False

    def __str__(self) -> str:
        """As the rules write it, a number masked."""
        match self.phone:
            case Account(name):
                return name
            case SipAddress(uri):
                return uri
            case PhoneNumber() as number:
                return number.masked


@dataclass(frozen=True, slots=True)
class AskedAfter:
    """What callers are asked when they have talked in the queue where the call ends, and which share of them."""

    survey: str
    say: tuple[str, ...]
    lowest: int
    highest: int
    share: float
    thanks: str

    def __str__(self) -> str:
        """In a few words: `short (1-10, 50%)`."""
        return f"{self.survey} ({self.lowest}-{self.highest}, {self.share:.0%})"


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that is noticed of a call: where it ends, and at which phone; what was said, and in which language.

    `asked`: the survey after the talk; None: there is none. `shares`: how the queue is split, as the rules write it;
    None: it is not.
    """

    ends: str
    said: tuple[str, ...]
    language: str
    site: str | None
    rings: RungPhone | None = None
    asked: AskedAfter | None = None
    shares: str | None = None

    @classmethod
    def of(cls, rules: RuleSet, walked: Walk) -> Outcome:
        """What became of a call under these rules."""
        kind, _, name = walked.ends.partition(" ")
        phone = rules.phones.get(name) if kind == "phone" else None
        rings = None
        if phone is not None:
            is_outside = isinstance(phone.phone, PhoneNumber)
            shown = shown_outside(rules, walked.facts) if is_outside else None
            rings = RungPhone(phone.phone, shown, phone.shows_caller, phone.confirm)
        asked = _asked_after(rules, name) if kind == "queue" else None
        shares = _shares(rules, rules.queues[name]) if kind == "queue" else None
        return cls(walked.ends, walked.said, walked.language, walked.site, rings, asked, shares)


def _shares(rules: RuleSet, queue: Queue) -> str | None:
    found = []
    for name, share in queue.split.items():
        site = rules.sites.get(name)
        more = [f"phone {site.phone}"] if site and site.phone else []
        more += [f"at most {counted(site.at_most, 'call')}"] if site and site.at_most else []
        found.append(f"{name} {share:.0%}" + (f" ({', '.join(more)})" if more else ""))
    if not found:
        return None
    bound = counted(queue.catch_up, "call") if queue.catch_up else "never"
    return f"{', '.join(found)}; catch_up {bound}"


def _asked_after(rules: RuleSet, queue: str) -> AskedAfter | None:
    """The survey of a queue, where it is done."""
    survey = rules.surveys.get(rules.queues[queue].survey or "")
    if survey is None or survey.by != "voice":
        return None
    return AskedAfter(
        survey.name, survey.say, survey.lowest, survey.highest, survey.share, survey.thanks
    )


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
            found = Outcome.of(self.rules, walked)
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
            call.rates,
            call.left,
            call.say,
            # Who waits meets moments later than the call's own, so only the very same moment is alike.
            at if takes_time else self.moments.key(at),
            call.waits_seconds,
            tuple(sorted(given.agents.items())),
            tuple(sorted(given.waiting.items())),
            tuple(sorted(given.free.items())),
            tuple((name, tuple(had.items())) for name, had in sorted(given.had.items())),
            tuple(sorted(given.away.items())),
            self._listed.get(call.caller, ()),
            call.withheld,
            call.caller if takes_time else self.moments.side(at, call.caller),
        )
