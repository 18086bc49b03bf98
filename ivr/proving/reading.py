"""Text → the tests in it, by the same reader as the rules: all faults at once, each at its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from ivr.menus.digits import PAUSE
from ivr.numbers import EMERGENCY_NUMBERS, WITHHELD, number_from_sip
from ivr.proving.refusals import ProvingKind, WordRefused, refusal
from ivr.proving.rule_tests import Expected, Given, LeftBefore, PlayedCall, RuleTest, RuleTests
from ivr.proving.words import WordTable
from ivr.rules.fault import Fault, FaultKind, fault, in_reading_order, shown
from ivr.rules.model import Location, ToBack, ToDepartment, ToMenu, ToQuestion, ToRepeat
from ivr.rules.reading.text import read_tree
from ivr.rules.values import amounts, duty, phones, plain
from ivr.rules.values.amounts import Bounds
from ivr.rules.values.destinations import destination
from ivr.rules.values.plain import ValueRefused
from ivr.rules.values.times import time_meant

DEFAULT_RULES = "routing_rules.yaml"
NO_SITE = "none"

_TESTS = "tests: [{name: …, call: {…}, expect: {…}}]"
_NAME = "name: the last local day"
_CALL = "call: {to: +47 55 30 10 00, at: 2026-11-23 09:00, press: 1}"
_TO = "to: +47 55 30 10 00"
_AT = "at: 2026-11-23 09:00"
_EXPECT = "expect: {ends: queue bergen}"
_BY, _DIALS, _DOES_CODE = "by: kari", "dials: star 14", "does: pause lunch"
_EXPECT_OWN = f"expect: {{{_DOES_CODE}}}"
_DOES = ("called outside", "not allowed", "no such code", "as a caller")
_GIVEN = "given: {queue faktura: {agents: 0}}"
_LEFT = "left: {queue: faktura, ago: 20s, waited: 2m}"
_KEYS = re.compile(r"[0-9*#,]+\Z", re.ASCII)
MOST_KEYS = 64
"""Of one call: no way through rules needs as many."""

_LONGEST_WAIT = Bounds(1, 86_400, "1s to 24h")
_calls_had = partial(amounts.count, low=0, high=1_000_000)
_NOT_AN_END = (ToMenu, ToDepartment, ToQuestion, ToRepeat, ToBack)


def read_tests(text: bytes, file: str) -> tuple[RuleTests | None, tuple[Fault, ...]]:
    """The tests that can be read, or None where none can, and all faults. Never raises."""
    tree, of_text = read_tree(text, file)
    faults = [_for_tests(one) for one in of_text]
    if tree is None:
        return None, in_reading_order(faults)
    if "numbers" in tree.entries and "tests" not in tree.entries:
        message = "this is a file of rules, not of tests"
        hint = f"to try the tests on it: ivr test --rules {file}"
        return None, (fault(FaultKind.WORD_MISSING, Location(file, 1, 1, ""), message, hint),)
    table = WordTable(tree, file, (), faults)
    rules = table.one("rules", plain.title) or DEFAULT_RULES
    rules_at = table.value_at("rules")
    listed = table.tables("tests", _TESTS)
    tests = [test for words in listed if (test := _test(words, file, faults)) is not None]
    table.leave()
    _names_once(tests, faults)
    read = RuleTests(file, rules, rules_at, tuple(tests), len(listed) - len(tests))
    return read, in_reading_order(faults)


def moment(text: str) -> datetime:
    """`2026-11-23 09:00`; naive where no offset is named. Raises WordRefused."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        hint = f"write it as {time_meant(text)}"
        raise WordRefused(ProvingKind.WHEN, f"{shown(text)} is not a time", hint) from error
    if not 1970 <= found.year <= 2200:
        raise WordRefused(
            ProvingKind.WHEN, f"{shown(text)} is too far away", "write a year from 1970 to 2200"
        )
    return found


