"""A group of changed calls in one line, in the reader's language: who calls, what changes, and when."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from ivr.numbers import PhoneNumber
from ivr.proving.branches import spelled
from ivr.proving.outcomes import AskedAfter, RungPhone
from ivr.proving.plan.changes import (
    ORDINARY,
    WRONG_KEY,
    Callers,
    Circumstances,
    Difference,
    LikeAnswers,
)
from ivr.proving.plan.phrases import PHRASES, PlanPhrases
from ivr.proving.plan.plan import ChangedGroup
from ivr.proving.plan.rows import NO_KEY
from ivr.rules.model import RuleSet
from ivr.showing.sentences import Language
from ivr.showing.sentences.window_words import listed, when

_FEW_NUMBERS = 4
_FEW_RANGES = 3
_KEYS = frozenset("0123456789*#ABCD,")


_MORE_OF_SITE = re.compile(r" \([^)]*\)|; .*")
"""What `Outcome.shares` says beside the shares."""


def group_told(
    group: ChangedGroup, rule_sets: Sequence[RuleSet], today: date | None, language: Language = "en"
) -> str:
    """One line for people. `rule_sets` are before and after; `today` is None for calls that came once."""
    words = PHRASES[language]
    who = ", ".join(filter(None, _who(group, rule_sets, words)))
    what = _what(group.difference, words)
    return f"{who}: {what}, {_when(group, today, words)}"


def numbers_told(
    group: ChangedGroup, rule_sets: Sequence[RuleSet], language: Language = "en"
) -> str:
    """The numbers by the names that the rules have for them."""
    words = PHRASES[language]
    titles = [_title(one, rule_sets, words) for one in group.numbers]
    if group.is_all_numbers and len(titles) > 1:
        return words.all_numbers
    if len(titles) <= _FEW_NUMBERS:
        return listed(titles, words.both)
    there_are = len({number for rules in rule_sets for number in rules.numbers})
    listed_ones = [one for one in group.numbers if one is not None]
    ends = (_title(one, rule_sets, words) for one in (listed_ones[0], listed_ones[-1]))
    return words.some_numbers.format(len(titles), there_are + 1, *ends)


def circumstances_told(around: Circumstances, language: Language = "en") -> str:
    """Who works and how long the caller waits; "" where all goes its usual way."""
    words = PHRASES[language]
    if around == ORDINARY:
        return ""
    given = around.given
    said = []
    if len(given.agents) > 1 and not any(given.agents.values()):
        said.append(words.nobody_anywhere)
    else:
        said += [words.signed_in.format(count, name) for name, count in given.agents.items()]
    said += [words.waiting.format(count, name) for name, count in given.waiting.items()]
    if around.waits_seconds:
        said.append(words.after_waiting.format(spelled(around.waits_seconds)))
    if around.key:
        said.append(words.pressing.format(_spelled(around.key, words)))
    if around.left is not None:
        ago = spelled(around.left.ago_seconds)
        said.append(words.calling_again.format(ago, around.left.queue))
    return ", ".join(said)


def keys_told(keys: Iterable[str], language: Language = "en") -> str:
    """`key 1`, `keys 9 1`, `key 1 or no key`."""
    words = PHRASES[language]
    keys = [key.rstrip(",") for key in keys]
    single = [key for key in keys if len(key) == 1 and key != WRONG_KEY]
    several = [key for key in keys if len(key) > 1]
    said = []
    if single:
        names = listed((_spelled(key, words) for key in single), words.both)
        said.append((words.one_key if len(single) == 1 else words.some_keys).format(names))
    said += [words.some_keys.format(_spelled(key, words)) for key in several]
    said += [words.no_key] * (NO_KEY in keys) + [words.wrong_key] * (WRONG_KEY in keys)
    return listed(said, words.either)


def calls_told(count: int, words: PlanPhrases) -> str:
    """`1 call`, `12 calls`."""
    return words.one_call if count == 1 else words.calls.format(count)


def _who(group: ChangedGroup, rule_sets: Sequence[RuleSet], words: PlanPhrases) -> Iterator[str]:
    language: Language = "nb" if words is PHRASES["nb"] else "en"
    yield numbers_told(group, rule_sets, language)
    spoken = dict.fromkeys(row.said for row in group.rows if row.said)
    if group.keys:
        yield keys_told(group.keys, language)
    elif not spoken and len(group.rows) > 1:
        yield words.whatever
    if spoken:
        yield words.saying.format(listed((f"“{one}”" for one in spoken), words.either))
    if group.answers:
        yield _answers(group.answers, words)
    if group.callers:
        yield _callers(group.callers, group.all_callers, words)
    if group.percent != 100:
        yield words.shares.get(group.percent, words.share.format(group.percent))
    yield circumstances_told(group.around, language)


def _what(told: Difference, words: PlanPhrases) -> str:
    if told.ends is not None:
        return " → ".join(_end(end, words) for end in told.ends)
    said = []
    newly, no_longer = (", ".join(prompts) for prompts in (told.newly, told.no_longer))
    if newly and no_longer:
        said.append(words.instead.format(newly, no_longer))
    elif newly:
        said.append(words.also_hears.format(newly))
    elif no_longer:
        said.append(words.no_longer_hears.format(no_longer))
    if told.language is not None:
        said.append(words.speaks.format(*(words.languages.get(one, one) for one in told.language)))
    if told.site is not None:
        said.append(words.site.format(*(site or words.unknown_site for site in told.site)))
    if told.rings is not None:
        said.append(_rings(*told.rings, words))
    if told.asked is not None:
        said.append(_asked(*told.asked, words))
    if told.shares is not None:
        said.append(shares_told(*told.shares, words))
    return ", ".join(said)


def _rings(before: RungPhone, after: RungPhone, words: PlanPhrases) -> str:
    if before.phone != after.phone:
        return words.rings.format(after, before)
    return words.rings_otherwise.format(after)


def shares_told(before: str | None, after: str | None, words: PlanPhrases) -> str:
    """How a queue is split; the account goes on where only a site's phone or its bound is another."""
    now, was = (
        words.site_of_split(shares) if shares else words.not_split for shares in (after, before)
    )
    changed = words.shares_changed.format(now, was)
    agreed = [_MORE_OF_SITE.sub("", shares or "") for shares in (before, after)]
    return changed if agreed[0] == agreed[1] else changed + words.account_anew


