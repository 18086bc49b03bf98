"""A name, everywhere it stands: in the rules, in what they include, and in their tests.

The text is edited at the very places of the name, so comments and layout stay. Whether the rules mean the same
after it is for `same_but_for` to say: what was not followed is found there, never by a caller.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, fields, is_dataclass

from ivr.errors import IvrError
from ivr.rules.fault import did_you_mean
from ivr.rules.model import Location
from ivr.rules.reading.tree import Listing, Scalar, Table, TreeNode
from ivr.rules.values.plain import ValueRefused
from ivr.rules.values.plain import name as name_value

SECTIONS: Mapping[str, str] = {
    "queue": "queues",
    "department": "departments",
    "site": "sites",
    "menu": "menus",
    "question": "questions",
    "agent": "agents",
    "voicemail": "voicemails",
    "callers": "callers",
    "hours": "hours",
    "phone": "phones",
}
_BOXES = ("voicemails", "departments", "queues")

# Where a name stands alone, by section: the words on the way to it, a star for any word. Lists do not count.
_AS_KEY = {
    "departments": (("sites", "*", "departments"),),
    "sites": (("queues", "*", "split"),),
    "hours": (("*", "*", "breaks"),),
}
_AS_VALUE = {
    "queues": (("agents", "*", "queues"),),
    "departments": (("holidays", "*", "departments"),),
    "sites": (
        ("numbers", "*", "site"),
        ("callers", "*", "site"),
        ("agents", "*", "site"),
        ("notices", "sites"),
        ("holidays", "*", "sites"),
        ("tests", "expect", "site"),
    ),
    "phones": (("sites", "*", "phone"),),
    "callers": (("departments", "*", "first_in_line"),),
    "hours": (("*", "*", "hours"), ("callback", "hours")),
}
# What people read or hear; a `queue bergen` in it is prose.
_PROSE = frozenset({"name", "words", "say"})
_LINE = re.compile("[^\n\r\x85\u2028\u2029]*(?:\r\n|[\n\r\x85\u2028\u2029]|\\Z)")

_Place = tuple[str, ...]


class RenameRefused(IvrError):
    """A name that cannot be given, or a place that cannot be followed."""


@dataclass(frozen=True, slots=True)
class Renaming:
    """A name of `kind` (a word of SECTIONS) that is `old` and shall be `new`.

    With `also_box` its voicemail bears the name, too.
    """

    kind: str
    old: str
    new: str
    also_box: bool = False

    @property
    def section(self) -> str:
        return SECTIONS[self.kind]

    def mentions(self, tree: Table) -> Iterator[Scalar]:
        """Each place of the name, in the order of the file."""
        for place, word, is_key in words_in(tree):
            if self._is_mention(place, word.text, is_key=is_key):
                yield word

    def _is_mention(self, place: _Place, text: str, *, is_key: bool) -> bool:
        if text == self.old:
            alone = (_AS_KEY if is_key else _AS_VALUE).get(self.section, ())
            at_home = is_key and place == (self.section,)
            return at_home or any(_fits(place, pattern) for pattern in alone)
        if is_key and place != ("tests", "given"):
            return False
        return text in self._two_words() and not _is_prose(place)

    def _two_words(self) -> set[str]:
        boxes = {f"voicemail {self.old}"} if self.also_box else set()
        return {f"{self.kind} {self.old}"} | boxes


def renaming(kind: str, old: str, new: str, trees: Iterable[Table]) -> Renaming:
    """The renaming, if it can be. Raises RenameRefused with what to write instead."""
    trees = list(trees)
    section = SECTIONS[kind]
    known = {one: set(_names(trees, one)) for one in {section, *_BOXES}}
    if old not in known[section]:
        hint = did_you_mean(old, known[section]) or f"nothing stands below `{section}`"
        if kind == "voicemail" and old in known["departments"] | known["queues"]:
            of = "department" if old in known["departments"] else "queue"
            hint = f"that voicemail is named after a {of}: rename the {of}"
        message = f"there is no {kind} called {old!r}; {hint}"
        raise RenameRefused(message)
    try:
        name_value(new)
    except ValueRefused as refused:
        message = f"{refused.message}; {refused.hint}"
        raise RenameRefused(message) from refused
    if new == old or new in known[section]:
        message = f"the name {new!r} is taken by another {kind}; choose one that is free"
        raise RenameRefused(message if new != old else f"the {kind} is called {old!r} already")
    also_box = _owner(old, known) == section
    _refuse_another_box(Renaming(kind, old, new, also_box), known, trees)
    return Renaming(kind, old, new, also_box)


def edited(text: bytes, words: Iterable[Scalar], one: Renaming) -> bytes:
    """The text with the name changed in these words, which end in it; all else stays, byte by byte.

    Raises RenameRefused where a word is written in a way that cannot be followed.
    """
    lines = [found[0] for found in _LINE.finditer(text.decode("utf-8"))]
    for word in sorted(words, key=lambda word: (word.line, word.column), reverse=True):
        line = lines[word.line - 1]
        start = word.column - 1 + (not word.plain)
        end = start + len(word.text)
        if unicodedata.normalize("NFC", line)[start:end] != word.text:
            message = (
                f"{word.file}:{word.line}: {word.text!r} is written in a way that cannot be followed; "
                "write it on one line, without escapes"
            )
            raise RenameRefused(message)
        cut, rest = _as_written(line, end - len(one.old)), _as_written(line, end)
        lines[word.line - 1] = line[:cut] + one.new + line[rest:]
    return "".join(lines).encode("utf-8")


def same_but_for(  # noqa: PLR0911 - a line for each shape
    before: object, after: object, one: Renaming
) -> bool:
    """Whether two rule sets, or parts of them, differ in nothing but the name and where things stand."""
    if type(before) is not type(after):
        return False
    if isinstance(before, Location):
        return True
    if isinstance(before, str):
        return after in (before, one.new if before == one.old else before)
    if is_dataclass(before):
        names = [field.name for field in fields(before) if field.name != "revision"]
        return all(same_but_for(getattr(before, it), getattr(after, it), one) for it in names)
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return len(before) == len(after) and all(
            (there := key if key in after else one.new if key == one.old else key) in after
            and same_but_for(value, after[there], one)
            for key, value in before.items()
        )
    if isinstance(before, AbstractSet):
        renamed = {one.new if it == one.old else it for it in before}
        return after in (before, renamed)
    if isinstance(before, tuple | list) and isinstance(after, tuple | list):
        return len(before) == len(after) and all(
            same_but_for(this, that, one) for this, that in zip(before, after, strict=True)
        )
    return before == after


def _names(trees: Iterable[Table], section: str) -> Iterator[str]:
    for tree in trees:
        found = tree.entries.get(section)
        if found is not None and isinstance(found.value, Table):
            yield from found.value.entries


def _owner(name: str, known: Mapping[str, set[str]]) -> str | None:
    """Whose `voicemail NAME` is: a voicemail goes before a department, a department before a queue."""
    return next((one for one in _BOXES if name in known[one]), None)


def _refuse_another_box(
    one: Renaming, known: Mapping[str, set[str]], trees: Iterable[Table]
) -> None:
    """No voicemail that the rules name becomes another's by the new name."""
    owner = _owner(one.new, known)
    if one.section not in _BOXES or owner is None:
        return
    goes_before = _BOXES.index(one.section) < _BOXES.index(owner)
    lost = one.new if goes_before else one.old
    if (goes_before or one.also_box) and any(_names_box(tree, lost) for tree in trees):
        message = f"`voicemail {lost}` in the rules would become another's; choose another name than {one.new!r}"
        raise RenameRefused(message)