def keys(text: str) -> str:
    """A row of keys: `1`, `9 1`, `star`, and `,` for a pause. Raises WordRefused."""
    row = "".join({"star": "*", "hash": "#"}.get(word, word) for word in text.split())
    if _KEYS.match(row):
        if len(row) > MOST_KEYS:
            message = f"{len(row)} keys are too many"
            hint = f"write {MOST_KEYS} at most, pauses included"
            raise WordRefused(ProvingKind.KEYS, message, hint)
        return row
    hint = f"write digits, star or hash, with a '{PAUSE}' for a pause: 9 1"
    raise WordRefused(ProvingKind.KEYS, f"{shown(text)} are not keys of a telephone", hint)


def _for_tests(one: Fault) -> Fault:
    """What the reader says of rules, in the words of tests."""
    if one.code in {FaultKind.EMPTY.value, FaultKind.SHAPE_OF_FILE.value} and "version" in (
        one.hint or ""
    ):
        return replace(one, hint=f"begin with `rules: {DEFAULT_RULES}` and `tests:`")
    return one


def _test(words: WordTable, file: str, faults: list[Fault]) -> RuleTest | None:
    before = len(faults)
    name = words.one("name", plain.title, _NAME)
    locations: dict[str, Location] = {}
    called = words.table("call", _CALL)
    call = _call(called, locations)
    given = _given(words.table("given"), locations, faults)
    if called is not None and _is_own_call(called):
        expect = _expect_of_own_call(words.table("expect", _EXPECT_OWN), locations)
    else:
        expect = _expect(words.table("expect", _EXPECT), locations, faults)
    words.leave()
    if len(faults) > before or name is None or call is None or expect is None:
        return None
    return RuleTest(name, words.at, call, given, expect, locations)


def _call(words: WordTable | None, locations: dict[str, Location]) -> PlayedCall | None:
    if words is None:
        return None
    if _is_own_call(words):
        return _own_call(words, locations)
    dialled = words.one("to", phones.routed_number, _TO)
    at = words.one("at", moment, _AT)
    calling = words.one("from", phones.calling)
    call = PlayedCall(
        dialled=dialled,
        at=at or datetime.min,  # noqa: DTZ901 - stands in for a time that is missing: a fault has been told
        caller=None if calling == WITHHELD else calling,
        press="".join(words.several("press", keys) or ()),
        say=words.several("say", plain.title) or (),
        waits_seconds=words.one("waits", partial(amounts.seconds, bounds=_LONGEST_WAIT)) or 0.0,
        withheld=calling == WITHHELD,
        last_agent=words.one("last_agent", plain.name),
        rates="".join(rated) if (rated := words.several("rates", keys)) else None,
        left=_left(words.table("left")),
    )
    words.leave()
    locations.update({f"call.{word}": words.value_at(word) for word in words.words})
    return call if dialled is not None and at is not None else None


def _is_own_call(words: WordTable) -> bool:
    """Whether it is what an agent dials; `by` or `dials` alone shows that it is meant."""
    return bool({"by", "dials"} & set(words.words))


def _left(words: WordTable | None) -> LeftBefore | None:
    """The queue in which the caller hung up before, how long ago, and after how long a wait."""
    if words is None:
        return None
    queue = words.one("queue", plain.name, _LEFT)
    ago = words.one("ago", partial(amounts.seconds, bounds=_LONGEST_WAIT), _LEFT)
    waited = words.one("waited", partial(amounts.seconds, bounds=_LONGEST_WAIT), _LEFT)
    words.leave()
    return LeftBefore(queue, ago, waited) if queue and ago and waited else None


def _own_call(words: WordTable, locations: dict[str, Location]) -> PlayedCall | None:
    """Something that an agent dials: when makes no difference."""
    by, dials = words.one("by", plain.name, _BY), words.one("dials", _dialled, _DIALS)
    words.leave()
    locations.update({f"call.{word}": words.value_at(word) for word in words.words})
    if by is None or dials is None:
        return None
    return PlayedCall(None, datetime.min, by=by, dials=dials)  # noqa: DTZ901 - no time is asked for


def _dialled(text: str) -> str:
    """`star 14` as a phone dials it; a colleague's number or name, and a number outside, as they are."""
    if text.startswith(("star", "hash", "*", "#")):
        return duty.phone_code(text)
    number = number_from_sip(text)
    if number is not None and number.digits in EMERGENCY_NUMBERS:
        hint = "take the test out: such a call goes past all rules"
        raise ValueRefused(FaultKind.EMERGENCY, f"{shown(text)} is an emergency number", hint)
    return text


