"""A second, slow reading of the rules, straight from the text: what `decide` and `walk` are compared with.

It knows nothing of the parser, of the linked rules or of the graph; it only follows words, one after another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import yaml

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SWEDISH = {date(2027, 5, 16), date(2027, 5, 6), date(2027, 5, 1)}
PUBLIC = {date(2027, 5, 16), date(2027, 5, 17), date(2027, 5, 6), date(2027, 5, 1)}
"""The public holidays around the week that the tests look at (Whit Sunday and 17 May are in it)."""

ROUND = "round and round"
PATIENCE = 300


def read(text: str) -> dict[str, Any]:
    """All text, no booleans, no numbers."""
    document = yaml.load(text, Loader=yaml.BaseLoader)
    assert isinstance(document, dict)
    return document


def is_open(document: Mapping[str, Any], department: str, at: datetime) -> bool:
    """Whether a department is open; `at` is what the clock on the wall shows."""
    return elsewhere(document, document["departments"][department], department, at) is None


def elsewhere(
    document: Mapping[str, Any],
    owner: Mapping[str, Any],
    department: str,
    at: datetime,
    site: str | None = None,
) -> str | None:
    """Where calls go while a number, a menu or a department is closed; None while it is open."""
    closed = owner["closed"]["to"] if isinstance(owner["closed"], dict) else owner["closed"]
    if not _is_within_hours(document, owner["hours"], (department, site), at):
        return str(closed)
    for name, away in owner.get("breaks", {}).items():
        is_opened = _opened(document.get("holidays", {}), (department, site), at) is not None
        if not is_opened and _is_on(document["hours"][name], at):
            return str(away.get("to", closed) if isinstance(away, dict) else closed)
    return None


def _is_on(hours: Mapping[str, Any], at: datetime) -> bool:
    clock, before = f"{at:%H:%M}", at - timedelta(days=1)
    return any(_covers(span, clock, begun_today=True) for span in _spans(hours, at)) or any(
        _covers(span, clock, begun_today=False) for span in _spans(hours, before)
    )


def _is_within_hours(
    document: Mapping[str, Any], name: str, who: tuple[str, str | None], at: datetime
) -> bool:
    holidays = document.get("holidays", {})
    clock = f"{at:%H:%M}"
    opened = _opened(holidays, who, at)
    if opened is not None:
        return any(_covers(span, clock, begun_today=True) for span in opened)
    if _is_closed_at(document, who, at, clock):
        return False
    hours = document["hours"][name]
    before = at - timedelta(days=1)
    opened = _opened(holidays, who, before)
    if opened is None:
        opened = [] if _is_closed_at(document, who, before, "23:59") else _spans(hours, before)
    return any(_covers(span, clock, begun_today=True) for span in _spans(hours, at)) or any(
        _covers(span, clock, begun_today=False) for span in opened
    )


def _is_closed_at(
    document: Mapping[str, Any], who: tuple[str, str | None], day: datetime, clock: str
) -> bool:
    """Whether the calendar closes this time of a day, whatever the hours are."""
    holidays = document.get("holidays", {})
    country = document.get("sites", {}).get(who[1], {}).get("holidays", holidays.get("public"))
    if day.date() in {"Norway": PUBLIC, "Sweden": SWEDISH, None: set()}[country]:
        return True
    for period in holidays.get("closed", []):
        if _is_for(period, who) and _is_among(period, day):
            return True
    until: str = holidays.get("short_days", {}).get(f"{day:%m-%d}", "until 24:00")
    return clock >= until[len("until ") :]


def _is_for(period: Mapping[str, Any], who: tuple[str, str | None]) -> bool:
    department, site = who
    return department in period.get("departments", [department]) and site in period.get(
        "sites", [site]
    )


def _opened(
    holidays: Mapping[str, Any], who: tuple[str, str | None], at: datetime
) -> list[str] | None:
    for period in holidays.get("open", []):
        if _is_for(period, who) and _is_among(period, at):
            return _listed(period["hours"])
    return None


def _is_among(period: Mapping[str, str], at: datetime) -> bool:
    if "day" in period:
        return period["day"] in {f"{at:%Y-%m-%d}", f"{at:%m-%d}"}
    return period["from"] <= at.date().isoformat() <= period["to"]


def _spans(hours: Mapping[str, Any], at: datetime) -> list[str]:
    """What the narrowest words say for a day: a season, in it a day of the month, or the days of the week."""
    week = {days: times for days, times in hours.items() if " to " not in days}
    for days, times in hours.items():
        if " to " in days and _in_season(days, at):
            if isinstance(times, dict):
                return _spans(times, at)
            return _listed(times) if _spans(week, at) else []
    for days, times in week.items():
        if " " in days and _is_nth(days, at):
            return _listed(times)
    return [
        span
        for days, times in week.items()
        if " " not in days and at.weekday() in _weekdays(days)
        for span in _listed(times)
    ]


def _listed(times: str | list[str]) -> list[str]:
    if times == "closed":
        return []
    return [times] if isinstance(times, str) else times


def _in_season(days: str, at: datetime) -> bool:
    first, last = days.split(" to ")
    here = f"{at:%m-%d}"
    return first <= here <= last if first <= last else here >= first or here <= last


def _is_nth(days: str, at: datetime) -> bool:
    nth, day = days.split(" ")
    same = [at + timedelta(weeks=week) for week in range(-5, 6)]
    month = [one.date() for one in same if (one.year, one.month) == (at.year, at.month)]
    place = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}[nth]
    is_there = len(month) > max(place, 0) and month[place] == at.date()
    return at.weekday() == DAYS.index(day) and is_there


def _weekdays(days: str) -> list[int]:
    if days == "daily":
        return list(range(7))
    first, _, last = days.partition("-")
    return list(range(DAYS.index(first), DAYS.index(last or first) + 1))


def _covers(span: str, clock: str, *, begun_today: bool) -> bool:
    start, end = span.split("-")
    if start < end:
        return begun_today and start <= clock < end
    return clock >= start if begun_today else clock < end


@dataclass
class NaiveCall:
    """One caller, followed word by word. `met` are all places that the call came to."""

    document: Mapping[str, Any]
    at: datetime
    row: str
    signed_in: Mapping[str, int]
    waiting: Mapping[str, int]
    site: str | None = None
    language: str = "nb"
    met: set[str] = field(default_factory=set)
    trail: list[str] = field(default_factory=list)
    has_been_asked: bool = False
    waited_in: set[str] = field(default_factory=set)

    def follow(self, dialled: str) -> str:
        """Where the call ends; ROUND where it does not."""
        numbers = self.document["numbers"]
        entry = numbers.get(dialled, numbers["anything else"])
        self.site = entry.get("site")
        away = elsewhere(self.document, entry, "", self.at, self.site) if "hours" in entry else None
        place = away or entry["to"]
        for _ in range(PATIENCE):
            self.met.add(place.replace("again ", "menu "))
            kind, _, name = place.partition(" ")
            if kind in {"hangup", "voicemail"}:
                return str(place)
            following = getattr(self, f"_in_{kind}")(name)
            if following is None:
                return str(place)
            place = following
        return ROUND

    def _in_menu(self, name: str) -> str:
        menu = self.document["menus"][name]
        away = elsewhere(self.document, menu, "", self.at, self.site) if "hours" in menu else None
        return away or self._in_again(name)

    def _in_again(self, name: str) -> str:
        """Who is in a menu, and stays or turns back, is not asked for the time."""
        menu = self.document["menus"][name]
        if name in self.trail:
            del self.trail[self.trail.index(name) :]
        self.trail.append(name)
        keys = {**self.document.get("keys", {}), **menu["keys"]}
        for _ in range(int(menu["tries"])):
            key, self.row = self.row[:1], self.row[1:]
            if key in keys:
                return self._led(keys[key])
        return self._led(menu["nothing_chosen"])

    def _led(self, choice: Any) -> str:
        if isinstance(choice, dict):
            self.language = choice["language"]
            choice = choice["to"]
        if choice == "back":
            before = self.trail[-2] if len(self.trail) > 1 else self.trail[-1]
            return f"again {before}"
        return f"again {self.trail[-1]}" if choice == "repeat" else str(choice)

    def _in_department(self, name: str) -> str:
        department = self.document["departments"][name]
        may_be_asked = self.site is None and not self.has_been_asked and self._site_matters(name)
        if may_be_asked and any(
            self._is_open(name, site) for site in (None, *self._still_local(name))
        ):
            self._answer()
        here = self.site if self.site in self._still_local(name) else None
        away = elsewhere(self.document, department, name, self.at, here)
        if away is not None:
            return away
        if here is None:
            return str(department["national"])
        return str(self.document["sites"][here]["departments"][name]["local"])

    def _is_open(self, name: str, site: str | None) -> bool:
        owner = self.document["departments"][name]
        return elsewhere(self.document, owner, name, self.at, site) is None

    def _still_local(self, department: str) -> list[str]:
        return [
            name
            for name, site in self.document["sites"].items()
            if department in site["departments"]
            and not self._has_moved(site["departments"][department])
        ]

    def _site_matters(self, department: str) -> bool:
        if "site_of_call" not in self.document:
            return False
        return bool(self._still_local(department))

    def _has_moved(self, local: Mapping[str, str]) -> bool:
        """For a caller without a number, who moves with the last share."""
        if "migrated" not in local:
            return False
        last = date.fromisoformat(local["migrated"])
        share = int(local.get("ramp", "100%").split("%")[0])
        while share < 100:
            share += int(local["ramp"].split("%")[0])
            last += timedelta(days=1)
        return self.at.date() >= last

    def _answer(self) -> None:
        self.has_been_asked = True
        self.met.add("question ask")
        for _ in range(int(self.document["questions"]["ask"]["tries"])):
            digits = ""
            while len(digits) < 4 and self.row:
                key, self.row = self.row[0], self.row[1:]
                if not key.isdecimal():
                    break
                digits += key
            if len(digits) == 4:
                for name, site in self.document["sites"].items():
                    first, last = site["postcodes"].split("-")
                    if first <= digits <= last:
                        self.site = name
                return

    def _in_question(self, name: str) -> str:
        self._answer()
        return str(self.document["questions"][name]["to"])

    def _in_phone(self, _: str) -> None:
        """Somebody takes it."""

    def _in_queue(self, name: str) -> str | None:
        queue = self.document["queues"][name]
        if "at_most" in queue and self.waiting.get(name, 0) >= int(queue["at_most"].split()[0]):
            return str(queue["when_full"])
        if self.signed_in.get(name, 1):
            return None
        nobody = queue.get("nobody_logged_in", f"queue {name}")
        if nobody != f"queue {name}":
            return str(nobody)
        if name in self.waited_in:
            return None
        self.waited_in.add(name)
        for step in queue["while_waiting"]:
            if "to" in step:
                self.at += timedelta(minutes=int(step["after"][:-1]))
                return str(step["to"])
        return None