def _names_box(tree: Table, name: str) -> bool:
    wanted = f"voicemail {name}"
    return any(word.text == wanted and not _is_prose(at) for at, word, _ in words_in(tree))


def words_in(node: TreeNode, place: _Place = ()) -> Iterator[tuple[_Place, Scalar, bool]]:
    """Each word, the words on the way to it, and whether it is a key."""
    if isinstance(node, Scalar):
        yield place, node, False
    elif isinstance(node, Listing):
        for item in node.items:
            yield from words_in(item, place)
    else:
        for pair in node.entries.values():
            yield place, pair.key, True
            yield from words_in(pair.value, (*place, pair.key.text))


def _fits(place: _Place, pattern: _Place) -> bool:
    return len(place) == len(pattern) and all(
        wanted in ("*", word) for word, wanted in zip(place, pattern, strict=True)
    )


def _is_prose(place: _Place) -> bool:
    return place[-1:] == ("say",) or (place[-1:] == ("name",)) or bool(_PROSE & set(place[2:3]))


def _as_written(line: str, column: int) -> int:
    """Where a column of the composed line is in the line as it was written."""
    return next(
        place
        for place in range(len(line) + 1)
        if (place == len(line) or not unicodedata.combining(line[place]))
        and len(unicodedata.normalize("NFC", line[:place])) == column
    )
