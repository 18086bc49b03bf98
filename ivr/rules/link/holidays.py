"""The days that are not like others: parsed form → RuleSet."""

from __future__ import annotations

from datetime import date

from ivr.rules.fault import FaultKind
from ivr.rules.link.references import References
from ivr.rules.model import ClosedPeriod, Holidays, HolidayScope, OpenPeriod, ShortDay
from ivr.rules.parsed import Closed, HolidayWords, OpenWords
from ivr.rules.reading.source import WordPath
from ivr.rules.values import times
from ivr.rules.values.days import DatePeriod, YearDay

_DAYS_EXAMPLE = "day: 2026-12-24, or from: 2026-07-13 and to: 2026-07-31"


def link_holidays(words: HolidayWords | None, references: References) -> Holidays:
    """The holidays; none where the file names none."""
    if words is None:
        return Holidays(None, (), (), (), None)
    short_days = []
    for text, until in words.short_days.items():
        location = references.source.key(("holidays", "short_days", text))
        short_days.append(ShortDay(times.year_day(text), until, location))
    linking = _Periods(references)
    return Holidays(
        public=words.public,
        short_days=tuple(short_days),
        closed=tuple(linking.closed(n, period) for n, period in enumerate(words.closed)),
        opened=tuple(linking.opened(n, period) for n, period in enumerate(words.opened)),
        at=references.source.key(("holidays",)),
    )


class _Periods:
    def __init__(self, references: References) -> None:
        self._references = references
        self._source = references.source

    def closed(self, number: int, words: Closed) -> ClosedPeriod:
        path: WordPath = ("holidays", "closed", number)
        days = self._days(words, path)
        named = self._scope(words, path, "closed")
        return ClosedPeriod(days, named, words.say, self._source.value(path))

    def opened(self, number: int, words: OpenWords) -> OpenPeriod:
        path: WordPath = ("holidays", "open", number)
        days = self._days(words, path)
        self._references.not_empty(words.hours, (*path, "hours"), words.needed["hours"])
        named = self._scope(words, path, "open")
        return OpenPeriod(days, tuple(words.hours or ()), named, self._source.value(path))

    def _days(self, words: Closed | OpenWords, path: WordPath) -> DatePeriod | YearDay:
        written = [word for word in ("day", "from", "to") if self._source.may_have((*path, word))]
        if "day" in written and len(written) > 1:
            message = f"`day` is one day, and `{written[1]}` belongs to a period"
            self._refuse(FaultKind.WORDS_TOGETHER, (*path, written[1]), message)
        elif not written:
            self._refuse(FaultKind.WORD_MISSING, path, "the days are missing")
        elif len(written) == 1 and "day" not in written:
            other = "to" if written == ["from"] else "from"
            message = f"the word {other!r} is missing beside {written[0]!r}"
            self._refuse(FaultKind.WORD_MISSING, path, message)
        if isinstance(words.day, YearDay):
            return words.day
        first = words.first or words.day or words.last or date.max
        last = words.last or first
        if first > last:
            hint = "write the later day as `to`"
            message = f"{last} is before {first}"
            self._references.refuse(FaultKind.DATE, (*path, "to"), message, hint)
        return DatePeriod(first, last)

    def _scope(self, words: Closed | OpenWords, path: WordPath, what: str) -> HolidayScope:
        here = (*path, "departments")
        self._references.refer_each("departments", words.departments or (), here)
        if words.departments == [] and not self._source.lost_inside(here):
            hint = f"take the word out: then all are {what}"
            self._references.refuse(FaultKind.SHAPE, here, "no department is named", hint)
        self._references.refer_each("sites", words.sites or (), (*path, "sites"))
        return HolidayScope(frozenset(words.departments or ()), frozenset(words.sites or ()))

    def _refuse(self, kind: FaultKind, path: WordPath, message: str) -> None:
        self._references.refuse(kind, path, message, f"write {_DAYS_EXAMPLE}", of_key=True)