def _asked(before: AskedAfter | None, after: AskedAfter | None, words: PlanPhrases) -> str:
    """What is asked after the talk."""
    if after is None:
        return words.no_longer_asked.format(before)
    if before is None:
        return words.newly_asked.format(after)
    return words.asked_otherwise.format(after, before)


def _end(ends: str, words: PlanPhrases) -> str:
    return words.own_queue if ends.startswith("queue @") else ends


def _when(group: ChangedGroup, today: date | None, words: PlanPhrases) -> str:
    if today is not None:
        return when(group.when, today, words.time)
    calls = calls_told(group.count, words)
    first, last = group.first, group.last or group.first
    days = words.time.day(first) if first == last else words.time.dates(first, last)
    return f"{calls}, {days}"


def _title(number: PhoneNumber | None, rule_sets: Sequence[RuleSet], words: PlanPhrases) -> str:
    if number is None:
        return words.other_number
    titles = (one.numbers[number].title for one in reversed(rule_sets) if number in one.numbers)
    return next((title for title in titles if title), number.spaced)


def _spelled(keys: str, words: PlanPhrases) -> str:
    if not set(keys) <= _KEYS:
        return words.saying.format(f"“{keys}”")
    return " ".join(words.key_names.get(key, key) for key in keys)


def _answers(answers: Iterable[LikeAnswers | None], words: PlanPhrases) -> str:
    said = []
    some = [one for one in answers if one is not None]
    codes = sorted((int(span.first), int(span.last)) for one in some for span in one.postcodes)
    if codes:
        said.append(_postcodes(codes, words))
    is_wrong = any(one.is_wrong for one in some)
    said += [
        words.answering.format(one.question)
        for one in some
        if not one.postcodes and not one.is_wrong
    ]
    if None in set(answers):
        said.append(words.no_answer)
    elif is_wrong:
        said.append(words.wrong_answer)
    return listed(said, words.either)


def _postcodes(codes: list[tuple[int, int]], words: PlanPhrases) -> str:
    ranges: list[tuple[int, int]] = []
    for first, last in codes:
        goes_on = bool(ranges) and ranges[-1][1] + 1 == first
        ranges.append((ranges.pop()[0] if goes_on else first, last))
    if len(ranges) <= _FEW_RANGES:
        spans = (_span(first, last) for first, last in ranges)
        return words.postcodes.format(listed(spans, words.both))
    count = sum(last - first + 1 for first, last in ranges)
    return words.many_postcodes.format(count, _span(ranges[0][0], ranges[-1][1]))


def _span(first: int, last: int) -> str:
    return f"{first:04}" if first == last else f"{first:04}–{last:04}"


def _callers(callers: Sequence[Callers], others: Sequence[Callers], words: PlanPhrases) -> str:
    said = []
    left_out = [one for one in others if one not in callers]
    if left_out and Callers() in callers:
        lists = {name for one in left_out for name in (*one.before, *one.after)}
        return words.not_on_list.format(listed(sorted(lists), words.either))
    for one in callers:
        names, was = (words.both.join(lists) for lists in (one.after, one.before))
        if one.before == one.after:
            said.append(words.on_list.format(names) if names else words.on_no_list)
        else:
            gone = words.gone_from_list.format(was) if was else ""
            said.append(words.new_on_list.format(names) if names else gone)
    return listed(said, words.either)
