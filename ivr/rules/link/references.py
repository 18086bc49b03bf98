"""Names that rules give to one another: each resolves, or a fault says which does not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ivr.rules.fault import MOST_ADVICE, Fault, FaultKind, did_you_mean, fault, shown
from ivr.rules.model import (
    Destination,
    Location,
    Target,
    ToBack,
    ToDepartment,
    ToHangUp,
    ToMenu,
    ToPhone,
    ToQuestion,
    ToQueue,
    ToRefuse,
    ToRepeat,
    ToVoicemail,
)
from ivr.rules.parsed import RulesFile
from ivr.rules.reading.source import Source, WordPath
from ivr.rules.values.plain import is_name, name_meant

Kinds = tuple[type[Destination], ...]

# What may be named as a destination, by where it is named.
BEFORE_A_MENU: Kinds = (
    ToMenu,
    ToDepartment,
    ToQueue,
    ToVoicemail,
    ToPhone,
    ToQuestion,
    ToHangUp,
)
AT_ARRIVAL: Kinds = (*BEFORE_A_MENU, ToRefuse)
IN_A_MENU: Kinds = (*BEFORE_A_MENU, ToRepeat, ToBack)
IN_A_DEPARTMENT: Kinds = (ToMenu, ToQueue, ToVoicemail, ToPhone, ToHangUp)
A_QUEUE: Kinds = (ToQueue,)

# What a table of the file holds, in the words of a fault.
_NOUNS = {
    "menus": "is no menu",
    "departments": "is no department",
    "queues": "is no queue",
    "sites": "is no site",
    "hours": "are no hours",
    "voicemails": "is no voicemail, department or queue",
    "callers": "is no list of callers",
    "questions": "is no question",
    "phones": "is no phone",
    "surveys": "is no survey",
}
_IN_WORDS = {
    ToMenu: "menu",
    ToDepartment: "department",
    ToQueue: "queue",
    ToVoicemail: "voicemail",
    ToPhone: "phone",
    ToQuestion: "question",
    ToHangUp: "hangup",
    ToRefuse: "refuse",
    ToRepeat: "repeat",
    ToBack: "back",
}
# Stands in for a destination that is missing or wrong while other faults are looked for; no call
# meets it.
_NOWHERE = ToHangUp()


class References:
    """The names of a file, and the faults of those who call for others."""

    def __init__(self, parsed: RulesFile, source: Source) -> None:
        self.source = source
        self.faults: list[Fault] = []
        self.boxes_named: set[str] = set()
        self.questions_named: set[str] = set()
        self._astray = 0
        self._languages = tuple(parsed.languages)
        # Refused entries count as known: what is wrong with them has been said already.
        self._known = {section: _as_meant(source.names((section,))) for section in _NOUNS}
        self._known["voicemails"] |= self._known["departments"] | self._known["queues"]

    def known(self, section: str) -> frozenset[str]:
        return self._known[section]

    def target(
        self, to: Destination | None, path: WordPath, allowed: Kinds, language: str | None = None
    ) -> Target:
        """The target at `path`, if it is of an allowed kind and exists."""
        location = self.source.value(path)
        if to is not None and not isinstance(to, allowed):
            hint = f"use {', '.join(_IN_WORDS[kind] for kind in allowed)}"
            self.refuse(FaultKind.DESTINATION_HERE, path, f"'{to}' has no meaning here", hint)
            to = None
        if to is None or not self._exists(to, path):
            to = _NOWHERE
        return Target(to, location, language)

    def refer(
        self, section: str, name: str | None, path: WordPath, *, of_key: bool = False
    ) -> str | None:
        """`name` if there is such a thing; else None and, where a name was given, a fault."""
        known = self._known[section]
        if name is None or name in known:
            return name
        root = self.source.root.entries
        if not known and section not in root and self.source.may_have((section,)):
            return None  # the section's own word is misspelled, and that has been said
        self._astray += 1
        there_are = filter(is_name, known)  # what was refused as a name is none to use
        near = did_you_mean(name, there_are) if self._astray <= MOST_ADVICE else None
        hint = near or f"write it below `{section}`"
        if hint.startswith("known"):  # no slip of the pen: perhaps it is new
            hint = f"write it below `{section}`, or use what is {hint}"
        message = f"there {_NOUNS[section]} called {name!r}"
        self.refuse(FaultKind.REFERENCE, path, message, hint, of_key=of_key)
        return None

    def language(self, code: str | None, path: WordPath, *, of_key: bool = False) -> str | None:
        """`code` if callers may be spoken to in it; else None and, where one was given, a fault."""
        is_known = code is None or code in self._languages
        if is_known or not self.source.is_sound(("languages",)):
            return code
        message = f"the language {code!r} is not in `languages`"
        hint = f"add it there, or use {', '.join(self._languages)}"
        self.refuse(FaultKind.LANGUAGE_UNKNOWN, path, message, hint, of_key=of_key)
        return None

    def words(
        self, written: Mapping[str, Sequence[str]], path: WordPath
    ) -> dict[str, tuple[str, ...]]:
        """What may be said, by language; a fault for each language that callers are not spoken to in."""
        for language in written:
            self.language(language, (*path, language), of_key=True)
        return {language: tuple(words) for language, words in written.items()}

    def refer_each(self, section: str, names: Sequence[str], path: WordPath) -> None:
        """A fault for each name in the list at `path` that there is no such thing of, or that stands there twice."""
        for number, name in enumerate(names):
            self.refer(section, name, self.source.as_written((*path, number)))
        self.once(names, path)

    def once(self, names: Iterable[str], path: WordPath) -> None:
        """Refuse names that stand twice in the list at `path`."""
        seen: set[str] = set()
        for number, name in enumerate(names):
            if name in seen:
                message = f"{shown(name)} stands in this list twice"
                self.refuse(FaultKind.DUPLICATE_KEY, (*path, number), message, "keep one")
            seen.add(name)

    def not_empty(self, found: object, path: WordPath, example: str) -> None:
        """Refuse a table or list that has nothing in it."""
        if found in ([], {}) and not self.source.lost_inside(path):
            message = f"{path[-1]!r} is empty"
            self.refuse(FaultKind.WORD_MISSING, path, message, f"write {example}")

    def refuse(
        self,
        kind: FaultKind,
        path: WordPath,
        message: str,
        hint: str | None,
        *,
        of_key: bool = False,
    ) -> None:
        """A fault at the value at `path`, or at the word itself."""
        location = self.source.key(path) if of_key else self.source.value(path)
        self.faults.append(fault(kind, location, message, hint))

    def _exists(self, to: Destination, path: WordPath) -> bool:  # noqa: PLR0911 - a line for each
        match to:
            case ToMenu(name):
                return self.refer("menus", name, path) is not None
            case ToDepartment(name):
                return self.refer("departments", name, path) is not None
            case ToQueue(name):
                return self.refer("queues", name, path) is not None
            case ToVoicemail(name):
                self.boxes_named.add(name)
                return self.refer("voicemails", name, path) is not None
            case ToPhone(name):
                return self.refer("phones", name, path) is not None
            case ToQuestion(name):
                self.questions_named.add(name)
                return self.refer("questions", name, path) is not None
            case ToHangUp() | ToRefuse() | ToRepeat() | ToBack():
                return True


def _as_meant(names: frozenset[str]) -> frozenset[str]:
    """And what a name that was refused would be, written as names are: who calls for that is not wrong, too."""
    return names | set(filter(None, map(name_meant, names)))


def spelled_place(there: Location, here: Location) -> str:
    """The line of another location, with its file and column where the line alone does not tell it."""
    line = f"line {there.line}" if there.file == here.file else f"line {there.line} of {there.file}"
    is_same_line = there.file == here.file and there.line == here.line
    return f"{line}, column {there.column}" if is_same_line else line
