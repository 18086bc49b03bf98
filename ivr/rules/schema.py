"""Tree → parsed form, with every fault of words and values, each at its location in the file.

Pydantic says all that it finds; what it found is then taken out of the tree and the rest is tried
again, so that the references in the sound part are still looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Sized
from typing import Any

from pydantic import ValidationError

from ivr.rules.advice import Advice
from ivr.rules.examples import Examples
from ivr.rules.fault import Fault, FaultKind, did_you_mean, fault, shown
from ivr.rules.parsed import RulesFile, Words
from ivr.rules.reading.source import Source, WordPath
from ivr.rules.reading.tree import Listing, Scalar, TreeNode
from ivr.rules.values.duty import is_phone_code
from ivr.rules.vocabulary import homes_of, known_at, sections_of_names, takes


def parse(source: Source) -> tuple[RulesFile | None, tuple[Fault, ...]]:
    """The parsed form of what is sound, or None, and all faults. Takes what is refused out of `source`."""
    faults = list(_without_a_name(source))
    parsed: RulesFile | None = None
    while parsed is None:
        try:
            parsed = RulesFile.model_validate(source.plain())
        except ValidationError as refused:
            found = [_Refusal(error, source) for error in refused.errors(include_url=False)]
            # A word that is wrong itself need have nothing after it.
            keys = {refusal.path for refusal in found if refusal.about_key}
            found = [one for one in found if one.about_key or one.path not in keys or one.has_value]
            faults += [refusal.fault() for refusal in found]
            # From the end, so that taking one out of a list moves no other.
            taken = [refusal.take_out() for refusal in reversed(found)]
            if not any(taken):
                return None, tuple(faults)
    faults += _missing(parsed, (), source)
    return parsed, tuple(faults)


def _without_a_name(source: Source) -> Iterator[Fault]:
    """Words of an entry that stand where the names of entries stand. Takes them out."""
    for section, words in sections_of_names().items():
        table = source.table((section,))
        entries = table.entries if table else {}
        told = [
            word
            for word, one in entries.items()
            if word in words and _is_no_entry(section, word, one.value)
        ]
        if not told:
            continue
        astray = [word for word in entries if word in words]
        location = source.key((section, astray[0]))
        hint = Advice((section,), None, source).name_wanted(astray)
        message = (
            f"{shown(astray[0])} stands among the names of `{section}`, and belongs to one of them"
        )
        for word in astray:
            source.take_out((section, word))
        yield fault(FaultKind.SHAPE, location, message, hint)


def _is_no_entry(section: str, word: str, node: TreeNode) -> bool:
    """Whether this is the value of a word: an entry is a table."""
    if isinstance(node, Listing):
        items = [one.text for one in node.items if isinstance(one, Scalar)]
        return takes((section, "name"), word, items)
    return isinstance(node, Scalar)


class _Refusal:
    """One thing that pydantic refused."""

    def __init__(self, error: Mapping[str, Any], source: Source) -> None:
        location: WordPath = error["loc"]
        self.about_key = bool(location) and location[-1] == "[key]"
        self.path = source.as_written(location[:-1] if self.about_key else location)
        self._error = error
        self._source = source
        self._advice = Advice(self.path, error["input"], source)

    @property
    def has_value(self) -> bool:
        """Whether anything was written that could be wrong."""
        return bool(self._error["input"] != "")

    def take_out(self) -> bool:
        """Remove what was refused; False where it has been removed before."""
        is_unknown = self._error["type"] == "extra_forbidden"
        return self._source.take_out(self.path, is_unknown=is_unknown)

    def fault(self) -> Fault:
        kind = self._error["type"]
        if kind == "extra_forbidden":
            return self._unknown_word()
        if kind == "rules":
            return self._wrong_value()
        location = self._source.value(self.path)
        if self._error["input"] == "":
            word = self.path[-1] if self.path else "the file"
            message = f"there is nothing below {word!r}"
            return fault(FaultKind.SHAPE, location, message, "write something, or take it out")
        if kind == "list_type":
            hint = self._advice.list_wanted()
            return fault(FaultKind.SHAPE, location, "a list is wanted here", hint)
        hint = self._advice.table_wanted()
        return fault(FaultKind.SHAPE, location, "a table of words is wanted here", hint)

    def _wrong_value(self) -> Fault:
        told = self._error["ctx"]
        location = self._source.key(self.path) if self.about_key else self._source.value(self.path)
        hint: str | None = None
        if self.about_key:
            hint = self._advice.list_in_brackets() or self._advice.days_without_colon()
        elif told["kind"] is FaultKind.DESTINATION:
            hint = self._advice.whole_destination()
        elif told["kind"] is FaultKind.HOURS:
            hint = self._advice.week_of_season()
        return fault(told["kind"], location, told["message"], hint or told["hint"])

    def _unknown_word(self) -> Fault:
        word = str(self.path[-1])
        message = f"the word {shown(word)} is not known here"
        hint = self._advice.list_in_brackets() or did_you_mean(word, known_at(self.path[:-1]))
        if hint and hint.startswith("known") and (homes := homes_of(word, self.path)):
            hint = f"it belongs {' or '.join(homes)}; here are {hint}"
        elif is_phone_code(word):
            hint = f"what agents dial stands in `codes`, below `duty`: codes: {{{word}: sign in}}"
        return fault(FaultKind.UNKNOWN_WORD, self._source.key(self.path), message, hint)


def _missing(node: object, path: WordPath, source: Source) -> Iterator[Fault]:
    if isinstance(node, Words):
        for name, field in type(node).model_fields.items():
            word = field.alias or name
            here = (*path, word)
            value = getattr(node, name)
            if value is None and word in node.needed and not source.may_have(here):
                hint = f"write {Examples(source).with_names(node.needed[word])}"
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
