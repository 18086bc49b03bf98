"""What a first centre is made of: frozen once the answers are right."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ivr.endpoints import RESERVED
from ivr.errors import AnswerRefused
from ivr.numbers import PhoneNumber
from ivr.rules.model import Span
from ivr.rules.values import phones, plain, recurring, times
from ivr.rules.values.plain import ValueRefused

LANGUAGES = ("nb", "en")
"""Those in which stand-ins are shipped; the first is the default's first."""

MOST_DEPARTMENTS = 5
"""Callers do not keep more choices in mind; `ivr check` warns of more."""

MOST_SITES = 40
"""A first file is to be read; more are added with an editor."""

MAIN_NUMBER = "+47 21 00 00 00"
HOURS = "mon-fri 08:00-16:00"

KNOWN_DEPARTMENTS: Mapping[str, Mapping[str, str]] = {
    "kundeservice": {"nb": "Kundeservice", "en": "Customer service"},
    "faktura": {"nb": "Faktura", "en": "Invoices"},
    "reklamasjon": {"nb": "Reklamasjon", "en": "Complaints"},
    "henting": {"nb": "Henting og levering", "en": "Pick-up and delivery"},
    "salg": {"nb": "Salg", "en": "Sales"},
    "support": {"nb": "Teknisk support", "en": "Technical support"},
    "resepsjon": {"nb": "Resepsjonen", "en": "Reception"},
    "bestilling": {"nb": "Bestilling", "en": "Orders"},
    "timebestilling": {"nb": "Timebestilling", "en": "Appointments"},
    "regnskap": {"nb": "Regnskap", "en": "Accounts"},
    "verksted": {"nb": "Verksted", "en": "Workshop"},
    "lager": {"nb": "Lager", "en": "Warehouse"},
}
"""Departments whose titles the shipped voice can say, by their name in the rules."""

_TIMEZONES = {"Norway": "Europe/Oslo"}
_NOT_IN_A_NAME = re.compile(r"[^a-zæøå0-9]+")
_ASCII = str.maketrans({"æ": "ae", "ø": "o", "å": "a"})
_LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class NewDepartment:
    """`titles` are by language; `is_spoken` where the shipped voice has a recording of them."""

    name: str
    titles: Mapping[str, str]
    is_spoken: bool


@dataclass(frozen=True, slots=True)
class NewSite:
    """A place with a number of its own."""

    name: str
    title: str
    number: PhoneNumber


@dataclass(frozen=True, slots=True)
class NewAgent:
    """Somebody who answers; `name` is the account of their phone too."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """`text` is as the rules write it: `mon-fri: 08:00-16:00`."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Centre:
    """A first centre; every name in it is one that rules may have, and none stands twice."""

    country: str
    languages: tuple[str, ...]
    number: PhoneNumber
    sites: tuple[NewSite, ...]
    departments: tuple[NewDepartment, ...]
    hours: OpeningHours
    people: tuple[NewAgent, ...]

    @property
    def timezone(self) -> str:
        return _TIMEZONES[self.country]

    def queue_of(self, site: NewSite) -> str:
        """The name of the site's own queue: the site's, unless a department's queue has it."""
        taken = {department.name for department in self.departments}
        return f"{site.name}-local" if site.name in taken else site.name


def country(text: str) -> str:
    """A country whose holidays and emergency numbers are known. Raises AnswerRefused."""
    wanted = text.strip().lower()
    for known in plain.COUNTRIES:
        if wanted in {known.lower(), plain.COUNTRIES[known].lower()}:
            return known
    raise AnswerRefused(
        f"{text.strip()!r} is not a country that is known here; so far there are: {', '.join(plain.COUNTRIES)}"
    )


def languages(texts: Sequence[str]) -> tuple[str, ...]:
    """The languages that callers are spoken to in, the first first. Raises AnswerRefused."""
    wanted = tuple(dict.fromkeys(text.strip().lower() for text in texts if text.strip()))
    for text in wanted:
        if text not in LANGUAGES:
            raise AnswerRefused(f"there are no recordings in {text!r}; {_recorded(text)}")
    if not wanted:
        raise AnswerRefused(f"one language at least; choose of {', '.join(LANGUAGES)}")
    return wanted


def _recorded(text: str) -> str:
    """Which language to choose instead."""
    meant = plain.language_meant(text)
    return (
        f"write {meant}"
        if meant in LANGUAGES
        else f"choose of {', '.join(LANGUAGES)}, and record others later"
    )


def number(text: str, taken: Sequence[PhoneNumber] = ()) -> PhoneNumber:
    """A number that callers dial and no other of the centre's. Raises AnswerRefused."""
    try:
        found = phones.dialled_number(text.strip())
    except ValueRefused as refused:
        raise AnswerRefused(_sentence(refused)) from refused
    if found is None:
        raise AnswerRefused("write a number such as +47 55 30 10 00")
    if found in taken:
        raise AnswerRefused(f"{found.spaced} is already in use; write another number")
    return found


