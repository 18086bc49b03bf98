"""Tree → parsed form, with every fault of words and values, each at its location in the file.

Pydantic says all that it finds; what it found is then taken out of the tree and the rest is tried
again, so that the references in the sound part are still looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Sized
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import ValidationError

from ivr.rules.fault import Fault, FaultKind, did_you_mean, fault, shown
from ivr.rules.parsed import RulesFile, Words
from ivr.rules.reading.source import Source, WordPath
from ivr.rules.reading.tree import Listing, Scalar, Table
from ivr.rules.values.destinations import TO_A_NAME
from ivr.rules.values.hours_in_one import hours_meant, hours_told
from ivr.rules.values.plain import ValueRefused, menu_key
from ivr.rules.values.recurring import is_season


def parse(source: Source) -> tuple[RulesFile | None, tuple[Fault, ...]]:
    """The parsed form of what is sound, or None, and all faults. Takes what is refused out of `source`."""
    faults: list[Fault] = []
    parsed: RulesFile | None = None
    while parsed is None:
        try:
            parsed = RulesFile.model_validate(source.plain())
        except ValidationError as refused:
            found = [_Refusal(error, source) for error in refused.errors(include_url=False)]
            faults += [refusal.fault() for refusal in found]
            # From the end, so that taking one out of a list moves no other.
            taken = [source.take_out(refusal.path) for refusal in reversed(found)]
            if not any(taken):
                return None, tuple(faults)
    faults += _missing(parsed, (), source)
    return parsed, tuple(faults)


class _Refusal:
    """One thing that pydantic refused."""

    def __init__(self, error: Mapping[str, Any], source: Source) -> None:
        location: WordPath = error["loc"]
        self._about_key = bool(location) and location[-1] == "[key]"
        self.path = source.as_written(location[:-1] if self._about_key else location)
        self._error = error
        self._source = source

    def fault(self) -> Fault:
        kind = self._error["type"]
        if kind == "extra_forbidden":
            return self._unknown_word()
        if kind == "rules":
            told = self._error["ctx"]
            location = (
                self._source.key(self.path) if self._about_key else self._source.value(self.path)
            )
            hint = self._whole_destination() if told["kind"] is FaultKind.DESTINATION else None
            if told["kind"] is FaultKind.HOURS:
                hint = self._week_of_season()
            if self._about_key:
                hint = self._list_in_brackets()
            return fault(told["kind"], location, told["message"], hint or told["hint"])
        location = self._source.value(self.path)
        if self._error["input"] == "":
            word = self.path[-1] if self.path else "the file"
            return fault(
                FaultKind.SHAPE,
                location,
                f"there is nothing below {word!r}",
                "write something, or take it out",
            )
        wanted = "a list" if kind == "list_type" else "a table of words"
        return fault(FaultKind.SHAPE, location, f"{wanted} is wanted here", self._shape_hint(kind))

    def _week_of_season(self) -> str | None:
        """What to write where days stand before the times of a season: a week of its own."""
        written = self._error["input"]
        match self.path:
            case ("hours", _, str(days), *_) if is_season(days) and isinstance(written, str):
                week = hours_told(written)
                return f"write {{{week}}}" if week else None
            case _:
                return None

    def _whole_destination(self) -> str | None:
        """What to write where a name stands alone, and something is called so."""
        named = self._error["input"]
        sections = {kind: self._source.root.entries.get(f"{kind}s") for kind in TO_A_NAME}
        found = [
            f"{kind} {named}"
            for kind, section in sections.items()
            if section and isinstance(section.value, Table) and named in section.value.entries
        ]
        return f"write {' or '.join(found)}" if found else None

    def _unknown_word(self) -> Fault:
        word = str(self.path[-1])
        location = self._source.key(self.path)
        model = _model_at(self.path[:-1])
        known = [field.alias or name for name, field in model.model_fields.items()]
        message = f"the word {shown(word)} is not known here"
        hint = self._list_in_brackets() or did_you_mean(word, known)
        if (
            hint
            and hint.startswith("known")
            and (homes := _beside(word, self.path) or _homes(word))
        ):
            hint = f"it belongs {' or '.join(homes)}; here are {hint}"
        return fault(FaultKind.UNKNOWN_WORD, location, message, hint)

    def _shape_hint(self, kind: str) -> str:
        written = self._error["input"]
        if kind != "list_type":
            if self.path[:1] == ("hours",) and isinstance(written, str):
                return f"write {{{hours_meant(written)}}}"
            return self._table_meant(written) or (
                "write it as {word: value}, or indented on the lines below"
            )
        if not isinstance(written, Mapping) or not written:
            return "write it as [one, two], or with a '- ' before each"
        first, *_ = written
        if any(written.values()):
            return f"write '- ' before {first}, and what belongs to it below it, indented alike"
        return f"write [{', '.join(written)}], or '- {first}'"

    def _table_meant(self, written: object) -> str | None:
        """The table itself, where what was written shows what belongs into it."""
        items = [written] if isinstance(written, str) else written
        if not (
            items and isinstance(items, list) and all(isinstance(one, str) and one for one in items)
        ):
            return None
        told = ", ".join(items)
        match self.path:
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

    def _list_in_brackets(self) -> str | None:
        """What to write where `queues: a, b` stands within {}: there a comma ends the value, and b is a word."""
        table = self._source.table(self.path[:-1])
        words = list(table.entries) if table else []
        if table is None or self.path[-1] not in words:
            return None
        here = words.index(str(self.path[-1]))
        values = [entry.value for entry in table.entries.values()]
        blank = [isinstance(value, Scalar) and not value.text and value.plain for value in values]
        first = next((n for n in range(here, -1, -1) if not blank[n]), None)
        if not blank[here] or first is None or not isinstance(before := values[first], Scalar):
            return None
        last = next((n for n in range(here, len(words)) if not blank[n]), len(words))
        return f"for a list, write {words[first]}: [{', '.join([before.text, *words[first + 1 : last]])}]"


def _each_leads(keys: list[str], to: str) -> str:
    return f"write each with where it leads: {{{', '.join(f'{key}: {to}' for key in keys)}}}"


def _is_key(text: str) -> bool:
    """Whether a telephone has this key."""
    try:
        menu_key(text)
    except ValueRefused:
        return False
    return True


def _beside(word: str, path: WordPath) -> list[str]:
    """Where a word belongs within the same section: `holidays.open` has `hours`, and `holidays.closed` has none."""
    section = RulesFile.model_fields.get(str(path[0]))
    words = _model_in(section.annotation) if section and len(path) > 2 else None
    lists = words.model_fields if words else {}
    within = {
        field.alias or name: _model_in(_inner(field.annotation)) for name, field in lists.items()
    }
    return [
        f"to an entry of `{path[0]}.{name}`"
        for name, model in within.items()
        if model and word in {field.alias or one for one, field in model.model_fields.items()}
    ]


def _homes(word: str) -> list[str]:
    """Where a word belongs that stands where it does not."""
    top = {field.alias or name: field for name, field in RulesFile.model_fields.items()}
    models = {name: _model_in(_inner(field.annotation)) for name, field in top.items()}
    homes = [
        f"to an entry of `{name}`"
        for name, model in models.items()
        if model and word in {field.alias or one for one, field in model.model_fields.items()}
    ]
    return [*(["at the outer edge of the file"] if word in top else []), *homes]


def _model_at(path: WordPath) -> type[Words]:
    """The model that reads the table at `path`."""
    kind: object = RulesFile
    for part in path:
        model = _model_in(kind)
        if model is not None:
            fields = {field.alias or name: field for name, field in model.model_fields.items()}
            kind = fields[str(part)].annotation
        else:
            kind = _inner(kind)
    return _model_in(kind) or RulesFile


def _model_in(kind: object) -> type[Words] | None:
    for candidate in _unwrapped(kind):
        if isinstance(candidate, type) and issubclass(candidate, Words):
            return candidate
    return None


def _inner(kind: object) -> object:
    """What a dict's values or a list's items are."""
    for candidate in _unwrapped(kind):
        if get_origin(candidate) in {dict, list}:
            return get_args(candidate)[-1]
    return kind


def _unwrapped(kind: object) -> list[object]:
    if get_origin(kind) is Annotated:
        return _unwrapped(get_args(kind)[0])
    if get_origin(kind) in {Union, UnionType}:
        return [one for part in get_args(kind) for one in _unwrapped(part)]
    return [kind]


def _missing(node: object, path: WordPath, source: Source) -> Iterator[Fault]:
    if isinstance(node, Words):
        for name, field in type(node).model_fields.items():
            word = field.alias or name
            here = (*path, word)
            value = getattr(node, name)
            if value is None and word in node.needed and not source.may_have(here):
                hint = f"write {node.needed[word]}"
                location = source.key(source.as_written(path))
                yield fault(
                    FaultKind.WORD_MISSING,
                    location,
                    f"the word {word!r} is missing {_below(path)}",
                    hint,
                )
            yield from _missing(value, here, source)
    elif isinstance(node, Mapping):
        yield from _empty(node, path, source)
        for word, value in node.items():
            yield from _missing(value, (*path, word), source)
    elif isinstance(node, Sequence) and not isinstance(node, str):
        yield from _empty(node, path, source)
        for number, value in enumerate(node):
            yield from _missing(value, (*path, number), source)


def _empty(node: Sized, path: WordPath, source: Source) -> Iterator[Fault]:
    """A list or table that was written, and has nothing in it."""
    written = source.as_written(path)
    if not node and source.has(written) and not source.lost_inside(written):
        message = f"{written[-1]!r} is empty, which is as if it were not there"
        hint = "write what belongs there, or take it out"
        yield fault(FaultKind.EMPTY_LIST, source.value(written), message, hint)


def _below(path: WordPath) -> str:
    return f"in {'.'.join(map(str, path))}" if path else "in the file"
