"""Hours, breaks, and where calls go at other times: parsed form → RuleSet."""

from __future__ import annotations

from collections.abc import Mapping

from ivr.rules.fault import FaultKind
from ivr.rules.link.references import BEFORE_A_MENU, References
from ivr.rules.model import Attendance, Break, Hours, Target, Week, WhenClosed
from ivr.rules.parsed import (
    Breaks,
    DepartmentWords,
    ElsewhereWords,
    MenuWords,
    Number,
    WhenClosedWords,
)
from ivr.rules.reading.source import WordPath


class AttendanceLink:
    """Links what numbers, menus and departments say of their hours."""

    def __init__(self, references: References, hours: Mapping[str, Hours]) -> None:
        self._references = references
        self._source = references.source
        self._hours = hours

    def of_department(self, words: DepartmentWords, path: WordPath) -> Attendance:
        closed = self._when_closed(words.closed, (*path, "closed"), None)
        return self._attended(words, path, closed, None)

    def at_times(
        self, words: Number | MenuWords, path: WordPath, language: str | None = None
    ) -> Attendance | None:
        """Of a number or a menu: None where it has no hours, and calls come in at any time."""
        if words.hours is None:
            for word in ("breaks", "closed"):
                if self._source.has((*path, word)) and not self._source.may_have((*path, "hours")):
                    message = f"`{word}` stands here without the hours that it is about"
                    hint = "write hours: office, or another name from `hours`"
                    here = (*path, word)
                    self._references.refuse(FaultKind.WORDS_TOGETHER, here, message, hint)
            return None
        if not self._source.may_have((*path, "closed")):
            message = "hours stand here without where calls go outside them"
            here, hint = (*path, "hours"), "write closed: menu night, or another destination"
            self._references.refuse(FaultKind.WORDS_TOGETHER, here, message, hint)
        closed = self._when_closed(words.closed, (*path, "closed"), language)
        return self._attended(words, path, closed, language)

    def _attended(
        self,
        words: DepartmentWords | Number | MenuWords,
        path: WordPath,
        closed: WhenClosed,
        language: str | None,
    ) -> Attendance:
        hours = self._named(words.hours, (*path, "hours"))
        breaks = self._breaks(words.breaks, (*path, "breaks"), closed, language)
        return Attendance(hours, closed, breaks)

    def _when_closed(
        self, words: WhenClosedWords | ElsewhereWords | None, path: WordPath, language: str | None
    ) -> WhenClosed:
        here = self._source.as_written((*path, "to"))
        to = words.to if words else None
        target = self._references.target(to, here, BEFORE_A_MENU, language)
        say = words.say if words else None
        return WhenClosed(say, target, self._source.key(path))

    def _breaks(
        self, written: Breaks, path: WordPath, closed: WhenClosed, language: str | None
    ) -> tuple[Break, ...]:
        found = []
        for name, words in written.items():
            here = (*path, name)
            hours = self._named(name, here, of_key=True)
            target = closed.target
            if words.to is not None:
                to = (*here, "to")
                target = self._references.target(words.to, to, BEFORE_A_MENU, language)
            else:
                target = Target(target.to, self._source.key(here), target.language)
            found.append(Break(hours, words.say, target, self._source.key(here)))
        return tuple(found)

    def _named(self, name: str | None, path: WordPath, *, of_key: bool = False) -> Hours:
        self._references.refer("hours", name, path, of_key=of_key)
        at = self._source.key(path)
        # Stands in for hours that are missing or wrong while other faults are looked for; no call meets it.
        return self._hours.get(name or "") or Hours("", Week((), (), at), (), at)
