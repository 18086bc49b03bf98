"""What to write where something else was written in the place of a table, a list, a week or a destination."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ivr.rules.examples import Examples
from ivr.rules.reading.source import Source, WordPath
from ivr.rules.reading.tree import Scalar, Table, TreeNode
from ivr.rules.values.destinations import TO_A_NAME
from ivr.rules.values.hours_in_one import hours_meant, hours_told
from ivr.rules.values.plain import ValueRefused, is_name, menu_key
from ivr.rules.values.recurring import is_season
from ivr.rules.values.times import day_or_year_day
from ivr.rules.vocabulary import needed_at, takes, words_that_take

_ANY_TABLE = "write it as {word: value}, or indented on the lines below"
_BETWEEN_DAYS = re.compile(r"\s*[,;]\s*(?=[^\W\d])|\s+(?:og|and)\s+(?=[^\W\d])")
_REMARK = re.compile(r" \([^()]*\)\Z")
_NAMES = {
    "numbers": "+47 55 30 10 00", "callers": "vip", "menus": "main", "questions": "postnummer", "sites": "bergen",
    "departments": "faktura", "queues": "faktura", "voicemails": "faktura", "phones": "vakt", "agents": "kari",
    "surveys": "short",
}  # fmt: skip
"""A name for something of each section."""
_SHORT_FOR = {"numbers": "to", "callers": "numbers", "phones": "phone"}
"""The word that may be left out where it stands alone."""


class Advice:
    """Advice on what was `written` at `path`, as the rest of the rules in `source` would have it."""

    def __init__(self, path: WordPath, written: object, source: Source) -> None:
        self._path = path
        self._written = written
        self._source = source
        self._examples = Examples(source)

    def list_wanted(self) -> str:
        """What to write where a list is wanted."""
        item = (*self._path, 0)
        if isinstance(self._written, Mapping) and self._written:
            return self._list_of_table(item, self._written)
        entry = self._entry(item, self._written) if isinstance(self._written, str) else None
        return f"write [{entry}]" if entry else "write it as [one, two], or with a '- ' before each"

    def _list_of_table(self, item: WordPath, written: Mapping[str, object]) -> str:
        first, *_ = written
        if self._path[:1] == ("holidays",) and _is_day(first):
            return f"write [{', '.join(self._days_of(written))}]"
        if needed_at(item) and all(isinstance(one, Mapping) for one in written.values()):
            return f"a list has no names: write '- ' in place of {first!r} and its colon"
        if needed_at(item) or self._path[:1] == ("holidays",):
            return f"write [{self._completed(item, written)}]"
        if any(written.values()):
            return f"write '- ' before {first}, and what belongs to it below it, indented alike"
        return f"write [{', '.join(written)}], or '- {first}'"

    def table_wanted(self) -> str:
        """What to write where a table of words is wanted."""
        if self._path[:1] == ("hours",) and (week := self._week()):
            return f"write {{{week}}}"
        if meant := self._table_meant():
            return meant
        if isinstance(self._written, list) and all(
            isinstance(one, Mapping) for one in self._written
        ):
            merged = {word: value for one in self._written for word, value in one.items()}
            return f"write {_flow(merged)}" if merged else _ANY_TABLE
        if isinstance(self._written, str) and (entry := self._entry(self._path, self._written)):
            return f"write {entry}"
        return self._names_wanted() or _ANY_TABLE

    def name_wanted(self, astray: list[str]) -> str:
        """What to write where words of an entry stand in its section, without the name of the entry, or beside it."""
        section = str(self._path[0])
        table = self._source.table((section,))
        entries = table.entries if table else {}
        told = ", ".join(f"{word}: {_shown_in_short(entries[word].value)}" for word in astray)
        names = list(entries)
        before = [name for name in names[: names.index(astray[0])] if name not in astray]
        if not before:
            return f"write a name before it: {{{_NAMES[section]}: {{{told}}}}}"
        if isinstance(entries[before[-1]].value, Table) or section not in _SHORT_FOR:
            return f"indent it as what belongs to {before[-1]}"
        return f"write {before[-1]}: {{{_SHORT_FOR[section]}: …, {told}}}"

    def days_without_colon(self) -> str | None:
        """What to write where `{mon-thu 08:00-15:00}` has no colon between days and times."""
        if self._path[:1] != ("hours",) or not self.is_blank():
            return None
        told = hours_told(str(self._path[-1]))
        return f"write {told}, with a colon between" if told else None

    def is_blank(self) -> bool:
        """Whether nothing stands after the word at this path."""
        table = self._source.table(self._path[:-1])
        entry = table.entries.get(str(self._path[-1])) if table else None
        return entry is not None and isinstance(entry.value, Scalar) and not entry.value.text

    def week_of_season(self) -> str | None:
        """What to write where days stand before the times of a season: a week of its own."""
        match self._path:
            case ("hours", _, str(days), *_) if is_season(days) and isinstance(self._written, str):
                week = hours_told(self._written)
                return f"write {{{week}}}" if week else None
            case _:
                return None

    def whole_destination(self) -> str | None:
        """What to write where a name stands alone, and something is called so."""
        sections = {kind: self._source.root.entries.get(f"{kind}s") for kind in TO_A_NAME}
        found = [
            f"{kind} {self._written}"
            for kind, section in sections.items()
            if section
            and isinstance(section.value, Table)
            and self._written in section.value.entries
        ]
        return f"write {' or '.join(found)}" if found else None

    def list_in_brackets(self) -> str | None:
        """What to write where `queues: a, b` stands within {}: there a comma ends the value, and b is a word."""
        table = self._source.table(self._path[:-1])
        words = list(table.entries) if table else []
        if table is None or self._path[-1] not in words:
            return None
        here = words.index(str(self._path[-1]))
        values = [entry.value for entry in table.entries.values()]
        blank = [isinstance(value, Scalar) and not value.text and value.plain for value in values]
        first = next((n for n in range(here, -1, -1) if not blank[n]), None)
        if not blank[here] or first is None or not isinstance(before := values[first], Scalar):
            return None
        last = next((n for n in range(here, len(words)) if not blank[n]), len(words))
        return f"for a list, write {words[first]}: [{', '.join([before.text, *words[first + 1 : last]])}]"

    def _table_meant(self) -> str | None:
        """The table itself, where what was written shows what belongs into it."""
        items = [self._written] if isinstance(self._written, str) else self._written
        if not (
            items and isinstance(items, list) and all(isinstance(one, str) and one for one in items)
        ):
            return None
        told = ", ".join(items)
        match self._path:
            case (*_, "words"):
                table = f"{self._examples.first_language()}: [{told}]"
            case ("queues", queue, "keys") if all(map(_is_key, items)):
                return _each_leads(items, f"voicemail {queue}")
            case ("menus", _, "keys") | ("keys",) if all(map(_is_key, items)):
                return _each_leads(items, self._examples.somewhere())
            case (*_, "skills"):
                table = ", ".join(f"{one}: 2" for one in items)
            case (*_, "breaks"):
                table = ", ".join(f"{one}: {{say: closed.{one}}}" for one in items)
            case ("sites", _, "departments", _):
                table = f"local: {told}"
            case ("holidays", "closed", _):
                table = f"day: {told}"
            case _:
                return None
        return f"write {{{table}}}"

    def _week(self) -> str | None:
        """The days and times of a week that stand in one text, or in the items of a list."""
        if isinstance(self._written, str):
            parts = _BETWEEN_DAYS.split(self._written.strip())
            told = [hours_told(part) for part in parts]
            return ", ".join(map(str, told)) if all(told) else hours_meant(self._written)
        if isinstance(self._written, list) and all(isinstance(one, str) for one in self._written):
            told = [hours_told(one) for one in self._written]
            return ", ".join(map(str, told)) if told and all(told) else None
        return None

    def _entry(self, path: WordPath, value: str) -> str | None:
        """A table of words in which this value stands where it may; None where it may stand nowhere."""
        words = words_that_take(path, value)
        return self._completed(path, {words[0]: value}) if words else None

    def _completed(self, path: WordPath, written: Mapping[str, object]) -> str:
        """The table with what is right of it, and examples of what it must have and has not."""
        right = {word: value for word, value in written.items() if takes(path, word, value)}
        needed = {word: one for word, one in needed_at(path).items() if word not in right}
        if path[:1] == ("holidays",) and not right.keys() & {"day", "from", "to"}:
            needed = {"day": "day: 2026-12-24", **needed}
        parts = [f"{word}: {_flow(value)}" for word, value in right.items()]
        examples = [_REMARK.sub("", self._examples.with_names(one)) for one in needed.values()]
        together = [*examples, *parts] if "day" in needed else [*parts, *examples]
        return f"{{{', '.join(together)}}}"

    def _days_of(self, days: Mapping[str, object]) -> list[str]:
        """Entries of `holidays` where the days stand as names."""
        item = (*self._path, 0)
        entries = []
        for day, value in days.items():
            words = [one for one in words_that_take(item, value) if one != "day"]
            entries.append(
                self._completed(item, {"day": day, **({words[0]: value} if words else {})})
            )
        return entries

    def _names_wanted(self) -> str | None:
        """What to write in a section where names are wanted, and names alone or none stand."""
        items = [self._written] if isinstance(self._written, str) else self._written
        if len(self._path) != 1 or not isinstance(items, list) or not items:
            return None
        path: WordPath = (*self._path, "name")
        if not all(isinstance(one, str) and is_name(one) for one in items):
            name = _NAMES.get(str(self._path[0]))
            return f"write a name before it: {{{name}: …}}" if name else None
        if not needed_at(path):
            return None
        return f"write {{{', '.join(f'{one}: {self._completed(path, {})}' for one in items)}}}"


def _each_leads(keys: list[str], to: str) -> str:
    return f"write each with where it leads: {{{', '.join(f'{key}: {to}' for key in keys)}}}"


def _flow(value: object) -> str:
    """A value as it stands on one line."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{word}: {_flow(one)}' for word, one in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_flow, value))}]"
    text = str(value)
    return f'"{text}"' if re.search(r"[,\[\]{}#]|: ", text) else text


def _shown_in_short(node: TreeNode) -> str:
    """A value where it is short, and no number: findings are logged."""
    is_short = isinstance(node, Scalar) and len(node.text) <= 40
    digits = sum(sign.isdigit() for sign in node.text) if isinstance(node, Scalar) else 0
    return _flow(node.text) if isinstance(node, Scalar) and is_short and digits <= 6 else "…"


def _is_day(text: str) -> bool:
    return _is_read(day_or_year_day, text)


def _is_key(text: str) -> bool:
    """Whether a telephone has this key."""
    return _is_read(menu_key, text)


def _is_read(convert: Callable[[str], object], text: str) -> bool:
    try:
        convert(text)
    except ValueRefused:
        return False
    return True
