"""The calls that try a first centre's rules: who calls when, presses what, and must end where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from ivr.centre.centre import Centre, NewDepartment
from ivr.centre.rules import RULES_FILE, yaml_word
from ivr.rules.decide.hours import opening
from ivr.rules.model import RuleSet

TESTS_FILE = "routing_tests.yaml"
_SEARCHED = timedelta(weeks=5)
_STEP = timedelta(minutes=30)

_HEAD = f"""\
# What the rules must do, as calls: `ivr test` makes them, and `ivr test --coverage` says what no test reaches.
#
#   call    to, from (numbers), at (local time), press (keys; star, hash; a ',' is a pause), waits (so long in a queue)
#   given   how many agents are signed in to a queue; queues that are not named are staffed
#   expect  ends, said (prompts, in order), language, site, passes (destinations on the way)
rules: {RULES_FILE}
tests:"""


@dataclass(frozen=True, slots=True)
class CallTimes:
    """A time at which all departments are open, and one at which none is; None where there is none."""

    open_at: datetime | None
    closed_at: datetime | None

    @classmethod
    def found(cls, rules: RuleSet, since: datetime) -> CallTimes:
        """The first of each after the aware time `since`, by day rather than by night."""
        department = next(iter(rules.departments.values()))
        day = since.astimezone(rules.timezone).replace(hour=10, minute=0, second=0, microsecond=0)
        moments = [day + n * _STEP for n in range(1, _SEARCHED // _STEP)]
        open_at = [at for at in moments if opening(rules, department, at).is_open]
        closed_at = [at for at in moments if not opening(rules, department, at).is_open]
        return cls(next(iter(open_at), None), next(iter(closed_at), None))


def tests_text(centre: Centre, moments: CallTimes) -> str:
    """The whole file; what each call must come to follows from the centre, not from running the rules."""
    return "\n".join([_HEAD, *_tests(centre, moments)]) + "\n"


def _tests(centre: Centre, moments: CallTimes) -> Iterator[str]:
    main = centre.number.spaced
    if moments.open_at is not None:
        yield from _while_open(centre, moments.open_at)
    if moments.closed_at is not None:
        at = moments.closed_at
        yield ""
        yield "  # Closed."
        for key, department in enumerate(centre.departments, 1):
            yield from _test(
                f"{_title(department)} is closed",
                f"to: {main}, at: {at:%Y-%m-%d %H:%M}, press: {key}",
                f"ends: voicemail {department.name}, said: [welcome, main.choices, closed, voicemail]",
            )


def _while_open(centre: Centre, at: datetime) -> Iterator[str]:
    main, when, first = centre.number.spaced, f"at: {at:%Y-%m-%d %H:%M}", centre.departments[0]
    yield "  # Open."
    for key, department in enumerate(centre.departments, 1):
        yield from _test(
            f"{_title(department)} is open",
            f"to: {main}, {when}, press: {key}",
            f"ends: queue {department.name}, said: [welcome, main.choices]",
        )
    for site in centre.sites:
        yield from _test(
            f"{site.title} answers its own callers",
            f"to: {site.number.spaced}, {when}, press: 1",
            f"ends: queue {centre.queue_of(site)}, site: {yaml_word(site.name)}",
        )
        yield from _test(
            f"who waits long in {site.title} is helped by all",
            f"to: {site.number.spaced}, {when}, press: 1, waits: 90s",
            f"ends: queue {first.name}",
        )
    yield ""
    yield "  # In the menu, and when nobody answers."
    yield from _test(
        "a caller without keys reaches a person",
        f"to: {main}, {when}",
        f"ends: queue {first.name}",
    )
    if len(centre.languages) > 1:
        spoken = yaml_word(centre.languages[1])
        yield from _test(
            "a caller may choose the other language",
            f"to: {main}, {when}, press: 9 1",
            f"ends: queue {first.name}, language: {spoken}",
        )
    yield from _test(
        "nobody is at work",
        f"to: {main}, {when}, press: 1",
        f"ends: voicemail {first.name}",
        given=f"{{queue {first.name}: {{agents: 0}}}}",
    )
    yield from _test(
        "who waits ten minutes may leave a message",
        f"to: {main}, {when}, press: 1, waits: 10m",
        f"ends: voicemail {first.name}",
    )


def _test(name: str, call: str, expect: str, *, given: str | None = None) -> Iterator[str]:
    yield f"  - name: {yaml_word(name)}"
    yield f"    call: {{{call}}}"
    if given is not None:
        yield f"    given: {given}"
    yield f"    expect: {{{expect}}}"


def _title(department: NewDepartment) -> str:
    return next(iter(department.titles.values()))
