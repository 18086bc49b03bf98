"""Parsed form → RuleSet: every name resolves, or a fault says which does not and what it may have meant.

The RuleSet is made as far as it goes even where there are faults, so that the checks after it can
tell theirs in the same breath; `load` gives it out only when there are none.
"""

from __future__ import annotations

from collections.abc import Mapping

from ivr.numbers import PhoneNumber
from ivr.rules import values
from ivr.rules.fault import Fault, Kind
from ivr.rules.link_agents import link_agents
from ivr.rules.link_days import link_holidays, link_hours
from ivr.rules.model import (
    AnswerTarget,
    Department,
    DialledNumber,
    Hours,
    LocalDepartment,
    Menu,
    Option,
    Queue,
    RuleSet,
    Site,
    ToHangUp,
    ToVoicemail,
    Voicemail,
    WaitStep,
    WhenClosed,
)
from ivr.rules.parsed import (
    DepartmentWords,
    LocalWords,
    MenuWords,
    QueueWords,
    RulesFile,
    SiteWords,
)
from ivr.rules.references import BEFORE_A_MENU, IN_A_DEPARTMENT, IN_A_MENU, References
from ivr.rules.source import Path, Source

DEFAULT_GREETING = "voicemail"
DEFAULT_LONGEST_SECONDS = 120.0

# Stands in for a target that is missing, while the other faults are looked for.
_NO_ANSWER_TARGET = AnswerTarget(0.8, 20.0)


def link(parsed: RulesFile, source: Source, revision: str) -> tuple[RuleSet, tuple[Fault, ...]]:
    """The rule set, sound as far as there are no faults, and every fault of reference."""
    linking = _Linking(parsed, source)
    rules = linking.rules(revision)
    return rules, tuple(linking.references.faults)