def _does(text: str) -> str:
    """`pause lunch`, `rings ola`, `called outside`."""
    if text.startswith("rings ") or text in _DOES:
        return text
    meaning = duty.code_meaning(text)
    return " ".join(filter(None, (meaning.act, meaning.what)))


def _given(words: WordTable | None, locations: dict[str, Location], faults: list[Fault]) -> Given:
    agents: dict[str, int] = {}
    waiting: dict[str, int] = {}
    had: dict[str, Mapping[str, int]] = {}
    away: dict[str, tuple[str, ...]] = {}
    free: dict[str, int] = {}
    given = Given(agents, waiting, had, away, free)
    if words is None:
        return given
    for word in words.words:
        kind, _, name = word.partition(" ")
        if kind != "queue" or not name:
            message = f"{shown(word)} cannot be given"
            faults.append(
                refusal(ProvingKind.GIVEN, words.key_at(word), message, f"write {_GIVEN}")
            )
            continue
        about = words.table(word)
        if about is None:
            continue
        locations[f"given.{name}"] = words.key_at(word)
        for what, counts in (("agents", agents), ("waiting", waiting), ("free", free)):
            count = about.one(what, partial(amounts.count, low=0, high=10_000))
            if count is not None:
                counts[name] = count
        if (sites := about.table("had")) is not None:
            calls = {site: sites.one(site, _calls_had) for site in sites.words}
            had[name] = {site: count for site, count in calls.items() if count is not None}
        if (gone := about.several("away", plain.name)) is not None:
            away[name] = gone
        about.leave()
        if not about.words:
            message = f"nothing is given of {word}"
            faults.append(refusal(ProvingKind.GIVEN, about.at, message, f"write {_GIVEN}"))
    return given


def _expect(
    words: WordTable | None, locations: dict[str, Location], faults: list[Fault]
) -> Expected | None:
    if words is None:
        return None
    site = words.one("site", plain.name)
    expect = Expected(
        ends=words.one("ends", _end),
        said=words.several("said", plain.prompt_name),
        language=words.one("language", plain.language),
        site="" if site == NO_SITE else site,
        passes=words.several("passes", _passed) or (),
        given_to=words.one("given_to", plain.name),
        first=words.one("first", plain.name),
        keeps_place=words.one("keeps_place", plain.true_false),
    )
    words.leave()
    if not words.words:
        message = "nothing is expected, so nothing can fail"
        faults.append(refusal(ProvingKind.NOTHING_EXPECTED, words.at, message, f"write {_EXPECT}"))
    locations.update({f"expect.{word}": words.value_at(word) for word in words.words})
    return expect


def _expect_of_own_call(words: WordTable | None, locations: dict[str, Location]) -> Expected | None:
    """Nothing but `does` comes of what an agent dials."""
    if words is None:
        return None
    does = words.one("does", _does, _DOES_CODE)
    words.leave()
    locations.update({f"expect.{word}": words.value_at(word) for word in words.words})
    return Expected(None, None, None, None, (), does=does)


def _end(text: str) -> str:
    to = destination(text)
    if isinstance(to, _NOT_AN_END):
        hint = "write where the caller ends: a queue, a voicemail or hangup; `passes` has what lies on the way"
        raise WordRefused(ProvingKind.NO_END, f"no call ends at {shown(text)}", hint)
    return str(to)


def _passed(text: str) -> str:
    to = destination(text)
    if isinstance(to, ToRepeat | ToBack):
        hint = "write the menu that is passed: menu main"
        raise WordRefused(ProvingKind.NO_END, f"{shown(text)} is no place that a call passes", hint)
    return str(to)


def _names_once(tests: list[RuleTest], faults: list[Fault]) -> None:
    seen: dict[str, RuleTest] = {}
    for test in tests:
        earlier = seen.setdefault(test.name, test)
        if earlier is not test:
            message = f"the test {shown(test.name)} already stands at line {earlier.at.line}"
            faults.append(
                refusal(ProvingKind.NAME_TWICE, test.at, message, "give it a name of its own")
            )