def departments(texts: Sequence[str], spoken: Sequence[str]) -> tuple[NewDepartment, ...]:
    """One to five departments, with titles in the languages `spoken`. Raises AnswerRefused."""
    found = tuple(_department(text, spoken) for text in texts if text.strip())
    _each_once([department.name for department in found], "department")
    if not 1 <= len(found) <= MOST_DEPARTMENTS:
        raise AnswerRefused(
            f"one to {MOST_DEPARTMENTS} departments, with a comma between; callers keep no more choices in mind"
        )
    return found


def sites(
    titles: Sequence[str], numbers: Sequence[str | None], main: PhoneNumber
) -> tuple[NewSite, ...]:
    """Sites with their numbers, none equal to another or to the `main` one. Raises AnswerRefused."""
    found: list[NewSite] = []
    for title, text in zip(titles, numbers, strict=True):
        if text is None:
            raise AnswerRefused(f"{title} needs a number: --site '{title}=+47 55 30 10 00'")
        taken = [main, *(site.number for site in found)]
        found.append(NewSite(name(title), _title(title), number(text, taken)))
    return tuple(found)


def site_titles(texts: Sequence[str]) -> tuple[str, ...]:
    """What sites are called. Raises AnswerRefused."""
    titles = tuple(_title(text) for text in texts if text.strip())
    _each_once([name(title) for title in titles], "site")
    if len(titles) > MOST_SITES:
        raise AnswerRefused(f"{MOST_SITES} sites at most here; add more in the file afterwards")
    return titles


def people(texts: Sequence[str]) -> tuple[NewAgent, ...]:
    """Who answers; one at least. Raises AnswerRefused."""
    found = []
    for text in texts:
        if text.strip():
            account = name(text).translate(_ASCII)
            if account in RESERVED or len(account) > 40:
                raise AnswerRefused(
                    f"{text.strip()!r} cannot be the name of a phone; write another"
                )
            found.append(NewAgent(account, _title(text)))
    _each_once([person.name for person in found], "agent")
    if not found:
        raise AnswerRefused("one person at least, so that somebody answers")
    return tuple(found)


def hours(text: str) -> OpeningHours:
    """`mon-fri 08:00-16:00, sat 10:00-14:00`. Raises AnswerRefused."""
    found: list[tuple[str, str]] = []
    seen: set[int] = set()
    spans = []
    for part in text.replace(": ", " ").split(","):
        days, _, clock = part.strip().lower().partition(" ")
        try:
            covered = recurring.weekdays(days)
            spans.append(times.span(clock.strip()))
        except ValueRefused as refused:
            raise AnswerRefused(f"{_sentence(refused)}; such as: {HOURS}") from refused
        if seen & set(covered):
            raise AnswerRefused(
                f"a day stands twice in {text!r}; write each once, and a lunch break in the file"
            )
        seen |= set(covered)
        found.append((days, clock.strip()))
    return OpeningHours(", ".join(f"{days}: {clock}" for days, clock in found), tuple(spans))


def name(text: str) -> str:
    """What the rules call it: `Møre og Romsdal` is `møre-og-romsdal`. Raises AnswerRefused."""
    composed = unicodedata.normalize("NFC", text).strip().lower()
    plain = "".join(letter if letter in "æøå" else _without_marks(letter) for letter in composed)
    made = _NOT_IN_A_NAME.sub("-", plain).strip("-")[:40].strip("-")
    if not any(letter.isalpha() for letter in made):
        raise AnswerRefused(f"{text.strip()!r} has no letter from a to å in it; write a name")
    return made


def _department(text: str, spoken: Sequence[str]) -> NewDepartment:
    title = _title(text)
    for known, titles in KNOWN_DEPARTMENTS.items():
        if title.lower() in {known, *(one.lower() for one in titles.values())}:
            return NewDepartment(known, {one: titles[one] for one in spoken}, is_spoken=True)
    if any(letter.isdigit() for letter in title):
        raise AnswerRefused(
            f"{title!r} has a digit, which callers would take for a key; write words"
        )
    return NewDepartment(name(title), dict.fromkeys(spoken, title), is_spoken=False)


def _title(text: str) -> str:
    title = " ".join(unicodedata.normalize("NFC", text).split())
    if len(title) > _LONGEST_TITLE or not title.isprintable():
        raise AnswerRefused(f"a name is at most {_LONGEST_TITLE} letters long; write a shorter one")
    return title


def _each_once(names: Sequence[str], noun: str) -> None:
    for one in names:
        if names.count(one) > 1:
            raise AnswerRefused(f"two {noun}s would both be called {one}; write different names")


def _without_marks(letter: str) -> str:
    return "".join(
        part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part)
    )


def _sentence(refused: ValueRefused) -> str:
    return f"{refused.message}; {refused.hint}" if refused.hint else refused.message
