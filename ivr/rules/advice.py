"""What to write where something else was written in the place of a table, a list, a week or a destination."""

from __future__ import annotations

from collections.abc import Mapping

from ivr.rules.reading.source import Source, WordPath
from ivr.rules.reading.tree import Listing, Scalar, Table
from ivr.rules.values.destinations import TO_A_NAME
from ivr.rules.values.hours_in_one import hours_meant, hours_told
from ivr.rules.values.plain import ValueRefused, menu_key
from ivr.rules.values.recurring import is_season


class Advice:
    """Advice on what was `written` at `path`, as the rest of the rules in `source` would have it."""

    def __init__(self, path: WordPath, written: object, source: Source) -> None:
        self._path = path
        self._written = written
        self._source = source

    def list_wanted(self) -> str:
        """What to write where a list is wanted."""
        if not isinstance(self._written, Mapping) or not self._written:
            return "write it as [one, two], or with a '- ' before each"
        first, *_ = self._written
        if any(self._written.values()):
            return f"write '- ' before {first}, and what belongs to it below it, indented alike"
        return f"write [{', '.join(self._written)}], or '- {first}'"

    def table_wanted(self) -> str:
        """What to write where a table of words is wanted."""
        if self._path[:1] == ("hours",) and isinstance(self._written, str):
            return f"write {{{hours_meant(self._written)}}}"
        return self._table_meant() or "write it as {word: value}, or indented on the lines below"

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
                table = f"{self._first_language()}: [{told}]"
            case ("queues", queue, "keys") if all(map(_is_key, items)):
                return _each_leads(items, f"voicemail {queue}")
            case ("menus", _, "keys") | ("keys",) if all(map(_is_key, items)):
                return _each_leads(items, self._somewhere())
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

    def _somewhere(self) -> str:
        """A destination that these rules have: the first department, else the first queue."""
        for kind in ("department", "queue"):
            section = self._source.root.entries.get(f"{kind}s")
            if section and isinstance(section.value, Table) and section.value.entries:
                return f"{kind} {next(iter(section.value.entries))}"
        return "hangup"

    def _first_language(self) -> str:
        """The language that callers hear first in these rules."""
        entry = self._source.root.entries.get("languages")
        languages = entry.value.items if entry and isinstance(entry.value, Listing) else ()
        first = next(iter(languages), entry.value if entry else None)
        return first.text if isinstance(first, Scalar) and first.text else "nb"


def _each_leads(keys: list[str], to: str) -> str:
    return f"write each with where it leads: {{{', '.join(f'{key}: {to}' for key in keys)}}}"


def _is_key(text: str) -> bool:
    """Whether a telephone has this key."""
    try:
        menu_key(text)
    except ValueRefused:
        return False
    return True
