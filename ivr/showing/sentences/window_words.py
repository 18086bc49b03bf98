"""Windows in words: days that come back, times of day, and from when until when."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time

from ivr.rules.model import Span
from ivr.rules.values.days import KindOfDay, Season
from ivr.rules.values.windows import (
    ALL_DAY,
    EVERY_DAY,
    DaySpan,
    RecurringDays,
    TimeStretch,
    When,
    WhileOpen,
    Window,
)
from ivr.showing.sentences.notation import clock, end_of_day

_MOST_SPANS = 4


@dataclass(frozen=True, slots=True)
class Phrases:
    """How a language says it. `weekdays` has sets of days that have a name of their own."""

    weekdays: Mapping[frozenset[int], str]
    weekday: Sequence[str]
    weekdays_between: str
    every_day: str
    all_day: str
    now_on: str
    from_on: str
    on_the_day: str
    until: str
    joined: str
    not_on: str
    neither: str
    also_on: str
    only: str
    within: str
    a_weekday: Sequence[str]
    day_name: Sequence[str]
    a_working_day: str
    a_weekday_between: str
    stretch: str
    more_days: str
    while_open: str
    while_closed: str
    kind: Callable[[KindOfDay], str]
    day: Callable[[date], str]
    dates: Callable[[date, date], str]


def when(windows: Iterable[When], today: date, phrases: Phrases) -> str:
    """All the windows, one after another; what begins today or before is said to be so from now on.

    Of windows that have the same frame and leave out the same days, that is said once.
    """
    framed: dict[object, list[Window]] = {}
    said: list[str | list[Window]] = []
    for one in windows:
        if isinstance(one, TimeStretch):
            said.append(_stretch(one, today, phrases))
        elif isinstance(one, WhileOpen):
            said.append(_while_open(one, today, phrases))
        elif _has_pattern(one.days):
            frame = (
                one.days.first,
                one.days.last,
                _left_out(one.days),
                one.days.without,
                one.days.also,
            )
            if frame not in framed:
                said.append(framed.setdefault(frame, []))
            framed[frame].append(one)
        else:
            said.append(_every_day(one, today, phrases))
    return "; ".join(
        one if isinstance(one, str) else _recurring_together(one, today, phrases) for one in said
    )


def listed(words: Iterable[str], joined: str) -> str:
    """`a, b and c`, with ` and ` as `joined`."""
    *head, last = words
    return f"{', '.join(head)}{joined}{last}" if head else last


def _while_open(one: WhileOpen, today: date, phrases: Phrases) -> str:
    said = (phrases.while_open if one.is_open else phrases.while_closed).format(one.department)
    return ", ".join(filter(None, (said, _frame(one.first, one.last, today, phrases))))


def _has_pattern(days: RecurringDays) -> bool:
    return bool(days.but or days.without or days.also) or days.weekdays != EVERY_DAY


def _left_out(days: RecurringDays) -> tuple[KindOfDay, ...]:
    return tuple(one.kind for one in days.but if not one.weekdays) if days.weekdays else ()


def _recurring_together(windows: list[Window], today: date, phrases: Phrases) -> str:
    """Windows in one frame."""
    days = windows[0].days
    said = ", ".join(
        f"{_recurring(one.days, phrases)} {_times(one.times, phrases)}" for one in windows
    )
    return ", ".join(
        filter(
            None, (said, _frame(days.first, days.last, today, phrases), *_exceptions(days, phrases))
        )
    )


def _frame(first: date, last: date | None, today: date, phrases: Phrases) -> str:
    """From when until when; "" for what is so from now on."""
    has_begun = first <= today
    if last is None:
        return "" if has_begun else phrases.from_on.format(phrases.day(first))
    return phrases.until.format(phrases.day(last)) if has_begun else phrases.dates(first, last)


def _stretch(one: TimeStretch, today: date, phrases: Phrases) -> str:
    begins = one.start.date() > today or one.start.time() > time(0)
    start = f"{phrases.day(one.start.date())} {clock(one.start.time())}"
    if one.end is None:
        return phrases.from_on.format(start) if begins else phrases.now_on
    end = f"{phrases.day(one.end.date())} {clock(one.end.time())}"
    return phrases.stretch.format(start, end) if begins else phrases.until.format(end)


def _every_day(one: Window, today: date, phrases: Phrases) -> str:
    """Days without a pattern: a date, some dates, from some day on."""
    days, times = one.days, _times(one.times, phrases)
    is_all_day = one.times == (ALL_DAY,)
    if days.last is None:
        if days.first <= today:
            return phrases.now_on if is_all_day else f"{phrases.every_day} {times}"
        since = phrases.from_on.format(phrases.day(days.first))
        return since if is_all_day else f"{phrases.every_day} {times}, {since}"
    if days.first == days.last:
        said = phrases.on_the_day.format(phrases.day(days.first))
    else:
        said = phrases.dates(max(days.first, today), days.last)
    return f"{said}, {times}" if is_all_day else f"{said} {times}"


def _recurring(days: RecurringDays, phrases: Phrases) -> str:
    said = [weekdays_in_words(days.weekdays, phrases)] if days.weekdays else []
    some: dict[frozenset[int], list[str]] = {}
    for one in days.but:
        if one.weekdays and isinstance(one.kind, Season):
            week = weekdays_in_words(one.weekdays, phrases)
            said.append(phrases.within.format(week, phrases.kind(one.kind)))
        elif one.weekdays == EVERY_DAY:
            said.append(phrases.kind(one.kind))
        elif one.weekdays:
            some.setdefault(one.weekdays, []).append(phrases.kind(one.kind))
    for weekdays, kinds in some.items():
        day = _one_of(weekdays, phrases)
        said.append(phrases.only.format(listed(kinds, phrases.joined), day))
    return listed(said, phrases.joined)


def _exceptions(days: RecurringDays, phrases: Phrases) -> Iterable[str]:
    left_out = [phrases.kind(kind) for kind in _left_out(days)]
    left_out += _some_spans(days.without, phrases)
    if left_out:
        yield phrases.not_on.format(listed(left_out, phrases.neither))
    if days.also:
        spans = listed(_some_spans(days.also, phrases), phrases.joined)
        yield phrases.also_on.format(spans)


def _some_spans(spans: Sequence[DaySpan], phrases: Phrases) -> list[str]:
    """The first few of them; what follows is counted."""
    said = [_dates(span, phrases) for span in spans[:_MOST_SPANS]]
    if len(spans) > _MOST_SPANS:
        days = sum((span.last - span.first).days + 1 for span in spans[_MOST_SPANS:])
        said.append(phrases.more_days.format(days))
    return said


def _dates(span: DaySpan, phrases: Phrases) -> str:
    if span.first == span.last:
        return phrases.day(span.first)
    return phrases.dates(span.first, span.last)


def weekdays_in_words(weekdays: frozenset[int], phrases: Phrases) -> str:
    """`weekdays`, `Saturdays`, `Mondays to Thursdays`."""
    if weekdays in phrases.weekdays:
        return phrases.weekdays[weekdays]
    first, last = min(weekdays), max(weekdays)
    if len(weekdays) > 2 and last - first == len(weekdays) - 1:
        return phrases.weekdays_between.format(phrases.weekday[first], phrases.weekday[last])
    return listed((phrases.weekday[one] for one in sorted(weekdays)), phrases.joined)


def _one_of(weekdays: frozenset[int], phrases: Phrases) -> str:
    """`a weekday`, `a Saturday`, `a Monday to Thursday`: what a date may fall on."""
    if weekdays == frozenset(range(5)):
        return phrases.a_working_day
    first, last = min(weekdays), max(weekdays)
    if len(weekdays) > 2 and last - first == len(weekdays) - 1:
        return phrases.a_weekday_between.format(phrases.day_name[first], phrases.day_name[last])
    return listed((phrases.a_weekday[one] for one in sorted(weekdays)), phrases.neither)


def _times(times: Iterable[Span], phrases: Phrases) -> str:
    spans = tuple(times)
    if spans == (ALL_DAY,):
        return phrases.all_day
    return listed((f"{clock(one.start)}–{end_of_day(one.end)}" for one in spans), phrases.joined)
