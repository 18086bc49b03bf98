"""The difference that a change of the rules makes: which calls would go elsewhere, grouped, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from ivr.numbers import PhoneNumber
from ivr.proving.branches import spelled
from ivr.proving.outcomes import Outcome, Simulator, TrialCall
from ivr.rules.model import RuleSet


@dataclass(frozen=True, slots=True)
class ChangedGroup:
    """Calls that the change treats alike. `to` is None for numbers that neither rule set lists.

    `press` is None where all that changes is that their site is known: whatever they key. `circumstances` say what else
    is special about them, "" for nothing. `first` and `last` are the days of the first and the last such call.
    """

    count: int
    to: PhoneNumber | None
    title: str
    press: str | None
    circumstances: str
    before: str
    after: str
    first: date
    last: date

    @property
    def text(self) -> str:
        """One line for people."""
        calls = "1 call" if self.count == 1 else f"{self.count} calls"
        when = f"on {self.first}" if self.first == self.last else f"from {self.first}"
        keys = "whatever they key" if self.press is None else keys_in_words(self.press)
        who = ", ".join(filter(None, (self.title, keys, self.circumstances)))
        return f"{who}: {self.before} → {self.after}, {calls}, {when}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What was tried, and what would change: the largest group first."""

    calls: int
    changed: int
    groups: tuple[ChangedGroup, ...]


_Alike = tuple[str | None, str, str, str]
"""What the calls of a group to one number have in common: keys, circumstances, before and after."""


@dataclass(slots=True)
class _GroupSoFar:
    first: datetime
    last: datetime
    count: int = 0


def plan(old: RuleSet, new: RuleSet, trials: Iterable[TrialCall]) -> Plan:
    """Try each call under both."""
    before, after = Simulator(old), Simulator(new)
    return compare(before, after, trials)


def compare(before: Simulator, after: Simulator, trials: Iterable[TrialCall]) -> Plan:
    """As `plan`, with simulators that may have walked before."""
    growing: dict[tuple[PhoneNumber | None, _Alike], _GroupSoFar] = {}
    calls = 0
    for trial in trials:
        calls += 1
        was, will_be = before.outcome(trial), after.outcome(trial)
        if was == will_be:
            continue
        call = trial.call
        is_listed = call.dialled in before.rules.numbers or call.dialled in after.rules.numbers
        to = call.dialled if is_listed else None
        lists = dict.fromkeys((*before.lists_of(call), *after.lists_of(call)))
        key = (to, _alike(trial, was, will_be, tuple(lists)))
        group = growing.setdefault(key, _GroupSoFar(call.at, call.at))
        group.count += 1
        group.first, group.last = _around(group, call.at)
    groups = [
        ChangedGroup(
            count=group.count,
            to=to,
            title=_title(to, before.rules, after.rules),
            press=press,
            circumstances=around,
            before=was,
            after=will_be,
            first=group.first.date(),
            last=group.last.date(),
        )
        for (to, (press, around, was, will_be)), group in growing.items()
    ]
    groups.sort(key=lambda one: (-one.count, one.title, one.press or "", one.before, one.after))
    return Plan(calls, sum(group.count for group in groups), tuple(groups))


def _alike(trial: TrialCall, was: Outcome, will_be: Outcome, lists: tuple[str, ...]) -> _Alike:
    before, after = _told(was, will_be), _told(will_be, was)
    if replace(was, site=will_be.site) == will_be and was.site is None:
        return None, "", "site not known", f"site {will_be.site}"
    keys = trial.call.press or ", ".join(trial.call.say)
    who = [f"callers of {' and '.join(lists)}"] if lists else []
    return keys, ", ".join(filter(None, [*who, circumstances(trial)])), before, after


def circumstances(trial: TrialCall) -> str:
    """Who works and how long the caller waits, in words."""
    words: list[str] = []
    given = trial.given
    if len(given.agents) > 1 and not any(given.agents.values()):
        words.append("nobody logged in anywhere")
    else:
        words += [f"{count} logged in to queue {name}" for name, count in given.agents.items()]
    if len(given.waiting) > 1:
        words.append("every queue full")
    else:
        words += [f"{count} waiting in queue {name}" for name, count in given.waiting.items()]
    if trial.call.waits_seconds:
        words.append(f"after waiting {spelled(trial.call.waits_seconds)}")
    return ", ".join(words)


def keys_in_words(press: str) -> str:
    """`key 1`, `keys 9 1`, `no key`; words that were spoken, in quotes."""
    if not press.strip(","):
        return "no key"
    if not set(press) <= set("0123456789*#ABCD,"):
        return f"saying {press!r}"
    names = {"*": "star", "#": "hash", ",": "(pause)", "D": "(a wrong key)"}
    spelled = [names.get(key, key) for key in press.rstrip(",")]
    return f"{'key' if len(spelled) == 1 else 'keys'} {' '.join(spelled)}"


def _around(group: _GroupSoFar, at: datetime) -> tuple[datetime, datetime]:
    # Calls of one source are all aware or all naive; the file of a person may mix them.
    if (at.tzinfo is None) != (group.first.tzinfo is None):
        at = at.replace(tzinfo=group.first.tzinfo)
    return min(group.first, at), max(group.last, at)


def _title(to: PhoneNumber | None, *rule_sets: RuleSet) -> str:
    if to is None:
        return "any other number"
    titles = (rules.numbers[to].title for rules in reversed(rule_sets) if to in rules.numbers)
    return next((title for title in titles if title), to.spaced)


def _told(one: Outcome, other: Outcome) -> str:
    """Where it ends; where that is not the difference, what is."""
    if one.ends != other.ends:
        return one.ends
    return "".join((one.ends, *_differences(one, other)))


def _differences(one: Outcome, other: Outcome) -> Iterator[str]:
    if one.said != other.said:
        yield f" (hears {', '.join(one.said) or 'nothing'})"
    if one.language != other.language:
        yield f" (in {one.language})"
    if one.site != other.site:
        yield f" (site {one.site or 'not known'})"