class _Linking:
    """One method for each table of the file."""

    def __init__(self, parsed: RulesFile, source: Source) -> None:
        self.references = References(parsed, source)
        self._parsed = parsed
        self._source = source

    def rules(self, revision: str) -> RuleSet:
        parsed = self._parsed
        self.references.once(parsed.languages, ("languages",))
        self._not_empty(parsed.languages, ("languages",), "languages: [nb]")
        self._not_empty(parsed.numbers, ("numbers",), parsed.needed["numbers"])
        numbers = self._numbers()
        hours = link_hours(parsed, self.references)
        return RuleSet(
            revision=revision,
            file=self._source.file,
            timezone=parsed.timezone,
            languages=tuple(parsed.languages),
            numbers={number: one for number, one in numbers.items() if number is not None},
            anything_else=numbers.get(None),
            hours=hours,
            holidays=link_holidays(parsed.holidays, self.references),
            menus={name: self._menu(name, words) for name, words in parsed.menus.items()},
            sites={name: self._site(name, words) for name, words in parsed.sites.items()},
            departments={
                name: self._department(name, words, hours)
                for name, words in parsed.departments.items()
            },
            queues={name: self._queue(name, words) for name, words in parsed.queues.items()},
            agents=link_agents(parsed, self.references),
            # Last: by now every voicemail that is named has been met.
            voicemails=self._voicemails(),
        )

    def _numbers(self) -> dict[PhoneNumber | None, DialledNumber]:
        linked: dict[PhoneNumber | None, DialledNumber] = {}
        for text, words in (self._parsed.numbers or {}).items():
            path: Path = ("numbers", text)
            number = values.dialled_number(text)
            site = self.references.refer("sites", words.site, (*path, "site"))
            target = self.references.target(words.to, (*path, "to"), BEFORE_A_MENU)
            dialled = DialledNumber(number, words.name, site, target, self._source.key(path))
            earlier = linked.setdefault(number, dialled)
            if earlier is not dialled:
                message = f"{text} already stands at line {earlier.at.line}"
                hint = "keep one of the two"
                self.references.refuse(Kind.NUMBER_TWICE, path, message, hint, of_key=True)
        return linked

    def _menu(self, name: str, words: MenuWords) -> Menu:
        path: Path = ("menus", name)
        self._not_empty(words.say, (*path, "say"), words.needed["say"])
        self._not_empty(words.keys, (*path, "keys"), words.needed["keys"])
        nothing = (*path, "nothing_chosen")
        return Menu(
            name=name,
            say=tuple(words.say or ()),
            options=self._options(words, (*path, "keys")),
            wait_seconds=words.wait,
            between_seconds=words.between,
            tries=words.tries,
            no_input=words.no_input,
            no_match=words.no_match,
            barge_in=words.barge_in,
            nothing_chosen=self.references.target(words.nothing_chosen, nothing, IN_A_MENU),
            at=self._source.key(path),
        )

    def _options(self, words: MenuWords, path: Path) -> dict[str, Option]:
        options = {}
        for text, choice in (words.keys or {}).items():
            here = (*path, text)
            language = self.references.language(choice.language, (*here, "language"))
            target = self.references.target(choice.to, (*here, "to"), IN_A_MENU, language)
            key = values.menu_key(text)
            options[key] = Option(key, target, self._source.key(here))
        return options

    def _not_empty(self, found: object, path: Path, example: str) -> None:
        if found in ([], {}) and not self._source.lost_inside(path):
            message = f"{path[-1]!r} is empty"
            self.references.refuse(Kind.WORD_MISSING, path, message, f"write {example}")

    def _site(self, name: str, words: SiteWords) -> Site:
        path: Path = ("sites", name)
        departments = {}
        for department, local in words.departments.items():
            here = (*path, "departments", department)
            self.references.refer("departments", department, here, of_key=True)
            departments[department] = self._local(local, here)
        return Site(name, words.name or name, departments, self._source.key(path))

    def _local(self, words: LocalWords, path: Path) -> LocalDepartment:
        migrated_at = None
        if words.migrated:
            migrated_at = self._source.value((*path, "migrated"))
            self._check_national(str(path[-1]), (*path, "migrated"))
        target = self.references.target(words.local, (*path, "local"), IN_A_DEPARTMENT)
        return LocalDepartment(target, words.migrated, self._source.key(path), migrated_at)

    def _check_national(self, department: str, path: Path) -> None:
        words = self._parsed.departments.get(department)
        is_written = self._source.has(("departments", department, "national"))
        if words is None or (words.national is None and is_written):
            return
        if words.national is None or isinstance(words.national, ToHangUp | ToVoicemail):
            message = f"{department} is migrated here, but has no national queue"
            hint = f"write national: queue … in departments.{department}"
            self.references.refuse(Kind.MIGRATED_TO_NOWHERE, path, message, hint)

    def _department(
        self, name: str, words: DepartmentWords, hours: Mapping[str, Hours]
    ) -> Department:
        path: Path = ("departments", name)
        self.references.refer("hours", words.hours, (*path, "hours"))
        national = self.references.target(words.national, (*path, "national"), IN_A_DEPARTMENT)
        return Department(
            name=name,
            titles=self._titles(name, words.name or {}, (*path, "name")),
            hours=hours.get(words.hours or "") or Hours("", (), self._source.key(path)),
            national=national,
            closed=self._when_closed(words, (*path, "closed")),
            at=self._source.key(path),
        )

    def _titles(self, name: str, written: Mapping[str, str], path: Path) -> dict[str, str]:
        for language in written:
            if language != values.EVERY_LANGUAGE:
                self.references.language(language, (*path, language), of_key=True)
        for_all = written.get(values.EVERY_LANGUAGE) or next(iter(written.values()), name)
        return {language: written.get(language, for_all) for language in self._parsed.languages}

    def _when_closed(self, words: DepartmentWords, path: Path) -> WhenClosed:
        closed = words.closed
        to = closed.to if closed else None
        say = (closed.say if closed else None) or "closed"
        target = self.references.target(to, (*path, "to"), BEFORE_A_MENU)
        return WhenClosed(say, target, self._source.key(path))

    def _queue(self, name: str, words: QueueWords) -> Queue:
        path: Path = ("queues", name)
        steps = []
        for number, step in enumerate(words.while_waiting):
            here = (*path, "while_waiting", number)
            target = self.references.target(step.to, (*here, "to"), BEFORE_A_MENU)
            steps.append(WaitStep(step.after or 0.0, target, self._source.value(here)))
        nobody = None
        if words.nobody_logged_in is not None:
            here = (*path, "nobody_logged_in")
            nobody = self.references.target(words.nobody_logged_in, here, BEFORE_A_MENU)
        return Queue(
            name=name,
            answer=words.answer or _NO_ANSWER_TARGET,
            music=words.music,
            while_waiting=tuple(sorted(steps, key=lambda step: step.after_seconds)),
            nobody_logged_in=nobody,
            ring_seconds=words.ring_time,
            wrap_up_seconds=words.wrap_up,
            at=self._source.key(path),
        )

    def _voicemails(self) -> dict[str, Voicemail]:
        """Those listed, and one for each department or queue whose voicemail some rule names."""
        linked = {
            name: Voicemail(name, words.say, words.at_most, self._source.key(("voicemails", name)))
            for name, words in self._parsed.voicemails.items()
        }
        for name in sorted(self.references.boxes_named - linked.keys()):
            section = "departments" if name in self.references.known("departments") else "queues"
            place = self._source.key((section, name))
            linked[name] = Voicemail(name, DEFAULT_GREETING, DEFAULT_LONGEST_SECONDS, place)
        return linked
