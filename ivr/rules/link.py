"""Parsed form → RuleSet: every name resolves, or a fault says which does not and what it may have meant.

The RuleSet is made as far as it goes even where there are faults, so that the checks after it can
tell theirs in the same breath; `load` gives it out only when there are none.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from ivr.numbers import PhoneNumber
from ivr.rules import values
from ivr.rules.fault import Fault, Kind
from ivr.rules.link_agents import link_agents
from ivr.rules.link_callers import (
    link_callers,
    link_notices,
    link_postcodes,
    link_questions,
    link_site_of_call,
)
from ivr.rules.link_days import link_holidays, link_hours
from ivr.rules.link_queues import link_callback, link_phones, link_queues, link_surveys
from ivr.rules.model import (
    Department,
    DialledNumber,
    Hours,
    LocalDepartment,
    Menu,
    Option,
    RuleSet,
    Site,
    ToHangUp,
    ToVoicemail,
    Voicemail,
    WhenClosed,
)
from ivr.rules.parsed import (
    DepartmentWords,
    LocalWords,
    MenuWords,
    RulesFile,
    SiteWords,
)
from ivr.rules.references import BEFORE_A_MENU, IN_A_DEPARTMENT, IN_A_MENU, References
from ivr.rules.source import Path, Source

DEFAULT_GREETING = "voicemail"
DEFAULT_LONGEST_SECONDS = 120.0


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
        by_number = {number: one for number, one in numbers.items() if number is not None}
        sites = {name: self._site(name, words) for name, words in parsed.sites.items()}
        return RuleSet(
            revision=revision,
            file=self._source.file,
            timezone=parsed.timezone,
            languages=tuple(parsed.languages),
            numbers=by_number,
            files=self._source.included,
            callers=link_callers(parsed, self.references),
            notices=link_notices(parsed, self.references),
            site_of_call=link_site_of_call(parsed, self.references),
            postcodes=link_postcodes(parsed, self.references),
            local_until=_local_until(sites),
            anything_else=numbers.get(None),
            hours=hours,
            holidays=link_holidays(parsed.holidays, self.references),
            menus={name: self._menu(name, words) for name, words in parsed.menus.items()},
            sites=sites,
            departments={
                name: self._department(name, words, hours)
                for name, words in parsed.departments.items()
            },
            queues=link_queues(parsed, self.references),
            phones=link_phones(parsed, self.references),
            callback=link_callback(parsed, self.references, hours, by_number),
            surveys=link_surveys(parsed, self.references),
            agents=link_agents(parsed, self.references),
            # Last: by now every voicemail and every question that is named has been met.
            questions=link_questions(parsed, self.references),
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
            speech=words.speech,
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
        place = self._source.key(path)
        return Site(name, words.name or name, departments, place, tuple(words.postcodes))

    def _local(self, words: LocalWords, path: Path) -> LocalDepartment:
        migrated_at = None
        if words.migrated:
            migrated_at = self._source.value((*path, "migrated"))
            self._check_national(str(path[-1]), (*path, "migrated"))
        target = self.references.target(words.local, (*path, "local"), IN_A_DEPARTMENT)
        if words.ramp is not None and not self._source.has((*path, "migrated")):
            message = "a ramp stands here without the day on which it begins"
            here = (*path, "ramp")
            self.references.refuse(Kind.WORDS_TOGETHER, here, message, "write migrated: 2027-02-01")
        place = self._source.key(path)
        return LocalDepartment(target, words.migrated, place, migrated_at, words.ramp)

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
            words=self._words(words.words, (*path, "words")),
            first_in_line=self._lists(words.first_in_line, (*path, "first_in_line")),
        )

    def _words(self, written: Mapping[str, list[str]], path: Path) -> dict[str, tuple[str, ...]]:
        for language in written:
            self.references.language(language, (*path, language), of_key=True)
        return {language: tuple(words) for language, words in written.items()}

    def _lists(self, names: list[str], path: Path) -> tuple[str, ...]:
        for number, name in enumerate(names):
            self.references.refer("callers", name, self._source.as_written((*path, number)))
        return tuple(names)

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


def _local_until(sites: Mapping[str, Site]) -> dict[str, date]:
    """For each department with a place of its own somewhere, the last day on which the site makes a difference."""
    latest: dict[str, date] = {}
    for site in sites.values():
        for name, local in site.departments.items():
            until = _last_local_day(local)
            latest[name] = max(latest.get(name, until), until)
    return latest


def _last_local_day(local: LocalDepartment) -> date:
    if local.migrated is None:
        return date.max
    if local.ramp is None:
        return local.migrated - timedelta(days=1)
    full_after = (99 // local.ramp.percent) * local.ramp.days
    return local.migrated + timedelta(days=full_after - 1)
